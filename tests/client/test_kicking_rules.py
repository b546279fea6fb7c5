"""Kicking rules of today: who is muted, for how long, and what becomes of a kick and of a lost response."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from agora_rest import AgoraError, Ban, InvalidArgument, KickingRule, Privilege
from agora_rest.client._rule_durations import rule_length
from tests.client.conftest import APP_ID, Client

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)


def rules(agora: Any) -> Any:
    return agora.app(APP_ID).kicking_rules


def sent(client: Client, network: Any, use: Any, answer: Any = None) -> tuple[dict[str, Any], Any]:
    """The body of the one request of `use`, and its result."""
    route = network.route().respond(200, json=answer or {"status": "success", "id": 1953})
    result = client(lambda agora: use(rules(agora)))
    assert route.call_count == 1
    return json.loads(route.calls.last.request.content), result


@pytest.mark.parametrize(
    ("arguments", "privileges"),
    [
        ({}, ["publish_audio", "publish_video"]),
        ({"video": False}, ["publish_audio"]),
        ({"audio": False}, ["publish_video"]),
    ],
)
def test_a_mute_denies_sending_and_not_joining(
    arguments: Any, privileges: list[str], client: Client, network: Any
) -> None:
    """CO-79."""
    body, made = sent(client, network, lambda found: found.mute(channel="c", uid="7", seconds=90, **arguments))
    members = {"cname": "c", "uid": 7, "time_in_seconds": 90, "privileges": privileges}
    assert body == {"appid": APP_ID, **members}
    assert made == Ban(id=1953)
    assert not made.kicked_once
    assert made.rule_id == made.id


@pytest.mark.parametrize(
    ("use", "members"),
    [
        (lambda found: found.ban(uid=7), {"time": 60}),
        (lambda found: found.ban(uid=7, minutes=5), {"time": 5}),
        (lambda found: found.ban(uid=7, seconds=90), {"time_in_seconds": 90}),
        (lambda found: found.mute(uid=7, minutes=1), {"time": 1}),
        (lambda found: found.kick(uid=7), {"time": 0}),
        (lambda found: found.extend(3, minutes=5), {"time": 5}),
        (lambda found: found.extend(3, seconds=-1), {"time_in_seconds": -1}),
    ],
)
def test_a_duration_is_sent_in_the_unit_it_is_given_in(use: Any, members: Any, client: Client, network: Any) -> None:
    """CO-84."""
    body, _ = sent(client, network, use)
    assert {name: value for name, value in body.items() if name.startswith("time")} == members


@pytest.mark.parametrize(
    ("use", "argument", "words"),
    [
        (lambda found: found.ban(uid=7, minutes=1, seconds=60), "seconds", "must not be combined with minutes"),
        (lambda found: found.mute(uid=7, minutes=1, seconds=60), "seconds", "must not be combined with minutes"),
        (lambda found: found.extend(3, minutes=1, seconds=60), "seconds", "must not be combined with minutes"),
        (lambda found: found.mute(uid=7), "minutes", "or seconds is required"),
        (lambda found: found.extend(3), "minutes", "or seconds is required"),
        (lambda found: found.mute(uid=7, minutes=0), "minutes", "would put users offline instead of muting them"),
        (lambda found: found.mute(uid=7, seconds=0), "seconds", "would put users offline instead of muting them"),
        (lambda found: found.mute(uid=7, minutes=1, audio=False, video=False), "audio", "must include audio or video"),
        (lambda found: found.mute(minutes=1), "channel, uid, ip", "pass exactly one of"),
        (lambda found: found.mute(uid=7, seconds="90"), "seconds", "must be a number, but '90' was given"),
        (lambda found: found.mute(uid=7, seconds=True), "seconds", "must be a number"),
        (lambda found: found.mute(uid=7, seconds=90, audio="no"), "audio", "must be true or false"),
        (lambda found: found.mute(uid=7, seconds=90, video=0), "video", "must be true or false"),
        (lambda found: found.mute(ip="203.0.113.7", uid=7, minutes=1), "ip", "pass exactly one of"),
        (lambda found: found.mute(ip="203.0.113.7", channel="c", minutes=1), "ip", "pass exactly one of"),
        (lambda found: found.ban(uid=7, extra={"time_in_seconds": 90}), "seconds", "pass seconds= instead"),
        (lambda found: found.ban(uid=7, seconds=-1), "seconds", "must be at least 0"),
        (lambda found: found.ban(ip="300.1.1.1"), "ip", "or an IPv6 address"),
        (lambda found: found.ban(ip="::g"), "ip", "IPv4"),
        (lambda found: found.mute(uid=7, minutes=1, extra={"privileges": ["join_channel"]}), None, "must not differ"),
        (lambda found: found.lift(Ban(id=None)), "rule", "put offline once"),
        (lambda found: found.extend(Ban(id=None), minutes=1), "rule", "put offline once"),
    ],
)
def test_what_would_do_something_else_is_not_sent(
    use: Any, argument: str | None, words: str, client: Client, network: Any
) -> None:
    route = network.route()
    with pytest.raises(InvalidArgument, match=words) as caught:
        client(lambda agora: use(rules(agora)))
    assert argument in (None, caught.value.argument)
    assert route.call_count == 0


@pytest.mark.parametrize("answer", [{"status": "success", "id": 0}, {"status": "success"}, {"id": 1953}])
def test_a_kick_has_no_rule_whatever_id_the_server_sends(answer: Any, client: Client, network: Any) -> None:
    """CO-42, CO-85: servers of today send the ID 0, and the documents of 2019 print another one."""
    _, made = sent(client, network, lambda found: found.kick(channel="c", uid=7), answer)
    assert (made.id, made.kicked_once) == (None, True)
    with pytest.raises(AgoraError, match="No rule was created"):
        _ = made.rule_id


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ({"time": 0.5}, 60),
        ({"time": 2000}, 86400),
        ({"time_in_seconds": 1}, 10),
        ({"time_in_seconds": 90}, 90),
        ({"time_in_seconds": 10**6}, 86430),
        ({"time": 0}, 0),
        ({"time_in_seconds": 0}, 0),
    ],
)
def test_the_length_of_a_rule_is_within_the_limits_of_the_server(duration: Any, seconds: float) -> None:
    """CO-42, CO-84."""
    assert rule_length(duration) == timedelta(seconds=seconds)


def listed(number: int, seconds: float, *privileges: str) -> dict[str, Any]:
    ends = NOW + timedelta(seconds=seconds)
    whom = {"appid": APP_ID, "cname": "c", "uid": 7, "ip": None, "privileges": list(privileges)}
    return {"id": number, "createAt": NOW.isoformat(), "ts": ends.isoformat(), **whom}


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("slow"), httpx.Response(504, json={"message": "timing out"})])
def test_a_mute_whose_response_is_lost_is_found_by_its_privileges_and_length(
    lost: Any, client: Client, network: Any
) -> None:
    """CO-86: after a time-out or a 504, the list of rules tells whether the rule exists."""
    others = [
        listed(1, 90, "join_channel"),
        listed(2, 90, "publish_audio"),
        listed(3, 60, "publish_video", "publish_audio"),
        listed(4, 90, "publish_video", "publish_audio"),
        listed(5, 90, "publish_video", "publish_audio", "join_channel"),
    ]
    date = {"Date": format_datetime(NOW, usegmt=True)}
    network.get(path__regex="kicking-rule").respond(200, json={"rules": others}, headers=date)
    made = network.post(path__regex="kicking-rule").mock(side_effect=[lost])
    found = client(lambda agora: rules(agora).mute(channel="c", uid=7, seconds=90))
    assert (found.id, found.ends_at) == (4, NOW + timedelta(seconds=90))
    assert made.call_count == 1


def test_a_listed_rule_says_what_it_denies(client: Client, network: Any) -> None:
    """CO-81. A rule without privileges is a ban, as in 2019; an unknown privilege comes through as itself."""
    plain = listed(1, 60)
    del plain["privileges"]
    network.route().respond(200, json={"rules": [plain, listed(2, 60, "publish_audio", "send_data")]})
    ban, mute = client(lambda agora: rules(agora).list())
    assert (ban.privileges, ban.bans) == ((Privilege.JOIN_CHANNEL,), True)
    assert (mute.privileges, mute.bans) == ((Privilege.PUBLISH_AUDIO, "send_data"), False)
    assert isinstance(mute, KickingRule)
