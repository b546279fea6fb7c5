"""How often one may call the Console: ten times a second in all, and ten times the calls about kicking rules."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from agora_rest import spec
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.samples import Ids
from agora_rest.contract.scenarios._calls import call_of
from agora_rest.contract.scenarios._console import app_id_of

Sending = Callable[[], Response]

_LIMIT = 10
"""So many calls pass in a second (CO-03, CO-49)."""

_TRIES = 3
"""Attempts at a scenario when the server is too slow."""

_NEEDS = Control.QUOTA | Control.CLOCK


@check("CO-03", needs=_NEEDS, profile=Profile.LOCAL)
def ten_console_calls_pass_in_a_second(server: Server) -> None:
    """Of Console calls of all kinds together exactly ten pass in a second; in the next second ten more pass."""
    calls = list(_every_call(server).values())
    server.limit_rate()

    def story(begin: int) -> None:
        for number in range(_LIMIT):
            _must_pass(calls[(begin + number) % len(calls)]())
        _must_be_too_many(calls[begin]())
        _must_be_too_many(calls[begin - 1]())
        server.advance(seconds=1)
        for number in range(_LIMIT):
            _must_pass(calls[(begin + number) % len(calls)]())

    for begin in (0, 5, 10):
        _in_a_second(server, partial(story, begin))


@check("CO-03", "CO-49", needs=_NEEDS, profile=Profile.LOCAL)
def every_console_call_counts(server: Server) -> None:
    """Each of the Console's calls is counted, and is refused when ten calls have passed before it."""
    calls = _every_call(server)
    server.limit_rate()

    def story(call: Sending) -> None:
        _list(server, _LIMIT - 1)
        _must_pass(call())
        _must_be_too_many(server.send("list_projects"))
        _must_be_too_many(call())

    for call in calls.values():
        _in_a_second(server, partial(story, call))


@check("CO-49", "CO-03", needs=_NEEDS, profile=Profile.LOCAL)
def ten_calls_about_kicking_rules_pass_in_a_second(server: Server) -> None:
    """Of the four calls about kicking rules exactly ten pass in a second, and they count among all Console calls."""
    calls = [call for name, call in _every_call(server).items() if name.endswith(("kicking_rule", "kicking_rules"))]
    server.limit_rate()

    def story(begin: int) -> None:
        for number in range(_LIMIT):
            _must_pass(calls[(begin + number) % len(calls)]())
        _must_be_too_many(calls[begin]())
        _must_be_too_many(server.send("list_projects"))

    for begin in range(len(calls)):
        _in_a_second(server, partial(story, begin))


@check("CO-03", "CO-49", needs=_NEEDS, profile=Profile.LOCAL)
def any_second_is_a_second(server: Server) -> None:
    """Ten calls pass in any second, whenever it begins: five and five more, and then as many as are a second old.

    With a frozen clock, no sooner than 0.99 seconds and no later than 1.01 seconds after.
    """
    server.limit_rate()

    def story() -> None:
        _list(server, 5)
        server.advance(seconds=0.6)
        _list(server, 5)
        _must_be_too_many(server.send("list_projects"))
        server.advance(seconds=0.5)
        _list(server, 5)
        _must_be_too_many(server.send("list_projects"))

    def exact() -> None:
        _list(server, _LIMIT)
        server.advance(seconds=0.99)
        _must_be_too_many(server.send("list_projects"))
        server.advance(seconds=0.02)
        _list(server, _LIMIT)

    _in_a_second(server, story, within=0.3)
    if server.stands_still():
        _in_a_second(server, exact)


@check("CO-03", "CO-49", needs=_NEEDS, profile=Profile.LOCAL)
def a_refused_console_call_costs_nothing(server: Server) -> None:
    """Calls that are refused for their number do not count: a second after the ten that passed, ten pass again."""
    server.limit_rate()

    def story() -> None:
        _list(server, _LIMIT)
        for _ in range(3):
            server.advance(seconds=0.2)
            _must_be_too_many(server.send("list_projects"))
            _must_be_too_many(server.send("list_kicking_rules", query={"appid": server.app_id}))
        server.advance(seconds=0.5)
        _list(server, _LIMIT)

    _in_a_second(server, story, within=0.3)


