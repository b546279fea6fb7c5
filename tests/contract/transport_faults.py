"""Faults of what both APIs share, each with the checks that see it: credentials, routes, bodies, limits, secrets."""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from typing import Any

import httpx

from agora_rest import spec
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID
from agora_rest.emulator.quotas import Limit, Quotas
from tests.contract.faults import (
    ACQUIRE,
    QUERY,
    START,
    STOP,
    Edge,
    Fault,
    Sent,
    Serve,
    answer,
    edge,
    error,
    inside,
    replaced,
    responds,
    rewrites,
    sends,
    wrapped,
)

RIGHT = "Basic " + base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}".encode()).decode()

RECORDED = "nobody_records_without_the_right_credentials"
ADMINISTERED = "nobody_administers_without_the_right_credentials"


# -- credentials -------------------------------------------------------------------------------------------------------


def given(sent: Sent) -> str:
    """The credentials of a request, decoded, or ""."""
    scheme, _, token = sent.request.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(token, validate=True).decode() if scheme == "Basic" else ""
    except ValueError:
        return ""


def lets_in(strangers: Any, *operations: str) -> Edge:
    """Whoever fits is somebody it knows."""

    def fault(sent: Sent) -> Sent:
        if operations and sent.operation not in operations:
            return sent
        return sent.again(headers={"authorization": RIGHT}) if strangers(sent) else sent

    return sends(fault)


def does_it_first(sent: Sent, serve: Serve) -> httpx.Response:
    """The call is carried out, and only then refused."""
    refused = serve(sent)
    if refused.status_code == 401:
        serve(sent.again(headers={"authorization": RIGHT}))
    return refused


def reads_first(sent: Sent, serve: Serve) -> httpx.Response:
    """What is malformed is refused before anybody asks who sent it."""
    return answer(400, {"message": "malformed"}) if sent.request.read() == b"{" else serve(sent)


def names_them(response: httpx.Response, sent: Sent) -> httpx.Response:
    """The answer says who asked."""
    headers = {"content-type": "application/json", "x-asked-by": given(sent)}
    return httpx.Response(response.status_code, headers=headers, content=response.content)


CREDENTIALS = [
    edge(
        "lets everybody in",
        lets_in(bool),
        RECORDED,
        ADMINISTERED,
        "a_stranger_changes_no_recording",
        "a_stranger_changes_no_project",
    ),
    edge(
        "asks nobody for credentials at query",
        lets_in(lambda sent: "authorization" not in sent.request.headers, QUERY),
        RECORDED,
    ),
    edge(
        "looks at the user only",
        lets_in(lambda sent: given(sent).startswith(f"{DEFAULT_CUSTOMER_ID}:")),
        RECORDED,
        ADMINISTERED,
    ),
    edge(
        "looks at the password only",
        lets_in(lambda sent: given(sent).endswith(f":{DEFAULT_CUSTOMER_CERTIFICATE}")),
        RECORDED,
        ADMINISTERED,
    ),
    edge(
        "is content with the beginning of a password",
        lets_in(lambda sent: given(sent) == f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE[:1]}"),
        RECORDED,
    ),
    edge(
        "is content with more than the password",
        lets_in(lambda sent: DEFAULT_CUSTOMER_CERTIFICATE in given(sent)),
        ADMINISTERED,
    ),
    edge(
        "reads passwords in any case",
        lets_in(lambda sent: given(sent).lower() == f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}"),
        RECORDED,
    ),
    edge(
        "takes the token under any scheme",
        lets_in(lambda sent: sent.request.headers.get("authorization", "").endswith(RIGHT[6:])),
        RECORDED,
        ADMINISTERED,
    ),
    edge(
        "takes the token from another header", lets_in(lambda sent: "x-authorization" in sent.request.headers), RECORDED
    ),
    edge(
        "lets everybody create kicking rules",
        lets_in(bool, "create_kicking_rule"),
        ADMINISTERED,
        "a_stranger_changes_no_project",
    ),
    edge(
        "does first and asks later", does_it_first, "a_stranger_changes_no_recording", "a_stranger_changes_no_project"
    ),
    edge("reads before it asks", reads_first, "credentials_are_looked_at_before_the_request"),
    edge(
        "says 403",
        responds(lambda response, _: answer(403, {"message": "no"}) if response.status_code == 401 else response),
        RECORDED,
        ADMINISTERED,
    ),
    edge(
        "knows the scheme in one case only",
        lambda sent, serve: (
            answer(401, {"message": "no"})
            if sent.request.headers.get("authorization", "").startswith("basic")
            else serve(sent)
        ),
        "the_scheme_is_basic_in_any_case",
        "the_consoles_scheme_is_basic_in_any_case",
    ),
    edge("repeats the credentials in a header", responds(names_them), "no_answer_holds_credentials"),
]


