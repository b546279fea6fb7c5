# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""Active channels and their users."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agora_rest.client._arguments import uid_number
from agora_rest.client._merging import page_before
from agora_rest.client._results import channels as results
from agora_rest.client._sync.calls import Calls
from agora_rest.client.models import Channel, ChannelHosts, ChannelPage, ChannelUsers, UserState
from agora_rest.errors import MalformedResponse

_LARGEST_PAGE: Final = 500  # CO-54
_OVERLAP: Final = 20
"""The number of channels by which consecutive pages overlap."""
_STRANGE_PAGES: Final = 3
"""The maximum number of inconsistent pages, which a correct server sends only while its list changes quickly."""


class Channels:
    """The channels of one App ID (facts CO-50 … CO-57, CO-87 … CO-92). Iterating yields all of them, page by page.

    ```python
    for channel in app.channels:
        print(channel.name, channel.user_count)
    ```
    """

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls, self._app_id = calls, app_id

    def list(self) -> tuple[Channel, ...]:
        """All channels, page by page as when iterating."""
        return tuple([channel for channel in self])

    def page(self, number: int = 0, *, size: int = 100) -> ChannelPage:
        """One page of channels; `number` counts from 0, `size` is at most 500 (CO-54). `list` gets all pages."""
        from agora_console.api.channels import list_channels

        return self._calls.send(
            list_channels.request(appid=self._app_id, page_no=number, page_size=size),
            results.channel_page,
        )

    def users(self, channel: str) -> ChannelUsers:
        """The users in `channel`, by its mode; empty for a channel that does not exist (CO-51 … CO-53)."""
        from agora_console.api.channels import list_channel_users

        return self._calls.send(
            list_channel_users.request(appid=self._app_id, cname=channel),
            results.channel_users,
        )

    def hosts(self, channel: str) -> ChannelHosts:
        """The hosts of a live `channel`, without its audience; empty for a channel that does not exist (CO-90).

        To watch who is on air, this costs fewer calls than asking for each user. Servers of 2019 do not know it.
        """
        from agora_console.api.channels import list_channel_hosts

        return self._calls.send(
            list_channel_hosts.request(appid=self._app_id, cname=channel),
            results.channel_hosts,
        )

    def user(self, channel: str, uid: int | str) -> UserState:
        """Whether a user is in `channel`, since when, in which role and on which platform (CO-50, CO-88).

        `uid` is a number; the server does not know string user accounts here.
        """
        from agora_console.api.channels import get_user_property

        return self._calls.send(
            get_user_property.request(appid=self._app_id, uid=uid_number(uid), cname=channel), results.user_state
        )

    def __iter__(self) -> Iterator[Channel]:
        """All channels, each once. A channel that exists throughout is never missed, although others come and go.

        When a channel ends, all channels after it move forward, possibly across a page boundary. So each page overlaps
        the previous one, and is used only if it contains a channel that was seen already.
        Raises MalformedResponse if the server's pages are inconsistent.
        """
        seen: set[str] = set()
        reached, furthest, overlap, strange = 0, 0, _OVERLAP, 0
        while True:
            number, size = page_before(reached - overlap, _LARGEST_PAGE)
            page = self.page(number, size=size)
            names = [channel.name for channel in page.channels]
            if number and seen.isdisjoint(names):
                overlap *= 4  # More channels ended than the overlap covers: use a larger one.
                continue
            reached, overlap = number * size + len(names), _OVERLAP
            # Channels may come and go faster than pages are read: return to the start, or stop if nothing is new.
            strange += bool(seen) and (number == 0 or (reached > furthest and seen.issuperset(names)))
            if strange > _STRANGE_PAGES:
                why = "its pages are inconsistent: they ignore the requested page number or size"
                raise MalformedResponse(why, operation="list_channels", may_have_taken_effect=False)
            furthest = max(furthest, reached)
            for channel in page.channels:
                if channel.name not in seen:
                    seen.add(channel.name)
                    yield channel
            if len(names) < size or (page.total_size is not None and reached >= page.total_size):
                return
