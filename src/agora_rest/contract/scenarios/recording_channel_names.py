"""Valid channel names: at most 64 bytes, of 89 characters."""

from __future__ import annotations

import string
from typing import Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Server
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._recording import (
    BAD_CHANNEL,
    INVALID,
    MISMATCH,
    acquire_with,
    alone,
    must_be_one_of,
    must_run,
    start_with,
    stop,
)

CHANNEL_CHARACTERS: Final = string.ascii_letters + string.digits + " !#$%&()+-:;<=.>?@[]^_{}|~,"
"""The 89 characters of a channel name, and the other ASCII characters (CR-63)."""

OTHER_CHARACTERS: Final = [chr(number) for number in range(128) if chr(number) not in CHANNEL_CHARACTERS]


@check("CR-63")
def each_of_the_89_characters_makes_a_channel_name(server: Server) -> None:
    """Every one of the 89 characters may stand in a channel name, alone too, and the recording is of that channel."""
    for character in CHANNEL_CHARACTERS:
        with alone(server):
            acquire_with(server, "cname", character).must_succeed()
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
    for character in OTHER_CHARACTERS:
        for cname in (f"le{character}sson", f"{character}lesson", f"lesson{character}"):
            with alone(server):
                acquire_with(server, "cname", cname).must_be_refused(code=BAD_CHANNEL)
    for cname in ("é", "课程", "lesson\u00a0one", "Ａ", "lesson\u2028", "٣", "\U0001f600", "a\u0301"):  # noqa: RUF001
        with alone(server):
            acquire_with(server, "cname", cname).must_be_refused(code=BAD_CHANNEL)


@check("CR-63")
def a_channel_name_has_64_bytes_at_most(server: Server) -> None:
    """A channel name of 64 bytes passes; one of 65, or of more, is error 1013."""
    for length in (1, 63, 64):
        with alone(server):
            acquire_with(server, "cname", "x" * length).must_succeed()
    for length in (65, 66, 128, 4096):
        with alone(server):
            acquire_with(server, "cname", "x" * length).must_be_refused(code=BAD_CHANNEL)


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
