"""Writes the names that `agora_rest` exports into `src/agora_rest/__init__.py`, below a line that says so.

    python scripts/exports.py [--output FILE]

In a module marked `PUBLIC_CLASSES`, every class without a leading underscore is exported.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "src" / "agora_rest"
MARK: Final = "# Written by `make generate` (scripts/exports.py) down to the end of `_MODULES`; do not edit."
END: Final = "# Written by hand again."

PUBLIC_CLASSES: Final = ("*",)
MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    "_version": ("__version__",),
    "client._async.client": ("AsyncAgora", "AsyncApp"),
    "client._async.recording": ("AsyncRecording",),
    "client._dataframe": ("to_dataframe",),
    "client._retries": ("RetryPolicy",),
    "client._sync.client": ("Agora", "App"),
    "client._sync.recording": ("Recording",),
    "client._transports.raw": ("RawResponse",),
    "client.clocks": ("AsyncClock", "Clock"),
    "client.enums": PUBLIC_CLASSES,
    "client.hooks": PUBLIC_CLASSES,
    "client.models": PUBLIC_CLASSES,
    "client.settings": PUBLIC_CLASSES,
    "client.storages": (*PUBLIC_CLASSES, "Storage"),
    "errors": PUBLIC_CLASSES,
    "permits": ("Limit", "Limits", "MemoryPermits", "PermitStore"),
}
"""The exported names of each module."""

NOT_EXPORTED: Final = frozenset({"Model"})
"""Public classes that only their own module's classes need."""


def exported() -> dict[str, list[str]]:
    return {module: sorted(_names(module, names)) for module, names in MODULES.items()}


def _names(module: str, names: tuple[str, ...]) -> set[str]:
    found = set(names) - set(PUBLIC_CLASSES)
    if set(PUBLIC_CLASSES) <= set(names):
        tree = ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
        found |= {node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"}
    return found - NOT_EXPORTED


def exports() -> str:
    """The generated part of the file."""
    modules = exported()
    imports = [f"    from agora_rest.{module} import {', '.join(names)}" for module, names in modules.items()]
    every = sorted(name for names in modules.values() for name in names)
    table = {module: tuple(names) for module, names in modules.items()}
    return "\n".join(
        [
            "if TYPE_CHECKING:",
            *imports,
            "",
            f"__all__ = {every!r}",
            "",
            f"_MODULES: Final = {table!r}",
            '"""Where each public name is defined. A module is imported when one of its names is first used."""',
        ]
    )


def write(output: Path) -> None:
    """Write the file with current exports to `output`."""
    text = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    head, tail = text.partition(MARK)[0], text.partition(END)[2]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(f"{head}{MARK}\n{exports()}\n\n{END}{tail}", encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--no-cache", "--quiet", "--line-length=120"]
    subprocess.run([*ruff, "check", *options, "--select=I", "--fix", output], check=True)
    subprocess.run([*ruff, "format", *options, output], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=PACKAGE / "__init__.py")
    write(parser.parse_args().output)


if __name__ == "__main__":
    main()
