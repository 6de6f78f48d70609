# One word per job; people and CI use the same words. `make help` lists them.
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
SAMPLES ?=
SEED ?= 9
COUNT ?= 20000
VENV := .venv
BIN := $(VENV)/bin
TOOLS := $(CURDIR)/var/tools/bin
OPA_VERSION := 1.17.1
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# OPA and Go built here come first, so that every recipe and test finds the same program.
export PATH := $(TOOLS):$(CURDIR)/$(BIN):$(PATH)
export OPA_VERSION

.PHONY: help install dev run test faults laws check check-policy bench conformance lock clean opa wasm servers \
	format lint types imports rego module tables api parts audit

help: ## the words of this file
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.installed ## .venv with the console script .venv/bin/hub
dev: $(VENV)/.installed-dev ## the same, with what tests and checks need

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing into $(VENV) (once, about a minute)"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-dev.lock
	@touch $@

run: install ## the demonstration region on http://127.0.0.1:$PORT
	@exec $(BIN)/hub serve --demo --poort $(PORT)

test: dev opa ## all tests (gets OPA where it is missing)
	@$(if $(PYTEST_ARGS),$(BIN)/python -m pytest $(PYTEST_ARGS),.ci/tests $(BIN)/python)

faults: dev opa ## the tests of faults and of odd documents at full length; figures in var/faults-*.json
	HUB_FAULTS_SEED=$(SEED) .ci/faults $(BIN)/python $(PYTEST_ARGS)

laws: dev opa ## laws 1 to 10 on COUNT random documents in both runtimes, and every test of the policy; var/laws.json
	HUB_PARITY=full $(BIN)/python -m tests.policy.lawful --count $(COUNT) --seed $(SEED)
	HUB_PARITY=full $(BIN)/python -m pytest --timeout 3600 tests/policy $(PYTEST_ARGS)

check-policy: dev opa ## each condition of the rules changed in turn: a test of its package has to fail
	@$(BIN)/python -m tests.policy.mutating

check: format lint types imports rego module tables api parts audit ## everything that can be judged without running the hub

format: dev
	$(BIN)/ruff format --check .

lint: dev
	$(BIN)/ruff check .

types: dev
	$(BIN)/mypy

imports: dev
	$(BIN)/lint-imports

rego: opa
	opa fmt --list --fail policies deploy/opa
	opa check --strict policies deploy/opa
	opa test --timeout 240s policies deploy/opa

wasm: opa ## rebuild policies/hub.wasm from the rules
	policies/build.sh

module: opa
	.ci/compare-wasm

tables: dev ## the law tables checked as data
	@$(BIN)/hub beleid toets policies

api: dev ## the API description against our own API design rules
	.ci/api-rules api-ruleset/ruleset.yaml

parts: dev ## the parts of the running hub (CycloneDX), in var/sbom.cdx.json
	@$(BIN)/python -m tests.supply sbom

audit: dev ## known faults of what is locked; HUB_AUDIT=required: fails where nobody could be asked
	@$(BIN)/python -m tests.supply audit

bench: dev opa ## medians and ratios of paired runs, in var/bench.json
	$(BIN)/python -m tests.bench

conformance: dev ## published samples: make conformance SAMPLES=folder
	.ci/conformance "$(SAMPLES)"

opa: dev ## the OPA program, built by the Go tool where it is missing
	@deploy/opa/get

servers: ## PostgreSQL and SoftHSM for the tests (Debian packages, as root)
	@deploy/servers

lock: dev ## refresh the locked dependencies
	$(COMPILE) --upgrade pyproject.toml --extra build --output-file requirements.lock
	$(COMPILE) --upgrade pyproject.toml --extra build --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	$(COMPILE) --upgrade --group go --output-file requirements-go.lock
	cd api-ruleset && npm install --package-lock-only --ignore-scripts

clean: ## away with everything that was built, the demonstration region too
	rm -rf $(VENV) var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache api-ruleset/node_modules
