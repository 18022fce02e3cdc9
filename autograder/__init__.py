"""A Gradescope autograder for deep-learning programming assignments."""
