"""Every sentence that a student can read, one small function per fact.

differences    how a value differs                    remarks      what else a test says about its calls
failures       why a call gave no value               causes       what lies behind a failed test
files          what was handed in                     attempts     the last submission and the next one
not_graded     a test without a result of its own

Facts come in, words go out, the most useful line first. What the key gives is never printed: only where
a student's value differs and by how much, to two digits. What a student wrote goes through `plain`.
"""

from autograder.feedback.attempts import describe_progress, describe_turned_away, earlier_score
from autograder.feedback.causes import (
    describe_cause,
    describe_credit,
    describe_explanation,
    describe_follow_through,
    describe_needed,
    describe_told_before,
)
from autograder.feedback.differences import describe_difference
from autograder.feedback.failures import FAILURES, describe_failure, describe_missing
from autograder.feedback.files import (
    describe_load_problem,
    describe_not_loaded,
    describe_unread,
    empty_submission,
)
from autograder.feedback.not_graded import (
    autograder_failed,
    autograder_failed_here,
    left_out,
    not_run,
    not_scored,
)
from autograder.feedback.remarks import (
    describe_changed_argument,
    describe_claim,
    describe_count,
    describe_example,
    describe_inputs,
    describe_note,
    describe_printed,
    describe_share,
    describe_unsteady,
    withheld_claims,
)

__all__ = [
    "FAILURES",
    "autograder_failed",
    "autograder_failed_here",
    "describe_cause",
    "describe_changed_argument",
    "describe_claim",
    "describe_count",
    "describe_credit",
    "describe_difference",
    "describe_example",
    "describe_explanation",
    "describe_failure",
    "describe_follow_through",
    "describe_inputs",
    "describe_load_problem",
    "describe_missing",
    "describe_needed",
    "describe_not_loaded",
    "describe_note",
    "describe_printed",
    "describe_progress",
    "describe_share",
    "describe_told_before",
    "describe_turned_away",
    "describe_unread",
    "describe_unsteady",
    "earlier_score",
    "empty_submission",
    "left_out",
    "not_run",
    "not_scored",
    "withheld_claims",
]
