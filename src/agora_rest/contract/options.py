"""The options of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from agora_rest import spec
from agora_rest.contract.safety.access import RequestedAccess
from agora_rest.contract.safety.bounds import DEFAULT_TIMEOUT

DEFAULT_MAX_EXAMPLES: Final = 30
"""Requests drawn for each operation and the number of call sequences: with so many, a run against the embedded emulator
takes less than 20 seconds on two cores."""


@dataclass(frozen=True)
class Options:
    """How a run is made, and on which server."""

    apis: tuple[spec.Api, ...] = spec.APIS

    base_url: str | None = None
    """The server, without `/dev`; None starts the embedded emulator."""

    customer_id: str | None = None
    """The account's customer ID; neither it nor the certificate is needed for the embedded emulator."""

    customer_certificate: str | None = field(default=None, repr=False)

    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers to send with every request to the server of `base_url`, because a gateway requires them: each name with
    the environment variable that has its value. Reports show the variable."""

    profile: str | None = None
    """The profile that the account was read from; the commands that repeat checks name it."""

    app_id: str | None = None
    """None takes the account's first enabled project."""

    dialect: spec.Dialect | None = None
    """None accepts the first dialect that the server uses (`current` for the embedded emulator)."""

    access: RequestedAccess | None = None
    """How much the run may do; None allows everything if the server proves to be an emulator on this machine, and
    reading elsewhere."""

    owned: bool = False
    """The user states that the account is theirs; `full` access needs it on any server that is not an emulator."""

    seed: int | None = None
    """None draws one."""

    max_examples: int = DEFAULT_MAX_EXAMPLES

    facts: bool = True
    """Whether to run the checks of facts."""

    fuzz: bool = True
    """Whether to fuzz from the specifications."""

    only: tuple[str, ...] = ()
    """Facts (`CR-11`): make only the checks that guard one of them, and do not fuzz."""

    names: tuple[str, ...] = ()
    """Parts of names: make only the checks whose name has one of them."""

    max_findings: int | None = None
    """End the run once so many findings count; None looks for all."""

    jobs: int | None = None
    """Processes that share a run against the embedded emulator, each with an emulator of its own; None takes as many as
    help on this machine. Any other server is tested by one. What a run finds does not depend on it."""

    timeout: float = DEFAULT_TIMEOUT
    """Seconds the run may take."""

    baseline: Path | None = None
    """Known findings, accepted until a date."""

    write_baseline: Path | None = None
    """The file for a baseline that accepts all findings. Entries that it has keep their reasons, and stay if the run
    does not meet them."""

    overwrite_baseline: bool = False
    """Whether `write_baseline` drops the entries that the run does not meet, and overwrites a file of another kind."""

    keep: Path | None = None
    """File for the seed of a failed run, used by the next run; None keeps nothing."""


def parse_apis(names: Sequence[str]) -> tuple[spec.Api, ...]:
    """The APIs people name: each its own name, or `all`. ValueError for anything else."""
    if "all" in names:
        return spec.APIS
    unknown = [name for name in names if name not in spec.APIS]
    if unknown or not names:
        raise ValueError(
            f"no API is called {', '.join(unknown) or '(nothing)'}: there are {', '.join(spec.APIS)} and all"
        )
    return tuple(api for api in spec.APIS if api in names)
