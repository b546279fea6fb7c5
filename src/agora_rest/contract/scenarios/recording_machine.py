"""State machines for recordings, projects and users: one for the documents of 2019, one for the present ones."""

from __future__ import annotations

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Server
from agora_rest.contract.machines.base import run_machine
from agora_rest.contract.machines.recordings import Recordings
from agora_rest.contract.machines.today import Today

_NEEDS = Control.RESET | Control.CLOCK | Control.USERS


@check("CR-11", "CR-12", "CR-15", "CR-20", "CR-28", "CR-37", "CR-39", "CR-42", "CR-65", needs=_NEEDS)
def recordings_live_as_documented(server: Server) -> None:
    """For any sequence of calls, every response about a recording is one that the documents allow."""
    run_machine(Recordings, server, examples=22, steps=30)


@check(
    *("CR-76", "CR-78", "CR-80", "CR-81", "CR-84", "CR-86", "CR-90", "CR-91", "CR-92", "CR-93"),
    *("CR-94", "CR-95", "CR-108", "CR-111", "CR-113", "CR-130", "CR-132", "CR-137", "CR-139", "CR-140", "CR-141"),
    *("CR-142", "CR-143", "CR-144", "CR-145", "CR-146", "CR-147", "CR-148", "CR-149", "CR-151", "CR-153", "CR-154"),
    *("CR-155", "CR-156", "CR-160"),
    needs=_NEEDS,
)
def recordings_of_today_live_as_documented(server: Server) -> None:
    """For any sequence of calls, every response about a recording is allowed and shows what was asked of this one."""
    run_machine(Today, server, examples=34, steps=12)
