"""Everything an emulator holds, and its control as Python calls. No HTTP in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Any

from agora_rest import spec
from agora_rest.emulator import har, saved_state, snapshot
from agora_rest.emulator.channels import Mode, Role
from agora_rest.emulator.clock import Clock, MovableClock
from agora_rest.emulator.faults import ActiveFault, Fault, Faults
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.projects import Project
from agora_rest.emulator.quotas import Limit
from agora_rest.emulator.recordings import UploadingStatus
from agora_rest.emulator.request_log import Journal
from agora_rest.emulator.settings import DialectName, Settings
from agora_rest.emulator.usage import Business, Metric, Minutes
from agora_rest.emulator.world import World

DEFAULT_CUSTOMER_ID = "emulator"
DEFAULT_CUSTOMER_CERTIFICATE = "emulator-secret"  # documented, and no secret
DEFAULT_SEED = 0


class EmulatorState:
    """One account, its settings, faults and log: what `Emulator` adds a server to.

    Every method may be called from any thread while a server runs.
    """

    def __init__(
        self,
        *,
        dialect: DialectName | str = DialectName.DOCUMENTED,
        customer_id: str = DEFAULT_CUSTOMER_ID,
        customer_certificate: str = DEFAULT_CUSTOMER_CERTIFICATE,
        clock: Clock | None = None,
        rate_limit: bool = True,
        seed: int | None = DEFAULT_SEED,
        limits: tuple[Limit, ...] = (),
    ) -> None:
        if ":" in customer_id:
            raise ValueError("HTTP Basic has no way to send a customer ID with a colon in it")
        self.lock = RLock()
        """Held while anything of the world is read or changed."""
        self.clock: Clock = MovableClock() if clock is None else clock
        self.settings = Settings(DialectName(dialect), rate_limit)
        self.limits = limits
        self.ids = Ids(seed)
        self.customer_id = customer_id
        self._seed = seed
        self.generation = 0
        """How often this state was loaded from a file: each time, IDs of its own."""
        self._has_default_certificate = customer_certificate == DEFAULT_CUSTOMER_CERTIFICATE
        self._begin()

    @property
    def account(self) -> dict[str, str | None]:
        """What the pages show of the account: the certificate only when it is the documented one, and an App ID."""
        certificate = DEFAULT_CUSTOMER_CERTIFICATE if self._has_default_certificate else None
        with self.lock:
            app_id = next((each.app_id for each in self.world.projects.all() if each.enabled), None)
        return {"customer_id": self.customer_id, "customer_certificate": certificate, "app_id": app_id}

    def _begin(self) -> None:
        self.world = World(self.clock, self.ids, self.settings)
        self.faults = Faults()
        self.journal = Journal()

    def begin(self, *, with_demo: bool, generation: int) -> None:
        """A fresh world, with or without its first project, and IDs that no earlier generation had."""
        self.generation = generation
        self.ids = Ids(None if self._seed is None else f"{self._seed} {generation}")
        self.world = World(self.clock, self.ids, self.settings, with_demo=with_demo)
        self.faults = Faults()

    def save(self, path: Path | str) -> None:
        """Write everything that is there to a file that `load` reads, whole or not at all. Raises OSError."""
        saved_state.save(self, Path(path))

    def load(self, path: Path | str) -> None:
        """Put what a file says in the place of what is there: one that `save` wrote, or `/_emulator/state` gave.

        Raises OSError, and ValueError for a file that is no such state; then the world is as it was.
        """
        saved_state.load(self, Path(path))

    def reset(self, seed: int | None = None) -> None:
        """Begin anew: a fresh world, no faults, an empty log, the clock where it would be had it not been touched.

        Dialect and rate limit stay, and a clock that stands still goes on doing so.
        IDs go on, so that those of before are unknown afterwards; with a `seed` they begin again as it says.
        """
        with self.lock:
            if seed is not None:
                self.ids = Ids(seed)
            self.clock.reset()
            self._begin()

    def state(self) -> dict[str, Any]:
        """Everything that is there, as JSON."""
        with self.lock:
            return snapshot.state(self)

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """What was asked and answered, secrets hidden: the latest 1,000, or those with a number above `after`."""
        with self.lock:
            return self.journal.shown(after)

    def session(self, base_url: str) -> dict[str, Any]:
        """The log as a HAR 1.2 document without secrets, as if its calls had gone to `base_url`."""
        with self.lock:
            exchanges = [exchange for _, exchange in self.journal.since()]
            certificates = [project.certificate for project in self.world.projects.all()]
        return har.session(exchanges, base_url, certificates)

    def stop_with(self, outcome: UploadingStatus | str) -> None:
        """What `stop` says of the files from now on: `uploaded`, `backuped` or `unknown` (CR-51)."""
        with self.lock:
            self.world.recordings.stop_outcome = UploadingStatus(outcome)

    def add_project(
        self,
        name: str,
        *,
        enable_certificate: bool = False,
        app_id: str | None = None,
        project_id: str | None = None,
    ) -> Project:
        """A project, with IDs of your choice. Raises Conflict when one is taken."""
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
    ) -> None:
        """Put one user or several into a channel.

        A new channel is in communication mode unless `role` or `mode` says otherwise; in live mode users are hosts
        unless `role` says otherwise. Raises Barred when a kicking rule keeps one out (those before it are in),
        Conflict when `role` and `mode` do not go together or a recorder has the uid, InvalidAppId.
        """
        users = [uids] if isinstance(uids, int) else uids
        with self.lock:
            for uid in users:
                self.world.join(
                    app_id,
                    channel,
                    uid,
                    ip=ip,
                    role=None if role is None else Role(role),
                    mode=None if mode is None else Mode(mode),
                )

    def leave(self, app_id: str, channel: str, uid: int) -> None:
        """Take a user out of a channel. Raises NotInChannel."""
        with self.lock:
            self.world.leave(app_id, channel, uid)

    def seed_minutes(self, project_id: str, day: date, minutes: Minutes) -> None:
        """What a project used on a day, for v1. Raises NoSuchProject."""
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
        """What a project used on a day, metric by metric, for v3. Raises NoSuchProject."""
        with self.lock:
            project = self.world.projects.get(project_id)
            self.world.usage.seed_metrics(project.id, Business(business), day, metrics, meta)

    def inject(self, fault: Fault) -> ActiveFault:
        """Let something go wrong from now on. Raises ValueError for an operation there is not."""
        if fault.operation is not None and fault.operation not in spec.operations():
            raise ValueError(f"there is no operation {fault.operation}")
        with self.lock:
            return self.faults.inject(fault, self.clock.now())

    def clear_faults(self) -> None:
        """Let nothing go wrong any more."""
        with self.lock:
            self.faults.clear()
