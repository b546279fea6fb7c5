"""Rules across exchanges: the life of resource IDs and recordings, and the quotas."""

from __future__ import annotations

import heapq
import json
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from agora_rest import spec
from agora_rest.contract.checking.passive import Breach
from agora_rest.contract.traffic.har import Recorded
from agora_rest.contract.traffic.modes import WEB_SCENE, scene_of

K = TypeVar("K")
V = TypeVar("V")

_HELD_BACK: Final = 500
"""Exchanges that are held back to sort them: files have them nearly in the order of time."""

_REMEMBERED: Final = 10_000
"""Resource IDs and accounts that are remembered, the most recent ones."""

_RESOURCE_LIFETIME: Final = 300.0
"""Seconds (CR-11)."""

_NOT_COUNTED: Final = frozenset({0, 401})
"""Statuses of calls that no quota counts: no response, unknown credentials."""


@dataclass(order=True)
class Step:
    """The part of an exchange that later checks need."""

    at: float
    """When it was sent, Unix time in seconds."""
    number: int
    operation: str = field(compare=False)
    account: str = field(compare=False)
    status: int = field(compare=False)
    responded_at: float = field(compare=False)
    resource: str = field(compare=False, default="")
    """The resource ID: that of the path; for `acquire` that of the response."""
    sid: str = field(compare=False, default="")
    """The recording's ID: that of the path; for `start` that of the response."""
    identity: tuple[str, ...] = field(compare=False, default=())
    """App ID, channel and uid, as far as the request gives them."""
    mode: str = field(compare=False, default="")
    """The recording's mode, from the path."""
    edition: spec.Edition = field(compare=False, default="2019")
    """The edition of the documents that the server follows, as far as it is known by then."""
    scene: int | None = field(compare=False, default=None)
    """The `scene` that a resource is acquired for; None if that is unknown."""


@dataclass
class _Resource:
    acquired: Step | None = None
    started: Step | None = None
    unsettled: bool = False
    """A start was sent whose response gave no sid."""


@dataclass(frozen=True)
class Dated:
    """A breach that shows across exchanges, and where: the step it shows at."""

    step: Step
    breach: Breach


def step_of(recorded: Recorded, account: str, default: float, edition: spec.Edition) -> Step:
    """`recorded` as a step. `default` is used if the file gives no time; `edition` is that of the server."""
    exchange, parameters = recorded.exchange, recorded.parameters
    at = default if recorded.started is None else recorded.started
    resource, sid = parameters.get("resourceid", ""), parameters.get("sid", "")
    if exchange.succeeded and exchange.operation == "acquire":
        resource = _text(exchange.member("resourceId"))
    if exchange.succeeded and exchange.operation == "start_recording":
        sid = _text(exchange.member("sid"))
    identity: tuple[str, ...] = ()
    if exchange.operation in ("acquire", "start_recording", "stop_recording"):
        identity = (parameters.get("appid", ""), *_who(exchange.request_body))
    return Step(
        at,
        recorded.number,
        exchange.operation,
        account,
        exchange.status,
        at + exchange.elapsed,
        resource,
        sid,
        identity,
        parameters.get("mode", ""),
        edition,
        scene_of(recorded) if exchange.operation == "acquire" else None,
    )


