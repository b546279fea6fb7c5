"""Required members of Console request bodies: their names and their types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.checking.leniency import strictly_wrong
from agora_rest.contract.http.server import Server
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._calls import Call, live_calls
from agora_rest.contract.scenarios._console import speaks_documented
from agora_rest.contract.scenarios._recording import alone

_WRONG: Final[dict[str, tuple[Any, ...]]] = {
    "id": (None, True, [], {}, 1.5, ""),
    "name": (None, True, 7, [], {}, ""),
    "enable_sign_key": (None, "true", "", 0, 1, [], {}),
    "enable": (None, "true", "", 0, 1, [], {}),
    "status": (None, True, False, 2, -1, 0.5, "0", "1", "", [], {}),
    "recording_server": (None, True, 8080, [], {}, ""),
    "appid": (None, True, 7, [], {}, "", "short", "!" * 32),
    "privileges": (None, True, "", {}),
}
"""Invalid values for each member, by name. Optional members of kicking rules are checked with the rules."""

_OPTIONAL: Final = frozenset({"time", "uid", "ip", "cname"})
"""Members without which a call means something else, or the same."""


@check("CO-04", "CO-10", "CO-16", "CO-18", "CO-19", "CO-20", "CO-21", "CO-40", "CO-46", "CO-47")
def console_calls_miss_what_is_left_out(server: Server) -> None:
    """A Console call without one of its members, or with its name in another case, is a 400 and does nothing."""
    _refuse_all(server, _without)


@check("CO-04", "CO-10", "CO-16", "CO-18", "CO-19", "CO-20", "CO-21", "CO-40", "CO-46", "CO-47")
def console_calls_take_no_other_types(server: Server) -> None:
    """A Console call with a member of another type, or out of its range, is a 400 and does nothing."""
    _refuse_all(server, _with_wrong_values)


def _refuse_all(server: Server, spoil: Any) -> None:
    """Each call is refused with each of its spoilt bodies, changes nothing, and is carried out with the right one."""
    calls = [call for call in live_calls(server, "console") if isinstance(call.body, dict)]
    before, observed = _state(server, calls), not speaks_documented(server)
    for call in calls:
        for body in strictly_wrong(call.operation, spoil(call), observed=observed, edition=server.edition):
            with alone(server):
                call.send(server, body=body).must_be_refused(400)
    if _state(server, calls) != before:
        raise Broken("projects and kicking rules to be unchanged", "a change by a refused request", server.trail[-1])
    for call in calls:
        call.must_work(server)


def _without(call: Call) -> Iterator[dict[str, Any]]:
    for name in call.body.keys() - _OPTIONAL:
        rest = {other: value for other, value in call.body.items() if other != name}
        yield rest
        for other_case in {name.upper(), name.title(), name.replace("_", "")} - {name}:
            yield {**rest, other_case: call.body[name]}
    yield {}


def _with_wrong_values(call: Call) -> Iterator[dict[str, Any]]:
    for name in call.body.keys() - _OPTIONAL:
        for value in _WRONG[name]:
            yield {**call.body, name: value}


def _state(server: Server, calls: list[Call]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    app_id = next(call.body["appid"] for call in calls if "appid" in call.body)
    return server.list_projects(), server.kicking_rules(app_id)
