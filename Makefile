# Each target does all its own set-up: a machine with Python 3.11+, git and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: ready demo test test-one test-postgres check run languages reference newcomer lock clean

ready: $(READY)

demo: $(READY)
	$(BIN)/dealwire demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The tests of a store, of finding, of delivery and of Discord on PostgreSQL: on the server that TEST_DATABASE_URL names, or on one
# from a wheel. `make test` runs all of them on SQLite, and those of finding and of a store on both.
test-postgres: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile --engine=postgres tests/store tests/finding tests/discord

# One file, folder or test: make test-one T=tests/discord/test_asking.py
test-one: $(READY)
	$(BIN)/python -m pytest $(T)

run: $(READY)
	$(BIN)/dealwire run

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Bring the message catalogues up to date with the code, and say what each lacks.
languages: $(READY)
	$(BIN)/python -m tests.languages

# Bring the tables of docs/reference up to date with the code.
reference: $(READY)
	$(BIN)/python -m tests.reference

# Also somebody who has no clone: make newcomer W=--wheel, or W=--image
newcomer: $(READY)
	$(BIN)/python -m tests.newcomer $(W)

# The lock names no index and holds for every Python and system that the project supports.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes \
		--no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock" -o requirements.lock

# The project's own files are linked in, not copied: what is edited is what runs. The lock is whole: no further
# dependencies are looked for.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Dealwire needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
