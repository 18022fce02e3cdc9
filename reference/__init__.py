"""The answer key: every graded function in NumPy alone, under the file and function names of the students."""
