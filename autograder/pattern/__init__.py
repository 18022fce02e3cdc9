"""What a difference looks like, without a catalogue of mistakes: a factor, a sign, a transpose, a border.

    find_patterns(evidence_from(calls, "affine_backward", "db", functions)) -> (ConstantFactor(...), ...)

evidence       the answers of a test's calls, side by side         kinds        the patterns, as facts
collect        from the calls of a graded case to evidence         quantities   N, sqrt(d_k), 1 - momentum ...
search         which patterns are tried, the most specific first

One file per family: scale, axes, along_axes, other_arrays, precision, places, conditions. The sentences are
in pattern_words.py. A pattern is claimed only where it holds on every wrong answer of the test.
"""

from autograder.pattern.collect import evidence_from
from autograder.pattern.evidence import CallEvidence, Evidence
from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.search import find_patterns

__all__ = ["CallEvidence", "Evidence", "Pattern", "evidence_from", "find_patterns"]