# -- routes ------------------------------------------------------------------------------------------------------------


def caseless(sent: Sent, serve: Serve) -> httpx.Response:
    """Paths are the same in any case."""
    path = sent.request.url.path
    for operation in spec.operations().values():
        for name in operation.path.split("/"):
            if name and not name.startswith("{"):
                for other in (name.upper(), name.title()):
                    path = path.replace(f"/{other}/", f"/{name}/")
                    path = path.removesuffix(other) + name if path.endswith(f"/{other}") else path
    return serve(sent.again(url=sent.request.url.copy_with(path=path)))


def any_method(sent: Sent, serve: Serve) -> httpx.Response:
    """What is put is posted."""
    response = serve(sent)
    return (
        serve(sent.again(method="POST")) if response.status_code == 405 and sent.request.method == "PUT" else response
    )


def respelled_members(sent: Sent) -> Sent:
    """The last spelling counts."""
    if sent.operation == START and isinstance(sent.body, dict) and "Cname" in sent.body:
        return sent.with_body(("cname",), sent.body["Cname"])
    return sent


NOWHERE = ("beside_the_recording_paths_there_is_nothing", "beside_the_consoles_paths_there_is_nothing")

ROUTES = [
    edge("knows paths in any case", caseless, "paths_are_case_sensitive"),
    edge(
        "says 400 to unknown paths",
        responds(lambda response, _: answer(400, response.json()) if "no Route" in response.text else response),
        *NOWHERE,
        "paths_are_case_sensitive",
    ),
    edge(
        "welcomes everybody everywhere",
        responds(lambda response, _: answer(200, {"message": "welcome"}) if "no Route" in response.text else response),
        *NOWHERE,
    ),
    edge("takes PUT for POST", any_method, "recording_calls_have_one_method", "console_calls_have_their_methods"),
    edge("lets members in another case win", sends(respelled_members), "members_are_case_sensitive"),
    edge(
        "wants the slash",
        lambda sent, serve: (
            serve(sent)
            if sent.operation or not sent.request.url.path.startswith("/dev")
            else answer(404, {"message": "no"})
        ),
        "the_slash_at_the_end_may_be_left_out",
    ),
    edge(
        "wants a body with query",
        lambda sent, serve: error(2) if sent.operation == QUERY and not sent.request.read() else serve(sent),
        "a_get_needs_no_body",
    ),
]


# -- bodies ------------------------------------------------------------------------------------------------------------


def mends(sent: Sent, serve: Serve) -> httpx.Response:
    """A comma too many does no harm."""
    content = sent.request.read()
    if content.endswith(b",}"):
        body = content[:-2] + b"}"
        return serve(sent.again(content=body, body=json.loads(body)))
    return serve(sent)


def fails_at(what: bytes, status: int = 500) -> Edge:
    """Some bodies are too much for it."""
    return lambda sent, serve: answer(status, {"message": "oops"}) if what in sent.request.read() else serve(sent)


