"""What tests of the fleet may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agora_rest.fleet import Journal
from tests.fleet.harness import FleetHarness, new_file


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[FleetHarness]:
    found = FleetHarness(tmp_path)
    yield found
    found.journal.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new journal, in either database."""
    if request.param == "sqlite":
        return new_file(tmp_path)
    server: Any = request.getfixturevalue("postgresql")
    url: str = server.database()
    with Journal(url, check=False) as journal:
        journal.migrate()
    return url
