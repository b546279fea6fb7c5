"""Draws the layouts of mixed recordings as SVG files, for the documentation: docs/images/layouts/.

Regions come from `agora_rest.layouts`. For layouts that the service arranges itself, they show the documented
arrangement of a few users.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from agora_rest.layouts import Custom, Region, grid, inset, sidebar

FOLDER: Final = Path(__file__).parents[1] / "docs/images/layouts"
WIDTH: Final = 320
HEIGHT: Final = 180
_GAP: Final = 1.5
"""Pixels left free on each side of a region."""
_FLOATING: Final = [Region(0, 0, 1, 1, "1"), *(Region(0.02 + 0.24 * n, 0.74, 0.22, 0.22, str(n + 2)) for n in range(4))]
_VERTICAL: Final = [Region(0, 0, 0.78, 1, "1"), *(Region(0.78, n / 8, 0.22, 1 / 8, str(n + 2)) for n in range(4))]

PICTURES: Final[dict[str, Custom]] = {
    "floating": Custom(_FLOATING, overlapping=True),
    "best-fit": grid(["1", "2", "3", "4"]),
    "vertical": Custom(_VERTICAL),
    "grid": grid(["101", "102", "103", "104", "105"], columns=3),
    "sidebar": sidebar("101", ["102", "103", "104"]),
    "inset": inset("101", "102"),
    "custom": Custom(
        [Region(0, 0, 2 / 3, 1, "101"), Region(2 / 3, 0, 1 / 3, 0.5, "102"), Region(2 / 3, 0.5, 1 / 3, 0.5)]
    ),
}
"""The pictures by the names of their files. A region without a user is for the next one who joins."""

_STYLE: Final = (
    "rect{fill:#c5cae9;stroke:#3f51b5;stroke-width:1.5}.back{fill:#f5f5f5;stroke:#9e9e9e}"
    "text{font:600 13px sans-serif;fill:#1a237e;text-anchor:middle;dominant-baseline:central}"
    "@media(prefers-color-scheme:dark){rect{fill:#303f9f;stroke:#9fa8da}.back{fill:#212121;stroke:#757575}"
    "text{fill:#e8eaf6}}"
)


def drawn(name: str, layout: Custom) -> str:
    """The picture of a layout as SVG."""
    shapes = "\n".join(_shape(region) for region in layout.regions)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{name}">\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>\n{shapes}\n</svg>\n'
    )


def _shape(region: Region) -> str:
    left, top = region.x * WIDTH + _GAP, region.y * HEIGHT + _GAP
    width, height = region.width * WIDTH - 2 * _GAP, region.height * HEIGHT - 2 * _GAP
    label = "next user" if region.uid is None else str(region.uid)
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3"/>'
        f'<text x="{left + width / 2:.1f}" y="{top + height / 2:.1f}">{label}</text>'
    )


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, layout in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(drawn(name, layout), encoding="utf-8")


if __name__ == "__main__":
    main()
