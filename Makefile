# Everything is done from here: `make demo` shows it, `make test` proves it. No root, nothing installed on the machine.
# What is made lies in .venv/ (Python) and in ~/.cache/sentralbord (Asterisk; IVR_CACHE=DIR puts it elsewhere).

PYTHON ?= python3
ONCE ?=
QUICK ?=
# Tests on real parts wait most of the time, so there are more of them at a time than cores.
WORKERS ?= $(shell n=$$(($$(nproc) + 1)); echo $$((n > 8 ? 8 : n)))
# What Python has compiled is kept, also where the environment says otherwise: tests start the server some hundred times.
export PYTHONDONTWRITEBYTECODE :=
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

BIN := .venv/bin
READY := .venv/.ready
PIP := --quiet --disable-pip-version-check
FAST_TESTS := $(wildcard tests/unit tests/flows)
REAL_TESTS := $(wildcard tests/integration tests/contract tests/acceptance tests/faults)
say = @echo '=='

.PHONY: help demo test check faults bench soak format update newest venv asterisk clean
.DEFAULT_GOAL := help

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18
	@echo '  variables: PYTHON=python3.12  ONCE=1 (demo: end after the calls)  QUICK=1 (bench, soak: a minute)  WORKERS=1 (real tests at a time)  IVR_CACHE=DIR'

demo: venv asterisk ## set everything up and run the main job: real calls through the shipped rules
	$(say) 'demo'
	@$(BIN)/ivr demo $(if $(ONCE),--once)

test: check asterisk ## set everything up and run all tests, those on a real Asterisk too
	$(say) 'tests on real parts, $(WORKERS) at a time: $(REAL_TESTS)'
	@$(BIN)/pytest -q --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder -m 'not alone and not thorough' $(REAL_TESTS)
	$(say) 'and those that nothing may run beside, one after the other'
	@$(BIN)/pytest -q -m 'alone and not thorough' $(REAL_TESTS)

check: venv ## the fast inner loop: format, ruff, mypy, import contracts, rules and their tests, unit and flow tests
	$(say) 'format'
	@$(BIN)/ruff format --check --quiet . || { echo 'Not formatted; `make format` does it.'; exit 1; }
	$(say) 'ruff'
	@$(BIN)/ruff check --quiet .
	$(say) 'mypy'
	@$(BIN)/mypy
	$(say) 'import contracts'
	@$(BIN)/lint-imports
	$(say) 'rules'
	@$(BIN)/ivr check routing_rules.yaml
	@$(BIN)/ivr test --coverage routing_tests.yaml
	$(say) 'tests: $(FAST_TESTS)'
	@$(BIN)/pytest -q --numprocesses auto $(FAST_TESTS)

faults: venv asterisk ## all rows of the fault matrix (docs/explanation/faults.md), those too that `make test` cannot wait for
	$(say) 'faults'
	@$(BIN)/pytest -q --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder -m 'fault and not alone' tests
	@$(BIN)/pytest -q -m 'fault and alone' tests

bench: venv asterisk ## measure the server beside Asterisk's own queue: processor, waits, memory, highest rate (half an hour)
	$(say) 'bench'
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

soak: venv asterisk ## ten minutes of 20 calls a second, PostgreSQL gone for the middle third: nothing lost, nothing grown?
	$(say) 'soak'
	@$(BIN)/python -m bench.soak $(if $(QUICK),--rate 5 --seconds 30)

format: venv ## put the code into its format
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

# One lock for every Python from 3.11 to 3.14: where they differ, a line says for which it is. The product's lock is what
# the container installs; the other one adds to it what we develop and test with.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
LOCKED := sed -n 's/^\([a-z0-9.-]*==[^ ;]*\).*/\1/p'

update: venv ## lock the newest versions that pyproject.toml allows, say what moved, and run all tests on them
	$(say) 'both locks anew'
	@$(LOCKED) requirements-dev.lock > .venv/before
	@$(BIN)/$(LOCK) --upgrade --group build --extra postgresql --output-file requirements.lock pyproject.toml
	@$(BIN)/$(LOCK) --upgrade --constraint requirements.lock --group dev --output-file requirements-dev.lock pyproject.toml
	@$(LOCKED) requirements-dev.lock > .venv/after
	$(say) 'what moved (< before, > now)'
	@diff .venv/before .venv/after | grep '^[<>]' || echo 'nothing'
	@$(MAKE) test

newest: ## run the fast tests on the newest versions that pyproject.toml allows, in .newest (no part of `make test`)
	$(say) 'Python environment in .newest'
	@$(PYTHON) -m venv --clear .newest
	@.newest/bin/python -m pip install $(PIP) --upgrade 'pip>=25.1'
	@.newest/bin/python -m pip install $(PIP) --editable . --group dev
	$(say) 'what differs from the lock (< locked, > newest)'
	@$(LOCKED) requirements-dev.lock | sort > .newest/locked
	@.newest/bin/python -m pip list --format freeze | tr 'A-Z_' 'a-z-' | sort > .newest/installed
	@diff .newest/locked .newest/installed | grep '^[<>]' || echo 'nothing'
	$(say) 'tests: $(FAST_TESTS)'
	@.newest/bin/pytest -q --numprocesses auto $(FAST_TESTS)

venv: $(READY) ## make the Python environment in .venv

$(READY): pyproject.toml requirements-dev.lock
	$(say) 'Python environment in .venv (about a minute)'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) --version 2>&1 | head -n 1`." \
	       'Name another: make PYTHON=/path/to/python3.12 ...'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo '$(PYTHON) cannot make environments. On Debian: apt install python3-venv;' \
	       'or name another Python: make PYTHON=...'; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install $(PIP) --require-hashes --requirement requirements-dev.lock
	@$(BIN)/python -m pip install $(PIP) --no-deps --no-build-isolation --editable .
	@touch $(READY)

asterisk: venv ## find an Asterisk, SIPp and PostgreSQL, or fetch private copies (half a minute, once)
	$(say) 'Asterisk, SIPp and PostgreSQL'
	@$(BIN)/ivr asterisk fetch --with sip-tester --with postgresql

clean: ## remove .venv and what tools leave; the cache folder stays
	@rm -rf .venv .newest .home .demo .bench .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
