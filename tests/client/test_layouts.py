"""Layouts: what they send, and what they refuse before anything is sent."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest import InvalidArgument, TranscodingConfig, spec
from agora_rest.layouts import BestFit, Custom, Floating, Layout, Region, Vertical, grid, inset, sidebar

pytestmark = pytest.mark.fact("CR-118", "CR-119")

VALIDATOR = spec.validator("cloud-recording", "TranscodingConfig")
MILLIONTH = 1 / 1_000_000
fractions = st.floats(0, 1, allow_nan=False)


def sent(layout: Layout) -> list[dict[str, Any]]:
    members = TranscodingConfig(layout=layout).to_request()
    VALIDATOR.validate(members)
    return list(members["layoutConfig"])


def is_within(region: dict[str, Any]) -> bool:
    """As a server may compute it, in floating point."""
    return bool(region["x_axis"] + region["width"] <= 1 and region["y_axis"] + region["height"] <= 1)


def share(one: dict[str, Any], other: dict[str, Any]) -> bool:
    wide = min(one["x_axis"] + one["width"], other["x_axis"] + other["width"]) - max(one["x_axis"], other["x_axis"])
    high = min(one["y_axis"] + one["height"], other["y_axis"] + other["height"]) - max(one["y_axis"], other["y_axis"])
    return bool(wide > 3 * MILLIONTH and high > 3 * MILLIONTH)


def area(regions: list[dict[str, Any]]) -> float:
    return float(sum(region["width"] * region["height"] for region in regions))


@given(st.integers(1, 17), st.integers(1, 17) | st.none(), st.floats(0.2, 5))
def test_a_grid_has_equal_regions_for_all_within_the_picture(users: int, columns: int | None, aspect: float) -> None:
    regions = sent(grid(range(1, users + 1), columns=columns, aspect=aspect))
    assert [region["uid"] for region in regions] == [str(uid) for uid in range(1, users + 1)]
    assert all(map(is_within, regions))
    assert not any(share(*pair) for pair in combinations(regions, 2))
    assert len({(region["width"], region["height"]) for region in regions}) == 1
    if columns is not None and users % columns == 0:
        assert area(regions) == pytest.approx(1, abs=1e-4)


def test_the_last_row_of_a_grid_is_centred() -> None:
    first, second, third = sent(grid([1, 2, 3]))
    assert (first["x_axis"], second["x_axis"], third["x_axis"]) == (0, 0.5, 0.25)
    assert (first["y_axis"], third["y_axis"]) == (0, 0.5)


@given(st.integers(1, 16), st.floats(0.01, 0.99))
def test_a_sidebar_fills_the_picture(others: int, width: float) -> None:
    regions = sent(sidebar(100, range(1, others + 1), share=width))
    assert all(map(is_within, regions))
    assert not any(share(*pair) for pair in combinations(regions, 2))
    assert area(regions) == pytest.approx(1, abs=1e-4)
    assert (regions[0]["uid"], regions[0]["render_mode"]) == ("100", 1)


def test_a_sidebar_without_others_is_one_picture() -> None:
    (only,) = sent(sidebar(7, []))
    assert (only["width"], only["height"]) == (1, 1)


def test_an_inset_lies_in_front() -> None:
    behind, front = sent(inset(1, 2))
    assert (behind["uid"], front["uid"]) == ("1", "2")
    assert share(behind, front)
    assert is_within(front)


@given(fractions, fractions, st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_region_is_within_the_picture_or_refused(x: float, y: float, width: float, height: float) -> None:
    if x + width > 1 + MILLIONTH or y + height > 1 + MILLIONTH:
        with pytest.raises(InvalidArgument, match="must not reach beyond"):
            Region(x, y, width, height)
        return
    (region,) = sent(Custom([Region(x, y, width, height)]))
    assert is_within(region)
    for name, given_value in (("x_axis", x), ("y_axis", y), ("width", width), ("height", height)):
        assert region[name] == pytest.approx(given_value, abs=2 * MILLIONTH)


@given(st.lists(st.tuples(fractions, fractions, st.floats(0.01, 1), st.floats(0.01, 1)), min_size=2, max_size=5))
def test_regions_that_overlap_are_refused_unless_that_is_wanted(places: list[tuple[float, ...]]) -> None:
    regions = [Region(x * (1 - width), y * (1 - height), width, height) for x, y, width, height in places]
    overlapping = any(one.overlaps(other) for one, other in combinations(regions, 2))
    assert overlapping == any(other.overlaps(one) for one, other in combinations(regions, 2))
    if overlapping:
        with pytest.raises(InvalidArgument, match="overlapping=True"):
            Custom(regions)
    else:
        assert not any(share(*pair) for pair in combinations(sent(Custom(regions)), 2))
    assert len(sent(Custom(regions, overlapping=True))) == len(regions)


@pytest.mark.parametrize("parts", [3, 6, 7, 9, 11, 13])
def test_thirds_and_the_like_are_neighbours_in_spite_of_rounding(parts: int) -> None:
    regions = sent(Custom([Region(index / parts, 0, 1 / parts, 1) for index in range(parts)]))
    assert all(map(is_within, regions))


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: Region(-0.1, 0, 1, 1), "x must be a number from 0 to 1"),
        (lambda: Region(0, "0", 1, 1), "y must be a number"),  # type: ignore[arg-type]
        (lambda: Region(0, True, 1, 1), "y must be a number"),
        (lambda: Region(0, 0, float("nan"), 1), "width must be a number"),
        (lambda: Region(0, 0, 0, 1), "width must be more than 0"),
        (lambda: Region(0, 0, 1, 1, alpha=2), "alpha must be a number from 0 to 1"),
        (lambda: Region(0.5, 0, 0.6, 1), "width must not reach beyond the right edge: x . width is 1.1"),
        (lambda: Region(0, 0.5, 1, 0.6), "height must not reach beyond the lower edge"),
        (lambda: Custom([Region(0, 0, 0.1, 0.1)] * 18, overlapping=True), "regions must be 1 to 17"),
        (lambda: Custom([Region(0, 0, 0.5, 1, 7), Region(0.5, 0, 0.5, 1, "7")]), "one region for a user"),
        (lambda: grid([]), "uids must be 1 to 17 users"),
        (lambda: grid([1], columns=0), "columns must be from 1 to 17"),
        (lambda: sidebar(1, [2], share=1), "share must be more than 0"),
        (lambda: Region(0, 0, 1, 1, 0), "uid must be an integer from 1 to 4294967295, but 0 was given"),
        (lambda: Region(0, 0, 1, 1, "bob"), "uid must be an integer"),
        (lambda: Region(0, 0, 1, 1, True), "uid must be an integer"),
        (lambda: Custom(Region(0, 0, 1, 1)), "regions must be a list of Region"),  # type: ignore[arg-type]
        (lambda: Custom([{"x": 0}]), "regions must be a list of Region"),  # type: ignore[list-item]
        (lambda: grid(5), "uids must be a list of user IDs"),  # type: ignore[arg-type]
        (lambda: grid("12"), "uids must be a list of user IDs"),
        (lambda: grid([1], columns="2"), "columns must be from 1 to 17"),  # type: ignore[arg-type]
        (lambda: grid([1], aspect=0), "aspect must be a number more than 0"),
        (lambda: sidebar(1, 2), "others must be a list of user IDs"),  # type: ignore[arg-type]
        (lambda: sidebar(1, [2], share="half"), "share must be more than 0"),  # type: ignore[arg-type]
        (lambda: inset(1, 2, size="big"), "size must be a number from 0 to 1"),  # type: ignore[arg-type]
        (lambda: inset(1, 2, size=0.9, margin=0.2), "size, margin must not be more than the picture"),
    ],
)
def test_what_cannot_be_shown_is_refused(make: Any, rule: str) -> None:
    with pytest.raises(InvalidArgument, match=rule):
        make()


@pytest.mark.fact("CR-31", "CR-32")
def test_the_documented_layouts_are_their_numbers() -> None:
    assert Floating().to_request() == {"mixedVideoLayout": 0}
    assert BestFit().to_request() == {"mixedVideoLayout": 1}
    assert Vertical().to_request() == {"mixedVideoLayout": 2}
    assert Vertical(123456).to_request() == {"mixedVideoLayout": 2, "maxResolutionUid": "123456"}


@pytest.mark.parametrize("given", [{"mixed_video_layout": 1}, {"max_resolution_uid": 8}])
def test_a_layout_and_another_number_contradict_each_other(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match=r"must not be given with another `layout`"):
        TranscodingConfig(layout=Vertical(7), **given)
    assert TranscodingConfig(layout=Vertical(7), mixed_video_layout=2, max_resolution_uid=7).to_request()


def test_what_is_no_layout_is_refused() -> None:
    with pytest.raises(InvalidArgument, match=r"must be a layout of agora_rest\.layouts"):
        TranscodingConfig(layout=3)  # type: ignore[arg-type]
