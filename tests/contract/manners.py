"""What a server of another make does otherwise: each a thing that the documents leave open."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from agora_rest.emulator import Emulator
from agora_rest.emulator.ids import Ids
from tests.contract.front import Answer, Asked, Manner, Serve, nothing_there

#: The texts that the facts name.
FIXED = {"invalid appid", "Invalid authentication credentials", "API rate limit exceeded", "project not exit"}


def rewrites(change: Callable[[Any], None]) -> Manner:
    """Every JSON object in an answer is changed in place by `change`, the inner ones first."""

    def walk(value: Any, name: str = "") -> None:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(each, dict | list) and key not in ("usage", "meta"):  # these hold names of the account's own
                walk(each)
        if isinstance(value, dict):
            change(value)

    def manner(asked: Asked, serve: Serve) -> Answer:
        answer = serve(asked)
        if answer.is_json:
            body = answer.json
            walk(body)
            answer.json = body
        return answer

    return manner


@rewrites
def other_words(members: dict[str, Any]) -> None:
    """Errors are told in words of its own."""
    for name in ("reason", "message", "error_msg"):
        if isinstance(members.get(name), str) and members[name] not in FIXED:
            members[name] = "E17: das geht so nicht"


@rewrites
def more_members(members: dict[str, Any]) -> None:
    """Every object has members that nobody knows."""
    members["x_trace"] = {"node": 7, "at": [1, 2]}


@rewrites
def other_order(members: dict[str, Any]) -> None:
    """Lists come in another order."""
    for name in ("projects", "rules", "channels", "users", "broadcasters", "usages", "daily"):
        if isinstance(members.get(name), list):
            members[name].reverse()


@rewrites
def milliseconds(members: dict[str, Any]) -> None:
    """Projects are dated in milliseconds, as the document's table says."""
    if isinstance(members.get("created"), int) and members["created"] < 10**11:
        members["created"] *= 1000


@rewrites
def other_type_of_status(members: dict[str, Any]) -> None:
    """The status of a recording is the number where we send a string, and the string where we send a number."""
    if "fileList" in members and "status" in members:
        status = members["status"]
        members["status"] = int(status) if isinstance(status, str) else str(status)


def other_json(asked: Asked, serve: Serve) -> Answer:
    """JSON is spaced, begins on a new line, and is called by its name in capitals; there are more headers."""
    answer = serve(asked)
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-type"}
    kind = answer.headers.get("content-type", "text/html")
    if answer.is_json:
        answer.body = b"\n" + json.dumps(answer.json, indent=3, ensure_ascii=False).encode() + b"\n"
        kind = "Application/JSON; Charset=UTF-8"
    answer.headers = {**headers, "CONTENT-TYPE": kind, "Via": "1.1 gateway"}
    return answer


def compressed(asked: Asked, serve: Serve) -> Answer:
    """Answers are compressed for those who can read that."""
    answer = serve(asked)
    if "gzip" in asked.header("accept-encoding") and answer.body:
        answer.body, answer.headers["Content-Encoding"] = gzip.compress(answer.body), "gzip"
    return answer


def a_page_for_what_is_not_there(asked: Asked, serve: Serve) -> Answer:
    """Where no path leads there is a page, and a method that a path does not have gets one too."""
    answer = serve(asked)
    if answer.status == 405:
        return Answer(405, {"Content-Type": "text/html"}, b"<h1>405</h1>")
    if answer.status == 404 and answer.is_json and "message" in answer.json and "Code" not in answer.json:
        return nothing_there() if b"no Route" in answer.body else answer
    return answer


def no_405(asked: Asked, serve: Serve) -> Answer:
    """A method that a path does not have is nothing that is there."""
    answer = serve(asked)
    return nothing_there() if answer.status == 405 else answer


