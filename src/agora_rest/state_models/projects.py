"""Projects: what was created, listed, changed and deleted, and what of a project never changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from agora_rest.state_models.certificates import Certificates
from agora_rest.state_models.comparing import differ
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, objects
from agora_rest.state_models.refusals import is_valid
from agora_rest.state_models.times import EARLIEST

_CONSTANT: Final = {
    "vendor_key": ("CO-11 CO-22", "The App ID of a project never changes"),
    "created": ("CO-11 CO-12 CO-72", "The time at which a project was created never changes"),
}
_CHANGING: Final = {
    "name": ("CO-11 CO-14", "A project has the name that was set last"),
    "status": ("CO-16", "A project has the status that was set last"),
    "recording_server": ("CO-19 CO-71", "A project has the recording server that was set last"),
}
_NEVER_MISSING: Final = {
    "project_is_listed": "Every project is listed",
    "project_is_found": "A project that exists is found",
}
_LATEST: Final = 4_102_444_800.0
"""Unix seconds: the year 2100."""
_MILLISECONDS: Final = 10**11
"""From this number on a Unix time is in milliseconds."""
_NOT_FOUND: Final = 404
_NO_STATEMENT: Final = frozenset({_NOT_FOUND, 401, 403, 405, 408, 413, 415, 429})
"""Statuses of a refusal that do not deny that a project was deleted."""
_NEEDS_ID: Final = frozenset({"set_project_status", "delete_project", "find_project"})
"""Calls that find every project that was not deleted, enabled or not."""


@dataclass
class Known:
    """A project."""

    values: dict[str, tuple[Any, Observed]] = field(default_factory=dict)
    """The values that were shown or set last, and the exchange."""
    there: Observed | None = None
    """The latest exchange that proves that it exists."""
    deleted: Observed | None = None
    missing: list[tuple[Observed, str]] = field(default_factory=list)
    """Responses since then that do not know it."""


class Projects:
    """Follows the projects of each account."""

    def __init__(self, size: int) -> None:
        self._known: Memory[tuple[str, str], Known] = Memory(size)
        self._app_ids: Memory[tuple[str, str], tuple[str, Observed]] = Memory(size)
        self._deleted_apps: Memory[tuple[str, str], Observed] = Memory(size)
        self._disabled_apps: Memory[tuple[str, str], Observed] = Memory(size)
        self._certificates = Certificates(size)

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The deviations from the known projects."""
        if seen.operation == "acquire" and seen.succeeded:
            yield from self._acquire(seen)
        if seen.effect.resource == "project":
            found = projects_in(seen) if seen.succeeded else []
            yield from self._created(seen, found)
            for project in found:
                if isinstance(project.get("id"), str):
                    yield from self._shown(seen, project["id"], project)
            yield from _listed_once(seen, found)
            yield from self._absent(seen, found)
            yield from self._about_one(seen)

    def _created(self, seen: Observed, found: list[dict[str, Any]]) -> Iterator[Deviation]:
        if seen.operation != "create_project" or len(found) != 1 or not isinstance(found[0].get("id"), str):
            return
        before = self._known.recall((seen.account, found[0]["id"]))
        if before is not None and before.there is not None and seen.after(before.there):
            title = "A new project has an ID of its own"
            got = "that of another project"
            yield deviation("project_is_new", "CO-10 CO-11", title, "a new ID", got, seen, before.there)
        seconds = _seconds(found[0].get("created"))
        if seconds is not None and not EARLIEST < seconds < _LATEST:
            title = "`created` is a Unix time, in seconds or milliseconds"
            yield deviation("created_now", "CO-12 CO-72", title, "such a time", "a time out of range", seen)

    def _shown(self, seen: Observed, identifier: str, project: dict[str, Any]) -> Iterator[Deviation]:
        known = self._known.get_or_add((seen.account, identifier), Known)
        if known.deleted is not None and seen.after(known.deleted):
            title = "A deleted project is gone"
            yield deviation(
                "deleted_project", "CO-18 CO-17", title, "no such project", "the project", seen, known.deleted
            )
        for name, (facts, title) in _CONSTANT.items():
            value = _seconds(project.get(name)) if name == "created" else project.get(name)
            yield from _compared(seen, known, name, value, facts, title, doubtful=False)
        for name, (facts, title) in _CHANGING.items():
            is_set = seen.effect.kind == "changes" and name in (seen.body or {})
            value = (project.get(name) or "") if name == "recording_server" else project.get(name)
            if not is_set:
                yield from _compared(seen, known, name, value, facts, title, doubtful=True)
        yield from self._own_app_id(seen, identifier, project.get("vendor_key"))
        yield from self._certificates.shown(seen, identifier, project)
        yield from _was_there(seen, known)
        known.there = seen

    def _own_app_id(self, seen: Observed, identifier: str, app_id: Any) -> Iterator[Deviation]:
        if not isinstance(app_id, str) or not app_id:
            return
        owner = self._app_ids.recall((seen.account, app_id))
        if owner is not None and owner[0] != identifier:
            title = "Every project has an App ID of its own"
            yield deviation("own_app_id", "CO-11", title, "its own", "that of another", seen, owner[1])
        self._app_ids.keep((seen.account, app_id), (identifier, seen))

    def _absent(self, seen: Observed, found: list[dict[str, Any]]) -> Iterator[Deviation]:
        """A project that a list leaves out, though it exists: that shows when it comes back."""
        is_list = seen.operation == "list_projects" and seen.succeeded
        if not is_list or not isinstance(seen.in_response("projects"), list):
            return
        listed = {each.get("id") for each in found}
        for (account, identifier), known in list(self._known.items()):
            if account != seen.account or identifier in listed or known.deleted or known.there is None:
                continue
            if seen.after(known.there):
                yield _missing(known, seen, "project_is_listed", "CO-14", "a list without it")

    def _about_one(self, seen: Observed) -> Iterator[Deviation]:
        """A call about one project, by its ID: success, or 404."""
        identifier = seen.query.get("id") if seen.operation == "find_project" else seen.in_request("id")
        if not isinstance(identifier, str):
            return
        known = self._known.get_or_add((seen.account, identifier), Known)
        gone = known.deleted is not None and seen.after(known.deleted)
        if seen.succeeded and gone and seen.operation != "find_project" and not projects_in(seen):
            title = "A deleted project is gone"
            yield deviation("deleted_project", "CO-18 CO-17", title, "404", "success", seen, known.deleted)
        elif 400 <= seen.status < 500 and gone and seen.status not in _NO_STATEMENT and _is_right(seen):
            title = "A project that was deleted is not found"
            yield deviation("unknown_project", "CO-17 CO-75", title, "404", f"{seen.status}", seen, known.deleted)
        elif seen.status == 400 and seen.operation == "find_project" and self._are_names(seen):
            title = "A project that is not found is 404"
            yield deviation("not_found", "CO-15 CO-17 CO-75", title, "404", "400", seen, known.there)
        elif seen.status == _NOT_FOUND and seen.operation in _NEEDS_ID and not known.deleted and len(seen.query) < 2:
            if seen.after(known.there):
                yield _missing(known, seen, "project_is_found", "CO-15 CO-16 CO-18", "404")
        elif seen.succeeded:
            self._changed(seen, identifier, known)

    def _are_names(self, seen: Observed) -> bool:
        """Whether a call looks for the ID and the name of projects that were seen, though not of one project."""
        names = (known.values.get("name") for (account, _), known in self._known.items() if account == seen.account)
        known = self._known.recall((seen.account, seen.query.get("id", "")))
        is_id = known is not None and seen.after(known.there)
        return (
            is_id and seen.query.keys() == {"id", "name"} and seen.query["name"] in [each[0] for each in names if each]
        )

    def _changed(self, seen: Observed, identifier: str, known: Known) -> None:
        """Remember what a successful call has set."""
        app_id = known.values.get("vendor_key", ("", seen))[0]
        if seen.operation == "delete_project":
            known.deleted = known.deleted or seen
            if isinstance(app_id, str) and app_id:
                self._deleted_apps.keep((seen.account, app_id), known.deleted)
            return
        known.there = seen
        if seen.effect.kind == "changes":
            known.values |= {name: (seen.in_request(name), seen) for name in _CHANGING if name in (seen.body or {})}
        if seen.operation == "set_project_status":
            if seen.in_request("status") == 0:
                self._disabled_apps.keep((seen.account, app_id), seen)
            else:
                self._disabled_apps.pop((seen.account, app_id), None)
        self._certificates.changed(seen, identifier)

    def _acquire(self, seen: Observed) -> Iterator[Deviation]:
        """The App ID of a deleted project records nothing (CR-15, CR-78)."""
        app = (seen.account, seen.path.get("appid", ""))
        deleted, disabled = self._deleted_apps.recall(app), self._disabled_apps.recall(app)
        title = "Only the App ID of a project that exists and is enabled records"
        if deleted is not None and seen.after(deleted):
            yield deviation("app_of_a_project", "CR-15 CR-78 CO-18", title, "400", "a resource ID", seen, deleted)
        elif disabled is not None and seen.after(disabled):
            yield deviation(
                "app_of_a_project", "CR-15 CR-78 CO-16", title, "400", "a resource ID", seen, disabled, doubtful=True
            )


