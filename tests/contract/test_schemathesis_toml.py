"""Schemathesis' own command line with the committed configuration, against a running emulator."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agora_rest import spec
from agora_rest.contract.wire import prefix
from agora_rest.emulator import Emulator

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("api", spec.APIS)
def test_plain_schemathesis_finds_nothing(api: spec.Api, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(ROOT / "schemathesis.toml"), "run"]
    with Emulator(rate_limit=False).serve() as server:
        done = subprocess.run(
            [
                *command,
                str(ROOT / "openapi" / f"{api}.yaml"),
                f"--url={server.url}{prefix(api)}",
                "--max-examples=2",
                "--seed=1",
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
