"""Control of a server under test beyond its API: time, users, settings, usage.

Only our emulator offers this, under `/_emulator/`; on any other server every part is missing, and what needs it is
skipped.
"""

from __future__ import annotations

import enum
import json
import secrets
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

import httpx

from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.straight import StraightClient
from agora_rest.emulator.handshake import proof

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
"""As httpx writes JSON."""


class Control(enum.Flag):
    """The parts of the control API a check may need."""

    NONE = 0
    RESET = enum.auto()
    """Begin with a known state: nothing left over from other checks."""
    CLOCK = enum.auto()
    """Move the server's clock."""
    USERS = enum.auto()
    """Put users into channels and take them out."""
    QUOTA = enum.auto()
    """Switch the rate limit on and off."""
    DIALECT = enum.auto()
    """Choose the dialect of responses."""
    USAGE = enum.auto()
    """Seed usage figures."""
    FAULTS = enum.auto()
    """Inject faults into responses."""
    STATE = enum.auto()
    """See the server's state, also what no response of its API shows."""

    ALL = RESET | CLOCK | USERS | QUOTA | DIALECT | USAGE | FAULTS | STATE

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in lower case."""
        return tuple(part.name.lower() for part in self if part.name)


class ControlApi:
    """The control API of one server. Every call raises `httpx.HTTPStatusError` when it is refused.

    `offers` lists the supported controls. `listener` receives each call that no event hook of httpx sees.
    """

    def __init__(self, http: httpx.Client, offers: Control) -> None:
        self._http, self.offers = http, offers
        self._straight = http if isinstance(http, StraightClient) else None
        self.listener: Callable[[Exchange], None] | None = None

    @classmethod
    def of(cls, http: httpx.Client) -> ControlApi | None:
        """The control API behind `http`, or None where the server does not prove to be an emulator.

        It must return the digest of a nonce that was drawn just now (`emulator.handshake`): a proxy in front of Agora
        cannot, nor a server that accepts every path or echoes what it is sent.
        """
        nonce = secrets.token_urlsafe(24)
        try:
            response = http.get("/_emulator/handshake", params={"nonce": nonce})
            found = response.json() if response.status_code == 200 else None
        except (httpx.HTTPError, ValueError, RecursionError):
            return None
        is_proved = isinstance(found, dict) and found.get("proof") == proof(nonce)
        return cls(http, Control.ALL) if is_proved else None

    def reset(self, seed: int | None = None) -> None:
        """Forget everything: back to the first state. With a seed, the same calls give the same IDs afterwards."""
        self._call("POST", "reset", {} if seed is None else {"seed": seed})

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._call("POST", "clock", {"advance": seconds})

    def clock(self) -> dict[str, Any]:
        """The server's clock, as the control API returns it."""
        found: dict[str, Any] = self._ask("clock")
        return found

    @property
    def frozen(self) -> bool | None:
        """Whether the clock is frozen; None if the server does not report it."""
        return _frozen(self.clock())

    def freeze(self, frozen: bool = True) -> None:
        """Freeze the clock; with False, let it run on from its current time."""
        self._call("POST", "clock", {"frozen": frozen})

    def stands_still(self) -> bool:
        """Whether the clock moves only when it is advanced, so that a limit can be checked to the exact second."""
        first = self.clock()
        said = _frozen(first)
        return bool(first["unix"] == self.clock()["unix"]) if said is None else said

    def settings(self) -> dict[str, Any]:
        """The settings in force."""
        found: dict[str, Any] = self._ask("settings")
        return found

    def set(self, **changes: Any) -> None:
        """Change settings: `dialect`, `rate_limit`, `stop_outcome` (the upload status that `stop` returns)."""
        self._call("PATCH", "settings", changes)

    def join(self, app_id: str, channel: str, uid: int, **more: Any) -> bool:
        """Add a user to a channel; returns False when a kicking rule denies the join.

        more: `ip`; `mode` 1 (communication) or 2 (live); `role` 1 (communication), 2 (host) or 3 (audience).
        """
        try:
            self._call("POST", self._users(app_id, channel), {"uid": uid, **more})
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code == 403:
                return False
            raise
        return True

    def leave(self, app_id: str, channel: str, uid: int) -> None:
        """Take a user out of a channel."""
        self._call("DELETE", f"{self._users(app_id, channel)}/{uid}")

    def usage(self, **body: Any) -> None:
        """Seed usage figures; the body is the emulator's own."""
        self._call("POST", "usage", body)

    def recording(self, sid: str) -> dict[str, Any]:
        """The state of a recording, as the emulator shows it; empty if it shows none with this sid."""
        shown: list[dict[str, Any]] = self._ask("state")["recordings"]
        return next((found for found in shown if found["sid"] == sid), {})

    def _ask(self, path: str) -> Any:
        return json.loads(self._call("GET", path))

    def _call(self, method: str, path: str, body: Any = None) -> bytes:
        """The body of the response."""
        path = f"/_emulator/{path}"
        if self._straight is not None:
            content = None if body is None else _ENCODER.encode(body).encode()
            exchange = self._straight.exchange(method, path, content=content)
            if exchange is not None:
                return self._kept(exchange)
        return self._http.request(method, path, json=body).raise_for_status().content

    def _kept(self, exchange: Exchange) -> bytes:
        if self.listener is not None:
            self.listener(exchange)
        if not 200 <= exchange.status < 300:
            request = httpx.Request(exchange.method, exchange.url)
            httpx.Response(exchange.status, content=exchange.body, request=request).raise_for_status()
        return exchange.body

    @staticmethod
    def _users(app_id: str, channel: str) -> str:
        return f"channels/{quote(app_id, safe='')}/{quote(channel, safe='')}/users"


def _frozen(clock: dict[str, Any]) -> bool | None:
    said = clock.get("frozen")
    return said if isinstance(said, bool) else None
