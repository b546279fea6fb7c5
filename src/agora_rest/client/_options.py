"""Options of calls, which may differ between views of a client (`with_options`)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args

from agora_rest.client._retries import RetryPolicy
from agora_rest.client.hooks import Hooks
from agora_rest.errors import ConfigurationError

if TYPE_CHECKING:
    from os import PathLike

    from agora_rest.client._transports.drift import DriftWatch
    from agora_rest.permits import PermitStore, Priority

DEFAULT_TIMEOUT: Final = 30.0
"""Seconds to wait for the next part of a response. A stop waits for the upload, which takes 15 to 20 seconds."""
DEFAULT_RETRIES: Final = 5
DEFAULT_MAX_RESPONSE_SIZE: Final = 64 * 1024 * 1024
"""The maximum size of a decompressed response body, in bytes."""

Validation = Literal["off", "warn", "raise"]
"""How to treat a response that violates the specification: ignore, log or raise."""


class Default:
    """The type of `DEFAULT`, for arguments where None has a meaning."""

    def __repr__(self) -> str:
        return "the default"


DEFAULT: Final = Default()


class Drift:
    """The drift of the server that a client has seen, in all its views; loaded when it is needed first.

    `file` is that of `DriftWatch`, which is created at once for it.
    """

    def __init__(self, file: str | PathLike[str] | None = None) -> None:
        self._watches: dict[None, DriftWatch] = {}
        if file is not None:
            self._watches[None] = _watch(file)

    @property
    def watch(self) -> DriftWatch:
        """The same one for all views and threads."""
        return self._watches.get(None) or self._watches.setdefault(None, _watch())

    def close(self) -> None:
        """Write the counts that are not written yet."""
        for watch in self._watches.values():
            watch.close()


def _watch(file: str | PathLike[str] | None = None) -> DriftWatch:
    from agora_rest.client._transports.drift import DriftWatch

    return DriftWatch(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """See `Agora.with_options`."""

    timeout: float = DEFAULT_TIMEOUT
    policy: RetryPolicy = field(default_factory=lambda: RetryPolicy(attempts=DEFAULT_RETRIES + 1))
    permits: PermitStore | None = None
    hooks: Hooks = field(default_factory=Hooks)
    validate: Validation = "off"
    drift: Drift = field(default_factory=Drift, repr=False, compare=False)
    """The drift of the server so far; all views of a client share it."""
    max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE
    """The maximum size of a decompressed response body in bytes; a larger one raises ResponseTooLarge."""
    priority: Priority | None = None
    """Overrides the operation's priority; for calls that end a recording."""

    def changed(
        self,
        *,
        timeout: float | None = None,
        retries: int | RetryPolicy | None = None,
        deadline: float | None = None,
        permits: PermitStore | str | Default | None = DEFAULT,
        hooks: Hooks | None = None,
        validate: Validation | None = None,
        max_response_size: int | None = None,
    ) -> Options:
        """These options with changes; None keeps a value. Raises ConfigurationError for an invalid value."""
        changed = replace(
            self,
            timeout=self.timeout if timeout is None else seconds("timeout", timeout),
            policy=_policy(self.policy, retries, deadline),
            permits=self.permits if isinstance(permits, Default) else _permits(permits),
            hooks=instance("hooks", hooks, Hooks) or self.hooks,
            validate=self.validate if validate is None else _validation(validate),
            max_response_size=self.max_response_size if max_response_size is None else _size(max_response_size),
        )
        _outlived(changed.timeout, changed.permits)
        return changed


def check_names(given: Iterable[str], known: Iterable[str], where: str) -> None:
    """Raise TypeError for the first unknown option, with the closest existing name."""
    names = list(known)
    for name in given:
        if name not in names:
            import difflib  # here, because only mistakes need it

            nearest = difflib.get_close_matches(name, names, n=1)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else f"; there are {', '.join(names)}"
            raise TypeError(f"{where}() has no option {name!r}{hint}")


T = TypeVar("T")


def instance(name: str, value: T | None, kind: type[T]) -> T | None:
    """Require an object of this type, or None."""
    if value is not None and not isinstance(value, kind):
        raise ConfigurationError(f"{name} must be an object of type {kind.__name__}, not {type(value).__name__}.")
    return value


def seconds(name: str, value: Any) -> float:
    """Validate a duration in seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ConfigurationError(f"{name} must be a number of seconds above 0, not {value!r}.")
    return float(value)


def _size(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ConfigurationError(f"max_response_size must be a whole number of bytes above 0, not {value!r}.")
    return value


def _policy(policy: RetryPolicy, retries: int | RetryPolicy | None, deadline: float | None) -> RetryPolicy:
    if isinstance(retries, RetryPolicy):
        policy = retries
    elif retries is not None:
        if type(retries) is not int or retries < 0:
            raise ConfigurationError(f"retries must be a whole number, 0 or more, or a RetryPolicy, not {retries!r}.")
        policy = replace(policy, attempts=retries + 1)
    return policy if deadline is None else replace(policy, deadline=seconds("deadline", deadline))


def _permits(permits: PermitStore | str | None) -> PermitStore | None:
    if permits is None:
        return None
    if not isinstance(permits, str):
        if not callable(getattr(permits, "hold", None)):
            raise ConfigurationError(
                "permits must be a store of permits, its URL as text such as sqlite:///permits.db, or None, not "
                f"{type(permits).__name__}."
            )
        return permits
    from agora_rest.permits.opening import open_url  # here, because only programs with such permits need it

    return open_url(permits)


def _outlived(timeout: float, permits: PermitStore | None) -> None:
    """Check that leased permits do not expire while a call is in progress."""
    lease: float | None = getattr(permits, "lease", None)
    if lease is None:
        return
    from agora_rest.permits.leases import longest_timeout

    if timeout > longest_timeout(lease):
        raise ConfigurationError(
            f"timeout must be at most {longest_timeout(lease):g} s with permits that are leased for {lease:g} s, not "
            f"{timeout:g} s; make the permits with a longer lease=…, in all processes."
        )


def _validation(value: Any) -> Validation:
    if value not in get_args(Validation):
        raise ConfigurationError(f"validate must be one of {', '.join(get_args(Validation))}, not {value!r}.")
    found: Validation = value
    return found
