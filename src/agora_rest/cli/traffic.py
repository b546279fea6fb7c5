"""`agora-rest contract check` and `agora-rest contract redact`: recorded traffic."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agora_rest.cli._command import Manner, command
from agora_rest.cli._exits import Complaint

if TYPE_CHECKING:
    from agora_rest.contract.results.findings import Finding
    from agora_rest.contract.traffic.check import Report
    from agora_rest.contract.traffic.redact import Redacted


def register(app: typer.Typer) -> None:
    """Add both commands to `app`."""
    command(app, "check", example="agora-rest contract check session.har --host proxy.example.com", question=True)(
        check_command
    )
    command(app, "redact", example="agora-rest contract redact session.har")(redact_command)


def check_command(
    manner: Manner,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE.har…",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
            help="Recorded traffic, from a browser, a proxy, Postman or the emulator.",
        ),
    ],
    host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A host that serves the two APIs, beside Agora's own and this machine."),
    ] = None,
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
            raise Complaint(f"{file}: {error}.") from None
    if manner.json:
        manner.out.raw_document(_as_dict(report))
    else:
        typer.echo(_as_text(report))
    raise typer.Exit(1 if report.findings else 0)


def redact_command(
    manner: Manner,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.har",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
            help="Recorded traffic.",
        ),
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
        raise Complaint("--output and --in-place exclude each other.")
    target = file if in_place else output or file.with_suffix(f".redacted{file.suffix}")
    if to_stdout := str(target) == "-":
        if manner.json:
            raise Complaint("--json and --output - exclude each other: both are standard output.")
    elif target.exists() and not (in_place or force):
        raise Complaint(f"{target} is there already; --force overwrites it.")
    done = _redact(file, target)
    if manner.json:
        manner.out.document({"file": str(target), "exchanges": done.exchanges, "secrets_taken_out": done.secrets})
    where = "standard output" if to_stdout else str(target)
    manner.out.note(f"{done.secrets} secrets taken out of {done.exchanges} exchanges: {where}")


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
        raise Complaint(f"{file}: {error}.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


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
    from agora_rest.spec import facts

    times = f" ({finding.times} times)" if finding.times > 1 else ""
    lines = [f"✗ {finding.operation or 'a request'}: {finding.title}{times}"]
    lines += [f"    {facts()[number]}" if number in facts() else f"    {number}" for number in finding.facts]
    lines += [f"    expected: {finding.expected}", f"    got:      {finding.got}"]
    return lines + [f"    {line}" for line in finding.requests]