class Sequence:
    """Follows the exchanges of one file."""

    def __init__(self) -> None:
        self._held: list[Step] = []
        self._resources: OrderedDict[str, _Resource] = OrderedDict()
        self._recent: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def look(self, step: Step) -> Iterator[Dated]:
        """Breaches that show with `step`; they may concern an earlier one."""
        heapq.heappush(self._held, step)
        if len(self._held) > _HELD_BACK:
            yield from self._next()

    def rest(self) -> Iterator[Dated]:
        """Breaches that show at the end of the file."""
        while self._held:
            yield from self._next()

    def _next(self) -> Iterator[Dated]:
        step = heapq.heappop(self._held)
        for breach in (*self._quotas(step), *self._life(step)):
            yield Dated(step, breach)

    # -- quotas (CR-05, CO-03, CO-49) ---------------------------------------------------------------------------------

    def _quotas(self, step: Step) -> Iterator[Breach]:
        limit = spec.operation(step.operation).rate_limit
        if step.status in _NOT_COUNTED:
            return
        for group in filter(None, (limit.group, limit.within)):
            recent = _remembered(self._recent, (step.account, group), deque[float])
            while recent and recent[0] <= step.at - limit.per:
                recent.popleft()
            recent.append(step.at)
            if len(recent) > limit.calls:
                facts = {"console": ("CO-03", "CO-62"), "kicking-rules": ("CO-49",)}.get(group, ("CR-05", "CR-71"))
                title = f"At most {limit.calls} calls of the group {group} are made in {limit.per:g} second"
                got = f"{len(recent)} calls, the last with status {step.status}"
                yield Breach("quota", facts, title, f"{limit.calls} calls", got)

    # -- the life of a resource ID ------------------------------------------------------------------------------------

    def _life(self, step: Step) -> Iterator[Breach]:
        if not step.resource:
            return
        resource = _remembered(self._resources, step.resource, _Resource)
        succeeded = 200 <= step.status < 300
        if step.operation == "acquire":
            if resource.acquired or resource.started:
                got = f"the one of exchange {(resource.acquired or resource.started or step).number}"
                yield Breach(
                    "resource_ids", ("CR-12", "CR-92"), "Every resource ID is a new one", "a new resource ID", got
                )
            resource.acquired = step
        elif step.operation == "start_recording":
            if step.sid:
                yield from self._started(step, resource)
                resource.started = resource.started or step
            resource.unsettled = resource.unsettled or not step.sid
        elif succeeded:
            yield from self._known(step, resource)

    def _started(self, step: Step, resource: _Resource) -> Iterator[Breach]:
        if resource.started:
            title = "A resource ID serves one recording"
            got = f"a recording, after the one of exchange {resource.started.number}"
            yield Breach("resource_serves_once", ("CR-12", "CR-92"), title, "error 1004 or 1005", got)
        if not resource.acquired:
            return
        if step.identity != resource.acquired.identity:
            title = "A recording is started with the App ID, channel and uid its resource ID was acquired with"
            yield Breach(
                "resource_identity",
                ("CR-39", "CR-93"),
                title,
                "an error",
                f"a recording, {_unlike(step, resource.acquired)}",
            )
        scene = resource.acquired.scene
        if step.mode and scene is not None and (step.mode == "web") != (scene == WEB_SCENE):
            title = "A recording is started in a mode that its resource ID was acquired for"
            got = f"a recording in mode {step.mode}, and exchange {resource.acquired.number} asked for scene {scene}"
            yield Breach("mode_of_scene", ("CR-84",), title, "an error", got)
        age = step.at - resource.acquired.responded_at
        if age > _RESOURCE_LIFETIME:
            title = "A resource ID is good for 5 minutes"
            yield Breach(
                "resource_expires", ("CR-11", "CR-91"), title, "error 433", f"a recording, after {age:.0f} seconds"
            )

    def _known(self, step: Step, resource: _Resource) -> Iterator[Breach]:
        """A query or stop that succeeded must be about a recording that was started."""
        title = "A recording is queried by the sid that its start returned"
        if resource.started and step.sid != resource.started.sid:
            got = f"{step.status}, and exchange {resource.started.number} gave another sid"
            yield Breach("known_sid", ("CR-39", "CR-93"), title, "error 1003 or 404", got)
        elif resource.started and step.mode != resource.started.mode:
            title = "A recording is asked for in the mode in which it was started"
            got = f"{step.status} in mode {step.mode}, after a start in mode {resource.started.mode}"
            yield Breach("same_mode", ("CR-80",), title, "an error", got)
        elif resource.acquired and not resource.started and not resource.unsettled:
            got = f"{step.status}, and nothing was started with this resource ID"
            yield Breach("known_sid", ("CR-39", "CR-93"), title, "error 1003 or 404", got)


def _remembered(memory: OrderedDict[K, V], key: K, new: Callable[[], V]) -> V:
    """The value of `key`, or a new one; the least recently used one is forgotten when there are too many."""
    value = memory[key] if key in memory else memory.setdefault(key, new())
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _who(body: bytes) -> tuple[str, str]:
    """Channel and uid in the body of a request."""
    try:
        said = json.loads(body or b"null")
    except (ValueError, RecursionError):
        said = None
    return (str(said.get("cname")), str(said.get("uid"))) if isinstance(said, dict) else ("", "")


def _unlike(step: Step, other: Step) -> str:
    names = ("App ID", "channel", "uid")
    differing = [
        name for name, ours, theirs in zip(names, step.identity, other.identity, strict=True) if ours != theirs
    ]
    return f"with another {' and another '.join(differing)} than in exchange {other.number}"
