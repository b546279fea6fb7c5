"""All models together: bounded memory, unknown editions, and no secrets in what they report."""

from __future__ import annotations

import pytest

from agora_rest.state_models.memory import Memory
from tests.state_models.exchanges import WHO, Talk, project


def test_the_least_recently_used_is_forgotten() -> None:
    memory: Memory[str, int] = Memory(2)
    for name in "ab":
        memory.keep(name, 1)
    memory.recall("a")
    memory.keep("c", 1)
    assert list(memory) == ["a", "c"]


def test_what_was_forgotten_is_not_judged() -> None:
    talk = Talk(size=2)
    talk.acquire()
    talk.start()
    for number in range(5):
        talk.acquire(f"other-{number}")
    talk.acquire()
    assert talk.checks == []


def test_bodies_of_responses_are_not_remembered() -> None:
    talk = Talk()
    talk.projects(project())
    models = [model for some in talk.models._sets.values() for model in some]
    known = next(each for each in models if type(each).__name__ == "Projects")
    there = next(iter(known._known.values())).there  # type: ignore[attr-defined]
    assert there is not None
    assert there.payload is None


@pytest.mark.fact("CR-144", "CR-12")
def test_while_the_edition_is_unknown_only_what_breaks_both_is_reported() -> None:
    talk = Talk(None)
    talk.acquire()
    talk.start()
    talk.refuse("query_recording", 404, 404)
    talk.query()  # a failover, if the server is of today
    assert talk.checks == []
    talk.start(sid="s2")
    assert talk.checks == ["resource_serves_once"]


def test_the_texts_have_no_names_and_no_certificates() -> None:
    talk = Talk(undisturbed=10)
    talk.projects(project(sign_key="planted-key", name="planted-name"))
    talk.projects(project(sign_key="planted-other", name="planted-new"), project("p2", sign_key="planted-other"))
    who = {"cname": "planted-channel", "uid": "1"}
    talk.acquire(who=who)
    talk.start(who=WHO)
    assert len(talk.found) >= 4
    assert "planted" not in "".join(f"{each.title} {each.expected} {each.got}" for each in talk.found)


@pytest.mark.parametrize("answer", [None, [], "text", 5, {"projects": 7}, {"project": [None]}, {"data": []}])
def test_any_answer_can_be_followed(answer: object) -> None:
    from agora_rest import spec

    talk = Talk("current", undisturbed=10)
    path = {"appid": "a", "resourceid": "r", "sid": "s", "mode": "web", "cname": "c", "uid": "7"}
    for operation in spec.operations():
        for body in (None, [], "x", {"clientRequest": 5}, {"id": {}, "clientRequest": {"extensionServiceConfig": 1}}):
            for status in (0, 200, 400, 404, 429):
                talk(operation, answer, status=status, path=path, body=body)
    assert all(each.facts for each in talk.found)
