"""A list exactly as described is decoded in one go, with the result that reading it member by member gives."""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest

from agora_rest.client import _json_reader
from agora_rest.client._json_reader import Reader
from agora_rest.client._reading import UnexpectedShape
from agora_rest.client._results import channels, kicking_rules, projects, usage
from agora_rest.client.models import Model
from contract_tests.calls import CASES, Case
from tests.client.conftest import APP_ID, Client
from tests.client.test_malformed import broken, changed

READERS: dict[str, Reader[Any]] = {
    "list_projects": projects.projects,
    "get_usage_v1": usage.minutes,
    "get_usage_v3": usage.metrics,
    "list_kicking_rules": kicking_rules.rules(APP_ID),
    "list_channels": channels.channel_page,
    "list_channel_users": channels.channel_users,
    "list_channel_hosts": channels.channel_hosts,
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
    reader = READERS[case.operation]
    assert reader.read_bytes(written(case.documented)) == reader.read(case.documented)


def test_every_list_is_among_them() -> None:
    assert {case.operation for case in LONG} == set(READERS)


@pytest.mark.parametrize("case", LISTS, ids=[case.operation for case in LISTS])
def test_what_is_read_at_once_is_what_a_close_look_finds(case: Case) -> None:
    reader = READERS[case.operation]
    read = 0
    for answer in odd(case.documented):
        quickly = reader.read_bytes(written(answer))
        if quickly is None:
            continue
        read += 1
        try:
            found = reader.read(answer)
        except UnexpectedShape as error:
            pytest.fail(f"{answer} is read although {error}")
        assert quickly == found
        assert repr(quickly) == repr(found)  # also the numbers' types and the zones of times
    assert read


@pytest.mark.parametrize("case", LISTS, ids=[case.operation for case in LISTS])
@pytest.mark.parametrize(
    "refusal", [{"success": False}, {"code": 1}, {"Code": 500, "Body": {}}, {"status": "fail"}, {"message": "no"}]
)
def test_a_refusal_is_not_read_at_once(case: Case, refusal: Any) -> None:
    assert READERS[case.operation].read_bytes(written({**case.documented, **refusal})) is None


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b"\xff", b"\xef\xbb\xbf{}", b"{}x", b"[" * 100_000])
def test_what_is_no_answer_is_not_read_at_once(content: bytes) -> None:
    assert [reader.read_bytes(content) for reader in READERS.values()] == [None] * len(READERS)


@pytest.mark.parametrize("case", LONG, ids=[case.operation for case in LONG])
def test_the_client_decodes_a_list_in_one_go(case: Case, network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "read", lambda *_: pytest.fail("read member by member"))
    network.route().respond(200, json=case.documented)
    Client("sync")(case.use)


@pytest.mark.parametrize("case", LONG, ids=[case.operation for case in LONG])
def test_a_list_with_an_unknown_member_is_not_walked_member_by_member(
    case: Case, network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_json_reader, "_normalized", lambda *_: pytest.fail("walked member by member"))
    network.route().respond(200, json={**case.documented, "request_id": "7f3a"})
    Client("sync")(case.use)


def test_members_the_documents_do_not_know_are_kept(network: Any) -> None:
    rows = [{"channel_name": "a", "user_count": 1}, {"channel_name": "b", "user_count": 2, "extra": 1, "new": True}]
    network.route().respond(200, json={"success": True, "data": {"channels": rows, "total_size": 9}})
    page = Client("sync")(lambda agora: agora.app(APP_ID).channels.page())
    assert [dict(channel.extra) for channel in page.channels] == [{}, {"extra": 1, "new": True}]


@pytest.mark.parametrize("case", LONG, ids=[case.operation for case in LONG])
def test_the_garbage_collector_does_not_follow_what_is_read(case: Case) -> None:
    """Of 18,250 days or 10,000 rules (CO-31, CO-45), it would look at each several times while they are read."""
    reader = READERS[case.operation]
    wire = _json_reader._exact_decoder(reader._wire).decode(written(case.documented))
    assert not gc.is_tracked(wire)
    result = reader.read_bytes(written(case.documented))
    items = [result, *result] if isinstance(result, tuple) else [result]
    assert not any(gc.is_tracked(item) for item in items if isinstance(item, Model))
