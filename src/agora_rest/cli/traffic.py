"""`agora-rest contract check`, `watch` and `redact`: recorded traffic, and the drift that a client saw."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from agora_rest.cli._command import OutputOptions, command
from agora_rest.cli._exits import CliError
from agora_rest.cli._options import argument, flag, option
from agora_rest.cli._output import printable

if TYPE_CHECKING:
    from agora_rest.contract.results.findings import Finding
    from agora_rest.contract.traffic.check import Report
    from agora_rest.contract.traffic.drift import Drift
    from agora_rest.contract.traffic.redact import Redacted


app = typer.Typer()

Hosts = Annotated[
    list[str] | None, option("Another host that serves the two APIs; Agora's own and this machine are known.", "NAME")
]


def _file(help: str, metavar: str = "FILE.har") -> Any:  # noqa: A002  as Typer calls it
    """A file to read."""
    return argument(help, metavar, exists=True, dir_okay=False, readable=True)


@command(app, "check", example="agora-rest contract check session.har --host proxy.example.com", question=True)
def check_command(
    manner: OutputOptions,
    files: Annotated[
        list[Path],
        _file("Recorded traffic, from a browser, a proxy, the client's recorder or the emulator.", "FILE.har…"),
    ],
    host: Hosts = None,
    undisturbed: Annotated[
        float,
        option(
            "Assume that nothing else changed between two exchanges that are at most this far apart: no other client "
            "called, no user came or went. By default, differences that others may have caused are not reported.",
            "SECONDS",
            min=0,
        ),
    ] = 0,
) -> None:
    """Check recorded traffic (HAR 1.2) against both specifications.

    Each exchange is checked on its own, and all exchanges of a file together: what was created, listed, started,
    stopped, banned and paged. Each file is a separate recording.

    Exit code 0: nothing found. 1: something found. 2: a file could not be read, or no file has an exchange to check.
    """
    from agora_rest.contract.traffic.check import Report, check
    from agora_rest.contract.traffic.units import HarError

    report = Report()
    for file in files:
        try:
            with file.open("rb") as stream:
                check(stream, report, name=file.name, hosts=host or (), undisturbed=undisturbed)
        except (HarError, OSError) as error:
            raise CliError(f"{file}: {error}.") from None
    if manner.json:
        manner.out.raw_document(_as_dict(report))
    else:
        typer.echo(_as_text(report))
    if not report.checked and not report.findings:
        raise CliError(_nothing_checked(report))
    raise typer.Exit(1 if report.findings else 0)


@command(app, "watch", example="agora-rest contract watch drift.jsonl", question=True)
def watch_command(
    manner: OutputOptions,
    file: Annotated[
        Path,
        _file("The `drift_file` of a client, or recorded traffic (HAR).", "FILE"),
    ],
    host: Annotated[list[str] | None, option("A host that serves the two APIs, in recorded traffic.", "NAME")] = None,
) -> None:
    """Summarise how the responses that a client has recorded differ from the documents.

    A client with `validate="warn"` and a `drift_file` writes them there. For each kind of difference (drift), this
    prints the operation, the rule and its facts, how often it was seen, when first and last, and an example without
    secrets.

    Exit code 0: no drift. 1: some. 2: the file could not be read.
    """
    from agora_rest.contract.traffic.drift import drift_in
    from agora_rest.contract.traffic.units import HarError

    try:
        with file.open("rb") as stream:
            found = drift_in(stream, name=file.name, hosts=host or ())
    except (HarError, OSError) as error:
        raise CliError(f"{file}: {error}.") from None
    if manner.json:
        manner.out.raw_document({"drift": [{**asdict(each), "facts": list(each.facts)} for each in found]})
    else:
        lines = [line for each in found for line in [*_drift(each), ""]]
        kinds = f"{_counted(len(found), 'kind')} of" if found else "No"
        typer.echo("\n".join(printable(line) for line in [*lines, f"{kinds} drift seen."]))
    raise typer.Exit(1 if found else 0)


@command(app, "redact", example="agora-rest contract redact session.har")
def redact_command(
    manner: OutputOptions,
    file: Annotated[Path, _file("Recorded traffic.")],
    output: Annotated[Path | None, option("The output file; - is standard output.", "FILE", "--output", "-o")] = None,
    in_place: Annotated[bool, flag("Replace FILE.har itself.")] = False,
    force: Annotated[bool, flag("Overwrite an existing file.")] = False,
    keep: Annotated[
        list[str] | None, option("Keep the values of members, headers and parameters of this name.", "NAME")
    ] = None,
    host: Hosts = None,
) -> None:
    """Replace everything in a HAR file that may be secret.

    Declared values that contain no secret are kept: numbers, dates, listed values, known words. Everything else is
    replaced by marks, equal values by equal marks, so `contract check` has the same findings as before. Writes
    FILE.redacted.har beside the file by default.

    Exit code 0: done. 2: the file could not be read or written.
    """
    if output and in_place:
        raise CliError("--output and --in-place exclude each other.")
    target = file if in_place else output or file.with_suffix(f".redacted{file.suffix}")
    if to_stdout := str(target) == "-":
        if manner.json:
            raise CliError("--json and --output - exclude each other: both are standard output.")
    elif target.exists() and not (in_place or force):
        raise CliError(f"{target} is there already; --force overwrites it.")
    done = _redact(file, target, keep or (), host or ())
    manner.out.document({"file": str(target), "exchanges": done.exchanges, "values_hidden": done.secrets})
    where = "standard output" if to_stdout else str(target)
    manner.out.note(f"{_counted(done.secrets, 'value')} hidden in {_counted(done.exchanges, 'exchange')}: {where}")


def _redact(file: Path, target: Path, keep: Iterable[str], hosts: Iterable[str]) -> Redacted:
    """Write to `target` all at once, or not at all."""
    from agora_rest.contract.traffic.redact import redact
    from agora_rest.contract.traffic.units import HarError

    try:
        with file.open("rb") as source:
            if str(target) == "-":
                return redact(source, sys.stdout.buffer, keep=keep, hosts=hosts)
            descriptor, scratch = tempfile.mkstemp(dir=target.resolve().parent, prefix=f".{target.name}.")
            try:
                with open(descriptor, "wb") as written:  # noqa: PTH123  a descriptor, not a path
                    done = redact(source, written, keep=keep, hosts=hosts)
                Path(scratch).chmod(0o666 & ~_umask())
                Path(scratch).replace(target)
            except BaseException:
                with suppress(OSError):
                    Path(scratch).unlink()
                raise
            return done
    except (HarError, OSError) as error:
        raise CliError(f"{file}: {error}.") from None


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
        "unmatched": [{**each._asdict(), "times": times} for each, times in report.unmatched.items()],
        "known_to": [
            {"operation": operation, "documents": known, "times": times}
            for (operation, known), times in report.known_to.items()
        ],
        "not_in_documents": _noted(report.not_in_documents),
        "not_in_present_documents": _noted(report.not_in_present),
        "ignored_members": _noted(report.ignored_members),
        "unanswered": report.unanswered,
        "unseen_bodies": report.unseen_bodies,
        "findings": [finding.as_dict() for finding in report.findings],
    }


def _noted(notes: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"operation": operation, "what": what, "times": times} for (operation, what), times in notes.items()]


def _as_text(report: Report) -> str:
    lines = [line for finding in report.findings for line in [*_finding(finding), ""]]
    for unmatched, times in report.unmatched.items():
        like = f"; it resembles {unmatched.resembles}" if unmatched.resembles else ""
        what = f"{unmatched.method} {unmatched.path}: {unmatched.status or 'no response'}"
        lines.append(f"No operation: {what}{_times(times)}{like}.")
    in_short = _is_of_today(report) and len(report.not_in_documents) > 1
    for notes, meaning in (
        (
            Counter() if in_short else report.not_in_documents,
            "is not in the documents of 2019; the present ones have it",
        ),
        (report.not_in_present, "is not in the present documents; those of 2019 have it"),
        (report.ignored_members, "is not known here, and was ignored"),
    ):
        lines += [f"{operation}: {what} {meaning}{_times(times)}." for (operation, what), times in notes.items()]
    found = _counted(len(report.findings), "finding") if report.findings else "nothing found"
    lines.append(f"{_counted(report.checked, 'exchange')} of the two APIs checked: {found}.")
    if known := _known(report):
        lines.append(f"Known to {known}.")
    if in_short:
        parts = _counted(len(report.not_in_documents), "part")
        lines.append(f"Not in the documents of 2019: {parts} of these exchanges; --json has the list.")
    if report.other_hosts:
        lines.append(f"Passed over: {_other_hosts(report)}.")
    for count, noun, what in (
        (report.other_paths, "request", "to these hosts for no operation"),
        (report.unanswered, "request", "without a response of the server"),
        (report.unseen_bodies, "response", "without its body in the file"),
    ):
        if count:
            lines.append(f"Not judged: {_counted(count, noun)} {what}.")
    return "\n".join(printable(line) for line in lines)


def _is_of_today(report: Report) -> bool:
    """Whether the present documents know every exchange: what those of 2019 lack is no news then."""
    known = {known for _, known in report.known_to}
    return "current" in known and known <= {"both", "current"}


def _known(report: Report) -> str:
    """How many exchanges each edition of the documents knows, in words."""
    counts: Counter[str] = Counter()
    for (_, known), times in report.known_to.items():
        counts[known] += times
    return ", ".join(f"{words} {counts[known]}" for known, words in _KNOWN.items() if counts[known])


_KNOWN: Final = {
    "both": "both editions of the documents:",
    "current": "the present documents only:",
    "2019": "those of 2019 only:",
    "parts": "both only in parts, request and response:",
    "neither": "neither:",
}


def _other_hosts(report: Report) -> str:
    passed = [f"{count} of {host}" for host, count in report.other_hosts.most_common(5)]
    total, hosts = report.other_hosts.total(), len(report.other_hosts)
    more = f" and {hosts - len(passed)} more hosts" if hosts > len(passed) else ""
    return f"{_counted(total, 'exchange')} of other hosts ({', '.join(passed)}{more})"


def _nothing_checked(report: Report) -> str:
    if report.other_hosts:
        return f"No exchange was checked: {_other_hosts(report)}. Pass --host NAME for a host that serves the two APIs."
    if report.other_paths:
        return "No exchange was checked: no request belongs to an operation. Pass --host NAME for another host."
    return "No exchange was checked: there is none in the file. Pass --host NAME for a host that serves the two APIs."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _times(times: int) -> str:
    return f" ({times} times)" if times > 1 else ""


def _drift(drift: Drift) -> list[str]:
    times = "once" if drift.times == 1 else f"{drift.times} times"
    when = "" if not drift.first else f", {drift.first}" + (f" to {drift.last}" if drift.last != drift.first else "")
    return _deviation(drift, drift.rule, f"seen {times}{when}")


def _finding(finding: Finding) -> list[str]:
    lines = _deviation(finding, f"{finding.title}{_times(finding.times)}")
    return lines + [f"    {line}" for line in finding.requests]


def _deviation(found: Drift | Finding, title: str, *more: str) -> list[str]:
    from agora_rest.spec import facts

    known = [str(facts().get(number, number)) for number in found.facts]
    details = [*known, *more, f"expected: {found.expected}", f"got:      {found.got}"]
    return [f"✗ {found.operation or 'a request'}: {title}", *(f"    {line}" for line in details)]
