"""The decorators of graded tests: each notes something on the test, two also pass it a function to call."""

import functools


def _noting(**notes):
    def decorate(function):
        for name, value in notes.items():
            setattr(function, f"__{name}__", value)
        return function

    return decorate


def weight(value):
    return _noting(weight=value)


def number(value):
    return _noting(number=str(value))


def visibility(value):
    return _noting(visibility=value)


def tags(*values):
    return _noting(tags=values)


def hide_errors(message="Test failed"):
    return _noting(hide_errors=message)


def partial_credit(value):
    """The test is called with set_score, and calls it."""

    def decorate(function):
        function.__weight__ = value

        def set_score(score):
            scored.__score__ = score

        @functools.wraps(function)
        def scored(*arguments, **options):
            return function(*arguments, **{**options, "set_score": set_score})

        return scored

    return decorate


def leaderboard(column_name, sort_order="desc"):
    """The test is called with set_leaderboard_value, and calls it."""

    def decorate(function):
        function.__leaderboard_column__ = column_name
        function.__leaderboard_sort_order__ = sort_order

        def set_leaderboard_value(value):
            listed.__leaderboard_value__ = value

        @functools.wraps(function)
        def listed(*arguments, **options):
            return function(*arguments, **{**options, "set_leaderboard_value": set_leaderboard_value})

        return listed

    return decorate
