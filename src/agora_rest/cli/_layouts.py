"""Layouts on the command line: by name, as a grid of users, or as regions from a JSON file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agora_rest.cli._exits import CliError

if TYPE_CHECKING:
    from agora_rest.layouts import Custom, Layout, Region

NAMES: Final = ("floating", "best-fit", "vertical")
"""The documented layouts that have a name."""
GRID: Final = "grid:"
"""Begins a grid of users: `grid:7,8,9`."""
HELP: Final = (
    f"{', '.join(NAMES)}; {GRID}UID,UID,… for equal regions in this order; or a JSON file with a list of regions, each "
    "with x, y, width and height as fractions of the picture, and optionally uid, alpha and crop"
)
"""The kinds of layouts, for the help of the option."""

_REGION: Final = ("x", "y", "width", "height", "uid", "alpha", "crop")
_IN_REQUESTS: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "x_axis": ("x", lambda value: value),
    "y_axis": ("y", lambda value: value),
    "render_mode": ("crop", lambda value: value == 0),
}
"""The members of Agora's `layoutConfig` with other names: what they are here."""


def layout_of(text: str, largest_uid: str | None = None) -> Layout:
    """The layout that an option names. Raises CliError for an unknown one, and for a file that has none."""
    from agora_rest.layouts import BestFit, Floating, Vertical, grid

    name = text.lower().replace("_", "-")
    if largest_uid is not None and name != "vertical":
        raise CliError("--max-resolution-uid belongs to --layout vertical.")
    if name == "vertical":
        return Vertical(largest_uid)
    if name in NAMES:
        return Floating() if name == "floating" else BestFit()
    if name.startswith(GRID):
        uids = [uid.strip() for uid in text[len(GRID) :].split(",")]
        if not any(uids):
            raise CliError(f"{text} names no user: write {GRID}UID,UID,…")
        return grid([uid or None for uid in uids])
    if not text.endswith(".json"):
        raise CliError(f"Unknown layout {text!r}: choose {', '.join(NAMES)}, {GRID}UID,UID,… or a file NAME.json.")
    return _custom(Path(text))


def _custom(file: Path) -> Custom:
    """The regions in a file."""
    from agora_rest.errors import InvalidArgument
    from agora_rest.layouts import Custom

    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CliError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise CliError(f"{file} is not JSON.") from None
    if isinstance(found, dict):
        found = found.get("layoutConfig", found.get("regions"))
    if not isinstance(found, list):
        raise CliError(f"{file} has no regions: write a list of objects, or an object with layoutConfig.")
    regions = [_region(file, number, item) for number, item in enumerate(found, start=1)]
    try:
        return Custom(regions, overlapping=True)
    except InvalidArgument as error:
        raise CliError(f"{file}: {error.field} {error.rule}.") from None


def _region(file: Path, number: int, item: Any) -> Region:
    from agora_rest.errors import InvalidArgument
    from agora_rest.layouts import Region

    if not isinstance(item, Mapping):
        raise CliError(f"{file}, region {number}: it must be a JSON object.")
    given: dict[str, Any] = {}
    for name, value in item.items():
        ours, read = _IN_REQUESTS.get(name, (name, lambda value: value))
        if ours not in _REGION:
            raise CliError(f"{file}, region {number}: unknown member {name!r}; a region has {', '.join(_REGION)}.")
        given[ours] = read(value)
    if missing := [name for name in _REGION[:4] if name not in given]:
        raise CliError(f"{file}, region {number}: {', '.join(missing)} missing.")
    try:
        return Region(**given)
    except InvalidArgument as error:
        raise CliError(f"{file}, region {number}: {error.field} {error.rule}.") from None
