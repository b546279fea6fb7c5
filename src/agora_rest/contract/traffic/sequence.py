"""Rules across exchanges: puts them in the order of time and gives them to the models of a server's state."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Final

from agora_rest import spec
from agora_rest.contract.http.exchange import NOT_JSON
from agora_rest.contract.traffic.har import Recorded
from agora_rest.state_models import Deviation, Observed, StateModels

_HELD_BACK: Final = 500
"""Exchanges that are held back to sort them: files have them nearly in the order of time."""


def observed(recorded: Recorded, account: str, default: float, edition: spec.Edition | None) -> Observed:
    """`recorded` as the models see it. `default` is used if the file gives no time; `edition` is that of the server."""
    exchange = recorded.exchange
    sent = default if recorded.started is None else recorded.started
    payload = exchange.payload if recorded.body_known else None
    return Observed(
        sent=sent,
        number=recorded.number,
        done=sent + exchange.elapsed,
        operation=exchange.operation,
        status=exchange.status,
        account=account,
        path=recorded.parameters,
        query=exchange.query,
        body=exchange.asked if recorded.request_body_known and exchange.asked is not NOT_JSON else None,
        payload=None if payload is NOT_JSON else payload,
        edition=edition,
        enveloped=exchange.enveloped,
        unix=recorded.started is not None,
    )


class Sequence:
    """Follows the exchanges of one file. undisturbed: see `StateModels`."""

    def __init__(self, undisturbed: float = 0.0) -> None:
        self._held: list[Observed] = []
        self._models = StateModels(undisturbed=undisturbed)

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """Deviations that show with `seen`; they may concern an earlier exchange."""
        heapq.heappush(self._held, seen)
        if len(self._held) > _HELD_BACK:
            yield from self._models.observe(heapq.heappop(self._held))

    def rest(self) -> Iterator[Deviation]:
        """Deviations that show at the end of the file."""
        while self._held:
            yield from self._models.observe(heapq.heappop(self._held))
