"""The package as people import it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import agora_rest

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
