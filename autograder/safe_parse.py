"""Reading a student's source text as a syntax tree, whatever the text is. Nothing is executed."""

from __future__ import annotations

import ast
import sys
import warnings

# Python 3.10 builds the tree without watching its own stack: a hundred thousand chained operators
# overflow it, and take the process with them. Later versions raise RecursionError.
LONGEST = 2_000_000 if sys.version_info >= (3, 11) else 100_000


def parse(source: str) -> ast.Module:
    """Read Python source. Raises SyntaxError, and nothing else, where it cannot be read."""
    if len(source) > LONGEST:
        raise SyntaxError(f"the file has more than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError:
        raise
    except (RecursionError, MemoryError):
        raise SyntaxError("too deeply nested for Python to read") from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def parses(source: str) -> bool:
    """Is this text Python that can be read?"""
    try:
        parse(source)
    except SyntaxError:
        return False
    return True
