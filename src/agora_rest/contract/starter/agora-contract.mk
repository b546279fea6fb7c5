# Written by `agora-rest contract init`; make it yours. The Makefile includes it.
AGORA_VENV := .venv-agora-contract
AGORA_REPORTS := reports/agora

# Before agora-rest is on PyPI, install it from a clone instead:
#   make agora-contract AGORA_REST='/path/to/agora-rest[contract,testing]'
AGORA_REST ?= agora-rest[contract,testing]

$(AGORA_VENV)/.installed: $(wildcard pyproject.toml setup.py setup.cfg requirements.txt)
	python3 -m venv $(AGORA_VENV)
	$(AGORA_VENV)/bin/python -m pip install --quiet '$(AGORA_REST)'
	@# Your own package and its requirements, so that the test can call your code.
	@if [ -f pyproject.toml ] || [ -f setup.py ]; then $(AGORA_VENV)/bin/python -m pip install --quiet --editable .; fi
	@if [ -f requirements.txt ]; then $(AGORA_VENV)/bin/python -m pip install --quiet --requirement requirements.txt; fi
	touch $@

.PHONY: agora-contract
agora-contract: $(AGORA_VENV)/.installed ## Check what we send to Agora, and recordings of it, against the contract
	@mkdir -p $(AGORA_REPORTS)
	$(AGORA_VENV)/bin/python -m pytest --junit-xml=$(AGORA_REPORTS)/tests.xml tests/test_agora_contract.py
	@# Recordings of real traffic, if there are any: take the secrets out first (agora-rest contract redact FILE.har).
	@found=$$(find tests -name '*.har'); [ -z "$$found" ] || $(AGORA_VENV)/bin/agora-rest contract check --report-dir $(AGORA_REPORTS) $$found
