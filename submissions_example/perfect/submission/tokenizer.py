def tokenize(text, vocab):
    """Greedy longest match. vocab maps strings to ids."""
    # longest first, then the first hit is the longest match
    entries = sorted((entry for entry in vocab if entry), key=len, reverse=True)
    ids = []
    position = 0
    while position < len(text):
        for entry in entries:
            if text.startswith(entry, position):
                ids.append(vocab[entry])
                position += len(entry)
                break
        else:
            raise ValueError("no vocabulary entry fits %r" % text[position : position + 20])
    return ids


def detokenize(ids, vocab):
    words = {number: word for word, number in vocab.items()}
    return "".join(words[i] for i in ids)
