"""Kicking rules of the present documents: privileges, durations in seconds, and users who are put offline once."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, Recording, Response, Server
from agora_rest.contract.scenarios._console import app_id_of, instant, must_be_about
from agora_rest.contract.scenarios._current import UPLOADED_AFTER, resource_for, server_response, settings, start
from agora_rest.contract.scenarios._kicking import (
    ask_rule,
    id_of,
    kick,
    listed_rule,
    must_be_kept_out,
    must_be_let_in,
)
from agora_rest.contract.scenarios._recording import all_refused, all_taken, alone, past, to_the_half_second

_NEEDS: Final = Control.CLOCK | Control.USERS
_SILENCED: Final = (["publish_audio"], ["publish_video"], ["publish_audio", "publish_video"])
_DURATIONS: Final[dict[tuple[str, float], float]] = {
    ("time", 1): 60,
    ("time", 0.5): 60,
    ("time", 30): 1800,
    ("time", 1440): 86400,
    ("time", 2880): 86400,
    ("time_in_seconds", 10): 10,
    ("time_in_seconds", 1): 10,
    ("time_in_seconds", 90): 90,
    ("time_in_seconds", 86430): 86430,
    ("time_in_seconds", 90000): 86430,
}
"""Durations as they are given, and as they are kept, in seconds (CO-78, CO-84)."""

_NEAR: Final = 2


def _update(server: Server, app_id: str, number: int, **duration: Any) -> Response:
    return server.send("update_kicking_rule", body={"appid": app_id, "id": number, **duration})


def _must_last(server: Server, app_id: str, number: int, seconds: float, since: str = "createAt") -> dict[str, Any]:
    """The rule, which lasts so many seconds."""
    rule = listed_rule(server, app_id, number)
    length = instant(rule["ts"]) - instant(rule[since])
    must_be_about(length, seconds, _NEAR, "the length of the rule", server.trail[-1])
    return rule


@check("CO-78", "CO-84")
def a_duration_is_kept_within_its_bounds(server: Server) -> None:
    """`time` is kept within 1 to 1440 minutes and `time_in_seconds` within 10 to 86430 seconds."""
    app_id = app_id_of(server)
    for uid, ((name, given), seconds) in enumerate(_DURATIONS.items(), start=1):
        with alone(server, 1):
            _must_last(server, app_id, kick(server, app_id, uid=uid, **{"time": OMIT, name: given}), seconds)


@check("CO-78")
def a_rule_lasts_for_an_hour_by_default(server: Server) -> None:
    """With neither `time` nor `time_in_seconds` a rule lasts for 60 minutes."""
    app_id = app_id_of(server)
    _must_last(server, app_id, kick(server, app_id, uid=7, time=OMIT), 3600)


@check("CO-84")
def seconds_come_before_minutes(server: Server) -> None:
    """If both `time` and `time_in_seconds` are given, the seconds count."""
    app_id = app_id_of(server)
    _must_last(server, app_id, kick(server, app_id, uid=7, time=60, time_in_seconds=30), 30)
    number = kick(server, app_id, uid=8, time=60)
    _update(server, app_id, number, time=60, time_in_seconds=30).must_succeed()
    _must_last(server, app_id, number, 30, "updateAt")


@check("CO-84", "CO-78", needs=_NEEDS)
@to_the_half_second
def a_ban_of_seconds_ends_on_time(server: Server) -> None:
    """A ban of `time_in_seconds` keeps a user out until its end, and no longer."""
    for seconds in (10, 90):
        app_id, cname = app_id_of(server), server.fresh_channel()
        kick(server, app_id, cname=cname, uid=7, time=OMIT, time_in_seconds=seconds)
        rest = past(server, seconds - 1)
        must_be_kept_out(server, app_id, cname)
        server.advance(seconds=rest + 1)
        must_be_let_in(server, app_id, cname)


@check("CO-79")
def there_are_three_privileges(server: Server) -> None:
    """`privileges` is a list of one or more of `join_channel`, `publish_audio` and `publish_video`, and required."""
    app_id = app_id_of(server)
    right = (["join_channel"], *_SILENCED, ["join_channel", "publish_audio", "publish_video"])

    def ask(privileges: Any) -> Response:
        return ask_rule(server, app_id, uid=7, privileges=privileges)

    all_taken(server, right, ask, keep=1)
    wrong: tuple[Any, ...] = (OMIT, [], ["speak"], ["join_channel", "speak"], "join_channel", 5, {}, ["Join_channel"])
    all_refused(server, wrong, ask, 400, keep=1)


@check("CO-81", "CO-79")
def a_rule_is_listed_with_its_privileges(server: Server) -> None:
    """Each rule in the list has the `privileges` that it was given."""
    app_id = app_id_of(server)
    for uid, privileges in enumerate((["join_channel"], *_SILENCED), start=1):
        rule = listed_rule(server, app_id, kick(server, app_id, uid=uid, privileges=privileges))
        if sorted(rule.get("privileges") or []) != sorted(privileges):
            raise Response(server.trail[-1]).broken(f"`privileges` {privileges}")


@check("CO-80", needs=_NEEDS)
def who_is_silenced_stays(server: Server) -> None:
    """A rule against sending puts no user offline and denies no join, for any target."""
    for target in ({"uid": 7}, {"uid": 7, "cname": "room"}, {"cname": "room"}, {"ip": "192.0.2.7"}):
        for privileges in _SILENCED:
            with alone(server):
                app_id = app_id_of(server)
                server.join("room", 7, app_id=app_id, ip="192.0.2.7")
                kick(server, app_id, privileges=privileges, **target)
                server.user("room", 7, app_id=app_id).must_hold(True, "data", "in_channel")
                server.leave("room", 7, app_id=app_id)
                must_be_let_in(server, app_id, ip="192.0.2.7")


@check("CO-80", needs=_NEEDS)
def whoever_may_not_join_is_put_offline(server: Server) -> None:
    """A rule against joining and sending puts its users offline, as one against joining does."""
    app_id = app_id_of(server)
    server.join("room", 7, app_id=app_id)
    kick(server, app_id, uid=7, privileges=["join_channel", "publish_audio"])
    must_be_kept_out(server, app_id)


@check("CO-80", needs=_NEEDS)
def who_is_silenced_is_not_recorded(server: Server) -> None:
    """The streams of a silenced user are not recorded."""
    cname = server.fresh_channel()
    server.kick(cname=cname, uid=7, privileges=["publish_audio", "publish_video"])
    recording = _with_user(server, cname)
    server.advance(seconds=25)
    _must_be_silent(server, recording)


@check("CO-80", needs=_NEEDS)
def who_is_silenced_twice_waits_for_the_last_end(server: Server) -> None:
    """If two rules silence a user, the user is not recorded until both have ended."""
    for durations in ((1, 60), (60, 1)):
        cname = server.fresh_channel()
        for time, target in zip(durations, ({}, {"uid": 7}), strict=True):
            server.kick(cname=cname, time=time, privileges=_SILENCED[-1], **target)
        recording = _with_user(server, cname)
        for _ in range(2):
            server.advance(seconds=60)
            server.query(recording)
        _must_be_silent(server, recording)


@check("CO-80", needs=_NEEDS)
def who_comes_later_is_silenced_too(server: Server) -> None:
    """The streams of a silenced user who comes while the channel is recorded are not recorded either."""
    cname, uid = server.fresh_channel(), server.fresh_uid()
    server.kick(cname=cname, privileges=["publish_audio", "publish_video"])
    recording = server.record(cname, uid, maxIdleTime=60)
    server.join(cname, 7)
    server.advance(seconds=120)
    _must_be_silent(server, recording)


def _with_user(server: Server, cname: str) -> Recording:
    server.join(cname, 7)
    return server.record(cname)


def _must_be_silent(server: Server, recording: Recording) -> None:
    response = server.stop(recording)
    response.must(response.status == 206 and response.code == 435, "status 206 with code 435: nobody sent anything")


@check("CO-80", needs=_NEEDS)
def one_medium_is_silenced_alone(server: Server) -> None:
    """With a rule of `publish_audio` only video of its user is recorded, and the other way round."""
    for silenced, left in (("publish_audio", "video"), ("publish_video", "audio")):
        resource = resource_for(server, "individual")
        server.kick(cname=resource.cname, uid=7, privileges=[silenced])
        server.join(resource.cname, 7)
        recording = server.recording(
            resource, start(server, resource, "individual", settings("individual")), "individual"
        )
        server.advance(seconds=UPLOADED_AFTER)
        response = server.query(recording)
        files = server_response(response).get("fileList")
        tracks = {file.get("trackType") for file in files} if isinstance(files, list) else set()
        response.must(tracks == {left}, f"files with {left} only: {silenced} is taken away")


@check("CO-80", needs=_NEEDS)
def who_is_no_longer_silenced_is_recorded(server: Server) -> None:
    """Users are recorded again once the rule against sending is deleted, or has ended."""
    for ends in ("deleted", "over"):
        cname = server.fresh_channel()
        rule = server.kick(cname=cname, time=2, privileges=["publish_audio", "publish_video"])
        server.join(cname, 7)
        recording = server.record(cname)
        server.advance(seconds=30)
        if ends == "deleted":
            server.send("delete_kicking_rule", body={"appid": server.app_id, "id": rule}).must_succeed()
        else:
            server.advance(seconds=120)
        server.advance(seconds=60)
        response = server.stop(recording)
        response.must(response.status == 200, f"status 200: there are streams since the rule is {ends}")


@check("CO-83", "CO-80", needs=_NEEDS)
def an_update_moves_the_end_of_a_silence(server: Server) -> None:
    """An update of a rule against sending moves its end: silenced users are recorded from the new end on."""
    for time, duration, is_heard in (
        (60, {"time": 1}, True),
        (60, {"time_in_seconds": 10}, True),
        (60, {"time": 0}, True),
        (1, {"time": 60}, False),
    ):
        cname = server.fresh_channel()
        number = server.kick(cname=cname, time=time, privileges=_SILENCED[-1])
        recording = _with_user(server, cname)
        server.advance(seconds=20)
        _update(server, server.app_id, number, **duration).must_succeed()
        server.advance(seconds=UPLOADED_AFTER)
        if is_heard:
            response = server.stop(recording)
            response.must(response.status == 200, f"status 200: the rule has ended since its update to {duration}")
        else:
            _must_be_silent(server, recording)


@check("CO-81", "CO-83")
def an_update_keeps_the_privileges(server: Server) -> None:
    """A rule has the same `privileges` after an update as before."""
    app_id = app_id_of(server)
    for uid, privileges in enumerate((["join_channel"], *_SILENCED), start=1):
        number = kick(server, app_id, uid=uid, privileges=privileges)
        _update(server, app_id, number, time=5).must_succeed()
        rule = listed_rule(server, app_id, number)
        if sorted(rule.get("privileges") or []) != sorted(privileges):
            raise Response(server.trail[-1]).broken(f"`privileges` {privileges}, as before the update")


@check("CO-83", needs=Control.CLOCK)
def the_seconds_of_an_update_count_from_it(server: Server) -> None:
    """A rule that is updated with `time_in_seconds` ends so many seconds after the update."""
    app_id = app_id_of(server)
    number = kick(server, app_id, uid=7, time=60)
    server.advance(seconds=600)
    _update(server, app_id, number, time_in_seconds=900).must_succeed()
    _must_last(server, app_id, number, 900, "updateAt")
    _must_last(server, app_id, number, 1500, "createAt")


@check("CO-83")
def an_update_may_be_in_seconds(server: Server) -> None:
    """An update takes `time_in_seconds`, counted from the update, and answers with the rule's `id` and its end."""
    app_id = app_id_of(server)
    number = kick(server, app_id, uid=7, time=60)
    for seconds, kept in ((30, 30), (1, 10), (90000, 86430)):
        response = _update(server, app_id, number, time_in_seconds=seconds).must_succeed()
        response.must(id_of(response, "result") == number, f"the `id` of the rule, {number}")
        rule = _must_last(server, app_id, number, kept, "updateAt")
        end = instant(response.need("result", "ts"), response.exchange)
        must_be_about(end, instant(rule["ts"]), _NEAR, "the end of the rule", response.exchange)


