"""Runs thousands of recordings on any number of workers, without orphans.

    from agora_rest import AsyncAgora
    from agora_rest.fleet import Fleet, Journal, Order, Worker

    journal = Journal("sqlite:///recordings.db")
    journal.submit(Order(app_id=…, channel="lesson-42", uid=527841, storage="lessons", stop_at=…))

    async with AsyncAgora.from_env() as agora, Fleet(journal, agora) as fleet:
        await Worker(fleet).run()

Every recording is a row of a journal, written before each call, so that after a crash any worker knows what may be
running. Needs `pip install 'agora-rest[fleet]'`, and `[postgresql]` for workers on more than one machine.
"""

from agora_rest.errors import ConfigurationError

try:
    import sqlalchemy as _  # noqa: F401
except ModuleNotFoundError as missing:
    raise ConfigurationError("A fleet needs SQLAlchemy: pip install 'agora-rest[fleet]'.") from missing

from agora_rest.fleet.clock import StoreClock, UnixClock
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.errors import (
    JournalError,
    JournalMissing,
    JournalOutdated,
    JournalUnavailable,
    KeyTaken,
    LeaseLost,
    NoSuchRecording,
    UnreadableEntry,
)
from agora_rest.fleet.fleet import Fleet
from agora_rest.fleet.journal import DEFAULT_URL, Journal, sid_of_file
from agora_rest.fleet.notifications import Notification, NotificationEffect
from agora_rest.fleet.orders import Order
from agora_rest.fleet.overview import Due, Overview, WorkerLoad
from agora_rest.fleet.states import Ended, Lane, State, Timings
from agora_rest.fleet.storages import (
    SecretResolver,
    StorageResolver,
    TokenResolver,
    secret_from_environment,
    storage_from_environment,
)
from agora_rest.fleet.worker import SLOTS, Worker, recover

__all__ = [
    "DEFAULT_URL",
    "SLOTS",
    "Due",
    "Ended",
    "Entry",
    "Fleet",
    "Journal",
    "JournalError",
    "JournalMissing",
    "JournalOutdated",
    "JournalUnavailable",
    "KeyTaken",
    "Lane",
    "LeaseLost",
    "NoSuchRecording",
    "Notification",
    "NotificationEffect",
    "Order",
    "Overview",
    "SecretResolver",
    "State",
    "StorageResolver",
    "StoreClock",
    "Timings",
    "TokenResolver",
    "UnixClock",
    "UnreadableEntry",
    "Worker",
    "WorkerLoad",
    "recover",
    "secret_from_environment",
    "sid_of_file",
    "storage_from_environment",
]
