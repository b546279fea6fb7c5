"""Layouts of the videos in a mixed recording: the documented ones, regions of your own, and computed ones.

    from agora_rest.layouts import grid

    config = RecordingConfig(transcoding_config=TranscodingConfig(layout=grid([101, 102, 103, 104])))
    recording.update_layout(grid([101, 102]))

Positions and sizes are fractions of the whole picture, from its upper left corner. A layout that could not be shown is
refused when it is created. This module needs nothing but the standard library.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from agora_rest.errors import InvalidArgument

MAX_REGIONS: Final = 17
"""The most regions of a layout (CR-119)."""

_UNIT: Final = 1_000_000
"""Fractions have six decimal places (CR-119), so sums are made in millionths, where they are exact."""
_TOLERANCE: Final = 2
"""Millionths by which neighbours may overlap after rounding."""


class Layout:
    """The base class of layouts."""

    __slots__ = ()

    def to_request(self) -> dict[str, Any]:
        """The members of a request that set this layout."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Floating(Layout):
    """The first user fills the picture, the others are small on top of it, in up to four rows of four (CR-31)."""

    def to_request(self) -> dict[str, Any]:
        """See `Layout`."""
        return {"mixedVideoLayout": 0}


@dataclass(frozen=True, slots=True)
class BestFit(Layout):
    """A grid that fits the number of users (CR-31)."""

    def to_request(self) -> dict[str, Any]:
        """See `Layout`."""
        return {"mixedVideoLayout": 1}


@dataclass(frozen=True, slots=True)
class Vertical(Layout):
    """One user large on the left, the others in up to two columns of eight on the right (CR-31, CR-32)."""

    largest_uid: int | str | None = None
    """The large user; without one, that place shows the background."""

    def to_request(self) -> dict[str, Any]:
        """See `Layout`."""
        largest = {} if self.largest_uid is None else {"maxResolutionUid": str(self.largest_uid)}
        return {"mixedVideoLayout": 2, **largest}


