"""`agora-rest kicking-rules`: keep users out of channels."""

from __future__ import annotations

from typing import Annotated

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import command
from agora_rest.cli._confirm import Yes, confirm
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._output import Column, cell
from agora_rest.cli._session import AppSession

app = typer.Typer(help="Rules that keep users out of channels.", no_args_is_help=True, epilog=EPILOG)

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

_COLUMNS = (
    Column("ID", lambda rule: rule.id, number=True),
    Column("Channel", lambda rule: rule.channel),
    Column("User", lambda rule: rule.uid, number=True),
    Column("IP", lambda rule: rule.ip),
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
    minutes: Annotated[
        float,
        typer.Option(metavar="N", help="Duration, clamped by the server to 1 to 1440. 0 creates no ban (see `kick`)."),
    ] = 60,
    yes: Yes = False,
) -> None:
    """Put matching users offline and keep them out for a while.

    Asks for confirmation before it bans all users of a channel, or an address that many users may share.
    """
    _check(channel, uid, ip, f"keep them out for {minutes:g} minutes", yes)
    with session.app() as found:
        rule = found.kicking_rules.ban(channel=channel, uid=uid, ip=ip, minutes=minutes)
    if session.json:
        session.out.document(rule)
    else:
        session.out.say(f"Rule {rule.id} keeps {_who(uid, ip)} out of {_where(channel)}.")


@command(app, "kick", example="agora-rest kicking-rules kick --channel lesson-42 --uid 7")
def kick(session: AppSession, channel: Channel = None, uid: Uid = None, ip: Ip = None, yes: Yes = False) -> None:
    """Put matching users offline once; they may rejoin at once. Asks for confirmation like `ban`."""
    _check(channel, uid, ip, "let them come back", yes)
    with session.app() as found:
        rule = found.kicking_rules.kick(channel=channel, uid=uid, ip=ip)
    if session.json:
        session.out.document(rule)
    else:
        session.out.say(f"Put offline in {_where(channel)}: {_who(uid, ip)}.")


@command(app, "extend", example="agora-rest kicking-rules extend 1953 --minutes 120")
def extend(
    session: AppSession,
    rule: RuleId,
    minutes: Annotated[float, typer.Option(metavar="N", help="Duration from now on, longer or shorter than before.")],
) -> None:
    """Change the end of a rule to a number of minutes from now."""
    with session.app() as found:
        changed = found.kicking_rules.extend(rule, minutes=minutes)
    if session.json:
        session.out.document(changed)
    else:
        session.out.say(f"Rule {rule} ends {cell(changed.ends_at) if changed.ends_at else f'in {minutes:g} minutes'}.")


@command(app, "lift", example="agora-rest kicking-rules lift 1953")
def lift(session: AppSession, rule: RuleId) -> None:
    """Delete a rule: its users may join again."""
    with session.app() as found:
        found.kicking_rules.lift(rule)
    if session.json:
        session.out.document(None)
    else:
        session.out.say(f"Deleted rule {rule}.")


def _check(channel: str | None, uid: str | None, ip: str | None, then: str, yes: bool) -> None:
    if channel is None and uid is None and ip is None:
        raise CliError("No target: pass --channel, --uid, both of them, or --ip.")
    if uid is None and not yes:
        confirm(f"Put {_who(uid, ip)} offline in {_where(channel)} and {then}?")


def _who(uid: str | None, ip: str | None) -> str:
    if ip is not None:
        return f"all users at {ip}"
    return "all users" if uid is None else f"user {uid}"


def _where(channel: str | None) -> str:
    return "every channel" if channel is None else channel
