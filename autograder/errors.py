"""The errors of the autograder itself: never the student's doing.

AutograderError            something of ours is wrong; the message says what to do about it
  AssignmentError          an instructor's .toml file or case file; names the entry
  SandboxError             the machine or the sandbox failed
  UsageError               a command was given something it cannot take (exit status 2)
"""


class AutograderError(Exception):
    """The autograder cannot do its work; the message says where and what to do."""


class AssignmentError(AutograderError):
    """An assignment's declaration is wrong; the message names the file and the entry."""


class SandboxError(AutograderError):
    """The sandbox could not be set up or broke; never caused by what a student handed in."""


class UsageError(AutograderError):
    """A command line that cannot be followed; the message says what to type instead."""
