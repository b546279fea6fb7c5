"""A call on its way through the chain: repeated, below the limits, within its deadline, elsewhere when it has to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import respx

from agora_rest import (
    Agora,
    ConfigurationError,
    ConnectionFailed,
    MalformedResponse,
    MemoryPermits,
    QiniuStorage,
    RateLimited,
    Resource,
    RetryPolicy,
    ServerError,
    StartedRecording,
    TimedOut,
)
from agora_rest.permits import Permit, PermitTimeoutError, Priority, Quota, shared
from tests.client.conftest import APP_ID, BASE_URL, CERTIFICATE, CUSTOMER_ID, Client

OTHER_URL = "https://api.sd-rtn.com"
EMPTY = httpx.Response(200, json={"projects": []})
LIMITED = {"message": "API rate limit exceeded"}
STORAGE = QiniuStorage(bucket="b", access_key="k1k1", secret_key="s1s1", region=0)
RESOURCE = Resource(resource_id="r", channel="c", uid="1")
STARTED = StartedRecording(resource_id="r", sid="s", channel="c", uid="1")


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param, retries=5)


def list_projects(agora: Any) -> Any:
    return agora.projects.list()


def create(agora: Any) -> Any:
    return agora.projects.create("projectx")


def start(agora: Any) -> Any:
    return agora.app(APP_ID).recordings.start(RESOURCE, STORAGE)


def failure(client: Client, use: Any) -> Any:
    with pytest.raises(Exception) as caught:  # noqa: PT011  each test looks at its type
        client(use)
    return caught.value


class Parts(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in parts, in either form of client."""

    def __init__(self, parts: Callable[[], Iterator[bytes]]) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return self.parts()

    async def __aiter__(self) -> Any:
        for part in self.parts():
            yield part


# ---- Repeated, or not


@pytest.mark.parametrize("bad", [httpx.ReadTimeout("slow"), httpx.Response(500), httpx.Response(200, json={"sid": 7})])
def test_a_start_is_repeated_with_the_same_resource_id_after_3_6_and_9_seconds(
    bad: Any, client: Client, network: Any
) -> None:
    route = network.route().mock(side_effect=[bad, bad, bad, httpx.Response(200, json={"sid": "s"})])
    assert client(start).sid == "s"
    assert {str(call.request.url) for call in route.calls} == {str(route.calls[0].request.url)}
    assert len({call.request.content for call in route.calls}) == 1
    assert [math.floor(seconds) for seconds in client.clock.sleeps] == [3, 6, 9]


def test_a_refusal_after_an_unclear_attempt_says_that_it_may_have_taken_effect(client: Client, network: Any) -> None:
    network.get().respond(404)
    network.route(method="POST").mock(side_effect=[httpx.ReadTimeout("slow"), httpx.Response(400, json={"code": 1004})])
    error = failure(client, start)
    assert (error.code, error.attempts, error.may_have_taken_effect) == (1004, 2, True)
    assert "2 attempts, may have taken effect" in str(error)


def test_the_server_is_given_the_time_it_asks_for(client: Client, network: Any) -> None:
    network.route().mock(side_effect=[httpx.Response(429, json=LIMITED, headers={"Retry-After": "7"}), EMPTY])
    client(list_projects)
    assert 7 <= client.clock.sleeps[0] <= 7.5


def test_a_wait_beyond_the_deadline_is_not_begun(client: Client, network: Any) -> None:
    network.route().respond(429, json=LIMITED, headers={"Retry-After": "31"})
    error = failure(client, list_projects)
    assert (type(error), error.attempts, error.retry_after, client.clock.sleeps) == (RateLimited, 1, 31, [])


def test_what_retries_means_can_be_said_as_a_policy(network: Any) -> None:
    route = network.route().respond(500)
    client = Client("sync", retries=RetryPolicy(attempts=3, base=0.0, longest=0.0))
    assert failure(client, list_projects).attempts == route.call_count == 3
    assert client.clock.sleeps == [0, 0]


# ---- Within the deadline


