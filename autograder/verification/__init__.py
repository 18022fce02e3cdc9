"""The zip put to the test before anybody uploads it: installed and used as the platform does.

root.py         a root of the platform's, in a temporary folder of this machine
bare_root.py    the same on a fresh machine: a bare Debian, in which nothing is installed
network.py      what a bare root has to borrow from this machine to reach the package indexes
measured.py     what a command computes and how much memory it takes
containers.py   which of Gradescope's containers, and which timeout, suffice for that
steps.py        unpack, setup.sh, every example, every known mistake
report.py       what a verification found, in words
"""
