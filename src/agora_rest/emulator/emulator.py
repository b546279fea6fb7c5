"""The emulator's public class: its state, and the ASGI application that serves it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from agora_rest.emulator.clock import Clock
from agora_rest.emulator.settings import DialectName
from agora_rest.emulator.state import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEFAULT_SEED, EmulatorState
from agora_rest.emulator.web.app import Application
from agora_rest.emulator.web.endpoints import limits
from agora_rest.emulator.web.origins import OriginPolicy
from agora_rest.spec import DEFAULT_DIALECT, Dialect

if TYPE_CHECKING:
    from agora_rest.emulator.server import EmulatorServer


class Emulator(EmulatorState):
    """A local Agora: one account with one project, `demo`.

    `app` is the ASGI application; `serve` runs it on a port. Everything that the control API offers is a method here,
    safe to call from any thread while a server runs.

    Args:
        dialect: What it imitates: `current`, Agora's present documents; `observed`, servers of 2019 as they are known
            to behave; or `documented`, the documents of 2019 to the letter.
        customer_id: The user name of HTTP Basic.
        customer_certificate: Its password.
        clock: The source of time; by default the real time, which can be advanced.
        rate_limit: Whether calls beyond the documented rate limits are refused.
        seed: The seed of IDs: with one seed, the same calls give the same IDs. None gives different IDs every time.
        allow_hosts: Host names, without a port, at which the emulator may be reached besides the safe ones: a name
            that any site could have is refused (DNS rebinding).
        allow_origins: Origins of web pages that may call it, such as `http://localhost:3000`; others are refused.
    """

    def __init__(
        self,
        *,
        dialect: DialectName | Dialect = DEFAULT_DIALECT,
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
            limits=limits,
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
        """Return a server of this emulator, which runs in its own thread during `with`. Port 0 means any free port.

        With `certfile`, and `keyfile` if the key is not in it, it serves HTTPS only.
        """
        from agora_rest.emulator.server import EmulatorServer

        return EmulatorServer(self, host=host, port=port, certfile=certfile, keyfile=keyfile)
