"""Kicking rules, as the world keeps them."""

from __future__ import annotations

import pytest

from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, FrozenClock
from agora_rest.emulator.refusals import Barred, InvalidAppId, InvalidInput, NoSuchRule
from agora_rest.emulator.rules import Target
from agora_rest.emulator.world import World

ANN, BOB = 1, 2


def may_join(world: World, cname: str = "lesson", uid: int = ANN, ip: str | None = None) -> bool:
    """Tried for real, and undone."""
    try:
        world.join(DEMO_APP_ID, cname, uid, ip=ip)
    except Barred:
        return False
    world.leave(DEMO_APP_ID, cname, uid)
    return True


def is_there(world: World, cname: str, uid: int) -> bool:
    return world.find_user(DEMO_APP_ID, cname, uid) is not None


@pytest.mark.fact("CO-44")
def test_an_address_alone_is_barred_from_every_channel(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(ip="10.0.0.1"), 60)
    assert not may_join(world, "lesson", ip="10.0.0.1")
    assert not may_join(world, "other", BOB, ip="10.0.0.1")
    assert may_join(world, ip="10.0.0.2")
    assert may_join(world)


@pytest.mark.fact("CO-44")
def test_a_channel_alone_is_closed_to_everybody(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(cname="lesson"), 60)
    assert not may_join(world, "lesson", ANN)
    assert not may_join(world, "lesson", BOB)
    assert may_join(world, "other", ANN)


@pytest.mark.fact("CO-44")
def test_a_channel_and_a_user_bar_that_user_from_that_channel(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(cname="lesson", uid=ANN), 60)
    assert not may_join(world, "lesson", ANN)
    assert may_join(world, "lesson", BOB)
    assert may_join(world, "other", ANN)


@pytest.mark.fact("CO-44")
def test_a_user_alone_is_barred_from_every_channel(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(uid=ANN), 60)
    assert not may_join(world, "lesson", ANN)
    assert not may_join(world, "other", ANN)
    assert may_join(world, "lesson", BOB)


@pytest.mark.fact("CO-44")
def test_other_combinations_bar_whom_all_of_it_fits(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(cname="lesson", ip="10.0.0.1"), 60)
    assert not may_join(world, "lesson", ip="10.0.0.1")
    assert may_join(world, "lesson", ip="10.0.0.2")
    assert may_join(world, "other", ip="10.0.0.1")


@pytest.mark.fact("CO-44")
def test_a_rule_about_nobody_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Target()


@pytest.mark.fact("CO-44")
def test_a_rule_of_one_app_id_says_nothing_of_another(world: World) -> None:
    other = world.create_project("other").app_id
    world.create_rule(other, Target(cname="lesson"), 60)
    assert may_join(world, "lesson")


