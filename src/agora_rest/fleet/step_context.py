"""The context of a step: the client, a writer for the journal, the clock, and the keys that are not in the journal."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from agora_rest import AsyncAgora, AsyncApp, RecordingMode, Resource, StartedRecording, Storage
from agora_rest.client._async.recordings import AsyncRecordings
from agora_rest.errors import ConfigurationError
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.orders import ModeOnly, client_request
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Timings
from agora_rest.fleet.storages import SecretResolver, StorageResolver, TokenResolver
from agora_rest.fleet.troubles import Troubles
from agora_rest.redaction import Payload, hidden

T = TypeVar("T")


class JournalWriter(Protocol):
    """Writes in the journal."""

    async def write(self, entry: Entry, change: Change) -> Entry:
        """Write `change`, keep the claim, return the entry. Raises LeaseLost if another worker has claimed it since."""
        ...

    async def same_recorder(self, entry: Entry) -> list[Entry]:
        """The other recordings of the same recorder in the same channel that are not over."""
        ...


@dataclass(frozen=True, slots=True)
class Start:
    """Everything that a start needs besides its resource ID."""

    storage: Storage = field(repr=False)
    extra: Payload = field(repr=False)
    config: Any
    """Sets the mode."""
    token: str | None = field(repr=False)

    async def send(self, entry: Entry, recordings: AsyncRecordings) -> StartedRecording:
        """Send the start."""
        return await recordings.start(
            resource_of(entry), self.storage, config=self.config, token=self.token, extra=self.extra
        )


@dataclass(frozen=True, slots=True)
class StepContext:
    """Everything that steps need besides the entry."""

    agora: AsyncAgora
    """Makes each call once; the journal schedules retries."""
    writer: JournalWriter
    timings: Timings
    storages: StorageResolver = field(repr=False)
    secrets: SecretResolver = field(repr=False)
    now: Callable[[], float]
    """Returns the journal's time."""
    troubles: Troubles = field(repr=False)
    """Logs what keeps the fleet from its work."""
    tokens: TokenResolver | None = field(default=None, repr=False)
    stop_extra: Mapping[str, Any] = field(default_factory=dict)
    """Members of a stop's `clientRequest` that the documents do not name."""
    _apps: dict[str, AsyncApp] = field(default_factory=dict, init=False, repr=False)

    def app(self, entry: Entry) -> AsyncApp:
        """The client of the entry's App ID."""
        if entry.app_id not in self._apps:
            hooks = self.troubles.hooks(entry.app_id, self.agora._calls.options.hooks)  # noqa: SLF001  our own
            self._apps[entry.app_id] = self.agora.with_options(hooks=hooks).app(entry.app_id)
        return self._apps[entry.app_id]

    async def start_of(self, entry: Entry) -> Start:
        """The arguments of its start.

        Raises ConfigurationError when there is no storage, password or token for it, InvalidArgument when its `extra`
        contradicts its configuration.
        """
        if entry.storage is None:
            raise ConfigurationError("It names no storage, so only the program that ordered it can start it.")
        config: dict[str, Any] = dict(entry.config)
        if entry.secret is not None:
            config["secret"] = self._resolved("password", self.secrets, entry.secret)
        storage = self._resolved("storage", self.storages, entry.storage)
        extra, mode = client_request(Payload(config), entry.extra), ModeOnly(RecordingMode(entry.mode))
        return Start(storage, extra, mode, await self._token_of(entry))

    async def _token_of(self, entry: Entry) -> str | None:
        """The recorder's token; None if the fleet has no `tokens`, a function that runs in a thread."""
        if self.tokens is None:
            return None
        with self.troubles.preparing(f"tokens of App ID {entry.app_id}"):
            found = await asyncio.to_thread(self.tokens, entry.app_id, entry.channel, entry.uid)
            return hidden(await found if inspect.isawaitable(found) else found)

    def _resolved(self, what: str, resolve: Callable[[str], T], name: str) -> T:
        with self.troubles.preparing(f"{what} {name!r}"):
            try:
                return resolve(name)
            except ConfigurationError:
                raise
            except LookupError:
                raise ConfigurationError(f"This worker knows no {what} {name!r}.") from None


def resource_of(entry: Entry) -> Resource:
    """The resource that an entry has acquired."""
    return Resource(resource_id=str(entry.resource_id), channel=entry.channel, uid=entry.uid)


def started_of(entry: Entry) -> StartedRecording:
    """The recording that an entry has started."""
    return StartedRecording(
        resource_id=str(entry.resource_id),
        sid=str(entry.sid),
        channel=entry.channel,
        uid=entry.uid,
        mode=RecordingMode(entry.mode),
    )
