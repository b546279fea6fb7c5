"""Completion in shells: names from this machine, and names read from the account.

The user waits, so requests have a short timeout, and errors are silent. Shells evaluate what they are offered, and
names can be chosen by others (a channel may be called `$(reboot)`): a name is offered only where it has no special
meaning in any shell, and descriptions are reduced to plain characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from agora_rest.cli import _profiles
from agora_rest.cli._accounts import Account
from agora_rest.cli._apps import app_of

if TYPE_CHECKING:
    from agora_rest import Agora

Offers = list[tuple[str, str]]
"""Values, each with some words about it."""

QUERY_TIMEOUT: Final = 2.0
"""Seconds for each question to the account."""

_MEANS_ITSELF: Final = re.compile(r"\w[\w.,@%+=/-]*")
_NOT_PLAIN: Final = re.compile(r"[^\w.,@%+=/ -]+")


def profiles(ctx: typer.Context) -> Offers:
    """The profiles of this machine."""
    del ctx
    return _plain((name, "") for name in _profiles.names())


def facts(ctx: typer.Context) -> Offers:
    """The facts by their numbers."""
    del ctx
    from agora_rest import spec

    return _plain((each.number, each.title) for each in spec.facts().values())


def journal_keys(ctx: typer.Context) -> Offers:
    """The recordings of the journal that are not over, by their keys."""
    try:
        from sqlalchemy import make_url

        from agora_rest.fleet import Journal, State

        url = make_url(ctx.params["journal"])
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            return []  # completion must not create a file
        with Journal(ctx.params["journal"], check=False, create=False) as journal:
            live = journal.entries(*(state for state in State if not state.is_final), limit=1000)
            return _plain((entry.key, f"{entry.channel}, {entry.state}") for entry in live)
    except Exception:  # noqa: BLE001  nothing may be printed into a line that is being typed
        return []


def fixed_offers(*names: str) -> Callable[[typer.Context], Offers]:
    """Words that are known beforehand."""

    def complete(ctx: typer.Context) -> Offers:
        del ctx
        return [(name, "") for name in names]

    return complete


def members(kind: type[IntEnum]) -> list[str]:
    """The members of an enumeration, as options name them."""
    return [member.name.lower().replace("_", "-") for member in kind]


def fetched_offers(names: Callable[[Agora, Account], Iterable[tuple[str, str]]]) -> Callable[[typer.Context], Offers]:
    """Completions fetched from the account, with the options of the command being typed."""

    def complete(ctx: typer.Context) -> Offers:
        try:
            account = _account(ctx)
            with _asking(account) as agora:
                return _plain(names(agora, account))
        except Exception:  # noqa: BLE001  nothing may be printed into a line that is being typed
            return []

    return complete


project_ids = fetched_offers(lambda agora, _: ((each.id, each.name) for each in agora.projects.list()))
project_names = fetched_offers(lambda agora, _: ((each.name, each.id) for each in agora.projects.list()))
app_ids = fetched_offers(lambda agora, _: ((each.app_id, each.name) for each in agora.projects.list() if each.enabled))


@fetched_offers
def channels(agora: Agora, account: Account) -> Iterator[tuple[str, str]]:
    """The channels in use, one page of them."""
    page = app_of(agora, account).channels.page(0, size=500)
    return ((channel.name, f"{channel.user_count} users") for channel in page.channels)


@fetched_offers
def rules(agora: Agora, account: Account) -> Iterator[tuple[str, str]]:
    """The kicking rules in force."""
    for rule in app_of(agora, account).kicking_rules.list():
        named = {"channel": rule.channel, "user": rule.uid, "IP": rule.ip}
        yield str(rule.id), ", ".join(f"{name} {value}" for name, value in named.items() if value)


@contextmanager
def _asking(account: Account) -> Iterator[Agora]:
    """A client without retries and with a short timeout, that never prompts for a certificate. Errors pass."""
    from agora_rest import Agora

    customer_id, certificate = account.get("customer_id"), account.certificate
    if customer_id is None or certificate is None:
        raise LookupError
    with Agora(
        customer_id.value,
        certificate.value,
        base_url=account.base_url.value,
        allow_http=account.allow_http,
        timeout=QUERY_TIMEOUT,
        deadline=QUERY_TIMEOUT,
        retries=0,
        permits=None,
    ) as agora:
        yield agora


def _account(ctx: typer.Context) -> Account:
    """The account that the options typed so far describe."""
    given = {name: ctx.params.get(name) for name in ("customer_id", "base_url", "app_id")}
    return Account.found(profile=ctx.params.get("profile"), given=given)


def _plain(offers: Iterable[tuple[str, str]]) -> Offers:
    return [(name, _NOT_PLAIN.sub(" ", words)) for name, words in offers if _MEANS_ITSELF.fullmatch(name)]
