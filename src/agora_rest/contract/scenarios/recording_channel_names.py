"""Valid channel names: at most 64 bytes, of 89 characters."""

from __future__ import annotations

from functools import partial
from typing import Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Server
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._recording import (
    BAD_CHANNEL,
    CHANNEL_CHARACTERS,
    INVALID,
    MISMATCH,
    acquire_with,
    all_refused,
    all_taken,
    alone,
    must_be_one_of,
    must_run,
    start_with,
    stop,
)

OTHER_CHARACTERS: Final = [chr(number) for number in range(128) if chr(number) not in CHANNEL_CHARACTERS]
"""The other ASCII characters."""


@check("CR-63")
def each_of_the_89_characters_makes_a_channel_name(server: Server) -> None:
    """Every one of the 89 characters may stand in a channel name, alone too, and the recording is of that channel."""
    all_taken(server, CHANNEL_CHARACTERS, partial(acquire_with, server, "cname"))
    for cname in (CHANNEL_CHARACTERS[:64], CHANNEL_CHARACTERS[-64:], "a+b c%20d&e", "..", ".", " . "):
        with alone(server):
            recording = server.record(cname)
            echo = server.query(recording).must_succeed().get("cname")
            if echo not in (None, cname):
                raise Broken(f"a response about channel {cname!r}", f"a response about {echo!r}", server.trail[-1])
            stop(server, recording)


@check("CR-63")
def any_other_character_is_refused(server: Server) -> None:
    """A channel name with any other character, in any position, is error 1013."""
    places = ("le{}sson", "{}lesson", "lesson{}")
    wrong = [place.format(character) for character in OTHER_CHARACTERS for place in places]
    wrong += ["é", "课程", "lesson\u00a0one", "Ａ", "lesson\u2028", "٣", "\U0001f600", "a\u0301"]  # noqa: RUF001
    all_refused(server, wrong, partial(acquire_with, server, "cname"), code=BAD_CHANNEL)


@check("CR-63")
def a_channel_name_has_64_bytes_at_most(server: Server) -> None:
    """A channel name of 64 bytes passes; one of 65, or of more, is error 1013."""
    ask = partial(acquire_with, server, "cname")
    all_taken(server, ["x" * length for length in (1, 63, 64)], ask)
    all_refused(server, ["x" * length for length in (65, 66, 128, 4096)], ask, code=BAD_CHANNEL)


@check("CR-63")
def a_channel_name_is_not_empty(server: Server) -> None:
    """An empty channel name is refused, as a name (1013) or as a missing parameter (2)."""
    must_be_one_of(acquire_with(server, "cname", ""), BAD_CHANNEL, INVALID)


@check("CR-21", "CR-50", "CR-63")
def start_and_stop_refuse_what_is_no_channel_name(server: Server) -> None:
    """`start` and `stop` refuse a `cname` that no channel can have, on live IDs, and the recording is not touched.

    As invalid (1013) or as different from the name in `acquire` (1003); only an empty one may count as missing (2).
    """
    resource = server.acquire()
    names = ("", "x" * 65, 'les"son', "lesson/1", "课程", f"{resource.cname}\n", f"{resource.cname}\x00")
    keep = server.trail[-1:]
    for cname in names:
        with alone(server, keep):
            must_be_one_of(start_with(server, resource, ("cname",), cname), *_refusals_of(cname))
    recording = server.recording(resource, server.start(resource))
    keep = [*keep, server.trail[-1]]
    for cname in names:
        with alone(server, keep):
            must_be_one_of(server.stop(recording, cname=cname), *_refusals_of(cname))
    must_run(server, recording)


def _refusals_of(cname: str) -> tuple[int, ...]:
    return (BAD_CHANNEL, MISMATCH) if cname else (BAD_CHANNEL, MISMATCH, INVALID)
