"""`agora-rest contract check` and `agora-rest contract redact`: recorded traffic."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from agora_rest.contract.findings import Finding
    from agora_rest.contract.traffic.check import Report
    from agora_rest.contract.traffic.redact import Redacted


def register(app: typer.Typer) -> None:
    """Add both commands to `app`."""
    app.command("check")(check_command)
    app.command("redact")(redact_command)


def check_command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE.har…", exists=True, dir_okay=False, readable=True, show_default=False)
    ],
    host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A host that serves the two APIs, beside Agora's own and this machine."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check recorded traffic (HAR 1.2) against both specifications.

    Each file is a recording of its own: what shows only across exchanges is looked for inside each.

    Exit code 0: nothing found. 1: something found. 2: a file could not be read.
    """
    from agora_rest.contract.traffic.check import Report, check
    from agora_rest.contract.traffic.units import HarError

    report = Report()
    for file in files:
        try:
            with file.open("rb") as stream:
                check(stream, report, name=file.name, hosts=host or ())
        except (HarError, OSError) as error:
            _give_up(f"{file}: {error}")
    typer.echo(json.dumps(_as_dict(report), ensure_ascii=False, indent=1) if as_json else _as_text(report))
    raise typer.Exit(1 if report.findings else 0)


def redact_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.har", exists=True, dir_okay=False, readable=True, show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write; - is standard output.", show_default=False
        ),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Replace FILE.har itself.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Take every credential, key, certificate and token out of a HAR file; the rest stays byte for byte.

    Writes FILE.redacted.har beside the file, unless told otherwise.

    Exit code 0: done. 2: the file could not be read or written.
    """
    if output and in_place:
        _give_up("--output and --in-place exclude each other")
    target = file if in_place else output or file.with_suffix(f".redacted{file.suffix}")
    if str(target) != "-" and target.exists() and not (in_place or force):
        _give_up(f"{target} is there already; --force overwrites it")
    done = _redact(file, target)
    where = "standard output" if str(target) == "-" else str(target)
    typer.echo(f"{done.secrets} secrets taken out of {done.exchanges} exchanges: {where}", err=True)


def _redact(file: Path, target: Path) -> Redacted:
    """Write to `target` all at once, or not at all."""
    from agora_rest.contract.traffic.redact import redact
    from agora_rest.contract.traffic.units import HarError

    try:
        with file.open("rb") as source:
            if str(target) == "-":
                return redact(source, sys.stdout.buffer)
            descriptor, scratch = tempfile.mkstemp(dir=target.resolve().parent, prefix=f".{target.name}.")
            try:
                with open(descriptor, "wb") as written:  # noqa: PTH123 - a descriptor, not a path
                    done = redact(source, written)
                Path(scratch).chmod(0o666 & ~_umask())
                Path(scratch).replace(target)
            except BaseException:
                with suppress(OSError):
                    Path(scratch).unlink()
                raise
            return done
    except (HarError, OSError) as error:
        _give_up(f"{file}: {error}")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _give_up(why: str) -> NoReturn:
    typer.echo(f"agora-rest: {why}", err=True)
    raise typer.Exit(2)


def _as_dict(report: Report) -> dict[str, Any]:
    return {
        "checked": report.checked,
        "exchanges": dict(report.exchanges),
        "other_hosts": dict(report.other_hosts),
        "other_paths": report.other_paths,
        "unanswered": report.unanswered,
        "unseen_bodies": report.unseen_bodies,
        "findings": [finding.as_dict() for finding in report.findings],
    }


def _as_text(report: Report) -> str:
    lines = [line for finding in report.findings for line in [*_finding(finding), ""]]
    found = f"{len(report.findings)} findings" if report.findings else "nothing found"
    lines.append(f"{report.checked} exchanges of the two APIs checked: {found}.")
    passed = [f"{count} of {host}" for host, count in report.other_hosts.most_common(5)]
    if passed:
        total, hosts = report.other_hosts.total(), len(report.other_hosts)
        more = f" and {hosts - len(passed)} more hosts" if hosts > len(passed) else ""
        lines.append(f"Passed over: {total} exchanges of other hosts ({', '.join(passed)}{more}).")
    for count, what in (
        (report.other_paths, "requests to these hosts that belong to neither API"),
        (report.unanswered, "requests that were not answered"),
        (report.unseen_bodies, "answers whose body is not in the file"),
    ):
        if count:
            lines.append(f"Not judged: {count} {what}.")
    return "\n".join(lines)


def _finding(finding: Finding) -> list[str]:
    from agora_rest.contract.facts import FACTS

    times = f" ({finding.times} times)" if finding.times > 1 else ""
    lines = [f"✗ {finding.operation or 'a request'}: {finding.title}{times}"]
    lines += [f"    {FACTS[number]}" if number in FACTS else f"    {number}" for number in finding.facts]
    lines += [f"    expected: {finding.expected}", f"    got:      {finding.got}"]
    return lines + [f"    {line}" for line in finding.requests]
