# Limner. `make serve` starts the chat; `make test` runs every check. Both set up .venv/ first, quickly the second time.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	>/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/.set-up
SOURCES := assistant generation captioner ui tests benchmarks
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup serve test check types texts test-long bench clean

help:
	@echo "make serve      set up, start the chat in a browser page, print its address"
	@echo "make test       set up, run every check and test that guards a change"
	@echo "make setup      only set up: a virtual environment in .venv/ with the limner command in it"
	@echo "make test-long  the long campaigns: full kill counts, fuzzing, load"
	@echo "make texts      bring the files of the page's texts in step with its sources"
	@echo "make bench      the table of times"

setup: $(STAMP)
	@:

$(STAMP): pyproject.toml constraints.txt
	@if [ ! -x $(BIN)/python ]; then \
		if [ -z "$(PYTHON)" ]; then \
			echo "Limner needs Python 3.11 to 3.14 with its venv module; none was found. Install one, or say where: make PYTHON=/path/to/python3.12 setup" >&2; \
			exit 1; \
		fi; \
		echo "Making a virtual environment in .venv/ with $$($(PYTHON) --version)"; \
		$(PYTHON) -m venv .venv; \
	fi
	@echo "Installing Limner and what it needs (a few minutes the first time)"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,train]'
	@touch $(STAMP)

serve: setup
	@exec $(BIN)/limner serve $(ARGS)

# Style, types and the direction of imports; no tests.
check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest $(ARGS)

test-long: setup
	$(BIN)/pytest -m long $(ARGS)

texts: setup
	$(BIN)/python -m ui.web.gathering

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -path ./.venv -prune -o -name __pycache__ -type d -print | xargs rm -rf
