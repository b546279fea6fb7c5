"""The functions that advance a recording, by state.

Every one of them may be called again after a crash at any point of it. That holds because a state is committed
before the call it leads to, and because of what the service promises: a resource ID serves one recording (CR-12), so a
start that is repeated with the same one makes no second; the same recorder records a channel once at a time (53); a
recording that is stopped twice is stopped; a second rule of a minute does no more than the first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from agora_rest.fleet.ending import from_lost, from_started, from_stopping, from_uploading
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.rows import Change
from agora_rest.fleet.starting import to_start
from agora_rest.fleet.states import State
from agora_rest.fleet.step_context import StepContext

Step = Callable[[Entry, StepContext], Awaitable[Change]]

STEPS: Final[Mapping[State, Step]] = {
    State.INTENT: to_start,
    State.ACQUIRED: to_start,
    State.STARTED: from_started,
    State.LOST: from_lost,
    State.STOPPING: from_stopping,
    State.UPLOADING: from_uploading,
}
