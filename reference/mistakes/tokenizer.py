"""Known mistakes in greedy tokenization."""

import math

from autograder.mistake import mistake_of

from ..tokenizer import tokenize


def _longest(fitting):
    return max(fitting, key=len)


def _scan(text, vocab, choose=_longest, step=len, unknown=None, emit=lambda token, vocab: [vocab[token]]):
    """The greedy loop; `choose` a fitting token, `step` on, `emit` its ids.

    unknown: the ids for a character that nothing fits; where it is None, that is a ValueError.
    """
    ids, position = [], 0
    while position < len(text):
        fitting = [token for token in vocab if token and text.startswith(token, position)]
        if fitting:
            token = choose(fitting)
            ids += emit(token, vocab)
            position += step(token)
        elif unknown is None:
            raise ValueError(f"nothing fits at position {position}")
        else:
            ids += unknown
            position += 1
    return ids


@mistake_of(
    "tokenize",
    says="the first entry of the vocabulary that fits is taken, whatever its length",
    remedy="compare all entries that fit and take the longest: the vocabulary has no order that counts",
)
def tokenize_first_entry_that_fits(text, vocab):
    return _scan(text, vocab, choose=lambda fitting: fitting[0])


@mistake_of(
    "tokenize",
    says="the fitting entry with the smallest id is taken",
    remedy="take the longest entry that fits: ids are names, not priorities",
)
def tokenize_smallest_id(text, vocab):
    return _scan(text, vocab, choose=lambda fitting: min(fitting, key=vocab.get))


@mistake_of(
    "tokenize",
    says="the shortest entry that fits is taken",
    remedy="take the longest entry that fits at each place",
)
def tokenize_shortest_match(text, vocab):
    return _scan(text, vocab, choose=lambda fitting: min(fitting, key=len))


@mistake_of(
    "tokenize",
    says="the longest entry of the vocabulary is never tried",
    remedy="check where your range of lengths ends: the greatest length belongs to it",
)
def tokenize_without_the_greatest_length(text, vocab):
    greatest = max(map(len, vocab), default=0)
    return _scan(text, {token: token_id for token, token_id in vocab.items() if len(token) < greatest})


@mistake_of(
    "tokenize",
    says="a space that is a token of its own is left out",
    remedy="emit the id of a space like any other: a space is a character too",
)
def tokenize_lone_spaces_dropped(text, vocab):
    return _scan(text, vocab, emit=lambda token, vocab: [] if token == " " else [vocab[token]])


@mistake_of(
    "tokenize",
    says="all spaces are taken out of the text first",
    remedy="leave the text as it is: spaces belong to the tokens",
)
def tokenize_spaces_removed_first(text, vocab):
    return tokenize(text.replace(" ", ""), vocab)


@mistake_of(
    "tokenize",
    says="the text is split into words at its spaces, which are then lost",
    remedy="walk through the text as one string: a token may hold a space or be one",
)
def tokenize_word_by_word(text, vocab):
    return [token_id for word in text.split() for token_id in tokenize(word, vocab)]


@mistake_of(
    "tokenize",
    says="spaces at the beginning and the end of the text are cut off",
    remedy="keep every character of the text, spaces at its ends included",
)
def tokenize_text_stripped(text, vocab):
    return tokenize(text.strip(), vocab)


@mistake_of(
    "tokenize",
    says="the space that follows a token which itself begins with a space is lost",
    remedy='look at what is left after each token: after " dog" the rest still begins with a space',
)
def tokenize_space_lost_after_a_token_with_a_space(text, vocab):
    carriers = [token for token in vocab if len(token) > 1 and token.startswith(" ")]
    vocab = vocab | {f"{token} ": vocab[token] for token in carriers if f"{token} " not in vocab}
    return tokenize(text, vocab)


@mistake_of(
    "tokenize",
    says="the text is turned into lower case first",
    remedy="compare characters as they are: a capital letter is a character of its own",
)
def tokenize_in_lower_case(text, vocab):
    return tokenize(text.lower(), vocab)


