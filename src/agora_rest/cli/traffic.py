"""`agora-rest contract check`, `watch` and `redact`: recorded traffic, and the drift that a client saw."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

import typer

from agora_rest.cli._command import OutputOptions, command
from agora_rest.cli._exits import CliError
from agora_rest.cli._options import argument, flag, option
from agora_rest.cli._output import printable
from agora_rest.cli._reports import report_handlers

if TYPE_CHECKING:
    from agora_rest.contract.results.baseline import Entry, Verdict
    from agora_rest.contract.results.findings import Finding
    from agora_rest.contract.traffic.check import Report, Unmatched
    from agora_rest.contract.traffic.drift import Drift
    from agora_rest.contract.traffic.redact import Redacted


app = typer.Typer()

Hosts = Annotated[
    list[str] | None,
    option("A host that serves the two APIs, beside Agora's own and this machine; may be repeated.", "NAME"),
]
BaseUrls = Annotated[
    list[str] | None,
    option(
        "The same for a server whose calls have a path before /v1 and /dev, such as https://gateway.example.com/agora; "
        "may be repeated. Its port does not count; http permits unencrypted calls to it.",
        "URL",
    ),
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
    base_url: BaseUrls = None,
    undisturbed: Annotated[
        float,
        option(
            "Assume that nothing else changed between two exchanges that are at most this far apart: no other client "
            "called, no user came or went. By default, differences that others may have caused are not reported.",
            "SECONDS",
            min=0,
        ),
    ] = 0,
    report_dir: Annotated[
        Path | None,
        option("Write contract.html, contract.json and contract.junit.xml into it.", "DIR", file_okay=False),
    ] = None,
    baseline: Annotated[
        Path | None, option("Known findings (TOML), each accepted until its date.", "FILE", dir_okay=False)
    ] = None,
) -> None:
    """Check recorded traffic (HAR 1.2) against both specifications.

    Each exchange is checked on its own, and all exchanges of a file together: what was created, listed, started,
    stopped, banned and paged. Each file is a separate recording.

    Exit code 0: nothing found. 1: something found. 2: a file could not be read, or no file has an exchange to check;
    what was found in the other files is shown.
    """
    from agora_rest.contract.results.events import Events, Outcome
    from agora_rest.contract.traffic.check import Report, check
    from agora_rest.contract.traffic.events import events_of

    known, handlers, started = _known_findings(baseline), report_handlers(report_dir), time.monotonic()
    report, unreadable = Report(), list[str]()
    servers = {"hosts": host or (), "base_urls": base_url or ()}
    for file in files:
        try:
            with _reading(file), file.open("rb") as stream:
                check(stream, report, name=file.name, undisturbed=undisturbed, **servers)
        except _UnreadableError as error:
            unreadable.append(str(error))
    verdict = _verdict(report, known)
    trouble = " ".join(unreadable) or ("" if report.has_judged else _nothing_checked(report))
    outcome = Outcome.COULD_NOT_RUN if trouble else Outcome.BROKEN if verdict.broken else Outcome.HOLDS
    if report.has_judged or not unreadable:
        manner.out.raw_document(_as_dict(report, verdict, unreadable))
        if not manner.json:
            typer.echo(_as_text(report, verdict))
    events = Events(handlers)
    for event in events_of(report, verdict, outcome, trouble or _sentence(report, verdict), time.monotonic() - started):
        events.send(event)
    if trouble:
        raise CliError(trouble)
    raise typer.Exit(int(outcome))


def _known_findings(baseline: Path | None) -> tuple[Entry, ...]:
    from agora_rest.contract.results.baseline import BaselineError, read_baseline

    try:
        return read_baseline(baseline) if baseline else ()
    except BaselineError as error:
        raise CliError(f"{error}.") from None


def _verdict(report: Report, known: tuple[Entry, ...]) -> Verdict:
    """The findings that count and those that are known. Traffic proves of no entry that it is not needed any more."""
    from agora_rest.contract.results.baseline import judge

    met = [entry for entry in known if any(map(entry.covers, report.findings))]
    return judge(met, report.findings, datetime.now(UTC).date(), operations=())


class _UnreadableError(CliError):
    """A file could not be read."""


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Errors in the block name `file`, which is read in it; those of options have their own words."""
    from agora_rest.contract.traffic.units import HarError

    try:
        yield
    except BrokenPipeError:  # what reads the output is gone
        raise
    except (HarError, OSError) as error:
        raise _UnreadableError(f"{file}: {getattr(error, 'strerror', None) or error}.") from None
    except ValueError as error:
        raise CliError(f"{error}.") from None