def any_type(*prefixes: str) -> Edge:
    """What begins like this will be JSON."""

    def fault(sent: Sent) -> Sent:
        typed = sent.request.headers.get("content-type", "").lower().startswith(prefixes)
        return sent.again(headers={"content-type": "application/json"}) if typed else sent

    return sends(fault)


MALFORMED = ("recording_calls_refuse_what_is_no_json", "console_calls_refuse_what_is_no_json")
TYPED = ("recording_calls_take_json_only", "console_calls_take_json_only")

BODIES = [
    edge("mends malformed JSON", mends, *MALFORMED),
    *(
        edge(f"fails at {what[:8]!r}", fails_at(what), *MALFORMED)
        for what in (b"\xff", b"[" * 90_000, b"NaN", b'{"a":' * 9)
    ),
    edge("says 413 to much", fails_at(b"x" * 1_000_000, 413), *MALFORMED),
    edge(
        "says 415",
        responds(lambda response, _: answer(415, {"message": "no"}) if "Content-Type" in response.text else response),
        *TYPED,
    ),
    edge("takes anything for JSON", any_type(""), *TYPED),
    edge("takes text for JSON", any_type("text/"), *TYPED),
    edge("looks at the beginning of the type", any_type("application/json"), *TYPED),
    edge(
        "wants no charset",
        lambda sent, serve: error(2) if "charset=" in sent.request.headers.get("content-type", "") else serve(sent),
        *TYPED,
    ),
    edge(
        "speaks ASCII only",
        lambda sent, serve: serve(sent) if sent.request.read().isascii() else error(2),
        "bodies_are_utf_8",
    ),
    edge(
        "knows no escapes",
        lambda sent, serve: error(2) if b"\\u" in sent.request.read() else serve(sent),
        "bodies_are_utf_8",
    ),
]


# -- limits ------------------------------------------------------------------------------------------------------------


def limited(calls: int = 10, seconds: float = 1) -> Any:
    """Another limit than the documented one."""
    return wrapped(
        Quotas,
        "admit",
        lambda admit, self, limits, now: admit(self, tuple(Limit(it.group, calls, seconds) for it in limits), now),
    )


def regrouped(group: Any) -> Any:
    """The calls are counted in other groups."""
    return wrapped(
        Quotas,
        "admit",
        lambda admit, self, limits, now: admit(self, tuple(it._replace(group=group(it.group)) for it in limits), now),
    )


def fixed_window(self: Quotas, limits: tuple[Limit, ...], now: float) -> bool:
    """Ten in each second of the clock."""
    for limit in limits:
        passed = self._passed.setdefault(limit.group, deque())
        if passed and int(passed[-1]) != int(now):
            passed.clear()
        if len(passed) >= limit.calls:
            return False
    for limit in limits:
        self._passed[limit.group].append(now)
    return True


def bucket(self: Quotas, limits: tuple[Limit, ...], now: float) -> bool:
    """Ten tokens that come back one by one."""
    level: dict[str, tuple[float, float]] = self.__dict__.setdefault("level", {})
    for limit in limits:
        tokens, since = level.get(limit.group, (10.0, now))
        tokens = min(10.0, tokens + (now - since) * 10)
        level[limit.group] = (tokens - 1 if tokens >= 1 else tokens, now)
        if tokens < 1:
            return False
    return True


def refused_counts(admit: Any, self: Quotas, limits: tuple[Limit, ...], now: float) -> bool:
    """Who asks too often waits longer."""
    if admit(self, limits, now):
        return True
    for limit in limits:
        self._passed[limit.group].append(now)
    return False


def done_anyway(sent: Sent, serve: Serve) -> httpx.Response:
    """What is over the limit is done all the same."""
    response = serve(sent)
    if response.status_code == 429:
        serve(Sent("", {}, httpx.Request("PATCH", "http://127.0.0.1/_emulator/settings", json={"rate_limit": False})))
        serve(sent.again())
        serve(Sent("", {}, httpx.Request("PATCH", "http://127.0.0.1/_emulator/settings", json={"rate_limit": True})))
    return response


