# `make` alone lists the targets. Everything runs in .venv, which `make setup` makes from requirements.lock.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
DATA ?= data
# Prefect compiles for seconds at every start when this is set in the environment.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo run test test-long lint lock bench bench-check peers quality docs notebook serve dashboard

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

# The stamp is younger than the lock when the environment holds what the lock says.
.venv/.ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@command -v uv >/dev/null 2>&1 || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@UV=$$(command -v uv || echo $(BIN)/uv); \
	  "$$UV" pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock && \
	  "$$UV" pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/.ready ## make .venv with everything that use and development need

demo: setup ## the main job on the embedded sample, into data/demo
	@$(BIN)/monitor demo

run: setup ## collect the default feeds once into data
	@$(BIN)/monitor run --data $(DATA)

# In the order of their names: by the number of tests the slow files, which have few, would come last and one core be idle.
test: setup ## the tests: 8 to 18 minutes on two cores, by the machine
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not long"

test-long: setup ## the slow tests too: many kills, long trials
	@$(BIN)/python -m pytest -q -m long

lint: setup ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

lock: ## write requirements.lock anew from pyproject.toml
	@UV=$$(command -v uv || echo $(BIN)/uv); "$$UV" pip compile pyproject.toml --universal --no-strip-extras --generate-hashes --all-extras --group dev \
	  --python-version 3.11 --custom-compile-command "make lock" --quiet --output-file requirements.lock

bench: setup ## every benchmark into docs/benchmarks.md; NAMES="peers growth" renews these sections alone
	@$(BIN)/python benchmarks/run.py $(NAMES)

peers: ## .venv-peers with the programs that the benchmarks stand beside
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@UV=$$(command -v uv || echo $(BIN)/uv); "$$UV" pip install --quiet --python .venv-peers/bin/python --group peers

bench-check: setup ## the quick benchmarks against the committed ratios
	@$(BIN)/python benchmarks/run.py --check

quality: setup ## score the tagger into docs/quality.md; CORPORA=FOLDER scores labelled corpora too
	@$(BIN)/python tests/quality/score.py $(CORPORA)

docs: setup ## write docs/reference.md and the data dictionary from the program
	@$(BIN)/python docs/make_reference.py

notebook: demo ## run every cell of docs/analysis.ipynb again, on the sample
	@$(BIN)/python docs/make_notebook.py data/demo

serve: setup ## schedules, server and dashboard, supervised
	@$(BIN)/monitor serve --data $(DATA)

dashboard: setup ## the dashboard alone
	@$(BIN)/monitor dashboard --data $(DATA)

.DEFAULT_GOAL := help
