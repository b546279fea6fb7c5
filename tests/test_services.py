"""The servers that tests run on: real, on their own, empty, and able to go down and come back."""

from __future__ import annotations

import shutil
import subprocess
import sys

import psycopg
import pytest
import redis
import sqlalchemy

from tests import programs
from tests.services import PostgreSQL, Redis


def test_each_database_is_new_and_survives_a_restart(postgresql: PostgreSQL) -> None:
    one, other = postgresql.database(), postgresql.database()
    execute(one, "CREATE TABLE remembered ()")
    postgresql.restart()
    execute(one, "SELECT * FROM remembered")
    with pytest.raises(sqlalchemy.exc.ProgrammingError, match="remembered"):
        execute(other, "SELECT * FROM remembered")


def test_a_stopped_postgresql_refuses_and_a_started_one_answers(postgresql: PostgreSQL) -> None:
    postgresql.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgresql.url.replace("+psycopg", ""))
    postgresql.start()
    execute(postgresql.url, "SELECT 1")


def test_a_restarted_redis_is_empty(redis_server: Redis) -> None:
    for empty in (redis_server.flush, redis_server.restart):
        with redis.Redis.from_url(redis_server.url) as client:
            client.set("remembered", "1")
        empty()
        with redis.Redis.from_url(redis_server.url) as client:
            assert client.keys() == []


DIES_WITH_A_SERVER = """
import os
from tests.services import Redis
server = Redis()
server.start()
print(server.url, server.directory, flush=True)
os._exit(1)
"""


def test_a_server_ends_with_the_process_that_started_it_however_that_ends() -> None:
    programs.redis_server()  # where there is none, this test is skipped
    command = [sys.executable, "-c", DIES_WITH_A_SERVER]
    died = subprocess.run(command, capture_output=True, text=True, cwd=programs.PROJECT)
    url, directory = died.stdout.split()
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.blpop(["nothing"], timeout=60)
    shutil.rmtree(directory)


def execute(url: str, statement: str) -> None:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()
