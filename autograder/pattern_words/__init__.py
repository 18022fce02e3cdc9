"""One sentence for each pattern: facts come in, words go out.

sentence               the whole sentence for a pattern
rules, axes, places    the words for each kind, a file for each of autograder/pattern/kinds

No sentence holds a right value: only quantities of the problem, places, and factors and offsets where the
student's own answer has them throughout.
"""

from autograder.pattern_words.sentence import describe_pattern

__all__ = ["describe_pattern"]
