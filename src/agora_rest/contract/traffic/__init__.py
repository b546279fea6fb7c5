"""Recorded traffic: HAR 1.2 files, which browsers, mitmproxy, Postman and our own recorder write.

- `har` reads them, exchange by exchange, in bounded memory.
- `check` holds each exchange of the two APIs against the specifications, and all of them against each other.
- `redact` takes the secrets out of a file and leaves the rest byte for byte.
- `record` writes one, redacted, from a live `httpx` client.
"""
