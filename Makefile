# People and CI use the same verbs. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first of these that runs: a version manager may put a python3.11 on the path that does not.
PYTHON ?= $(shell for p in python3.11 python3; do $$p -c '' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := .venv-bench
PEERS_READY := $(PEERS)/.ready
SPARK := .venv-spark
SPARK_READY := $(SPARK)/.ready
OUT ?= out
PYTEST_ARGS ?=
# Many tests wait, for a browser, a process or a clock: one more worker than processors keeps these busy.
WORKERS ?= $(shell echo $$(( $$(nproc) + 1 )))
SERVE_ARGS ?=
BENCH_ARGS ?=
STORM_ARGS ?=
FAULTS_ARGS ?=
LOAD_ARGS ?=
SWEEP_ARGS ?=
CONTRACT_ARGS ?=
PAINT_ARGS ?=
UPGRADE ?=

# uv does not read pip's configuration. Where pip was given a registry or a certificate, uv gets the same.
LIKE_PIP = index=$$($(BIN)/pip config get global.index-url 2>/dev/null || true); \
	index=$${PIP_INDEX_URL:-$$index}; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$index}"; fi; \
	if [ -n "$${PIP_CERT:-}" ]; then export SSL_CERT_FILE="$${SSL_CERT_FILE:-$$PIP_CERT}"; fi
UV = $(LIKE_PIP); $(BIN)/uv
# Where Python is told not to keep what it compiles, every process would compile some thousand modules again.
COMPILED = $(if $(filter environment,$(origin PYTHONDONTWRITEBYTECODE)),--compile-bytecode)
COMPILE = pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" pyproject.toml $(UPGRADE)

.PHONY: help setup demo test test-spark lint serve bench bench-full storm faults load sweep contract paint docs picture screens pages lock clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make .venv with exactly what the lock names (done once, and again when the lock changes)

$(READY): pyproject.toml requirements-setup.lock requirements.lock
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or later is needed: install it, or name it: make PYTHON=/path/to/python3.11'; exit 1; }
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV) \
		|| { echo 'Python has no venv module: install it (Debian: apt-get install python3-venv)'; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes $(COMPILED) requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## generate a small wholesaler and solve it: the answer lands in out/demo
	$(BIN)/servicepolicy demo --out $(OUT)/demo

test: $(READY) ## every test and every example in a docstring (PYTEST_ARGS="-k intake" for some)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile $(PYTEST_ARGS)

test-spark: $(SPARK_READY) ## the tests of the extra `spark`, on a local Spark; they need Java 17
	$(SPARK)/bin/python -m pytest tests/optimizer/cluster \
		optimizer/servicepolicy_optimizer/cluster/statements.py $(PYTEST_ARGS)

lint: $(READY) ## style, types, who imports whom, the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

serve: $(READY) ## open the doors on this machine (SERVE_ARGS="--port 8001")
	$(BIN)/servicepolicy serve $(SERVE_ARGS)

bench: $(READY) ## measure what is claimed about speed, in some minutes
	$(BIN)/python -m benchmarks.run $(BENCH_ARGS)

bench-full: $(PEERS_READY) ## the same at full size, with every peer beside us; takes hours
	$(PEERS)/bin/python -m benchmarks.run --full $(BENCH_ARGS)

# The peers are in a folder of their own: no user, and no test, needs them.
$(PEERS_READY): $(READY) requirements-bench.lock
	@[ -x $(PEERS)/bin/python ] || $(PYTHON) -m venv --without-pip $(PEERS)
	@$(UV) pip sync --quiet --python $(PEERS)/bin/python --require-hashes requirements-bench.lock
	@$(UV) pip install --quiet --python $(PEERS)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

$(SPARK_READY): $(READY) requirements-spark.lock
	@[ -x $(SPARK)/bin/python ] || $(PYTHON) -m venv --without-pip $(SPARK)
	@$(UV) pip sync --quiet --python $(SPARK)/bin/python --require-hashes requirements-spark.lock
	@$(UV) pip install --quiet --python $(SPARK)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

storm: $(READY) ## kill server, worker, solve and database at random, and count what is lost (STORM_ARGS="--database sqlite")
	$(BIN)/python -m benchmarks.storm $(STORM_ARGS)

faults: $(READY) ## take disk, folder and database away, and see what is said and whether it heals (FAULTS_ARGS="--database sqlite")
	$(BIN)/python -m benchmarks.faults $(FAULTS_ARGS)

load: $(READY) ## measure how quickly the service answers, and its memory (LOAD_ARGS="--seconds 5 --solves 20")
	$(BIN)/python -m benchmarks.load $(LOAD_ARGS)

sweep: $(READY) ## measure how much of two processors a sweep makes use of (SWEEP_ARGS="--database sqlite --points 20")
	$(BIN)/python -m benchmarks.sweep $(SWEEP_ARGS)

contract: $(READY) ## have schemathesis ask the service everything (CONTRACT_ARGS="--short --database sqlite")
	$(BIN)/python -m benchmarks.contract $(CONTRACT_ARGS)

paint: $(READY) ## measure how soon a reader sees a policy, in Chromium (PAINT_ARGS="--rounds 3 --print")
	$(BIN)/python -m benchmarks.paint $(PAINT_ARGS)

docs: $(READY) ## write what docs/ takes from the code: formulas, fields of a scenario, OpenAPI and JSON Schema
	$(BIN)/python docs/build.py
	$(BIN)/python docs/scenario_fields.py
	$(BIN)/python docs/openapi.py
	$(BIN)/python docs/schemas.py

# Needs a solve, so it is not part of `make docs`.
picture: $(READY)
	$(BIN)/servicepolicy demo --quiet --out $(OUT)/demo >/dev/null
	$(BIN)/python docs/picture.py $(OUT)/demo/policy.json docs/picture.svg

# Needs a browser, so it is no verb; to be looked at after every change of the page.
screens: $(READY)
	$(BIN)/python -m tests.page.pictures $(OUT)/screens

# All pages that show results; the tests of tests/docs/ say when they are behind.
pages: docs picture
	$(BIN)/python docs/console.py --write docs/tutorial.md

lock: ## pin what pyproject.toml asks for, with hashes (UPGRADE=--upgrade for the newest)
	@[ -x $(BIN)/uv ] || { $(PYTHON) -m venv $(VENV); \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock; }
	@$(UV) $(COMPILE) --group dev --output-file requirements.lock
	@$(UV) $(COMPILE) --constraint requirements.lock --output-file requirements-run.lock
	@$(UV) $(COMPILE) --constraint requirements.lock --group bench --output-file requirements-bench.lock
	@$(UV) $(COMPILE) --constraint requirements.lock --group spark --output-file requirements-spark.lock
	@$(UV) $(subst pyproject.toml,,$(COMPILE)) --constraint requirements.lock --group setup --output-file requirements-setup.lock

clean: ## remove the environment, caches and what the verbs wrote
	rm -rf $(VENV) $(PEERS) $(SPARK) $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
