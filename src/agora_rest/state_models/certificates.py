"""Certificates of projects: shown while they are on, new after a reset, and each project's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agora_rest.state_models.comparing import is_known
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed


@dataclass
class _Known:
    """The certificate of a project: what was shown and set last."""

    key: str | None = None
    key_at: Observed | None = None
    last_key: str = ""
    """The latest certificate that was shown, while it was on."""
    last_at: Observed | None = None
    enabled: bool | None = None
    enabled_by: Observed | None = None
    reset: Observed | None = None
    before_reset: str = ""


class Certificates:
    """Follows the certificates of each project; remembers them by a digest only in memory, never shows one."""

    def __init__(self, size: int) -> None:
        self._known: Memory[tuple[str, str], _Known] = Memory(size)
        self._owners: Memory[tuple[str, int], tuple[str, Observed]] = Memory(size)

    def shown(self, seen: Observed, project: str, values: dict[str, Any]) -> Iterator[Deviation]:
        """A project in a response."""
        key = values.get("sign_key")
        if not isinstance(key, str) or not is_known(key):
            return
        key = str(hash(key)) if key else ""
        known = self._known.get_or_add((seen.account, project), _Known)
        own = seen.operation in ("enable_certificate", "reset_certificate") and seen.in_request("id") == project
        if own:
            self._set(seen, known)
        yield from self._reset(seen, known, key)
        yield from self._switched(seen, known, key)
        yield from self._kept(seen, known, key, own=own)
        yield from self._owned(seen, project, key)
        known.key, known.key_at = key, seen
        if key:
            known.last_key, known.last_at = key, seen

    def changed(self, seen: Observed, project: str) -> None:
        """A successful call that changes a certificate, whose response may not show it."""
        known = self._known.get_or_add((seen.account, project), _Known)
        if seen.operation in ("enable_certificate", "reset_certificate") and known.enabled_by is not seen:
            self._set(seen, known)

    def _set(self, seen: Observed, known: _Known) -> None:
        known.enabled, known.enabled_by = (
            seen.operation == "reset_certificate" or seen.in_request("enable") is True,
            seen,
        )
        if seen.operation == "reset_certificate":
            known.reset, known.before_reset = seen, known.last_key if seen.after(known.last_at) else ""

    def _reset(self, seen: Observed, known: _Known, key: str) -> Iterator[Deviation]:
        reset = known.reset
        # The answers that the present documents print do not show the change (CO-74).
        shows = seen is reset and seen.edition == "2019"
        if reset is not None and key and key == known.before_reset and (seen.after(reset) or shows):
            title = "A reset gives a new certificate"
            yield deviation("reset_renews", "CO-21", title, "a new one", "the former one", seen, reset)
            known.reset = None

    def _switched(self, seen: Observed, known: _Known, key: str) -> Iterator[Deviation]:
        by = known.enabled_by
        if by is not None and known.enabled is not None and seen.after(by) and bool(key) != known.enabled:
            title = "A certificate is on or off as it was set last"
            expected, got = ("a certificate", "none") if known.enabled else ("none", "a certificate")
            yield deviation("certificate_switch", "CO-20 CO-21", title, expected, got, seen, by, doubtful=True)
            known.enabled = None
            return
        last = known.key_at
        if last is not None and seen.after(last) and (by is None or last.after(by)) and bool(key) != bool(known.key):
            title = "A certificate is turned on or off by a call only"
            expected, got = ("a certificate", "none") if known.key else ("none", "a certificate")
            facts = "CO-20 CO-21 CO-22"
            yield deviation("certificate_switch", facts, title, expected, got, seen, last, doubtful=True)

    def _kept(self, seen: Observed, known: _Known, key: str, *, own: bool) -> Iterator[Deviation]:
        """A certificate changes by a reset only."""
        last = known.last_at
        if not key or last is None or key == known.last_key or not seen.after(last):
            return
        by_reset = known.reset is not None and not last.after(known.reset)
        if not by_reset and not (own and seen.operation == "reset_certificate"):
            title = "A certificate changes by a reset only"
            yield deviation(
                "certificate_stays", "CO-20 CO-21 CO-22", title, "the same", "another", seen, last, doubtful=True
            )

    def _owned(self, seen: Observed, project: str, key: str) -> Iterator[Deviation]:
        if not key:
            return
        owner = self._owners.recall((seen.account, int(key)))
        if owner is not None and owner[0] != project:
            title = "Every project has a certificate of its own"
            yield deviation("own_certificate", "CO-21 CO-22", title, "its own", "that of another", seen, owner[1])
        self._owners.keep((seen.account, int(key)), (project, seen))
