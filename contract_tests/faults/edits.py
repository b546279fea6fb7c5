"""Changes of requests that faults of several categories make."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from faults.middleware import At, Change, HttpCall, admit, error, exactly, given, on_request, refuse
from faults.probes import member

Test = Callable[[Any], bool]


def takes(
    operations: str,
    path: str,
    value: Any,
    instead: Any,
    wrong: Test | None = None,
    *,
    mode: str = "mix",
    **beside: Any,
) -> At:
    """A wrong value of a member is let through, for instance this one: the emulator gets `instead`.

    `wrong` tells which values else are; None stands for a member that is left out. What shows it is a request of the
    first operation with the value, in that mode, with these members beside it.
    """
    shows = member(operations.split()[0], path, value, mode, beside)
    return replace(admit(operations, path, wrong or exactly(value), instead), shows=shows)


def refuses(
    operation: str,
    path: str,
    value: Any,
    right: Test | None = None,
    refusal: Change | None = None,
    *,
    mode: str = "mix",
    **beside: Any,
) -> At:
    """A right value of a member is refused, for instance this one, and those for which `right` is true; see `takes`."""
    shows = member(operation, path, value, mode, beside)
    return replace(refuse(operation, given(path, right or exactly(value)), refusal or error(2)), shows=shows)


def edit_body(operations: str, change: Callable[[dict[str, Any]], object]) -> At:
    """The body of a call is changed before it comes in."""

    def changed(call: HttpCall) -> None:
        whole = copy.deepcopy(call.body)
        change(whole)
        call.body = whole

    return on_request(operations, changed)


def edit_client_request(operation: str, change: Callable[[Any], object], part: str = "") -> At:
    """The client request of a call is changed before it comes in, for instance from a wrong one to a right one.

    `part` is the path of what `change` is given, within the client request.
    """
    return edit_body(operation, lambda body: change(_part(body, part)))


def refuse_client_request(operation: str, when: Callable[[Any], Any], part: str = "") -> At:
    """Calls with such a client request are refused; see `edit_client_request`."""
    return refuse(operation, lambda call: when(_part(call.body, part)), error(2))


def _part(body: Any, path: str) -> Any:
    """A part of a client request. Raises KeyError or TypeError where it is not there: then a fault changes nothing."""
    found = body["clientRequest"]
    for name in path.split(".") if path else ():
        found = found[name]
    return found


def outside(*allowed: Any) -> Callable[[Any], bool]:
    """Something is given, and it is none of these."""
    return lambda given: given is not None and not any(given == each and type(given) is type(each) for each in allowed)


def take_any_type(call: HttpCall) -> None:
    """Whatever the type of the body is said to be, it is JSON."""
    if call.header(b"content-type"):
        call.set_header(b"content-type", b"application/json")
