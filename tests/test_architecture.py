"""The walls of the house (see ARCHITECTURE.md): which part may import which."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import agora_rest

PACKAGE = Path(agora_rest.__file__).parent

SHARED = {"addresses", "error_codes", "errors", "permits", "pickling", "redaction", "spec", "text"}
"""What several parts may import; these import each other only."""

MAY_IMPORT = {
    "package": {"package", "client", *SHARED},
    "client": {"client", "package", "state_models", *SHARED},
    "emulator": {"addresses", "emulator", "redaction", "spec", "text"},
    "contract": {"contract", "emulator", "state_models", *SHARED},
    "fleet": {"fleet", "client", "package", *SHARED},
    "charts": {"charts", "client", "errors"},
    "cli": {"cli", "charts", "fleet", "contract", "emulator", "client", "package", *SHARED},
    "addresses": {"addresses"},
    "mocks": {"addresses", "mocks", "redaction", "spec"},
    "pytest_plugin": {"pytest_plugin", "mocks", "emulator", "client", "package"},
    "errors": {"errors", "redaction", "spec", "text"},
    "permits": {"permits", "errors", "pickling", "spec", "text"},
    "pickling": {"pickling"},
    "error_codes": {"error_codes", "errors"},
    "redaction": {"redaction", "spec"},
    "spec": {"spec"},
    "state_models": {"state_models", "redaction", "spec"},
    "text": {"text"},
}
"""Each part, and the parts it may import. `package` is `agora_rest` itself: the public names and the version."""


def part_of(module: str) -> str:
    """The part that `agora_rest.x.y` belongs to."""
    top = module.split(".")[1] if "." in module else ""
    return top if top in MAY_IMPORT else "package"


def name_of(path: Path) -> str:
    """The dotted name of the module at `path`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(["agora_rest", *(part for part in parts if part != "__init__")])


def imports(path: Path) -> Iterator[str]:
    """The modules of this package that the file at `path` imports, at any depth, relatively or not."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "agora_rest" else [base]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "agora_rest")


def test_imports_run_one_way() -> None:
    breaches = []
    for path in sorted(PACKAGE.rglob("*.py")):
        importer = name_of(path)
        allowed = MAY_IMPORT[part_of(importer)]
        breaches += [f"{importer} imports {found}" for found in imports(path) if part_of(found) not in allowed]
    assert breaches == []


def imported_at_once(path: Path, *, types: bool = False) -> set[str]:
    """The modules of this package that the file at `path` imports at its top level, those only for types on request."""
    found: set[str] = set()
    statements: list[ast.stmt] = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while statements:
        node = statements.pop()
        if isinstance(node, ast.If) and (types or "TYPE_CHECKING" not in ast.dump(node.test)):
            statements += [*node.body, *node.orelse]
        elif isinstance(node, ast.Try):
            statements += node.body
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (members & MODULES.keys()) or {node.module}
    return found & MODULES.keys() - {name_of(path)}


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}

OWNERS = {
    "agora_rest.client._async.recording": "agora_rest.client._async.recording_calls",
    "agora_rest.client._sync.recording": "agora_rest.client._sync.recording_calls",
    "agora_rest.emulator.recorded_files": "agora_rest.emulator.current_recordings",
    "agora_rest.emulator.saved_state": "agora_rest.emulator.state",
    "agora_rest.emulator.server": "agora_rest.emulator.emulator",
    "agora_rest.emulator.snapshot": "agora_rest.emulator.state",
}
"""Modules whose objects are made by another module's, and name its types: the only circles among types."""


def test_no_modules_load_each_other_in_a_circle() -> None:
    graph = {name: imported_at_once(path) for name, path in MODULES.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules


def test_only_what_another_module_makes_names_the_types_of_its_maker() -> None:
    graph = {name: imported_at_once(path, types=True) for name, path in MODULES.items()}
    for name, owner in OWNERS.items():
        assert owner in graph[name], f"{name} no longer imports {owner}"
        graph[name].remove(owner)
    TopologicalSorter(graph).prepare()


KNOWN_TO_CHECKS_ONLY = {"effect", "priority", "retry"}
"""What the specifications say of an operation's behaviour: the checks and the client read it."""


def test_the_emulator_takes_no_behaviour_from_what_the_checks_read() -> None:
    """Paths, parameters, schemas and limits are the form of a call; what a call does, the emulator states itself."""
    breaches = []
    for path in sorted((PACKAGE / "emulator").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            read = isinstance(node, ast.Attribute) and node.attr in KNOWN_TO_CHECKS_ONLY
            named = isinstance(node, ast.Constant) and node.value in {f"x-{each}" for each in KNOWN_TO_CHECKS_ONLY}
            breaches += [f"{name_of(path)}:{node.lineno}"] if read or named else []
    assert breaches == []


HEAVY = ("starlette", "uvicorn", "schemathesis", "hypothesis", "typer", "rich", "jsonschema_rs")

LOADED_BY_US = """
import sys, httpx
before = set(sys.modules)  # httpx loads its own command line
import agora_rest
agora_rest.Agora
print(*(set(sys.modules) - before))
"""


def test_relative_imports_are_seen() -> None:
    assert "agora_rest.spec" in set(imports(PACKAGE / "client" / "_async" / "calls.py"))


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED_BY_US], check=True, capture_output=True, text=True).stdout
    assert set(HEAVY) & set(loaded.split()) == set()
