"""A run as a list of events, for tests of reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from agora_rest.contract.results import events
from agora_rest.contract.results.baseline import Accepted
from agora_rest.contract.results.events import Event, Handler, Outcome
from agora_rest.contract.results.findings import Finding

LATE = Finding(
    operation="start_recording",
    title="A resource ID starts a recording at 4:59 and not at 5:01.",
    expected="error 433",
    got='200 {"Code":200}',
    facts=("CR-11",),
    requests=(
        'response=$(curl -sS -u "$AGORA_CUSTOMER_ID:$AGORA_CUSTOMER_CERTIFICATE" http://server/acquire)',
        "curl -sS --data-binary '{\"clientRequest\": {}}' http://server/start?a=1&b=2",
    ),
    check="a_resource_id_lasts_five_minutes",
    phase="facts",
)
HOSTILE = Finding(
    operation="create_project",
    title="A response has the shape of its schema at <script>alert(1)</script>: 100%, so",
    expected='a [bold]"string"[/bold]',
    got="200 <img src=x onerror=alert(2)>\x07\ud800\n::error::of the server's own",
    facts=("CO-11", "CO-13"),
    requests=('curl -sS --data-binary \'{"name": "</code><b>&amp;"}\' http://server/dev/v1/project',),
    check="schema_of_responses",
    phase="fuzzing",
    times=7,
)
BESIDE = Finding(
    "acquire", "Responses are JSON", "application/json", "text/html", ("CR-03",), (), "json_responses", "facts"
)
SILENT = Finding("", "The server responds to every request", "a response", "none", check="answers", phase="coverage")
KNOWN = Finding("list_projects", "Responses are JSON", "JSON", "XML", ("CO-02",), (), "json_responses", "fuzzing")

STORY: list[Event] = [
    events.RunStarted(
        server="http://server",
        apis=("cloud-recording", "console"),
        operations=("acquire", "start_recording", "list_projects", "create_project"),
        seed=7,
        max_examples=30,
        dialect="documented",
        access="full",
        controls=("clock",),
    ),
    events.PhaseStarted("facts", "", 3),
    events.Progress("facts", 0, "a_check"),
    events.CoverageSeen("start_recording", 200, frozenset({"appid", "body.cname"}), "facts", "a_check"),
    events.CheckFailed("a_resource_id_lasts_five_minutes", ("CR-11",), "facts", 0.25),
    events.FindingFound(LATE),
    events.CheckPassed("after_a_stop_recording_needs_a_new_resource_id", ("CR-12", "CR-54"), "facts", 0.5),
    events.CheckSkipped("an_idle_recording_ends", ("CR-28",), "the server does not let us control: users"),
    events.FindingFound(BESIDE),
    events.PhaseFinished("facts", "", 1.5),
    events.PhaseStarted("fuzzing", "console", 2),
    events.CoverageSeen("list_projects", 200, frozenset(), "fuzzing"),
    events.CoverageSeen("list_projects", 502, frozenset(), "fuzzing"),
    events.CoverageSeen("create_project", 200, frozenset({"body.name"}), "fuzzing"),
    events.CheckPassed("succeeds_once", (), "fuzzing"),
    events.FindingFound(HOSTILE),
    events.PhaseFinished("fuzzing", "console", 2.25),
    events.RunFinished(
        Outcome.BROKEN,
        "The contract is broken: 4 findings.",
        (LATE, HOSTILE, BESIDE, SILENT),
        4.0,
        (Accepted(KNOWN, date(2027, 3, 31), "reported to <them>"),),
        ("Baseline: stop_recording was not found; the entry is not needed any more.",),
    ),
]

NOT_RUN: list[Event] = [
    events.RunFinished(Outcome.COULD_NOT_RUN, "The contract could not be checked: nobody is there.", (), 0.1)
]


def tell(story: Iterable[Event], report: Handler) -> None:
    """Hand a report every event of a story."""
    for event in story:
        report.handle(event)
