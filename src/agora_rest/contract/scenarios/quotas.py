"""How often one may call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agora_rest.contract.checks import check
from agora_rest.contract.control import Control
from agora_rest.contract.profiles import Profile
from agora_rest.contract.server import Answer, Server


@check("CR-05", needs=Control.QUOTA | Control.CLOCK, profile=Profile.LOCAL)
def ten_recording_calls_a_second(server: Server) -> None:
    """Of each of the four calls ten pass in a second and the eleventh is a 429; a second later the next passes."""
    recordings = [server.record() for _ in range(12)]
    resources = [server.acquire() for _ in range(12)]
    server.limit_rate()
    _ten_pass(server, [server.ask_acquire] * 12)
    _ten_pass(server, [partial(server.start, each) for each in resources])
    _ten_pass(server, [partial(server.query, recordings[0])] * 12)
    _ten_pass(server, [partial(server.stop, each) for each in recordings])


@check("CO-03", needs=Control.QUOTA | Control.CLOCK, profile=Profile.LOCAL)
def ten_console_calls_a_second(server: Server) -> None:
    """Of all Console calls together ten pass in a second and the eleventh is a 429; a second later the next passes."""
    server.limit_rate()
    ways: list[Callable[[], Answer]] = [
        lambda: server.send("list_projects"),
        lambda: server.send("list_channels"),
        lambda: server.send("list_kicking_rules", query={"appid": server.app_id}),
    ]
    _ten_pass(server, [ways[number % 3] for number in range(12)])


@check("CO-49", needs=Control.QUOTA | Control.CLOCK, profile=Profile.LOCAL)
def ten_kicking_rule_calls_a_second(server: Server) -> None:
    """Of the kicking rules' calls ten pass in a second and the eleventh is a 429; a second later the next passes."""
    server.limit_rate()
    _ten_pass(server, [lambda: server.send("list_kicking_rules", query={"appid": server.app_id})] * 12)


def _ten_pass(server: Server, calls: list[Callable[[], Answer]]) -> None:
    """Ten of twelve calls, then the refused one, then one a second later."""
    server.advance(seconds=1)
    for call in calls[:10]:
        call().must_succeed()
    calls[10]().must_be_refused(429)
    server.advance(seconds=1)
    calls[11]().must_succeed()
