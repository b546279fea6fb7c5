"""Where users are on the canvas of mode `mix`."""

from __future__ import annotations

import pytest

from agora_rest.emulator import FrozenClock
from agora_rest.emulator.layouts import Layout, LayoutKind, Region, RenderMode
from tests.emulator.callers import APP
from tests.emulator.current_callers import CurrentApi


def placed(layout: Layout, users: int) -> list[Region]:
    return layout.place(range(1, users + 1))


def is_apart(regions: list[Region]) -> bool:
    """Whether no two regions overlap."""
    return not any(
        one.x < other.x + other.width - 1e-9
        and other.x < one.x + one.width - 1e-9
        and one.y < other.y + other.height - 1e-9
        and other.y < one.y + one.height - 1e-9
        for index, one in enumerate(regions)
        for other in regions[:index]
    )


@pytest.mark.fact("CR-118")
@pytest.mark.parametrize("kind", [LayoutKind.FLOATING, LayoutKind.BEST_FIT, LayoutKind.VERTICAL])
@pytest.mark.parametrize("users", range(20))
def test_regions_lie_on_the_canvas_and_apart(kind: LayoutKind, users: int) -> None:
    regions = placed(Layout(kind, large_uid=1), users)
    for region in regions:
        assert region.x >= -1e-9
        assert region.y >= -1e-9
        assert region.x + region.width <= 1 + 1e-9
        assert region.y + region.height <= 1 + 1e-9
    assert is_apart(regions[1:] if kind is LayoutKind.FLOATING else regions)
    assert len([region for region in regions if region.uid is not None]) == min(users, 17)


def test_the_floating_layout_has_the_first_user_behind_the_others() -> None:
    large, small, *_ = placed(Layout(), 6)
    assert large == Region(0, 0, 1, 1, 1)
    assert small[:4] == pytest.approx((0.012, 1 - 0.247, 0.235, 0.235))
    assert placed(Layout(), 6)[5][:2] == pytest.approx((0.012, 1 - 2 * 0.247))


def test_seventeen_users_have_a_grid_of_their_own() -> None:
    regions = placed(Layout(LayoutKind.BEST_FIT), 17)
    assert regions[0][:4] == pytest.approx((0.1, 0, 0.2, 0.2))
    assert regions[16][:4] == pytest.approx((0.4, 0.8, 0.2, 0.2))


@pytest.mark.parametrize(("users", "width", "edge"), [(5, 1 / 5, 4 / 5), (7, 1 / 7, 6 / 7), (17, 1 / 10, 4 / 5)])
def test_the_vertical_layout_has_one_user_large(users: int, width: float, edge: float) -> None:
    large, *small = placed(Layout(LayoutKind.VERTICAL, large_uid=2), users)
    assert (large.uid, large.render_mode) == (2, RenderMode.FIT)
    assert (large.width, large.height) == pytest.approx((edge, 1))
    assert {region.width for region in small} == {width}


def test_a_large_user_who_is_not_there_leaves_the_region_free() -> None:
    assert placed(Layout(LayoutKind.VERTICAL, large_uid=99), 1)[0].uid is None


def test_custom_regions_are_for_those_they_name_and_then_in_order() -> None:
    regions = (Region(0, 0, 1, 0.5, 3), Region(0, 0.5, 0.5, 0.5), Region(0.5, 0.5, 0.5, 0.5), Region(0, 0, 0.1, 0.1, 9))
    assert [region.uid for region in placed(Layout(LayoutKind.CUSTOM, regions=regions), 3)] == [3, 1, 2, None]


@pytest.mark.fact("CR-150", "CR-151")
def test_update_layout_overwrites_everything(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    found = current.mix({"mixedVideoLayout": 2, "maxResolutionUid": "8", "backgroundColor": "#FF0000", "width": 640})
    layout = current.shown(found)["layout"]
    assert (layout["kind"], layout["width"], layout["height"]) == ("vertical", 640, 640)
    assert [region["uid"] for region in layout["regions"]] == [8, 7]
    assert current.arrange(found, mixedVideoLayout=1).status_code == 200
    layout = current.shown(found)["layout"]
    assert (layout["kind"], layout["background_color"]) == ("best_fit", "#000000")
    assert [region["uid"] for region in layout["regions"]] == [7, 8]
    current.emulator.publish(APP, "lesson", 7, audio=False, video=False)
    assert [region["uid"] for region in current.shown(found)["layout"]["regions"]] == [8]