@check("CO-03", needs=_NEEDS, profile=Profile.LOCAL)
def a_failed_console_call_counts(server: Server) -> None:
    """A call that is refused for its content, or finds nothing, still counts: ten of them use the second up."""
    server.limit_rate()
    for wrong in ({"id": "contract-nobodys"}, {}):

        def story(query: dict[str, str] = wrong) -> None:
            for _ in range(_LIMIT):
                server.send("find_project", query=query).must_be_refused()
            _must_be_too_many(server.send("list_projects"))

        _in_a_second(server, story)


@check("CO-03", "CO-49", needs=_NEEDS, profile=Profile.LOCAL)
def a_refused_console_call_does_nothing(server: Server) -> None:
    """A call that is refused for its number is not carried out: nothing is made, changed or deleted by it."""
    project = server.create_project()
    app_id = project["vendor_key"]
    rule = server.kick(appid=app_id, cname="room", time=60)
    before = server.list_projects(), server.kicking_rules(app_id)
    server.limit_rate()

    def story() -> None:
        _list(server, _LIMIT)
        ids = Ids(app_id=app_id, project=project["id"], rule=int(rule), channel="room")
        for operation in server.operations("console"):
            if operation.effect.kind != "reads":
                _must_be_too_many(call_of(operation.id, ids).send(server))

    _in_a_second(server, story)
    server.advance(seconds=1)
    if (server.list_projects(), server.kicking_rules(app_id)) != before:
        raise Broken("projects and rules to be unchanged", "a change by a call over the limit", server.trail[-1])


@check("CO-03", "CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def the_console_has_a_quota_of_its_own(server: Server) -> None:
    """Calls of Cloud Recording and of the Console do not count for each other."""
    server.limit_rate()

    def story(first: Sending, second: Sending) -> None:
        for call in (first, second):
            for _ in range(_LIMIT):
                _must_pass(call())
        for call in (first, second):
            _must_be_too_many(call())

    console: Sending = partial(server.send, "list_projects")
    for order in ((console, server.ask_acquire), (server.ask_acquire, console)):
        _in_a_second(server, partial(story, *order))


def _in_a_second(server: Server, story: Callable[[], None], within: float = 0.9) -> None:
    """Run a scenario that happens inside one second, starting with no calls counted.

    within: real seconds it may take if the clock is running. A scenario that fails after more seconds proves nothing
    and is retried.
    """
    for _ in range(_TRIES):
        server.advance(seconds=2)
        began = time.monotonic()
        try:
            story()
        except Broken:
            if time.monotonic() - began <= within or server.stands_still():
                raise
        else:
            return
    raise Skipped("the server responds too slowly to measure its quota")


# -- calls -------------------------------------------------------------------------------------------------------------


def _every_call(server: Server) -> dict[str, Sending]:
    """Each operation of the Console on what is there; a few of a kind can be made, so that all of them succeed."""
    project, app_id = server.create_project(), app_id_of(server)
    spare_projects = iter([server.create_project()["id"] for _ in range(15)])
    spare_rules = iter([int(server.kick(appid=app_id, cname="room")) for _ in range(60)])
    rule = int(server.kick(appid=app_id, cname="room"))

    def send(operation: str) -> Sending:
        def call() -> Response:
            removes = spec.operation(operation).effect.kind == "removes"
            ids = Ids(
                app_id=app_id,
                project=next(spare_projects) if removes and operation == "delete_project" else project["id"],
                rule=next(spare_rules) if removes and operation == "delete_kicking_rule" else rule,
                channel="room",
            )
            return call_of(operation, ids).send(server)

        return call

    return {each.id: send(each.id) for each in server.operations("console")}


def _list(server: Server, times: int) -> None:
    for _ in range(times):
        _must_pass(server.send("list_projects"))


def _must_pass(response: Response) -> None:
    response.must(response.status != 429, "the call to pass: fewer than ten passed in the second before it")
    response.must_succeed()


def _must_be_too_many(response: Response) -> None:
    response.must_be_refused(429)