def uncounted_refusals(sent: Sent, serve: Serve) -> httpx.Response:
    """What is refused for its channel name is refused before it is counted."""
    bad = isinstance(sent.body, dict) and not str(sent.body.get("cname", "")).isascii()
    return error(1013) if sent.operation == ACQUIRE and bad else serve(sent)


def counts_strangers(sent: Sent, serve: Serve) -> httpx.Response:
    """Whoever asks, the call counts."""
    if sent.operation and "authorization" not in sent.request.headers:
        serve(sent.again(headers={"authorization": RIGHT}))
    return serve(sent)


COUNTED = "ten_calls_of_each_kind_pass_in_a_second"

LIMITS = [
    inside("lets eleven pass", limited(11), COUNTED, "ten_calls_pass_however_many_come_at_once"),
    inside("lets nine pass", limited(9), COUNTED),
    inside("counts for two seconds", limited(10, 2), COUNTED),
    inside(
        "counts for half a second",
        limited(10, 0.5),
        "the_second_of_the_limit_slides",
    ),
    inside(
        "lets everything pass",
        replaced(Quotas, "admit", lambda *_: True),
        COUNTED,
        "a_failed_call_counts",
        "a_call_over_the_limit_is_not_done",
    ),
    inside(
        "gives every token back by itself",
        replaced(Quotas, "admit", bucket),
        "the_second_of_the_limit_slides",
    ),
    inside(
        "counts recordings' calls together",
        regrouped(lambda group: "all" if group in ("acquire", "start", "query", "stop") else group),
        "each_recording_call_has_a_limit_of_its_own",
    ),
    inside(
        "counts everything together",
        regrouped(lambda _: "all"),
        "each_recording_call_has_a_limit_of_its_own",
    ),
    inside("counts refused calls", wrapped(Quotas, "admit", refused_counts), "a_call_over_the_limit_costs_nothing"),
    edge("counts only calls that are in order", uncounted_refusals, "a_failed_call_counts"),
    edge("counts the calls of strangers", counts_strangers, "a_call_that_is_none_costs_nothing"),
    edge(
        "does what is over the limit",
        done_anyway,
        "a_call_over_the_limit_is_not_done",
    ),
    edge(
        "says 503 to too many calls",
        responds(lambda response, _: answer(503, response.json()) if response.status_code == 429 else response),
        COUNTED,
    ),
]


# -- at once -----------------------------------------------------------------------------------------------------------


class Race:
    """Calls on one resource that are on their way together do not know of each other: each is the first."""

    def __init__(self, operation: str, key: Any) -> None:
        self._operation, self._key = operation, key
        self._waiting: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self, sent: Sent, serve: Serve) -> httpx.Response:
        if sent.operation != self._operation:
            return serve(sent)
        key = self._key(sent)
        with self._lock:
            first = key not in self._waiting
            together = self._waiting.setdefault(key, threading.Event())
        if not first:
            together.set()
            return self._answer_twice(sent)
        together.wait(timeout=0.2)
        with self._lock:
            del self._waiting[key]
        return serve(sent)

    @staticmethod
    def _answer_twice(sent: Sent) -> httpx.Response:
        ids = {"sid": "a" * 32, "resourceId": sent.path["resourceid"]}
        if sent.operation == STOP:
            return answer(200, {"Code": 200, "Body": {**ids, "serverResponse": {"uploadingStatus": "uploaded"}}})
        return answer(200, {"Code": 200, "Body": ids})


def one_id_at_once() -> Edge:
    """IDs are drawn from the time, and the time stands still."""
    return rewrites(lambda payload, _: {**payload, "resourceId": "now"} if "resourceId" in payload else None, ACQUIRE)


