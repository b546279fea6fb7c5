"""Channels and their users, as the world keeps them."""

from __future__ import annotations

import pytest

from agora_rest.emulator import DEMO_APP_ID, FrozenClock, Mode, Role
from agora_rest.emulator.recordings import Identity
from agora_rest.emulator.refusals import Conflict, InvalidAppId, NotInChannel
from agora_rest.emulator.world import World


@pytest.mark.fact("CO-53")
def test_a_channel_begins_with_its_first_user_and_ends_with_its_last(world: World) -> None:
    assert world.find_channel(DEMO_APP_ID, "lesson") is None
    world.join(DEMO_APP_ID, "lesson", 1)
    world.join(DEMO_APP_ID, "lesson", 2)
    world.leave(DEMO_APP_ID, "lesson", 1)
    assert list(world.find_channel(DEMO_APP_ID, "lesson").users) == [2]
    world.leave(DEMO_APP_ID, "lesson", 2)
    assert world.find_channel(DEMO_APP_ID, "lesson") is None


def test_a_recorder_makes_no_channel(world: World) -> None:
    recorder = Identity(DEMO_APP_ID, "lesson", 9)
    world.start(world.acquire(recorder).id, recorder)
    assert world.find_channel(DEMO_APP_ID, "lesson") is None
    world.join(DEMO_APP_ID, "lesson", 1)
    assert list(world.find_channel(DEMO_APP_ID, "lesson").users) == [1]


@pytest.mark.fact("CO-50")
def test_a_user_has_a_role_and_the_time_of_joining(world: World, clock: FrozenClock) -> None:
    clock.advance(5)
    world.join(DEMO_APP_ID, "lesson", 1, role=Role.AUDIENCE)
    user = world.find_user(DEMO_APP_ID, "lesson", 1)
    assert (user.role, user.joined) == (Role.AUDIENCE, clock.now())
    assert world.find_user(DEMO_APP_ID, "lesson", 2) is None
    assert world.find_user(DEMO_APP_ID, "other", 1) is None


@pytest.mark.parametrize(
    ("role", "mode", "expected"),
    [
        (None, None, (Mode.COMMUNICATION, Role.COMMUNICATION)),
        (None, Mode.LIVE, (Mode.LIVE, Role.HOST)),
        (Role.AUDIENCE, None, (Mode.LIVE, Role.AUDIENCE)),
        (Role.HOST, None, (Mode.LIVE, Role.HOST)),
        (Role.COMMUNICATION, None, (Mode.COMMUNICATION, Role.COMMUNICATION)),
        (Role.UNKNOWN, Mode.LIVE, (Mode.LIVE, Role.UNKNOWN)),
    ],
)
def test_mode_and_role_follow_from_each_other(world: World, role, mode, expected) -> None:
    user = world.join(DEMO_APP_ID, "lesson", 1, role=role, mode=mode)
    assert (world.find_channel(DEMO_APP_ID, "lesson").mode, user.role) == expected


@pytest.mark.parametrize(
    ("role", "mode"),
    [(Role.HOST, Mode.COMMUNICATION), (Role.AUDIENCE, Mode.COMMUNICATION), (Role.COMMUNICATION, Mode.LIVE)],
)
def test_mode_and_role_may_not_contradict_each_other(world: World, role: Role, mode: Mode) -> None:
    with pytest.raises(Conflict):
        world.join(DEMO_APP_ID, "lesson", 1, role=role, mode=mode)
    assert world.find_channel(DEMO_APP_ID, "lesson") is None


def test_a_channel_keeps_its_mode(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", 1, mode=Mode.LIVE)
    with pytest.raises(Conflict):
        world.join(DEMO_APP_ID, "lesson", 2, mode=Mode.COMMUNICATION)
    assert world.join(DEMO_APP_ID, "lesson", 3).role is Role.HOST


def test_who_joins_again_is_there_once_as_what_they_now_are(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", 1, role=Role.AUDIENCE)
    world.join(DEMO_APP_ID, "lesson", 1, role=Role.HOST)
    channel = world.find_channel(DEMO_APP_ID, "lesson")
    assert (channel.with_role(Role.HOST), channel.with_role(Role.AUDIENCE)) == ([1], [])


def test_who_is_not_there_cannot_leave(world: World) -> None:
    with pytest.raises(NotInChannel):
        world.leave(DEMO_APP_ID, "lesson", 1)
    world.join(DEMO_APP_ID, "lesson", 1)
    with pytest.raises(NotInChannel):
        world.leave(DEMO_APP_ID, "lesson", 2)


@pytest.mark.fact("CR-15")
def test_nobody_joins_a_channel_of_an_unknown_app_id(world: World) -> None:
    with pytest.raises(InvalidAppId):
        world.join("f" * 32, "lesson", 1)


@pytest.mark.fact("CO-54", "CO-55")
@pytest.mark.parametrize("size", [1, 2, 3, 7, 500])
def test_pages_are_a_partition_of_all_channels_by_name(world: World, size: int) -> None:
    names = ["b", "a", "d", "c", "B", "~", "10"]
    for name in names:
        world.join(DEMO_APP_ID, name, 1)
    world.join(world.create_project("other").app_id, "not ours", 1)
    found, number = [], 0
    while (page := world.channel_page(DEMO_APP_ID, number, size)).channels:
        assert page.total == len(names)
        assert len(page.channels) <= size
        found += [channel.name for channel in page.channels]
        number += 1
    assert found == sorted(names)
    assert world.channel_page(DEMO_APP_ID, number + 1000, size).total == len(names)


def test_channels_end_with_their_project(world: World) -> None:
    project = world.create_project("other")
    world.join(project.app_id, "lesson", 1)
    world.delete_project(project.id)
    assert world.channels.all() == []