def _is_right(seen: Observed) -> bool:
    """Whether nothing else is wrong with a call about a project than that the project is gone."""
    if seen.operation == "find_project":
        return all(seen.query.values()) and seen.query.keys() <= {"id", "name"}
    return is_valid(seen)


def projects_in(seen: Observed) -> list[dict[str, Any]]:
    """The projects in a response, whatever holds them."""
    found = seen.in_response("project")
    if isinstance(found, dict):
        return [found]
    return objects(found) or objects(seen.in_response("projects"))


def _compared(
    seen: Observed, known: Known, name: str, value: Any, facts: str, title: str, *, doubtful: bool
) -> Iterator[Deviation]:
    """Compare a value with the one that was known, and remember it."""
    if value is None:
        return
    if name in known.values:
        before, earlier = known.values[name]
        if differ(before, value) and seen.after(earlier):
            yield deviation(f"project_{name}", facts, title, "the same", "another", seen, earlier, doubtful=doubtful)
    known.values[name] = value, seen


def _seconds(created: Any) -> int | None:
    """`created` in whole seconds, whichever of the two units it has (CO-12, CO-72); None if it is no time."""
    if not isinstance(created, int) or isinstance(created, bool) or created <= 0:
        return None
    return created // 1000 if created >= _MILLISECONDS else created


def _listed_once(seen: Observed, found: list[dict[str, Any]]) -> Iterator[Deviation]:
    ids = [each["id"] for each in found if isinstance(each.get("id"), str)]
    if len(set(ids)) < len(ids):
        title = "Every project is listed once"
        yield deviation("projects_once", "CO-14", title, "each once", f"{len(ids) - len(set(ids))} twice", seen)


def _missing(known: Known, seen: Observed, check: str, facts: str, got: str) -> Deviation:
    """A response that does not know a project which exists; it is remembered."""
    if len(known.missing) < 10:
        known.missing.append((seen, check))
    return deviation(check, facts, _NEVER_MISSING[check], "the project", got, seen, known.there, doubtful=True)


def _was_there(seen: Observed, known: Known) -> Iterator[Deviation]:
    """A project that comes back was never away: nothing brings a deleted project back (CO-18)."""
    for earlier, check in known.missing:
        if seen.after(earlier):
            facts = "CO-14" if check == "project_is_listed" else "CO-15 CO-16"
            got = "no such project, and later it exists"
            yield deviation(f"{check}_always", facts, _NEVER_MISSING[check], "the project", got, earlier, seen)
    known.missing.clear()
