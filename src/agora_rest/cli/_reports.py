"""The reports that the contract commands write into a folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agora_rest.cli._exits import CliError

if TYPE_CHECKING:
    from agora_rest.contract.results.events import Handler


def report_handlers(folder: Path | None) -> list[Handler]:
    """The handlers that write reports into `folder`; none without one. A folder that cannot be written fails now."""
    from agora_rest.contract.results.reports.html import HtmlReport
    from agora_rest.contract.results.reports.json import JsonReport
    from agora_rest.contract.results.reports.junit import JunitReport

    if folder is None:
        return []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CliError(f"{folder} cannot be written: {error.strerror}.") from None
    return [JsonReport(folder), JunitReport(folder), HtmlReport(folder)]
