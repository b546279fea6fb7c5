"""What it costs to read the largest answers, in time and in memory."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import httpx
from agora_console.models.channel_users_answer import ChannelUsersAnswer
from agora_console.models.kicking_rules_answer import KickingRulesAnswer
from agora_console.models.usage_v1_answer import UsageV1Answer

from agora_rest import Agora
from benchmarks import largest
from benchmarks.answerer import APP_ID
from benchmarks.measure import Cost, calls_for, compared, in_turn, repeated
from benchmarks.rows import Row, Section, Size

BURSTS: Final = 4
"""A burst is so many times as long as elsewhere, so that the collector runs in each, and about equally often."""


class Answer(NamedTuple):
    """One kind of answer: a large one, one that is nearly empty, and who reads it."""

    name: str
    large: bytes
    empty: bytes
    call: Callable[[Agora], object]
    generated: Callable[[Any], object]
    target: str

    @property
    def odd(self) -> bytes:
        """The large one with a member that the documents do not know, as servers send now and then."""
        return self.large.removesuffix(b"}") + b',"request_id":"7f3a"}'


def answers(share: float = 1.0) -> list[Answer]:
    """All of them, or, for the tests, a share of each."""

    def of(number: int) -> int:
        return max(1, int(number * share))

    def users(agora: Agora) -> object:
        return agora.app(APP_ID).channels.users("lesson")

    thousands, read_users = of(10_000), ChannelUsersAnswer.from_dict
    return [
        Answer("10,000 in the audience", largest.audience(thousands), largest.audience(0), users, read_users, "≤ 1.05"),
        Answer("10,000 users", largest.members(thousands), largest.members(0), users, read_users, "≤ 1.05"),
        Answer(
            "50 projects, 365 days",
            largest.usage(50, of(365)),
            largest.usage(0),
            lambda agora: agora.usage.minutes(largest.FIRST_DAY, largest.LAST_DAY),
            UsageV1Answer.from_dict,
            "≤ 2.00",
        ),
        Answer(
            "10,000 kicking rules",
            largest.rules(thousands),
            largest.rules(0),
            lambda agora: agora.app(APP_ID).kicking_rules.list(),
            KickingRulesAnswer.from_dict,
            "≤ 2.00",
        ),
    ]


def reading(answer: Answer, body: bytes) -> Callable[[], object]:
    """The call of the public client whose answer is `body`."""
    network = httpx.MockTransport(lambda request: httpx.Response(200, content=body, request=request))
    agora = Agora("c", "c", base_url="http://127.0.0.1", permits=None, transport=network)
    return lambda: answer.call(agora)


def measure(size: Size) -> Iterator[Row]:
    """Time of each answer, then memory of the last."""
    asked = answers(1.0 if size.burst else 0.01)
    for answer in asked:
        yield from times(answer, size)
    yield from memory(asked[-1])


def times(answer: Answer, size: Size) -> Iterator[Row]:
    """Ours is what the large answer takes longer than the empty one, so everything between is in it."""
    contenders: dict[str, Callable[[], object]] = {
        "json.loads": lambda: json.loads(answer.large),
        "generated": lambda: answer.generated(json.loads(answer.large)),
        "ours": reading(answer, answer.large),
        "odd": reading(answer, answer.odd),
        "empty": reading(answer, answer.empty),
    }
    if find_spec("msgspec"):
        from msgspec.json import decode

        contenders["msgspec"] = lambda: decode(answer.large)
    bursts = {
        name: collected(repeated(read, calls_for(BURSTS * size.burst, read))) for name, read in contenders.items()
    }
    with frozen():
        cpu = {name: [cost.cpu for cost in costs] for name, costs in in_turn(bursts, size.rounds).items()}
    floor = cpu["json.loads"]
    ours, odd = ([a - b for a, b in zip(cpu[name], cpu["empty"], strict=True)] for name in ("ours", "odd"))
    yield compared(f"{answer.name}: ours over json.loads", ours, floor, target=answer.target)
    yield compared(f"{answer.name}, one member unknown: ours over json.loads", odd, floor)
    for name in ("generated", "msgspec"):
        if name in cpu:
            yield compared(f"{answer.name}: {name} over json.loads", cpu[name], floor)


def collected(burst: Callable[[], Cost]) -> Callable[[], Cost]:
    """A burst that begins without the garbage of others, and with the collector at its beginning."""

    def clean() -> Cost:
        gc.collect()
        return burst()

    return clean


@contextmanager
def frozen() -> Iterator[None]:
    """What is loaded is not looked at by the collector: it would be counted for whoever makes it run."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def memory(answer: Answer) -> Iterator[Row]:
    """Bytes that are held while the result is, and at most while it is made. The answer's own bytes do not count."""
    contenders = {
        "json.loads": lambda: json.loads(answer.large),
        "generated": lambda: answer.generated(json.loads(answer.large)),
        "ours": reading(answer, answer.large),
    }
    used = {name: held(read) for name, read in contenders.items()}
    for name in ("ours", "generated"):
        for what, which in (("kept", 0), ("at most", 1)):
            yield compared(
                f"{answer.name}, memory {what}: {name} over json.loads",
                [used[name][which]],
                [used["json.loads"][which]],
                figures=lambda a, b: f"{a / 2**20:.1f} / {b / 2**20:.1f} MiB",
            )


def held(read: Callable[[], object]) -> tuple[float, float]:
    """Kept and at most, counted by tracemalloc."""
    read()  # what is made once does not count
    gc.collect()
    tracemalloc.start()
    try:
        result = read()
        gc.collect()
        kept, most = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
    return float(kept), float(most)


SECTION = Section(
    name="parsing",
    title="What it costs to read the largest answers",
    meaning="""
The largest answers the documents allow, from their bytes to what the caller gets. `json.loads` is the floor for what
the standard library gives: dictionaries that nobody has looked at. Ours is the whole call over a network in memory,
less the same call with an empty answer: reading, decoding, looking at every member, building the results. *One member
unknown* is the same answer with one member more than the documents have. `generated` is `json.loads` and the
`from_dict` of the generated model, `msgspec` is `msgspec.json.decode` into plain dictionaries. CPU, with the garbage
collector on; it looks at what was made in the same burst, and not at the modules that this process has loaded, which
would be counted for whoever makes it run. Memory is what `tracemalloc` counts: kept while the result is, and at most
while it is made.
""",
    measure=measure,
    packages=("agora-rest", "httpx", "msgspec"),
)
