"""What a client tells of its calls: hooks, log, spans, raw answers, drift; and that none of it has a secret in it."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest

from agora_rest import (
    AsyncAgora,
    ConfigurationError,
    Hooks,
    RateLimited,
    RawResponse,
    Resource,
    S3Storage,
    SpecificationViolation,
    WaitEvent,
)
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID, Client
from tests.client.test_chain import EMPTY, Counter, list_projects
from tests.client.test_secrets import TOKEN


def acquire(agora: Any) -> Any:
    return agora.app(APP_ID).recordings.acquire("channel", 1)


STORAGE = S3Storage(region=0, bucket="b", access_key="planted-access", secret_key="planted-secret")
PROJECT = {
    "id": "p",
    "name": "n",
    "vendor_key": APP_ID,
    "sign_key": "planted-sign-key",
    "status": 1,
    "created": 1,
    "recording_server": None,
}


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param, retries=5)


def start(agora: Any) -> Any:
    resource = Resource(resource_id="r", channel="c", uid="1")
    return agora.app(APP_ID).recordings.start(resource, STORAGE)


def test_hooks_are_told_of_request_answer_retry_and_wait(client: Client, network: Any) -> None:
    told: list[Any] = []
    client.options["hooks"] = Hooks(
        *[], **dict.fromkeys(("on_request", "on_response", "on_retry", "on_wait"), told.append)
    )
    client.options["permits"] = Counter()
    network.route().mock(side_effect=[httpx.Response(500, headers={"X-Request-ID": "7f3a"}), EMPTY])
    client(list_projects)
    assert [type(event).__name__ for event in told] == [
        *("RequestEvent", "WaitEvent", "ResponseEvent", "RetryEvent"),
        *("RequestEvent", "WaitEvent", "ResponseEvent"),
    ]
    request, wait, failed, retry, again, _, answered = told
    assert (request.operation, request.attempt, request.method, request.url) == (
        *("list_projects", 1, "GET"),
        "https://api.agora.io/dev/v1/projects",
    )
    assert wait == WaitEvent(operation="list_projects", seconds=0.25)
    assert (failed.status, failed.request_id, failed.error.status) == (500, "7f3a", 500)
    assert (retry.attempt, retry.delay, retry.reason) == (1, client.clock.sleeps[0], "HTTP 500")
    assert again.attempt == 2
    assert (answered.status, answered.error, answered.attempt) == (200, None, 2)


def test_a_permit_that_is_free_is_no_wait(client: Client, network: Any) -> None:
    """Taking one needs some microseconds, in a database some milliseconds."""
    waits: list[Any] = []
    client.options.update(hooks=Hooks(on_wait=waits.append), permits=Counter(waited=0.009))
    network.route().mock(return_value=EMPTY)
    client(list_projects)
    assert waits == []


def test_a_hook_that_fails_does_not_disturb_the_call(
    client: Client, network: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: Any) -> None:
        raise LookupError("planted")

    client.options["hooks"] = Hooks(on_request=broken, on_response=broken)
    network.route().mock(side_effect=[EMPTY])
    assert client(list_projects) == ()
    assert "a hook failed with LookupError" in caplog.text
    assert "planted" not in caplog.text


@pytest.mark.parametrize("name", ["on_request", "on_response", "on_retry", "on_wait"])
def test_a_hook_that_nobody_would_await_is_refused(name: str) -> None:
    async def hook(event: Any) -> None: ...

    with pytest.raises(ConfigurationError, match=f"{name} must be a plain function"):
        Hooks(**{name: hook})


def test_the_log_tells_every_repetition(client: Client, network: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "agora_rest")
    network.route().mock(side_effect=[httpx.Response(500), httpx.Response(429), EMPTY])
    client(list_projects)
    lines = [record.getMessage() for record in caplog.records if record.name == "agora_rest"]
    assert len(lines) == 2
    assert "attempt 2): HTTP 500" in lines[0]
    assert "attempt 3): HTTP 429" in lines[1]


def test_the_log_shows_requests_and_answers_without_their_secrets(client: Client, network: Any) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    answers = [
        httpx.Response(500, json={"reason": "no planted-secret", "token": "planted-token"}),
        httpx.Response(200, json={"sid": "s", "echo": "planted-access", "secret": "planted-x"}),
    ]
    try:
        network.route().mock(side_effect=answers)
        client(start)
        network.route().respond(200, json={"projects": [PROJECT]}, headers={"Set-Cookie": "planted-cookie"})
        client(list_projects)
    finally:
        root.removeHandler(handler)
        root.setLevel(logging.WARNING)
    text = stream.getvalue()
    assert "start_recording attempt 2: POST https://api.agora.io/v1/apps" in text
    assert "'authorization': '<hidden>'" in text
    assert '"sign_key": "<hidden>"' in text
    for secret in ("planted", CERTIFICATE, TOKEN, CUSTOMER_ID):
        assert secret not in text


def test_the_answers_behind_the_results_can_be_seen(network: Any) -> None:
    client = Client("sync", retries=5)
    answers: list[Any] = []
    network.route().mock(
        side_effect=[httpx.Response(500), httpx.Response(203, json={"projects": []}, headers={"X-Request-ID": "7f3a"})]
    )

    def use(agora: Any) -> None:
        with agora.with_raw_response() as seen:
            agora.projects.list()
        network.route().respond(200, json={"projects": []})
        agora.projects.list()
        answers.extend(seen)

    client(use)
    (answer,) = answers
    assert (answer.operation, answer.status, answer.attempts, answer.request_id) == ("list_projects", 203, 2, "7f3a")
    assert answer.json == {"projects": []}
    assert answer.seconds == pytest.approx(client.clock.sleeps[0])
    assert "projects': " not in repr(answer)


async def _two_tasks(agora: Any) -> list[int]:
    import asyncio

    async def task(calls: int) -> int:
        with agora.with_raw_response() as seen:
            for _ in range(calls):
                await agora.projects.list()
                await asyncio.sleep(0)
        return len(seen)

    return list(await asyncio.gather(task(1), task(3)))


def test_a_task_sees_its_own_answers_only(network: Any) -> None:
    network.route().respond(200, json={"projects": []})
    assert Client("async")(_two_tasks) == [1, 3]


# ---- Drift


def test_the_block_may_end_in_another_task_than_it_began_in(network: Any) -> None:
    """As that of a fixture does."""
    network.route().mock(return_value=EMPTY)

    async def fixture(agora: AsyncAgora) -> AsyncIterator[list[RawResponse]]:
        with agora.with_raw_response() as answers:
            yield answers

    async def main() -> int:
        async with AsyncAgora(CUSTOMER_ID, CERTIFICATE, permits=None) as agora:
            begun = fixture(agora)
            answers = await anext(begun)
            await agora.projects.list()
            await asyncio.create_task(anext(begun, None))
            return len(answers)

    assert asyncio.run(main()) == 1


def test_an_answer_that_breaks_the_specification_is_logged_once_asked_for(
    client: Client, network: Any, caplog: pytest.LogCaptureFixture
) -> None:
    network.route().respond(200, json={"projects": [{**PROJECT, "status": 9}]})
    client.options["validate"] = "warn"
    (project,) = client(list_projects)
    assert project.status == 9
    (line,) = [record.getMessage() for record in caplog.records if record.name == "agora_rest"]
    assert (
        "list_projects: a response with HTTP 200 violates the specification: projects[0].status must be one of 0, 1"
        in line
    )
    assert "planted" not in caplog.text


def test_it_is_raised_where_that_is_wanted_and_not_repeated(client: Client, network: Any) -> None:
    route = network.route().respond(200, json={"projects": [{**PROJECT, "status": 9}]})
    client.options["validate"] = "raise"
    with pytest.raises(SpecificationViolation, match=r"projects\[0\]\.status must be one of") as caught:
        client(list_projects)
    assert route.call_count == 1
    assert "planted" not in f"{caught.value} {vars(caught.value)}"


def test_a_rule_is_described_in_words_and_no_keyword_of_a_schema(client: Client, network: Any) -> None:
    network.route().respond(200, json={"Code": 200, "Body": {"sid": 5}})
    client.options["validate"] = "raise"
    with pytest.raises(Exception, match="resourceId") as caught:
        client(acquire)
    assert "anyOf" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "answer", [{"Code": 200, "Body": {"resourceId": "r"}}, {"resourceId": "r", "cname": "c", "uid": "1"}]
)
def test_what_one_edition_of_the_documents_allows_is_no_drift(client: Client, network: Any, answer: Any) -> None:
    network.route().respond(200, json=answer)
    client.options["validate"] = "raise"
    assert client(acquire).resource_id == "r"


def test_an_undocumented_status_is_drift_too(client: Client, network: Any) -> None:
    client.options.update(validate="raise", retries=0)
    network.route().respond(418, json={"message": "teapot"})
    with pytest.raises(Exception, match="teapot") as caught:
        client(list_projects)
    assert caught.value.__notes__ == ["The response violates the specification: HTTP 418 is not documented for it"]


def test_a_refusal_as_documented_is_no_drift(client: Client, network: Any) -> None:
    client.options.update(validate="raise", retries=0)
    network.route().respond(429, json={"message": "API rate limit exceeded"})
    with pytest.raises(RateLimited) as caught:
        client(list_projects)
    assert not hasattr(caught.value, "__notes__")


# ---- Spans


class Tracer:
    """Stands where a program has OpenTelemetry's."""

    parent: str | None = None

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []

    @contextmanager
    def start_as_current_span(
        self, name: str, *, kind: Any, attributes: dict[str, Any], **recording: bool
    ) -> Iterator[Any]:
        assert recording == {"record_exception": False, "set_status_on_exception": False}
        self.parent, span = name, self.start_span(name, kind=kind, attributes=attributes)
        yield span
        span.end()
        self.parent = None

    def start_span(self, name: str, *, kind: Any, attributes: dict[str, Any]) -> Any:
        parent = {} if self.parent in (None, name) else {"parent": self.parent}
        span = {"name": name, "kind": kind, **attributes, **parent, "ended": False}
        self.spans.append(span)
        return SimpleNamespace(
            set_attribute=span.__setitem__,
            set_status=lambda status: span.update(status=status),
            end=lambda: span.update(ended=True),
        )


