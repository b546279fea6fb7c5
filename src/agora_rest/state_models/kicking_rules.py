"""Kicking rules: what was created is listed as it was made, until its end; what was deleted is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from agora_rest.state_models.comparing import differ
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, objects
from agora_rest.state_models.times import instant, is_number

_MINUTE: Final = 60.0
_DEFAULT: Final = 60 * _MINUTE
_SECONDS: Final = (10.0, 86_430.0)
"""The bounds of `time_in_seconds` (CO-84)."""
_PRECISE: Final = 0.3
"""Seconds: two times of one response differ by the duration exactly."""
_LOOSE: Final = 5.0
"""Seconds, beside those that the calls took: times that were measured by two clocks."""
_QUARTER: Final = 900.0
_FARTHEST_ZONE: Final = 14 * 3600.0
_NEARLY: Final = 60.0
"""Seconds: a difference of two clocks that is so near to that of a time zone is one."""
_NOT_FOUND: Final = 404
_DURATIONS: Final = "CO-42 CO-78 CO-84"
_FIXED: Final = ("uid", "cname", "ip", "appid", "createAt")


@dataclass
class Rule:
    """A rule as far as it is known."""

    created: Observed | None = None
    duration: float | None = None
    """Seconds from its creation, or from the update that set it."""
    set_by: Observed | None = None
    """The exchange that set the duration."""
    until: float | None = None
    """Its end by the clock of the caller; None if that is unknown."""
    ends: str = ""
    """Its end in the latest response, and that response."""
    ends_at: Observed | None = None
    values: dict[str, Any] = field(default_factory=dict)
    values_at: Observed | None = None
    created_on_server: float | None = None
    responded: str = ""
    """Its end in the response to the update that set the duration."""
    updated: bool = False
    deleted: Observed | None = None
    missing: list[Observed] = field(default_factory=list)


class KickingRules:
    """Follows the rules of each account."""

    def __init__(self, size: int) -> None:
        self._rules: Memory[tuple[str, int], Rule] = Memory(size)
        self._lasting: Memory[tuple[str, int], Rule] = Memory(size)
        """Those that were made or changed here and may be in force."""

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The deviations from the known rules."""
        if seen.operation == "create_kicking_rule":
            yield from self._create(seen)
        elif seen.operation == "list_kicking_rules":
            yield from self._list(seen)
        elif seen.operation == "update_kicking_rule":
            yield from self._update(seen)
        elif seen.operation == "delete_kicking_rule":
            yield from self._delete(seen)

    def in_force(self, account: str, at: float) -> Iterator[tuple[Observed, Rule]]:
        """The rules that were made here and are certainly in force at a time, each with the call that made it."""
        for (owner, identifier), rule in list(self._lasting.items()):
            if rule.deleted or rule.until is None or rule.until <= at:
                del self._lasting[owner, identifier]
            elif owner == account and rule.created:
                yield rule.created, rule

    # -- calls --------------------------------------------------------------------------------------------------------

    def _create(self, seen: Observed) -> Iterator[Deviation]:
        identifier, duration = seen.in_response("id"), duration_of(seen)
        if not seen.succeeded or not _is_id(identifier):
            return
        if seen.edition == "current" and duration == 0:
            if identifier != 0 and seen.in_response("status") == "success":
                title = "A rule of duration 0 is not kept, and has the `id` 0"
                yield deviation("once_has_no_id", "CO-85", title, "id 0", "another id", seen)
            return
        key = (seen.account, identifier)
        known = self._rules.recall(key)
        earlier = None if known is None else known.created or known.values_at
        if known is not None and identifier != 0 and (known.created or seen.after(earlier)):
            title = "Every rule has an `id` of its own"
            yield deviation("rule_is_new", "CO-40 CO-46", title, "a new id", "that of another rule", seen, earlier)
        rule = Rule(seen, duration, seen, None if duration is None else seen.sent + duration)
        rule.values = {name: seen.in_request(name) for name in ("cname", "uid", "ip", "appid") if seen.in_request(name)}
        if isinstance(privileges := seen.in_request("privileges"), list):
            rule.values["privileges"] = sorted(map(str, privileges))
        self._rules.keep(key, rule)
        self._lasting.keep(key, rule)

    def _update(self, seen: Observed) -> Iterator[Deviation]:
        identifier = seen.in_request("id")
        if not _is_id(identifier):
            return
        rule = self._rules.get_or_add((seen.account, identifier), Rule)
        yield from _found(seen, rule, "CO-46")
        if not seen.succeeded:
            return
        duration, ends = duration_of(seen), seen.in_response("result", "ts")
        until = instant(ends)
        created, made_at = rule.created, rule.created_on_server
        if None not in (duration, until, made_at) and created is not None:
            # Both differences are of one clock, so the clocks of server and caller need not agree.
            expected, got = (seen.sent - created.sent) + (duration or 0), (until or 0) - (made_at or 0)
            slack = _LOOSE + (seen.done - seen.sent) + (created.done - created.sent)
            if abs(expected - got) > slack:
                title = "A new end counts from the update"
                left = f"{got - (seen.sent - created.sent):.0f} seconds"
                yield deviation("update_counts", "CO-46 CO-83", title, f"{duration:.0f} seconds", left, seen, created)
        rule.duration, rule.set_by, rule.updated = duration, seen, True
        rule.until = None if duration is None else seen.sent + duration
        rule.responded = ends if isinstance(ends, str) else ""
        self._lasting.keep((seen.account, identifier), rule)
        if isinstance(ends, str):
            rule.ends, rule.ends_at = ends, seen

    def _delete(self, seen: Observed) -> Iterator[Deviation]:
        identifier = seen.in_request("id")
        if not _is_id(identifier):
            return
        rule = self._rules.get_or_add((seen.account, identifier), Rule)
        yield from _found(seen, rule, "CO-47")
        if seen.succeeded and identifier != 0:
            rule.deleted = rule.deleted or seen

    # -- lists --------------------------------------------------------------------------------------------------------

    def _list(self, seen: Observed) -> Iterator[Deviation]:
        if not seen.succeeded or not isinstance(seen.in_response("rules"), list):
            return
        rows = [each for each in objects(seen.in_response("rules")) if _is_id(each.get("id"))]
        ids = [each["id"] for each in rows]
        if len(set(ids)) < len(ids):
            yield deviation("rules_once", "CO-45", "Every rule is listed once", "each once", "one twice", seen)
        for row in rows:
            rule = self._rules.get_or_add((seen.account, row["id"]), Rule)
            yield from _lifted(seen, rule)
            yield from _times(seen, rule, row)
            yield from _same(seen, rule, row)
            yield from _was_there(seen, rule)
            _remember(seen, rule, row)
        yield from self._absent(seen, set(ids))

    def _absent(self, seen: Observed, ids: set[int]) -> Iterator[Deviation]:
        """A rule that should be listed. Lists of today may be incomplete (CO-82)."""
        if seen.edition == "current":
            return
        requested = seen.query.get("appid")
        for (account, identifier), rule in list(self._lasting.items()):
            if account != seen.account or identifier in ids or rule.values.get("appid") != requested:
                continue
            if not _lasts(seen, rule):
                continue
            title = "A rule is listed until its end"
            yield _missing(seen, rule, "rule_is_listed", "CO-45 CO-42", title, "the rule", "a list without it")


