"""The proof that the graded tests tell known mistakes from the right answer, and from each other.

matrix.py   runs every mistake through every graded test that calls its function
alike.py    when two answers are one and the same to a grader
holes.py    what the matrix says is wrong with the tests or with the catalogue
page.py     the matrix and its summary as text and as CSV
"""
