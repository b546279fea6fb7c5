"""What a run is asked to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agora_rest import spec
from agora_rest.contract.checking.dialect import Dialect
from agora_rest.contract.safety.access import Wish

#: Requests drawn for each operation and the number of call sequences: a run against the embedded emulator takes about
#: half a minute on two cores.
DEFAULT_MAX_EXAMPLES = 30


@dataclass(frozen=True)
class Options:
    """What to run.

    base_url: the server, without `/dev`; None starts the embedded emulator. customer_id, customer_certificate: the
    account's, not needed for the embedded emulator. app_id: None takes the account's first enabled project. dialect:
    None takes the one the server is found to speak (`documented` for the embedded emulator). seed: None draws one.
    access: how far the run may go; None lets it do anything on this machine and read only elsewhere. owned: the
    account is that of whoever started the run, without which `full` is refused elsewhere.
    facts, fuzz: the layers to run. stop_at_first: end the run with its first finding that no baseline accepts.
    baseline: known findings, accepted until a date. write_baseline: where to write one that accepts all that was found.
    keep: where the seed of a broken run is kept for the next one; None keeps nothing.
    """

    apis: tuple[spec.Api, ...] = spec.APIS
    base_url: str | None = None
    customer_id: str | None = None
    customer_certificate: str | None = field(default=None, repr=False)
    app_id: str | None = None
    dialect: Dialect | None = None
    access: Wish | None = None
    owned: bool = False
    seed: int | None = None
    max_examples: int = DEFAULT_MAX_EXAMPLES
    facts: bool = True
    fuzz: bool = True
    stop_at_first: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None
    keep: Path | None = None


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
