"""Known mistakes on the way back from token ids to text."""

from autograder.mistake import mistake_of


def _tokens(ids, vocab):
    token_of = {token_id: token for token, token_id in vocab.items()}
    return [token_of[token_id] for token_id in ids]


@mistake_of(
    "detokenize",
    says="the tokens are joined with spaces between them",
    remedy="join the tokens as they are: they hold their spaces already",
)
def detokenize_joined_with_spaces(ids, vocab):
    return " ".join(_tokens(ids, vocab))


@mistake_of(
    "detokenize",
    says="each token loses the spaces at its ends, and one space stands between every two tokens",
    remedy="join the tokens as they are, with the spaces that they hold",
)
def detokenize_with_spaces_made_anew(ids, vocab):
    return " ".join(token.strip() for token in _tokens(ids, vocab))


@mistake_of(
    "detokenize",
    says="spaces at the beginning and the end of the text are cut off",
    remedy="return the joined tokens as they are",
)
def detokenize_stripped(ids, vocab):
    return "".join(_tokens(ids, vocab)).strip()


@mistake_of(
    "detokenize",
    says="an id that is not in the vocabulary is skipped in silence",
    remedy="raise a KeyError for an unknown id",
)
def detokenize_unknown_id_skipped(ids, vocab):
    return "".join(_tokens([token_id for token_id in ids if token_id in vocab.values()], vocab))


@mistake_of(
    "detokenize",
    says="an id that is not in the vocabulary becomes a placeholder",
    remedy="raise a KeyError for an unknown id",
)
def detokenize_unknown_id_as_placeholder(ids, vocab):
    token_of = {token_id: token for token, token_id in vocab.items()}
    return "".join(token_of.get(token_id, "<unk>") for token_id in ids)


@mistake_of(
    "detokenize",
    says="an unknown id raises a ValueError",
    remedy="raise a KeyError for an unknown id, as a dictionary does",
)
def detokenize_value_error_for_unknown_id(ids, vocab):
    try:
        return "".join(_tokens(ids, vocab))
    except KeyError as error:
        raise ValueError(f"unknown id {error}") from error


@mistake_of(
    "detokenize",
    says="an id is taken for a place in the vocabulary, counted from 1",
    remedy="look for the token that has this id: ids need not follow the vocabulary's order",
)
def detokenize_ids_as_places_from_1(ids, vocab):
    return "".join(list(vocab)[token_id - 1] for token_id in ids)


@mistake_of(
    "detokenize",
    says="an id is taken for a place in the vocabulary, counted from 0",
    remedy="look for the token that has this id: ids need not follow the vocabulary's order",
)
def detokenize_ids_as_places_from_0(ids, vocab):
    return "".join(list(vocab)[token_id] for token_id in ids)


@mistake_of(
    "detokenize",
    says="the tokens are returned as a list rather than as one text",
    remedy="join the tokens into one string",
)
def detokenize_as_a_list(ids, vocab):
    return _tokens(ids, vocab)
