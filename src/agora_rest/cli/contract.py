"""`agora-rest contract`: does a server keep to the contract?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agora_rest.cli import _completing, explain, starter, traffic
from agora_rest.cli._accounts import Account, certificate_from_stdin, typed_certificate
from agora_rest.cli._command import command
from agora_rest.cli._exits import CONTRACT_EPILOG, CliError
from agora_rest.cli._live import seconds
from agora_rest.cli._options import flag, option
from agora_rest.cli._reports import report_handlers
from agora_rest.cli._session import ACCOUNT, AppSession
from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES, Options, parse_apis
from agora_rest.contract.safety.access import RequestedAccess
from agora_rest.contract.safety.bounds import DEFAULT_TIMEOUT
from agora_rest.spec import DIALECTS, Dialect

if TYPE_CHECKING:
    from agora_rest.contract.results.events import Handler
    from agora_rest.spec import Api

app = typer.Typer(
    help="Check whether a server keeps to Agora's documents: the contract.",
    no_args_is_help=True,
    epilog=CONTRACT_EPILOG,
)


@dataclass
class TestedServer(AppSession):
    """Server and account. A server is tested only if named explicitly, not because a variable happens to be set."""

    profile: Annotated[
        str | None,
        option(
            "The account to test as, and its server if --base-url names no other. Without it, the account of "
            "--base-url is that of AGORA_PROFILE, the environment or the profile `default`.",
            "NAME",
            panel=ACCOUNT,
            autocompletion=_completing.profiles,
        ),
    ] = None
    base_url: Annotated[
        str | None,
        option(
            "The server, without /dev. With neither this nor --profile, an emulator is started for the run.",
            "URL",
            panel=ACCOUNT,
        ),
    ] = None
    app_id: Annotated[
        str | None,
        option(
            "A live App ID. Left out: that of the profile that is named, or of the account's first enabled project.",
            "ID",
            panel=ACCOUNT,
            autocompletion=_completing.app_ids,
        ),
    ] = None

    @cached_property
    def account(self) -> Account:
        """The account from options, environment and profiles."""
        return self.account_of(self.profile or os.environ.get("AGORA_PROFILE"))

    @property
    def server(self) -> str | None:
        """Its base URL; None for an emulator that is started for the run. Raises CliError for an empty one."""
        if self.base_url == "":
            raise CliError("--base-url is empty: set it to the server, or leave it out to test an emulator.")
        return self.account.base_url.value if self.profile else self.base_url

    @property
    def live_app_id(self) -> str | None:
        """The App ID that was named, by an option or with its account."""
        named = self.account.get("app_id") if self.profile else None
        return named.value if named else self.app_id

    def known_credentials(self) -> tuple[str | None, str | None]:
        """Customer ID and certificate as far as they are known; on a terminal, a certificate that is not is typed."""
        customer_id = self.account.get("customer_id")
        if self.certificate_stdin:
            certificate: str | None = certificate_from_stdin()
        elif found := self.account.certificate:
            certificate = found.value
        else:
            certificate = typed_certificate() if customer_id and sys.stdin.isatty() else None
        return customer_id.value if customer_id else None, certificate


@command(app, "run", example="agora-rest contract run --base-url https://api.agora.io --dry-run", question=True)
def run_command(
    tested: TestedServer,
    api: Annotated[
        Literal["cloud-recording", "console", "all"],
        option("Which API to test: cloud-recording, console or all.", "NAME"),
    ] = "all",
    dialect: Annotated[
        Literal["auto", Dialect],
        option("The required dialect: documented, observed or current; or auto, the one that the server uses.", "NAME"),
    ] = "auto",
    access: Annotated[
        RequestedAccess | None,
        option(
            "What the run may do: read-only, full or emulator (see above). By default everything if the server "
            "proves to be an emulator on this machine, read-only elsewhere.",
            "LEVEL",
        ),
    ] = None,
    i_own_this_account: Annotated[
        bool, flag("Confirm ownership; required by --access full for a server that is not an emulator.")
    ] = False,
    dry_run: Annotated[bool, flag("List the requests that would be sent or blocked; send nothing.")] = False,
    header: Annotated[
        list[str] | None,
        option(
            "Send the header NAME with every request, with the value of the environment variable VARIABLE: a gateway "
            "may require one. May be repeated.",
            "NAME=VARIABLE",
        ),
    ] = None,
    seed: Annotated[int | None, option("Repeat the run that printed this seed.", "N", min=0)] = None,
    max_examples: Annotated[
        int, option("Requests drawn for each operation in the fuzzing phases.", "N", min=1)
    ] = DEFAULT_MAX_EXAMPLES,
    exit_first: Annotated[
        bool, flag("Stop at the first finding: the same as --max-findings 1.", "--exitfirst", "-x")
    ] = False,
    max_findings: Annotated[
        int | None,
        option("Stop once N findings count; the cheapest and most informative checks come first.", "N", min=1),
    ] = None,
    jobs: Annotated[
        int | None,
        option(
            "Processes that share a run against the embedded emulator; by default one for each core, at most four. "
            "Any other server is tested by one process.",
            "N",
            "--jobs",
            "-j",
            min=1,
        ),
    ] = None,
    timeout: Annotated[
        Any,
        option(
            "Time limit for the run, e.g. 90s or 1h; 15m by default. Cleanup may take two more minutes.",
            "TIME",
            parser=seconds,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        option(
            "Run only the checks that guard this fact, such as CR-11; may be repeated.",
            "FACT",
            autocompletion=_completing.facts,
        ),
    ] = None,
    names: Annotated[
        list[str] | None, option("Run only the checks with this in their name; may be repeated.", "NAME", "-k")
    ] = None,
    list_checks: Annotated[bool, flag("List the checks that would run, with their rules; run none.")] = False,
    report_dir: Annotated[
        Path | None,
        option("Write contract.html, contract.json and contract.junit.xml into it.", "DIR", file_okay=False),
    ] = None,
    github: Annotated[
        bool | None,
        option("Annotations for GitHub Actions. By default only there, without --json.", None, "--github/--no-github"),
    ] = None,
    baseline: Annotated[
        Path | None, option("Known findings (TOML), each accepted until its date.", "FILE", dir_okay=False)
    ] = None,
    write_baseline: Annotated[
        Path | None,
        option(
            "Write a baseline (TOML) that accepts everything this run finds; the exit code is that of the run. Entries "
            "of an existing file keep their reasons, and stay if the run does not meet them.",
            "FILE",
            dir_okay=False,
        ),
    ] = None,
    force: Annotated[
        bool, flag("With --write-baseline: drop the entries that the run does not meet, and overwrite any file.")
    ] = False,
    keep: Annotated[
        bool, option("Store failures in .agora-rest/ and try them first next time.", None, "--keep/--no-keep")
    ] = True,
) -> None:
    """Test a server against both specifications and the facts behind them.

    A server on this machine that proves to be an emulator may be used in any way; it is reset before every check. Any
    other server, even on this machine, gets GET requests only, unless you choose what access the run has:

    read-only: only GET requests, on any server.

    full: create what is needed, in the account whose credentials you give, and remove it again, even on Ctrl-C. It
    never resets a certificate, changes or deletes a project it did not create, kicks users outside its own channels, or
    leaves a recording running. It requires --i-own-this-account.

    emulator: the server is an emulator on another machine, and must prove it; it is used and reset like one on this
    machine.

    A server that is not an emulator gets at most 8 requests in any second. Rules that could not be checked are reported
    as skipped.

    A finding shows the command that repeats its check (-k). --json prints the report, as contract.json in --report-dir
    has it, or the output of --dry-run or --list-checks.

    Exit code 0: the contract holds. 1: it is broken. 2: it could not be checked (no server there, credentials refused,
    the run was interrupted or reached --timeout before it found anything).
    """
    # Only now, so that the help of the command line does not wait for hypothesis and its company.
    from agora_rest.contract.results.last_failure import DEFAULT_FILE
    from agora_rest.contract.results.reports.github import on_github
    from agora_rest.contract.runner import run

    if list_checks:
        _list_checks(tested, parse_apis([api]), only or [], names or [])
        return
    if exit_first and max_findings not in (None, 1):
        raise CliError("--exitfirst is --max-findings 1: leave one of them out.")
    if github and tested.json:
        raise CliError("--github and --json exclude each other: both write to standard output.")
    if force and write_baseline is None:
        raise CliError("--force is for --write-baseline.")
    server = tested.server
    customer_id, certificate = (None, None) if server is None or dry_run else tested.known_credentials()
    options = Options(
        apis=parse_apis([api]),
        base_url=server,
        customer_id=customer_id,
        customer_certificate=certificate,
        headers=_headers(header or ()),
        profile=tested.profile,
        app_id=tested.live_app_id,
        dialect=next((each for each in DIALECTS if each == dialect), None),
        access=access,
        owned=i_own_this_account,
        seed=seed,
        max_examples=max_examples,
        only=tuple(only or ()),
        names=tuple(names or ()),
        max_findings=1 if exit_first else max_findings,
        jobs=jobs,
        timeout=timeout or DEFAULT_TIMEOUT,
        baseline=baseline,
        write_baseline=write_baseline,
        overwrite_baseline=force,
        keep=DEFAULT_FILE if keep else None,
    )
    if dry_run:
        _rehearse(tested, options)
        return
    annotated = on_github() and not tested.json if github is None else github
    raise typer.Exit(int(run(options, _handlers(tested, report_dir, annotated=annotated))))


def _headers(given: Iterable[str]) -> dict[str, str]:
    """The variable of each header. An error does not repeat what was given: it may be a value."""
    pairs = [each.partition("=") for each in given]
    if not all(name and variable for name, _, variable in pairs):
        raise CliError("--header takes NAME=VARIABLE: a header, and the environment variable that has its value.")
    return {name: variable for name, _, variable in pairs}


for _part in (traffic, explain, starter):
    app.registered_commands += _part.app.registered_commands


def _handlers(tested: TestedServer, report_dir: Path | None, *, annotated: bool) -> list[Handler]:
    """The reports of the run. With --json the one for people is on standard error, on a terminal only."""
    from rich.console import Console

    from agora_rest.contract.results.reports.github import GithubReport
    from agora_rest.contract.results.reports.json import JsonReport
    from agora_rest.contract.results.reports.terminal import TerminalReport

    handlers: list[Handler] = []
    if not tested.json or sys.stderr.isatty():
        handlers.append(TerminalReport(Console(stderr=tested.json)))
    if tested.json:
        handlers.append(JsonReport(tested.out.raw_document))
    handlers += report_handlers(report_dir)
    if annotated:
        handlers.append(GithubReport())
    return handlers


def _list_checks(tested: TestedServer, apis: tuple[Api, ...], only: list[str], names: list[str]) -> None:
    from agora_rest.contract.checking.checks import all_checks
    from agora_rest.contract.checking.guards import guard
    from agora_rest.contract.checking.selection import NothingSelected, require_known, selected

    try:
        require_known(all_checks(), only, names)
    except NothingSelected as error:
        raise CliError(f"{error}.") from None
    checks = [each for each in selected(all_checks(), only, names) if each.apis & set(apis)]
    if tested.json:
        tested.out.raw_document({"checks": [{**asdict(guard(each)), "facts": each.facts} for each in checks]})
        return
    for each in checks:
        condition = guard(each).condition
        needs = f" (needs {condition})" if condition else ""
        typer.echo(f"{each.name} [{', '.join(each.facts)}]\n    {each.sentence}{needs}")


def _rehearse(tested: TestedServer, options: Options) -> None:
    from agora_rest.contract.safety.dry_run import rehearse
    from agora_rest.contract.target import CouldNotRun

    try:
        rehearsal = rehearse(options)
    except CouldNotRun as trouble:
        raise CliError(f"{trouble}.") from None
    if tested.json:
        tested.out.raw_document(rehearsal.as_dict())
    else:
        typer.echo("\n".join(rehearsal.lines()))
