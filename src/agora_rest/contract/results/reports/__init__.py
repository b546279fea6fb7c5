"""Reports of a run: each is a handler of the event stream (`agora_rest.contract.results.events`)."""
