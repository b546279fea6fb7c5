"""`agora-rest contract`: does a server keep to the contract?"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agora_rest.cli import explain, starter, traffic
from agora_rest.contract.dialect import DIALECTS
from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES, Options, parse_apis
from agora_rest.contract.profiles import WISHES

app = typer.Typer(help="Check servers against the contract.", no_args_is_help=True)
explain.register(app)
traffic.register(app)
starter.register(app)


class ApiChoice(StrEnum):
    """Which API to test."""

    RECORDING = "cloud-recording"
    CONSOLE = "console"
    ALL = "all"


class DialectChoice(StrEnum):
    """Which dialect to insist on."""

    AUTO = "auto"
    DOCUMENTED = "documented"
    OBSERVED = "observed"


class ProfileChoice(StrEnum):
    """How far a run may go."""

    READ_ONLY = "read-only"
    FULL = "full"
    EMULATOR = "emulator"


@app.callback()
def contract() -> None:
    """Check servers against the contract."""


def run_command(
    api: Annotated[ApiChoice, typer.Option(help="Which API to test.")] = ApiChoice.ALL,
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The server, without /dev. None: an emulator is started for the run."),
    ] = None,
    customer_id: Annotated[
        str | None, typer.Option(help="Also AGORA_CUSTOMER_ID, or that of the profile AGORA_PROFILE or default.")
    ] = None,
    certificate_stdin: Annotated[
        bool,
        typer.Option(
            "--certificate-stdin",
            help="Read the certificate from standard input instead of AGORA_CUSTOMER_CERTIFICATE or the profile.",
        ),
    ] = False,
    app_id: Annotated[
        str | None, typer.Option(help="A live App ID. None: that of the account's first enabled project.")
    ] = None,
    dialect: Annotated[
        DialectChoice, typer.Option(help="The dialect to insist on. auto: the one the server is found to speak.")
    ] = DialectChoice.AUTO,
    profile: Annotated[
        ProfileChoice | None,
        typer.Option(
            show_default=False,
            help="What the run may do (see above). By default everything on this machine, read-only elsewhere.",
        ),
    ] = None,
    i_own_this_account: Annotated[
        bool,
        typer.Option("--i-own-this-account", help="Say so; --profile full needs it on a server elsewhere."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be sent and what the profile keeps back; send nothing.")
    ] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Repeat the run that printed this seed.")] = None,
    max_examples: Annotated[
        int, typer.Option(min=1, help="Requests drawn for each operation in the fuzzing phases.")
    ] = DEFAULT_MAX_EXAMPLES,
    report_dir: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Write contract.html, contract.json and contract.junit.xml into it."),
    ] = None,
    github: Annotated[
        bool | None,
        typer.Option("--github/--no-github", help="Annotations for GitHub Actions. By default only there."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Known findings (TOML), each accepted until its date.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write a baseline that accepts everything this run finds.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep/--no-keep", help="Keep what fails in .agora-rest/ and try it first next time.")
    ] = True,
) -> None:
    """Test a server against both specifications and the facts behind them.

    A server on this machine may be used in any way; an emulator is reset, and reset again before every check. Any other
    server gets GET requests only, unless you choose a profile:

    read-only: nothing but GET, whatever the server is.

    full: create what is needed, in the account whose credentials you give, and remove it again, on Ctrl-C too. It never
    resets a certificate, changes or deletes a project it did not create, kicks anybody outside channels it made up
    itself, or leaves a recording running. Elsewhere than on this machine it needs --i-own-this-account.

    emulator: the server is an emulator on another machine; use and reset it as if it were here.

    No server elsewhere gets more than 8 requests in any second. What could not be checked is reported as skipped.

    Exit code 0: the contract holds. 1: it is broken. 2: it could not be checked (no server there, credentials refused,
    the run was interrupted).
    """
    # Only now, so that the help of the command line does not wait for hypothesis and its company.
    from rich.console import Console

    from agora_rest.contract.events import Handler
    from agora_rest.contract.kept import DEFAULT_FILE
    from agora_rest.contract.reports.github import GithubReport, on_github
    from agora_rest.contract.reports.html import HtmlReport
    from agora_rest.contract.reports.json import JsonReport
    from agora_rest.contract.reports.junit import JunitReport
    from agora_rest.contract.reports.terminal import TerminalReport
    from agora_rest.contract.run import run

    customer_id, customer_certificate = _credentials(customer_id, certificate_stdin=certificate_stdin)
    options = Options(
        apis=parse_apis([api.value]),
        base_url=base_url,
        customer_id=customer_id,
        customer_certificate=customer_certificate,
        app_id=app_id,
        dialect=next((each for each in DIALECTS if each == dialect.value), None),
        profile=next((each for each in WISHES if profile is not None and each == profile.value), None),
        owned=i_own_this_account,
        seed=seed,
        max_examples=max_examples,
        baseline=baseline,
        write_baseline=write_baseline,
        keep=DEFAULT_FILE if keep else None,
    )
    if dry_run:
        _rehearse(options)
        return
    handlers: list[Handler] = [TerminalReport(Console())]
    if report_dir is not None:
        handlers += [JsonReport(report_dir), JunitReport(report_dir), HtmlReport(report_dir)]
    if on_github() if github is None else github:
        handlers.append(GithubReport())
    raise typer.Exit(int(run(options, handlers)))


def _unwrapped(text: str) -> str:
    """Each paragraph on one line, which the terminal's width breaks."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


app.command("run", help=_unwrapped(run_command.__doc__ or ""))(run_command)


def _credentials(customer_id: str | None, *, certificate_stdin: bool) -> tuple[str | None, str | None]:
    """Whom to test as, as far as that is said: never on the command line, which others can read."""
    from agora_rest.cli._accounts import Account, certificate_from_stdin
    from agora_rest.cli._exits import Complaint

    try:
        account = Account.found(profile=os.environ.get("AGORA_PROFILE"), given={"customer_id": customer_id})
        certificate = (
            certificate_from_stdin() if certificate_stdin else account.certificate and account.certificate.value
        )
    except Complaint as complaint:
        typer.echo(f"agora-rest: {complaint}", err=True)
        raise typer.Exit(2) from None
    chosen = account.get("customer_id")
    return chosen and chosen.value, certificate


def _rehearse(options: Options) -> None:
    from agora_rest.contract.rehearsal import rehearse
    from agora_rest.contract.target import CouldNotRun

    try:
        typer.echo("\n".join(rehearse(options).lines()))
    except CouldNotRun as trouble:
        typer.echo(f"agora-rest: {trouble}", err=True)
        raise typer.Exit(2) from None
