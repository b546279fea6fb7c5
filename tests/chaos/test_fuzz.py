"""Answers as no server should send them: read, or one of our errors; nothing else, and nothing slow."""

from __future__ import annotations

import copy
import gzip
import json
import os
import random
import traceback
from typing import Any

import httpx

from agora_rest import Agora, CallError
from contract_tests.calls import CASES

CERTIFICATE = "planted-certificate"
ANSWERS = int(os.environ.get("AGORA_REST_FUZZ", "2000"))
"""How many; `make chaos-client` asks for 100,000."""

VALUES: tuple[Any, ...] = (
    *(CERTIFICATE, f"no {CERTIFICATE}"),
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        2**31,
        2**63,
        -(10**30),
        10**400,
        1e308,
        "",
        "0",
        "5",
        "text",
        "é\u0000\u202e",
        "x" * 5000,
    ),
    *(
        [],
        {},
        [None],
        [[]],
        [{}],
        {"": ""},
        {"Code": 200},
        {"Body": {}},
        "2020-01-01",
        "9999-12-31T23:59:59Z",
        "\ud800",
    ),
)
NAMES = (
    "Code",
    "Body",
    "code",
    "reason",
    "message",
    "error_msg",
    "success",
    "status",
    "sid",
    "project",
    "projects",
    "data",
)
STATUSES = (*[200] * 12, 201, 204, 206, 301, 304, 400, 401, 404, 408, 429, 500, 502, 504, 520, 599)
HEADERS: tuple[dict[str, str], ...] = (
    *[{}] * 8,
    {"Content-Type": "text/html"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Encoding": "gzip"},
    {"Content-Encoding": "deflate, br"},
    {"Retry-After": "soon"},
    {"Retry-After": "9" * 400},
    {"Date": "yesterday", "X-Request-ID": "\x7f" * 90},
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value that holds another."""
    found = []
    for key, member in list(value.items() if isinstance(value, dict) else enumerate(value)):
        found.append((value, key))
        if isinstance(member, dict | list):
            found += places(member)
    return found


def changed(value: Any, chance: random.Random) -> Any:
    """The same answer with a few members changed."""
    value = copy.deepcopy(value)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        where = places(value)
        if not where:
            break
        holder, key = chance.choice(where)
        match chance.randrange(5):
            case 0:
                del holder[key]
            case 1:
                other, name = chance.choice(where)
                holder[key] = copy.deepcopy(other[name]) if name in other or isinstance(other, list) else None
            case 2:
                holder[key] = [holder[key]] * chance.choice((1, 2, 40))
            case 3 if isinstance(holder, dict):
                holder[chance.choice(NAMES)] = chance.choice(VALUES)
            case _:
                holder[key] = chance.choice(VALUES)
    return value


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """The same bytes, or fewer, more or others."""
    at = chance.randrange(len(content) + 1)
    match chance.randrange(14):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + chance.randbytes(chance.randrange(1, 9)) + content[at:]
        case 2:
            return content[:at] + content[at + chance.randrange(1, 9) :]
        case 3:
            return chance.choice((b"\n", b"\xef\xbb\xbf", b" \r\n", b"\x00")) + content
        case 4:
            return content + chance.choice((b"\n", content, b"<html>", b"\x00"))
        case 5:
            return content.replace(b":", b":" + b"[" * chance.choice((1, 3000)), 1)
        case 6:
            return chance.choice((b"", b"null", b"NaN", b"7", b'"text"', b"<html>502</html>", b"[" * 50_000))
        case 7:
            return gzip.compress(content)[: chance.choice((5, None))]
        case _:
            return content


def answer(case: Any, chance: random.Random) -> httpx.Response:
    """An answer to the operation of `case` as it should not be."""
    template = chance.choice((case.documented, case.observed or case.documented))
    try:
        content = json.dumps(changed(template, chance)).encode()
    except (ValueError, RecursionError):
        content = b"{}"
    headers = dict(chance.choice(HEADERS))
    return httpx.Response(chance.choice(STATUSES), headers=headers, stream=httpx.ByteStream(spoiled(content, chance)))


def test_no_answer_ends_in_an_error_that_is_not_ours() -> None:
    chance = random.Random(20261122)
    due: list[httpx.Response] = []
    transport = httpx.MockTransport(lambda _: due.pop() if due else httpx.Response(500))
    outcomes = dict.fromkeys(("read", "refused"), 0)
    with Agora("id", CERTIFICATE, transport=transport, permits=None, retries=0, validate="warn") as agora:
        for number in range(ANSWERS):
            case = CASES[number % len(CASES)]
            state = chance.getstate()
            due[:] = [answer(case, chance)]
            try:
                case.use(agora)
                outcomes["read"] += 1
            except CallError as error:
                outcomes["refused"] += 1
                assert CERTIFICATE not in f"{error} {error!r} {vars(error)}"  # noqa: PT017
            except BaseException as error:  # noqa: BLE001  which one is the question
                chance.setstate(state)
                sent = answer(case, chance)
                shown = f"answer {number} to {case.operation}: {sent} {sent.headers} {sent.stream._stream!r}"
                raise AssertionError(f"{shown}\n{''.join(traceback.format_exception(error))}") from None
    assert min(outcomes.values()) > ANSWERS / 10, outcomes
