"""`agora-rest channels`: which are in use, and who is in them."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import command
from agora_rest.cli._exits import EPILOG
from agora_rest.cli._options import argument, option
from agora_rest.cli._output import Column
from agora_rest.cli._session import AppSession

app = typer.Typer(help="Channels in use, and their users.", no_args_is_help=True, epilog=EPILOG)

ChannelName = Annotated[
    str, argument("The channel name; case-sensitive.", "CHANNEL", autocompletion=_completing.channels)
]

_COLUMNS = (
    Column("Channel", lambda channel: channel.name),
    Column("Users", lambda channel: channel.user_count, number=True),
)


@command(app, "list", example="agora-rest channels list")
def list_channels(session: AppSession) -> None:
    """List all channels with users."""
    with session.app() as found:
        channels = found.channels.list()
    session.out.document(channels)
    session.out.table(_COLUMNS, channels, empty="No channel has users.")


@command(app, "page", example="agora-rest channels page --number 0 --size 500")
def page(
    session: AppSession,
    number: Annotated[int, option("Which page; the first is 0.", "N", min=0)] = 0,
    size: Annotated[int, option("How many channels a page has.", "N", min=1, max=500)] = 100,
) -> None:
    """Show one page of the channels, and how many there are in all."""
    with session.app() as found:
        shown = found.channels.page(number, size=size)
    session.out.document(shown)
    session.out.table(_COLUMNS, shown.channels, empty="This page is empty.")
    session.out.note(f"{len(shown.channels)} of {shown.total_size} channels.")


@command(app, "users", example="agora-rest channels users lesson-42")
def users(session: AppSession, channel: ChannelName) -> None:
    """Show the users in a channel; of a live channel, its hosts and its audience."""
    with session.app() as found:
        shown = found.channels.users(channel)
    session.out.document(shown)
    if not shown.exists:
        session.out.message(f"No users in {channel}.")
        return
    rows: list[tuple[Any, str]] = [
        *((uid, "user") for uid in shown.users),
        *((uid, "host") for uid in shown.broadcasters),
        *((uid, "audience") for uid in shown.audience),
    ]
    session.out.table(_WHO, rows, empty="The server lists no users.")
    if shown.audience_total > len(shown.audience):
        session.out.note(f"The audience is {shown.audience_total} in all; the server names the first.")


@command(app, "hosts", example="agora-rest channels hosts lesson-42")
def hosts(session: AppSession, channel: ChannelName) -> None:
    """Show the hosts of a live channel, without its audience; of a communication channel, all users."""
    with session.app() as found:
        shown = found.channels.hosts(channel)
    session.out.document(shown)
    if not shown.exists:
        session.out.message(f"No users in {channel}.")
    else:
        rows = [*((uid, "host") for uid in shown.hosts), *((uid, "user") for uid in shown.users)]
        session.out.table(_WHO, rows, empty="The channel has no hosts.")


_WHO = (Column("User", lambda row: row[0], number=True), Column("Role", lambda row: row[1]))


@command(app, "user", example="agora-rest channels user lesson-42 7")
def user(
    session: AppSession,
    channel: ChannelName,
    uid: Annotated[str, argument("The user ID.", "UID")],
) -> None:
    """Show whether a user is in a channel, since when, in which role and on which platform."""
    with session.app() as found:
        state = found.channels.user(channel, uid)
    session.out.document(state)
    if not state.in_channel:
        session.out.message(f"User {uid} is not in {channel}.")
    else:
        pairs = [("In channel", True), ("Role", _words(state.role)), ("Joined", state.joined_at)]
        session.out.fields([*pairs, ("Platform", _words(state.platform))])


def _words(member: IntEnum | None) -> str | None:
    """The name of an enumeration's member as people read it."""
    return None if member is None else member.name.lower().replace("_", " ")
