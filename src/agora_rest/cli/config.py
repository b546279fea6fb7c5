"""`agora-rest config`: the account that commands use, and whether it works."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from agora_rest.cli import _profiles
from agora_rest.cli._accounts import ENVIRONMENT, SECRET, Setting, certificate_from_stdin, typed_certificate
from agora_rest.cli._command import command
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._options import argument
from agora_rest.cli._output import Column
from agora_rest.cli._session import AppSession

app = typer.Typer(help="Show, check and save the account that commands use.", no_args_is_help=True, epilog=EPILOG)

_COLUMNS = (
    Column("Setting", lambda row: row[0], whole=True),
    Column("Value", lambda row: row[1], whole=True),
    Column("From", lambda row: row[2]),
)


@command(app, "show", example="agora-rest config show --profile staging")
def show(session: AppSession) -> None:
    """Show which credentials would be used and where each value comes from. Secrets are never shown.

    Values come from options, the profile that is named, the environment, or the profile `default`, in this order.
    """
    settings = _settings(session)
    values = {name: _as_json(name, setting) for name, setting in settings.items()}
    session.out.raw_document({"profiles_file": str(_profiles.path()), "settings": values})
    session.out.table(_COLUMNS, [_row(name, setting) for name, setting in settings.items()], empty="")
    session.out.note(f"Profiles are stored in {_profiles.path()}")


@command(app, "check", example="agora-rest config check --profile staging")
def check(session: AppSession) -> None:
    """Check that the server accepts the credentials; changes nothing."""
    with session.agora() as agora:
        projects = agora.projects.list()
    customer_id, base_url = session.account.get("customer_id"), session.account.base_url
    source = customer_id.source if customer_id else ""
    found = {"accepted": True, "base_url": base_url.value, "source": source, "projects": len(projects)}
    session.out.document(found)
    session.out.message(f"{base_url.value} accepts these credentials (from {source}).")
    enabled = sum(project.enabled for project in projects)
    session.out.message(
        f"The account has {len(projects)} project{'s' if len(projects) != 1 else ''}, {enabled} enabled."
    )


@command(app, "save", example="agora-rest config save staging --certificate-stdin < certificate.txt")
def save(
    session: AppSession,
    name: Annotated[str, argument("The profile's name; `default` is used if no other is chosen.", "NAME")],
) -> None:
    """Save an account in the profiles file, which only you can read. Prompts for the certificate, with hidden input.

    Missing options are taken from the environment, except the certificate.
    """
    account = session.account
    customer_id = account.get("customer_id")
    if customer_id is None and not sys.stdin.isatty():
        raise CliError("Whose account? Pass --customer-id.")
    given = customer_id.value if customer_id else typer.prompt("Customer ID", err=True)
    if session.certificate_stdin:
        certificate = certificate_from_stdin()
    elif sys.stdin.isatty():
        certificate = typed_certificate()
    else:
        raise CliError("Not a terminal: pipe the certificate in with --certificate-stdin.")
    others = {field: setting.value for field in ("base_url", "allow_http", "app_id") if (setting := account.get(field))}
    file = _profiles.add(name, {"customer_id": given, "customer_certificate": certificate, **others})
    session.out.raw_document({"profile": name, "profiles_file": str(file)})
    session.out.message(f"Saved profile {name} in {file}. Run `agora-rest config check --profile {name}` to test it.")


def _settings(session: AppSession) -> dict[str, Setting | None]:
    account = session.account
    found = {name: account.get(name) for name in ENVIRONMENT}
    return {**found, "customer_certificate": account.certificate, "base_url": account.base_url}


def _row(name: str, setting: Setting | None) -> tuple[str, str | None, str]:
    if setting is None:
        return name, None, "not set"
    return name, _shown(name, setting), setting.source


def _as_json(name: str, setting: Setting | None) -> dict[str, Any]:
    if setting is None:
        return {"set": False}
    return {"set": True, "shown": _shown(name, setting), "source": setting.source}


def _shown(name: str, setting: Setting) -> str:
    if name in SECRET:
        return "(set)"
    if name == "customer_id":
        return f"{setting.value[:4]}…" if len(setting.value) > 8 else "(set)"
    return setting.value
