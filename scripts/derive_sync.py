"""Derives the synchronous client (client/_sync) from the asynchronous one (client/_async).

The code goes through `unasync`, token by token. Docstrings and comments go through the same table of words, so that
they read right in both. The result is formatted by ruff, and is the same on every run.

    python scripts/derive_sync.py [--output DIR]
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import tokenize_rt
import unasync

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "agora_rest" / "client" / "_async"
TARGET = ROOT / "src" / "agora_rest" / "client" / "_sync"

BANNER = "# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.\n"

NAMES = {
    "_async": "_sync",
    "aclose": "close",
    "AbstractAsyncContextManager": "AbstractContextManager",
    "aread": "read",
    "handle_async_request": "handle_request",
    "async_network": "network",
    "async_shield": "shield",
    "async_time_limit": "time_limit",
    "aiter_raw": "iter_raw",
    "async_run_uncancellable": "run_uncancellable",
    "async_end_if_abandoned": "end_if_abandoned",
    "async_call_back": "call_back",
    "async_start_beside": "start_beside",
    "AsyncByteStream": "SyncByteStream",
    "__aiter__": "__iter__",
}
"""Beside these, any name that begins with `Async` loses it: AsyncAgora -> Agora, httpx.AsyncClient -> httpx.Client."""

PROSE = [
    (re.compile(r"\basync (with|for)\b"), r"\1"),
    (re.compile(r"\bawait (?=\w)"), ""),
    (
        re.compile(r"\bThe asynchronous client, written by hand\b.*", re.DOTALL),
        'The synchronous client, derived from `_async`."""',
    ),
    (re.compile(r" The stop is finished even if the task is cancelled\."), ""),
]


class Rule(unasync.Rule):
    """unasync's rule, with our names."""

    def __init__(self) -> None:
        super().__init__("_async", "_sync", NAMES)

    def derive(self, source: str) -> str:
        """The synchronous form of the module `source`."""
        tokens = self._unasync_tokens(tokenize_rt.src_to_tokens(source))
        derived: str = tokenize_rt.tokens_to_src(list(self._with_prose(tokens)))
        return derived

    def _with_prose(self, tokens: Iterator[tokenize_rt.Token]) -> Iterator[tokenize_rt.Token]:
        for token in tokens:
            if token.name == "COMMENT" or (token.name == "STRING" and token.src.startswith('"""')):
                token = token._replace(src=self._prose(token.src))
            yield token

    def _prose(self, text: str) -> str:
        for pattern, replacement in PROSE:
            text = pattern.sub(replacement, text)
        return re.sub(r"\w+", lambda word: self._unasync_name(word.group()), text)

    def _unasync_name(self, name: str) -> str:
        known: str | None = self.token_replacements.get(name)
        return re.sub(r"^Async(?=[A-Z])", "", name) if known is None else known


def formatted(source: str) -> str:
    """`source` with its imports in order and laid out by ruff, which does not look at files that are derived."""
    for command in (["check", "--select=I", "--fix"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--stdin-filename=derived.py", "-"]
        source = subprocess.run(ruff, input=source, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return source


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--output", type=Path, default=TARGET, help="where to write it (default: src/agora_rest/client/_sync)"
    )
    output = parser.parse_args().output
    rule = Rule()
    derived = {
        path.relative_to(SOURCE): formatted(BANNER + rule.derive(path.read_text(encoding="utf-8")))
        for path in sorted(SOURCE.rglob("*.py"))
    }
    if output.exists():
        shutil.rmtree(output)
    for path, text in derived.items():
        target = output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
