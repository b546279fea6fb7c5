"""Logs what keeps a worker from its work: each cause once, then rarely, and when it has gone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from agora_rest.client.hooks import Hooks, ResponseEvent
from agora_rest.errors import (
    ApiError,
    AuthenticationFailed,
    CallError,
    ConfigurationError,
    RateLimited,
    ServerError,
    WrongAddress,
)
from agora_rest.fleet.outcomes import one_line

PATIENCE: Final = 60.0
"""Seconds for which all calls may fail before that is logged: restarts and short faults pass."""
REPEAT: Final = 900.0
"""Seconds after which a cause that lasts is logged again."""
PAUSE: Final = 60.0
"""The minimum number of seconds between two warnings of a cause that comes and goes."""

logger: Final = logging.getLogger("agora_rest.fleet.troubles")
"""Troubles are logged at WARNING, their end at INFO."""


@dataclass(slots=True)
class _Trouble:
    since: float | None = None
    """None while there is none."""
    logged_at: float | None = None
    """When it was logged last, also before it went away and came back."""
    is_logged: bool = False
    """Whether it was logged since it began."""


class Troubles:
    """The present troubles of a fleet, by their causes. A recording's own failures are not among them.

    Args:
        now: Returns the time in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._known: dict[str, _Trouble] = {}

    def failed(self, cause: str, error: Exception | str, *, patience: float = 0.0) -> None:
        """Warn that `cause` keeps recordings waiting, unless it was logged lately or lasts less than `patience`."""
        now, trouble = self._now(), self._known.setdefault(cause, _Trouble())
        if trouble.since is None:
            trouble.since, trouble.is_logged = now, False
        lasts = now - trouble.since
        silence = REPEAT if trouble.is_logged else PAUSE
        if lasts < patience or (trouble.logged_at is not None and now - trouble.logged_at < silence):
            return
        trouble.logged_at, trouble.is_logged = now, True
        lasting = f" for {lasts:.0f} s" if lasts >= 1 else ""
        logger.warning("%s%s; recordings wait: %s", cause, lasting, one_line(str(error)))

    def worked(self, cause: str) -> None:
        """The work that `cause` prevented has succeeded."""
        trouble = self._known.get(cause)
        if trouble is None or trouble.since is None:
            return
        lasted, trouble.since = self._now() - trouble.since, None
        if trouble.is_logged:
            logger.info("It works again after %.0f s: %s", lasted, cause)

    @contextmanager
    def preparing(self, what: str) -> Iterator[None]:
        """Log if the block does not find `what`: a storage, a password, a token."""
        cause = f"This worker cannot get the {what}"
        try:
            yield
        except ConfigurationError as error:
            self.failed(cause, error)
            raise
        except LookupError:  # perhaps of one recording only
            self.failed(cause, "it is unknown", patience=PATIENCE)
            raise
        self.worked(cause)

    def hooks(self, app_id: str, hooks: Hooks) -> Hooks:
        """`hooks`, and what a response says about the credentials and the server."""

        def on_response(event: ResponseEvent) -> None:
            if event.error is None:
                self._responded(app_id)
            else:
                self.call_failed(app_id, event.error)
            if hooks.on_response is not None:
                hooks.on_response(event)

        return replace(hooks, on_response=on_response)

    def call_failed(self, app_id: str, error: CallError) -> None:
        """A call failed: the credentials or the address are wrong, the server is not reached, or neither is true."""
        refused = isinstance(error, AuthenticationFailed | WrongAddress)
        if refused or (isinstance(error, ApiError) and error.effective_status in (401, 403)):
            self.failed(_refused(app_id), error)
        elif isinstance(error, ApiError) and not isinstance(error, ServerError | RateLimited):
            self._responded(app_id)
        else:
            self.failed(NO_CALL, error, patience=PATIENCE)

    def _responded(self, app_id: str) -> None:
        for cause in (_refused(app_id), NO_CALL, NO_CLIENT):
            self.worked(cause)


NO_CALL: Final = "No call has succeeded"
NO_CLIENT: Final = "This worker cannot make calls"
NO_JOURNAL: Final = "The journal cannot be reached"


def _refused(app_id: str) -> str:
    return f"The server refuses this worker's calls for App ID {app_id}"
