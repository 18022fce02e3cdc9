"""The student kit: everything needed to test a submission at home, and nothing of the key.

kit/files/           what ships as it is: check.py, README.md, a stand-in for gradescope-utils
starter.py           a file to fill in for each file of the key
shipped_modules.py   the part of this package that runs there
package.py           the zip
"""
