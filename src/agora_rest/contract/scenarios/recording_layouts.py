"""The picture of mode `mix`: its size, its layout and its backgrounds, at the start and by `updateLayout`."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, Recording, Server
from agora_rest.contract.scenarios._current import (
    WHOLE,
    configured,
    layouts_are,
    pictured,
    record,
    resource_for,
    start,
    start_refuses,
    start_takes,
    values,
)
from agora_rest.contract.scenarios._recording import must_be_400_or_404

Members = dict[str, Any]


def _region(**more: Any) -> Members:
    return {name: value for name, value in {**WHOLE, **more}.items() if value is not OMIT}


def _custom(*regions: Any) -> Members:
    return {"mixedVideoLayout": 3, "layoutConfig": list(regions)}


_RIGHT: Final[tuple[Members, ...]] = (
    _custom(_region()),
    _custom(_region(uid="1", alpha=0.5, render_mode=1), _region(uid="2", alpha=0, render_mode=0)),
    _custom(_region(x_axis=0.5, width=0.5), _region(y_axis=0.25, height=0.75)),
    _custom(_region(x_axis=0.123456, width=0.1, y_axis=0.0, height=1.0)),
    _custom(*[_region()] * 17),
    {"mixedVideoLayout": 0},
    {"mixedVideoLayout": 1},
    {"mixedVideoLayout": 2, "maxResolutionUid": "1"},
    {"mixedVideoLayout": 0, "layoutConfig": [_region()]},
)
"""Layouts that the documents allow."""

_WRONG_KINDS: Final[tuple[Members, ...]] = (
    *({"mixedVideoLayout": kind} for kind in values(4, -1, 1.5, "custom", True, [])),
    {"mixedVideoLayout": 3},
    _custom(),
    _custom(*[_region()] * 18),
)

_WRONG_REGIONS: Final[tuple[Members, ...]] = (
    *(_custom(_region(**{name: OMIT})) for name in WHOLE),
    *(_custom(_region(**{name: value})) for name in WHOLE for value in (-0.1, 1.1, "wide", None, True)),
    _custom(_region(x_axis=0.5, width=0.6)),
    _custom(_region(y_axis=0.5, height=0.6)),
    _custom(_region(x_axis=0.1)),
    _custom(_region(), _region(y_axis=0.2, height=0.9)),
    *(_custom(_region(alpha=alpha)) for alpha in (-0.1, 1.1, 2, "half", True)),
    *(_custom(_region(render_mode=mode)) for mode in (2, -1, 0.5, "crop", True)),
    _custom(_region(uid=5)),
    _custom("all"),
    {"mixedVideoLayout": 3, "layoutConfig": _region()},
)

_MIX_ONLY: Final = "only mode mix has a layout"
_ADDRESS: Final = "https://example.com/background.jpg"
_COLOURS: Final = ("#000000", "#FF0000", "#ff00aa", "#09aFbE")
_WRONG_COLOURS: Final[tuple[Any, ...]] = ("red", "FF0000", "#FF000", "#FF00000", "#GG0000", "", 5, True, [])
_BACKGROUNDS: Final[tuple[Members, ...]] = (
    {"backgroundImage": _ADDRESS, "defaultUserBackgroundImage": "http://example.com/a.bmp"},
    {"backgroundImage": "http://example.com/a.jpg"},
    {
        "backgroundConfig": [
            {"uid": "16", "image_url": _ADDRESS, "render_mode": 1},
            {"uid": "17", "image_url": _ADDRESS},
        ]
    },
)
_WRONG_BACKGROUNDS: Final[tuple[Members, ...]] = (
    {"backgroundConfig": [{"image_url": _ADDRESS}]},
    {"backgroundConfig": [{"uid": "16"}]},
    {"backgroundConfig": [{"uid": "16", "image_url": _ADDRESS, "render_mode": 2}]},
    {"backgroundConfig": [{"uid": 16, "image_url": _ADDRESS}]},
    {"backgroundConfig": {"uid": "16", "image_url": _ADDRESS}},
    {"backgroundImage": 5},
    {"defaultUserBackgroundImage": []},
)


@check("CR-117")
def the_area_of_a_picture_is_limited(server: Server) -> None:
    """A picture has at most 1920 by 1080 pixels and no side over 1920; a larger one is error 2."""
    sizes = ((1920, 1080), (1080, 1920), (1440, 1440), (1, 1), (1920, 1), (1, 1920), (1600, 1296))
    start_takes(server, "mix", *(pictured(width=width, height=height) for width, height in sizes))
    start_takes(server, "mix", pictured(width=1920), pictured(height=1920))
    wrong = ((1920, 1081), (1081, 1920), (1441, 1440), (1920, 1920), (1921, 100), (100, 1921), (0, 360), (640, -1))
    start_refuses(server, "mix", *(pictured(width=width, height=height) for width, height in wrong))


@check("CR-117")
def a_side_of_a_picture_is_a_whole_number(server: Server) -> None:
    """`width` and `height` are whole numbers."""
    for side in ("width", "height"):
        start_refuses(server, "mix", *(pictured(**{side: value}) for value in values(0, 1.5, "wide", True, [])))


@check("CR-118", "CR-119")
def a_layout_may_be_ones_own(server: Server) -> None:
    """`mixedVideoLayout` 3 takes up to 17 regions in `layoutConfig`, whole numbers as well; 0, 1 and 2 need none."""
    start_takes(server, "mix", *(pictured(**layout) for layout in _RIGHT))


@check("CR-118")
def a_layout_of_another_kind_is_refused(server: Server) -> None:
    """`mixedVideoLayout` other than 0 to 3, 3 without a region and more than 17 regions are error 2."""
    start_refuses(server, "mix", *(pictured(**layout) for layout in _WRONG_KINDS))


@check("CR-119")
def a_region_lies_on_the_canvas(server: Server) -> None:
    """A region has a place and a size within the canvas, an `alpha` and a `render_mode`; another is error 2."""
    start_refuses(server, "mix", *(pictured(**layout) for layout in _WRONG_REGIONS))


@check("CR-120")
def a_colour_has_six_digits(server: Server) -> None:
    """`backgroundColor` is `#` and six hexadecimal digits of either case; anything else is error 2."""
    start_takes(server, "mix", *(pictured(backgroundColor=colour) for colour in _COLOURS))
    start_refuses(server, "mix", *(pictured(backgroundColor=colour) for colour in _WRONG_COLOURS))


@check("CR-121")
def backgrounds_are_addresses_of_images(server: Server) -> None:
    """Images of backgrounds are addresses of HTTP or HTTPS; one of a user needs `uid` and `image_url`."""
    start_takes(server, "mix", *(pictured(**background) for background in _BACKGROUNDS))
    start_refuses(server, "mix", *(pictured(**background) for background in _WRONG_BACKGROUNDS))


@check("CR-150")
def the_layout_of_a_mix_can_be_changed(server: Server) -> None:
    """`updateLayout` changes the layout of a recording in mode `mix`, as often as one likes."""
    recording = record(server, "mix")
    for layout in _RIGHT[:4]:
        server.update_layout(recording, **layout).must_succeed().must_hold(recording.sid, "sid")


@check("CR-150")
def no_other_mode_has_a_layout(server: Server) -> None:
    """`updateLayout` with another mode in the path, or of a recording in another mode, is refused."""
    for mode in ("individual", "web"):
        recording = record(server, mode)
        for path in ({"mode": mode}, {"mode": "mix"}):
            must_be_400_or_404(server.update_layout(recording, path=path, backgroundColor="#FF0000"), _MIX_ONLY)
    recording = record(server, "mix")
    for mode in ("individual", "web"):
        must_be_400_or_404(server.update_layout(recording, path={"mode": mode}), _MIX_ONLY)


@check("CR-151")
def a_new_layout_obeys_the_rules_of_the_start(server: Server) -> None:
    """The members of `updateLayout` obey the rules of `transcodingConfig`; any of them may be left out."""
    right = (*_RIGHT, *_BACKGROUNDS, *({"backgroundColor": colour} for colour in _COLOURS), {})
    wrong = (
        *_WRONG_KINDS,
        *_WRONG_REGIONS,
        *_WRONG_BACKGROUNDS,
        *({"backgroundColor": colour} for colour in _WRONG_COLOURS),
        *({"mixedVideoLayout": 2, "maxResolutionUid": uid} for uid in ("0", 5, "4294967296")),
    )
    layouts_are(server, right, wrong)


@check("CR-151", needs=Control.STATE)
def a_new_layout_takes_the_place_of_the_former_one(server: Server) -> None:
    """A member that `updateLayout` leaves out returns to its default, whatever was set before."""
    everything = {**_custom(_region(uid="1")), **_BACKGROUNDS[0], "backgroundColor": "#112233"}
    plain = _shown_layout(server, record(server, "mix"))
    recording = record(server, "mix", pictured(**everything))
    if _shown_layout(server, recording) == plain:
        raise server.query(recording).broken(f"another layout in the state of the emulator than {plain}")
    for members, expected in (
        ({"backgroundColor": "#00FF00"}, {**plain, "background_color": "#00FF00"}),
        (everything, None),
        ({"mixedVideoLayout": 1}, {**plain, "kind": "best_fit"}),
        (everything, None),
        ({}, plain),
    ):
        response = server.update_layout(recording, **members).must_succeed()
        found = _shown_layout(server, recording)
        if expected is not None and found != expected:
            raise response.broken(f"the layout {expected} in the state of the emulator, not {found}")


def _shown_layout(server: Server, recording: Recording) -> Members:
    """The layout in the state of an emulator, without the places of the users."""
    shown = server.layout(recording)
    return {name: shown.get(name) for name in ("kind", "background_color", "background_image")}


@check("CR-118", "CR-117")
def a_picture_may_have_all_its_members(server: Server) -> None:
    """`transcodingConfig` of a mix with everything in it is taken."""
    resource = resource_for(server, "mix")
    whole = {
        "width": 1280,
        "height": 720,
        "fps": 15,
        "bitrate": 1130,
        "mixedVideoLayout": 3,
        "backgroundColor": "#112233",
        "layoutConfig": [_region(uid="1")],
        **_BACKGROUNDS[0],
        **_BACKGROUNDS[2],
    }
    start(server, resource, "mix", configured("mix", transcodingConfig=whole)).must_succeed()
