"""Fixtures for the tests of projects that use Agora: an emulator with fresh state for each test, and clients of it.

pytest loads it automatically once `agora-rest[testing]` is installed. Fixtures are imported when first used.

    def test_lesson_is_recorded(agora, agora_emulator, agora_clock):
        ...

    @pytest.mark.agora_dialect("current", "observed")   # the test runs once in each
    def test_either_server(agora): ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from agora_rest import Agora, AsyncAgora
    from agora_rest.emulator import Clock, Emulator
    from agora_rest.emulator.faults import ActiveFault, FaultKind, FaultWord
    from agora_rest.emulator.server import EmulatorServer
    from agora_rest.mocks import AgoraRouter

DIALECTS = ("current", "observed", "documented")
"""The first is the default; a test keeps it equal to the emulator's."""
_DIALECT = "_agora_dialect"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line(
        "markers",
        "agora_dialect(name, ...): what the emulator and agora_respx imitate, current (the default: Agora's present "
        "documents), observed or documented (of 2019); with several, the test runs once in each",
    )
    config.addinivalue_line(
        "markers", "agora_rate_limit: the emulator refuses more than 10 calls a second, as Agora does"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize a test over its dialects."""
    marker = metafunc.definition.get_closest_marker("agora_dialect")
    if marker is None or _DIALECT not in metafunc.fixturenames:
        return
    if not marker.args or set(marker.args) - set(DIALECTS):
        raise pytest.UsageError(
            f"agora_dialect takes some of 'current', 'observed' and 'documented', not {marker.args!r}"
        )
    metafunc.parametrize(_DIALECT, marker.args, indirect=True, ids=str)


@pytest.fixture(name=_DIALECT)
def _dialect(request: pytest.FixtureRequest) -> str:
    dialect: str = getattr(request, "param", DIALECTS[0])
    return dialect


class _Stage:
    """An ASGI application that forwards to the emulator of the running test.

    One server serves all tests of a process, because stopping a server takes longer than most tests. Between two tests
    it refuses every request, so that leftovers of one test do not affect the next.
    """

    def __init__(self) -> None:
        self.emulator: Emulator | None = None
        self.app = self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await (self.emulator.app if self.emulator else _refuse)(scope, receive, send)


async def _refuse(_scope: Any, _receive: Any, send: Any) -> None:
    body = b'{"message": "the test that this emulator belonged to is over"}'
    await send({"type": "http.response.start", "status": 503, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="session")
def _agora_stage() -> Iterator[tuple[_Stage, EmulatorServer]]:
    server = _import("agora_rest.emulator.server")
    stage = _Stage()
    with server.EmulatorServer(stage) as running:
        yield stage, running


@pytest.fixture
def agora_emulator(request: pytest.FixtureRequest, _agora_stage: Any, _agora_dialect: str) -> Iterator[Emulator]:
    """A local Agora for this test, served at `agora_url`.

    It has one project, `demo`. Its clock is the real one, moved by `agora_clock`. It does not limit the rate of calls
    unless the test is marked `agora_rate_limit`. Each process of pytest-xdist has a server of its own.
    """
    emulator = _import("agora_rest.emulator")
    stage, _ = _agora_stage
    limited = request.node.get_closest_marker("agora_rate_limit") is not None
    stage.emulator = emulator.Emulator(dialect=_agora_dialect, rate_limit=limited)
    try:
        yield stage.emulator
    finally:
        stage.emulator = None


@pytest.fixture
def agora_url(agora_emulator: Emulator, _agora_stage: Any) -> str:  # noqa: ARG001  it must be there
    """The address of this test's emulator: the `base_url` of a client."""
    _, server = _agora_stage
    url: str = server.url
    return url


@pytest.fixture
def agora_clock(agora_emulator: Emulator) -> Clock:
    """The emulator's clock: `agora_clock.advance(300)` advances it by five minutes, and `now()` reads it.

    `freeze()` stops it, so that only `advance` moves it; `thaw()` lets it run again.
    """
    return agora_emulator.clock


@pytest.fixture
def agora_faults(agora_emulator: Emulator) -> Callable[..., ActiveFault]:
    """Inject a fault: `agora_faults("status", "start_recording", status=500, times=1)`.

    The arguments are those of `agora_rest.emulator.Fault`. Faults are removed after the test.
    """
    from agora_rest.emulator import Fault

    def inject(kind: FaultKind | FaultWord, operation: str | None = None, **more: Any) -> ActiveFault:
        return agora_emulator.inject(Fault(kind, operation, **more))

    return inject


@pytest.fixture
def agora(agora_emulator: Emulator, agora_url: str) -> Iterator[Agora]:
    """A client of the emulator. Its waits take no real time: they advance the emulator's clock instead."""
    from agora_rest import Agora
    from agora_rest.client.clocks import Clock

    class Moving(Clock):
        def now(self) -> float:
            return agora_emulator.clock.now()

        def sleep(self, seconds: float) -> None:
            agora_emulator.clock.advance(seconds)

    with Agora(**_options(agora_emulator, agora_url), clock=Moving()) as client:
        yield client


@pytest.fixture
def async_agora(agora_emulator: Emulator, agora_url: str) -> AsyncAgora:
    """An async client of the emulator; use it as `async with async_agora:`."""
    from agora_rest import AsyncAgora
    from agora_rest.client.clocks import AsyncClock

    class Moving(AsyncClock):
        def now(self) -> float:
            return agora_emulator.clock.now()

        async def sleep(self, seconds: float) -> None:
            agora_emulator.clock.advance(seconds)

    return AsyncAgora(**_options(agora_emulator, agora_url), clock=Moving())


@pytest.fixture
def agora_environment(agora_emulator: Emulator, agora_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Point `Agora.from_env()` at the emulator, so that the code under test needs no change. Returns the variables."""
    options = _options(agora_emulator, agora_url)
    variables = {
        "AGORA_CUSTOMER_ID": options["customer_id"],
        "AGORA_CUSTOMER_CERTIFICATE": options["customer_certificate"],
        "AGORA_BASE_URL": options["base_url"],
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    # The certificate's other name; and the rate limit of an account, which does not apply to tests.
    for name in ("AGORA_CUSTOMER_SECRET", "AGORA_PERMITS"):
        monkeypatch.delenv(name, raising=False)
    return variables


@pytest.fixture
def agora_respx(_agora_dialect: str) -> Iterator[AgoraRouter]:
    """A respx router with every documented response, for tests without a server: see `agora_rest.mocks`."""
    router: AgoraRouter = _import("agora_rest.mocks").AgoraRouter(dialect=_agora_dialect)
    with router:
        yield router


def _options(emulator: Emulator, url: str) -> dict[str, Any]:
    from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE

    return {
        "customer_id": emulator.customer_id,
        "customer_certificate": DEFAULT_CUSTOMER_CERTIFICATE,
        "base_url": url,
        "permits": None,  # the rate limit of an account does not apply to tests
    }


def _import(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise pytest.UsageError(f"{error}: install agora-rest[testing]") from None
