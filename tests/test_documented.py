"""`make docs`: every public name has a docstring and a page."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from scripts import documented


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A built site that has every public name."""
    names = {f"{module}.{name}" for module, name, _ in documented.public_names()}
    built(tmp_path, names)
    return tmp_path


def built(folder: Path, names: set[str]) -> None:
    """Write what a site has of names: the inventory, and the page of errors."""
    lines = "".join(f"{name} py:class 1 reference/#$ -\n" for name in names)
    (folder / "objects.inv").write_bytes(b"1\n2\n3\n4\n" + zlib.compress(lines.encode()))
    (folder / "reference/errors").mkdir(parents=True, exist_ok=True)
    (folder / "reference/errors/index.html").write_text("<h2 id=x>NotFound<a></a></h2>", encoding="utf-8")


def test_every_public_name_has_a_docstring(site: Path) -> None:
    assert documented.undocumented(site) == []


def test_a_name_without_a_page_is_named(site: Path) -> None:
    names = documented.inventory(site)
    built(site, names - {"agora_rest.fleet.Fleet", "agora_rest.NotFound", "agora_rest.AsyncApp"})
    assert documented.undocumented(site) == ["agora_rest.fleet.Fleet is on no page; add it to docs/reference/"]


def test_the_signature_of_a_dataclass_is_no_docstring() -> None:
    assert not documented.own_docstring(type("Point", (), {"__doc__": "Point(x: int)"}))
    assert documented.own_docstring(type("Point", (), {"__doc__": "A place."})) == "A place."
