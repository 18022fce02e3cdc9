"""Every sentence that a student can read, one small function per fact.

Facts come in, words go out, the most useful line first. What the key gives is never printed: only where
a student's value differs and by how much, to two digits. What a student wrote goes through `plain`.
"""

from autograder.feedback.calls import (
    describe_changed_argument,
    describe_claim,
    describe_count,
    describe_example,
    describe_failure,
    describe_frame,
    describe_inputs,
    describe_missing,
    describe_note,
    describe_printed,
    describe_share,
    describe_unsteady,
    withheld_claims,
)
from autograder.feedback.causes import (
    describe_cause,
    describe_credit,
    describe_explanation,
    describe_follow_through,
    describe_needed,
    describe_progress,
    describe_told_before,
    describe_turned_away,
    earlier_score,
)
from autograder.feedback.differences import describe_difference, precision_advice, shape_advice
from autograder.feedback.pages import (
    autograder_failed,
    autograder_failed_here,
    describe_load_problem,
    describe_not_loaded,
    describe_unread,
    empty_submission,
    left_out,
    not_run,
    not_scored,
)

__all__ = [
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
    "describe_frame",
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
    "precision_advice",
    "shape_advice",
    "withheld_claims",
]
