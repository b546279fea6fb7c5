"""`agora-rest kicking-rules`: keep users out of channels, or mute them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import command
from agora_rest.cli._confirm import Yes, confirm
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._options import argument, option
from agora_rest.cli._output import Column, cell
from agora_rest.cli._session import AppSession

app = typer.Typer(help="Rules that keep users out of channels, or mute them.", no_args_is_help=True, epilog=EPILOG)

RuleId = Annotated[int, argument("Its ID, as `kicking-rules list` shows it.", "RULE", autocompletion=_completing.rules)]

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


@dataclass(frozen=True)
class Users:
    """The users that a rule is about."""

    channel: Annotated[
        str | None,
        option(
            "A channel; with --uid that user in it, without it all its users.",
            "NAME",
            autocompletion=_completing.channels,
        ),
    ] = None
    uid: Annotated[str | None, option("A user ID; without --channel in every channel.", "ID")] = None
    ip: Annotated[
        str | None,
        option("An IPv4 or IPv6 address, in every channel; cannot be combined with other targets.", "ADDRESS"),
    ] = None

    def __str__(self) -> str:
        if self.ip is not None:
            return f"all users at {self.ip}"
        return "all users" if self.uid is None else f"user {self.uid}"

    @property
    def where(self) -> str:
        """Their channel."""
        return "every channel" if self.channel is None else self.channel

    @property
    def kicked(self) -> str:
        """The report that they were put offline without a rule."""
        return f"Put offline once in {self.where}: {self}."

    def check(self, question: str, yes: bool) -> None:
        """Ask for confirmation before a rule about several users. Raises CliError, also without any selection."""
        if self.channel is None and self.uid is None and self.ip is None:
            raise CliError("No target: pass --channel, --uid, both of them, or --ip.")
        confirm(question, yes or self.uid is not None)


@dataclass(frozen=True)
class Duration:
    """How long a rule lasts."""

    minutes: Annotated[float | None, option("Duration in minutes, clamped by the server to 1 to 1440.", "N")] = None
    seconds: Annotated[
        float | None,
        option("Duration in seconds, clamped by the server to 10 to 86430; cannot be combined with --minutes.", "N"),
    ] = None

    def __str__(self) -> str:
        return f"{self.minutes:g} minutes" if self.minutes is not None else f"{self.seconds:g} seconds"

    def check(self) -> None:
        """Raise CliError unless exactly one is given."""
        if (self.minutes is None) == (self.seconds is None):
            raise CliError("Pass exactly one duration: --minutes or --seconds.")


@command(app, "list", example="agora-rest kicking-rules list")
def list_rules(session: AppSession) -> None:
    """List the rules in force."""
    with session.app() as found:
        rules = found.kicking_rules.list()
    session.out.document(rules)
    session.out.table(_COLUMNS, rules, empty="No kicking rules.")


@command(app, "ban", example="agora-rest kicking-rules ban --channel lesson-42 --uid 7 --minutes 60")
def ban(users: Users, duration: Duration, session: AppSession, yes: Yes = False) -> None:
    """Put matching users offline and keep them out for a while; without --minutes and --seconds, for 60 minutes.

    A duration of 0 creates no rule (see `kick`). Asks for confirmation before it bans all users of a channel, or an
    address that many users may share.
    """
    lasting = Duration(minutes=60) if duration == Duration() else duration
    lasting.check()
    users.check(f"Put {users} offline in {users.where} and keep them out for {lasting}?", yes)
    with session.app() as found:
        rule = found.kicking_rules.ban(**vars(users), **vars(lasting))
    session.out.document(rule)
    session.out.message(users.kicked if rule.kicked_once else f"Rule {rule.id} keeps {users} out of {users.where}.")


@command(app, "mute", example="agora-rest kicking-rules mute --channel lesson-42 --uid 7 --seconds 90 --only audio")
def mute(
    users: Users,
    duration: Duration,
    session: AppSession,
    only: Annotated[
        Literal["audio", "video"] | None,
        option("What they may not send; without it, both.", "audio|video"),
    ] = None,
    yes: Yes = False,
) -> None:
    """Keep matching users from sending audio and video for a while; they stay in their channels.

    Needs --minutes or --seconds. Keep the time short: if lifting the rule fails, users cannot speak until it ends. Asks
    for confirmation like `ban`.
    """
    denied = only or "audio and video"
    duration.check()
    users.check(f"Keep {users} in {users.where} from sending {denied} for {duration}?", yes)
    with session.app() as found:
        rule = found.kicking_rules.mute(**vars(users), **vars(duration), audio=only != "video", video=only != "audio")
    session.out.document(rule)
    session.out.message(f"Rule {rule.id} keeps {users} in {users.where} from sending {denied}.")


@command(app, "kick", example="agora-rest kicking-rules kick --channel lesson-42 --uid 7")
def kick(users: Users, session: AppSession, yes: Yes = False) -> None:
    """Put matching users offline once; they may rejoin at once. Asks for confirmation like `ban`."""
    users.check(f"Put {users} offline in {users.where} and let them come back?", yes)
    with session.app() as found:
        rule = found.kicking_rules.kick(**vars(users))
    session.out.document(rule)
    session.out.message(users.kicked)


@command(app, "extend", example="agora-rest kicking-rules extend 1953 --minutes 120")
def extend(rule: RuleId, duration: Duration, session: AppSession) -> None:
    """Change the end of a rule to a number of minutes or seconds from now, longer or shorter than before.

    Needs --minutes or --seconds; 0 ends the rule.
    """
    duration.check()
    with session.app() as found:
        changed = found.kicking_rules.extend(rule, **vars(duration))
    session.out.document(changed)
    session.out.message(f"Rule {rule} ends {cell(changed.ends_at) if changed.ends_at else f'in {duration}'}.")


@command(app, "lift", example="agora-rest kicking-rules lift 1953")
def lift(session: AppSession, rule: RuleId) -> None:
    """Delete a rule: its users may join and send again."""
    with session.app() as found:
        found.kicking_rules.lift(rule)
    session.out.document(None)
    session.out.message(f"Deleted rule {rule}.")
