"""Status, code and reason decide together which error a refusal is, and every known code says what it means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agora_rest import (
    ApiError,
    AuthenticationFailed,
    InvalidAppId,
    InvalidChannelName,
    InvalidParameter,
    NotFound,
    RateLimited,
    RecorderBusy,
    RecordingMode,
    ResourceMismatch,
    ServerError,
    StartedRecording,
    TooManyRecordings,
    WrongAddress,
    errors,
)
from tests.client.conftest import APP_ID, Client
from tests.client.test_errors import STARTED, failure, query, start


def acquire(agora: Any) -> Any:
    return agora.app(APP_ID).recordings.acquire("lesson-42", 7)


def stop(agora: Any) -> Any:
    return agora.app(APP_ID).recordings.stop(STARTED)


def usage(agora: Any) -> Any:
    return agora.projects.list()


USES = {"acquire": acquire, "start": start, "query": query, "stop": stop, "list_projects": usage}

KNOWN = [
    ("acquire", 400, 2, "Acquire: invalid resourceExpiredHour value!"),
    ("acquire", 400, 62, "service not enabled"),
    *[("acquire", 400, code, "refused") for code in range(400, 407)],
    *[("acquire", 500, code, "failed") for code in (500, 501, 504)],
    ("start", 400, 2, "request_hash mismatch!"),
    ("start", 400, 2, "services not selected!"),
    ("start", 201, 7, "already started"),
    ("start", 400, 8, "JSON"),
    ("start", 400, 53, "task conflict"),
    ("start", 500, 62, "request timeout"),
    ("start", 400, 109, "token expired"),
    ("start", 400, 110, "token invalid"),
    ("start", 400, 432, "mismatch"),
    ("start", 400, 433, "expired"),
    ("start", 500, 502, "Failed to allocate worker"),
    ("start", 206, 65, "request not completed"),
    ("query", 404, 404, "failed to find worker"),
    ("query", 504, 62, "request timeout"),
    ("query", 206, 65, "request not completed"),
    ("stop", 206, 435, "no recorded data"),
    ("stop", 400, 49, "invalid operation"),
    ("stop", 400, 501, "exiting"),
]


@pytest.mark.parametrize(("operation", "status", "code", "reason"), KNOWN)
def test_every_code_that_servers_send_has_a_meaning_and_advice(
    operation: str, status: int, code: int, reason: str, network: Any
) -> None:
    network.route().respond(status, json={"code": code, "reason": reason})
    error = failure(Client("sync"), USES[operation])
    assert error.meaning, str(error)
    assert error.advice, str(error)
    assert error.meaning in str(error)
    assert error.advice in str(error)
    assert f'"{reason}"' in str(error)


@pytest.mark.parametrize(
    ("operation", "status", "answer", "kind"),
    [
        ("acquire", 400, {"code": 400, "reason": "invalid_appid"}, InvalidAppId),
        ("acquire", 400, {"code": 401, "reason": "invalid_channel_name"}, InvalidChannelName),
        ("acquire", 400, {"code": 401, "reason": "something else"}, ApiError),
        ("acquire", 400, {"code": 404, "reason": "something"}, ApiError),
        ("acquire", 400, {"code": 405, "reason": "no_active_status"}, ApiError),
        ("acquire", 400, {"code": 406, "reason": "vendor_over_load"}, TooManyRecordings),
        ("acquire", 400, {"Code": 400, "Body": {"code": 401, "reason": "invalid_channel_name"}}, InvalidChannelName),
        ("acquire", 500, {"code": 501, "reason": "no_worker_manager_available"}, ServerError),
        ("acquire", 401, {"code": 401, "reason": "Unauthorized"}, AuthenticationFailed),
        ("start", 400, {"code": 53, "reason": "task conflict"}, RecorderBusy),
        ("start", 400, {"code": 432, "reason": "mismatch"}, ResourceMismatch),
        ("start", 400, {"code": 2, "reason": "request_hash mismatch!"}, InvalidParameter),
        ("start", 500, {"code": 2, "reason": "post method api body check failed!"}, InvalidParameter),
        ("start", 400, {"code": 429, "reason": "?"}, ApiError),
        ("start", 400, {"code": 503, "reason": "?"}, ApiError),
        ("start", 400, {"Code": 401, "Body": {"reason": "?"}}, ApiError),
        ("start", 500, {"code": 15}, ServerError),
        ("query", 400, {"code": 404, "reason": "?"}, ApiError),
        ("query", 404, {"code": 404, "reason": "failed to find worker"}, NotFound),
        ("query", 200, {"code": 404, "reason": "failed to find worker"}, NotFound),
        ("query", 404, {"message": "no Route matched with those values"}, WrongAddress),
        ("list_projects", 404, {"message": "no Route matched with those values"}, WrongAddress),
        ("list_projects", 429, {"code": 404}, RateLimited),
    ],
)
def test_a_number_in_the_body_is_no_http_status_of_its_own(
    operation: str, status: int, answer: Any, kind: type[ApiError], network: Any
) -> None:
    network.route().respond(status, json=answer)
    error = failure(Client("sync"), USES[operation])
    assert type(error) is kind
    assert error.status == status


@settings(max_examples=60, deadline=None)
@given(
    status=st.sampled_from([400, 403, 409, 422]),
    code=st.sampled_from([401, 404, 429, 500, 502, 503, 504]),
    operation=st.sampled_from(sorted(USES)),
    written=st.booleans(),
)
def test_a_refusal_with_another_status_is_none_of_the_errors_of_a_status(
    status: int, code: int, operation: str, written: bool
) -> None:
    import respx

    with respx.mock(base_url="https://api.agora.io") as router:
        router.route().respond(status, json={"code": str(code) if written else code, "reason": "because"})
        error = failure(Client("sync"), USES[operation])
    assert not isinstance(error, AuthenticationFailed | NotFound | RateLimited | ServerError)
    assert "because" in str(error)
    assert error.code == code
    assert not error.may_have_taken_effect


def test_an_unknown_path_is_an_error_about_the_address(network: Any) -> None:
    network.route().respond(404, json={"message": "no Route matched with those values"})
    error = failure(Client("sync"), query)
    assert not isinstance(error, NotFound)
    assert "base_url" in error.advice
    assert error.facts == ()


@pytest.mark.parametrize("use", [query, stop])
def test_a_recording_that_is_not_found_names_the_causes_and_the_page(use: Any, network: Any) -> None:
    network.route().respond(404, json={"code": 404, "reason": "failed to find worker"})
    text = str(failure(Client("sync"), use))
    assert errors.CAUSES_OF_AN_EARLY_END in text
    for cause in ("parameter", "storage", "token", "kicking rule", "max_idle_time", "another machine"):
        assert cause in errors.CAUSES_OF_AN_EARLY_END
    assert errors.EARLY_END_PAGE in text
    for reason in ("stopped before", "another mode"):
        assert reason in text


def test_a_page_that_is_not_found_names_the_causes_of_pages(network: Any) -> None:
    network.route().respond(404, json={"code": 404, "reason": "failed to find worker"})
    page = StartedRecording(resource_id="r", sid="s", channel="board", uid="1", mode=RecordingMode.WEB)
    text = str(failure(Client("sync"), lambda agora: agora.app(APP_ID).recordings.query(page)))
    assert "stopped before" in text
    assert errors.CAUSES_OF_AN_EARLY_END_OF_A_PAGE in text
    assert "token" not in text


def test_other_things_that_are_not_found_have_no_such_causes(network: Any) -> None:
    network.route().respond(404, json={"error_msg": "project not exit"})
    assert errors.CAUSES_OF_AN_EARLY_END not in str(failure(Client("sync"), usage))


def test_the_page_that_errors_cite_is_in_the_package() -> None:
    from importlib.resources import files

    package, _, path = errors.EARLY_END_PAGE.partition("/")
    page = files(package).joinpath(path).read_text(encoding="utf-8")
    assert page.startswith("# A recording is not found")
    causes = ("max_idle_time", "token", "storage", "kicking rule", "another mode", "already been stopped", "90 seconds")
    for cause in causes:
        assert cause in page