def forgets_recordings(asked: Asked, serve: Serve) -> Answer:
    """A recording that is over cannot be asked about any more."""
    answer = serve(asked)
    if asked.target.endswith("/query") and answer.status == 200:
        body = answer.json
        if str(body.get("Body", body)["serverResponse"]["status"]) in ("6", "7", "8", "20"):
            gone = {"code": 404, "reason": "failed to find worker"}
            answer.status, answer.json = 404, {"Code": 404, "Body": gone} if "Body" in body else gone
    return answer


def sessions(asked: Asked, serve: Serve) -> Answer:
    """Who was let in once gets a cookie, with which nobody asks for credentials any more."""
    if "session=1" in asked.header("cookie"):
        token = base64.b64encode(b"emulator:emulator-secret").decode()
        kept = [each for each in asked.headers if each[0].lower() != "authorization"]
        asked.headers = [*kept, ("Authorization", f"Basic {token}")]
    answer = serve(asked)
    if answer.status < 400:
        answer.headers["Set-Cookie"] = "session=1; Path=/"
    return answer


def strangers_are_told_nothing(asked: Asked, serve: Serve) -> Answer:
    """Credentials are looked at before paths and methods."""
    answer = serve(asked)
    token = base64.b64encode(b"emulator:emulator-secret").decode()
    if answer.status in (404, 405) and asked.header("authorization").partition(" ")[2] != token:
        return Answer(401, {"Content-Type": "application/json"}, b'{"message": "Invalid authentication credentials"}')
    return answer


def looks_at_ids_first(emulator: Emulator) -> tuple[Manner, ...]:
    """What a request names is looked up before its form is looked at: App IDs, resource IDs, projects."""

    def app_ids(asked: Asked, serve: Serve) -> Answer:
        answer, parts = serve(asked), asked.target.split("/")
        known = {project.app_id for project in emulator.world.projects.all() if project.enabled}
        if answer.status == 400 and asked.target.startswith("/v1/apps/") and parts[3] not in known:
            answer.json = {"message": "invalid appid"}
        return answer

    def resource_ids(asked: Asked, serve: Serve) -> Answer:
        answer, parts = serve(asked), asked.target.split("/")
        if answer.status != 400 or "/resourceid/" not in asked.target or "message" in answer.json:
            return answer
        body = answer.json
        known = {resource.id for resource in emulator.world.recordings.resources()}
        inner = body.get("Body", body)
        if inner["code"] in (2, 1013) and parts[6] not in known:
            inner |= {"code": 1001, "reason": "failed to decrypt"}
            answer.json = body
        return answer

    def projects(asked: Asked, serve: Serve) -> Answer:
        answer = serve(asked)
        try:
            wanted = json.loads(asked.body)["id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return answer
        known = {project.id for project in emulator.world.projects.all()}
        if (
            "kicking" not in asked.target
            and answer.status == 400
            and isinstance(wanted, str)
            and wanted
            and wanted not in known
        ):
            named = "error_msg" if emulator.settings.dialect == "documented" else "message"
            answer.status, answer.json = 404, {named: "project not exit"}
        return answer

    return (app_ids, resource_ids, projects)


def other_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """IDs look otherwise: longer, with dashes, of large numbers."""
    numbers = iter(range(9_000_000_000_001, 9_100_000_000_000, 7))
    monkeypatch.setattr(Ids, "project_id", lambda self: f"p_{next(numbers):x}-{self.app_id()[:6].upper()}")
    monkeypatch.setattr(Ids, "sid", lambda self: f"{self.app_id()[:8]}-{self.app_id()[:12]}")
    monkeypatch.setattr(Ids, "resource_id", lambda self: f"{self.app_id()}-{self.app_id()}_{next(numbers)}")
    monkeypatch.setattr(Ids, "rule_id", lambda _: next(numbers))


OTHERWISE: tuple[Manner, ...] = (
    compressed,
    other_json,
    sessions,
    strangers_are_told_nothing,
    a_page_for_what_is_not_there,
    other_words,
    more_members,
    other_order,
    milliseconds,
    other_type_of_status,
    forgets_recordings,
)
"""All that may be done otherwise at the same time; the first is outermost."""