@command(app, "watch", example="agora-rest contract watch drift.jsonl", question=True)
def watch_command(
    manner: OutputOptions,
    file: Annotated[
        Path,
        _file("The `drift_file` of a client, or recorded traffic (HAR).", "FILE"),
    ],
    host: Hosts = None,
    base_url: BaseUrls = None,
) -> None:
    """Summarise how the responses that a client has recorded differ from the documents.

    A client with `validate="warn"` and a `drift_file` writes them there. For each kind of difference (drift), this
    prints the operation, the rule and its facts, how often it was seen, when first and last, and an example without
    secrets.

    Exit code 0: no drift. 1: some. 2: the file could not be read, or it is recorded traffic with no exchange to check.
    """
    from agora_rest.contract.traffic.drift import NothingChecked, drift_in

    try:
        with _reading(file), file.open("rb") as stream:
            found = drift_in(stream, name=file.name, hosts=host or (), base_urls=base_url or ())
    except NothingChecked as nothing:
        raise CliError(_nothing_checked(nothing.report)) from None
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
    base_url: BaseUrls = None,
) -> None:
    """Replace everything in a HAR file that may be secret.

    Declared values that contain no secret are kept: numbers, dates, listed values, known words. Everything else is
    replaced by marks, equal values by equal marks, so `contract check` has the same findings as before. Writes
    FILE.redacted.har beside the file by default.

    Servers named by --host or --base-url get neutral names, such as agora-1.example, which `contract check` knows:
    the new file is checked without these options. The traffic of any other host is hidden altogether.

    Exit code 0: done. 2: the file could not be read or written.
    """
    if output and in_place:
        raise CliError("--output and --in-place exclude each other.")
    target = file if in_place else output or file.with_suffix(f".redacted{file.suffix}")
    if to_stdout := str(target) == "-":
        if manner.json:
            raise CliError("--json and --output - exclude each other: both are standard output.")
    elif target.exists() and not (in_place or force or _is_stream(target)):
        raise CliError(f"{target} is there already; --force overwrites it.")
    if in_place and not file.is_file():
        raise CliError(f"{file}: --in-place is for a regular file.")
    links = file.stat().st_nlink - 1 if in_place else 0
    done = _redact(file, target, keep=keep or (), hosts=host or (), base_urls=base_url or ())
    counts = {"exchanges": done.exchanges, "exchanges_to_check": done.of_the_apis, "values_hidden": done.secrets}
    manner.out.document({"file": str(target), **counts})
    where = "standard output" if to_stdout else str(target)
    manner.out.note(f"{_counted(done.secrets, 'value')} hidden in {_counted(done.exchanges, 'exchange')}: {where}")
    manner.out.note(_how_to_check(done, "FILE" if to_stdout else where))
    if links:
        manner.out.note(f"{_counted(links, 'other name')} of {file} (hard links) still had the values in clear")


def _how_to_check(done: Redacted, file: str) -> str:
    if done.of_the_apis:
        exchanges = _counted(done.of_the_apis, "exchange")
        return f"{exchanges} in it can be checked: agora-rest contract check {shlex.quote(file)}"
    options = _naming_options(done.addresses)
    return (
        "Nothing in it can be checked: there is no exchange with a server of the two APIs. Repeat this with "
        f"{options or '--host NAME or --base-url URL of your server'}; the name is not kept."
    )


def _is_stream(path: Path) -> bool:
    """Whether a path is written to and not replaced: a terminal, `/dev/null`, a pipe."""
    return path.is_char_device() or path.is_fifo()


def _redact(
    file: Path, target: Path, *, keep: Iterable[str], hosts: Iterable[str], base_urls: Iterable[str]
) -> Redacted:
    """Write to `target` all at once, or not at all; a link stays one, and the file that it leads to is replaced."""
    from agora_rest.contract.traffic import redact as module

    redact = partial(module.redact, keep=keep, hosts=hosts, base_urls=base_urls)

    with _reading(file), file.open("rb") as source:
        if str(target) == "-":
            return redact(source, _Writing("standard output", sys.stdout.buffer))
        with _writing(target) as written:
            return redact(source, written)


@contextmanager
def _writing(target: Path) -> Iterator[_Writing]:
    """The file behind `target`, which is replaced if the block succeeds; a stream is written to."""
    name = str(target)
    with _naming(name):
        file = target.resolve()
        scratch, stream = _opened(file)
    try:
        yield _Writing(name, stream)
        with _naming(name):
            stream.close()
            if scratch is not None:
                scratch.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask())
                scratch.replace(file)
    except BaseException:
        with suppress(OSError):
            stream.close()
        if scratch is not None:
            scratch.unlink(missing_ok=True)
        raise


def _opened(file: Path) -> tuple[Path | None, IO[bytes]]:
    """A stream for what is to be in `file`, and the new file in which it is until then, if it is not written to."""
    if _is_stream(file):
        return None, file.open("wb")
    if file.exists() and not file.is_file():
        raise CliError(f"{file} is neither a file nor a pipe; nothing was written.")
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    return Path(name), open(descriptor, "wb")  # noqa: PTH123  a descriptor, not a path; closed by the caller


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Errors in the block name the output: in the same call another file is read. A closed pipe stays what it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CliError(f"{name} cannot be written: {error.strerror or type(error).__name__}.") from None


