"""What `python -m autograder` can do: one file per command, each with `main(arguments) -> exit status`."""