@check("CO-83", "CO-78")
def an_update_without_a_duration_is_an_hour(server: Server) -> None:
    """An update with neither `time` nor `time_in_seconds` makes it 60 minutes."""
    app_id = app_id_of(server)
    number = kick(server, app_id, uid=7, time=5)
    _update(server, app_id, number).must_succeed()
    _must_last(server, app_id, number, 3600, "updateAt")


@check("CO-83", needs=_NEEDS)
def an_update_to_zero_ends_a_rule(server: Server) -> None:
    """By a duration of 0 a rule is over: it is listed no more, and its user may come back."""
    for duration in ({"time": 0}, {"time_in_seconds": 0}):
        app_id = app_id_of(server)
        number = kick(server, app_id, uid=7, time=60)
        _update(server, app_id, number, **duration).must_succeed()
        if server.kicking_rules(app_id):
            raise Response(server.trail[-1]).broken("no rule")
        must_be_let_in(server, app_id)


@check("CO-85", "CO-84", needs=_NEEDS)
def a_duration_of_zero_puts_offline_once(server: Server) -> None:
    """With a duration of 0 users are put offline and can come back at once; the `id` is 0, and nothing is kept."""
    for duration in ({"time": 0}, {"time": OMIT, "time_in_seconds": 0}, {"time": 60, "time_in_seconds": 0}):
        app_id = app_id_of(server)
        server.join("room", 7, app_id=app_id)
        response = ask_rule(server, app_id, uid=7, **duration).must_succeed()
        response.must(id_of(response) == 0, "`id` 0: no rule was made")
        server.user("room", 7, app_id=app_id).must_hold(False, "data", "in_channel")
        if server.kicking_rules(app_id):
            raise Response(server.trail[-1]).broken("no rule in the list")
        must_be_let_in(server, app_id)
        _update(server, app_id, 0, time=5).must_be_refused(404)
        server.send("delete_kicking_rule", body={"appid": app_id, "id": 0}).must_be_refused(404)


@check("CO-85", "CO-80", needs=_NEEDS)
def a_silence_of_zero_does_nothing(server: Server) -> None:
    """A rule against sending with a duration of 0 puts no user offline, and is not kept."""
    app_id = app_id_of(server)
    server.join("room", 7, app_id=app_id)
    for privileges in _SILENCED:
        for duration in ({"time": 0}, {"time": OMIT, "time_in_seconds": 0}):
            ask_rule(server, app_id, uid=7, privileges=privileges, **duration).must_succeed()
            server.user("room", 7, app_id=app_id).must_hold(True, "data", "in_channel")
    if server.kicking_rules(app_id):
        raise Response(server.trail[-1]).broken("no rule in the list")
