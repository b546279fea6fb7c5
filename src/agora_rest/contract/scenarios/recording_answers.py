"""Responses of Cloud Recording: one envelope or none, an error code with its reason, and only documented data."""

from __future__ import annotations

from collections.abc import Iterator

from agora_rest.addresses import is_loopback_url
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Resource, Response, Server
from agora_rest.contract.outcomes import Skipped, require
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._almost import almost
from agora_rest.contract.scenarios._recording import (
    STORED,
    UNDECODABLE,
    all_refused,
    alone,
    is_invalid_app_id,
    is_observed,
    must_run,
    start_with,
    stop,
    unknown_app_id,
)

_STATUSES = frozenset({200, 201, 206, 400, 404, 500, 504, 401, 429})
"""The documented statuses (CR-60), and the two that the gateway adds (CR-02, CR-05)."""


def tour(server: Server) -> Iterator[Response]:
    """One response of each kind that a server can be made to return: every call's success, every refusal."""
    resource = server.acquire()
    yield start_with(server, resource, (*STORED, "region"), 99)
    yield server.start(resource, path={"mode": "web"})
    yield server.start(resource, cname="another")
    started = server.start(resource)
    yield started
    recording = server.recording(resource, started)
    yield server.start(resource)
    yield server.query(recording)
    yield server.query(recording, path={"sid": recording.sid[::-1]})
    yield server.query(recording, path={"resourceid": "unknown"})
    yield server.query(recording, path={"appid": unknown_app_id(server)})
    yield server.stop(recording, uid="0")
    yield stop(server, recording)
    yield server.stop(recording)
    yield server.start(resource)
    yield server.query(recording)
    yield server.ask_acquire("ünfit")
    yield server.ask_acquire(clientRequest=None)
    yield server.ask_acquire().must_succeed()
    yield server.send("acquire", content=b"{")
    if Control.CLOCK in server.offers:
        stale = server.acquire()
        server.advance(minutes=6)
        yield server.start(stale)


@check("CR-61")
def responses_are_all_enveloped_or_all_bare(server: Server) -> None:
    """A server wraps either all its responses as `{"Code", "Body"}` or none; the gateway's messages are always bare."""
    first: Response | None = None
    for response in tour(server):
        if _is_of_the_gateway(response):
            continue
        first = first or response
        if is_observed(response) != is_observed(first):
            broken = response.broken(
                f"a response {'without' if is_observed(first) else 'in'} the envelope, like all others"
            )
            broken.trail = [first.exchange, response.exchange]
            raise broken


@check("CR-61", "CR-65")
def the_envelope_repeats_the_status(server: Server) -> None:
    """In the envelope, `Code` is the HTTP status, independent of the inner `code`; there is no second envelope."""
    for response in tour(server):
        if not is_observed(response):
            body = response.exchange.json
            if body["Code"] != response.status or isinstance(body["Code"], bool):
                raise response.broken(f"an envelope whose `Code` is {response.status}")
            if isinstance(response.payload, dict) and "Body" in response.payload:
                raise response.broken("one envelope, not two")


@check("CR-60")
def statuses_are_the_documented_ones(server: Server) -> None:
    """Cloud Recording returns 200, 201, 206, 400, 404 (and 401, 429); the server never fails (500, 504)."""
    for response in tour(server):
        if response.status not in _STATUSES or response.status >= 500:
            raise response.broken("a documented status, and no failure of the server")


@check("CR-64", "CR-65")
def a_refusal_states_its_reason(server: Server) -> None:
    """A refusal has a numeric error code and a reason in words, or only the gateway's message."""
    for response in tour(server):
        if response.succeeded or _is_of_the_gateway(response):
            continue
        if response.code is None or isinstance(response.code, bool):
            raise response.broken("an error `code` that is a number")
        response.must(isinstance(response.get("reason"), str) and response.get("reason"), "a `reason` in words")


