"""What the test files need of gradescope-utils, which nobody has to install for this kit."""
