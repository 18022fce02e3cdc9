"""The result class that the runner builds on."""

import unittest


class JSONTestResult(unittest.TestResult):
    def __init__(self, stream, descriptions, verbosity, results, leaderboard, failure_prefix):
        super().__init__(stream, descriptions, verbosity)
        self.descriptions = descriptions
        self.results = results
        self.leaderboard = leaderboard
        self.failure_prefix = failure_prefix
