"""Exam 5.3: the same sentence with a token that begins with a space."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase

SENTENCE = "The dog that chased the dog was tired."
VOCABULARY = {
    " ": 1,
    "The ": 2,
    "dog ": 3,
    " dog": 4,
    "that": 5,
    "chased": 6,
    "the": 7,
    "dog.": 8,
    "was": 9,
    "tired": 10,
    ".": 11,
}
IDS = [2, 3, 5, 1, 6, 1, 7, 4, 1, 9, 1, 10, 11]

# What the printed solution sheet says: it drops the space after " dog".
PRINTED_IDS = [2, 3, 5, 1, 6, 1, 7, 4, 9, 1, 10, 11]
WHY_THE_PRINTED_IDS_ARE_WRONG = (
    "These are the ids on the exam's solution sheet, which breaks its own rule here: after ' dog' (4) the "
    "rest of the text is ' was tired.', which starts with a space, so ' ' (1) comes before 'was' (9). "
    "Joined, the printed ids read '...dogwas tired.'"
)


class LeadingSpace(GradedCase):
    @weight(1.6)
    @number("5.3.1")
    @tags("tokenize")
    def test_exam_sentence(self):
        """tokenize splits the exam's sentence as the rule says, with " dog" in the vocabulary"""
        answer = self.call("tokenize", SENTENCE, VOCABULARY)
        if np.array_equal(answer.actual.value, PRINTED_IDS):
            answer.claim(False, WHY_THE_PRINTED_IDS_ARE_WRONG)
        else:
            answer.equals(IDS)

    @weight(0.8)
    @number("5.3.2")
    @tags("tokenize")
    def test_space_belongs_to_the_token(self):
        """tokenize takes " dog" with its space where it is longer than the space alone"""
        for text, ids in [
            (" dog", [4]),
            ("the dog", [7, 4]),
            ("dog dog.", [3, 8]),
            (" dog dog.", [4, 4, 11]),
        ]:
            self.call("tokenize", text, VOCABULARY).equals(ids)

    @weight(0.8)
    @number("5.3.3")
    @tags("tokenize")
    def test_space_after_the_token(self):
        """tokenize gives the space after " dog" a token of its own"""
        for text, ids in [(" dog ", [4, 1]), (" dog was", [4, 1, 9]), ("the dog that", [7, 4, 1, 5])]:
            self.call("tokenize", text, VOCABULARY).equals(ids)

    @weight(0.8)
    @number("5.3.4")
    @tags("detokenize")
    def test_back_to_text(self):
        """detokenize gives the sentence back, and "dogwas" for the ids on the exam's solution sheet"""
        self.call("detokenize", [4], VOCABULARY).equals(" dog")
        self.call("detokenize", IDS, VOCABULARY).equals(SENTENCE)
        self.call("detokenize", PRINTED_IDS, VOCABULARY).equals("The dog that chased the dogwas tired.")
