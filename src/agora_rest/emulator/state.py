"""The emulator's state and its control API in Python, independent of HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Any

from agora_rest import spec
from agora_rest.emulator.channels import Mode, Platform, Role
from agora_rest.emulator.choices import not_one_of
from agora_rest.emulator.clock import Clock, MovableClock
from agora_rest.emulator.current_recordings import LONGEST_FAILOVER, CurrentRecording
from agora_rest.emulator.faults import ActiveFault, Fault, Faults
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.projects import Project
from agora_rest.emulator.quotas import Limit
from agora_rest.emulator.recordings import UploadingStatus
from agora_rest.emulator.refusals import InvalidAppId, InvalidInput
from agora_rest.emulator.request_log import RequestLog
from agora_rest.emulator.settings import DialectName, Settings
from agora_rest.emulator.subscriptions import Medium
from agora_rest.emulator.usage import Business, Metric, Minutes
from agora_rest.emulator.web_pages import PageFate, PageFateWord
from agora_rest.emulator.world import World

DEFAULT_CUSTOMER_ID = "emulator"
"""Customer ID that an emulator accepts by default."""
DEFAULT_CUSTOMER_CERTIFICATE = "emulator-secret"
"""Customer Certificate that belongs to it; it is documented and no secret."""
DEFAULT_SEED = 0


_MAX_UID = 2**32 - 1


class EmulatorState:
    """One account with its settings, faults and log; `Emulator` adds a server.

    Every method may be called from any thread while a server runs.
    """

    def __init__(
        self,
        *,
        dialect: DialectName | str = spec.DEFAULT_DIALECT,
        customer_id: str = DEFAULT_CUSTOMER_ID,
        customer_certificate: str = DEFAULT_CUSTOMER_CERTIFICATE,
        clock: Clock | None = None,
        rate_limit: bool = True,
        seed: int | None = DEFAULT_SEED,
        limits: Callable[[], tuple[Limit, ...]] = tuple,
    ) -> None:
        if ":" in customer_id:
            raise ValueError("HTTP Basic has no way to send a customer ID with a colon in it")
        self.lock = RLock()
        """Held while the world is read or changed."""
        self.clock: Clock = MovableClock() if clock is None else clock
        self.settings = Settings(DialectName(dialect), rate_limit)
        self._limits = limits
        self.ids = Ids(seed)
        self.customer_id = customer_id
        self._seed = seed
        self.generation = 0
        """How often this state was loaded from a file: each generation has its own IDs."""
        self._has_default_certificate = customer_certificate == DEFAULT_CUSTOMER_CERTIFICATE
        self._begin()

    @property
    def account(self) -> dict[str, str | None]:
        """The account as shown on the pages: an App ID, and the certificate only if it is the documented one."""
        certificate = DEFAULT_CUSTOMER_CERTIFICATE if self._has_default_certificate else None
        with self.lock:
            app_id = next((each.app_id for each in self.world.projects.all() if each.enabled), None)
        return {"customer_id": self.customer_id, "customer_certificate": certificate, "app_id": app_id}

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Everything that its calls are counted in, in all dialects."""
        return self._limits()

    def _begin(self) -> None:
        self.world = World(self.clock, self.ids, self.settings)
        self.faults = Faults()
        self.request_log = RequestLog()

    def begin(self, *, with_demo: bool, generation: int) -> None:
        """Create a fresh world, with or without its first project, and with IDs that no earlier generation had."""
        self.generation = generation
        self.ids = Ids(None if self._seed is None else f"{self._seed} {generation}")
        self.world = World(self.clock, self.ids, self.settings, with_demo=with_demo)
        self.faults = Faults()

    def save(self, path: Path | str) -> None:
        """Write the state atomically to a file for `load`. Raises OSError."""
        from agora_rest.emulator import saved_state

        saved_state.save(self, Path(path))

    def load(self, path: Path | str) -> None:
        """Replace the state by that in a file written by `save` or returned by `/_emulator/state`.

        Raises OSError, and ValueError for an invalid file; then nothing changes.
        """
        from agora_rest.emulator import saved_state

        saved_state.load(self, Path(path))

    def reset(self, seed: int | None = None) -> None:
        """Reset: a fresh world, no faults, an empty log, and the clock at its unmodified time.

        Dialect and rate limit stay, and a stopped clock stays stopped.
        IDs continue, so that earlier ones are unknown afterwards; with a `seed` they restart.
        """
        with self.lock:
            if seed is not None:
                self.ids = Ids(seed)
            self.clock.reset()
            self._begin()

    def state(self) -> dict[str, Any]:
        """The whole state, as JSON."""
        from agora_rest.emulator import snapshot

        with self.lock:
            return snapshot.state(self)

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """The latest 1,000 exchanges, or those with a number above `after`, without secrets."""
        with self.lock:
            return self.request_log.shown(after)

    def session(self, base_url: str) -> dict[str, Any]:
        """The log as a HAR 1.2 document without secrets, as if its calls had been sent to `base_url`."""
        from agora_rest.emulator import har

        with self.lock:
            exchanges = [exchange for _, exchange in self.request_log.since()]
            certificates = [project.certificate for project in self.world.projects.all()]
        return har.session(exchanges, base_url, certificates)

    def stop_with(self, outcome: UploadingStatus | str) -> None:
        """Set the upload status of future stops: `uploaded`, `backuped` or `unknown` (CR-51)."""
        with self.lock:
            self.world.recordings.stop_outcome = UploadingStatus(outcome)

    def set_account(self, *, active: bool) -> None:
        """Stop the account or let it continue: while it is stopped, the current dialect refuses `acquire` (CR-157)."""
        with self.lock:
            self.world.recordings.account_active = active

    def limit_recordings(self, most: int) -> None:
        """Limit the recordings at the same time; 0 removes the limit.

        Once so many are running, the current dialect refuses `acquire` (CR-157). Raises ValueError if it is negative.
        """
        if most < 0:
            raise ValueError("a limit of recordings must not be negative")
        with self.lock:
            self.world.recordings.max_recordings = most

    def refuse_buckets(self, *buckets: str) -> None:
        """Let only these buckets refuse the files of future recordings, as with a wrong storage key.

        The start of such a recording succeeds. Five seconds later it ends, and calls do not find it (CR-65).
        """
        with self.lock:
            self.world.recordings.refused_buckets = frozenset(buckets)

    def add_project(
        self,
        name: str,
        *,
        enable_certificate: bool = False,
        app_id: str | None = None,
        project_id: str | None = None,
    ) -> Project:
        """Create a project, optionally with given IDs. Raises Conflict if one is taken."""
        with self.lock:
            return self.world.create_project(
                name, enable_certificate=enable_certificate, app_id=app_id, project_id=project_id
            )

    def join(
        self,
        app_id: str,
        channel: str,
        uids: int | Iterable[int],
        *,
        ip: str | None = None,
        role: Role | int | None = None,
        mode: Mode | int | None = None,
        platform: Platform | int = Platform.OTHER,
    ) -> None:
        """Put one or several users into a channel.

        By default, a new channel is in communication mode, and users in live mode are hosts; `role` and `mode` override
        this. All but the audience publish audio and video; see `publish`. Raises Barred if a kicking rule keeps a user
        out (earlier users have joined), Conflict if `role` and `mode` are incompatible or a recorder has the uid,
        InvalidAppId, and InvalidInput for an invalid user ID. All of them are `Refused`.
        """
        users = [uids] if isinstance(uids, int) else list(uids)
        for uid in users:
            _check_uid(uid)
        with self.lock:
            self._check_app_id(app_id)
            for uid in users:
                self.world.join(
                    app_id,
                    channel,
                    uid,
                    ip=ip,
                    role=None if role is None else Role(role),
                    mode=None if mode is None else Mode(mode),
                    platform=Platform(platform),
                )

    def _check_app_id(self, app_id: str) -> None:
        """Refuse an App ID that no enabled project has, in words for who controls an emulator."""
        try:
            self.world.projects.require_app_id(app_id)
        except InvalidAppId:
            known = "use DEMO_APP_ID or the App ID of a project that was added"
            raise InvalidAppId(f"app_id: no enabled project of this emulator has it; {known}") from None

    def leave(self, app_id: str, channel: str, uid: int) -> None:
        """Take a user out of a channel. Raises NotInChannel."""
        with self.lock:
            self.world.leave(app_id, channel, uid)

    def publish(
        self, app_id: str, channel: str, uid: int, *, audio: bool | None = None, video: bool | None = None
    ) -> None:
        """Let a user start or stop to publish audio or video; None leaves it as it is.

        A user that a kicking rule mutes publishes nothing of that kind until the rule ends. Raises NotInChannel, and
        Conflict for the audience of a live channel.
        """
        with self.lock:
            self.world.settle()
            found = self.world.channels.find(app_id, channel)
            user = None if found is None else found.users.get(uid)
            media = set() if user is None else set(user.publishes)
            for medium, wanted in ((Medium.AUDIO, audio), (Medium.VIDEO, video)):
                if wanted is not None:
                    (media.add if wanted else media.discard)(medium)
            self.world.publish(app_id, channel, uid, frozenset(media))

    def set_page(self, url: str, fate: PageFate | PageFateWord) -> None:
        """Set what happens when a recording in mode `web` opens a page, or pushes to an address: `loads`, `fails` or
        `times_out`. Recordings that have started keep what was set then.
        """
        with self.lock:
            self.world.pages[url] = PageFate(fate)

    def fail_over(self, sid: str, seconds: float = 60) -> CurrentRecording:
        """Move a running recording of the current dialect to another server.

        For `seconds` (above 0, at most 90), query, update, updateLayout and stop do not find it. Then it
        continues with another prefix of its files. Raises NoSuchRecording, Conflict and ValueError.
        """
        if not 0 < seconds <= LONGEST_FAILOVER:
            raise ValueError(f"a failover takes more than 0 and at most {LONGEST_FAILOVER} seconds")
        with self.lock:
            return self.world.fail_over(sid, seconds)

    def seed_minutes(self, project_id: str, day: date, minutes: Minutes) -> None:
        """Set the usage of a project on a day, for v1. Raises NoSuchProject."""
        with self.lock:
            self.world.usage.seed_minutes(self.world.projects.get(project_id).id, day, minutes)

    def seed_metrics(
        self,
        project_id: str,
        day: date,
        metrics: Mapping[str, float],
        *,
        business: Business | str = Business.DEFAULT,
        meta: Mapping[str, Metric] | None = None,
    ) -> None:
        """Set the usage of a project on a day by metric, for v3. Raises NoSuchProject."""
        with self.lock:
            project = self.world.projects.get(project_id)
            self.world.usage.seed_metrics(project.id, Business(business), day, metrics, meta)

    def inject(self, fault: Fault) -> ActiveFault:
        """Inject a fault. Raises ValueError for an unknown operation."""
        if fault.operation is not None and fault.operation not in spec.operations():
            raise not_one_of(fault.operation, "operation", spec.operations())
        with self.lock:
            return self.faults.inject(fault, self.clock.now())

    def clear_faults(self) -> None:
        """Remove all faults."""
        with self.lock:
            self.faults.clear()


def _check_uid(uid: object) -> None:
    """Refuse what the control API refuses too."""
    if type(uid) is not int or not 1 <= uid <= _MAX_UID:
        raise InvalidInput(f"uid: must be an integer from 1 to {_MAX_UID}, not {uid!r}")
