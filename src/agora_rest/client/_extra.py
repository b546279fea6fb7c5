"""Merges `extra` with the members that a call sets itself, for every `extra` of the client and of the fleet.

Objects are merged member by member, at any depth. If both set a member to different values, InvalidArgument names it:
neither value is ever dropped. A member that is None counts as absent, at any depth.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from agora_rest.client._arguments import plain, unwritable
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import HIDDEN, Payload, is_secret, redact


def merged(
    members: Mapping[str, Any],
    extra: Mapping[str, Any] | None,
    *,
    operation: str | None = None,
    name_of: Callable[[str], str | None] = lambda _: None,
) -> Payload:
    """Merge the `members` that a call sets with those of `extra`.

    `name_of` returns the argument that sets a member, for the error. Raises InvalidArgument if both set a member to
    different values, or if `extra` is not a mapping.
    """
    if extra is None:
        extra = {}
    if not isinstance(extra, Mapping):
        raise InvalidArgument("extra", "must be a mapping of members", type(extra), operation=operation)
    try:
        conflict = next(_conflicts(members, extra, ()), None)
        union = Payload(_union(members, extra))
    except RecursionError:
        conflict, union = None, None
    if union is None:
        raise unwritable(operation, extra, ("extra",))
    if conflict is not None:
        raise _refusal(*conflict, operation, name_of)
    return union


def without_nulls(members: Mapping[str, Any]) -> Payload:
    """`members` without those that are None, at any depth of objects."""
    try:
        return Payload(_union(members, {}))
    except RecursionError:  # The validation of the request rejects it.
        return Payload(members)


def filled(members: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """`members`, completed with those of `defaults`, object by object."""
    return _union(members, defaults)


def _conflicts(
    members: Mapping[str, Any], extra: Mapping[str, Any], where: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """The members with different values: path, the call's value, and the value in `extra`."""
    for name, given in extra.items():
        own = members.get(name)
        if own is None or given is None:
            continue
        if isinstance(own, Mapping) and isinstance(given, Mapping):
            yield from _conflicts(own, given, (*where, name))
        elif not _same(plain(own), plain(given)):
            yield (*where, name), own, given


def _union(members: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The members of both, without None. If both set one that is not an object, `members` wins."""
    found: dict[str, Any] = {}
    for name in {**members, **extra}:
        own, given = members.get(name), extra.get(name)
        chosen = given if own is None else own
        if isinstance(chosen, Mapping):
            found[name] = Payload(_union(chosen, given if isinstance(given, Mapping) and own is not None else {}))
        elif chosen is not None:
            found[name] = chosen
    return found


def _same(own: Any, given: Any) -> bool:
    """Whether two values are equal in JSON, where `true` is not 1."""
    if isinstance(own, list) and isinstance(given, list):
        return len(own) == len(given) and all(map(_same, own, given))
    if isinstance(own, Mapping) and isinstance(given, Mapping):
        return own.keys() == given.keys() and all(_same(own[name], given[name]) for name in own)
    return isinstance(own, bool) == isinstance(given, bool) and bool(own == given)


def _refusal(
    where: tuple[str, ...], own: Any, given: Any, operation: str | None, name_of: Callable[[str], str | None]
) -> InvalidArgument:
    path = ".".join(where)
    argument = next(filter(None, (name_of(".".join(where[:end])) for end in range(len(where), 0, -1))), None)
    secret = any(map(is_secret, where))
    value = "" if secret else f" ({json.dumps(redact(plain(own)), ensure_ascii=False, default=str)})"
    rule = f"must not differ from what {f'the argument {argument}' if argument else 'the call itself'} sets{value}"
    return InvalidArgument(f"extra.{path}", rule, HIDDEN if secret else redact(given), operation=operation)
