"""The layout of mode `mix`: where each user's picture lies on the canvas (CR-118 … CR-121)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

MOST_REGIONS: Final = 17

_SMALL, _GAP = 0.235, 0.012
"""Of the floating layout: the size of a small region, and the gaps between and beside them."""

_WIDTH_OF_COLUMN: Final = ((4, 1 / 5, 1 / 4, 1), (6, 1 / 7, 1 / 6, 1), (8, 1 / 9, 1 / 8, 1), (16, 1 / 10, 1 / 8, 2))
"""Of the vertical layout: the maximum number of small regions, their width and height, and the number of columns."""


class LayoutKind(IntEnum):
    """The value of `mixedVideoLayout` (CR-118)."""

    FLOATING = 0
    BEST_FIT = 1
    VERTICAL = 2
    CUSTOM = 3


class RenderMode(IntEnum):
    """How a picture is fitted into a region of another shape (CR-119)."""

    CROP = 0
    FIT = 1


class Region(NamedTuple):
    """A part of the canvas; position and size are parts of the canvas, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    uid: int | None = None
    """The user in it; None if it is free."""
    alpha: float = 1.0
    render_mode: RenderMode = RenderMode.CROP


class UserBackground(NamedTuple):
    """The image in the region of a user who sends no video (CR-121)."""

    uid: int
    image_url: str
    render_mode: RenderMode = RenderMode.CROP


@dataclass(frozen=True)
class Layout:
    """How the pictures of users are arranged. Its defaults are those of the documents."""

    kind: LayoutKind = LayoutKind.FLOATING
    large_uid: int | None = None
    """The user of the large region of the vertical layout (`maxResolutionUid`)."""
    background_color: str = "#000000"
    background_image: str | None = None
    default_user_background_image: str | None = None
    regions: tuple[Region, ...] = ()
    """The regions of the custom layout; one without `uid` is for the next user without a region."""
    user_backgrounds: tuple[UserBackground, ...] = ()

    def place(self, uids: Sequence[int]) -> list[Region]:
        """The region of each of these users, who are in the order in which they joined. At most 17 have one."""
        return _PLACE[self.kind](self, list(uids))


def _floating(_: Layout, uids: list[int]) -> list[Region]:
    """The first user fills the canvas; the others are small, from the lower left corner, four in a row."""
    regions = [Region(0, 0, 1, 1, uid) for uid in uids[:1]]
    for index, uid in enumerate(uids[1:MOST_REGIONS]):
        row, column = divmod(index, 4)
        x = _GAP + column * (_SMALL + _GAP)
        y = 1 - (row + 1) * (_SMALL + _GAP)
        regions.append(Region(x, y, _SMALL, _SMALL, uid))
    return regions


def _best_fit(_: Layout, uids: list[int]) -> list[Region]:
    """A grid as square as possible. With 17 users it has four columns between two bands, and one user below."""
    uids = uids[:MOST_REGIONS]
    if len(uids) == MOST_REGIONS:
        grid = [Region(0.1 + 0.2 * (i % 4), 0.2 * (i // 4), 0.2, 0.2, uid) for i, uid in enumerate(uids[:-1])]
        return [*grid, Region(0.4, 0.8, 0.2, 0.2, uids[-1])]
    columns = math.ceil(math.sqrt(len(uids)))
    rows = math.ceil(len(uids) / columns) if columns else 0
    return [
        Region(i % columns / columns, i // columns / rows, 1 / columns, 1 / rows, uid) for i, uid in enumerate(uids)
    ]


def _vertical(layout: Layout, uids: list[int]) -> list[Region]:
    """One user is large on the left, the others are small in one or two columns on the right."""
    small = [uid for uid in uids if uid != layout.large_uid][: MOST_REGIONS - 1]
    width, height, columns = next((w, h, c) for most, w, h, c in _WIDTH_OF_COLUMN if len(small) <= most)
    edge = 1 - columns * width
    large = Region(0, 0, edge, 1, layout.large_uid if layout.large_uid in uids else None, render_mode=RenderMode.FIT)
    per_column = round(1 / height)
    return [large] + [
        Region(edge + i // per_column * width, i % per_column * height, width, height, uid)
        for i, uid in enumerate(small)
    ]


def _custom(layout: Layout, uids: list[int]) -> list[Region]:
    """Each user in the region that names them; the others in the regions without a user, in their order."""
    named = {region.uid for region in layout.regions}
    others = iter([uid for uid in uids if uid not in named])
    placed = []
    for region in layout.regions:
        uid = next(others, None) if region.uid is None else region.uid
        placed.append(region._replace(uid=uid if uid in uids else None))
    return placed


_PLACE: Final[dict[LayoutKind, Callable[[Layout, list[int]], list[Region]]]] = {
    LayoutKind.FLOATING: _floating,
    LayoutKind.BEST_FIT: _best_fit,
    LayoutKind.VERTICAL: _vertical,
    LayoutKind.CUSTOM: _custom,
}
