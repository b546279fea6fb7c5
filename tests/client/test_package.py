"""The package as people import it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import agora_rest
from agora_rest import spec

ROOT = Path(__file__).resolve().parents[2]


def test_every_exported_name_is_there() -> None:
    assert sorted(set(agora_rest.__all__)) == sorted(agora_rest.__all__)
    for name in agora_rest.__all__:
        assert getattr(agora_rest, name) is not None
    assert dir(agora_rest) == sorted(agora_rest.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = agora_rest.nonsense


def test_the_version_is_that_of_the_distribution() -> None:
    assert agora_rest.__version__ == version("agora-rest")


def test_importing_it_loads_nothing_else_of_it() -> None:
    code = "import sys, json, agora_rest; print(json.dumps(list(sys.modules)))"
    loaded = set(json.loads(subprocess.check_output([sys.executable, "-c", code], text=True)))
    assert {name for name in loaded if name.startswith("agora")} == {"agora_rest"}
    assert not loaded & {"httpx", "attr", "jsonschema_rs", "schemathesis", "starlette"}


def test_the_synchronous_client_does_not_load_the_asynchronous_one() -> None:
    code = "import sys; from agora_rest import Agora; assert 'agora_rest.client._async' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


NOT_NEEDED_YET = {
    "agora_rest.cli",
    "agora_rest.client._json_reader",
    "agora_rest.client._results",
    "agora_rest.client._transports.drift",
    "agora_rest.client._transports.validation",
    "agora_rest.client.enums",
    "agora_rest.client.models",
    "agora_rest.client.settings",
    "agora_rest.contract",
    "agora_rest.fleet",
    "agora_rest.spec.catalog",
    "agora_rest.spec.numbered_facts",
    "agora_rest.spec.validation",
    "agora_rest.state_models",
    "difflib",
    "importlib.resources",
    "jsonschema_rs",
    "msgspec",
    "sqlite3",
}
"""Loaded by the first call, by the first with validation, by mistakes, or by other parts of the package."""


@pytest.mark.parametrize("client", ["Agora", "AsyncAgora"])
def test_importing_a_client_loads_nothing_that_only_calls_need(client: str) -> None:
    code = f"import sys, json; from agora_rest import {client}; print(json.dumps(list(sys.modules)))"
    loaded = set(json.loads(subprocess.check_output([sys.executable, "-c", code], text=True)))
    assert loaded & NOT_NEEDED_YET == set()


def test_a_client_without_validation_watches_for_no_drift() -> None:
    code = (
        "import sys; from agora_rest import Agora\n"
        "with Agora('c', 'c') as agora: agora.with_options(timeout=3).projects\n"
        "assert 'agora_rest.client._transports.drift' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_specifications_say_which_names_they_have() -> None:
    """They are loaded by name, so what a reader or a type checker sees is compared with what there is."""
    assert sorted(spec.__all__) == dir(spec)
    assert all(getattr(spec, name) is not None for name in spec.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = spec.nonsense


def test_the_synchronous_client_is_what_its_script_derives(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "derive_sync.py"
    subprocess.run([sys.executable, script, "--output", tmp_path / "out"], check=True)
    committed = ROOT / "src" / "agora_rest" / "client" / "_sync"
    derived = {path.relative_to(tmp_path / "out"): path.read_text() for path in (tmp_path / "out").rglob("*.py")}
    assert derived == {path.relative_to(committed): path.read_text() for path in committed.rglob("*.py")}


def test_the_synchronous_client_reads_as_if_written_by_hand() -> None:
    for path in (ROOT / "src" / "agora_rest" / "client" / "_sync").rglob("*.py"):
        text = path.read_text().partition("\n")[2]
        for word in ("async ", "await", "Async", "aclose", "aread", "_async."):
            assert word not in text, f"{path.name} has {word!r}"
