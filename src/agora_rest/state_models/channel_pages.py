"""Pages of channels: each has as many as its total demands, and a pass over all pages has every channel once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, objects

_DEFAULT_SIZE: Final = 100
_LARGEST_SIZE: Final = 500
_MOST_CHANNELS: Final = 5_000
"""Channels of one pass that are compared."""


@dataclass
class _Pass:
    """Pages of one size from the first on, without a gap, all with one total."""

    size: int
    total: int
    names: list[str] = field(default_factory=list)
    pages: int = 0
    first: Observed | None = None
    last: Observed | None = None


@dataclass
class _App:
    current: _Pass | None = None
    complete: list[_Pass] = field(default_factory=list)
    """The latest passes over all pages since the latest list of all channels on one page."""


class ChannelPages:
    """Follows the pages of each App ID."""

    def __init__(self, size: int) -> None:
        self._apps: Memory[tuple[str, str], _App] = Memory(min(size, 1_000))

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """A page that contradicts its total, or a pass that contradicts two lists around it."""
        page = _page(seen)
        if page is None or not seen.succeeded:
            return
        number, size = page
        names, total = _names(seen), seen.in_response("data", "total_size")
        if names is None or not isinstance(total, int) or isinstance(total, bool):
            return
        expected = min(max(total - number * size, 0), size)
        if len(names) != expected:
            title = "A page has as many channels as `total_size` requires"
            got = f"{len(names)} on page {number} of {size} each, `total_size` {total}"
            yield deviation("page_is_full", "CO-54 CO-55", title, f"{expected} channels", got, seen)
        if len(set(names)) < len(names):
            yield deviation("channels_once", "CO-55", "A channel is listed once", "each once", "one twice", seen)
        app = self._apps.get_or_add((seen.account, seen.path.get("appid", "")), _App)
        if number == 0 and len(names) == total and size > total:
            yield from _compared(seen, app, frozenset(names))
            app.complete = []
        else:
            yield from _followed(seen, app, number, _Pass(size, total, names))


def _followed(seen: Observed, app: _App, number: int, page: _Pass) -> Iterator[Deviation]:
    """Take a page into the pass."""
    going = app.current
    if going is not None and number == going.pages and going.size == page.size and seen.after(going.last):
        if going.total != page.total:
            beyond = number * page.size >= going.total
            if beyond and page.total == 0 and going.total > 0:
                title = "`total_size` counts all channels on every page"
                got = f"{page.total} on page {number}"
                yield deviation("total_of_all", "CO-55", title, f"{going.total}", got, seen, going.last, doubtful=True)
            app.current = None
            return
        going.names += page.names
        going.pages, going.last = number + 1, seen
    elif number == 0:
        going = app.current = _Pass(page.size, page.total, list(page.names), 1, seen, seen)
    else:
        app.current = None
        return
    if len(going.names) > _MOST_CHANNELS:
        app.current = None
    elif going.pages * going.size >= going.total and going not in app.complete:
        app.complete = [*app.complete[-3:], going]


def _compared(seen: Observed, app: _App, whole: frozenset[str]) -> Iterator[Deviation]:
    """Compare the passes with a list of all channels: they differ only if channels came or went."""
    for done in app.complete:
        if not seen.after(done.last) or (len(done.names) == len(whole) and frozenset(done.names) == whole):
            continue
        title = "The pages together have every channel once"
        twice, missing = len(done.names) - len(set(done.names)), len(whole - set(done.names))
        expected, got = f"{len(whole)} channels", f"{twice} twice, {missing} missing"
        yield deviation("pages_together", "CO-54 CO-55", title, expected, got, seen, done.first, doubtful=True)


def _page(seen: Observed) -> tuple[int, int] | None:
    """Number and size of a page; None if the request is about none, or wrong."""
    if seen.operation != "list_channels":
        return None
    number, size = seen.query.get("page_no", "0"), seen.query.get("page_size", str(_DEFAULT_SIZE))
    if not (number.isdecimal() and size.isdecimal() and len(number) < 10 and len(size) < 4):
        return None
    return (int(number), int(size)) if 1 <= int(size) <= _LARGEST_SIZE else None


def _names(seen: Observed) -> list[str] | None:
    rows: Any = seen.in_response("data", "channels")
    if not isinstance(rows, list):
        return None
    names = [each["channel_name"] for each in objects(rows) if isinstance(each.get("channel_name"), str)]
    return names if len(names) == len(rows) else None
