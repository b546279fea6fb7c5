"""Channels that are in use, and who is in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from agora_rest.client import _results
from agora_rest.client._arguments import uid_number
from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._merging import page_before
from agora_rest.client.models import Channel, ChannelPage, ChannelUsers, UserState
from agora_rest.errors import MalformedResponse

_LARGEST_PAGE: Final = 500  # CO-54
_OVERLAP: Final = 20
"""By how many channels the next page reaches back."""
_STRANGE_PAGES: Final = 3
"""How many pages may be as no page is of a server that keeps to its word, in a list that changes quickly."""


class AsyncChannels:
    """The channels of one App ID (facts CO-50 … CO-57). Iterating gives all of them, page by page.

    ```python
    async for channel in app.channels:
        print(channel.name, channel.user_count)
    ```
    """

    def __init__(self, calls: AsyncCalls, app_id: str) -> None:
        self._calls, self._app_id = calls, app_id

    async def page(self, number: int = 0, *, size: int = 100) -> ChannelPage:
        """One page of channels; `number` counts from 0, `size` is 500 at most (CO-54)."""
        from agora_console.api.channels import list_channels

        return await self._calls.send(
            list_channels.request(appid=self._app_id, page_no=number, page_size=size),
            _results.channel_page,
        )

    async def users(self, channel: str) -> ChannelUsers:
        """Who is in `channel`, by its mode; nobody in one that is not there (CO-51 … CO-53)."""
        from agora_console.api.channels import list_channel_users

        return await self._calls.send(
            list_channel_users.request(appid=self._app_id, cname=channel),
            _results.channel_users,
        )

    async def user(self, channel: str, uid: int | str) -> UserState:
        """Whether a user is in `channel`, since when and as what (CO-50)."""
        from agora_console.api.channels import get_user_property

        return await self._calls.send(
            get_user_property.request(appid=self._app_id, uid=uid_number(uid), cname=channel), _results.user_state
        )

    async def __aiter__(self) -> AsyncIterator[Channel]:
        """All channels, each once. None that is there all the time is missed, however others come and go meanwhile.

        A channel that ends moves all after it forward, maybe over the edge between two pages. So each page begins a
        little before the end of the one before it, and counts only if it shows something that was seen already.
        Raises MalformedResponse where the pages of a server do not hang together.
        """
        seen: set[str] = set()
        reached, furthest, overlap, strange = 0, 0, _OVERLAP, 0
        while True:
            number, size = page_before(reached - overlap, _LARGEST_PAGE)
            page = await self.page(number, size=size)
            names = [channel.name for channel in page.channels]
            if number and seen.isdisjoint(names):
                overlap *= 4  # More have ended than the overlap is long: look further back.
                continue
            reached, overlap = number * size + len(names), _OVERLAP
            # Channels may come and go faster than pages are read: back to the start, or nothing new further on.
            strange += bool(seen) and (number == 0 or (reached > furthest and seen.issuperset(names)))
            if strange > _STRANGE_PAGES:
                why = "its pages do not hang together: they ignore the page that is asked for, or its size"
                raise MalformedResponse(why, operation="list_channels", may_have_taken_effect=False)
            furthest = max(furthest, reached)
            for channel in page.channels:
                if channel.name not in seen:
                    seen.add(channel.name)
                    yield channel
            if len(names) < size or (page.total_size is not None and reached >= page.total_size):
                return
