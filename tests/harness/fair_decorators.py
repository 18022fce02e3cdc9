"""Habits of correct code as decorators of a graded function: none of them may cost a point.

Needs nothing but NumPy and the standard library, so that a generated submission can hand this file in.
A decorated function that calls another decorated one gets that one as it was written.
"""

import copy
import functools
import sys
import warnings

import numpy as np

_inside = False


def _habit(call):
    """Make `call(function, arguments)` a decorator."""

    def decorator(function):
        @functools.wraps(function)
        def decorated(*arguments):
            global _inside
            if _inside:
                return function(*arguments)
            _inside = True
            try:
                return call(function, arguments)
            finally:
                _inside = False

        return decorated

    decorator.__name__ = decorator.__qualname__ = call.__name__
    return decorator


def _mapped(value, change):
    """Apply `change` to every array and number of nested containers, but not to text and None."""
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_mapped(item, change) for item in value)
    return change(value) if isinstance(value, (np.ndarray, np.generic, int, float)) else value


def _has_cache(function, value):
    return isinstance(value, tuple) and function.__name__.endswith("_forward")


def _outputs_mapped(function, value, change):
    """The outputs changed, the cache left alone; a kv_cache is a cache too."""
    if _has_cache(function, value) or function.__name__ == "decode_step":
        return (*_mapped(value[:-1], change), value[-1])
    return _mapped(value, change)


def returning(change, besides=()):
    """A habit of returning values in another form, running averages included.

    besides: functions that return their values as they are.
    """

    def call(function, arguments):
        value = function(*arguments)
        if function.__name__ in besides:
            return value
        for argument in arguments:
            if isinstance(argument, dict) and argument.get("mode") == "train":
                for name in ("running_mean", "running_var"):
                    argument[name] = change(argument[name])
        return _outputs_mapped(function, value, change)

    call.__name__ = change.__name__
    return _habit(call)


# --- Forms of the returned values ---


@returning
def python_lists(value):
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


@returning
def numpy_scalars(value):
    return value if isinstance(value, np.ndarray) else np.asarray(value)[()]


def zero_dimensional_arrays(value):
    return np.asarray(value)


# No dictionary finds a token id that is an array, so nobody's tokenizer returns them.
zero_dimensional_arrays = returning(zero_dimensional_arrays, besides=("tokenize",))


def one_element_arrays(value):
    return value if isinstance(value, np.ndarray) else np.asarray([value])


one_element_arrays = returning(one_element_arrays, besides=("tokenize",))


@returning
def fortran_order(value):
    return np.asfortranarray(value) if np.ndim(value) else value


@returning
def views_with_gaps(value):
    if not np.ndim(value):
        return value
    array = np.asarray(value)
    backwards = np.repeat(np.flip(array), 2, axis=-1)
    return np.flip(backwards[..., ::2])


@returning
def read_only(value):
    if not np.ndim(value):
        return value
    array = np.array(value)
    array.setflags(write=False)
    return array


@returning
def broadcast_views(value):
    """Arrays whose equal rows share their memory, as np.broadcast_to and expand make them."""
    if np.ndim(value) and len(value) and np.all(np.asarray(value) == np.asarray(value)[:1]):
        return np.broadcast_to(np.asarray(value)[:1], np.shape(value))
    return value


@_habit
def lists_for_tuples(function, arguments):
    value = function(*arguments)
    return [list(item) if type(item) is tuple else item for item in value] if type(value) is tuple else value


# --- float32 ---


def _single(value):
    if isinstance(value, (np.ndarray, np.floating)) and value.dtype == np.float64:
        return value.astype(np.float32)
    return value


def _double(value):
    if isinstance(value, (np.ndarray, np.floating)) and value.dtype == np.float32:
        return value.astype(np.float64)
    return value


def _running_averages(arguments, given, change):
    """Hand back what the call stored in a copied parameter dictionary."""
    for argument, copied in zip(arguments, given, strict=True):
        if isinstance(argument, dict) and argument.get("mode") == "train":
            argument.update({name: change(copied[name]) for name in ("running_mean", "running_var")})


def _in_float32(function, arguments, change):
    # A backward function's last argument is the cache, which its forward function made in float32.
    given = tuple(argument if _is_cache(argument) else _mapped(argument, _single) for argument in arguments)
    value = function(*given)
    _running_averages(arguments, given, change)
    return _outputs_mapped(function, value, change)


def _is_cache(argument):
    return not isinstance(argument, (np.ndarray, dict, int, float, list, str))


@_habit
def float32_throughout(function, arguments):
    return _in_float32(
        function, arguments, lambda value: np.float32(value) if type(value) is float else _single(value)
    )


@_habit
def float32_inside(function, arguments):
    """What NumPy makes of it: float(...) of a loss and a division by np.sqrt(d) give float64 back."""
    return _in_float32(function, arguments, lambda value: value)


@_habit
def float32_returned_as_float64(function, arguments):
    return _in_float32(function, arguments, _double)


# --- Caches ---


class _Kept:
    def __init__(self, value):
        self.value = value


_latest = []


def _caching(name, pack, unpack):
    """A habit of keeping what a forward function hands to its backward function."""

    def call(function, arguments):
        if function.__name__.endswith("_backward") and function.__name__ != "two_layer_backward":
            dout, cache = arguments[:-1], arguments[-1]
            return function(*dout, unpack(cache))
        value = function(*arguments)
        return (*value[:-1], pack(value[-1])) if _has_cache(function, value) else value

    call.__name__ = name
    return _habit(call)


cache_in_a_tuple = _caching("cache_in_a_tuple", lambda cache: (cache, "spare"), lambda kept: kept[0])
cache_in_a_dict = _caching("cache_in_a_dict", lambda cache: {"cache": cache}, lambda kept: kept["cache"])
cache_in_an_object = _caching("cache_in_an_object", _Kept, lambda kept: kept.value)
cache_in_a_closure = _caching("cache_in_a_closure", lambda cache: lambda: cache, lambda kept: kept())
cache_in_a_list_that_is_emptied = _caching("cache_in_a_list_that_is_emptied", lambda cache: [cache], list.pop)
cache_in_a_generator = _caching("cache_in_a_generator", lambda cache: iter([cache]), next)


def _remember(cache):
    _latest[:] = [cache]


cache_in_a_global = _caching("cache_in_a_global", _remember, lambda kept: _latest[0])


# --- Manners ---


@_habit
def in_place(function, arguments):
    """Updates the weights, and uses up every upstream gradient."""
    value = function(*arguments)
    if function.__name__ == "sgd":
        arguments[0][...] = value[0]
        return arguments[0], value[1]
    if function.__name__.endswith("_backward") and function.__name__ != "two_layer_backward":
        value = _mapped(value, np.array)
        for dout in arguments[:-1]:
            dout[...] = 0
    return value


@_habit
def noisy(function, arguments):
    value = function(*arguments)
    print(f"{function.__name__}:", *arguments, value, flush=True)
    print("debug " * 100, file=sys.stderr)
    warnings.warn(f"{function.__name__} is deprecated", DeprecationWarning, stacklevel=2)
    return value


@_habit
def slow(function, arguments):
    """Fifty times the work."""
    for _ in range(49):
        function(*copy.deepcopy(arguments))
    return function(*arguments)
