"""The seeded faults of the benchmark: each is one, none is lost, and a handful are caught from end to end."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from faults.caller import APP, DEMO, Caller, Request
from faults.catalogue import catalogue
from faults.fault import DIALECTS, Category, DoesNotApply, Fault, Origin, emulator, planted
from faults.middleware import on_response
from faults.patches import Patch, method, value
from strength import in_process, plain, recorded, runner, trial, trunk
from strength.order import cover
from strength.recorded import RecordedTrial
from strength.report import Results, markdown, readme, terminal
from strength.runner import CleanRun, Measured, Part, Plan, Size
from strength.trial import OURS, PLAIN, TrialResult, ours

from agora_rest import spec
from agora_rest.emulator import Emulator, recordings

FAULTS = {fault.name: fault for fault in catalogue()}
BLIND = [fault for fault in catalogue() if fault.origin is Origin.BLIND]
COUNTED = [fault for fault in BLIND if fault.counted]


@pytest.mark.parametrize("category", Category)
def test_every_fault_changes_what_the_emulator_answers(category: Category) -> None:
    faults = [fault for fault in COUNTED if fault.category is category]
    assert faults
    for fault in faults:
        fault.prove()


def test_there_are_enough_faults_and_each_has_a_name_of_its_own() -> None:
    assert len(COUNTED) >= 110
    assert [name for name, count in Counter(fault.name for fault in catalogue()).items() if count > 1] == []


def test_every_fault_names_facts_that_there_are_and_says_what_is_wrong() -> None:
    for fault in catalogue():
        assert fault.facts, fault.name
        assert set(fault.facts) <= spec.facts().keys(), fault.name
        assert fault.apis, fault.name
        assert fault.sentence, fault.name
        assert not fault.sentence.endswith("."), fault.name


def test_the_figure_counts_no_fault_that_was_written_for_a_check() -> None:
    assert {fault.origin for fault in COUNTED} == {Origin.BLIND}
    assert len(COUNTED) < len(BLIND) < len(catalogue())


def test_the_faults_are_spread_over_both_apis_and_dialects() -> None:
    assert {api for fault in COUNTED for api in fault.apis} == set(spec.APIS)
    shares = Counter(fault.dialect for fault in COUNTED)
    assert min(shares[dialect] for dialect in DIALECTS) > len(COUNTED) / 4


def test_every_operation_has_faults() -> None:
    """Seen by the traffic that shows them: no operation is called by none."""
    called: set[str] = set()
    for fault in COUNTED:
        with emulator(fault.dialect) as right:
            fault.shows(Caller(right))
            called |= {each["operation"] for each in right.requests() if each["operation"]}
    assert called == set(spec.operations())


@pytest.mark.parametrize("fault", [each for each in catalogue() if each.excluded], ids=lambda fault: fault.name)
def test_a_fault_that_is_not_counted_says_why(fault: Fault) -> None:
    assert fault.excluded.endswith(".")
    if fault.excluded.startswith("Equivalent"):
        with pytest.raises(DoesNotApply, match="come out as ever"):
            fault.prove()
    else:
        fault.prove()


def _fault(plant: Any, shows: Any = lambda a: a.acquire()) -> Fault:
    return Fault("made-up", Category.SHAPES, ("CR-10",), "nothing", plant, shows)


@pytest.mark.parametrize(
    ("plant", "complaint"),
    [
        (value(recordings, "NO_LONGER_THERE", 1.0), "has no NO_LONGER_THERE"),
        (value(recordings, "RESOURCE_LIFETIME", "an hour"), "is not what it was"),
        (method(recordings.Resource, "find", lambda _original, _self, _sid: None), "too many positional arguments"),
        (value(recordings, "REMEMBERED_FOR", 299.0), "come out as ever"),
        (on_response("acquire", lambda call: call.nowhere), "nowhere"),
    ],
)
def test_a_fault_that_does_not_apply_says_so(plant: Patch, complaint: str) -> None:
    with pytest.raises(DoesNotApply, match=complaint):
        _fault(plant).prove()


def test_a_fault_leaves_nothing_behind() -> None:
    planted = "resource-lives-an-hour"
    before = recordings.RESOURCE_LIFETIME
    with emulator("documented", FAULTS[planted]):
        assert before != recordings.RESOURCE_LIFETIME
    assert before == recordings.RESOURCE_LIFETIME


def _only_near(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the checks of the fact itself: what a test has time for."""
    trial: ModuleType = __import__("strength.trial", fromlist=["all_checks"])
    near = tuple(each for each in trial.all_checks() if set(each.facts) & set(fault.facts))
    monkeypatch.setattr(trial, "all_checks", lambda: near)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["resource-lives-an-hour", "any-password", "refused-and-deleted", "bans-in-seconds", "total-of-the-page"]
)
def test_a_fault_is_caught_and_its_fact_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    _only_near(fault, monkeypatch)
    verdict = ours(fault, max_examples=1)
    assert verdict.caught
    assert set(verdict.facts) & set(fault.facts)


