.PHONY: check fix demo

check:
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/pytest

fix:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

demo:
	./run_autograder submissions_example/half_done
