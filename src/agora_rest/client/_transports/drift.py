"""Watches responses for drift of the real API: each alone against the specification, and all against each other.

What was seen is logged once of a kind, and written to a file if the client has one: JSON lines without secrets, which
`agora-rest contract watch` summarises.
"""

from __future__ import annotations

import json
import os
import threading
import weakref
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

from agora_rest import spec
from agora_rest.client._json_reader import parse_json
from agora_rest.client._transports.validation import broken_rule, edition_shown
from agora_rest.client.hooks import logger
from agora_rest.errors import ConfigurationError
from agora_rest.text import printable

if TYPE_CHECKING:
    import httpx

    from agora_rest.state_models import Deviation, StateModels

REMEMBERED: Final = 1_000
"""Objects of each kind that the models of a client remember."""
MOST_KINDS: Final = 500
"""Kinds of drift that are counted."""
LARGEST_FILE: Final = 4 * 1024 * 1024
"""Bytes after which nothing is added to a file of drift."""
SCHEMA: Final = "response_schema"
"""The name of the rule that a response has the shape of its specification."""
_WRITTEN_ONE_BY_ONE: Final = 10
"""Occurrences of a kind that get a line each; from then on each doubling does."""
_LONGEST: Final = 300
_LOCK_TIMEOUT: Final = 1.0
_APPEND: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT


class Kind(NamedTuple):
    """The operation, the check and the rule that occurrences of one drift share."""

    operation: str
    check: str
    rule: str


@dataclass
class _Seen:
    times: int = 0
    written: int = 0
    line: str = ""