def test_no_step_of_an_attempt_may_take_longer_than_the_deadline_leaves(client: Client, network: Any) -> None:
    timeouts = []

    def answer(request: httpx.Request) -> httpx.Response:
        timeouts.append(request.extensions["timeout"]["read"])
        client.clock.time += 8
        raise httpx.ReadTimeout("slow")

    network.route().mock(side_effect=answer)
    client.options["deadline"] = 20
    began = client.clock.now()
    error = failure(client, list_projects)
    assert type(error) is TimedOut
    assert client.clock.now() - began <= 20 + 8  # what the fake network takes knows no timeout
    waits = client.clock.sleeps
    assert timeouts[:2] == [20, pytest.approx(12 - waits[0])]
    assert all(timeout > 0 for timeout in timeouts)


def test_a_body_that_trickles_ends_with_the_deadline(client: Client, network: Any) -> None:
    sent: list[bytes] = []

    def trickle() -> Iterator[bytes]:
        while True:
            sent.append(b" ")
            client.clock.time += 1
            yield b" "

    network.route().mock(side_effect=lambda _: httpx.Response(200, stream=Parts(trickle)))
    client.options["deadline"] = 10
    error = failure(client, list_projects)
    assert (type(error), len(sent)) == (TimedOut, 10)


@pytest.mark.parametrize(
    ("use", "read"),
    [
        (lambda agora: agora.app(APP_ID).recordings.stop(STARTED), 20),
        (lambda agora: agora.app(APP_ID).kicking_rules.ban(uid=7), 20),
        (list_projects, 3),
    ],
)
def test_a_stop_and_a_ban_are_waited_for_longer(use: Any, read: float, network: Any) -> None:
    route = network.route().respond(400, json={})
    failure(Client("sync", timeout=3), use)
    assert route.calls[0].request.extensions["timeout"]["read"] == read


# ---- Below the limits


class Counter:
    """A store that grants everything, and notes what for."""

    def __init__(self, *, never: bool = False, waited: float = 0.25) -> None:
        self.asked: list[tuple[list[str], Priority, float | None]] = []
        self.out = 0
        self.never, self.waited = never, waited

    def hold(
        self, quotas: Sequence[Quota], *, priority: Priority = Priority.OTHER, timeout: float | None = None
    ) -> Any:
        self.asked.append(([quota.group for quota in quotas], priority, timeout))
        return _Held(self, quotas)


class _Held:
    def __init__(self, counter: Counter, quotas: Sequence[Quota]) -> None:
        self.counter, self.quotas = counter, quotas

    def __enter__(self) -> Permit:
        if self.counter.never:
            raise PermitTimeoutError(self.quotas, 30)
        self.counter.out += 1
        return Permit(waited=self.counter.waited)

    def __exit__(self, *_: object) -> None:
        self.counter.out -= 1

    async def __aenter__(self) -> Permit:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()


@pytest.mark.parametrize(
    ("use", "groups", "priority"),
    [
        (list_projects, ["console"], Priority.OTHER),
        (lambda agora: agora.app(APP_ID).kicking_rules.list(), ["console", "kicking-rules"], Priority.OTHER),
        (start, ["start"], Priority.START),
        (lambda agora: agora.app(APP_ID).recordings.stop(STARTED), ["stop"], Priority.STOP),
        (lambda agora: agora.app(APP_ID).recordings.query(STARTED), ["query"], Priority.QUERY),
    ],
)
def test_every_attempt_asks_for_its_permit(
    use: Any, groups: list[str], priority: Priority, client: Client, network: Any
) -> None:
    counter = client.options["permits"] = Counter()
    client.options["retries"] = 1
    network.route().mock(side_effect=[httpx.Response(429, json=LIMITED), httpx.Response(400, json={})])
    failure(client, use)
    (first, second) = counter.asked
    deadline = 60 if priority is Priority.STOP else 30
    assert first == (groups, priority, deadline)
    assert second == (groups, priority, pytest.approx(deadline - client.clock.sleeps[0]))