@mistake_of(
    "tokenize",
    says="text that no entry fits is skipped in silence",
    remedy="raise a ValueError where no entry fits",
)
def tokenize_unknown_text_skipped(text, vocab):
    return _scan(text, vocab, unknown=[])


@mistake_of(
    "tokenize",
    says="unknown text becomes the id 0",
    remedy="raise a ValueError where no entry fits: this vocabulary has no id for unknown text",
)
def tokenize_unknown_text_as_id_0(text, vocab):
    return _scan(text, vocab, unknown=[0])


@mistake_of(
    "tokenize",
    says="the loop ends where no entry fits, and the ids so far are returned",
    remedy="raise a ValueError where no entry fits, so that nothing is lost unnoticed",
)
def tokenize_stops_at_unknown_text(text, vocab):
    ids, position = [], 0
    while fitting := [token for token in vocab if token and text.startswith(token, position)]:
        ids.append(vocab[_longest(fitting)])
        position += len(_longest(fitting))
    return ids


@mistake_of(
    "tokenize",
    says="the empty text counts as an error",
    remedy="return an empty list for the empty text: nothing of it is unknown",
)
def tokenize_empty_text_refused(text, vocab):
    if not text:
        raise ValueError("nothing to tokenize")
    return tokenize(text, vocab)


@mistake_of(
    "tokenize",
    says="unknown text raises a KeyError",
    remedy="raise a ValueError where no entry fits",
)
def tokenize_key_error_for_unknown_text(text, vocab):
    try:
        return tokenize(text, vocab)
    except ValueError as error:
        raise KeyError(str(error)) from error


@mistake_of(
    "tokenize",
    says="the text moves on by one character after each match rather than by the length of the token",
    remedy="go on behind the end of the token that you found",
)
def tokenize_one_character_at_a_time(text, vocab):
    return _scan(text, vocab, step=lambda token: 1)


@mistake_of(
    "tokenize",
    says="the longest entry found anywhere in the text is cut out first, rather than working from the left",
    remedy="start at the beginning of the text and look only at entries that fit there",
)
def tokenize_longest_entry_anywhere_first(text, vocab):
    if not text:
        return []
    inside = [token for token in vocab if token and token in text]
    if not inside:
        raise ValueError("nothing fits")
    before, token, after = text.partition(_longest(inside))
    left, right = (tokenize_longest_entry_anywhere_first(part, vocab) for part in (before, after))
    return [*left, vocab[token], *right]


@mistake_of(
    "tokenize",
    says="the ids are those of the fewest tokens that make up the text, rather than of the greedy match",
    remedy="decide at each place for the longest entry that fits, and do not look back",
)
def tokenize_fewest_tokens(text, vocab):
    best = [(0, [])]
    for end in range(1, len(text) + 1):
        ways = [
            (best[end - len(token)][0] + 1, [*best[end - len(token)][1], vocab[token]])
            for token in vocab
            if token and text.endswith(token, 0, end) and len(token) <= end
        ]
        best.append(min(ways, default=(math.inf, [])))
    if best[-1][0] == math.inf:
        raise ValueError("nothing fits")
    return best[-1][1]


@mistake_of(
    "tokenize",
    says="the text is matched from its end, taking the longest entry that ends there",
    remedy="begin at the start of the text, and take the longest entry that begins where the last one ended",
)
def tokenize_from_the_right(text, vocab):
    backwards = {token[::-1]: token_id for token, token_id in vocab.items()}
    return _scan(text[::-1], backwards)[::-1]


@mistake_of(
    "tokenize",
    says="the tokens themselves are returned, not their ids",
    remedy="look up each token's id in the vocabulary",
)
def tokenize_tokens_for_ids(text, vocab):
    return _scan(text, vocab, emit=lambda token, vocab: [token])


@mistake_of(
    "tokenize",
    says="a token that comes again is not emitted again",
    remedy="emit an id for every token of the text, as often as it occurs",
)
def tokenize_each_token_once(text, vocab):
    return list(dict.fromkeys(tokenize(text, vocab)))