def test_every_call_and_every_attempt_is_a_span_where_a_program_has_loaded_opentelemetry(
    client: Client, network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracer = Tracer()
    module = ModuleType("opentelemetry.trace")
    module.get_tracer = lambda _: tracer  # type: ignore[attr-defined]
    module.SpanKind = SimpleNamespace(CLIENT="client", INTERNAL="internal")  # type: ignore[attr-defined]
    module.StatusCode = SimpleNamespace(ERROR="error")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", module)
    network.route().mock(side_effect=[httpx.Response(500), EMPTY])
    client(list_projects)
    common = {
        "name": "GET /dev/v1/projects",
        "kind": "client",
        "parent": "list_projects",
        "agora_rest.operation": "list_projects",
        "http.request.method": "GET",
        "server.address": "api.agora.io",
        "server.port": 443,
        "url.full": "https://api.agora.io/dev/v1/projects",
        "url.template": "/dev/v1/projects",
        "ended": True,
    }
    assert tracer.spans == [
        {
            "name": "list_projects",
            "kind": "internal",
            "agora_rest.operation": "list_projects",
            "agora_rest.attempts": 2,
            "ended": True,
        },
        {
            **common,
            "http.request.resend_count": 0,
            "http.response.status_code": 500,
            "error.type": "ServerError",
            "status": "error",
        },
        {**common, "http.request.resend_count": 1, "http.response.status_code": 200},
    ]
