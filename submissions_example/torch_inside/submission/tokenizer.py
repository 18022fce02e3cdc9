def tokenize(text, vocab):
    ids = []
    longest = max(map(len, vocab), default=0)
    at = 0
    while at < len(text):
        for length in range(longest, 0, -1):
            word = text[at : at + length]
            if word in vocab:
                break
        else:
            raise ValueError(f"nothing in the vocabulary fits at position {at}")
        ids.append(vocab[word])
        at += len(word)
    return ids


def detokenize(ids, vocab):
    inverse = dict((number, word) for word, number in vocab.items())
    return "".join(inverse[int(number)] for number in ids)