@dataclass(frozen=True, slots=True)
class Region:
    """The position of a user's video. Raises InvalidArgument if it reaches beyond the picture (CR-119)."""

    x: float
    """The distance of its left edge from that of the picture, from 0 to 1. The same holds for the next three."""
    y: float
    width: float
    height: float
    uid: int | str | None = None
    """The user; None for the next user who joins."""
    alpha: float = 1.0
    """How opaque it is, from 0 (invisible) to 1."""
    crop: bool = True
    """Whether a video of another shape is cropped; otherwise the whole video is visible, perhaps with borders."""

    def __post_init__(self) -> None:
        """Refuse what the picture cannot show."""
        if self.uid is not None and not _is_uid(self.uid):
            raise _refused("uid", "must be an integer from 1 to 4294967295", self.uid)
        for name in ("x", "y", "width", "height", "alpha"):
            value = getattr(self, name)
            if not (_is_number(value) and 0 <= value <= 1):
                raise _refused(name, "must be a number from 0 to 1", value)
        for edge, size, side in (("x", "width", "right"), ("y", "height", "lower")):
            if not getattr(self, size):
                raise _refused(size, "must be more than 0", getattr(self, size))
            # Two fractions such as 2/3 and 1/3 may add up to a little more than 1.
            if (end := getattr(self, edge) + getattr(self, size)) > 1 + 1 / _UNIT:
                raise _refused(size, f"must not reach beyond the {side} edge: {edge} + {size} is {end:g}", self)

    def to_request(self) -> dict[str, Any]:
        """The member of `layoutConfig` for it."""
        x, y, right, bottom = self.edges
        user = {} if self.uid is None else {"uid": str(self.uid)}
        return {
            **user,
            "x_axis": x / _UNIT,
            "y_axis": y / _UNIT,
            "width": (right - x) / _UNIT,
            "height": (bottom - y) / _UNIT,
            "alpha": self.alpha,
            "render_mode": 0 if self.crop else 1,
        }

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Its left, upper, right and lower edge, in millionths of the picture."""
        x, y = round(self.x * _UNIT), round(self.y * _UNIT)
        return x, y, min(x + round(self.width * _UNIT), _UNIT), min(y + round(self.height * _UNIT), _UNIT)

    def overlaps(self, other: Region) -> bool:
        """Whether the two share a part of the picture."""
        left, top, right, bottom = self.edges
        others_left, others_top, others_right, others_bottom = other.edges
        wide = min(right, others_right) - max(left, others_left)
        high = min(bottom, others_bottom) - max(top, others_top)
        return wide > _TOLERANCE and high > _TOLERANCE


@dataclass(frozen=True, slots=True)
class Custom(Layout):
    """Regions of your own (CR-118, CR-119).

    Raises InvalidArgument for no region, for more than 17, for two of one user, and for regions that overlap, unless
    `overlapping` is true. The documents do not say which of two overlapping regions is in front. Regions are sent in
    their order here: put the one behind first.
    """

    regions: Sequence[Region]
    overlapping: bool = False
    """Whether regions may overlap."""

    def __post_init__(self) -> None:
        """Refuse a layout that cannot be shown."""
        regions = _listed("regions", self.regions, "a list of Region")
        if not all(isinstance(region, Region) for region in regions):
            raise _refused("regions", "must be a list of Region", type(self.regions))
        object.__setattr__(self, "regions", tuple(regions))
        if not 1 <= len(self.regions) <= MAX_REGIONS:
            raise _refused("regions", f"must be 1 to {MAX_REGIONS}", len(self.regions))
        for one, other in combinations(self.regions, 2):
            if one.uid is not None and other.uid is not None and str(one.uid) == str(other.uid):
                raise _refused("regions", "must have at most one region for a user", one.uid)
            if not self.overlapping and one.overlaps(other):
                rule = "must not overlap, unless overlapping=True is passed"
                raise _refused("regions", rule, f"{one} and {other}")

    def to_request(self) -> dict[str, Any]:
        """See `Layout`."""
        return {"mixedVideoLayout": 3, "layoutConfig": [region.to_request() for region in self.regions]}


def grid(
    uids: Iterable[int | str | None], *, columns: int | None = None, aspect: float = 1.0, crop: bool = True
) -> Custom:
    """Equal regions in rows, filled from the upper left; a last row that is not full is centred.

    Unlike `BestFit`, each user has the place that you give. None reserves a place for the next user who joins.

    Args:
        uids: Up to 17 users.
        columns: How many regions a row has; by default as many as make the regions of about the picture's shape.
        aspect: How many times wider than the picture's shape a region should be, for the default of `columns`.
        crop: As in `Region`.
    """
    users = _listed("uids", uids, "a list of user IDs")
    if not 1 <= len(users) <= MAX_REGIONS:
        raise _refused("uids", f"must be 1 to {MAX_REGIONS} users", len(users))
    if columns is None:
        if not _is_number(aspect) or not 0 < aspect < math.inf:
            raise _refused("aspect", "must be a number more than 0", aspect)
        columns = min(len(users), max(1, math.ceil(math.sqrt(len(users) / aspect))))
    if not isinstance(columns, int) or isinstance(columns, bool) or not 1 <= columns <= MAX_REGIONS:
        raise _refused("columns", f"must be from 1 to {MAX_REGIONS}", columns)
    rows = math.ceil(len(users) / columns)
    width, height = _UNIT // columns, _UNIT // rows
    regions = []
    for index, uid in enumerate(users):
        row, column = divmod(index, columns)
        in_row = min(columns, len(users) - row * columns)
        x = (_UNIT - in_row * width) // 2 if in_row < columns else 0
        regions.append(_region(x + column * width, row * height, width, height, uid, crop=crop))
    return Custom(regions)


def sidebar(
    largest: int | str | None, others: Iterable[int | str | None], *, share: float = 0.25, crop: bool = True
) -> Custom:
    """One user large on the left, the others below each other in a column on the right.

    Unlike `Vertical`, each user has the place that you give, and the column the width that you give.

    Args:
        largest: The large user, whose whole video is visible.
        others: Up to 16 users, from top to bottom; they share the height of the picture.
        share: The width of the column, as a fraction of the picture.
        crop: Whether the videos in the column are cropped to their regions.
    """
    small = _listed("others", others, "a list of user IDs")
    if not _is_number(share) or not 0 < share < 1:
        raise _refused("share", "must be more than 0 and less than 1", share)
    if not small:
        return Custom([Region(0, 0, 1, 1, largest, crop=False)])
    left, height = _UNIT - round(share * _UNIT), _UNIT // len(small)
    column = [_region(left, index * height, _UNIT - left, height, uid, crop=crop) for index, uid in enumerate(small)]
    return Custom([_region(0, 0, left, _UNIT, largest, crop=False), *column])


def inset(largest: int | str | None, small: int | str | None, *, size: float = 0.25, margin: float = 0.02) -> Custom:
    """One user fills the picture, another one lies in its lower right corner.

    The two regions overlap: see `Custom`.

    Args:
        largest: The user behind.
        small: The user in front.
        size: The width and the height of the small region, as a fraction of the picture.
        margin: Its distance from the right and the lower edge.
    """
    for name, value in (("size", size), ("margin", margin)):
        if not _is_number(value) or not 0 <= value <= 1:
            raise _refused(name, "must be a number from 0 to 1", value)
    if size + margin > 1:
        raise _refused("size, margin", "must not be more than the picture together", f"{size} and {margin}")
    corner = 1 - size - margin
    regions = [Region(0, 0, 1, 1, largest), Region(corner, corner, size, size, small)]
    return Custom(regions, overlapping=True)


def _region(x: int, y: int, width: int, height: int, uid: int | str | None, *, crop: bool) -> Region:
    """A region whose sizes are in millionths."""
    return Region(x / _UNIT, y / _UNIT, width / _UNIT, height / _UNIT, uid, crop=crop)


def _listed(name: str, items: Any, kinds: str) -> list[Any]:
    if isinstance(items, str | bytes) or not isinstance(items, Iterable):
        raise _refused(name, f"must be {kinds}", type(items) if isinstance(items, Region) else items)
    return list(items)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_uid(uid: Any) -> bool:
    if isinstance(uid, str):
        return uid.isascii() and uid.isdigit() and not uid.startswith("0") and len(uid) <= 10 and int(uid) < 2**32
    return isinstance(uid, int) and not isinstance(uid, bool) and 0 < uid < 2**32


def _refused(field: str, rule: str, value: object) -> InvalidArgument:
    return InvalidArgument(field, rule, value, facts=("CR-119",))
