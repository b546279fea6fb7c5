"""The journal: what is wanted gets into it once, one worker at a time has it in hand, and no secret is ever in it."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from agora_rest import ConfigurationError, InvalidArgument, RecordingConfig
from agora_rest.emulator import DEMO_APP_ID, FrozenClock
from agora_rest.fleet import (
    Entry,
    Journal,
    JournalOutdated,
    JournalUnavailable,
    KeyTaken,
    Lane,
    NoSuchRecording,
    Order,
    State,
    StoreClock,
    engines,
    rows,
    secret_from_environment,
    sid_of_file,
    storage_from_environment,
)
from agora_rest.fleet.rows import Change
from agora_rest.fleet.schema import MIGRATIONS, version_of
from agora_rest.fleet.tables import VERSION, VERSION_TABLE, metadata
from tests.fleet.harness import new_file


def order(number: int = 0, **changes: Any) -> Order:
    wanted = {"app_id": DEMO_APP_ID, "channel": f"room-{number}", "uid": 7, "storage": "bucket", "key": f"key-{number}"}
    return Order(**{**wanted, **changes})


@pytest.fixture
def journal(journal_url: str) -> Iterator[Journal]:
    with Journal(journal_url, clock=FrozenClock()) as found:
        yield found


def claim(journal: Journal, lane: Lane = Lane.START, limit: int = 10, *, owner: str = "me") -> list[Entry]:
    now = journal.clock.now()
    with journal.engine.begin() as connection:
        return rows.claim(connection, lane, limit, owner=owner, now=now, until=now + 60)


def write(journal: Journal, entry: Entry, change: Change) -> bool:
    with journal.engine.begin() as connection:
        return rows.write(connection, entry, change, now=journal.clock.now(), lease=60) is not None


# What is wanted


def test_the_same_key_twice_is_one_recording(journal: Journal) -> None:
    first, second = journal.submit(order()), journal.submit(order())
    assert first == second
    assert sum(journal.counts().values()) == 1


def test_an_order_that_is_over_may_be_submitted_again_but_not_anew(journal: Journal) -> None:
    end = journal.clock.now() + 60
    first = journal.submit(order(stop_at=end))
    journal.clock.advance(61)
    assert journal.submit(order(stop_at=end)) == first
    with pytest.raises(InvalidArgument, match="of the order 'key-1' must be later than now"):
        journal.submit_many([order(2), order(1, stop_at=end)])
    assert sum(journal.counts().values()) == 1


def test_the_same_key_twice_in_one_go_is_one_recording(journal: Journal) -> None:
    entries = journal.submit_many([order(1), order(2), order(1)])
    assert [entry.key for entry in entries] == ["key-1", "key-2", "key-1"]
    assert sum(journal.counts().values()) == 2


def test_a_key_that_belongs_to_another_recording_is_refused(journal: Journal) -> None:
    journal.submit(order())
    with pytest.raises(KeyTaken, match="channel is not the same"):
        journal.submit(order(channel="another room"))


def test_thousands_are_written_in_a_few_transactions_and_come_back_in_order(journal: Journal) -> None:
    chunks = list(journal.submitting(order(number) for number in range(1200)))
    assert [len(chunk) for chunk in chunks] == [500, 500, 200]
    assert [entry.key for entry in journal.entries(limit=3)] == ["key-0", "key-1", "key-2"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"channel": "room/1"}, "cname"),
        ({"uid": 0}, "uid"),
        ({"app_id": "x"}, "appid"),
        ({"key": ""}, "key"),
        ({"config": RecordingConfig(decryption_mode=1, secret="hunter2")}, "config.secret"),
        ({"config": RecordingConfig(decryption_mode=1)}, "secret"),
        ({"config": RecordingConfig(max_idle_time=1)}, "maxIdleTime"),
        ({"extra": {"token": "hunter2"}}, "extra"),
        ({"stop_at": datetime(2026, 1, 1)}, "time zone"),  # noqa: DTZ001
        ({"start_at": 20.0, "stop_at": 10.0}, "later than start_at"),
    ],
)
def test_an_order_that_could_never_be_started_or_must_not_be_kept_is_refused(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(InvalidArgument, match=complaint) as caught:
        order(**changes)
    assert "hunter2" not in str(caught.value)


def test_the_password_of_a_channel_is_kept_by_name(journal: Journal) -> None:
    entry = journal.submit(order(config=RecordingConfig(decryption_mode=1), secret="class-3"))
    assert (entry.secret, entry.config) == ("class-3", {"decryptionMode": 1})


def test_storages_and_passwords_come_from_the_environment_by_name() -> None:
    values = {"VENDOR": "s3", "REGION": "us-east-1", "BUCKET": "b", "ACCESS_KEY": "a", "SECRET_KEY": "s"}
    environment = {f"AGORA_STORAGE_CLASS_3_{name}": value for name, value in values.items()}
    storage = storage_from_environment("class-3", environment)
    assert (storage.vendor, storage.bucket, storage.secret_key) == (1, "b", "s")
    assert secret_from_environment("class-3", {"AGORA_DECRYPTION_SECRET_CLASS_3": "x"}) == "x"
    assert secret_from_environment("default", {"AGORA_DECRYPTION_SECRET": "y"}) == "y"


@pytest.mark.parametrize("missing", ["VENDOR", "REGION", "BUCKET", "ACCESS_KEY", "SECRET_KEY"])
def test_a_storage_that_is_not_described_names_the_variable(missing: str) -> None:
    values = {"VENDOR": "qiniu", "REGION": "0", "BUCKET": "b", "ACCESS_KEY": "planted", "SECRET_KEY": "planted"}
    environment = {f"AGORA_STORAGE_X_{name}": value for name, value in values.items() if name != missing}
    with pytest.raises(ConfigurationError, match=f"AGORA_STORAGE_X_{missing}") as caught:
        storage_from_environment("x", environment)
    assert "planted" not in str(caught.value)


def test_who_asks_for_what_is_not_there_is_told(journal: Journal) -> None:
    with pytest.raises(NoSuchRecording, match="'nobody'"):
        journal.stop("nobody")


def test_the_sid_is_in_a_files_name() -> None:
    assert sid_of_file("2026/07/abc_room_1.m3u8") == ("abc", "room_1")
    with pytest.raises(ValueError, match="called"):
        sid_of_file("room.mp4")


# Who has it in hand


def test_due_rows_are_claimed_the_longest_due_first_and_only_once(journal: Journal) -> None:
    now = journal.clock.now()
    journal.submit_many([order(1, start_at=now - 1), order(2, start_at=now - 2), order(3, start_at=now + 1)])
    assert [entry.key for entry in claim(journal, limit=1)] == ["key-2"]
    assert [entry.key for entry in claim(journal)] == ["key-1"]
    assert claim(journal) == []


def test_two_workers_at_the_same_moment_never_get_the_same_row(journal_url: str) -> None:
    with Journal(journal_url) as journal:
        journal.submit_many(order(number) for number in range(200))
    taken: list[int] = []

    def work(name: str) -> None:
        with Journal(journal_url) as mine:
            while found := claim(mine, limit=7, owner=name):
                taken.extend(entry.id for entry in found)

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 200
    assert max(Counter(taken).values()) == 1


def test_who_was_taken_for_dead_and_comes_back_writes_nothing(journal: Journal) -> None:
    journal.submit(order())
    (old,) = claim(journal, owner="old")
    journal.clock.advance(61)  # type: ignore[attr-defined]
    (new,) = claim(journal, owner="new")
    assert not write(journal, old, Change({"state": State.ACQUIRED, "resource_id": "old"}))
    assert write(journal, new, Change({"state": State.ACQUIRED, "resource_id": "new"}))
    assert journal.get("key-0").resource_id == "new"


def test_a_stop_while_somebody_has_it_in_hand_is_seen_when_it_is_put_back(journal: Journal) -> None:
    journal.submit(order())
    (entry,) = claim(journal)
    assert journal.stop("key-0") == 1
    assert claim(journal, Lane.STOP, owner="other") == [], "it is in somebody's hand"
    now = journal.clock.now()
    write(journal, entry, Change({"state": State.STARTED}, next_at=now + 120, lane=Lane.QUERY))
    assert [found.key for found in claim(journal, Lane.STOP)] == ["key-0"]


def test_what_has_been_over_for_long_can_be_forgotten_and_nothing_else(journal: Journal) -> None:
    journal.submit_many([order(1), order(2), order(3)])
    now = journal.clock.now()
    for entry, ended_at in zip(claim(journal, limit=2), (now - 100, now), strict=True):
        write(journal, entry, Change({"state": State.DONE, "ended_at": ended_at}))
    assert journal.forget(now - 50) == 1
    assert sorted(entry.key for entry in journal.entries()) == ["key-2", "key-3"]


def test_a_stop_in_advance_only_brings_the_end_forward(journal: Journal) -> None:
    now = journal.clock.now()
    journal.submit(order(stop_at=now + 100))
    assert journal.stop("key-0", at=now + 200) == 0
    assert journal.stop("key-0", at=datetime.fromtimestamp(now + 50, UTC)) == 1
    assert journal.get("key-0").stop_at == now + 50


def test_all_of_an_app_can_be_stopped_at_once(journal: Journal) -> None:
    journal.submit_many([order(1), order(2), order(3, app_id="f" * 32)])
    assert journal.stop_all(app_id="f" * 32) == 1
    assert journal.stop_all() == 2


def test_what_a_clock_that_jumped_has_put_off_is_taken_up(journal: Journal) -> None:
    journal.submit_many([order(1), order(2), order(3, start_at=journal.clock.now() + 86_400)])
    first, second = claim(journal)
    now = journal.clock.now()
    write(journal, first, Change({"state": State.STARTED}, next_at=now + 3_000, lane=Lane.QUERY))
    with journal.engine.begin() as connection:
        rows.renew(connection, {second.id: second.fence}, now + 7_000)
        assert rows.release_stuck(connection, now, 500) == 2
        assert rows.release_stuck(connection, now, 500) == 0
    assert journal.get("key-3").next_at == now + 86_400
    assert not write(journal, second, Change({"state": State.ACQUIRED})), "it was taken from whoever had it"


class Leases(RuleBasedStateMachine):
    """Three workers with one row: who claimed it last writes, nobody else, and nobody gets it before its lease ends."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FrozenClock()
        self.journal = Journal(new_file(Path(self.folder.name)), clock=self.clock)
        self.workers: dict[int, Entry] = {}
        self.last, self.claimed, self.due = -1, False, 0.0
        self.sid: str | None = None

    @initialize()
    def begin(self) -> None:
        self.journal.submit(order())

    @rule(who=st.integers(0, 2))
    def claim(self, who: int) -> None:
        found = claim(self.journal, owner=str(who))
        assert bool(found) == (self.clock.now() >= self.due)
        if found:
            self.workers[who], self.last, self.claimed, self.due = found[0], who, True, self.clock.now() + 60

    @rule(who=st.integers(0, 2), put_back=st.booleans(), number=st.integers(0, 1000))
    def write(self, who: int, put_back: bool, number: int) -> None:
        if who not in self.workers:
            return
        now = self.clock.now()
        mine = who == self.last
        change = Change({"sid": f"sid-{number}"}, next_at=now if put_back else None)
        assert write(self.journal, self.workers[who], change) == mine
        if mine:  # also again after it was put back, because a commit whose answer was lost is repeated
            self.sid, self.due = f"sid-{number}", now if put_back else now + 60
            self.claimed = self.claimed and not put_back

    @rule(who=st.integers(0, 2))
    def renew(self, who: int) -> None:
        if who in self.workers:
            entry, now = self.workers[who], self.clock.now()
            with self.journal.engine.begin() as connection:
                rows.renew(connection, {entry.id: entry.fence}, now + 60)
            if who == self.last and self.claimed:
                self.due = now + 60

    @rule(seconds=st.sampled_from([1, 30, 61]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @invariant()
    def the_last_writing_stands(self) -> None:
        if self.last >= 0:
            assert self.journal.get("key-0").sid == self.sid

    def teardown(self) -> None:
        self.journal.close()
        self.folder.cleanup()


TestLeases = Leases.TestCase
TestLeases.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)


# The clock


class Steady:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_the_time_is_the_databases_and_goes_on_by_a_clock_that_nobody_sets() -> None:
    steady = Steady()
    clock = StoreClock(steady)
    clock.sync(5_000_000.0)
    steady.time += 10
    assert clock.now() == 5_000_010.0


def test_a_clock_that_jumps_for_a_moment_is_not_followed(caplog: pytest.LogCaptureFixture) -> None:
    steady = Steady()
    clock = StoreClock(steady)
    clock.sync(5_000_000.0)
    for jumped in (5_003_605.0, 5_003_610.0):
        steady.time += 5
        clock.sync(jumped)
        assert clock.now() < 5_000_011.0
    steady.time += 60
    clock.sync(5_000_070.0)
    assert clock.now() == 5_000_070.0
    assert "jumped" in caplog.text


def test_a_clock_that_stays_where_it_jumped_to_is_followed_after_a_minute() -> None:
    steady = Steady()
    clock = StoreClock(steady)
    clock.sync(5_000_000.0)
    clock.sync(4_996_400.0)
    steady.time += 61
    clock.sync(4_996_461.0)
    assert clock.now() == 4_996_461.0


# The tables


def test_the_migrations_make_what_the_program_expects(journal: Journal) -> None:
    with journal.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_version_that_the_program_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == VERSION


def test_migrating_again_changes_nothing(journal: Journal) -> None:
    journal.submit(order())
    assert journal.migrate() == VERSION
    assert journal.get("key-0").key == "key-0"


@pytest.mark.parametrize(("version", "advice"), [("0000", "agora-rest fleet migrate"), ("9999", "upgrade the package")])
def test_tables_of_another_version_are_refused_with_what_to_do(journal_url: str, version: str, advice: str) -> None:
    with Journal(journal_url) as journal, journal.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))
    with pytest.raises(JournalOutdated, match=advice):
        Journal(journal_url)


