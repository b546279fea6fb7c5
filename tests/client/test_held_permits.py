"""`recordings.hold_permit`: the permit of a start is in hand before its resource ID is made (CR-05, CR-11)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from agora_rest import Hooks, QiniuStorage, Resource, ServerError, WaitEvent
from tests.client.conftest import APP_ID, Client
from tests.client.test_chain import Counter

STORAGE = QiniuStorage(region=0, bucket="b", access_key="k", secret_key="s")
RESOURCE = Resource(resource_id="r", channel="lesson-42", uid="7")


def starts(client: Client, times: int) -> list[type[Exception]]:
    """Start `times` under one reservation; what was raised."""
    raised: list[type[Exception]] = []

    @contextmanager
    def noted() -> Any:
        try:
            yield
        except ServerError as error:
            raised.append(type(error))

    def use(agora: Any) -> Any:
        recordings = agora.app(APP_ID).recordings
        if client.form == "sync":
            with recordings.hold_permit() as holder:
                for _ in range(times):
                    with noted():
                        holder.start(RESOURCE, STORAGE)
            return None

        async def start() -> None:
            async with recordings.hold_permit() as holder:
                for _ in range(times):
                    with noted():
                        await holder.start(RESOURCE, STORAGE)

        return start()

    client(use)
    return raised


@pytest.mark.fact("CR-05")
def test_a_reserved_start_is_sent_once_for_it_has_one_permit(client: Client, network: Any) -> None:
    permits = Counter()
    client.options |= {"permits": permits, "retries": 5}
    network.route().mock(return_value=httpx.Response(500, json={"message": "no"}))
    assert starts(client, 1) == [ServerError]
    assert network.calls.call_count == 1
    assert [groups for groups, *_ in permits.asked] == [["start"]]


def test_the_wait_for_a_reserved_permit_is_reported(client: Client, network: Any) -> None:
    waits: list[Any] = []
    client.options |= {"permits": Counter(), "hooks": Hooks(on_wait=waits.append)}
    network.route().mock(return_value=httpx.Response(500, json={"message": "no"}))
    starts(client, 1)
    assert waits == [WaitEvent(operation="start_recording", seconds=0.25)]


@pytest.mark.fact("CR-05")
def test_the_next_start_in_the_block_has_a_permit_of_its_own(client: Client, network: Any) -> None:
    permits = Counter()
    client.options |= {"permits": permits}
    network.route().mock(return_value=httpx.Response(500, json={"message": "no"}))
    starts(client, 2)
    assert [groups for groups, *_ in permits.asked] == [["start"], ["start"]]
    assert network.calls.call_count == 2