@pytest.mark.fact("CO-48")
def test_those_who_fit_are_put_offline_at_once_and_the_others_stay(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", ANN)
    world.join(DEMO_APP_ID, "lesson", BOB)
    world.join(DEMO_APP_ID, "other", ANN)
    world.create_rule(DEMO_APP_ID, Target(cname="lesson", uid=ANN), 60)
    assert not is_there(world, "lesson", ANN)
    assert is_there(world, "lesson", BOB)
    assert is_there(world, "other", ANN)


@pytest.mark.fact("CO-42", "CO-48")
@pytest.mark.parametrize(
    ("time", "minutes"),
    [(None, 60), (60, 60), (0.001, 1), (0.5, 1), (1, 1), (1.5, 1.5), (1440, 1440), (1440.5, 1440), (99999, 1440)],
)
def test_a_ban_lasts_its_clamped_minutes_and_no_longer(world, clock, time: float | None, minutes: float) -> None:
    world.create_rule(DEMO_APP_ID, Target(uid=ANN), time)
    clock.advance(minutes * 60 - 1)
    assert not may_join(world)
    clock.advance(1)
    assert may_join(world)


@pytest.mark.fact("CO-42")
def test_no_minutes_put_offline_once_and_bar_nobody(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", ANN)
    rule = world.create_rule(DEMO_APP_ID, Target(uid=ANN), 0)
    assert not is_there(world, "lesson", ANN)
    assert may_join(world)
    assert world.list_rules(DEMO_APP_ID) == []
    with pytest.raises(NoSuchRule):
        world.update_rule(DEMO_APP_ID, rule.id, 60)


@pytest.mark.fact("CO-42")
def test_negative_minutes_are_refused(world: World) -> None:
    with pytest.raises(InvalidInput):
        world.create_rule(DEMO_APP_ID, Target(uid=ANN), -1)


@pytest.mark.fact("CO-45")
def test_the_list_has_the_rules_in_force_of_one_app_id(world: World, clock: FrozenClock) -> None:
    other = world.create_project("other").app_id
    short = world.create_rule(DEMO_APP_ID, Target(uid=ANN), 1)
    long = world.create_rule(DEMO_APP_ID, Target(uid=BOB), 2)
    world.create_rule(other, Target(uid=ANN), 60)
    clock.advance(59)
    assert world.list_rules(DEMO_APP_ID) == [short, long]
    clock.advance(1)
    assert world.list_rules(DEMO_APP_ID) == [long]


@pytest.mark.fact("CO-46")
def test_an_update_counts_from_now_and_leaves_the_rest_alone(world: World, clock: FrozenClock) -> None:
    rule = world.create_rule(DEMO_APP_ID, Target(uid=ANN), 60)
    created = rule.created
    clock.advance(100)
    assert world.update_rule(DEMO_APP_ID, rule.id, 1).until == clock.now() + 60
    assert (rule.created, rule.updated) == (created, clock.now())
    clock.advance(59)
    assert not may_join(world)
    clock.advance(1)
    assert may_join(world)


@pytest.mark.fact("CO-42", "CO-46")
@pytest.mark.parametrize(("time", "minutes"), [(None, 60), (0.5, 1), (5000, 1440), (-0.5, 1), (-5000, 1)])
def test_an_update_clamps_negative_minutes_too(world, clock, time: float | None, minutes: float) -> None:
    rule = world.create_rule(DEMO_APP_ID, Target(uid=ANN), 10)
    assert world.update_rule(DEMO_APP_ID, rule.id, time).until == clock.now() + minutes * 60


@pytest.mark.fact("CO-42", "CO-46")
def test_an_update_to_no_minutes_ends_a_rule(world: World) -> None:
    rule = world.create_rule(DEMO_APP_ID, Target(uid=ANN), 10)
    world.update_rule(DEMO_APP_ID, rule.id, 0)
    assert may_join(world)
    assert world.list_rules(DEMO_APP_ID) == []


@pytest.mark.fact("CO-47", "CO-48")
def test_a_deleted_rule_bars_nobody(world: World) -> None:
    rule = world.create_rule(DEMO_APP_ID, Target(uid=ANN), 60)
    assert world.delete_rule(DEMO_APP_ID, rule.id) is rule
    assert may_join(world)
    with pytest.raises(NoSuchRule):
        world.delete_rule(DEMO_APP_ID, rule.id)


@pytest.mark.fact("CO-46", "CO-47")
def test_a_rule_belongs_to_its_app_id(world: World, clock: FrozenClock) -> None:
    other = world.create_project("other").app_id
    rule = world.create_rule(DEMO_APP_ID, Target(uid=ANN), 60)
    with pytest.raises(NoSuchRule):
        world.update_rule(other, rule.id, 1)
    with pytest.raises(NoSuchRule):
        world.delete_rule(other, rule.id)
    assert world.list_rules(DEMO_APP_ID) == [rule]
    clock.advance(3600)
    with pytest.raises(NoSuchRule):
        world.delete_rule(DEMO_APP_ID, rule.id)


def test_the_rules_of_a_disabled_project_cannot_be_touched_but_hold(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(uid=ANN), 60)
    world.set_project_status(DEMO_ID, enabled=False)
    with pytest.raises(InvalidAppId):
        world.list_rules(DEMO_APP_ID)
    world.set_project_status(DEMO_ID, enabled=True)
    assert not may_join(world)
