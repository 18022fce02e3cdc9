def tokenize(text, vocab):
    ids = []
    start = 0
    while start < len(text):
        # try the longest piece first and make it shorter and shorter
        end = len(text)
        while end > start:
            piece = text[start:end]
            if piece in vocab:
                break
            end -= 1
        if end == start:
            raise ValueError("cannot tokenize at position " + str(start))
        ids.append(vocab[piece])
        start = end
    return ids


def detokenize(ids, vocab):
    text = ""
    for number in ids:
        found = None
        for word in vocab:
            if vocab[word] == number:
                found = word
        if found is None:
            raise KeyError(number)
        text += found
    return text
