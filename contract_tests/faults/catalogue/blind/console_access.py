"""Faults of access to the Console: one operation, one slash."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import quotas
from faults.caller import APP, Request, limited
from faults.middleware import At, HttpCall, on_request
from faults.patches import also
from faults.seeds import authentication, timing, validation

_LIST = Request("GET", "/dev/v1/projects")


def _refused_rules_count(result: Any, self: Any, limits: Any, now: Any) -> None:
    for limit in () if result else limits:
        if limit.group == "console":
            self._passed[limit.group].append(now)


def _not_there(path: str) -> At:
    def change(call: HttpCall) -> None:
        if call.path == path:
            call.path = "/dev/nowhere"

    return on_request("", change)


def _right(call: HttpCall) -> None:
    call.set_header(b"authorization", b"Basic ZW11bGF0b3I6ZW11bGF0b3Itc2VjcmV0")


FAULTS = {
    "refused-rule-calls-count": timing(
        "CO-03 CO-49",
        "refused calls use the Console's total up",
        also(quotas.Quotas, "admit", _refused_rules_count),
        lambda a: limited(a, (0, _LIST, 10), (0.6, _LIST, 10), (0.6, _LIST, 1)),
    ),
    "path-with-slash-is-not-there": validation(
        "CO-05",
        "/v1/projects/, with a slash at the end, is not there",
        _not_there("/dev/v1/projects/"),
        lambda a: a.get("/v1/projects/").status,
    ),
    "rules-for-everybody": authentication(
        "CO-01",
        "the list of kicking rules needs no credentials",
        on_request("list_kicking_rules", _right),
        lambda a: a.send(Request("GET", f"/dev/v1/kicking-rule?appid={APP}", user=None)).status,
    ),
    "users-for-everybody": authentication(
        "CO-01",
        "the users of a channel are told without credentials",
        on_request("list_channel_users", _right),
        lambda a: a.send(Request("GET", f"/dev/v1/channel/user/{APP}/lesson", user=None)).status,
    ),
}
