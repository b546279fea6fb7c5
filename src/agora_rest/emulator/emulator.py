"""The emulator as callers use it: its state, and the ASGI application that serves it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from agora_rest.emulator.clock import Clock
from agora_rest.emulator.settings import DialectName, DialectWord
from agora_rest.emulator.state import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEFAULT_SEED, EmulatorState
from agora_rest.emulator.web.app import Application
from agora_rest.emulator.web.endpoints import limits
from agora_rest.emulator.web.origins import OriginPolicy

if TYPE_CHECKING:
    from agora_rest.emulator.server import EmulatorServer


class Emulator(EmulatorState):
    """A local Agora: one account with one project, `demo`.

    `app` is the ASGI application; `serve` runs it on a port. Everything that control does over HTTP is a method here,
    safe to call from any thread while a server runs.

    Args:
        dialect: How answers are shaped, `documented` or `observed`.
        customer_id: The user of HTTP Basic.
        customer_certificate: Its password.
        clock: Where the time comes from; the real time, movable, unless one is given.
        rate_limit: Whether more than the documented calls a second are refused.
        seed: Where IDs come from: the same calls give the same IDs again. None gives others every time.
        allow_hosts: Names, without a port, under which a server of this emulator may be reached besides those that are
            safe: a name that any site could have is refused (DNS rebinding).
        allow_origins: Web pages that may call it, such as `http://localhost:3000`; those of other sites are refused.
    """

    def __init__(
        self,
        *,
        dialect: DialectName | DialectWord = DialectName.DOCUMENTED,
        customer_id: str = DEFAULT_CUSTOMER_ID,
        customer_certificate: str = DEFAULT_CUSTOMER_CERTIFICATE,
        clock: Clock | None = None,
        rate_limit: bool = True,
        seed: int | None = DEFAULT_SEED,
        allow_hosts: Iterable[str] = (),
        allow_origins: Iterable[str] = (),
    ) -> None:
        super().__init__(
            dialect=dialect,
            customer_id=customer_id,
            customer_certificate=customer_certificate,
            clock=clock,
            rate_limit=rate_limit,
            seed=seed,
            limits=limits(),
        )
        self.app = Application(self, customer_id, customer_certificate, OriginPolicy(allow_hosts, allow_origins))

    def __repr__(self) -> str:
        return f"<Emulator of the {self.settings.dialect} dialect for customer {self.customer_id}>"

    def serve(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        certfile: str | Path | None = None,
        keyfile: str | Path | None = None,
    ) -> EmulatorServer:
        """A server of this emulator in a thread of its own, to be used in `with`. Port 0 is any free one.

        With `certfile`, and `keyfile` where the key is not in it, it speaks HTTPS only.
        """
        from agora_rest.emulator.server import EmulatorServer

        return EmulatorServer(self, host=host, port=port, certfile=certfile, keyfile=keyfile)
