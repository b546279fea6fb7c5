"""Runs the end-to-end tests through Prism's validating proxy, an outsider's reading of our specifications.

Prism stands between the client and the emulator and answers with an error of its own for every request or answer that
breaks the specification. It reads one document at a time, so those of an edition are put together as a server has them:
the Console under /dev.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from scripts.generate import PROJECT, edition_2019, edition_current

START_LIMIT = 60.0
"""Seconds that Prism gets to answer for the first time."""


# Injected faults break the specification on purpose; Prism reads the documented dialect, and today's.
EDITIONS = {"2019": (edition_2019, "documented and not fault"), "current": (edition_current, "current and not fault")}
"""How the documents of an edition are read, and which tests are run with them."""


def together(edition: str) -> dict[str, Any]:
    """Both specifications as one document. Components of the Console get a prefix of their own."""
    recording, console = (EDITIONS[edition][0](api) for api in ("cloud-recording", "console"))
    console = json.loads(re.sub(r'"#/components/(\w+)/', r'"#/components/\1/Console', json.dumps(console)))
    components = recording["components"]
    for section, named in console["components"].items():
        prefix = "" if section == "securitySchemes" else "Console"
        components.setdefault(section, {}).update({f"{prefix}{name}": value for name, value in named.items()})
    paths = {**recording["paths"], **{f"/dev{path}": item for path, item in console["paths"].items()}}
    return {**recording, "components": components, "paths": paths, "tags": [*recording["tags"], *console["tags"]]}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return once `url` answers anything at all."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("Prism did not start")


def main() -> None:
    prism = PROJECT / "node_modules/.bin/prism"
    raise SystemExit(max(run(prism, edition) for edition in EDITIONS))


def run(prism: Path, edition: str) -> int:
    """Run the tests of an edition through the proxy. Returns the exit code."""
    print(f"==> through Prism, by the documents of {edition}", flush=True)
    proxy, proxied = free_port(), free_port()
    with tempfile.TemporaryDirectory() as directory:
        document, log = Path(directory) / "agora.json", Path(directory) / "prism.log"
        document.write_text(json.dumps(together(edition)), encoding="utf-8")
        upstream, url = f"http://127.0.0.1:{proxied}", f"http://127.0.0.1:{proxy}"
        command = [str(prism), "proxy", str(document), upstream, "--errors", "--port", str(proxy)]
        with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
            try:
                wait_for(url, process)
                environment = {**os.environ, "AGORA_TEST_PROXY": url, "AGORA_TEST_PROXIED": str(proxied)}
                file = "tests/end_to_end/test_every_operation.py"
                tests = [sys.executable, "-m", "pytest", file, "-k", EDITIONS[edition][1]]
                status = subprocess.run(tests, cwd=PROJECT, env=environment, check=False).returncode
            finally:
                process.terminate()
        if status:
            print(log.read_text(encoding="utf-8", errors="replace")[-8000:])
    return status


if __name__ == "__main__":
    main()