@check("CR-64")
def a_success_has_no_error_in_it(server: Server) -> None:
    """A successful response has no error code, and a refusal has no result."""
    for response in tour(server):
        given = [name for name in ("resourceId", "sid", "serverResponse") if response.get(name) is not None]
        response.must(not response.succeeded or given, "a success with its result")
        response.must(response.succeeded or "serverResponse" not in given, "a refusal without a `serverResponse`")


@check("CR-03")
def responses_are_json_in_utf_8(server: Server) -> None:
    """Every response is JSON and declares it in its `Content-Type`; a charset, if given, is UTF-8."""
    for response in tour(server):
        media_type, _, parameters = response.exchange.headers.get("content-type", "").lower().partition(";")
        response.must(media_type.strip() == "application/json", "a response with the content type application/json")
        response.must("charset" not in parameters or "utf-8" in parameters, "JSON in UTF-8")
        try:
            response.exchange.body.decode("utf-8")
        except UnicodeDecodeError:
            raise response.broken("JSON in UTF-8") from None
        response.must(isinstance(response.exchange.json, dict), "a JSON object")


@check("CR-38")
def what_is_no_resource_id_cannot_be_decrypted(server: Server) -> None:
    """A resource ID that `acquire` never gave, or only a part of one, is error 1001 to `start`."""
    resource = server.acquire()
    others = (Resource(other, resource.app_id, resource.cname, resource.uid) for other in _near(resource.id))
    all_refused(server, others, server.start, code=UNDECODABLE, keep=server.trail[-1:])
    server.recording(resource, server.start(resource))


@check("CR-38")
def query_and_stop_decrypt_the_resource_id_too(server: Server) -> None:
    """With an invalid resource ID, `query` and `stop` of a live sid are error 1001, and the recording continues."""
    recording = server.record()
    keep = server.trail[-2:]
    for other in _near(recording.resource.id):
        with alone(server, keep):
            server.query(recording, path={"resourceid": other}).must_be_refused(code=UNDECODABLE)
            server.stop(recording, path={"resourceid": other}).must_be_refused(code=UNDECODABLE)
    must_run(server, recording)


@check("CR-38", profile=Profile.READ_ONLY)
def a_question_about_nothing_is_refused(server: Server) -> None:
    """`query` with an invented resource ID is error 1001 or not found."""
    response = server.send("query_recording", path={"resourceid": "unknown", "sid": "0" * 32})
    response.must_be_refused()
    response.must(response.code in (UNDECODABLE, 404), f"error {UNDECODABLE} or 404")


@check("CR-15", "CR-65")
def an_unknown_app_id_is_invalid_in_every_call(server: Server) -> None:
    """An unknown App ID is refused by `start`, `query` and `stop` too: as invalid, or as a mismatch (1003)."""
    resource, recording, path = server.acquire(), server.record(), {"appid": unknown_app_id(server)}
    for response in (
        server.start(resource, path=path),
        server.query(recording, path=path),
        server.stop(recording, path=path),
    ):
        if not is_invalid_app_id(response):
            response.must_be_refused(code=1003)
    must_run(server, recording)
    server.recording(resource, server.start(resource))


@check("CR-01", "CO-01", profile=Profile.READ_ONLY)
def only_https_is_spoken(server: Server) -> None:
    """The API is reached over HTTPS; only a server on this machine may go without."""
    url = server.curl.base_url
    if is_loopback_url(url):
        raise Skipped("a server on this machine may use plain HTTP")
    require(url.startswith("https://"), "a server that is reached over HTTPS", url)


def _near(resource_id: str) -> list[str]:
    """Invalid IDs, the last of them made of a live one."""
    half = len(resource_id) // 2
    parts = (resource_id[:half], resource_id[half:], resource_id[::-1], resource_id * 2)
    return ["unknown", "-", "0" * 64, *parts, *almost(resource_id)]


def _is_of_the_gateway(response: Response) -> bool:
    """A bare message without a code, which looks the same in both dialects."""
    return is_observed(response) and response.code is None and response.get("message") is not None
