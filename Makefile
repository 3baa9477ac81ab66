# Two commands do all the set-up: `make demo` and `make test`. They need Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types contracts check wheel test-wheel clean

$(BIN)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: $(BIN)/.installed  ## scan the example company repository
	-@$(BIN)/infracheck scan fixtures/violet --exit-zero

test: $(BIN)/.installed  ## run the whole test suite
	$(BIN)/python -m pytest

lint: $(BIN)/.installed  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(BIN)/.installed  ## mypy --strict
	$(BIN)/mypy

contracts: $(BIN)/.installed  ## the import layers
	$(BIN)/lint-imports

check: lint types contracts test  ## everything a change must pass

wheel: $(BIN)/.installed  ## build the wheel into dist/
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

# The suite again, against the wheel in an environment that the checkout is not on the path of: `pytest`, unlike
# `python -m pytest`, does not add the current directory. Proofs by search (-m search) need not be repeated.
test-wheel: wheel  ## run the tests against the built wheel
	rm -rf .venv-wheel
	$(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	.venv-wheel/bin/python -m pip install --quiet dist/*.whl --group dev
	INFRACHECK_INSTALLED=1 .venv-wheel/bin/pytest -m "not search"

clean:  ## remove what the commands above made
	rm -rf $(VENV) .venv-wheel dist build
