"""The contract suite: does a server keep to the two specifications and the facts behind them?

```python
from agora_rest.contract.options import Options
from agora_rest.contract.run import run

outcome = run(Options(base_url="http://127.0.0.1:8080", customer_id="…", customer_certificate="…"))
```

`run` asks `target` for a server it may test and makes the checks of facts (`checks`, `scenarios/`) on it with a driver
(`server`). Then it sends schemathesis over it (`fuzz`), whose requests are made to name what is alive (`live`, `pins`).
`passive` watches all traffic. Everything that happens is an event, and `reports/` are handlers of events.
"""
