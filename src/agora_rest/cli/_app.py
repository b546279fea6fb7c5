"""The whole command line, for whoever wants every command of it: documentation, tests."""

from __future__ import annotations

from agora_rest.cli._building import built

app = built()
