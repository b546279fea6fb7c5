"""Whatever is not a success becomes one of our errors, which says what happened and what may have happened."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import httpx
import pytest

import agora_rest
from agora_rest import (
    AgoraError,
    AlreadyRecording,
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    InvalidAppId,
    InvalidArgument,
    InvalidChannelName,
    InvalidParameter,
    MalformedResponse,
    NotCompleted,
    NotFound,
    NothingRecorded,
    QiniuStorage,
    RateLimited,
    RecorderBusy,
    Resource,
    ResourceExpired,
    ResourceMismatch,
    ResourceUndecodable,
    ResourceUsed,
    ServerError,
    StartedRecording,
    TimedOut,
    TransportError,
    WrongAddress,
    spec,
)
from contract_tests.calls import CASES
from tests.client.conftest import APP_ID, Client
from tests.client.test_operations import documented_examples

RESOURCE = Resource(resource_id="JyvK8n", channel="lesson-42", uid="7")
STARTED = StartedRecording(resource_id="JyvK8n", sid="38f8e3", channel="lesson-42", uid="7")
STORAGE = QiniuStorage(bucket="b", access_key="planted-access-key", secret_key="planted-secret-key", region=0)


def start(agora: Any) -> Any:
    return agora.app(APP_ID).recordings.start(RESOURCE, STORAGE)


def query(agora: Any) -> Any:
    return agora.app(APP_ID).recordings.query(STARTED)


def find(agora: Any) -> Any:
    return agora.projects.find(id="xxxx")


def create(agora: Any) -> Any:
    return agora.projects.create("project1")


def failure(client: Client, use: Any) -> Any:
    with pytest.raises(AgoraError) as caught:
        client(use)
    return caught.value


DOCUMENTED_CODES = [
    (2, InvalidParameter),
    (433, ResourceExpired),
    (1001, ResourceUndecodable),
    (1003, ResourceMismatch),
    (1004, AlreadyRecording),
    (1005, ResourceUsed),
    (1013, InvalidChannelName),
]


@pytest.mark.parametrize(("code", "kind"), DOCUMENTED_CODES)
@pytest.mark.parametrize("enveloped", [True, False], ids=["documented", "observed"])
def test_every_documented_code_is_its_own_error(
    code: int, kind: type[ApiError], enveloped: bool, client: Client, network: Any
) -> None:
    inner = {"code": code, "reason": "because"}
    answer = {"Code": 400, "Body": inner} if enveloped else {**inner, "cname": "lesson-42", "uid": "7"}
    network.route().respond(400, json=answer, headers={"X-Request-ID": "7f3a"})
    error = failure(client, start)
    assert type(error) is kind
    assert (error.status, error.code, error.message, error.request_id) == (400, code, "because", "7f3a")
    assert (error.operation, error.attempts, error.may_have_taken_effect) == ("start_recording", 1, False)
    assert error.body == answer


@pytest.mark.parametrize(
    ("status", "answer", "kind", "code", "message"),
    [
        (400, {"message": "invalid appid"}, InvalidAppId, None, "invalid appid"),
        (400, {"message": "appid is invalid"}, InvalidAppId, None, "appid is invalid"),
        (401, {"message": "Unauthorized"}, AuthenticationFailed, None, "Unauthorized"),
        (
            404,
            {"message": "no Route matched with those values"},
            WrongAddress,
            None,
            "no Route matched with those values",
        ),
        (404, {"code": 404, "reason": "failed to find worker"}, NotFound, 404, "failed to find worker"),
        (404, {"Code": 404, "Body": {"code": 404, "reason": "gone"}}, NotFound, 404, "gone"),
        (404, {"error_msg": "project not exit"}, NotFound, None, "project not exit"),
        (429, {"message": "API rate limit exceeded"}, RateLimited, None, "API rate limit exceeded"),
        (500, {"code": 62, "reason": "service failed"}, ServerError, 62, "service failed"),
        (504, {"Code": 504, "Body": {"code": 62}}, ServerError, 62, ""),
        (520, {}, ServerError, None, ""),
        (400, {"code": 53, "reason": "busy"}, RecorderBusy, 53, "busy"),
        (400, {"code": "433"}, ResourceExpired, 433, ""),
        (400, {"Code": 433, "Body": {"reason": "outer"}}, ResourceExpired, 433, "outer"),
        (400, {"Code": 500, "Body": {"reason": "differs"}}, ApiError, None, "differs"),
        (200, {"Code": 500, "Body": {"reason": "differs"}}, ServerError, None, "differs"),
        (400, {"error_msg": "bad"}, ApiError, None, "bad"),
        (400, {"reason": 7, "message": ["x"]}, ApiError, None, ""),
        (400, [1], ApiError, None, "[1]"),
        (400, {"reason": "a\r\n\x1b[31mb"}, ApiError, None, r"a \x1b[31mb"),
        (301, {}, ApiError, None, ""),
        # A success that is none: by its code, by its envelope, by `success`, by `status`.
        (201, {"code": 7, "reason": "already started"}, AlreadyRecording, 7, "already started"),
        (206, {"code": 65}, NotCompleted, 65, ""),
        (206, {"code": 435, "reason": "no recorded file"}, NothingRecorded, 435, "no recorded file"),
        (200, {"Code": 400, "Body": {"code": 433}}, ResourceExpired, 433, ""),
        (200, {"Code": 404, "Body": {}}, NotFound, None, ""),
        (200, {"success": False, "message": "no"}, ApiError, None, "no"),
        (200, {"status": "failed"}, ApiError, None, ""),
    ],
)
def test_every_way_of_saying_no_is_understood(
    status: int, answer: Any, kind: type[ApiError], code: int | None, message: str, network: Any
) -> None:
    network.route().respond(status, json=answer)
    error = failure(Client("sync"), start)
    assert (type(error), error.status, error.code, error.message) == (kind, status, code, message)


@pytest.mark.parametrize(
    ("operation", "status", "answer"),
    [
        pytest.param(operation, status, answer, id=f"{operation}-{status}-{name}")
        for operation, status, name, answer in documented_examples()
        if status >= 400 or "code" in answer
    ],
)
def test_every_example_of_an_error_is_one_of_ours(operation: str, status: int, answer: Any, network: Any) -> None:
    network.route().respond(status, json=answer)
    error = failure(Client("sync"), next(case.use for case in CASES if case.operation == operation))
    assert isinstance(error, ApiError)
    assert error.status == status
    assert error.message
    assert all(
        fact.startswith("CR" if spec.operation(operation).api == "cloud-recording" else "CO") for fact in error.facts
    )


@pytest.mark.parametrize("status", [201, 206])
def test_a_start_with_a_sid_has_succeeded_whatever_code_is_next_to_it(
    status: int, client: Client, network: Any
) -> None:
    network.route().respond(status, json={"code": 7, "sid": "38f8e3", "resourceId": "JyvK8n"})
    assert client(start).sid == "38f8e3"


@pytest.mark.parametrize("answer", [{}, {"sid": ""}, {"sid": None}, {"sid": 5}, {"resourceId": "JyvK8n"}])
@pytest.mark.parametrize("status", [200, 201, 206])
def test_a_start_without_a_sid_is_never_a_success(status: int, answer: Any, network: Any) -> None:
    network.route().respond(status, json=answer)
    error = failure(Client("sync"), start)
    assert (type(error), error.field, error.may_have_taken_effect) == (MalformedResponse, "sid", True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"<html><body>Welcome</body></html>",
        b'{"project": [{"id": "xx',
        b"[]",
        b"7",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"project": NaN}',
        b'{"project": %s}' % (b"9" * 5000),
        b"[" * 100_000,
    ],
)
def test_a_success_that_cannot_be_read_is_a_malformed_answer(content: bytes, client: Client, network: Any) -> None:
    network.route().respond(200, content=content, headers={"X-Request-ID": "7f3a"})
    error = failure(client, create)
    assert (type(error), error.status, error.request_id) == (MalformedResponse, 200, "7f3a")
    assert error.may_have_taken_effect


@pytest.mark.parametrize(
    ("status", "content", "kind", "message"),
    [
        (
            502,
            b"<html><head><title>t</title></head><body><h1>502 Bad  Gateway</h1>\n</body></html>",
            ServerError,
            "502 Bad Gateway",
        ),
        (401, b"Unauthorized", AuthenticationFailed, "Unauthorized"),
        (404, b"", NotFound, ""),
        (500, b'{"sign_key": "planted", "message": "cut o', ServerError, "cut o"),
        (500, b'{"sign_kex": "planted", "success": false', ServerError, ""),
        (503, b"x" * 1000, ServerError, "x" * 299 + "…"),
    ],
)
def test_an_error_that_is_no_json_is_known_by_its_status(
    status: int, content: bytes, kind: type[ApiError], message: str, network: Any
) -> None:
    network.route().respond(status, content=content)
    error = failure(Client("sync"), create)
    assert (type(error), error.message, error.body) == (kind, message, None)


def test_a_leading_newline_or_byte_order_mark_does_no_harm(network: Any) -> None:
    for before in (b"\n", b"\xef\xbb\xbf", b"\r\n  "):
        network.route().respond(404, content=before + b'{"code": 404, "reason": "failed to find worker"}')
        assert failure(Client("sync"), query).code == 404
        network.route().respond(200, content=before + b'{"projects": []}')
        assert Client("sync")(lambda agora: agora.projects.list()) == ()


@pytest.mark.parametrize(
    ("raised", "kind", "sent"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), ConnectionFailed, False),
        (httpx.ConnectTimeout("slow"), TimedOut, False),
        (httpx.PoolTimeout("busy"), TimedOut, False),
        (httpx.ReadTimeout("slow"), TimedOut, True),
        (httpx.WriteTimeout("slow"), TimedOut, True),
        (httpx.ReadError("reset"), ConnectionFailed, True),
        (httpx.WriteError("reset"), ConnectionFailed, True),
        (httpx.RemoteProtocolError("hung up"), ConnectionFailed, True),
    ],
)
def test_a_network_failure_says_whether_the_call_may_have_taken_effect(
    raised: httpx.TransportError, kind: type[TransportError], sent: bool, client: Client, network: Any
) -> None:
    network.route().mock(side_effect=raised)
    error = failure(client, create)
    assert (type(error), error.may_have_taken_effect) == (kind, sent)
    assert str(raised) in error.message
    assert not failure(client, find).may_have_taken_effect, "a call that only reads changes nothing"


@pytest.mark.parametrize(
    ("status", "carried_out"), [(400, False), (404, False), (408, True), (302, False), (500, True), (504, True)]
)
def test_a_refusal_changed_nothing_and_a_failure_may_have(status: int, carried_out: bool, network: Any) -> None:
    network.route().respond(status, json={})
    assert failure(Client("sync"), create).may_have_taken_effect is carried_out
    assert failure(Client("sync"), find).may_have_taken_effect is False


def test_an_error_reads_as_what_happened_and_what_to_do(network: Any) -> None:
    network.route().respond(400, json={"code": 433, "reason": "expired"}, headers={"X-Request-ID": "7f3a"})
    assert str(failure(Client("sync"), start)) == (
        "start_recording was refused: the resource ID is more than 5 minutes old (433). Acquire a new one and start at "
        'once. The server responded "expired". [CR-11, CR-91, HTTP 400, request 7f3a, 1 attempt, nothing was changed]'
    )
    network.route().respond(502, json={"message": "bad gateway"})
    assert str(failure(Client("sync"), create)) == (
        'create_project failed: the server responded "bad gateway". [HTTP 502, 1 attempt, may have taken effect]'
    )
    network.route().respond(400, json={})
    assert str(failure(Client("sync"), find)) == (
        "find_project was refused: the server gave no reason. [HTTP 400, 1 attempt, nothing was changed]"
    )
    network.route().mock(side_effect=httpx.ConnectError("no route to host"))
    assert str(failure(Client("sync"), create)) == (
        "create_project failed: ConnectError to api.agora.io: no route to host. [1 attempt, nothing was changed]"
    )
    network.route().respond(200, json={"project": [{"id": 7}]})
    assert str(failure(Client("sync"), create)) == (
        "create_project got a response that cannot be parsed: project[0].id is a number and should be a string that "
        "is not empty. [HTTP 200, 1 attempt, may have taken effect]"
    )


def test_an_unknown_project_is_an_error_that_says_how_to_list_projects(network: Any) -> None:
    """CO-17; of a disabled project the same is said (CO-19 … CO-21)."""
    network.route().respond(404, json={"error_msg": "project not exit"})
    assert str(failure(Client("sync"), find)) == (
        "find_project was refused: the account has no such project, or it is disabled. `agora-rest projects list` "
        'shows all projects. The server responded "project not exit". [CO-17, HTTP 404, 1 attempt, nothing was changed]'
    )
    network.route().respond(400, json={"message": "invalid appid"})
    assert "the App ID is not valid. Use that of the channel's project; `agora-rest projects list` shows it." in (
        str(failure(Client("sync"), query))
    )


@pytest.mark.parametrize(
    ("use", "fact"),
    [
        (lambda agora: agora.app(APP_ID).kicking_rules.lift(99999), "CO-47"),
        (lambda agora: agora.app(APP_ID).kicking_rules.extend(99999, minutes=1), "CO-46"),
    ],
)
def test_an_unknown_rule_is_an_error_that_says_how_to_list_rules(use: Any, fact: str, network: Any) -> None:
    network.route().respond(404, json={"error_msg": "kicking rule not found"})
    error = failure(Client("sync"), use)
    assert isinstance(error, NotFound)
    assert error.facts == (fact,)
    assert "no such rule, or it has ended. `agora-rest kicking-rules list` shows" in str(error)


def test_a_project_that_cannot_be_created_names_the_list_of_projects(network: Any) -> None:
    """CO-70."""
    network.route().respond(400, json={"message": "name: a project has it already"})
    error = str(failure(Client("sync"), create))
    assert "Names are unique" in error
    assert "`agora-rest projects list`" in error
    assert 'The server responded "name: a project has it already". [CO-70' in error


@pytest.mark.parametrize("transport", [None, "fast"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_connection_that_is_refused_on_this_machine_says_how_to_start_an_emulator(
    client: Client, transport: Any, host: str
) -> None:
    port = 1  # nothing listens there; a port that was free a moment ago may be another test's
    client.options |= {"base_url": f"http://{host}:{port}", "transport": transport}
    error = failure(client, find)
    hint = f"Nothing listens at {host}:{port}: `agora-rest emulator --port {port}` starts an emulator there."
    assert hint in str(error)
    assert hint in str(pickle.loads(pickle.dumps(error)))


@pytest.mark.parametrize(
    "raised", [httpx.ConnectError("[Errno 111] Connection refused"), httpx.ConnectError("no route to host")]
)
def test_a_connection_to_another_machine_says_nothing_of_an_emulator(raised: Exception, network: Any) -> None:
    network.route().mock(side_effect=raised)
    assert "emulator" not in str(failure(Client("sync"), find))


def test_errors_survive_being_copied_and_sent_to_another_process(network: Any) -> None:
    network.route().respond(400, json={"code": 433, "reason": "expired"})
    for error in (failure(Client("sync"), start), InvalidArgument("uid", "must be 1 or more", 0)):
        error.add_note("a note")
        for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))


def test_the_repr_of_an_error_says_what_its_text_says(network: Any) -> None:
    """Logs of structured data and hooks show errors by `repr`; the server's words alone, often none, say too little."""
    network.route().respond(500)
    error = failure(Client("sync"), start)
    assert repr(error) == f"ServerError({str(error)!r})"
    assert repr(error).startswith("ServerError('start_recording failed: the server gave no reason. [HTTP 500, ")
    assert repr(InvalidArgument("uid", "must be 1 or more", 0)) == (
        "InvalidArgument('uid must be 1 or more, but 0 was given. Nothing was sent.')"
    )


def test_an_error_can_be_read_whatever_was_given() -> None:
    class Shy:
        def __repr__(self) -> str:
            raise LookupError

    assert "but a Shy was given" in str(InvalidArgument("uid", "must be an integer", Shy()))
    assert "but an int was given" in str(InvalidArgument("uid", "must be less", 10**5000))


def test_every_error_is_in_the_tree_and_can_be_imported_from_the_top() -> None:
    from agora_rest import errors

    ours = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert all(issubclass(kind, AgoraError) for kind in ours)
    assert {kind.__name__ for kind in ours} <= set(agora_rest.__all__)
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in ours)