class _Writing:
    """A stream whose errors name it."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self._name, self._stream = name, stream

    def write(self, data: bytes) -> int:
        """Write all of `data`."""
        with _naming(self._name):
            return self._stream.write(data)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _as_dict(report: Report, verdict: Verdict, unreadable: list[str]) -> dict[str, Any]:
    return {
        "checked": report.checked,
        "exchanges": dict(report.exchanges),
        "other_hosts": dict(report.other_hosts),
        "other_paths": report.other_paths,
        "addresses": dict(report.addresses),
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
        "unreadable": unreadable,
        "findings": [finding.as_dict() for finding in verdict.broken],
        "accepted": [
            {**each.finding.as_dict(), "until": each.until.isoformat(), "reason": each.reason}
            for each in verdict.accepted
        ],
        "remarks": list(verdict.remarks),
    }


def _noted(notes: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"operation": operation, "what": what, "times": times} for (operation, what), times in notes.items()]


def _as_text(report: Report, verdict: Verdict) -> str:
    lines = [line for finding in verdict.broken for line in [*_finding(finding), ""]]
    lines += [
        f"Accepted until {each.until} ({each.reason}): {each.finding.operation}: {each.finding.title}"
        for each in verdict.accepted
    ]
    lines += verdict.remarks
    for unmatched, times in report.unmatched.items():
        what = f"{unmatched.method} {unmatched.path}: {unmatched.status or 'no response'}"
        lines.append(f"No operation: {what}{_times(times)}{_likeness(unmatched)}.")
    for notes, meaning in (
        (Counter() if _is_of_today(report) else report.not_in_documents, "is in the documents of today only: no error"),
        (report.not_in_present, "is in the documents of 2019 only: no error"),
        (report.ignored_members, "is not known here, and was ignored"),
    ):
        lines += [f"{operation}: {what} {meaning}{_times(times)}." for (operation, what), times in notes.items()]
    lines.append(_sentence(report, verdict))
    if not _is_of_today(report) and (known := _known(report)):
        lines.append(f"Editions of Agora's documents that describe these exchanges: {known}.")
    if report.other_hosts:
        lines.append(f"Passed over: {_other_hosts(report)}.")
    if report.addresses and report.has_judged:
        lines.append(_addresses(report.addresses))
    for count, noun, what in (
        (report.other_paths, "request", "to these hosts for no operation"),
        (report.unanswered, "request", "without a response of the server"),
        (report.unseen_bodies, "response", "without its body in the file"),
    ):
        if count:
            lines.append(f"Not judged: {_counted(count, noun)} {what}.")
    return "\n".join(printable(line) for line in lines)


def _likeness(unmatched: Unmatched) -> str:
    if unmatched.base_url:
        return f"; with --base-url {unmatched.base_url} it is {unmatched.resembles}"
    return f"; it resembles {unmatched.resembles}" if unmatched.resembles else ""


def _sentence(report: Report, verdict: Verdict) -> str:
    found = _counted(len(verdict.broken), "finding") if verdict.broken else "nothing found"
    if verdict.accepted and not verdict.broken:
        found = f"nothing new found ({len(verdict.accepted)} known)"
    return f"{_counted(report.checked, 'exchange')} of the two APIs checked: {found}."


def _is_of_today(report: Report) -> bool:
    """Whether nothing shows that a server follows the documents of 2019: the editions are no news then."""
    known = {known for _, known in report.known_to}
    return not report.not_in_present and bool(known) and known.isdisjoint({"2019", "parts"})


def _known(report: Report) -> str:
    """How many exchanges each edition of the documents knows, in words."""
    counts: Counter[str] = Counter()
    for (_, known), times in report.known_to.items():
        counts[known] += times
    return ", ".join(f"{words} ({counts[known]})" for known, words in _KNOWN.items() if counts[known])


_KNOWN: Final = {
    "both": "both",
    "current": "that of today only",
    "2019": "that of 2019 only",
    "parts": "one the request, the other the response",
    "neither": "neither",
}


def _other_hosts(report: Report) -> str:
    passed = [f"{count} of {host}" for host, count in report.other_hosts.most_common(5)]
    total, hosts = report.other_hosts.total(), len(report.other_hosts)
    more = f" and {hosts - len(passed)} more hosts" if hosts > len(passed) else ""
    return f"{_counted(total, 'exchange')} of other hosts ({', '.join(passed)}{more})"


def _nothing_checked(report: Report) -> str:
    if report.other_hosts:
        why = f"{_other_hosts(report)}."
    elif report.other_paths:
        why = "no request belongs to an operation."
    else:
        why = "there is none in the file."
    advice = "Pass --host NAME for a host that serves the two APIs, or --base-url URL for a server with a path."
    return f"No exchange was checked: {why} {_addresses(report.addresses) if report.addresses else advice}"


def _addresses(addresses: Counter[str]) -> str:
    """How exchanges are checked that look like calls of the two APIs at servers that were not named."""
    options = _naming_options(addresses)
    return f"Like calls of the two APIs: {_counted(addresses.total(), 'request')}; pass {options} to check them."


def _naming_options(addresses: Counter[str]) -> str:
    """The options that name the servers at `addresses`."""
    parts = [urlsplit(address) for address, _ in addresses.most_common(3)]
    return " ".join(f"--base-url {each.geturl()}" if each.path else f"--host {each.hostname}" for each in parts)


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