def starts_what_stops(sent: Sent, serve: Serve) -> httpx.Response:
    """A start that comes when a recording is over begins it again."""
    response = serve(sent)
    if sent.operation == START and response.status_code == 400 and response.json()["Body"].get("code") == 1005:
        return answer(200, {"Code": 200, "Body": {"sid": "b" * 32, "resourceId": sent.path["resourceid"]}})
    return response


AT_ONCE = [
    edge(
        "begins two recordings at once",
        Race(START, lambda sent: sent.path["resourceid"]),
        "starts_at_once_begin_one_recording",
    ),
    edge(
        "lets a user record twice at once",
        Race(START, lambda sent: str(sent.body["cname"])),
        "recorders_at_once_need_uids_of_their_own",
    ),
    edge("stops twice at once", Race(STOP, lambda sent: sent.path["sid"]), "stops_at_once_end_a_recording_once"),
    edge("gives one ID at once", one_id_at_once(), "ids_given_at_once_differ"),
    edge(
        "starts again what is being stopped", starts_what_stops, "a_start_and_a_stop_at_once_leave_no_second_recording"
    ),
]


# -- secrets -----------------------------------------------------------------------------------------------------------


def quotes(when: Any) -> Edge:
    """A refusal quotes the body it was sent."""

    def change(response: httpx.Response, sent: Sent) -> httpx.Response:
        if response.status_code < 400 or sent.operation != START or not when(response):
            return response
        return answer(response.status_code, {**response.json(), "sent": sent.request.read().decode("utf-8", "replace")})

    return responds(change)


def code_is(*codes: int) -> Any:
    return lambda response: response.json().get("Body", {}).get("code") in codes


def remembers_keys() -> Edge:
    """`query` tells how the recording was started."""
    known: dict[str, Any] = {}

    def change(payload: Any, sent: Sent) -> Any:
        if sent.operation == START:
            known[sent.path["resourceid"]] = sent.body
        return {**payload, "request": known.get(sent.path.get("resourceid", ""))} if sent.operation == QUERY else None

    return rewrites(change, START, QUERY)


def in_a_header(response: httpx.Response, sent: Sent) -> httpx.Response:
    """A header says what the first key was."""
    key = str(sent.at(("clientRequest", "storageConfig", "secretKey")))
    headers = {"content-type": "application/json", "x-debug": key.encode("ascii", "replace").decode()}
    return httpx.Response(response.status_code, headers=headers, content=response.content)


def names_the_value(response: httpx.Response, sent: Sent) -> httpx.Response:
    """A wrong key is quoted: 7319046582190 is not of type "string"."""
    key = sent.at(("clientRequest", "storageConfig", "accessKey"))
    if response.status_code == 400 and isinstance(key, int):
        return answer(400, {"Code": 400, "Body": {"code": 2, "reason": f"{key} is no string"}})
    return response


REFUSED = "no_refusal_holds_the_secrets_of_the_request"

SECRETS = [
    edge("quotes what it refuses", quotes(code_is(2)), REFUSED),
    edge("quotes a mismatch", quotes(code_is(1003)), REFUSED),
    edge(
        "quotes what is recording already",
        quotes(code_is(1004)),
        REFUSED,
        "no_answer_about_a_recording_holds_its_secrets",
    ),
    edge("quotes what comes too late", quotes(code_is(433)), "no_late_refusal_holds_secrets"),
    edge("quotes what comes again", quotes(code_is(1005)), "no_late_refusal_holds_secrets"),
    edge("quotes a wrong number", responds(names_the_value), REFUSED),
    edge("tells at query how it was started", remembers_keys(), "no_answer_about_a_recording_holds_its_secrets"),
    edge("has a secret in a header", responds(in_a_header), "no_answer_about_a_recording_holds_its_secrets", REFUSED),
]

TRANSPORT_FAULTS: list[Fault] = [*CREDENTIALS, *ROUTES, *BODIES, *LIMITS, *AT_ONCE, *SECRETS]
