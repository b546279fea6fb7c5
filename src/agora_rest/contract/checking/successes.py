"""Every operation succeeds at least once while it is fuzzed: one that always fails was not tested."""

from __future__ import annotations

from collections.abc import Callable, Collection

from agora_rest import spec
from agora_rest.contract.http.parsed_request import SAFE_METHODS
from agora_rest.contract.results.events import CheckFailed, CheckPassed, CheckSkipped, Events
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import NEVER_CALLED


def demand_success(
    api: spec.Api,
    edition: spec.Edition,
    profile: Profile,
    succeeded: Collection[str],
    report: Callable[[Finding], None],
    events: Events,
) -> None:
    """Require that each operation of an API has succeeded in the fuzzing phases, or was not tested at all."""
    for operation in spec.operations(edition).values():
        if operation.api != api or operation.is_deprecated:
            continue
        reason = kept_from(operation, profile)
        if reason:
            events.send(CheckSkipped("succeeds_once", operation.facts, reason))
        elif operation.id in succeeded:
            events.send(CheckPassed("succeeds_once", (), "fuzzing"))
        elif profile is Profile.READ_ONLY:
            reason = f"{operation.id} found nothing to read, and a read-only run makes nothing"
            events.send(CheckSkipped("succeeds_once", (), reason))
        else:
            events.send(CheckFailed("succeeds_once", (), "fuzzing"))
            report(
                Finding(
                    operation=operation.id,
                    title="Every operation succeeds at least once in a run",
                    expected="a 2xx",
                    got="none",
                    check="succeeds_once",
                    phase="fuzzing",
                )
            )


def kept_from(operation: spec.Operation, profile: Profile) -> str:
    """Why no request of this profile may call an operation; "" if it may."""
    if profile is Profile.READ_ONLY and operation.method not in SAFE_METHODS:
        return f"{operation.id} may change something, and this run is read-only"
    if profile is Profile.FULL and operation.id in NEVER_CALLED:
        return NEVER_CALLED[operation.id]
    return ""
