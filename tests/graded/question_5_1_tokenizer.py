"""Exam 5.1: the greedy longest-match tokenizer, and the way back to the text."""

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase

SENTENCE = "The dog that chased the dog was tired."
VOCABULARY = {
    " ": 1,
    "The ": 2,
    "dog ": 3,
    "dog": 4,
    "that": 5,
    "chased": 6,
    "the": 7,
    "dog.": 8,
    "was": 9,
    "tired": 10,
    ".": 11,
}
EXAM_IDS = [2, 3, 5, 1, 6, 1, 7, 1, 3, 9, 1, 10, 11]


class Tokenize(GradedCase):
    @weight(1)
    @number("5.1.1")
    @tags("tokenize")
    def test_exam_sentence(self):
        """tokenize splits the exam's sentence as the longest-match rule says"""
        self.call("tokenize", SENTENCE, VOCABULARY).equals(EXAM_IDS)

    @weight(0.5)
    @number("5.1.2")
    @tags("tokenize")
    def test_exam_example(self):
        """tokenize takes the longest entry: "hello" is one token, though "he" and "llo" would fit as well"""
        vocabulary = {"he": 1, "hello": 2, "llo": 3}
        for text, ids in [("he", [1]), ("hello", [2]), ("hehello", [1, 2]), ("hellollohe", [2, 3, 1])]:
            self.call("tokenize", text, vocabulary).equals(ids)

    @weight(0.4)
    @number("5.1.3")
    @tags("tokenize")
    def test_order_of_the_vocabulary(self):
        """tokenize does not depend on the order of the vocabulary, nor on the size of the ids"""
        for vocabulary in [
            {"a": 1, "aa": 2, "aab": 3, "b": 4},
            {"aab": 30, "aa": 20, "a": 10, "b": 40},
            {"b": 1, "aa": 9, "aab": 2, "a": 5},
        ]:
            self.call("tokenize", "aabaaab", vocabulary).equals_reference()

    @weight(0.3)
    @number("5.1.4")
    @tags("tokenize")
    def test_greedy(self):
        """tokenize never looks ahead: it takes the longest entry now, even where fewer tokens would do"""
        vocabulary = {"ab": 1, "abc": 2, "cdef": 3, "d": 4, "e": 5, "f": 6}
        for text, ids in [("abc", [2]), ("abcd", [2, 4]), ("abcdef", [2, 4, 5, 6])]:
            self.call("tokenize", text, vocabulary).equals(ids)
        # From the left, from the right (1, 2, 8) and in as few tokens as possible (5, 6) all differ here.
        vocabulary = {"a": 1, "b": 2, "e": 3, "f": 4, "abc": 5, "def": 6, "abcd": 7, "cdef": 8}
        self.call("tokenize", "abcdef", vocabulary).equals([7, 3, 4])

    @weight(0.3)
    @number("5.1.5")
    @tags("tokenize")
    def test_spaces(self):
        """tokenize treats a space like any other character: first, last, or twice in a row"""
        vocabulary = {"a": 1, " ": 2, "b ": 3, "b": 4, "ab": 5}
        for text, ids in [
            (" ", [2]),
            (" a", [2, 1]),
            ("a ", [1, 2]),
            ("a b", [1, 2, 4]),
            ("a  b", [1, 2, 2, 4]),
            ("b  ", [3, 2]),
        ]:
            self.call("tokenize", text, vocabulary).equals(ids)

    @weight(0.3)
    @number("5.1.6")
    @tags("tokenize")
    def test_unknown_text(self):
        """tokenize raises ValueError where no entry of the vocabulary fits"""
        for text, vocabulary in [
            ("b", {"a": 1}),
            ("ab", {"a": 1}),
            ("ba", {"a": 1}),
            ("abcd", {"abc": 1, "cd": 2, "ab": 3}),
        ]:
            self.call("tokenize", text, vocabulary).raises("ValueError")

    @weight(0.15)
    @number("5.1.7")
    @tags("tokenize")
    def test_empty_text(self):
        """tokenize gives no ids for the empty text"""
        self.call("tokenize", "", {"a": 1}).equals([])
        self.call("tokenize", "", VOCABULARY).equals([])

    @weight(0.15)
    @number("5.1.8")
    @tags("tokenize")
    def test_unicode(self):
        """tokenize is right for text beyond ASCII"""
        vocabulary = {"é": 1, "été": 2, "深": 3, "深度": 4, "学": 5, "🙂": 6, "t": 7}
        for text in ("é", "étét", "深度学深", "🙂é🙂"):
            self.call("tokenize", text, vocabulary).equals_reference()


class Detokenize(GradedCase):
    @weight(0.3)
    @number("5.1.9")
    @tags("detokenize")
    def test_exam_sentence(self):
        """detokenize turns the exam's ids back into the sentence"""
        self.call("detokenize", [11], VOCABULARY).equals(".")
        self.call("detokenize", EXAM_IDS, VOCABULARY).equals(SENTENCE)

    @weight(0.2)
    @number("5.1.10")
    @tags("detokenize")
    def test_unknown_id(self):
        """detokenize raises KeyError for an id that the vocabulary does not have"""
        for ids in ([2], [1, 3], [1, 0]):
            self.call("detokenize", ids, {"a": 1}).raises("KeyError")

    @weight(0.1)
    @number("5.1.11")
    @tags("detokenize")
    def test_ids_in_any_order(self):
        """detokenize does not depend on the order of the vocabulary, nor on the size of the ids"""
        for ids in ([3], [70, 3], [3, 70, 5, 3]):
            self.call("detokenize", ids, {"b": 70, "a": 3, " c": 5}).equals_reference()

    @weight(0.1)
    @number("5.1.12")
    @tags("detokenize")
    def test_empty(self):
        """detokenize gives the empty text for no ids"""
        self.call("detokenize", [], {"a": 1}).equals("")

    @weight(0.2)
    @number("5.1.13")
    @tags("detokenize", "tokenize")
    def test_round_trip(self):
        """detokenize undoes tokenize"""
        vocabulary = {**VOCABULARY, "é": 12, "🙂 ": 13}
        for text in ("dog", " the dog.", "The dog  was 🙂 that dog", "dog é. "):
            tokens = self.call("tokenize", text, vocabulary)
            self.call("detokenize", tokens.ids, vocabulary).equals(text)
