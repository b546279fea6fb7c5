"""`agora-rest kicking-rules`: keep users out of channels, or mute them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import command
from agora_rest.cli._confirm import Yes, confirm
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._output import Column, cell
from agora_rest.cli._session import AppSession

app = typer.Typer(help="Rules that keep users out of channels, or mute them.", no_args_is_help=True, epilog=EPILOG)

RuleId = Annotated[
    int,
    typer.Argument(metavar="RULE", help="Its ID, as `kicking-rules list` shows it.", autocompletion=_completing.rules),
]
Channel = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A channel; with --uid that user in it, without it all its users.",
        autocompletion=_completing.channels,
    ),
]
Uid = Annotated[str | None, typer.Option(metavar="ID", help="A user ID; without --channel in every channel.")]
Ip = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="An IP address, in every channel; cannot be combined with other targets."),
]

Minutes = Annotated[
    float | None,
    typer.Option(metavar="N", help="Duration in minutes, clamped by the server to 1 to 1440.", show_default=False),
]
Seconds = Annotated[
    float | None,
    typer.Option(
        metavar="N",
        help="Duration in seconds, clamped by the server to 10 to 86430; cannot be combined with --minutes.",
        show_default=False,
    ),
]

_DENIED = {"join_channel": "joining", "publish_audio": "audio", "publish_video": "video"}
"""Privileges as people read them."""
_COLUMNS = (
    Column("ID", lambda rule: rule.id, number=True),
    Column("Channel", lambda rule: rule.channel),
    Column("User", lambda rule: rule.uid, number=True),
    Column("IP", lambda rule: rule.ip),
    Column("Denies", lambda rule: [_DENIED.get(name, name) for name in rule.privileges]),
    Column("Ends", lambda rule: rule.ends_at, whole=True),
    Column("Created", lambda rule: rule.created_at, whole=True),
)


@command(app, "list", example="agora-rest kicking-rules list")
def list_rules(session: AppSession) -> None:
    """List the rules in force."""
    with session.app() as found:
        rules = found.kicking_rules.list()
    if session.json:
        session.out.document(rules)
    else:
        session.out.table(_COLUMNS, rules, empty="No kicking rules.")


@command(app, "ban", example="agora-rest kicking-rules ban --channel lesson-42 --uid 7 --minutes 60")
def ban(
    session: AppSession,
    channel: Channel = None,
    uid: Uid = None,
    ip: Ip = None,
    minutes: Minutes = None,
    seconds: Seconds = None,
    yes: Yes = False,
) -> None:
    """Put matching users offline and keep them out for a while; without --minutes and --seconds, for 60 minutes.

    A duration of 0 creates no rule (see `kick`). Asks for confirmation before it bans all users of a channel, or an
    address that many users may share.
    """
    if minutes is None and seconds is None:
        minutes = 60
    lasting = _duration(minutes, seconds)
    _check(channel, uid, ip, f"Put {_who(uid, ip)} offline in {_where(channel)} and keep them out for {lasting}?", yes)
    with session.app() as found:
        rule = found.kicking_rules.ban(channel=channel, uid=uid, ip=ip, minutes=minutes, seconds=seconds)
    if session.json:
        session.out.document(rule)
    elif rule.kicked_once:
        _report_kicked(session, channel, uid, ip)
    else:
        session.out.say(f"Rule {rule.id} keeps {_who(uid, ip)} out of {_where(channel)}.")


@command(app, "mute", example="agora-rest kicking-rules mute --channel lesson-42 --uid 7 --seconds 90 --only audio")
def mute(
    session: AppSession,
    channel: Channel = None,
    uid: Uid = None,
    ip: Ip = None,
    minutes: Minutes = None,
    seconds: Seconds = None,
    only: Annotated[
        Literal["audio", "video"] | None,
        typer.Option(
            metavar="audio|video", help="The privileges to deny; audio and video by default.", show_default=False
        ),
    ] = None,
    yes: Yes = False,
) -> None:
    """Keep matching users from sending audio and video for a while; they stay in their channels.

    Needs --minutes or --seconds. Keep the time short: if lifting the rule fails, users cannot speak until it ends. Asks
    for confirmation like `ban`.
    """
    denied = only or "audio and video"
    lasting = _duration(minutes, seconds)
    _check(channel, uid, ip, f"Keep {_who(uid, ip)} in {_where(channel)} from sending {denied} for {lasting}?", yes)
    with session.app() as found:
        rule = found.kicking_rules.mute(
            channel=channel,
            uid=uid,
            ip=ip,
            minutes=minutes,
            seconds=seconds,
            audio=only != "video",
            video=only != "audio",
        )
    if session.json:
        session.out.document(rule)
    else:
        session.out.say(f"Rule {rule.id} keeps {_who(uid, ip)} in {_where(channel)} from sending {denied}.")


@command(app, "kick", example="agora-rest kicking-rules kick --channel lesson-42 --uid 7")
def kick(session: AppSession, channel: Channel = None, uid: Uid = None, ip: Ip = None, yes: Yes = False) -> None:
    """Put matching users offline once; they may rejoin at once. Asks for confirmation like `ban`."""
    _check(channel, uid, ip, f"Put {_who(uid, ip)} offline in {_where(channel)} and let them come back?", yes)
    with session.app() as found:
        rule = found.kicking_rules.kick(channel=channel, uid=uid, ip=ip)
    if session.json:
        session.out.document(rule)
    else:
        _report_kicked(session, channel, uid, ip)


@command(app, "extend", example="agora-rest kicking-rules extend 1953 --minutes 120")
def extend(session: AppSession, rule: RuleId, minutes: Minutes = None, seconds: Seconds = None) -> None:
    """Change the end of a rule to a number of minutes or seconds from now, longer or shorter than before.

    Needs --minutes or --seconds; 0 ends the rule.
    """
    lasting = _duration(minutes, seconds)
    with session.app() as found:
        changed = found.kicking_rules.extend(rule, minutes=minutes, seconds=seconds)
    if session.json:
        session.out.document(changed)
    else:
        session.out.say(f"Rule {rule} ends {cell(changed.ends_at) if changed.ends_at else f'in {lasting}'}.")


@command(app, "lift", example="agora-rest kicking-rules lift 1953")
def lift(session: AppSession, rule: RuleId) -> None:
    """Delete a rule: its users may join and send again."""
    with session.app() as found:
        found.kicking_rules.lift(rule)
    if session.json:
        session.out.document(None)
    else:
        session.out.say(f"Deleted rule {rule}.")


def _duration(minutes: float | None, seconds: float | None) -> str:
    """The duration in words. Raises CliError unless exactly one is given."""
    if (minutes is None) == (seconds is None):
        raise CliError("No duration: pass either --minutes or --seconds.")
    return f"{minutes:g} minutes" if minutes is not None else f"{seconds:g} seconds"


def _check(channel: str | None, uid: str | None, ip: str | None, question: str, yes: bool) -> None:
    if channel is None and uid is None and ip is None:
        raise CliError("No target: pass --channel, --uid, both of them, or --ip.")
    if uid is None and not yes:
        confirm(question)


def _report_kicked(session: AppSession, channel: str | None, uid: str | None, ip: str | None) -> None:
    session.out.say(f"Put offline once in {_where(channel)}: {_who(uid, ip)}.")


def _who(uid: str | None, ip: str | None) -> str:
    if ip is not None:
        return f"all users at {ip}"
    return "all users" if uid is None else f"user {uid}"


def _where(channel: str | None) -> str:
    return "every channel" if channel is None else channel
