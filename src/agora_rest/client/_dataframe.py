"""Converts usage to a table of pandas or polars."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from agora_rest.client.models import ProjectMinutes, UsageMetrics
from agora_rest.errors import ConfigurationError

_LIBRARIES: Final = ("pandas", "polars")


def to_dataframe(usage: UsageMetrics | Iterable[ProjectMinutes]) -> Any:
    """Return a DataFrame with one row per day (and project): polars if only polars is loaded or installed, else pandas.

    Columns are `project`, `date`, `audio`, `sd`, `hd`, `hdp` in minutes, or `date` and the metrics, whose units are in
    `usage.meta`. Raises ConfigurationError if neither library is installed.
    """
    loaded = [name for name in _LIBRARIES if name in sys.modules]
    there = loaded or [name for name in _LIBRARIES if find_spec(name)]
    if not there:
        raise ConfigurationError("to_dataframe needs pandas or polars, and neither is installed.")
    return import_module(there[0]).DataFrame(rows_of(usage))


def rows_of(usage: UsageMetrics | Iterable[ProjectMinutes]) -> list[dict[str, Any]]:
    """The rows of the table."""
    if isinstance(usage, UsageMetrics):
        return [{"date": day.date, **{name: day.usage.get(name) for name in usage.meta}} for day in usage.days]
    return [
        {"project": of.project, "date": day.date, "audio": day.audio, "sd": day.sd, "hd": day.hd, "hdp": day.hdp}
        for of in usage
        for day in of.daily
    ]
