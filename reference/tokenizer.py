"""A greedy subword tokenizer, and the way back from token ids to text.

A vocabulary is a dict from token (str) to id (int), in any order; every token has an id of its own.
"""


def tokenize(text, vocab):
    """Greedy longest match: at each place the longest vocabulary entry that the rest of the text starts with.

    text: a str, in which a space is a character like any other; vocab: a dict from token to id.
    Returns the ids, a list of int, empty for the empty text.
    Raises ValueError, which names the position, where no vocabulary entry fits.
    Source: exam 5.1 and 5.3.
    """
    ids, position = [], 0
    while position < len(text):
        # The empty token would fit everywhere and never get us any further.
        fitting = [token for token in vocab if token and text.startswith(token, position)]
        if not fitting:
            raise ValueError(
                f"no vocabulary entry fits at position {position}, where the text goes on with "
                f"{text[position : position + 20]!r}"
            )
        longest = max(fitting, key=len)
        ids.append(vocab[longest])
        position += len(longest)
    return ids


def detokenize(ids, vocab):
    """The text that token ids stand for: detokenize(tokenize(text, vocab), vocab) == text.

    ids: a sequence of int; vocab: a dict from token to id, each id used once.
    Returns the text, a str, empty where there are no ids.
    Raises KeyError for an id that is not in the vocabulary.
    Source: exam 5.1 and 5.3.
    """
    token_of = {token_id: token for token, token_id in vocab.items()}
    return "".join(token_of[token_id] for token_id in ids)
