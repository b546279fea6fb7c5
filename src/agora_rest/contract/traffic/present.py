"""Operations and values of the present API that the documents of 2019 and 2020 do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

MODES: Final = frozenset({"individual", "web"})

_OPERATIONS: Final = tuple(
    (method, re.compile(f"(?:/(?:cn|eu|ap|us))?{path}/?"), name)
    for method, path, name in (
        ("POST", r"/v1/apps/[^/]+/cloud_recording/resourceid/[^/]+/sid/[^/]+/mode/[^/]+/update", "update"),
        ("POST", r"/v1/apps/[^/]+/cloud_recording/resourceid/[^/]+/sid/[^/]+/mode/[^/]+/updateLayout", "updateLayout"),
        ("GET", r"/dev/v1/channel/user/[^/]+/[^/]+/hosts_only", "hosts_only"),
        ("GET", r"/v[12]/ncs/ip", "the addresses of the notification servers"),
    )
)
_DOCUMENTED_VENDORS: Final = range(3)
_REGIONS: Final = {1: range(18, 26), 2: range(19, 28)}
"""The regions that came later, of vendors that the documents have."""
_VENDORS: Final = range(12)
_NEW: Final = {"mixedVideoLayout": {3}, "decryptionMode": range(4, 9)}
_PRIVILEGES: Final = frozenset({"publish_audio", "publish_video"})


def operation(method: str, path: str) -> str:
    """The operation of the present API that a request calls; "" if there is none."""
    return next((name for verb, pattern, name in _OPERATIONS if verb == method and pattern.fullmatch(path)), "")


def is_integer(value: object) -> bool:
    """Whether a JSON value is an integer."""
    return isinstance(value, int) and not isinstance(value, bool)


def as_documented(body: Any) -> tuple[Any, list[str]]:
    """A request body with the values of today replaced by values that the documents know, and what was replaced."""
    notes: list[str] = []
    return _replaced(body, notes), notes


def _replaced(value: Any, notes: list[str]) -> Any:
    if isinstance(value, list):
        return [_replaced(item, notes) for item in value]
    if not isinstance(value, dict):
        return value
    replaced = {name: _replaced(member, notes) for name, member in value.items()}
    for name, documented, note in _of_today(value):
        replaced[name] = documented
        notes.append(note)
    return replaced


def _of_today(value: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Member, documented value and a note for each value of today in an object."""
    vendor, region = value.get("vendor"), value.get("region")
    if is_integer(vendor) and is_integer(region):
        if vendor in _VENDORS and vendor not in _DOCUMENTED_VENDORS:
            yield "vendor", 0, f"`vendor` {vendor}"
            yield "region", 0, f"`region` {region} of vendor {vendor}"
        elif region in _REGIONS.get(vendor or 0, ()):
            yield "region", 0, f"`region` {region} of vendor {vendor}"
    for name, values in _NEW.items():
        if is_integer(value.get(name)) and value[name] in values:
            yield name, 1, f"`{name}` {value[name]}"
    privileges = value.get("privileges")
    if isinstance(privileges, list) and any(each in _PRIVILEGES for each in privileges if isinstance(each, str)):
        yield "privileges", ["join_channel"], "`privileges` other than `join_channel`"
