"""A machine that fills and empties channels, and turns their pages.

The model is who is in which channel of two App IDs. However the pages are cut, they must hold all of it once.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from agora_rest.contract.machines.base import Machine
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._console import app_id_of, join_all

_CNAMES = st.sampled_from(("a", "A", "b", "b1", "b10", "b2", "c c", "c+c", "%64", "d", "e", "f"))
_UIDS = st.sampled_from((7, 8, 9))
_APPS = st.sampled_from((0, 0, 0, 1))


class Pages(Machine):
    """See the module."""

    @initialize()
    def begin(self) -> None:
        """Two App IDs without channels."""
        self.app_ids = [app_id_of(self.server), app_id_of(self.server)]
        self.people: set[tuple[int, str, int]] = set()

    @rule(app=_APPS, cnames=st.sets(_CNAMES, min_size=1, max_size=6), uids=st.sets(_UIDS, min_size=1))
    def join(self, app: int, cnames: set[str], uids: set[int]) -> None:
        """Some users join some channels; those who are there already stay."""
        for cname in sorted(cnames):
            coming = [uid for uid in sorted(uids) if (app, cname, uid) not in self.people]
            if coming:
                join_all(self.server, self.app_ids[app], cname, coming)
                self.people |= {(app, cname, uid) for uid in coming}

    @rule(app=_APPS, cname=_CNAMES, uids=st.sets(_UIDS, min_size=1))
    def leave(self, app: int, cname: str, uids: set[int]) -> None:
        """Some users leave a channel, if they are there."""
        for uid in sorted(uids):
            if (app, cname, uid) in self.people:
                self.server.leave(cname, uid, app_id=self.app_ids[app])
                self.people.remove((app, cname, uid))

    @rule(app=_APPS, size=st.sampled_from((1, 2, 3, 5, 100, 500)), backwards=st.booleans())
    def turn_all_pages(self, app: int, size: int, backwards: bool) -> None:
        """The pages are full up to the last one, and hold every channel once, whichever is asked for first."""
        expected = self._channels(app)
        pages = -(-len(expected) // size)
        seen: list[tuple[str, int]] = []
        for number in range(pages, -1, -1) if backwards else range(pages + 1):
            response = self.server.channels(app_id=self.app_ids[app], page_no=number, page_size=size)
            response.must_hold(len(expected), "data", "total_size")
            page = response.need("data", "channels")
            if len(page) != min(size, max(0, len(expected) - number * size)):
                raise response.broken(f"page {number} of {len(expected)} channels, {size} on each")
            seen += [(each["channel_name"], each["user_count"]) for each in page]
        if sorted(seen) != sorted(expected.items()):
            raise Broken(f"the channels {sorted(expected.items())}", f"{sorted(seen)}", self.server.trail[-1])

    @rule(app=_APPS, cname=_CNAMES)
    def look_into(self, app: int, cname: str) -> None:
        """A channel has the users it should have."""
        response = self.server.users(cname, app_id=self.app_ids[app])
        expected = sorted(uid for each, name, uid in self.people if (each, name) == (app, cname))
        response.must_hold(bool(expected), "data", "channel_exist")
        response.must(not expected or sorted(response.need("data", "users")) == expected, f"the users {expected}")

    def conclude(self) -> None:
        """Turn the pages of both App IDs, the last one first."""
        for app in (0, 1):
            self.turn_all_pages(app, 2, backwards=True)

    def _channels(self, app: int) -> dict[str, int]:
        return Counter(cname for each, cname, _ in self.people if each == app)