def duration_of(seen: Observed) -> float | None:
    """Seconds that a rule lasts by its request (CO-42, CO-46, CO-78, CO-84); None if that is unknown."""
    seconds, minutes = seen.in_request("time_in_seconds"), seen.in_request("time")
    if seen.edition == "current" and is_number(seconds):
        return 0.0 if seconds == 0 else min(max(float(seconds), _SECONDS[0]), _SECONDS[1])
    if seconds is not None and seen.edition == "current":
        return None
    if minutes is None and seen.operation == "create_kicking_rule" and isinstance(seen.body, dict):
        return _DEFAULT if seconds is None else None
    if not is_number(minutes) or seconds is not None:
        return None
    return 0.0 if minutes == 0 else min(max(float(minutes), 1.0), 1440.0) * _MINUTE


def _may_be_later(seen: Observed, changed: float, lasts: float) -> bool:
    """Whether a later update by another client may have had the same `updateAt`.

    That is so if the server writes whole seconds, and if an update can request so long a duration.
    """
    shortest = _MINUTE if seen.edition == "2019" else _SECONDS[0]
    return changed == int(changed) and shortest <= lasts <= _SECONDS[1]


def _is_a_zone(difference: float) -> bool:
    """Whether two clocks differ as those of two time zones do."""
    rest = (abs(difference) + _NEARLY) % _QUARTER
    return 2 * _QUARTER < abs(difference) <= _FARTHEST_ZONE + _NEARLY and rest < 2 * _NEARLY


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _found(seen: Observed, rule: Rule, facts: str) -> Iterator[Deviation]:
    """A call of a rule that was deleted, or of one that exists."""
    if rule.deleted is not None and seen.after(rule.deleted) and seen.succeeded:
        title = "A deleted rule is gone"
        yield deviation("deleted_rule", f"CO-47 {facts}", title, "404", "success", seen, rule.deleted)
    elif seen.status == _NOT_FOUND and _lasts(seen, rule) and seen.in_request("appid") == rule.values.get("appid"):
        title = "A rule that is in force is found"
        yield _missing(seen, rule, "rule_is_found", f"{facts} CO-42", title, "success", "404")


