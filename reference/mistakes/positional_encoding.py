"""Known mistakes in the sinusoidal positional encoding."""

import math

import numpy as np

from autograder.mistake import mistake_of


def _angles(T, exponents, base=10000.0, first=0):
    return np.arange(first, first + T)[:, None] / base**exponents


def _even_index(d):
    return np.arange(d) // 2 * 2


def _sine_in_even_columns(angles):
    return np.where(np.arange(angles.shape[1]) % 2 == 0, np.sin(angles), np.cos(angles))


@mistake_of(
    "positional_encoding",
    says="all sines come first and all cosines after them",
    remedy="let sines and cosines take turns: even columns sine, odd columns cosine",
)
def positional_encoding_in_two_halves(T, d):
    angles = _angles(T, np.arange(0, d, 2) / d)
    return np.concatenate((np.sin(angles), np.cos(angles)[:, : d // 2]), axis=1)


@mistake_of(
    "positional_encoding",
    says="sine and cosine are swapped",
    remedy="use the sine in even columns, starting with column 0, and the cosine in odd ones",
)
def positional_encoding_with_sine_and_cosine_swapped(T, d):
    angles = _angles(T, _even_index(d) / d)
    return np.where(np.arange(d) % 2 == 0, np.cos(angles), np.sin(angles))


@mistake_of(
    "positional_encoding",
    says="the exponent is 2i/d where i is already the even column's index, so that it is twice too large",
    remedy="use i/d with the even column i, or 2k/d with the pair's number k, not both",
)
def positional_encoding_with_the_exponent_doubled(T, d):
    return _sine_in_even_columns(_angles(T, 2 * _even_index(d) / d))


@mistake_of(
    "positional_encoding",
    says="the exponent counts pairs of columns rather than columns, so that it is half of what it should be",
    remedy="put the even column's own index into i/d: 0, 2, 4 and so on",
)
def positional_encoding_with_the_exponent_halved(T, d):
    return _sine_in_even_columns(_angles(T, np.arange(d) // 2 / d))


@mistake_of(
    "positional_encoding",
    says="odd columns use an angle of their own rather than that of the even column before them",
    remedy="give the sine and the cosine of a pair the same angle",
)
def positional_encoding_with_an_angle_for_every_column(T, d):
    return _sine_in_even_columns(_angles(T, np.arange(d) / d))


@mistake_of(
    "positional_encoding",
    says="the exponent is spread so that it reaches 1 in the last pair of columns",
    remedy="divide the column's index by d itself",
)
def positional_encoding_with_an_exponent_that_reaches_one(T, d):
    return _sine_in_even_columns(_angles(T, _even_index(d) / max(d - 2, 1)))


@mistake_of(
    "positional_encoding",
    says="the base is 1000 rather than 10000",
    remedy="count the zeros of the base: ten thousand has four",
)
def positional_encoding_with_base_1000(T, d):
    return _sine_in_even_columns(_angles(T, _even_index(d) / d, base=1000.0))


@mistake_of(
    "positional_encoding",
    says="the logarithm of 10000 to base 10 is used inside an exponential to base e",
    remedy="use the natural logarithm with exp, or write the power of 10000 directly",
)
def positional_encoding_with_the_logarithm_to_base_10(T, d):
    return _sine_in_even_columns(_angles(T, _even_index(d) / d, base=math.exp(math.log10(10000))))


@mistake_of(
    "positional_encoding",
    says="positions are multiplied by the power of 10000 rather than divided by it",
    remedy="divide, so that later columns change more slowly",
)
def positional_encoding_with_growing_frequencies(T, d):
    return _sine_in_even_columns(_angles(T, -_even_index(d) / d))


@mistake_of(
    "positional_encoding",
    says="positions are counted from 1",
    remedy="count positions from 0: the first row is 0, 1, 0, 1 and so on",
)
def positional_encoding_from_position_1(T, d):
    return _sine_in_even_columns(_angles(T, _even_index(d) / d, first=1))


@mistake_of(
    "positional_encoding",
    says="every column is a sine",
    remedy="use the cosine in odd columns",
)
def positional_encoding_of_sines_alone(T, d):
    return np.sin(_angles(T, _even_index(d) / d))


@mistake_of(
    "positional_encoding",
    says="sine and cosine depend on whether the position is even rather than the column",
    remedy="let the column decide between sine and cosine",
)
def positional_encoding_with_the_position_deciding(T, d):
    angles = _angles(T, _even_index(d) / d)
    return np.where(np.arange(T)[:, None] % 2 == 0, np.sin(angles), np.cos(angles))
