"""The overlays are applied as the standard says, and an action that would do nothing is a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from scripts import overlays

DOCUMENT = {
    "info": {"title": "One"},
    "paths": {"/a": {"get": {"tags": ["x"]}}, "/b": {"get": {"tags": []}}},
    "enum": [0, 1],
}


def apply(tmp_path: Path, *actions: dict[str, Any], version: str = "1.0.0") -> dict[str, Any]:
    described = [{"description": "the page `start`", **action} for action in actions]
    path = tmp_path / "overlay.yaml"
    YAML().dump({"overlay": version, "info": {"title": "t", "version": "1"}, "actions": described}, path)
    return overlays.applied(DOCUMENT, path)


def test_an_update_merges_objects_and_appends_to_arrays(tmp_path: Path) -> None:
    update = {"info": {"version": "2"}, "enum": [2], "paths": {"/a": {"get": {"tags": ["y"], "summary": "s"}}}}

    result = apply(tmp_path, {"target": "$", "update": update})

    assert result["info"] == {"title": "One", "version": "2"}
    assert result["enum"] == [0, 1, 2]
    assert result["paths"]["/a"]["get"] == {"tags": ["x", "y"], "summary": "s"}
    assert DOCUMENT["enum"] == [0, 1], "the document itself is unchanged"


def test_actions_apply_one_after_the_other_to_every_match(tmp_path: Path) -> None:
    remove = {"target": "$.paths['/a']", "remove": True}
    update = {"target": "$.paths.*.get", "update": {"deprecated": True}}

    result = apply(tmp_path, remove, update)

    assert result["paths"] == {"/b": {"get": {"tags": [], "deprecated": True}}}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"target": "$.paths['/c']", "update": {}}, "matches nothing"),
        ({"target": "$.paths['/c']", "remove": True}, "matches nothing"),
        ({"target": "$.info.title", "update": {"a": 1}}, "not an object"),
        ({"target": "$.enum[0]", "remove": True}, "an item of an array"),
        ({"target": "$", "remove": True}, "the whole document"),
        ({"target": "$", "update": {"enum": [1]}}, "has 1 already"),
        ({"target": "$", "update": {"enum": {"a": 1}}}, "of another kind"),
        ({"target": "$.info", "update": {}, "remove": True}, "either"),
        ({"target": "$.info", "updates": {}}, "either"),
        ({"target": "$.info", "update": {"a": 1}, "extend": 1}, "unknown members extend"),
        ({"target": "$.info", "update": {"a": 1}, "description": ""}, "no description"),
    ],
)
def test_an_action_that_cannot_be_meant_is_refused_by_its_number(
    tmp_path: Path, action: dict[str, Any], message: str
) -> None:
    with pytest.raises(overlays.InvalidOverlay, match=rf"overlay\.yaml, action 1 .*{message}"):
        apply(tmp_path, action)


def test_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(overlays.InvalidOverlay, match=r"version 1\.1\.0 instead of 1\.0\.0"):
        apply(tmp_path, {"target": "$.info", "update": {"a": 1}}, version="1.1.0")