def _missing(seen: Observed, rule: Rule, check: str, facts: str, title: str, expected: str, got: str) -> Deviation:
    """A response that does not know a rule which is in force; it is remembered."""
    if len(rule.missing) < 10:
        rule.missing.append(seen)
    return deviation(check, facts, title, expected, got, seen, rule.set_by, doubtful=True)


def _lasts(seen: Observed, rule: Rule) -> bool:
    """Whether a rule that was made or changed before is certainly in force, unless another client lifted it."""
    is_set = rule.until is not None and not rule.deleted and seen.after(rule.set_by)
    return is_set and seen.done + _LOOSE < (rule.until or 0)


def _lifted(seen: Observed, rule: Rule) -> Iterator[Deviation]:
    if rule.deleted is not None and seen.after(rule.deleted):
        title = "A deleted rule is not listed"
        yield deviation("deleted_rule", "CO-47 CO-45", title, "no such rule", "the rule", seen, rule.deleted)
    if rule.duration == 0 and rule.created is rule.set_by and seen.after(rule.created):
        title = "A rule of 0 minutes bans no user and is not listed"
        yield deviation("zero_is_not_listed", "CO-42 CO-85", title, "no such rule", "the rule", seen, rule.created)


def _times(seen: Observed, rule: Rule, row: dict[str, Any]) -> Iterator[Deviation]:
    """The end of a rule is its beginning and its duration; what is written is in order (CO-42, CO-45)."""
    made, changed, ends = (instant(row.get(name)) for name in ("createAt", "updateAt", "ts"))
    if made is None or changed is None or ends is None:
        return
    if changed < made:
        title = "A rule is not changed before it is created"
        yield deviation("rule_times", "CO-45", title, "`updateAt` from `createAt` on", "an earlier time", seen)
    if ends <= made:
        title = "A rule ends after it was created"
        yield deviation("rule_times", "CO-45 CO-42", title, "`ts` after `createAt`", "an earlier time", seen)
    yield from _since_update(seen, rule, row, ends - changed)
    created = rule.created
    if created is None or rule.duration is None:
        return
    if not rule.updated and changed == made and abs(ends - made - rule.duration) > _PRECISE:
        title = "A rule lasts as long as requested, within its bounds"
        expected, got = f"{rule.duration:.0f} seconds", f"{ends - made:.1f} seconds"
        doubtful = _may_be_later(seen, made, ends - made)
        yield deviation("rule_lasts", _DURATIONS, title, expected, got, seen, created, doubtful=doubtful)
    if seen.unix and _is_a_zone(made - created.sent):
        title = "`createAt` is the time of creation, in UTC"
        got = f"{(made - created.sent) / 3600:+.1f} hours"
        # The caller's clock may be that of another time zone, too.
        yield deviation("rule_created_now", "CO-45", title, "that time", got, seen, created, doubtful=True)
    if rule.updated and rule.set_by is not None and seen.after(rule.set_by):
        passed = rule.set_by.sent - created.sent
        slack = _LOOSE + (rule.set_by.done - rule.set_by.sent) + (created.done - created.sent)
        if abs(changed - made - passed) > slack:
            title = "`updateAt` of a rule is the time of its last change"
            of_others = changed > made
            got = "another"
            yield deviation(
                "rule_updated_at", "CO-45", title, "the time of the update", got, seen, rule.set_by, doubtful=of_others
            )


