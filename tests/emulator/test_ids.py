"""Identifiers: the same for the same seed, and none of one kind is one of another."""

from __future__ import annotations

from agora_rest.emulator.ids import Ids


def test_the_same_seed_gives_the_same_ids() -> None:
    first, second = Ids(7), Ids(7)
    assert [first.sid(), first.request_id(), first.resource_id()] == [
        second.sid(),
        second.request_id(),
        second.resource_id(),
    ]
    assert Ids(7).sid() != Ids(8).sid()


def test_a_request_id_is_no_certificate() -> None:
    """Both are 32 hexadecimal digits, and only one of them may be shown."""
    for seed in (None, 0, 1, 7):
        ids = Ids(seed)
        assert {ids.certificate() for _ in range(100)}.isdisjoint({ids.request_id() for _ in range(100)})


def test_how_many_requests_were_sent_does_not_change_the_next_sid() -> None:
    quiet, busy = Ids(7), Ids(7)
    busy.request_id()
    assert quiet.sid() == busy.sid()
