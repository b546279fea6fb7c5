"""Applies OpenAPI Overlays (version 1.0.0) to the specifications: the documents of 2019, and what has changed since.

The overlays keep to what every tool applies alike: a target is an object, `update` is merged into it (objects member by
member, arrays concatenated), `remove` removes it. Unlike the tools, this one fails when a target matches nothing.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonpath
from ruamel.yaml import YAML

VERSION = "1.0.0"


class InvalidOverlay(ValueError):  # noqa: N818  a statement about the overlay
    """An overlay cannot be applied; the message names the action and the reason."""


def applied(document: dict[str, Any], overlay: Path) -> dict[str, Any]:
    """A copy of `document` with the actions of the overlay at `overlay` applied. Raises InvalidOverlay."""
    written: dict[str, Any] = YAML(typ="safe").load(overlay)
    if written.get("overlay") != VERSION:
        raise InvalidOverlay(f"{overlay.name}: version {written.get('overlay')} instead of {VERSION}")
    result = copy.deepcopy(document)
    for number, action in enumerate(written["actions"], start=1):
        _apply(result, action, f"{overlay.name}, action {number} ({action.get('target')})")
    return result


def _apply(document: dict[str, Any], action: dict[str, Any], name: str) -> None:
    if not action.get("description"):
        raise InvalidOverlay(f"{name}: has no description")
    if ("update" in action) == (action.get("remove") is True):
        raise InvalidOverlay(f"{name}: must have either `update` or `remove: true`")
    if unknown := action.keys() - {"target", "description", "update", "remove"}:
        raise InvalidOverlay(f"{name}: unknown members {', '.join(sorted(unknown))}")
    nodes = list(jsonpath.finditer(action["target"], document))
    if not nodes:
        raise InvalidOverlay(f"{name}: the target matches nothing")
    for node in nodes:
        if action.get("remove"):
            if node.parent is None:
                raise InvalidOverlay(f"{name}: removes the whole document")
            if not isinstance(node.parent.obj, dict):
                raise InvalidOverlay(f"{name}: removes an item of an array, which tools do differently")
            del node.parent.obj[node.parts[-1]]
        elif not isinstance(node.obj, dict):
            raise InvalidOverlay(f"{name}: the target is not an object")
        else:
            _merge(node.obj, copy.deepcopy(action["update"]), name)


def _merge(target: dict[str, Any], update: dict[str, Any], name: str) -> None:
    for key, new in update.items():
        old = target.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            _merge(old, new, f"{name}/{key}")
        elif isinstance(old, list) and isinstance(new, list):
            _append(old, new, f"{name}/{key}")
        elif key in target and (isinstance(old, dict | list) or isinstance(new, dict | list)):
            raise InvalidOverlay(f"{name}/{key}: replaces a value of another kind; remove it first")
        else:
            target[key] = new


def _append(old: list[Any], new: list[Any], name: str) -> None:
    """Append to an array. One of numbers or strings is a set: an item that is there already is a mistake."""
    twice = [item for item in new if not isinstance(item, dict | list) and item in old]
    if twice:
        raise InvalidOverlay(f"{name}: has {', '.join(map(str, twice))} already")
    old.extend(new)
