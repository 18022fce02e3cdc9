"""What can be known about an assignment before its first student: is it steady, fair and fast enough?

rehearse.py runs everything; margins.py and stability.py hold what was found; page.py tells it.
"""
