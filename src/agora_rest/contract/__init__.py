"""The contract suite: does a server keep to the two specifications and the facts behind them?

```python
from agora_rest.contract import Options, run

outcome = run(Options(base_url="http://127.0.0.1:8080", customer_id="…", customer_certificate="…"))
```

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
    from agora_rest.contract.runner import run

__all__ = ["Options", "Outcome", "run"]

_MODULES: Final = {"Options": "options", "Outcome": "results.events", "run": "runner"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the command line imports this package for its help."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
