"""Changes of requests that faults of several categories make."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from faults.middleware import At, HttpCall, error, on_request, refuse


def edit_client_request(operation: str, change: Callable[[dict[str, Any]], object]) -> At:
    """The client request of a call is changed before it comes in, for instance from a wrong one to a right one."""

    def changed(call: HttpCall) -> None:
        request = call.body.get("clientRequest") if isinstance(call.body, dict) else None
        if not isinstance(request, dict):
            return
        whole = copy.deepcopy(call.body)
        change(whole["clientRequest"])
        call.body = whole

    return on_request(operation, changed)


def refuse_client_request(operation: str, when: Callable[[dict[str, Any]], Any]) -> At:
    """Calls with such a client request are refused."""
    return refuse(operation, lambda call: when(call.body["clientRequest"]), error(2))


def outside(*allowed: Any) -> Callable[[Any], bool]:
    """Something is given, and it is none of these."""
    return lambda given: given is not None and not any(given == each and type(given) is type(each) for each in allowed)


def take_any_type(call: HttpCall) -> None:
    """Whatever the type of the body is said to be, it is JSON."""
    if call.header(b"content-type"):
        call.set_header(b"content-type", b"application/json")
