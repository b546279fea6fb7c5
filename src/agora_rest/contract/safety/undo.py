"""How to take back what a call made."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from agora_rest import spec
from agora_rest.contract.http.exchange import Exchange


class Undo(NamedTuple):
    """The call that undoes another call."""

    operation: str
    path: dict[str, str]
    body: dict[str, Any]


def undo_of(exchange: Exchange) -> Undo | None:
    """The undo of `exchange`, or None if it created nothing (or nothing that its response identifies)."""
    if not exchange.succeeded:
        return None
    try:
        body = json.loads(exchange.request_body)
        if exchange.operation == "create_project":
            project = exchange.member("project")
            return Undo("delete_project", {}, {"id": (project[0] if isinstance(project, list) else project)["id"]})
        if exchange.operation == "create_kicking_rule":
            return Undo("delete_kicking_rule", {}, {"appid": body["appid"], "id": exchange.payload["id"]})
        if exchange.operation == "start_recording":
            path = {**path_values(exchange), "sid": exchange.payload["sid"]}
            return Undo("stop_recording", path, {"cname": body["cname"], "uid": body["uid"], "clientRequest": {}})
    except (KeyError, TypeError, IndexError, ValueError):
        return None
    return None


def path_values(exchange: Exchange) -> dict[str, str]:
    """The path parameters of a request to an operation, decoded."""
    return spec.operation(exchange.operation).match_path(exchange.path, any_base=True) or {}
