"""The pictures of layouts in the documentation are those that their script draws."""

from __future__ import annotations

import re

import pytest

from scripts.layout_pictures import FOLDER, PICTURES, drawn


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_the_script_draws_it(name: str) -> None:
    assert (FOLDER / f"{name}.svg").read_text(encoding="utf-8") == drawn(name, PICTURES[name])


def test_every_picture_is_shown_and_every_shown_one_exists() -> None:
    page = (FOLDER.parents[1] / "how-to/layouts.md").read_text(encoding="utf-8")
    assert set(re.findall(r"images/layouts/([\w-]+)\.svg", page)) == set(PICTURES)
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(PICTURES)
