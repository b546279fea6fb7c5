"""A state machine for recordings, projects and users."""

from __future__ import annotations

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Server
from agora_rest.contract.machines.base import run_machine
from agora_rest.contract.machines.recordings import Recordings


@check(
    *("CR-10", "CR-11", "CR-12", "CR-15", "CR-20", "CR-28", "CR-36", "CR-37", "CR-39", "CR-40", "CR-42", "CR-50"),
    *("CR-54", "CR-65", "CO-16", "CO-48"),
    needs=Control.RESET | Control.CLOCK | Control.USERS,
)
def recordings_live_as_documented(server: Server) -> None:
    """For any sequence of calls, every response about a recording is one that the documents allow."""
    run_machine(Recordings, server, examples=25, steps=30)