def _since_update(seen: Observed, rule: Rule, row: dict[str, Any], lasts: float) -> Iterator[Deviation]:
    """The end that an update gave a rule is as long after `updateAt` as was requested (CO-46, CO-83)."""
    update = rule.set_by
    if not rule.updated or update is None or not rule.duration or row.get("ts") != rule.responded:
        return
    slack = _PRECISE + update.done - update.sent
    if seen.after(update) and abs(lasts - rule.duration) > slack:
        title = "A new end counts from the update"
        expected, got = f"{rule.duration:.0f} seconds", f"{lasts:.1f} seconds"
        doubtful = _may_be_later(seen, (instant(row["ts"]) or 0.0) - lasts, lasts)
        yield deviation("update_counts", "CO-46 CO-83", title, expected, got, seen, update, doubtful=doubtful)


def _same(seen: Observed, rule: Rule, row: dict[str, Any]) -> Iterator[Deviation]:
    """The subject of a rule never changes; its end only by an update."""
    earlier = rule.values_at or rule.created
    privileges = row.get("privileges")
    row = {**row, "privileges": sorted(map(str, privileges))} if isinstance(privileges, list) else row
    for name in (*_FIXED, "privileges"):
        before = rule.values.get(name)
        if before is not None and differ(before, row.get(name)) and seen.after(earlier):
            title = "A listed rule is as it was made"
            yield deviation(
                "rule_as_made", "CO-45 CO-44 CO-81", title, f"the `{name}` of before", "another", seen, earlier
            )
    if rule.created is not None and rule.created.succeeded:
        for name in ("uid", "cname", "ip"):
            if name not in rule.values and row.get(name) not in (None, "", 0) and isinstance(rule.created.body, dict):
                title = "A listed rule is as it was made"
                yield deviation("rule_as_made", "CO-45 CO-44", title, f"no `{name}`", f"a `{name}`", seen, rule.created)
    if rule.ends and isinstance(row.get("ts"), str) and row["ts"] != rule.ends and seen.after(rule.ends_at):
        unchanged = row.get("updateAt") == rule.values.get("updateAt")
        title = "The end of a rule changes by an update only"
        doubtful = not unchanged or rule.updated
        expected = "the end of before"
        yield deviation("rule_end", "CO-46 CO-45", title, expected, "another", seen, rule.ends_at, doubtful=doubtful)


def _was_there(seen: Observed, rule: Rule) -> Iterator[Deviation]:
    """A rule that comes back was never away: nothing brings one back (CO-46, CO-47)."""
    for earlier in rule.missing:
        if seen.after(earlier):
            facts = "CO-45" if earlier.operation == "list_kicking_rules" else "CO-46 CO-47"
            title = "A rule in force is listed and found"
            yield deviation(
                "rule_always", facts, title, "the rule", "no such rule, and later it is listed", earlier, seen
            )
    rule.missing.clear()


def _remember(seen: Observed, rule: Rule, row: dict[str, Any]) -> None:
    kept = {name: row[name] for name in (*_FIXED, "updateAt") if row.get(name) is not None}
    if isinstance(row.get("privileges"), list):
        kept["privileges"] = sorted(map(str, row["privileges"]))
    rule.values = {**rule.values, **kept}
    rule.values_at = seen
    rule.created_on_server = instant(row.get("createAt"))
    if isinstance(row.get("ts"), str):
        rule.ends, rule.ends_at = row["ts"], seen