def test_a_permit_is_held_until_the_last_byte_of_the_answer(client: Client, network: Any) -> None:
    counter = client.options["permits"] = Counter()
    held = []

    def parts() -> Iterator[bytes]:
        for part in (b'{"projects": ', b"[]}"):
            held.append(counter.out)
            yield part

    network.route().mock(side_effect=lambda _: httpx.Response(200, stream=Parts(parts)))
    client(list_projects)
    assert held == [1, 1]
    assert counter.out == 0


def test_a_call_without_a_permit_in_time_was_not_sent(client: Client, network: Any) -> None:
    client.options["permits"] = Counter(never=True)
    route = network.route().respond(500)
    error = failure(client, create)
    assert (type(error), error.sent, error.may_have_taken_effect) == (TimedOut, False, False)
    assert CUSTOMER_ID not in str(error)
    assert route.call_count == 0


def test_all_clients_of_a_process_share_one_store_unless_told_otherwise() -> None:
    own = MemoryPermits()
    stores = [
        Agora("id", "certificate", **options)._calls.options.permits
        for options in ({}, {}, {"permits": None}, {"permits": own})
    ]
    assert stores == [shared(), shared(), None, own]


def test_an_account_is_one_owner_whichever_address_its_calls_go_to() -> None:
    owners = [
        Agora(who, "certificate", base_url=urls)._calls.config.owner
        for who, urls in (("a", [BASE_URL, OTHER_URL]), ("a", BASE_URL), ("b", BASE_URL), ("a", OTHER_URL))
    ]
    assert owners[0] == owners[1]
    assert len(set(owners)) == 3


# ---- Elsewhere


class Hosts:
    """Two addresses, some of which cannot be reached."""

    def __init__(self, network: Any, **down: Exception) -> None:
        self.down, self.seen = down, []
        for name, url in (("first", BASE_URL), ("second", OTHER_URL)):
            network.route(url__startswith=url).mock(side_effect=self.answer(name))

    def answer(self, name: str) -> Any:
        def answer(request: httpx.Request) -> httpx.Response:
            self.seen.append(name)
            assert request.headers["Host"] == request.url.host
            if name in self.down:
                raise self.down[name]
            return EMPTY

        return answer


@pytest.fixture
def two() -> Iterator[Any]:
    with respx.mock(assert_all_called=False) as router:
        yield router


def test_another_address_is_tried_at_once_where_there_is_no_connection(client: Client, two: Any) -> None:
    hosts = Hosts(two, first=httpx.ConnectError("refused"))
    client.options["base_url"] = [BASE_URL, OTHER_URL]
    assert client(list_projects) == ()
    assert (hosts.seen, client.clock.sleeps) == (["first", "second"], [0])


def test_a_call_that_may_have_taken_effect_goes_nowhere_else(client: Client, two: Any) -> None:
    hosts = Hosts(two, first=httpx.ReadError("reset"))
    client.options["base_url"] = [BASE_URL, OTHER_URL]
    error = failure(client, create)
    assert (type(error), hosts.seen) == (ConnectionFailed, ["first"])


def test_a_call_that_may_be_repeated_goes_elsewhere_after_a_pause(client: Client, two: Any) -> None:
    hosts = Hosts(two, first=httpx.ReadError("reset"))
    client.options["base_url"] = [BASE_URL, OTHER_URL]
    client(list_projects)
    assert hosts.seen == ["first", "second"]
    assert len(client.clock.sleeps) == 1


def test_when_no_address_can_be_reached_there_is_a_pause_before_the_next_round(client: Client, two: Any) -> None:
    down = httpx.ConnectError("refused")
    hosts = Hosts(two, first=down, second=down)
    client.options.update(base_url=[BASE_URL, OTHER_URL], retries=3)
    assert failure(client, create).attempts == 4
    assert hosts.seen == ["first", "second", "first", "second"]
    assert client.clock.sleeps[0] == 0
    assert sum(client.clock.sleeps) > 0


