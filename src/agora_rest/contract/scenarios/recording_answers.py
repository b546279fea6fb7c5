"""How Cloud Recording answers: in one envelope or none, with a code that says why, and never more than it was asked."""

from __future__ import annotations

from collections.abc import Iterator

from agora_rest.addresses import is_loopback_url
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.response import Response
from agora_rest.contract.http.server import Resource, Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._recording import (
    STORED,
    UNDECODABLE,
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
    """One answer of each kind that a server can be brought to give: every call's success, every refusal."""
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
    yield server.query(recording, path={"resourceid": "nobody"})
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
def answers_are_all_enveloped_or_all_bare(server: Server) -> None:
    """A server wraps all its answers as `{"Code", "Body"}` or none; only the gateway's messages are bare anyway."""
    first: Response | None = None
    for answer in tour(server):
        if _is_of_the_gateway(answer):
            continue
        first = first or answer
        if is_observed(answer) != is_observed(first):
            broken = answer.broken(
                f"an answer {'without' if is_observed(first) else 'in'} the envelope, like all others"
            )
            broken.trail = [first.exchange, answer.exchange]
            raise broken


@check("CR-61", "CR-65")
def the_envelope_repeats_the_status(server: Server) -> None:
    """In the envelope, `Code` is the HTTP status, whatever `code` inside says; around it there is no second one."""
    for answer in tour(server):
        if not is_observed(answer):
            body = answer.exchange.json
            if body["Code"] != answer.status or isinstance(body["Code"], bool):
                raise answer.broken(f"an envelope whose `Code` is {answer.status}")
            if isinstance(answer.payload, dict) and "Body" in answer.payload:
                raise answer.broken("one envelope, not two")


@check("CR-60")
def statuses_are_the_documented_ones(server: Server) -> None:
    """Cloud Recording answers with 200, 201, 206, 400, 404 (and 401, 429); the server fails (500, 504) at nothing."""
    for answer in tour(server):
        if answer.status not in _STATUSES or answer.status >= 500:
            raise answer.broken("a documented status, and no failure of the server")


@check("CR-64", "CR-65")
def a_refusal_says_why(server: Server) -> None:
    """What is not carried out has an error code, a number, and a reason in words, or the gateway's message alone."""
    for answer in tour(server):
        if answer.succeeded or _is_of_the_gateway(answer):
            continue
        if answer.code is None or isinstance(answer.code, bool):
            raise answer.broken("an error `code` that is a number")
        if not isinstance(answer.get("reason"), str) or not answer.get("reason"):
            raise answer.broken("a `reason` in words")


@check("CR-64")
def a_success_has_no_error_in_it(server: Server) -> None:
    """An answer that gives what was asked for has no error code, and one that refuses gives none of it."""
    for answer in tour(server):
        given = [name for name in ("resourceId", "sid", "serverResponse") if answer.get(name) is not None]
        if answer.succeeded and not given:
            raise answer.broken("a success with what was asked for")
        if not answer.succeeded and "serverResponse" in given:
            raise answer.broken("a refusal without a `serverResponse`")


@check("CR-03")
def answers_are_json_in_utf_8(server: Server) -> None:
    """Every answer is JSON and says so in its `Content-Type`; a charset, if it names one, is UTF-8."""
    for answer in tour(server):
        media_type, _, parameters = answer.exchange.headers.get("content-type", "").lower().partition(";")
        if media_type.strip() != "application/json":
            raise answer.broken("an answer with the content type application/json")
        if "charset" in parameters and "utf-8" not in parameters:
            raise answer.broken("JSON in UTF-8")
        try:
            answer.exchange.body.decode("utf-8")
        except UnicodeDecodeError:
            raise answer.broken("JSON in UTF-8") from None
        if not isinstance(answer.exchange.json, dict):
            raise answer.broken("a JSON object")


@check("CR-38")
def what_is_no_resource_id_cannot_be_decrypted(server: Server) -> None:
    """A resource ID that `acquire` never gave, or only a part of one, is error 1001 to `start`."""
    resource = server.acquire()
    keep = server.trail[-1:]
    for other in _near(resource.id):
        with alone(server, keep):
            answer = server.start(Resource(other, resource.app_id, resource.cname, resource.uid))
            answer.must_be_refused(code=UNDECODABLE)
    server.recording(resource, server.start(resource))


@check("CR-38")
def query_and_stop_decrypt_the_resource_id_too(server: Server) -> None:
    """With a resource ID that is none, `query` and `stop` of a live sid are error 1001, and the recording goes on."""
    recording = server.record()
    keep = server.trail[-2:]
    for other in _near(recording.resource.id):
        with alone(server, keep):
            server.query(recording, path={"resourceid": other}).must_be_refused(code=UNDECODABLE)
            server.stop(recording, path={"resourceid": other}).must_be_refused(code=UNDECODABLE)
    must_run(server, recording)


@check("CR-38", profile=Profile.READ_ONLY)
def a_question_about_nothing_is_refused(server: Server) -> None:
    """`query` with an invented resource ID is error 1001, or says that there is no such recording."""
    answer = server.send("query_recording", path={"resourceid": "nobody", "sid": "0" * 32})
    answer.must_be_refused()
    if answer.code not in (UNDECODABLE, 404):
        raise answer.broken(f"error {UNDECODABLE} or 404")


@check("CR-15", "CR-65")
def an_unknown_app_id_is_invalid_in_every_call(server: Server) -> None:
    """An App ID that is nobody's is refused by `start`, `query` and `stop` too: as invalid, or as a mismatch (1003)."""
    resource, recording, path = server.acquire(), server.record(), {"appid": unknown_app_id(server)}
    for answer in (
        server.start(resource, path=path),
        server.query(recording, path=path),
        server.stop(recording, path=path),
    ):
        if not is_invalid_app_id(answer):
            answer.must_be_refused(code=1003)
    must_run(server, recording)
    server.recording(resource, server.start(resource))


@check("CR-01", "CO-01", profile=Profile.READ_ONLY)
def only_https_is_spoken(server: Server) -> None:
    """The API is reached over HTTPS; only a server on this machine may go without."""
    url = server.curl.base_url
    if is_loopback_url(url):
        raise Skipped("a server on this machine may speak plain HTTP")
    if not url.startswith("https://"):
        raise Broken("a server that is reached over HTTPS", url)


def _near(resource_id: str) -> list[str]:
    """IDs that are none, the last of them made of a live one."""
    half = len(resource_id) // 2
    return ["nobody", "-", "0" * 64, resource_id[:half], resource_id[half:], resource_id[::-1], resource_id * 2]


def _is_of_the_gateway(answer: Response) -> bool:
    """A bare message without a code, which looks the same in both dialects."""
    return is_observed(answer) and answer.code is None and answer.get("message") is not None
