import json
import os

# default vocabulary from the notebook
with open(os.path.join(os.path.dirname(__file__), "datasets/vocab.json")) as f:
    VOCAB = json.load(f)


def tokenize(text, vocab=VOCAB):
    ids = []
    rest = text
    while rest:
        best = ""
        for word in vocab:
            if rest.startswith(word) and len(word) > len(best):
                best = word
        if best == "":
            raise ValueError("no token for: " + rest)
        ids.append(vocab[best])
        rest = rest[len(best) :]
    return ids


def detokenize(ids, vocab=VOCAB):
    id_to_word = {vocab[word]: word for word in vocab}
    out = []
    for i in ids:
        out.append(id_to_word[i])
    return "".join(out)
