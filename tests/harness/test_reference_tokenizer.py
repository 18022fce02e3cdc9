"""The answer key's tokenizer gives the exam's answers, agrees with a brute force, and loses no character."""

from __future__ import annotations

import re

import pytest

from reference.tokenizer import detokenize, tokenize
from tests.harness.torch_oracle import assert_unchanged, generator

SENTENCE = "The dog that chased the dog was tired."
TOKENS_OF_EXAM_5_1 = [" ", "The ", "dog ", "dog", "that", "chased", "the", "dog.", "was", "tired", "."]
EXAM_5_1 = {token: number for number, token in enumerate(TOKENS_OF_EXAM_5_1, start=1)}
EXAM_5_3 = {" dog" if token == "dog" else token: number for token, number in EXAM_5_1.items()}


def test_the_first_vocabulary_of_the_exam_gives_the_printed_answer():
    assert tokenize(SENTENCE, EXAM_5_1) == [2, 3, 5, 1, 6, 1, 7, 1, 3, 9, 1, 10, 11]


def test_the_second_vocabulary_of_the_exam_gives_the_answer_that_keeps_every_space():
    assert tokenize(SENTENCE, EXAM_5_3) == [2, 3, 5, 1, 6, 1, 7, 4, 1, 9, 1, 10, 11]
    printed = [2, 3, 5, 1, 6, 1, 7, 4, 9, 1, 10, 11]
    assert detokenize(printed, EXAM_5_3) == "The dog that chased the dogwas tired."


def test_the_longest_match_wins_over_the_first():
    assert tokenize("hello", {"he": 1, "hello": 2, "llo": 3}) == [2]


def test_greed_never_looks_ahead():
    assert tokenize("abcd", {"a": 1, "ab": 2, "bcd": 3, "c": 4, "d": 5}) == [2, 4, 5]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_vocabulary_does_not_matter(order):
    reordered = dict(list(EXAM_5_1.items())[::order])
    assert tokenize(SENTENCE, reordered) == [2, 3, 5, 1, 6, 1, 7, 1, 3, 9, 1, 10, 11]


def random_text(rng, alphabet: str, length: int) -> str:
    return "".join(rng.choice(list(alphabet), size=length))


def random_vocabulary(rng, alphabet: str) -> dict[str, int]:
    tokens = {random_text(rng, alphabet, rng.integers(1, 6)) for _ in range(rng.integers(1, 15))}
    return dict(zip(sorted(tokens), rng.permutation(1000).tolist(), strict=False))


def brute_force(text: str, vocab: dict[str, int]) -> tuple[list[int], int]:
    """The ids, and the position reached, from a regular expression that tries longer tokens first."""
    longest_first = sorted(vocab, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    ids, position = [], 0
    while match := pattern.match(text, position):
        ids.append(vocab[match.group()])
        position = match.end()
    return ids, position


@pytest.mark.parametrize("alphabet", ["ab", "ab .", "aé日🙂"])
def test_random_vocabularies_agree_with_a_brute_force_in_ids_and_in_the_place_of_errors(alphabet):
    rng = generator(len(alphabet))
    complete = incomplete = 0
    for _ in range(300):
        vocab, text = random_vocabulary(rng, alphabet), random_text(rng, alphabet, rng.integers(0, 12))
        ids, reached = brute_force(text, vocab)
        if reached == len(text):
            assert tokenize(text, vocab) == ids
            assert detokenize(ids, vocab) == text
            complete += 1
        else:
            with pytest.raises(ValueError, match=rf"position {reached}\b"):
                tokenize(text, vocab)
            incomplete += 1
    assert min(complete, incomplete) > 30


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "  two  spaces ",
        "tab\tand\nnew line",
        "Straße",
        "e\u0301 is not é",
        "日本語",
        "🙂👩‍👩‍👧",
        "\x00 .*[(",
    ],
)
def test_every_text_survives_the_round_trip(text):
    vocab = {token: number for number, token in enumerate(sorted({*text, *text.split(), text[1:3]} - {""}))}
    ids = assert_unchanged(tokenize, text, vocab)
    assert assert_unchanged(detokenize, ids, vocab) == text


def test_the_empty_text_has_no_tokens_even_without_a_vocabulary():
    assert tokenize("", {}) == []
    assert detokenize([], {}) == ""


def test_the_empty_token_is_never_used():
    assert tokenize("ab", {"": 0, "a": 1, "b": 2}) == [1, 2]
    with pytest.raises(ValueError, match="position 1"):
        tokenize("ac", {"": 0, "a": 1})


@pytest.mark.parametrize(
    ("text", "position"), [("cat", 0), ("The dog barks", 8), ("the  dogs", 8), ("The Dog", 4)]
)
def test_text_that_no_entry_fits_is_an_error_that_names_its_position(text, position):
    with pytest.raises(ValueError, match=rf"position {position}\b"):
        tokenize(text, EXAM_5_1)


@pytest.mark.parametrize("ids", [[12], [2, 0], [1, -1]])
def test_an_unknown_id_is_a_key_error(ids):
    with pytest.raises(KeyError):
        detokenize(ids, EXAM_5_1)
