# Written by `agora-rest contract init`; make it yours. The Makefile includes it.
AGORA_VENV := .venv-agora-contract

$(AGORA_VENV)/.installed:
	python3 -m venv $(AGORA_VENV)
	$(AGORA_VENV)/bin/python -m pip install --quiet 'agora-rest[contract,testing]'
	touch $@

.PHONY: agora-contract
agora-contract: $(AGORA_VENV)/.installed ## What we send to Agora, and the recordings of it, against the contract
	$(AGORA_VENV)/bin/python -m pytest tests/test_agora_contract.py
	@# Recordings of real traffic, if there are any: take the secrets out first (agora-rest contract redact FILE.har).
	@found=$$(find tests -name '*.har'); [ -z "$$found" ] || $(AGORA_VENV)/bin/agora-rest contract check $$found
