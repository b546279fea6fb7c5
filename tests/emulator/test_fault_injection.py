"""What a fault does to a call, and what the caller sees of it, with no connection between them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvloop

from agora_rest.emulator import Fault
from agora_rest.emulator.web.fault_injection import Connection
from tests.emulator.callers import APP, Api, raw
from tests.permits.simulation import SimulatedLoop


def effects(api: Api) -> int:
    return api.emulator.state()["totals"]["resources"]


def test_a_status_is_answered_in_place_of_the_call(api: Api) -> None:
    api.emulator.inject(Fault("status", status=503, body={"message": "x"}, headers={"Retry-After": "3"}, times=1))
    answer = api.send("POST", "/v1/apps/x/cloud_recording/acquire")
    assert (answer.status_code, answer.json(), answer.headers["retry-after"]) == (503, {"message": "x"}, "3")
    assert effects(api) == 0
    assert api.acquire().status_code == 200


def test_a_status_may_come_after_the_effect(api: Api) -> None:
    api.emulator.inject(Fault("status", status=504, after_effect=True, times=1))
    body = {"cname": "lesson", "uid": "1", "clientRequest": {}}
    answer = api.send("POST", f"/v1/apps/{APP}/cloud_recording/acquire", json=body)
    assert (answer.status_code, answer.content, effects(api)) == (504, b"", 1)


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        (None, b"", None),
        ("\n{broken", b"\n{broken", "text/plain; charset=utf-8"),
        (["ä"], '["ä"]'.encode(), "application/json; charset=utf-8"),
    ],
)
def test_a_status_comes_with_any_body(api: Api, body: object, sent: bytes, kind: str | None) -> None:
    api.emulator.inject(Fault("status", status=520, body=body))
    answer = api.send("GET", "/dev/v1/projects")
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (520, sent, kind)


def test_a_status_without_a_body_never_has_one(api: Api) -> None:
    api.emulator.inject(Fault("status", status=204, body="x"))
    assert api.send("GET", "/dev/v1/projects").content == b""


def test_an_answer_may_be_html(api: Api) -> None:
    api.emulator.inject(Fault("not_json", operation="acquire", times=1))
    body = {"cname": "lesson", "uid": "1", "clientRequest": {}}
    answer = api.send("POST", f"/v1/apps/{APP}/cloud_recording/acquire", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<html>")
    assert effects(api) == 1


def test_an_answer_may_have_another_shape(api: Api) -> None:
    api.emulator.inject(Fault("wrong_shape", times=1))
    api.emulator.inject(Fault("wrong_shape", body={"projects": "none"}, times=1))
    shapes = [api.send("GET", "/dev/v1/projects").json() for _ in range(2)]
    assert shapes == [{"unexpected": ["shape"]}, {"projects": "none"}]


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_delay_comes_before_or_after_the_effect(api: Api, after_effect: bool) -> None:
    """The caller gives up during a delay of a minute; whether the call was carried out is what differs."""
    api.emulator.inject(Fault("delay", seconds=60, after_effect=after_effect))

    async def given_up() -> None:
        async def send(_: dict) -> None:
            raise AssertionError("nothing is sent before the delay is over")

        path = f"/v1/apps/{APP}/cloud_recording/acquire"
        body = b'{"cname": "lesson", "uid": "1", "clientRequest": {}}'
        request = raw("POST", path, (b"content-type", b"application/json"), body=body)
        call = asyncio.ensure_future(api.emulator.app(*request, send))
        for _ in range(5):  # as far as it gets without time
            await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(given_up())
    assert effects(api) == after_effect


def test_delays_add_up_and_then_all_goes_on(api: Api) -> None:
    """The time is a simulation's. Nothing is patched, because the servers of other tests may run in this process."""
    for seconds, after_effect in ((1, False), (2, True), (4, False)):
        api.emulator.inject(Fault("delay", seconds=seconds, after_effect=after_effect, times=1))
    seen: list[int] = []

    async def seconds_of_a_call() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        body = {"cname": "lesson", "uid": "1", "clientRequest": {}}
        answer = await api.sending("POST", f"/v1/apps/{APP}/cloud_recording/acquire", json=body)
        assert answer.status_code == 200
        return loop.time() - began

    async def two_calls() -> list[float]:
        for second in (4.9, 5.1, 6.9):
            asyncio.get_running_loop().call_later(second, lambda: seen.append(effects(api)))
        return [await seconds_of_a_call() for _ in range(2)]

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        assert runner.run(two_calls()) == pytest.approx([7, 0], abs=1e-6)
    assert seen == [0, 1, 1]


def test_a_fault_strikes_before_credentials_are_looked_at(api: Api) -> None:
    api.emulator.inject(Fault("status", status=502))
    api.auth = None
    assert api.send("GET", "/dev/v1/projects").status_code == 502


def test_a_fault_of_no_operation_is_a_mistake(api: Api) -> None:
    with pytest.raises(ValueError, match="aquire"):
        api.emulator.inject(Fault("status", operation="aquire"))
    with pytest.raises(ValueError, match="flood"):
        Fault("flood")


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_connection_that_is_gone_cannot_be_reset_and_that_is_no_error(loop: Any) -> None:
    async def main() -> None:
        gone = asyncio.Event()

        class Server(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                self.transport = transport

            def connection_lost(self, _: Exception | None) -> None:
                gone.set()

        servers: list[Server] = []
        server = await asyncio.get_running_loop().create_server(
            lambda: servers.append(Server()) or servers[-1], "127.0.0.1", 0
        )
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.close()
        await gone.wait()
        await asyncio.sleep(0)  # the socket is closed after the protocol has been told
        Connection(servers[0].transport).reset()
        server.close()
        await server.wait_closed()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(main())