class DriftWatch:
    """The drift that one client sees, in all its views and threads.

    file: where to write it; None for nowhere. The file is created at once, for its owner only, so that a wrong path
    shows before the first call; it stays empty while there is no drift.
    """

    def __init__(self, file: str | os.PathLike[str] | None = None) -> None:
        if file is not None and not isinstance(file, str | os.PathLike):
            raise ConfigurationError(f"drift_file must be a path, not {type(file).__name__}.")
        self._file = None if file is None else _opened(Path(file))
        self._run = os.urandom(4).hex()
        self._lock = threading.Lock()
        self._models: StateModels | None = None
        self._number = 0
        self._editions: dict[spec.Api, spec.Edition] = {}
        self._undecided: set[tuple[str, int]] = set()
        """Operations and statuses whose responses are the same in both editions."""
        self._kinds: dict[Kind, _Seen] = {}
        _watches.add(self)

    def __repr__(self) -> str:
        return f"DriftWatch({len(self._kinds)} kinds)"

    # -- each response alone ------------------------------------------------------------------------------------------

    def response(self, operation: str, status: int, value: Any) -> str | None:
        """The rule that a response breaks, described without its value; None if it breaks none."""
        rule = broken_rule(operation, status, value)
        if rule is not None:
            self._violated(operation, status, rule)
        return rule

    def malformed(self, operation: str, status: int, why: str) -> None:
        """Report a response that could not be parsed, for the reason that its error states."""
        self._violated(operation, status, printable(why, limit=_LONGEST))

    def _violated(self, operation: str, status: int, rule: str) -> None:
        kind = Kind(operation, SCHEMA, rule)
        if self._note(kind, (), "a response of the specification", f"HTTP {status}"):
            logger.warning("%s: a response with HTTP %d violates the specification: %s", operation, status, rule)

    # -- all responses together ---------------------------------------------------------------------------------------

    def exchange(
        self, operation: spec.Operation, request: httpx.Request, status: int, value: Any, *, sent: float, done: float
    ) -> None:
        """Follow an exchange and log the contradictions that show with it, each kind once.

        status: 0 if no response came. sent, done: when, in seconds of one clock. Never raises: what a model cannot
        follow is left out.
        """
        try:
            found = self._followed(operation, request, status, value, sent, done)
        except Exception as error:  # noqa: BLE001  drift must not disturb the call
            logger.debug("%s: its response could not be followed: %s", operation.id, type(error).__name__)
            return
        for each in found:
            sentence = f"{each.title}; expected {each.expected}, got {each.got} [{', '.join(each.facts)}]"
            kind = Kind(each.seen.operation, each.check, each.title)
            if self._note(kind, each.facts, each.expected, each.got):
                logger.warning("%s: a response contradicts others: %s", kind.operation, printable(sentence))

    def _followed(
        self, operation: spec.Operation, request: httpx.Request, status: int, value: Any, sent: float, done: float
    ) -> list[Deviation]:
        from agora_rest.state_models import Observed, StateModels  # here, because only watching clients need them

        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        enveloped = isinstance(value, dict) and "Code" in value and "Body" in value
        if not self._lock.acquire(timeout=_LOCK_TIMEOUT):
            return []
        try:
            self._number += 1
            edition = self._edition(operation, status, value)
            seen = Observed(
                sent=sent,
                number=self._number,
                done=done,
                operation=operation.id,
                status=status,
                path=operation.match_path(path, any_slash=True) or {},
                query=dict(parse_qsl(query, keep_blank_values=True)),
                body=parse_json(request.content) if request.content else None,
                payload=value["Body"] if enveloped else value,
                edition=edition,
                enveloped=enveloped,
                unix=False,
            )
            if self._models is None:
                self._models = StateModels(size=REMEMBERED, quotas=False)
            return list(self._models.observe(seen))
        finally:
            self._lock.release()

    def _edition(self, operation: spec.Operation, status: int, value: Any) -> spec.Edition | None:
        """The edition that the server has shown; None before that. Each kind of response is checked once."""
        known, kind = self._editions.get(operation.api), (operation.id, status)
        if known is not None or not status or kind in self._undecided:
            return known
        found = edition_shown(operation.id, status, value)
        if found is None:
            self._undecided.add(kind)
        else:
            self._editions[operation.api] = found
        return found

    # -- what was seen ------------------------------------------------------------------------------------------------

    def _note(self, kind: Kind, facts: tuple[str, ...], expected: str, got: str) -> bool:
        """Count an occurrence and write it; whether it is the first of its kind."""
        seen = self._kinds.get(kind)
        is_new = seen is None
        if seen is None:
            if len(self._kinds) >= MOST_KINDS:
                return False
            seen = self._kinds[kind] = _Seen()
        seen.times += 1
        if self._file is not None:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            texts = {"expected": printable(expected, limit=_LONGEST), "got": printable(got, limit=_LONGEST)}
            line = {"run": self._run, "at": now, **kind._asdict(), "facts": list(facts), **texts, "times": seen.times}
            seen.line = json.dumps(line, ensure_ascii=True)
            if seen.times <= _WRITTEN_ONE_BY_ONE or seen.times >= 2 * seen.written:
                self._write(seen)
        return is_new

    def _write(self, seen: _Seen) -> None:
        if self._file is None:
            return
        try:
            descriptor = os.open(self._file, _APPEND, 0o600)
            try:
                if os.fstat(descriptor).st_size < LARGEST_FILE:
                    os.write(descriptor, f"{seen.line}\n".encode())
                    seen.written = seen.times
            finally:
                os.close(descriptor)
        except OSError as error:
            logger.warning("the drift cannot be written to %s: %s", self._file, error.strerror)
            self._file = None

    def close(self) -> None:
        """Write the counts that are not written yet."""
        for seen in list(self._kinds.values()):
            if seen.line and seen.written < seen.times:
                self._write(seen)

    def begin_in_child(self) -> None:
        """Forget, in a forked process, who held the lock, and count as another run."""
        self._lock, self._run = threading.Lock(), os.urandom(4).hex()
        self._kinds = {}


def _opened(file: Path) -> Path:
    """`file`, which exists now and can be written."""
    try:
        os.close(os.open(file, _APPEND, 0o600))
    except OSError as error:
        raise ConfigurationError(f"drift_file {str(file)!r} cannot be written: {error.strerror}.") from None
    return file


_watches: Final[weakref.WeakSet[DriftWatch]] = weakref.WeakSet()


def _after_fork() -> None:
    for watch in list(_watches):
        watch.begin_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
