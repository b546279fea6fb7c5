"""What keeps the permits may fail over, and a process may stand still with its permits locked."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest
import redis

from agora_rest.permits import Limit, Quota
from agora_rest.permits import sql as permits_sql
from agora_rest.permits.ledger import PermitRequest, Unreachable
from agora_rest.permits.redis import RedisLedger
from agora_rest.permits.sql import SqlLedger
from tests.services import PostgreSQL, Redis

WANT = PermitRequest.of(Quota("start", "me", Limit()), 0.001)


class Address:
    """A port that leads to whichever server is the one to write to."""

    def __init__(self, port: int) -> None:
        self.port_behind = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port_behind))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with source, target:
            try:
                while data := source.recv(65536):
                    target.sendall(data)
            except OSError:
                return

    def close(self) -> None:
        self._listener.close()


def test_a_redis_that_has_become_a_replica_is_left_for_what_has_taken_its_place() -> None:
    with (
        Redis() as first,
        Redis() as promoted,
        closing(Address(first.port)) as address,
        closing(RedisLedger(f"redis://127.0.0.1:{address.port}/0")) as ledger,
    ):
        ledger.begin()
        assert ledger.take([WANT], "me", 120, 0.1).granted
        with redis.Redis.from_url(first.url) as control:
            control.replicaof("127.0.0.1", 1)
        address.port_behind = promoted.port
        with pytest.raises(Unreachable, match="read only"):
            ledger.take([WANT], "me", 120, 0.1)
        assert ledger.take([WANT], "me", 120, 0.1).assume_all_taken, "the one that was promoted, which has just begun"


def test_a_process_that_stands_still_with_the_permits_locked_locks_nobody_out(
    postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permits_sql, "RESPONSE_TIMEOUT", 0.5)
    url = postgresql.database()
    with closing(SqlLedger(url)) as still, closing(SqlLedger(url)) as mine, still._engine.connect() as connection:
        assert still.take([WANT], "first", 120, 0.1).granted
        connection.begin()
        permits_sql._read(connection, [WANT], lock=True)
        assert any(granted(mine) for _ in range(20))
        connection.invalidate()


def granted(ledger: SqlLedger) -> bool:
    try:
        return ledger.take([WANT], "me", 120, 0.1).granted
    except Unreachable:  # it has waited for the lock for half a second
        return False