def test_a_fault_that_breaks_down_is_no_catch(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = _fault(on_response("acquire", lambda call: call.nowhere))
    _only_near(fault, monkeypatch)
    with pytest.raises(DoesNotApply, match="broke down"):
        ours(fault, max_examples=1)


@contextmanager
def recording() -> Iterator[tuple[plain.Recorder, Caller]]:
    """An emulator as plain schemathesis meets it: the recorder of its exchanges, and a caller."""
    with emulator("documented") as right:
        plain.furnish(right)
        recorder = right.app = plain.Recorder(right)
        yield recorder, Caller(right)


def test_what_changes_no_answer_of_a_run_is_told_from_what_does(tmp_path: Path) -> None:
    with recording() as (recorder, caller):
        caller.acquire()
        caller.get("/v1/projects")
    touched = FAULTS["acquire-without-resource-id"]
    assert plain.changes(_documented(touched), recorder.exchanges)
    assert not plain.changes(_documented(FAULTS["bans-in-seconds"]), recorder.exchanges)


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        ("acquire-without-resource-id", False),  # changes a response
        ("client-request-must-be-empty", False),  # changes none of these responses
        ("bans-in-seconds", True),  # is inside the emulator
        ("any-password", True),  # changes a request
    ],
)
def test_a_fault_at_the_edge_is_compared_without_the_emulator_unless_it_changes_a_request(
    name: str, is_asked: bool
) -> None:
    with recording() as (recorder, caller):
        caller.acquire()
        caller.users("channel1")
        caller.send(Request("POST", "/dev/v1/reset_signkey", {"id": DEMO}, user=("emulator", "wrong")))
    fault = _documented(FAULTS[name])
    assert (asyncio.run(plain.changes_at_the_edge(fault, recorder.exchanges)) is None) == is_asked
    assert plain.changes(fault, recorder.exchanges) == _changes(fault, recorder.exchanges)


def _changes(fault: Fault, exchanges: Sequence[plain.Exchange]) -> dict[int, plain.Answer]:
    """The same by asking an emulator with the fault each time."""

    async def answers(app: Any) -> list[Any]:
        return [await plain.answer_of(app, each) for each in exchanges]

    with planted("documented", fault) as broken:
        plain.furnish(broken)
        found = asyncio.run(answers(broken.app))
    return {place: found[place] for place, each in enumerate(exchanges) if found[place] != each.answer}


@pytest.mark.slow
def test_a_run_that_forks_at_the_first_changed_answer_has_the_result_of_a_whole_run(tmp_path: Path) -> None:
    assert plain.record("console", "documented", tmp_path, max_examples=1) == []
    assert plain.record("cloud-recording", "documented", tmp_path, max_examples=1) == []
    known = plain.load(tmp_path, "console", "documented")
    names = ("deletion-says-yes", "updates-add-up", "one-app-id-for-all", "certificates-toggle")
    faults = [_documented(FAULTS[name]) for name in names]
    changes = {fault.name: plain.changes(fault, known) for fault in faults}
    which = [trial.Branch(name, changed) for name, changed in changes.items() if changed]
    assert which
    assert which[-1].last < len(known) / 2  # nothing that the last fault changes is left in the second half of a run
    alone = {each.fault: plain.plain(_documented(FAULTS[each.fault]), tmp_path, max_examples=1) for each in which}
    for whole in (False, True):
        found = trunk.branches("console", "documented", which, tmp_path, seed=1, max_examples=1, whole=whole)
        for name, result in alone.items():
            assert (found[name].layer, found[name].check) == (result.layer, result.check)


