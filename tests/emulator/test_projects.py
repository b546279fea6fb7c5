"""Projects and their certificates, as the world keeps them."""

from __future__ import annotations

import pytest

from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, FrozenClock
from agora_rest.emulator.refusals import Conflict, InvalidInput, NoSuchProject
from agora_rest.emulator.rules import Target
from agora_rest.emulator.world import World


def test_the_world_begins_with_one_project(world: World) -> None:
    (demo,) = world.projects.all()
    assert (demo.id, demo.name, demo.app_id, demo.enabled) == (DEMO_ID, "demo", DEMO_APP_ID, True)


@pytest.mark.fact("CO-10", "CO-11", "CO-12")
@pytest.mark.parametrize("enabled", [True, False])
def test_a_new_project_is_enabled_and_has_what_it_was_asked_for(
    world: World, clock: FrozenClock, enabled: bool
) -> None:
    clock.advance(7)
    project = world.create_project("projectx", enable_certificate=enabled)
    assert (project.name, project.enabled, project.created) == ("projectx", True, clock.now())
    assert bool(project.sign_key) is enabled
    assert project.id != DEMO_ID
    assert project.app_id != DEMO_APP_ID


@pytest.mark.fact("CO-14")
def test_all_projects_are_listed_in_their_order(world: World) -> None:
    made = [world.create_project(name) for name in "ba"]
    world.set_project_status(made[0].id, enabled=False)
    assert [project.name for project in world.projects.all()] == ["demo", "b", "a"]


@pytest.mark.fact("CO-15", "CO-17")
def test_a_project_is_found_by_id_or_name_and_when_both_are_given_both_must_fit(world: World) -> None:
    one, two = world.create_project("one"), world.create_project("two")
    assert world.projects.find(project_id=one.id) is one
    assert world.projects.find(name="two") is two
    assert world.projects.find(project_id=one.id, name="one") is one
    for wrong in ({"project_id": one.id, "name": "two"}, {"name": "three"}, {"project_id": "three"}):
        with pytest.raises(NoSuchProject):
            world.projects.find(**wrong)
    with pytest.raises(InvalidInput):
        world.projects.find()


@pytest.mark.fact("CO-16", "CO-17", "CO-18")
def test_a_deleted_project_is_unknown_to_every_call(world: World) -> None:
    world.delete_project(DEMO_ID)
    for call in (
        lambda: world.set_project_status(DEMO_ID, enabled=True),
        lambda: world.delete_project(DEMO_ID),
        lambda: world.set_recording_server(DEMO_ID, "10.0.0.1:80"),
        lambda: world.enable_certificate(DEMO_ID, enabled=True),
        lambda: world.projects.reset_certificate(DEMO_ID),
        lambda: world.projects.find(project_id=DEMO_ID),
    ):
        with pytest.raises(NoSuchProject):
            call()
    assert world.projects.all() == []


@pytest.mark.fact("CO-19", "CO-20", "CO-21")
def test_a_disabled_project_is_unknown_to_the_calls_about_server_and_certificate(world: World) -> None:
    world.set_project_status(DEMO_ID, enabled=False)
    for call in (
        lambda: world.set_recording_server(DEMO_ID, "10.0.0.1:80"),
        lambda: world.enable_certificate(DEMO_ID, enabled=True),
        lambda: world.projects.reset_certificate(DEMO_ID),
    ):
        with pytest.raises(NoSuchProject):
            call()
    world.set_project_status(DEMO_ID, enabled=True)
    assert world.set_recording_server(DEMO_ID, "10.0.0.1:80").recording_server == "10.0.0.1:80"


def test_a_disabled_project_can_be_found_and_deleted(world: World) -> None:
    world.set_project_status(DEMO_ID, enabled=False)
    assert world.projects.find(name="demo").enabled is False
    world.delete_project(DEMO_ID)


@pytest.mark.fact("CO-20", "CO-22")
def test_a_certificate_is_hidden_while_it_is_off_and_the_same_when_it_is_on_again(world: World) -> None:
    project = world.create_project("projectx", enable_certificate=True)
    before = project.sign_key
    assert world.enable_certificate(project.id, enabled=False).sign_key == ""
    assert world.enable_certificate(project.id, enabled=True).sign_key == before


@pytest.mark.fact("CO-21")
@pytest.mark.parametrize("enabled", [True, False])
def test_a_reset_gives_another_certificate_and_enables_it(world: World, enabled: bool) -> None:
    project = world.create_project("projectx", enable_certificate=enabled)
    before = project.certificate
    world.projects.reset_certificate(project.id)
    assert project.sign_key not in ("", before)


def test_a_project_that_gets_the_app_id_of_a_deleted_one_begins_without_its_rules(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(uid=1), 60)
    world.delete_project(DEMO_ID)
    world.create_project("again", app_id=DEMO_APP_ID)
    world.join(DEMO_APP_ID, "lesson", 1)
    assert world.list_rules(DEMO_APP_ID) == []


def test_names_may_repeat_but_ids_may_not(world: World) -> None:
    assert world.create_project("demo").id != DEMO_ID
    with pytest.raises(Conflict):
        world.create_project("x", app_id=DEMO_APP_ID)
    with pytest.raises(Conflict):
        world.create_project("x", project_id=DEMO_ID)


def test_a_project_does_not_show_its_certificate(world: World) -> None:
    project = world.create_project("projectx", enable_certificate=True)
    assert project.sign_key not in repr(project)
