"""Verdicts on exchanges of the current dialect name the facts of the present documents."""

from __future__ import annotations

from agora_rest import spec
from agora_rest.emulator import FrozenClock
from agora_rest.emulator.web.editions import SUCCESSORS, holding
from tests.emulator.callers import APP
from tests.emulator.current_callers import PUSH, CurrentApi


def facts(api: CurrentApi) -> list[str]:
    """The facts in the verdict on the latest exchange."""
    requests = api.send("GET", "/_emulator/requests").json()["requests"]
    return requests[-1]["verdict"]["facts"]


def test_successors_hold_in_the_edition_in_which_the_others_do_not() -> None:
    known = spec.facts()
    for old, new in SUCCESSORS.items():
        assert known[old].editions == ("2019",)
        assert "current" in known[new].editions


def test_facts_that_do_not_hold_are_left_out() -> None:
    assert holding(["CR-11", "CR-91", "CR-14"], "current") == ("CR-91", "CR-14")
    assert holding(["CR-62", "CR-90"], "2019") == ("CR-62",)


def test_everything_that_is_refused_has_facts_of_today(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.mix()
    for call, expected in (
        (lambda: current.begin("mix", found.resource), "CR-94"),
        (lambda: current.begin("web", current.prepare("mix")), "CR-127"),
        (lambda: current.begin("mix", current.prepare("mix", startParameter={"a": 1}), uid="2"), "CR-93"),
        (lambda: current.ask(found._replace(sid="0" * 32)), "CR-93"),
        (lambda: current.arrange(found, mixedVideoLayout=9), "CR-118"),
        (lambda: current.change(found, streamSubscribe={"audioUidList": {"subscribeAudioUids": []}}), "CR-109"),
        (lambda: current.acquire(cname="ü"), "CR-82"),
        (lambda: current.acquire(app="0" * 32), "CR-78"),
        (lambda: current("POST", "/dev/v1/project", content=b"{}", headers={"content-type": "text/plain"}), "CO-65"),
        (lambda: current("GET", "/dev/v1/project?id=none"), "CO-75"),
    ):
        assert call().status_code in (201, 400, 404, 415)
        assert expected in facts(current)
    current.end(found)
    current.end(found)
    assert facts(current) == ["CR-155"]
    clock.advance(60)
    current.ask(found)
    assert facts(current) == ["CR-144"]


def test_everything_that_is_done_is_as_specified(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = [current.mix(uid="1"), current.run("individual", uid="2", recordingConfig={"subscribeUidGroup": 0})]
    found.append(current.web(push=PUSH))
    clock.advance(20)
    for each in found:
        current.progress(each)
        current.change(each)
        current.end(each)
    requests = current.send("GET", "/_emulator/requests").json()["requests"]
    assert {each["verdict"]["kind"] for each in requests} == {"ok"}


def test_calls_that_the_present_documents_lack_are_said_to_be_so(current: CurrentApi) -> None:
    current("GET", "/dev/v1/usage?from_date=2026-01-01&to_date=2026-01-02")
    current("GET", "/dev/v3/usage?from_date=2026-01-01&to_date=2026-01-02&project_id=demo&business=default")
    verdicts = [each["verdict"] for each in current.send("GET", "/_emulator/requests").json()["requests"]]
    assert [each["kind"] for each in verdicts] == ["ok", "ok"]
    assert [each["reason"] for each in verdicts] == ["the present documents no longer have this call", ""]
