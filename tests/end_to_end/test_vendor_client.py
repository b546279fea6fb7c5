"""The vendor's own client makes a recording in each mode it knows, against the emulator in dialect `current`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agora_rest.emulator import DEMO_APP_ID, Emulator
from tests.programs import PROJECT, unavailable

PROGRAM = Path(__file__).with_name("vendor_client.py")


def record(emulator: Emulator, url: str, mode: str) -> Any:
    """What the client has read."""
    found = sorted((PROJECT / ".venv").glob("rivals-*/bin/python"))
    if not found:
        unavailable("agora-rest-client is missing: run `make rivals`, which installs it apart")
    arguments = [url, DEMO_APP_ID, emulator.customer_id, "emulator-secret", mode]
    ran = subprocess.run([found[-1], PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["mix", "individual", "web"])
def test_the_vendors_client_records_in_every_mode(mode: str) -> None:
    emulator = Emulator(dialect="current")
    emulator.join(DEMO_APP_ID, "lesson", [7, 8])
    with emulator.serve() as server:
        read = record(emulator, server.url, mode)
        operations = [each["operation"] for each in emulator.requests() if each["operation"]]
        refused = [each for each in emulator.requests() if (each["status"] or 500) >= 400]

    assert refused == []
    assert len(read["sid"]) == 32
    changes = ["update_recording", "update_layout"] if mode == "mix" else ["update_recording"]
    assert operations == ["acquire", "start_recording", *changes, "query_recording", "stop_recording"]
    (recording,) = emulator.state()["recordings"]
    assert recording["sid"] == read["sid"]
    assert recording["mode"] == mode
