"""compare.py: what counts as equal, what does not, and that the place of a difference is right."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.compare import TOLERANCES, compare, precision_of
from autograder.difference import (
    Missing,
    MissingKeys,
    NotFinite,
    Tolerance,
    WrongCount,
    WrongSequence,
    WrongShape,
    WrongText,
    WrongType,
    WrongValues,
)
from autograder.errors import AssignmentError
from autograder.values import Opaque
from reference import layers, rnn_layers

# The same examples on every run, and no clock.
steady = settings(derandomize=True, deadline=None)

SHAPES = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
FILLED_SHAPES = npst.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=4)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
ORDINARY = st.floats(-1e6, 1e6)
VECTOR = np.array([1.5, -2.0, 3.0])


def generator(seed):
    return np.random.default_rng([2025, seed])


def arrays(shapes=SHAPES, elements=FINITE):
    return npst.arrays(np.float64, shapes, elements=elements)


# --- What agrees ---


@steady
@given(arrays(elements=st.floats(allow_nan=False)))
def test_every_array_equals_itself(array):
    assert compare(array, array.copy()) is None


@steady
@given(arrays())
def test_every_array_equals_its_list_of_the_same_shape(array):
    if np.asarray(array.tolist()).shape == array.shape:
        assert compare(array.tolist(), array) is None


@steady
@given(arrays(elements=st.floats(-1e30, 1e30)))
def test_rounding_to_float32_is_forgiven(array):
    assert compare(array.astype(np.float32), array) is None


@pytest.mark.parametrize(
    "actual",
    [
        3.0,
        3,
        np.float64(3),
        np.int64(3),
        np.float32(3),
        np.array(3.0),
        np.array([3.0]),
        np.array([[3]]),
        [3.0],
    ],
)
def test_one_number_may_come_as_any_number_or_one_element_array(actual):
    assert compare(actual, 3.0) is None
    assert compare(actual, np.float64(3.0)) is None
    assert compare(actual, np.array(3.0)) is None


@pytest.mark.parametrize("actual", [[1.5, -2, 3], (1.5, -2.0, 3.0), [np.array(1.5), np.array(-2.0), 3.0]])
def test_a_list_or_tuple_of_numbers_counts_as_an_array(actual):
    assert compare(actual, VECTOR) is None


def test_integers_count_as_floats_of_the_same_value():
    assert compare(np.array([1, 2, 3]), np.array([1.0, 2.0, 3.0])) is None


@pytest.mark.parametrize("actual", [7, np.int32(7), np.array(7), np.array([7])])
def test_a_whole_number_may_come_as_any_integer(actual):
    assert compare(actual, 7) is None


@pytest.mark.parametrize("dtype", [bool, np.int64, np.uint8])
def test_a_mask_may_hold_booleans_or_zeros_and_ones(dtype):
    mask = np.tril(np.ones((3, 3), bool))
    assert compare(mask.astype(dtype), mask) is None


def test_infinity_equals_infinity_of_the_same_sign():
    assert compare([np.inf, -np.inf, 1.0], np.array([np.inf, -np.inf, 1.0])) is None


def test_a_dictionary_may_have_more_keys_than_expected():
    assert compare({"z1": 1.0, "a1": 2.0, "note": "mine"}, {"z1": 1.0, "a1": 2.0}) is None


@pytest.mark.parametrize("actual", [(3, 4), [3, 4], np.array([3, 4]), (np.int64(3), np.array(4))])
def test_a_tuple_may_come_as_whatever_unpacks_to_the_same_values(actual):
    assert compare(actual, (3, 4)) is None


def test_a_cache_in_the_expected_tuple_agrees_with_anything():
    assert compare((VECTOR, None), (VECTOR, Opaque("tuple"))) is None
    assert compare((VECTOR, Opaque("dict")), (VECTOR, Opaque("tuple"))) is None


@pytest.mark.parametrize("actual", [[1, 5, 2], (1, 5, 2), np.array([1, 5, 2]), [np.array(1), np.int64(5), 2]])
def test_a_token_list_may_be_any_sequence_of_integers(actual):
    assert compare(actual, [1, 5, 2]) is None


def test_no_tokens_equal_no_tokens():
    assert compare([], []) is None
    assert compare(np.array([]), []) is None


def test_an_array_without_elements_equals_one_of_the_same_shape_only():
    assert compare(np.zeros((0, 3)), np.zeros((0, 3))) is None
    assert compare(np.zeros((0, 2)), np.zeros((0, 3))) == WrongShape((), (0, 2), (0, 3))


def test_views_and_read_only_and_non_contiguous_arrays_are_accepted():
    array = np.arange(12.0).reshape(3, 4)
    view = np.asfortranarray(array)[::-1][::-1]
    view.flags.writeable = False
    assert compare(view, array) is None


# --- Kind and shape ---


@steady
@given(arrays(FILLED_SHAPES), npst.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3))
def test_an_empty_array_never_equals_anything_with_elements(expected, shape):
    empty = np.zeros((0, *shape))
    assert compare(empty, expected) == WrongShape((), empty.shape, expected.shape)


def test_an_empty_list_never_equals_a_number():
    assert compare([], 3.0) == WrongShape((), (0,), ())


@steady
@given(arrays(), arrays())
def test_nothing_is_broadcast(actual, expected):
    if actual.shape != expected.shape and not (expected.ndim == 0 and actual.size == 1):
        assert compare(actual, expected) == WrongShape((), actual.shape, expected.shape)


def test_a_row_is_no_vector():
    assert compare(VECTOR[None], VECTOR) == WrongShape((), (1, 3), (3,))


def test_a_row_is_accepted_where_a_loose_shape_is_asked_for():
    running = {"running_mean": VECTOR}
    assert compare({"running_mean": VECTOR[None]}, running, loose_shape=True) is None
    column = compare({"running_mean": VECTOR[:, None]}, running, loose_shape=True)
    assert column == WrongShape(("running_mean",), (3, 1), (3,))


def test_a_loose_shape_still_compares_the_values():
    difference = compare(VECTOR[None] + 1, VECTOR, loose_shape=True)
    assert isinstance(difference, WrongValues)


def test_a_number_is_no_array_of_one_element():
    assert compare(3.0, np.array([3.0])) == WrongShape((), (), (1,))


def test_losses_of_every_row_are_no_loss():
    assert compare(np.array([1.0, 2.0]), 3.0) == WrongShape((), (2,), ())


@pytest.mark.parametrize(
    ("actual", "type_name"),
    [
        ("1.5", "str"),
        (1 + 0j, "complex"),
        (Opaque("Tensor"), "Tensor"),
        ({"a": 1}, "dict"),
        ([1.0, "2", 3.0], "list"),
        ([[1.0], [2.0, 3.0]], "list"),
        ([1.0, None], "list"),
        ([1.0, Opaque("function")], "list"),
        (np.array(["a", "b"]), "str32 array"),
        (np.array([1j, 2j]), "complex128 array"),
        (np.array([None, 1]), "object array"),
    ],
)
@pytest.mark.parametrize(("expected", "kind"), [(VECTOR, "array"), (3.0, "number")])
def test_what_is_not_made_of_numbers_is_a_wrong_type(actual, type_name, expected, kind):
    assert compare(actual, expected) == WrongType((), type_name, kind)


def test_a_list_of_something_that_refuses_conversion_is_a_wrong_type():
    class Refusing:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("no")

    assert compare([Refusing()], VECTOR) == WrongType((), "list", "array")


def test_booleans_are_no_numbers():
    assert compare(True, 1.0) == WrongType((), "bool", "number")
    assert compare(True, 1) == WrongType((), "bool", "integer")
    assert compare(np.ones(3, bool), np.ones(3)) == WrongType((), "bool array", "array")
    assert compare(np.array(True), 1.0) == WrongType((), "bool", "number")


def test_a_float_is_no_whole_number():
    assert compare(7.0, 7) == WrongType((), "float", "integer")


def test_a_float_mask_is_no_mask():
    mask = np.tril(np.ones((3, 3), bool))
    assert compare(mask.astype(float), mask) == WrongType((), "float64 array", "mask")


def test_none_is_missing_whatever_is_expected():
    for expected in (3.0, 3, True, VECTOR, "text", [1, 2], (1.0, 2.0), {"a": 1.0}):
        assert compare(None, expected, path=("dw",)) == Missing(("dw",))


def test_something_where_none_is_expected_is_a_wrong_type():
    assert compare(None, None) is None
    assert compare({}, None) == WrongType((), "dict", "None")


# --- NaN and infinity ---


@steady
@given(arrays(FILLED_SHAPES), st.data(), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_nan_and_infinity_never_pass_and_their_place_is_found(expected, data, value):
    index = tuple(data.draw(st.integers(0, n - 1)) for n in expected.shape)
    actual = expected.copy()
    actual[index] = value
    difference = compare(actual, expected)
    assert difference == NotFinite((), 1, expected.size, index, nans=int(math.isnan(value)))


def test_infinity_of_the_other_sign_is_reported():
    assert compare(np.array([1.0, -np.inf]), np.array([1.0, np.inf])) == NotFinite((), 1, 2, (1,), nans=0)


def test_a_number_where_infinity_is_expected_is_wrong():
    difference = compare(np.array([5.0, 1e308]), np.array([5.0, np.inf]))
    assert isinstance(difference, WrongValues)
    assert (difference.count, difference.worst_index, difference.max_abs) == (1, (1,), np.inf)


@pytest.mark.parametrize("expected", [np.nan, np.array([1.0, np.nan]), 1j, object(), np.array(["a"])])
def test_an_expected_value_that_cannot_be_compared_is_our_fault(expected):
    with pytest.raises(AssignmentError, match="key gave"):
        compare(1.0, expected)


def test_a_cache_alone_cannot_be_compared():
    with pytest.raises(AssignmentError, match="cannot be compared"):
        compare(1.0, Opaque("cache"))


# --- Values and tolerances ---


@steady
@given(arrays(FILLED_SHAPES, ORDINARY), st.data(), st.sampled_from([np.float64, np.float32]))
def test_one_number_beyond_the_tolerance_is_found_at_its_place(expected, data, dtype):
    index = tuple(data.draw(st.integers(0, n - 1)) for n in expected.shape)
    actual = expected.astype(dtype)
    actual[index] += 1 + 0.01 * np.abs(expected).max()
    difference = compare(actual, expected)
    assert isinstance(difference, WrongValues)
    assert (difference.count, difference.total) == (1, expected.size)
    assert difference.first_index == difference.worst_index == index
    assert difference.actual_at_worst == actual[index]
    assert difference.expected_at_worst == expected[index]
    assert difference.precision == np.dtype(dtype).name


@steady
@given(FILLED_SHAPES, st.data())
def test_two_arrays_of_any_finite_numbers_can_be_compared(shape, data):
    actual, expected = (data.draw(npst.arrays(np.float64, shape, elements=FINITE)) for _ in range(2))
    difference = compare(actual, expected)
    assert difference is None or isinstance(difference, WrongValues)


def test_first_and_worst_place_and_magnitudes_are_reported():
    expected = np.array([[1.0, 2.0, 4.0], [0.0, 1.0, 8.0]])
    actual = expected + np.array([[0, 0.5, 0], [0.25, 0, -2.0]])
    difference = compare(actual, expected, path=("dx",))
    assert isinstance(difference, WrongValues)
    assert difference.path == ("dx",)
    assert (difference.count, difference.total) == (3, 6)
    assert (difference.first_index, difference.worst_index) == ((0, 1), (1, 2))
    assert (difference.actual_at_worst, difference.expected_at_worst) == (6.0, 8.0)
    assert (difference.max_abs, difference.max_rel, difference.relative) == (2.0, 0.25, 0.25)
    assert difference.tolerance == TOLERANCES["float64"]


def test_anything_but_zero_is_infinitely_wrong_relative_to_zero():
    difference = compare(np.array([0.0, 0.5]), np.zeros(2))
    assert isinstance(difference, WrongValues)
    assert (difference.max_rel, difference.relative) == (np.inf, np.inf)


def test_the_rounding_of_large_numbers_is_forgiven_in_a_small_neighbour():
    assert compare(np.array([1e6, 1e-4]), np.array([1e6, 0.0])) is None
    assert isinstance(compare(np.array([1.0, 1e-4]), np.array([1.0, 0.0])), WrongValues)


def test_a_gradient_that_is_zero_may_come_out_as_rounding():
    assert compare(np.full(3, 1e-14), np.zeros(3)) is None


def test_an_eps_ten_times_too_large_is_a_close_miss_where_the_variance_is_small():
    rng = generator(7)
    x = 0.1 * rng.standard_normal((20, 4))
    right, wrong = ((x - x.mean(0)) / np.sqrt(x.var(0) + eps) for eps in (1e-5, 1e-4))
    difference = compare(wrong, right)
    assert isinstance(difference, WrongValues)
    assert difference.is_close_miss
    assert 1e-3 < difference.relative < 1e-2


def test_float32_work_returned_as_float64_is_accepted():
    actual = batch_norm(generator(8), lambda array: array.astype(np.float32))
    expected = batch_norm(generator(8), lambda array: array)
    assert compare([array.astype(np.float64) for array in actual], expected) is None


def test_a_wrong_factor_is_no_close_miss():
    difference = compare(VECTOR * 2, VECTOR)
    assert isinstance(difference, WrongValues)
    assert not difference.is_close_miss


def test_float16_is_too_coarse_unless_it_is_exact():
    assert compare(VECTOR.astype(np.float16), VECTOR) is None
    difference = compare(np.array([0.1], np.float16), np.array([0.1]))
    assert isinstance(difference, WrongValues)
    assert difference.precision == "float16"


def test_integers_that_lost_their_decimals_are_wrong():
    difference = compare(np.array([1, 2]), np.array([1.5, 2.0]))
    assert isinstance(difference, WrongValues)
    assert difference.precision == "integer"


def test_whole_numbers_are_compared_exactly_whatever_the_tolerance():
    difference = compare(1_000_001, 1_000_000, Tolerance(rtol=1.0, atol=1.0))
    assert isinstance(difference, WrongValues)
    assert (difference.precision, difference.actual_at_worst) == ("exact", 1_000_001)
    assert isinstance(compare(2**53 + 1, 2**53), WrongValues)


def test_a_two_in_a_mask_is_wrong():
    difference = compare(np.array([2, 0]), np.array([True, False]))
    assert isinstance(difference, WrongValues)
    assert difference.first_index == (0,)


def test_a_given_tolerance_replaces_the_table():
    assert compare(1.04, 1.0, Tolerance(rtol=0.05, atol=0.0)) is None
    assert isinstance(compare(np.float32(1.0001), 1.0, Tolerance(1e-5, 0.0)), WrongValues)


def test_one_float32_array_makes_the_whole_answer_float32():
    loss, dx = 2.0 * (1 + 3e-7), np.array([1.0, 0.5], np.float32)
    assert precision_of((loss, dx)) == "float32"
    assert precision_of((loss, {"a": [np.array(1.0)]})) == "float64"
    assert compare((2.0 * (1 + 5e-4), dx), (2.0, np.array([1.0, 0.5]))) is None
    assert isinstance(compare(2.0 * (1 + 5e-4), 2.0), WrongValues)
    assert compare(2.0 * (1 + 5e-4), 2.0, precision="float32") is None


def test_a_list_that_contains_itself_has_a_precision():
    endless: list = []
    endless.append(endless)
    assert precision_of(endless) == "float64"


# --- Summation orders and float32 through whole layers ---


def convolution(rng, cast):
    x, w, b = rng.standard_normal((2, 3, 9, 7)), rng.standard_normal((4, 3, 3, 2)), rng.standard_normal(4)
    out, cache = layers.conv_forward(cast(x), cast(w), cast(b), {"stride": 2, "pad": 1})
    return out, *layers.conv_backward(cast(rng.standard_normal(out.shape)), cache)


def lstm(rng, cast):
    shapes = [(3, 8, 5), (3, 6), (5, 24), (6, 24), (24,)]
    h, cache = rnn_layers.lstm_forward(*(cast(rng.standard_normal(shape)) for shape in shapes))
    return h, *rnn_layers.lstm_backward(cast(rng.standard_normal(h.shape)), cache)


def batch_norm(rng, cast):
    x = 5 + rng.standard_normal((12, 6))
    gamma, beta = rng.standard_normal(6), rng.standard_normal(6)
    bn_param = {"mode": "train", "eps": 1e-5, "momentum": 0.9}
    out, cache = layers.batchnorm_forward(
        cast(x), cast(gamma), cast(beta), bn_param | {"running_mean": np.zeros(6), "running_var": np.ones(6)}
    )
    return out, *layers.batchnorm_backward(cast(rng.standard_normal(out.shape)), cache)


@pytest.mark.parametrize("layer", [convolution, lstm, batch_norm])
@pytest.mark.parametrize("seed", range(20))
def test_a_layer_computed_in_float32_throughout_passes(layer, seed):
    actual = layer(generator(seed), lambda array: array.astype(np.float32))
    expected = layer(generator(seed), lambda array: array)
    assert all(array.dtype == np.float32 for array in actual)
    assert compare(actual, expected) is None


@pytest.mark.parametrize("seed", range(20))
def test_another_order_of_summation_in_float64_passes(seed):
    rng = generator(seed)
    x, w = rng.standard_normal((3, 900)) * 10.0 ** rng.integers(-3, 4, 900), rng.standard_normal((900, 4))
    order = rng.permutation(900)
    shuffled = np.array([[sum(row[order] * column[order]) for column in w.T] for row in x])
    assert compare(shuffled, x @ w) is None


# --- Containers ---


def test_missing_keys_are_named_with_the_keys_there_are():
    difference = compare({"z1": 1.0, "A1": 2.0}, {"z1": 1.0, "a1": 2.0, "y_pred": 0.0})
    assert difference == MissingKeys((), ("a1", "y_pred"), ("z1", "A1"))


def test_a_difference_in_a_dictionary_has_its_key_as_path():
    difference = compare({"a": VECTOR, "b": VECTOR + 1}, {"a": VECTOR, "b": VECTOR}, path=("config",))
    assert difference is not None
    assert difference.path == ("config", "b")


def test_something_else_than_a_dictionary_is_a_wrong_type():
    assert compare([1.0], {"a": 1.0}) == WrongType((), "list", "dict")


@pytest.mark.parametrize(
    ("actual", "count"),
    [((VECTOR,), 1), ((VECTOR,) * 3, 3), (VECTOR, 1), (np.ones((2, 3)), 1), (3.0, 1), (Opaque("Model"), 1)],
)
def test_another_number_of_values_is_counted(actual, count):
    assert compare(actual, (VECTOR, VECTOR)) == WrongCount((), count, 2)


def test_an_array_of_two_axes_is_one_value():
    assert compare(np.ones((2, 1)), (1.0, 1.0)) == WrongCount((), 1, 2)


def test_a_difference_in_a_nested_tuple_has_its_indices_as_path():
    expected = (1.0, (2.0, VECTOR))
    assert compare((1.0, (2.0, None)), expected) == Missing((1, 1))
    assert compare((1.0, (2.0,)), expected) == WrongCount((1,), 1, 2)


def test_a_list_of_arrays_is_compared_array_by_array():
    difference = compare([VECTOR, VECTOR[:2]], [VECTOR, VECTOR], path=("grads",))
    assert difference == WrongShape(("grads", 1), (2,), (3,))


# --- Text and tokens ---


@pytest.mark.parametrize(
    ("actual", "difference"),
    [
        ([1, 9, 2], WrongSequence((), 1, 3, 3, 9)),
        ([1, 5], WrongSequence((), 2, 2, 3, None)),
        ([1, 5, 2, 4], WrongSequence((), 3, 4, 3, 4)),
        ([], WrongSequence((), 0, 0, 3, None)),
        ([1, 5.0, 2], WrongType((1,), "float", "integer")),
        ([True, 5, 2], WrongType((0,), "bool", "integer")),
        (["1", 5, 2], WrongType((0,), "str", "integer")),
        ([1, None, 2], WrongType((1,), "NoneType", "integer")),
        ("152", WrongType((), "str", "list")),
        (np.ones((1, 3), int), WrongType((), "int64 array", "list")),
    ],
)
def test_the_first_wrong_token_is_found(actual, difference):
    assert compare(actual, [1, 5, 2]) == difference


@steady
@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9), min_size=1))
def test_token_lists_agree_only_if_they_are_the_same(actual, expected):
    assert (compare(actual, expected) is None) == (actual == expected)


def test_the_first_wrong_character_is_found():
    assert compare("abc", "abc") is None
    assert compare("abd", "abc") == WrongText((), 2, "abd", 3)
    assert compare("ab", "abc") == WrongText((), 2, "ab", 3)
    assert compare(b"abc", "abc") == WrongType((), "bytes", "text")
    assert compare(["a"], "a") == WrongType((), "list", "text")
