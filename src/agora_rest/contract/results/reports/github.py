"""A run as annotations of GitHub Actions: workflow commands on standard output, which the job's page shows.

GitHub shows ten errors of a step; all of them stand in its log.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import TextIO

from agora_rest.contract.results.events import Outcome, RunFinished
from agora_rest.contract.results.reports.record import FinalReport, finding_lines, skipped_names


def on_github(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process runs in GitHub Actions."""
    return environment.get("GITHUB_ACTIONS") == "true"


class GithubReport(FinalReport):
    """Writes an annotation for each finding when the run is over, and one for what was skipped for each reason."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self._stream = sys.stdout if stream is None else stream

    def _finish(self, finished: RunFinished) -> None:
        # A command counts only where it begins a line.
        self._stream.write("".join(f"\n{command}" for command in self._commands(finished)) + "\n")
        self._stream.flush()

    def _commands(self, finished: RunFinished) -> Iterator[str]:
        if finished.outcome is Outcome.COULD_NOT_RUN:
            yield command("error", "Contract", finished.sentence)
        for finding in finished.findings:
            where = finding.operation or "the server"
            heading = f"{where} [{', '.join(finding.facts)}]" if finding.facts else where
            yield command("error", heading, "\n".join([finding.title, *finding_lines(finding)]))
        if self._record.started is not None:
            for remark in filter(None, (self._record.started.recognised, self._record.started.note)):
                yield command("notice", "Contract", remark)
        for remark in finished.remarks:
            yield command("warning", "Contract baseline", remark)
        for accepted in finished.accepted:
            heading = f"{accepted.finding.operation or 'the server'}: known until {accepted.until}"
            yield command("notice", heading, f"{accepted.finding.title}\n{accepted.reason}")
        for reason, checks in self._record.skipped_by_reason().items():
            count = "1 check" if len(checks) == 1 else f"{len(checks)} checks"
            yield command("notice", f"Skipped: {count}", f"{reason}: {skipped_names(checks)}")


def command(kind: str, title: str, message: str) -> str:
    """A workflow command: `kind` is `error`, `warning` or `notice`."""
    return f"::{kind} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    """`text` as a message: on one line, and with nothing left that the runner would read as an escape."""
    whole = text.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return whole.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """`text` as a property, which ends at a comma or a double colon."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
