"""Recorded traffic: HAR 1.2 files, which browsers, mitmproxy and our own recorder write.

- `units` reads them piece by piece in bounded memory, `har` exchange by exchange.
- `check` checks each exchange of the two APIs against the specifications, and all exchanges against each other.
- `redact` hides what is not known to be harmless.
- `record` writes one, redacted, from a live `httpx` client.
"""
