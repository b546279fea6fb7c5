"""The client of both APIs. Import its public names from `agora_rest`; modules that begin with `_` are internal."""
