"""check.py on a student's own machine: the graded cases with public inputs and recorded answers, no key.

    supervisor   python check.py: stages the student's files, shows the results; never imports NumPy
      worker     a second Python: loads the files, runs the cases; may hang or crash

There is no sandbox here, and none is needed: the code is the student's, and so is the machine. What a
worker cannot survive (a crash, a loop without end) is answered by a new worker that is told which call not
to make again. Runs with Python 3.10 and NumPy on Linux, macOS and Windows.
"""
