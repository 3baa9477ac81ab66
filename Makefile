# Two commands do all the set-up: `make demo` and `make test`. They need Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types contracts check wheel benchmark clean

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
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:  ## remove what the commands above made
	rm -rf $(VENV) dist build