def test_calls_stay_where_there_is_a_connection_and_return_after_a_minute(two: Any) -> None:
    hosts = Hosts(two, first=httpx.ConnectError("refused"))
    client = Client("sync", retries=5, base_url=[BASE_URL, OTHER_URL])

    def use(agora: Any) -> None:
        agora.projects.list()
        agora.projects.list()
        client.clock.time += 61
        hosts.down.clear()
        agora.projects.list()

    client(use)
    assert hosts.seen == ["first", "second", "second", "first"]


@contextmanager
def _proxy_seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    seen: list[Any] = []
    real = httpx.HTTPTransport.__init__

    def note(self: Any, **options: Any) -> None:
        seen.append(options.get("proxy"))
        real(self, **options)

    monkeypatch.setattr(httpx.HTTPTransport, "__init__", note)
    yield seen


@pytest.mark.parametrize(
    ("base_url", "argument", "environment", "expected"),
    [
        (BASE_URL, None, {}, None),
        (BASE_URL, None, {"https_proxy": "http://proxy:3128"}, "http://proxy:3128"),
        (BASE_URL, None, {"https_proxy": "proxy:3128"}, "http://proxy:3128"),
        (BASE_URL, None, {"https_proxy": "http://proxy:3128", "no_proxy": "agora.io"}, None),
        (BASE_URL, None, {"http_proxy": "http://proxy:3128"}, None),
        (BASE_URL, "http://mine:1", {"https_proxy": "http://proxy:3128"}, "http://mine:1"),
        ("http://127.0.0.1:1", None, {"https_proxy": "http://proxy:3128", "all_proxy": "http://proxy:3128"}, None),
        ("https://127.0.0.1:1", None, {"https_proxy": "http://proxy:3128"}, None),
    ],
)
def test_the_proxy_is_the_one_that_is_named_or_the_environments(
    base_url: str, argument: Any, environment: dict[str, str], expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with _proxy_seen(monkeypatch) as seen:
        Agora("id", "certificate", base_url=base_url, proxy=argument).close()
    assert seen == [expected]


@pytest.mark.parametrize(
    ("base_url", "proxy"), [("http://127.0.0.1:1", "http://p:1"), (BASE_URL, "p:1"), (BASE_URL, "ftp://planted:x@p")]
)
def test_a_proxy_that_would_see_the_credentials_or_is_none_is_refused(base_url: str, proxy: str) -> None:
    with pytest.raises(ConfigurationError, match="proxy") as caught:
        Agora("id", "certificate", base_url=base_url, proxy=proxy)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["http://u:planted@p:port", "ftp://u:planted@p", "planted::::", "http://"])
def test_an_environments_proxy_that_is_none_is_refused_by_the_variables_name(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY") as caught:
        Agora("id", "certificate")
    assert "planted" not in str(caught.value)


# ---- Other options


def test_a_view_has_its_own_options_and_the_same_connections(network: Any) -> None:
    route = network.route().respond(500)
    with Agora(CUSTOMER_ID, CERTIFICATE, permits=None, retries=0) as agora:
        with agora.with_options(timeout=3, validate="warn") as view:
            with pytest.raises(ServerError):
                view.projects.list()
            assert route.calls.last.request.extensions["timeout"]["read"] == 3
        route.respond(200, json={"projects": []})
        assert agora.projects.list() == ()
        assert route.calls.last.request.extensions["timeout"]["read"] == pytest.approx(30, abs=5)
        assert view.app(APP_ID).recordings._calls._http is agora._calls._http


@pytest.mark.parametrize(
    "options",
    [{"retries": -1}, {"retries": 1.5}, {"retries": True}, {"deadline": 0}, {"deadline": math.inf}, {"validate": "x"}],
)
def test_what_is_no_option_is_refused(options: Any) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        Agora("id", "certificate", **options)
    with Agora("id", "certificate") as agora, pytest.raises(ConfigurationError, match=next(iter(options))):
        agora.with_options(**options)


def test_an_answer_of_a_wrong_shape_counts_as_lost(client: Client, network: Any) -> None:
    route = network.route().respond(200, json={"unexpected": ["shape"]})
    error = failure(client, list_projects)
    assert (type(error), error.field, route.call_count) == (MalformedResponse, "projects", 6)
