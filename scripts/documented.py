"""Finds public names that lack a docstring, or a place in the built documentation."""

from __future__ import annotations

import inspect
import re
import zlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

PUBLIC = (
    "agora_rest",
    "agora_rest.charts",
    "agora_rest.contract",
    "agora_rest.emulator",
    "agora_rest.fleet",
    "agora_rest.fleet.webhooks",
    "agora_rest.layouts",
    "agora_rest.mocks",
    "agora_rest.permits",
)
"""The modules that docs/support.md calls public."""

LIKE_THE_OTHER = "Async"
"""A class with this before its name is documented with the class that has the rest of it."""


def undocumented(site: Path) -> list[str]:
    """Public names without a docstring or without an entry in the site that was built there."""
    entries = inventory(site) | headings(site / "reference/errors/index.html")
    found = []
    for module, name, value in public_names():
        if (inspect.isclass(value) or inspect.isfunction(value)) and not own_docstring(value):
            found.append(f"{module}.{name} has no docstring")
        if entries.isdisjoint({f"{module}.{name}", name, f"agora_rest.{name.removeprefix(LIKE_THE_OTHER)}"}):
            found.append(f"{module}.{name} is on no page; add it to docs/reference/")
    return found


def public_names() -> Iterator[tuple[str, str, Any]]:
    """Every public name with its module and its value."""
    for module in map(import_module, PUBLIC):
        for name in getattr(module, "__all__", None) or defined_in(module):
            if not name.startswith("_"):
                yield module.__name__, name, getattr(module, name)


def defined_in(module: Any) -> list[str]:
    """The classes and functions that a module without `__all__` defines itself."""
    return [
        name
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__ == module.__name__
    ]


def own_docstring(value: Any) -> str:
    """The docstring that somebody wrote; not the signature that `dataclass` puts in its place."""
    text = inspect.getdoc(value) or ""
    return "" if inspect.isclass(value) and text.startswith(f"{value.__name__}(") else text


def inventory(site: Path) -> set[str]:
    """The names that the site documents, by the inventory that mkdocstrings writes."""
    content = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    return {line.partition(" ")[0] for line in zlib.decompress(content).decode().splitlines()}


def headings(page: Path) -> set[str]:
    """The words of a page's headings."""
    return set(re.findall(r"<h2[^>]*>(\w+)<", page.read_text(encoding="utf-8")))
