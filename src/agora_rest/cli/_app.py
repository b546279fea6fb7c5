"""The whole command line with every command, for documentation and tests."""

from __future__ import annotations

from agora_rest.cli._building import build_app

app = build_app()
