"""The contract suite: does a server keep to the two specifications and the facts behind them?

```python
from agora_rest.contract import Options, run

outcome = run(Options(base_url="http://127.0.0.1:8080", customer_id="…", customer_certificate="…"))
```

A `RecordingTransport` and a `Recorder` write the traffic of a client into a HAR file, and `check` checks such a file.

`run` (in `runner`) gets a server from `target` and parts its work into units (`checking/units`), which processes share
(`checking/workers`) if the server is the embedded emulator, called without a socket (`http/in_process`). It makes
the checks of facts (`checking/checks`, `scenarios/`) with a driver (`http/server`). Then it sends schemathesis over it
(`checking/fuzz`), whose requests name live resources (`safety/resources`, `safety/live_ids`). `checking/passive`
watches all traffic. Everything that happens is an event, and `results/reports/` are handlers of events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from agora_rest.contract.options import Options
    from agora_rest.contract.results.events import Outcome
    from agora_rest.contract.results.findings import Finding
    from agora_rest.contract.runner import run
    from agora_rest.contract.traffic.check import Report, check
    from agora_rest.contract.traffic.record import AsyncRecordingTransport, Recorder, RecordingTransport
    from agora_rest.contract.traffic.units import HarError

__all__ = [
    "AsyncRecordingTransport",
    "Finding",
    "HarError",
    "Options",
    "Outcome",
    "Recorder",
    "RecordingTransport",
    "Report",
    "check",
    "run",
]

_MODULES: Final = {
    "AsyncRecordingTransport": "traffic.record",
    "Finding": "results.findings",
    "HarError": "traffic.units",
    "Options": "options",
    "Outcome": "results.events",
    "Recorder": "traffic.record",
    "RecordingTransport": "traffic.record",
    "Report": "traffic.check",
    "check": "traffic.check",
    "run": "runner",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the command line imports this package for its help."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
