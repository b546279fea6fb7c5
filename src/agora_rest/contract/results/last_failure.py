"""The last failure, stored so that the next run tries it first.

A run is what its seed makes it: the same seed sends the same requests and draws the same examples, check by check. So a
failing example is kept as the seed of its run and the names of the checks that failed. The next run against the same
server that is given no seed takes that one and makes those checks first, until nothing fails any more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agora_rest.contract.checking.checks import Check

DEFAULT_FILE: Final = Path(".agora-rest") / "failed.json"


@dataclass(frozen=True)
class Failed:
    """The last broken run against a server: its seed, and the checks that failed."""

    seed: int
    checks: tuple[str, ...]


class Kept:
    """The stored failures in `path`, one entry for each server, under a name chosen by the caller.

    It is a convenience and never in the way: a file that cannot be read is as good as none, one that cannot be written
    is not written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, server: str) -> Failed | None:
        """The last broken run against `server`, or None when its last run held."""
        entry = self._read().get(server)
        match entry:
            case {"seed": int(seed), "checks": list(checks)}:
                return Failed(seed, tuple(each for each in checks if isinstance(each, str)))
        return None

    def remember(self, server: str, failed: Failed | None) -> None:
        """Keep how a run against `server` went: `failed`, or None when it held."""
        entries = self._read()
        before = dict(entries)
        entries.pop(server, None)
        if failed is not None:
            entries[server] = {"seed": failed.seed, "checks": list(failed.checks)}
        if entries != before:
            self._write(entries)

    def _read(self) -> dict[str, Any]:
        try:
            loaded = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def _write(self, entries: dict[str, Any]) -> None:
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            fresh.replace(self._path)


def failed_first(checks: Iterable[Check], failed: Collection[str]) -> list[Check]:
    """`checks` with those named in `failed` before the others, otherwise in their order."""
    return sorted(checks, key=lambda check: check.name not in failed)
