# Two commands do everything: `make demo` and `make test`. Both install what they need into .venv first.
PYTHON ?= python3.11
BIN := .venv/bin
JOBS ?= 2

.PHONY: demo test lint setup clean

demo: setup
	$(BIN)/l2e bench quick --jobs $(JOBS)

test: setup
	$(BIN)/pytest -n $(JOBS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: .venv/installed

# Installed again only when what is to be installed has changed.
.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build *.egg-info
