"""The results of calls of channels."""

from __future__ import annotations

from typing import Final

from agora_rest.client._json_reader import Reader, UnixTime, Wire, unix_time
from agora_rest.client._reading import UnexpectedShape
from agora_rest.client.enums import ChannelMode, Platform, Role
from agora_rest.client.models import Channel, ChannelHosts, ChannelPage, ChannelUsers, UserState


class _UserProperty(Wire):
    in_channel: bool
    role: int | None = None
    join: UnixTime | None = None
    uid: int | str | None = None
    platform: int | None = None


class _UserResponse(Wire):
    data: _UserProperty


def _user_state(response: _UserResponse) -> UserState:
    data = response.data
    return UserState(
        in_channel=data.in_channel,
        joined_at=None if data.join is None else unix_time(data.join),
        role=None if data.role is None else Role(data.role),
        uid=data.uid,
        platform=None if data.platform is None else Platform(data.platform),
        extra=data.rest,
    )


user_state: Final = Reader(_UserResponse, _user_state)
"""Whether a user is in a channel (CO-50, CO-88). Everything else is optional, and missing for an absent user."""


class _Users(Wire):
    channel_exist: bool
    mode: int | None = None
    users: list[int | str] | None = None
    total: int | None = None
    broadcasters: list[int | str] | None = None
    audience: list[int | str] | None = None
    audience_total: int | None = None


class _UsersResponse(Wire):
    data: _Users
    success: bool = True


def _channel_users(response: _UsersResponse) -> ChannelUsers:
    data = response.data
    if not response.success:
        raise ValueError("a refusal")
    if not data.channel_exist:
        return ChannelUsers(exists=False, extra=data.rest)
    in_live_mode = data.users is None if data.mode is None else data.mode == ChannelMode.LIVE
    if in_live_mode:
        if data.broadcasters is None and data.audience is None:
            raise UnexpectedShape("data.broadcasters")
        audience = tuple(data.audience or ())
        return ChannelUsers(
            exists=True,
            mode=ChannelMode.LIVE,
            broadcasters=tuple(data.broadcasters or ()),
            audience=audience,
            audience_total=len(audience) if data.audience_total is None else data.audience_total,
            extra=data.rest,
        )
    if data.users is None:
        raise UnexpectedShape("data.users")
    users = tuple(data.users)
    return ChannelUsers(
        exists=True,
        mode=ChannelMode(ChannelMode.COMMUNICATION if data.mode is None else data.mode),
        users=users,
        total=len(users) if data.total is None else data.total,
        extra=data.rest,
    )


channel_users: Final = Reader(_UsersResponse, _channel_users, is_list=True)
"""The users in a channel, in one of three shapes (CO-51 … CO-53)."""


def _channel_hosts(response: _UsersResponse) -> ChannelHosts:
    listed = _channel_users(response)
    return ChannelHosts(
        exists=listed.exists,
        mode=listed.mode,
        hosts=listed.broadcasters,
        users=listed.users,
        total=listed.total,
        extra=listed.extra,
    )


channel_hosts: Final = Reader(_UsersResponse, _channel_hosts, is_list=True)
"""The hosts of a channel (CO-90), in the shapes of the list of users, without the audience."""


class _Channel(Wire):
    channel_name: str
    user_count: int | None = None


class _Page(Wire):
    channels: list[_Channel]
    total_size: int | None = None


class _PageResponse(Wire):
    data: _Page
    success: bool = True


def _channel_page(response: _PageResponse) -> ChannelPage:
    if not response.success:
        raise ValueError("a refusal")
    page = response.data
    channels = tuple([Channel(item.channel_name, item.user_count, extra=item.rest) for item in page.channels])
    return ChannelPage(channels, page.total_size, extra=page.rest)


channel_page: Final = Reader(_PageResponse, _channel_page, is_list=True)
"""One page of channels (CO-55)."""
