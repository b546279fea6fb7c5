"""The contract suite: does a server keep to the two specifications and the facts behind them?

    from agora_rest.contract import run, Options

    outcome = run(Options(base_url="http://127.0.0.1:8080"))

`ARCHITECTURE` in one breath: `run` asks `target` for a server it may test, sends it through `fuzz` (schemathesis) and
`checks` (facts, in `scenarios/`), and everything that happens is an event that `reports/` listen to.
"""
