"""State machines for projects, kicking rules, channels and usage."""

from __future__ import annotations

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Server
from agora_rest.contract.machines.base import run_machine
from agora_rest.contract.machines.kicking import Kicking
from agora_rest.contract.machines.pages import Pages
from agora_rest.contract.machines.projects import Projects
from agora_rest.contract.machines.usage import Usage
from agora_rest.contract.safety.access import Profile


@check(
    *("CO-10", "CO-11", "CO-14", "CO-15", "CO-16", "CO-17", "CO-18", "CO-19", "CO-20", "CO-21", "CO-22"),
    *("CO-30", "CO-33", "CO-36", "CO-70"),
    needs=Control.RESET,
    profile=Profile.LOCAL,
)
def projects_live_as_documented(server: Server) -> None:
    """For any sequence of project calls, every response is one that the documents allow."""
    run_machine(Projects, server, examples=19, steps=30)


@check(
    *("CO-40", "CO-42", "CO-44", "CO-45", "CO-46", "CO-47", "CO-48", "CO-50", "CO-51", "CO-52", "CO-53", "CO-55"),
    *("CO-78", "CO-79", "CO-80", "CO-81", "CO-83", "CO-84", "CO-85", "CO-88"),
    needs=Control.RESET | Control.CLOCK | Control.USERS,
    profile=Profile.LOCAL,
)
def kicking_rules_bar_as_documented(server: Server) -> None:
    """For any sequence of rule changes, joins and leaves, rules, channels and users are shown as they should be."""
    run_machine(Kicking, server, examples=14, steps=15)


@check("CO-51", "CO-53", "CO-54", "CO-55", needs=Control.RESET | Control.USERS, profile=Profile.LOCAL)
def pages_part_whatever_channels_there_are(server: Server) -> None:
    """For any sequence of joins and leaves, pages of any size list each channel once, its user count, and the total."""
    run_machine(Pages, server, examples=20, steps=20)


@check("CO-30", "CO-31", "CO-32", "CO-34", "CO-35", "CO-76", needs=Control.RESET | Control.USAGE, profile=Profile.LOCAL)
def usage_adds_up_as_documented(server: Server) -> None:
    """Any usage is reported for its project, its day and its kind, in every period around it."""
    run_machine(Usage, server, examples=14, steps=25)
