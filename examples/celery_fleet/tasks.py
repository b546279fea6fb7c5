"""Recordings driven by Celery instead of `agora-rest fleet worker`.

    export AGORA_CUSTOMER_ID=… AGORA_CUSTOMER_CERTIFICATE=… AGORA_STORAGE_BUCKET=… (and the other AGORA_STORAGE_…)
    export CELERY_BROKER_URL=redis://127.0.0.1:6379/0 AGORA_JOURNAL=sqlite:///recordings.db
    celery --app tasks worker --beat --concurrency 1

The journal has the state of each recording; Celery only decides when to advance it. A message that is lost, doubled
or late does no harm, because `advance` may be called at any time, any number of times, and `sweep` sends a message for
each recording that is due. Permits in Redis keep all processes together below the account's ten calls a second.
"""

from __future__ import annotations

import asyncio
import os

from celery import Celery

from agora_rest import AsyncAgora
from agora_rest.fleet import Entry, Fleet, Journal

BROKER = os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
SWEEP_EVERY = float(os.environ.get("SWEEP_EVERY", "30"))

app = Celery("tasks", broker=BROKER)
app.conf.update(
    task_acks_late=True,  # the message of a worker that dies is delivered again
    task_ignore_result=True,  # the outcome is in the journal
    beat_schedule={"sweep": {"task": "tasks.sweep", "schedule": SWEEP_EVERY}},
)
journal = Journal(os.environ.get("AGORA_JOURNAL", "sqlite:///recordings.db"))


@app.task(name="tasks.advance")
def advance(number: int) -> None:
    """Advance one recording until it has to wait, and schedule its next step."""
    entry = asyncio.run(_advanced(number))
    # None: another worker has claimed it, and continues it.
    if entry is not None and entry.next_at is not None:
        advance.apply_async((number,), countdown=max(0.0, entry.next_at - journal.clock.now()))


@app.task(name="tasks.sweep")
def sweep() -> None:
    """Send a message for every recording that is due: new ones, and those whose message was lost."""
    for number in journal.due(limit=1000):
        advance.delay(number)


async def _advanced(number: int) -> Entry | None:
    permits = os.environ.get("AGORA_PERMITS", BROKER)
    async with AsyncAgora.from_env(permits=permits) as agora, Fleet(journal, agora) as fleet:
        return await fleet.advance(number)
