# `make demo` and `make test` work on a machine that has Python 3.11 or newer, make and a package index.

PYTHON ?= python3
PY := .venv/bin/python
RUN := $(PY) -m kgraph

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types tests bench bench-large spark fuzz pictures lock clean

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/runtime.stamp ## Make .venv with kgraph in it

.venv/runtime.stamp: requirements.lock pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --root-user-action ignore -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --no-build-isolation --editable .
	$(PY) -m compileall -q kgraph || true
	touch $@

.venv/dev.stamp: .venv/runtime.stamp requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --root-user-action ignore -r requirements-dev.lock
	touch $@

demo: .venv/runtime.stamp ## Build the graph of the sample wiki and show what came out
	sh scripts/demo.sh

test: .venv/dev.stamp ## Everything that must pass: lint, types, tests, doctests, README, notebooks
	sh scripts/chromium.sh
	sh scripts/builders.sh
	sh scripts/axe.sh
	sh scripts/servers.sh
	$(MAKE) --no-print-directory lint types tests

lint: .venv/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: .venv/dev.stamp
	$(PY) -m mypy

tests: .venv/dev.stamp
	$(PY) -m pytest -n 2 --dist loadgroup

spark: .venv/dev.stamp ## Install Java and pyspark, which the tests of the Spark engine need; they are skipped without
	sh scripts/spark.sh $(PY)

.venv/peers/done: scripts/peers.sh
	sh scripts/peers.sh .venv/peers

bench: .venv/dev.stamp .venv/peers/done ## Time and memory beside named peers: docs/benchmarks.md, in some minutes
	$(PY) -m benchmarks.report small

bench-large: .venv/dev.stamp .venv/peers/done spark ## The same of large sites and graphs, in some hours
	$(PY) -m benchmarks.report large

fuzz: .venv/dev.stamp ## Damaged input for every reader, SECONDS=60 by default
	$(PY) -m fuzz $(or $(SECONDS),60)

pictures: .venv/dev.stamp ## Draw the pictures of the README
	sh scripts/chromium.sh
	$(PY) scripts/pictures.py
	$(PY) -m scripts.explorer_pictures

lock: .venv/dev.stamp ## Resolve the locks anew
	$(PY) -m uv pip compile --quiet --universal --no-header pyproject.toml --group build -o requirements.lock
	$(PY) -m uv pip compile --quiet --universal --no-header pyproject.toml --group build --group dev -o requirements-dev.lock

clean: ## Remove what the targets made
	rm -rf .venv .kgraph .mypy_cache .ruff_cache .pytest_cache .hypothesis
