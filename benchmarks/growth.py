"""How cost grows: an emulator with many recordings, its log after many requests, a fleet with many rows due."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from functools import partial
from typing import Final

from agora_rest.emulator.recordings import MAX_RESOURCES
from agora_rest.emulator.request_log import KEPT, LONGEST_BODY, MAX_BYTES
from benchmarks.grown import CLAIMED
from benchmarks.measure import compared, in_milliseconds, in_rates, in_turn
from benchmarks.processes import Worker, worker
from benchmarks.rows import Row, Section, Size

FEW: Final = 10
MANY: Final = 100_000
REQUESTS: Final = 1_000_000
ROWS: Final = 1_000
"""The rows of the small journal, more than are claimed at once."""

OPERATIONS: Final = {
    "query": ("query_recording, of any of them", "≤ 2.00"),
    "record": ("acquire, start_recording and stop_recording of one more", "≤ 1.50"),
    "list_users": ("list_channel_users, of any channel", "≤ 2.00"),
    "list_channels": ("list_channels, the first page", None),
    "ban": ("create_kicking_rule and delete_kicking_rule, of one channel", "≤ 2.00"),
    "look": ("what the page shows, in Python", None),
}


def measure(size: Size) -> Iterator[Row]:
    """Each part in processes of its own."""
    with worker("benchmarks.grown") as one:
        yield from recordings(one, size)
        yield from users(one, size)
    with worker("benchmarks.grown") as one:
        yield from log(one, size)
    with worker("benchmarks.grown") as small, worker("benchmarks.grown") as large:
        yield from fleet(small, large, size)


def recordings(one: Worker, size: Size) -> Iterator[Row]:
    """Two emulators in one process, called in turn."""
    many = size.of(MANY)
    one(["hold", FEW])  # imports what both need
    tenth = one(["hold", many // 10])
    memory = {"all": one(["hold", many]) / many, "tenth": tenth / (many // 10)}
    for operation, (what, target) in OPERATIONS.items():
        costs = in_turn(
            {str(count): partial(one, ["burst", count, operation, size.burst / 3]) for count in (many, FEW)},
            size.few,
        )
        yield compared(f"{what}: {many:,} recordings over {FEW}, CPU", costs[str(many)], costs[str(FEW)], target=target)
    ratio = memory["all"] / max(memory["tenth"], 1e-9)
    figures = f"{memory['all'] * 1024:.1f} / {memory['tenth'] * 1024:.1f} KiB; {memory['all'] * many:.0f} MiB in all"
    yield Row.once(f"memory of a recording: of {many:,} over of {many // 10:,}", ratio, figures, "≤ 1.25")


def users(one: Worker, size: Size) -> Iterator[Row]:
    """Of a channel that is recorded."""
    many = size.of(10_000)
    costs = in_turn({str(count): partial(one, ["join", count]) for count in (many, FEW)}, min(size.few, 3))
    what = f"join and leave of a recorded channel: with {many:,} users in it over {FEW}, CPU"
    yield compared(what, costs[str(many)], costs[str(FEW)], target="≤ 2.00")


def log(one: Worker, size: Size) -> Iterator[Row]:
    """The first requests fill the log, the others replace what is in it."""
    requests = size.of(REQUESTS)
    one(["log", 2_000])
    parts = [one(["log", requests // 100]) for _ in range(100)]
    first, last = parts[:10], parts[-10:]
    what = f"a request: the last tenth of {requests:,} over the first, CPU"
    yield compared(what, [cost for cost, _ in last], [cost for cost, _ in first], target="≤ 1.10")
    after, before = (statistics.median(memory for _, memory in part) for part in (last, first))
    figures, ratio = f"{after:.1f} / {before:.1f} MiB, the whole process", after / before
    yield Row.once(f"memory after {requests:,} requests: over after a tenth", ratio, figures, "≤ 1.05")


def fleet(small: Worker, large: Worker, size: Size) -> Iterator[Row]:
    """Two journals in SQLite, each with a worker's part in a process."""
    rows = size.of(MANY)
    submitted = large(["fill", rows])
    tenth = max(1, len(submitted) // 10)
    small(["fill", min(ROWS, rows)])
    for each in (large, small):
        each(["claim", 1])  # imports what it needs
    claim = ["claim", 4 if size.burst else 1]
    costs = in_turn({"large": partial(large, claim), "small": partial(small, claim)}, size.few)
    cpu, wall, memory = ({name: [each[n] for each in found] for name, found in costs.items()} for n in range(3))
    due = f"{rows:,} rows due over {min(ROWS, rows):,}"
    yield compared(f"a claim of {CLAIMED} and their results: {due}, CPU", cpu["large"], cpu["small"], target="≤ 1.25")
    rates = {name: [CLAIMED / seconds for seconds in found] for name, found in wall.items()}
    what = f"transitions of one worker: {due}, rate"
    yield compared(what, rates["large"], rates["small"], target="≥ 0.80", figures=in_rates)
    what = f"memory of that worker: {due}"
    yield compared(
        what, memory["large"], memory["small"], target="≤ 1.25", figures=lambda a, b: f"{a:.0f} / {b:.0f} MiB"
    )
    what = f"submit: the last tenth of {rows:,} rows over the first, CPU"
    last, first = submitted[-tenth:], submitted[:tenth]
    yield compared(what, last, first, target="≤ 1.25", figures=in_milliseconds)


SECTION = Section(
    name="growth",
    title="How cost grows",
    meaning=f"""
The cost of a call with much data, over the same call with little data. Near 1 means that the cost does not depend on
it.

- *Recordings*: two emulators in one process, which are called without a server; in one, {MANY:,} recordings run, each
  of its own channel with a user in it. *Any of them* is chosen at random for each call, so the caches of the processor,
  which hold all of the small emulator, do not help the large one. A page of channels has at most 100 of them, and {FEW}
  if there are no more. A kicking rule is compared with every user of the App ID, and the page counts all recordings:
  both must take longer, and their rows show how much.
- *Requests*: one emulator receives {REQUESTS:,} of them. Its log keeps the latest {KEPT:,} exchanges, or fewer if they
  have more than {MAX_BYTES >> 20} MiB of headers and bodies; of a body beyond {LONGEST_BODY >> 10} KiB only the size is
  kept. Older ones are dropped, and only counted. Beyond {MAX_RESOURCES:,} resource IDs, the oldest expired ones are
  forgotten, and only counted. Running recordings are never forgotten.
- *Rows*: a journal in SQLite with the given number of recordings to query. A claim takes {CLAIMED} of them; each is
  written and immediately due again. Claims read an index from the first due row, and never rows that are not due.
""",
    limits="""
If a row of recordings is not met, the ratio shows the memory of the machine: the calls do the same steps.
""",
    measure=measure,
    packages=("agora-rest", "msgspec", "sqlalchemy"),
)
