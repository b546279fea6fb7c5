"""Lists are read at once where they are exactly as documented, and the result is the one a close look gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agora_rest.client import _dialects, _fast_path
from agora_rest.client._json_reader import Unreadable
from tests.client.conftest import APP_ID, Client
from tests.client.test_malformed import broken, changed
from tests.client.test_operations import CASES, Case

READERS: dict[str, tuple[Callable[[bytes], Any], Callable[[Any], Any]]] = {
    "list_projects": (_fast_path.projects, _dialects.projects),
    "get_usage_v1": (_fast_path.minutes, _dialects.minutes),
    "get_usage_v3": (_fast_path.metrics, _dialects.metrics),
    "list_kicking_rules": (_fast_path.rules, _dialects.rules),
    "list_channels": (_fast_path.channel_page, _dialects.channel_page),
    "list_channel_users": (_fast_path.channel_users, _dialects.channel_users),
}
LISTS = [case for case in CASES if case.operation in READERS]
LONG = [case for case in LISTS if case.documented.get("data", {}).get("channel_exist", True)]
"""Without the channel that is not there: nobody is in it."""

ODD = (None, [], {}, "", "7", 7.0, 1.5, -1, True, 10**12, 10**30, "2018-01-09T08:29:57", "2018-01-09T08:29:57+08:00")


def written(answer: Any) -> bytes:
    return json.dumps(answer).encode()


def odd(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """Every member of an answer, with something else in its place, missing, or with a neighbour nobody knows."""
    for how, here, _ in broken(value):
        if how == "missing":
            yield changed(value, how, here, None)
        for wrong in ODD:
            yield changed(value, "wrong", here, wrong)
            if isinstance(here[-1], str):
                yield changed(value, "wrong", (*here[:-1], "unknown"), wrong)
                yield changed(value, "wrong", (*here[:-1], "extra"), wrong)


@pytest.mark.parametrize("case", LONG, ids=[case.operation for case in LONG])
def test_a_documented_list_is_read_at_once(case: Case) -> None:
    at_once, closely = READERS[case.operation]
    assert at_once(written(case.documented)) == closely(case.documented)


def test_every_list_is_among_them() -> None:
    assert {case.operation for case in LONG} == set(READERS)


@pytest.mark.parametrize("case", LISTS, ids=[case.operation for case in LISTS])
def test_what_is_read_at_once_is_what_a_close_look_finds(case: Case) -> None:
    at_once, closely = READERS[case.operation]
    read = 0
    for answer in odd(case.documented):
        quickly = at_once(written(answer))
        if quickly is None:
            continue
        read += 1
        try:
            found = closely(answer)
        except Unreadable as error:
            pytest.fail(f"{answer} is read although {error}")
        assert quickly == found
        assert repr(quickly) == repr(found)  # also the numbers' types and the zones of times
    assert read


@pytest.mark.parametrize("case", LISTS, ids=[case.operation for case in LISTS])
@pytest.mark.parametrize(
    "refusal", [{"success": False}, {"code": 1}, {"Code": 500, "Body": {}}, {"status": "fail"}, {"message": "no"}]
)
def test_a_refusal_is_not_read_at_once(case: Case, refusal: Any) -> None:
    assert READERS[case.operation][0](written({**case.documented, **refusal})) is None


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b"\xff", b"\xef\xbb\xbf{}", b"{}x", b"[" * 100_000])
def test_what_is_no_answer_is_not_read_at_once(content: bytes) -> None:
    assert [at_once(content) for at_once, _ in READERS.values()] == [None] * len(READERS)


@pytest.mark.parametrize("case", LONG, ids=[case.operation for case in LONG])
def test_the_client_asks_at_once_first(case: Case, network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, closely = READERS[case.operation]
    name = next(name for name, value in vars(_fast_path).items() if value is at_once)
    asked = []
    monkeypatch.setattr(_fast_path, name, lambda content: asked.append(content) or at_once(content))
    monkeypatch.setattr(_dialects, closely.__name__, lambda _: pytest.fail("looked at closely"))
    network.route().respond(200, json=case.documented)
    Client("sync")(case.use)
    assert asked


def test_members_the_documents_do_not_know_are_kept(network: Any) -> None:
    rows = [{"channel_name": "a", "user_count": 1}, {"channel_name": "b", "user_count": 2, "extra": 1, "new": True}]
    network.route().respond(200, json={"success": True, "data": {"channels": rows, "total_size": 9}})
    page = Client("sync")(lambda agora: agora.app(APP_ID).channels.page())
    assert [dict(channel.extra) for channel in page.channels] == [{}, {"extra": 1, "new": True}]