def test_threads_may_make_new_journals_at_the_same_time(tmp_path: Path) -> None:
    def make(number: int) -> str | None:
        with Journal(f"sqlite:///{tmp_path}/{number}.db") as made, made.engine.connect() as connection:
            return version_of(connection)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(make, range(16))) == {VERSION}


def test_a_new_database_on_postgresql_has_to_be_migrated_first(postgresql: Any) -> None:
    url = postgresql.database()
    with pytest.raises(JournalOutdated, match="agora-rest fleet migrate"):
        Journal(url)
    with Journal(url, check=False) as journal:
        assert not journal.is_current
        assert journal.migrate() is None
        assert journal.is_current


def test_a_new_file_needs_nothing_although_two_make_it_at_the_same_moment(tmp_path: Path) -> None:
    url, problems = f"sqlite:///{tmp_path}/recordings.db", []

    def open_it() -> None:
        try:
            Journal(url).close()
        except Exception as error:  # noqa: BLE001
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_new_file_that_another_process_writes_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite does not wait by itself here: it fails at once while the journal mode of a new file is set."""
    other = sqlite3.connect(tmp_path / "recordings.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    slept = SimpleNamespace(monotonic=time.monotonic, time=time.time, sleep=lambda _: other.rollback())
    monkeypatch.setattr(engines, "time", slept)
    with closing(other), Journal(f"sqlite:///{tmp_path}/recordings.db") as journal:
        assert journal.is_current
        assert not other.in_transaction


def test_a_journal_with_two_slashes_is_refused_with_the_right_url() -> None:
    with pytest.raises(ConfigurationError, match=r"three slashes before its file: sqlite:///nope\.db\."):
        Journal("sqlite://nope.db")


@pytest.mark.parametrize("config", [{"stream_types": 2}, RecordingConfig, "mix"])
def test_a_configuration_of_a_wrong_type_is_refused(config: Any) -> None:
    with pytest.raises(InvalidArgument, match="config must be a RecordingConfig, an IndividualConfig or a WebConfig"):
        Order(app_id=DEMO_APP_ID, channel="lesson", uid=7, storage="default", config=config)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:planted@h/d", "nonsense"])
def test_a_url_that_will_not_do_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Journal(url)
    assert "planted" not in str(caught.value)


def test_a_database_that_does_not_answer_is_said_without_its_password() -> None:
    url = "postgresql+psycopg://me:planted@127.0.0.1:1/x"
    with pytest.raises(JournalUnavailable, match="cannot be reached") as caught:
        Journal(url)
    assert "planted" not in "".join(traceback.format_exception(caught.value))


def test_a_journal_does_not_show_its_password() -> None:
    journal = Journal("postgresql+psycopg://me:planted@127.0.0.1:1/x", check=False)
    assert "planted" not in repr(journal)


def test_an_entry_reads_as_its_state_and_its_sid(journal: Journal) -> None:
    entry = journal.submit(order())
    assert str(entry) == f"recording 'key-0' of {entry.channel!r} by {entry.uid} (intent, no sid)"
    started = replace(entry, state=State.STARTED, sid="s1")
    assert str(started).endswith("(started, sid s1)")


def test_an_entry_is_what_a_row_says(journal: Journal) -> None:
    entry = journal.submit(order())
    assert journal.get(entry.id) == journal.get(entry.key) == entry
