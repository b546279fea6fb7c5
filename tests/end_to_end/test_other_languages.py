"""A service in another language: its tests control the emulator over HTTP, and a command checks what it has sent."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from typer.testing import CliRunner

from agora_rest.cli._app import app
from agora_rest.emulator import DEMO_APP_ID, Emulator
from tests.programs import PROJECT, nodejs

CALL = """
const Authorization = "Basic " + Buffer.from("emulator:emulator-secret").toString("base64");
for (const status of [500, 200]) {
  const response = await fetch(`${emulator}/dev/v1/projects`, { headers: { Authorization } });
  if (Math.floor(response.status / 100) !== status / 100) throw new Error(`${response.status}`);
}
"""


def test_typescript_controls_the_emulator_and_its_session_is_checked(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "how-to" / "test.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```typescript\n(.*?)```", page, flags=re.DOTALL)
    script = tmp_path / "session.mts"
    script.write_text(shown.replace("// … the code under test …\n", CALL), encoding="utf-8")
    with Emulator().serve() as server:
        environment = {**os.environ, "AGORA_BASE_URL": server.url}
        words = [str(nodejs()), "--experimental-strip-types", "--no-warnings", str(script)]
        ran = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        users = server.emulator.state()["channels"]
    assert DEMO_APP_ID in str(users)
    checked = CliRunner().invoke(app, ["contract", "check", str(tmp_path / "session.har")])
    assert checked.exit_code == 0, checked.output