@pytest.mark.slow
def test_a_fault_in_functions_that_a_run_never_calls_changes_none_of_its_answers() -> None:
    with recording() as (recorder, caller):
        caller.acquire()
        caller.get("/v1/projects")
        caller.users("channel1")
    called = plain.called_for(recorder.exchanges, "documented")
    inside = [_documented(fault) for fault in FAULTS.values() if fault.patches and fault.dialect == "documented"]
    beyond = [fault for fault in inside if not plain.may_reach(fault, called)]
    assert len(inside) > len(beyond) > 100
    for fault in beyond:
        assert not plain.changes(fault, recorder.exchanges), fault.name


def _documented(fault: Fault) -> Fault:
    return Fault(fault.name, fault.category, fault.facts, fault.sentence, fault.plant, fault.shows, "documented")


def test_what_the_rivals_examples_name_is_there() -> None:
    operations = [each for item in plain.document_of("console", "2019")["paths"].values() for each in item.values()]
    asked = {each["operationId"]: json.dumps(each.get("requestBody")) for each in operations if isinstance(each, dict)}
    with emulator("documented") as right:
        plain.furnish(right)
        caller = Caller(right)
        for operation, spare in plain.SPARE.items():
            assert f'"id": "{spare}"' in asked[operation]
            assert caller.find(id=spare).status == 200
        assert f'"id": "{DEMO}"' in asked["reset_certificate"]
        assert f'"appid": "{APP}"' in asked["create_kicking_rule"]
        assert caller.users("channel1").json["data"]["total"] == 2


@pytest.mark.slow
def test_what_shortens_the_rivals_runs_changes_nothing_in_them() -> None:
    """Over a socket and in this process, with an empty memory and a full one: the same requests, the same answers."""
    runs = []
    for way in ("socket", "process", "process"):
        with emulator("documented") as right, in_process.by_itself():
            recorder = plain.Recorder(right)
            if way == "socket":
                right.app = recorder
                with right.serve() as server:
                    seen = list(plain.failures("cloud-recording", server.url, 1, 2))
            else:
                with in_process.in_process(recorder) as url:
                    seen = list(plain.failures("cloud-recording", url, 1, 2))
        runs.append(
            [
                (seen, each.scope["raw_path"], each.scope["query_string"], each.content, each.answer)
                for each in recorder.exchanges
            ]
        )
    assert len(runs[0]) > 100
    assert runs[0] == runs[1] == runs[2]


def _results(*, caught: bool, clean: tuple[str, ...] = ()) -> Results:
    fault = FAULTS["resource-lives-an-hour"]
    said = [
        TrialResult(OURS, "fact checks" if caught else "", "a_check" if caught else "", ("CR-11",), 1.0),
        TrialResult(PLAIN, "", "", (), 2.0),
    ]
    runs = [CleanRun("documented", 1, clean, 30.0)]
    plan = Plan([fault], (OURS, PLAIN), Size(1, 30))
    times: Counter[Part] = Counter({OURS: 2.0, PLAIN: 3.0})
    return Results(plan, Measured({fault.name: said}, runs, seconds=3.0, processor_seconds=times))


def test_the_report_tells_both_scores_and_is_the_same_for_the_same_figures() -> None:
    written = markdown(_results(caught=True), date(2026, 1, 2))
    assert written == markdown(_results(caught=True), date(2026, 1, 2))
    score = "notices 1 (100.0 %), plain schemathesis 0 (0.0 %).**"
    assert f"**Of 1 seeded faults `agora-rest contract run` {score}" in written
    assert "- time and quota (1): `resource-lives-an-hour`" in written
    assert "3 s by the clock and 5 s of processor time (agora-rest 2 s, schemathesis 3 s)" in written
    assert "2026-01-02" in written
    assert "| time and quota | 1 | 1 (100.0 %) | 0 (0.0 %) |" in written
    assert "| fact checks | 1 |" in written
    assert "a_check" in written
    assert re.search(r"time and quota +1 +1 \(100\.0 %\)", terminal(_results(caught=True)))


