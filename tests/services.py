"""A real PostgreSQL and a real Redis for tests, from the newest programs there are (programs.py), each on a free port.

They start when a test first asks for them, once for each process of pytest, keep everything in a temporary directory
and end with that process, however it ends: each runs under a shell that stops it when its standard input closes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import random
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import pytest
import redis
from psycopg import sql

from tests import programs

# `read` returns on a line and on the end of the input. A terminal's Ctrl-C is for pytest, which then stops the server.
GUARDED = 'trap "" INT; "$@" </dev/null & server=$!; read signal; kill -${signal:-$STOP} $server; wait $server'
PATIENCE = 60.0
"""Seconds a server may take to start, which is long because machines are shared."""


WORKERS = 16
"""Processes of pytest that get ports of their own."""


def free_port() -> int:
    """A port nobody listens on, below those that outgoing connections get: a server that restarts finds it free.

    No two processes of pytest get the same one, which would be free for both until one of the servers listens.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    while True:
        port = random.SystemRandom().randrange(10_000 + worker, 32_000, WORKERS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("", port))
            except OSError:
                continue
            return port


def _user(name: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name)
    return None


class Server:
    """A program that serves on one port, can be stopped and started again, and leaves nothing behind."""

    stop_signal = "TERM"
    crash_signal = "KILL"

    def __init__(self, host: str) -> None:
        self.host, self.port = host, free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="agora-rest-"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self) -> None:
        """Start, and return when it answers."""
        self._process = self._run(["sh", "-c", GUARDED, "guard", *self.command()], stop=self.stop_signal)
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"{self.command()[0]} did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop in order: connections break, and what was committed stays."""
        self._end(self.stop_signal)

    def crash(self) -> None:
        """Stop at once, without putting anything in order."""
        self._end(self.crash_signal)

    def _end(self, signal: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.communicate(f"{signal}\n".encode())

    def restart(self) -> None:
        """Stop and start again on the same port."""
        self.stop()
        self.start()

    @property
    def log(self) -> Path:
        """What the program had to say."""
        return self.directory / "log"

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def _run(self, command: list[str], stop: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            environment = {**os.environ, "STOP": stop, "LC_ALL": "C"}
            user, group = self.who() or (None, None)
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                env=environment,
                user=user,
                group=group,
            )

    def who(self) -> tuple[int, int] | None:
        """As which user and group to run; None for those of this process."""
        return None


class PostgreSQL(Server):
    """PostgreSQL with nothing in it, which does not wait for disks.

    It refuses to run as root. Root runs it as the user `postgres`, or `nobody` where there is no such user.
    """

    stop_signal = "INT"  # the fast shutdown, which does not wait for clients to leave
    crash_signal = "QUIT"  # the immediate one, after which it has to recover

    def __init__(self, host: str = "127.0.0.1") -> None:
        bin_folder = programs.postgres_bin()
        super().__init__(host)
        self._bin = self._reachable(bin_folder)
        self._password = secrets.token_hex(8)
        self._numbers = itertools.count(1)
        self._give(self.directory)
        self._make()

    def _reachable(self, bin_folder: Path) -> Path:
        """`bin_folder`, or a copy of the installation where another user cannot reach it, such as below root's home."""
        if not self.who() or all(folder.stat().st_mode & stat.S_IXOTH for folder in bin_folder.parents):
            return bin_folder
        site, (package, installation) = bin_folder.parents[2], bin_folder.parts[-3:-1]
        copy = self.directory / "site"
        # Libraries that a wheel has packed lie beside its package, and programs look for them there.
        for part in (*(f"{package}/{installation}/{each}" for each in ("bin", "lib", "share")), f"{package}.libs"):
            if (site / part).exists():
                shutil.copytree(site / part, copy / part)
        return copy / package / installation / "bin"

    def _give(self, path: Path) -> None:
        if who := self.who():
            os.chown(path, *who)

    def _make(self) -> None:
        words = self.directory / "password"
        words.write_text(self._password)
        self._give(words)
        options = f"-D data -U postgres --pwfile={words} --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync"
        made = self._run([str(self._bin / "initdb"), *options.split()], stop="")
        made.communicate()
        if made.returncode:
            pytest.fail(f"initdb failed:\n{self.log.read_text()}")
        with (self.directory / "data" / "pg_hba.conf").open("a") as access:
            access.write("host all all all scram-sha-256\n")

    def who(self) -> tuple[int, int] | None:
        if os.geteuid() != 0:
            return None
        user = next(user for user in map(_user, ("postgres", "nobody")) if user)
        return user.pw_uid, user.pw_gid

    def kill(self) -> None:
        """End the main process by kill -9. Its other processes end when they notice."""
        main = int((self.directory / "data" / "postmaster.pid").read_text().split()[0])
        others = [int(child) for child in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
        self._end("KILL")
        until = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{other}").exists() for other in others) and time.monotonic() < until:
            time.sleep(0.02)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": self.host,
            "port": self.port,
            "unix_socket_directories": self.directory,
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": 200,
            "shared_buffers": "32MB",
        }
        return [
            str(self._bin / "postgres"),
            "-D",
            "data",
            *itertools.chain(*(("-c", f"{k}={v}") for k, v in settings.items())),
        ]

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=self.host, port=self.port, user="postgres", password=self._password, dbname="postgres", autocommit=True
        )

    @property
    def url(self) -> str:
        """For SQLAlchemy: the database every server has."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://postgres:{self._password}@{self.host}:{self.port}/{database}"

    def database(self) -> str:
        """The URL of a new and empty database."""
        name = f"test_{next(self._numbers)}"
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url_of(name)


class Redis(Server):
    """Redis that keeps nothing: after a restart it is empty."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._program = str(programs.redis_server())
        super().__init__(host)

    def command(self) -> list[str]:
        return [self._program, "--bind", self.host, "--port", str(self.port), "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        try:
            return self._do(lambda client: client.ping())
        except redis.ConnectionError:
            return False

    @property
    def url(self) -> str:
        return f"redis://{self.host}:{self.port}/0"

    def flush(self) -> None:
        """Empty it, without a restart."""
        self._do(lambda client: client.flushall())

    def _do(self, action: Callable[[redis.Redis], object]) -> bool:
        with redis.Redis.from_url(self.url) as client:
            return bool(action(client))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A running PostgreSQL. `database()` gives a test one of its own; who stops it starts it again."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """A running Redis. Keys of earlier tests may be there: `flush()` removes them."""
    with Redis() as server:
        yield server
