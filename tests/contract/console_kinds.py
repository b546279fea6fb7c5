"""How the Console can go wrong: kinds of faults of its answers, its requests and its insides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx

from agora_rest.emulator import projects
from agora_rest.emulator.web import endpoints
from tests.contract.faults import Edge, Sent, Serve, answer, replaced, rewrites, sends, wrapped

PROJECT_CALLS = ("create_project", "find_project", "set_project_status", "list_projects")
SETTING_CALLS = ("set_recording_server", "enable_certificate", "reset_certificate")
RULE_CALLS = ("create_kicking_rule", "list_kicking_rules", "update_kicking_rule", "delete_kicking_rule")
CHANNEL_CALLS = ("get_user_property", "list_channel_users", "list_channels")
CONSOLE = (
    *PROJECT_CALLS,
    *SETTING_CALLS,
    "delete_project",
    "get_usage_v1",
    "get_usage_v3",
    *RULE_CALLS,
    *CHANNEL_CALLS,
)


def shows(change: Callable[[dict[str, Any]], object], *operations: str) -> Edge:
    """Every project in an answer is changed."""

    def rewrite(payload: Any, _: Sent) -> None:
        if isinstance(payload, dict):
            for project in payload.get("project") or payload.get("projects") or ():
                change(project)

    return rewrites(rewrite, *(operations or PROJECT_CALLS))


def changes(operation: str, change: Callable[[dict[str, Any]], object]) -> Edge:
    """What an operation answers, when it succeeds, is changed in place."""

    def rewrite(payload: Any, _: Sent) -> None:
        change(payload)

    return rewrites(rewrite, operation, when=lambda status: status < 300)


def each_rule(change: Callable[[dict[str, Any]], object]) -> Edge:
    """Every listed kicking rule is changed."""
    return changes("list_kicking_rules", lambda body: [change(rule) for rule in body["rules"]])


def instead(operation: str, status: int, payload: Any, when: Callable[[httpx.Response, Sent], bool]) -> Edge:
    """Another answer than the emulator's."""

    def fault(sent: Sent, serve: Serve) -> httpx.Response:
        response = serve(sent)
        return answer(status, payload) if sent.operation == operation and when(response, sent) else response

    return fault


def asks(change: Callable[[Sent, dict[str, str]], dict[str, str] | None], *operations: str) -> Edge:
    """The query of a request is changed; given as a dictionary of single values."""

    def fault(sent: Sent) -> Sent:
        if sent.operation not in operations:
            return sent
        query = {name: values[-1] for name, values in parse_qs(sent.request.url.query.decode()).items()}
        return sent.again(url=sent.request.url.copywith_(params=change(sent, query) or query))

    return sends(fault)


def does(owner: Any, name: str, function: Callable[..., Any]) -> Any:
    """A method is replaced."""
    return replaced(owner, name, function)


def also(owner: Any, name: str, afterwards: Callable[..., Any]) -> Any:
    """A method does something more afterwards; `afterwards` is given its result and its arguments."""

    def around(original: Callable[..., Any], *args: Any, **more: Any) -> Any:
        result = original(*args, **more)
        afterwards(result, *args, **more)
        return result

    return wrapped(owner, name, around)


def not_checked(operation: str) -> Any:
    """The body of an operation is not validated."""
    return wrapped(
        endpoints.Endpoint,
        "check_body",
        lambda original, self, value: (
            value if self.id == operation and isinstance(value, dict) else original(self, value)
        ),
    )


def merge(one: dict[str, Any], **more: Any) -> None:
    one.update(more)


def swap(one: dict[str, Any], left: str, right: str) -> None:
    one[left], one[right] = one[right], one[left]


def times(one: dict[str, Any], factor: float, *names: str) -> None:
    for name in names:
        one[name] *= factor


def with_(one: Any, **changes: Any) -> Any:
    for name, value in changes.items():
        setattr(one, name, value)
    return one


def refuse() -> Any:
    raise projects.InvalidInput("no")
