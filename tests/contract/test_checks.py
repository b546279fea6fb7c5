from __future__ import annotations

import json

import httpx
import pytest

from agora_rest import spec
from agora_rest.contract.checking.checks import Check, all_checks, check, checks_by_fact, run_checks
from agora_rest.contract.checking.dialect import DialectWatch
from agora_rest.contract.checking.passive import Watch
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.results.events import CheckFailed, CheckPassed, CheckSkipped, CoverageSeen, Events
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.safety.access import Profile
from tests.contract.runs import EventRecorder


def make(function, *facts: str, needs: Control = Control.NONE, profile: Profile = Profile.FULL) -> Check:
    return Check(function.__name__, facts or ("CO-14",), needs, profile, function)


def results(server: Server, *checks: Check) -> tuple[list[Finding], EventRecorder]:
    findings: list[Finding] = []
    heard = EventRecorder()
    run_checks(server, checks, Watch(DialectWatch(), server.curl, server.secrets), findings.append, Events([heard]))
    return findings, heard


def nothing(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"projects": []})


def listing(server: Server) -> None:
    """All projects are listed."""
    server.list_projects()


def test_a_check_that_holds_is_reported_with_its_facts(serve) -> None:
    findings, heard = results(serve(nothing), make(listing, "CO-14"))
    assert findings == []
    (passed,) = heard.of(CheckPassed)
    assert (passed.check, passed.facts) == ("listing", ("CO-14",))
    (seen,) = heard.of(CoverageSeen)
    assert (seen.operation, seen.status, seen.check) == ("list_projects", 200, "listing")


def test_a_broken_check_is_a_finding_with_fact_sentence_and_requests(serve) -> None:
    def wrong(server: Server) -> None:
        """A project is listed.

        More about it.
        """
        if not server.list_projects():
            raise Broken("a project", "none")

    findings, heard = results(serve(nothing), make(wrong, "CO-14"))
    (finding,) = findings
    assert finding.title == "A project is listed."
    assert (finding.facts, finding.operation, finding.expected, finding.got) == (
        ("CO-14",),
        "list_projects",
        "a project",
        "none",
    )
    assert [line.partition(" -u")[0] for line in finding.requests] == ["curl -sS"]
    assert len(heard.of(CheckFailed)) == 1


def test_a_check_that_knows_better_names_fewer_facts_and_requests(serve) -> None:
    def wrong(server: Server) -> None:
        """Two rules."""
        server.list_projects()
        server.list_projects()
        broken = Broken("this", "that")
        broken.facts, broken.trail = ("CO-11",), server.trail[:1]
        raise broken

    ((finding,), _) = results(serve(nothing), make(wrong, "CO-11", "CO-14"))
    assert finding.facts == ("CO-11",)
    assert len(finding.requests) == 1


def test_a_check_without_its_controls_is_skipped_and_says_why(serve) -> None:
    findings, heard = results(serve(nothing), make(listing, needs=Control.CLOCK | Control.USERS))
    assert findings == []
    (skipped,) = heard.of(CheckSkipped)
    assert skipped.reason == "the server does not let us control: clock, users"
    assert not heard.of(CheckPassed)


def test_a_check_above_the_profile_is_skipped(serve) -> None:
    _, heard = results(serve(nothing, profile=Profile.READ_ONLY), make(listing, profile=Profile.FULL))
    (skipped,) = heard.of(CheckSkipped)
    assert "read-only" in skipped.reason


def test_a_check_may_find_out_on_the_way_that_it_cannot_be_made(serve) -> None:
    def unsure(server: Server) -> None:
        """Perhaps."""
        raise Skipped("there is no moon")

    findings, heard = results(serve(nothing), make(unsure))
    assert findings == []
    assert [each.reason for each in heard.of(CheckSkipped)] == ["there is no moon"]


def test_an_answer_no_check_can_read_is_a_finding_and_no_crash(serve) -> None:
    def trusting(server: Server) -> None:
        """A project has a name."""
        server.list_projects()[0]["name"].upper()

    findings, _ = results(serve(lambda _: httpx.Response(200, json={"projects": [{}]})), make(trusting))
    assert [finding.check for finding in findings] == ["schema_of_responses", "trusting"]
    assert "KeyError" in findings[1].got


def test_a_server_that_breaks_the_connection_is_a_finding(serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_rest.contract.http.wire._PAUSES", (0, 0))

    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("gone")

    ((finding,), _) = results(serve(cut), make(listing))
    assert "RemoteProtocolError" in finding.got


def test_all_traffic_of_a_check_is_watched_whatever_it_is_after(serve) -> None:
    def careless(server: Server) -> None:
        """Nothing much."""
        server.send("list_projects")

    findings, heard = results(serve(lambda _: httpx.Response(418, json={})), make(careless))
    assert [finding.check for finding in findings] == ["status_in_spec"]
    assert len(heard.of(CheckPassed)) == 1


def test_the_certificate_is_in_no_finding(serve) -> None:
    def wrong(server: Server) -> None:
        """Wrong."""
        answer = server.send("list_projects")
        raise answer.broken("something else")

    leak = httpx.Response(200, json={"projects": [], "echo": "a-certificate-nobody-sees", "sign_key": "another"})
    findings, _ = results(serve(lambda _: leak), make(wrong))
    assert len(findings) == 2
    text = json.dumps([finding.as_dict() for finding in findings])
    assert "a-certificate-nobody-sees" not in text
    assert "another" not in text


def test_what_a_check_made_is_removed_where_nothing_resets_the_server(serve) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path, json.loads(request.content or b"{}")))
        if request.url.path.endswith("/acquire"):
            return httpx.Response(200, json={"resourceId": "res"})
        if request.url.path.endswith("/start"):
            return httpx.Response(200, json={"sid": "sid", "resourceId": "res"})
        return httpx.Response(200, json={"project": [{"id": "project"}], "id": 31})

    def making(server: Server) -> None:
        """Makes things."""
        server.create_project("p")
        server.kick(cname="room")
        server.record("room", "7")

    results(serve(answer), make(making))
    kept = asked[4:]
    assert [(method, path.rpartition("/v1")[2]) for method, path, _ in kept] == [
        ("POST", "/apps/0123456789abcdef0123456789abcdef/cloud_recording/resourceid/res/sid/sid/mode/mix/stop"),
        ("DELETE", "/kicking-rule"),
        ("DELETE", "/project"),
    ]
    assert kept[0][2] == {"cname": "room", "uid": "7", "clientRequest": {}}
    assert kept[1][2] == {"appid": "0123456789abcdef0123456789abcdef", "id": 31}
    assert kept[2][2] == {"id": "project"}


def test_a_check_needs_a_fact_and_a_sentence() -> None:
    with pytest.raises(ValueError, match="names the facts"):
        check()
    with pytest.raises(ValueError, match="names the facts"):
        check("XX-11")
    with pytest.raises(ValueError, match="docstring"):
        check("CR-11")(lambda _: None)


def test_every_check_guards_facts_that_exist() -> None:
    assert set(checks_by_fact()) <= set(spec.facts())
    assert len({each.name for each in all_checks()}) == len(all_checks())