def test_the_readme_has_one_sentence_with_the_figures_which_is_replaced() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    written = readme(text, _results(caught=True))
    assert "Of 1 seeded faults, `agora-rest contract run` notices 1, plain schemathesis 0; 0 false" in written
    assert readme(written, _results(caught=True)) == written
    assert len(written.splitlines()) == len(text.splitlines())
    with pytest.raises(ValueError, match="has 0 sentences"):
        readme("", _results(caught=True))


def test_a_missed_fault_and_a_false_alarm_are_not_good() -> None:
    assert _results(caught=True).good
    assert not _results(caught=False).good
    assert not _results(caught=True, clean=("acquire: something",)).good
    assert "missed: resource-lives-an-hour" in terminal(_results(caught=False))


class _InThisProcess(Executor):
    """Does work as soon as it is handed over."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        task: Future[Any] = Future()
        task.set_result(function(*arguments))
        return task


def test_what_takes_longest_is_begun_first_and_everything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS["resource-lives-an-hour"]
    verdict = TrialResult(OURS, "fact checks", "a_check", ("CR-11",), 1.0)
    begun: list[str] = []
    monkeypatch.setattr(runner, "pool", lambda: nullcontext(_InThisProcess()))
    monkeypatch.setattr(trial, "ours", lambda *_, **__: begun.append("ours") or verdict)
    monkeypatch.setattr(trial, "clean", lambda *_, **__: begun.append("clean") or ([], 0.0))
    monkeypatch.setattr(recorded, "trial", lambda fault: begun.append("recorded") or RecordedTrial(fault.name))
    monkeypatch.setattr(recorded, "false_findings", lambda: begun.append("recorded") or {"an afternoon": ()})
    measured = runner.measure(Plan([fault], (OURS,), Size(1, 1), range(1, 3), recorded=True), lambda _: None)
    assert begun == ["clean"] * 2 * len(DIALECTS) + ["recorded"] * 2 + ["ours"]
    assert measured.verdicts == {fault.name: [verdict]}
    assert [(run.dialect, run.seed) for run in measured.clean] == sorted((each, n) for each in DIALECTS for n in (1, 2))
    assert measured.recorded.keys() == {fault.name}
    assert measured.false == {"an afternoon": []}
    assert measured.processor_seconds.keys() == {OURS, "clean runs", "recorded traffic"}


def test_a_fault_is_noticed_where_it_is_noticed_on_either_api() -> None:
    fault = FAULTS["resource-lives-an-hour"]
    missed = TrialResult(PLAIN, "", "", (), 1.0, api="cloud-recording")
    caught = TrialResult(PLAIN, "coverage", "a_check", (), 1.0, api="console")
    plan = Plan([fault], (PLAIN,), Size(1, 1))
    assert runner._one_each([missed, caught], plan, fault) == [caught]
    assert runner._one_each([], plan, fault) == [TrialResult(PLAIN, "", "", (), 0.0)]


def test_an_emulator_without_a_fault_is_the_emulator() -> None:
    with emulator("observed") as right:
        assert isinstance(right, Emulator)
        assert Caller(right).acquire().status == 200


def test_the_order_of_checks_is_by_what_each_adds_a_second() -> None:
    caught = {"broad": {"a", "b", "c"}, "quick": {"a"}, "last": {"d"}, "same": {"a", "b"}}
    seconds = {"broad": 1.0, "quick": 0.1, "last": 2.0, "same": 0.5, "idle": 0.1}
    assert cover(caught, seconds, ["idle", "last", "same", "broad", "quick"]) == [
        "quick",
        "same",
        "broad",
        "last",
        "idle",
    ]
