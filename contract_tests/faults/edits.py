"""Changes of requests that faults of several categories make."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from faults.middleware import At, HttpCall, error, on_request, refuse

_SHAPES: Final = (AttributeError, IndexError, KeyError, TypeError)
"""What a function raises for a client request in which it does not find what it needs."""


def edit_client_request(operation: str, change: Callable[[dict[str, Any]], object]) -> At:
    """The client request of a call is changed before it comes in, for instance from a wrong one to a right one."""

    def changed(call: HttpCall) -> None:
        request = call.body.get("clientRequest") if isinstance(call.body, dict) else None
        if not isinstance(request, dict):
            return
        whole = copy.deepcopy(call.body)
        try:
            change(whole["clientRequest"])
        except _SHAPES:
            return
        call.body = whole

    return on_request(operation, changed)


def refuse_client_request(operation: str, when: Callable[[dict[str, Any]], Any]) -> At:
    """Calls with such a client request are refused."""

    def is_meant(call: HttpCall) -> bool:
        try:
            return bool(when(call.body["clientRequest"]))
        except _SHAPES:
            return False

    return refuse(operation, is_meant, error(2))


def outside(*allowed: Any) -> Callable[[Any], bool]:
    """Something is given, and it is none of these."""
    return lambda given: given is not None and not any(given == each and type(given) is type(each) for each in allowed)


def take_any_type(call: HttpCall) -> None:
    """Whatever the type of the body is said to be, it is JSON."""
    if call.header(b"content-type"):
        call.set_header(b"content-type", b"application/json")
