# Two commands do everything: `make demo` and `make test`. Both first install what they need into .venv.
PYTHON ?= python3.11
BIN := .venv/bin
JOBS ?= 2
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test fuzz lint wheel setup clean

demo: .venv/.l2e
	$(BIN)/l2e bench quick --jobs $(JOBS)
	$(BIN)/l2e report runs/quick -o runs/report

test: setup
	$(BIN)/pytest -n $(JOBS)

fuzz: setup
	$(BIN)/pytest --hypothesis-profile=fuzz --timeout=0 tests/test_fuzz.py tests/generators/test_interpreter.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel: setup
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

setup: .venv/.dev

# What is installed is installed again only when the files that say what have changed. torch comes first and alone, so
# that nothing else chooses its version.
.venv/.l2e: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) torch
	$(INSTALL) --editable '.[figures,play]'
	touch $@

.venv/.dev: .venv/.l2e
	$(INSTALL) --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build *.egg-info
