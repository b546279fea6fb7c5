"""Drift that shows across responses: logged once of a kind, written to a file, raised only where nothing is lost."""

from __future__ import annotations

import json
import logging
import os
import shutil
import stat
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from agora_rest import ConfigurationError, ResponseTooLarge
from agora_rest.client._transports import drift as module
from agora_rest.client._transports.drift import DriftWatch, Kind
from tests.client.conftest import APP_ID, Client
from tests.client.test_observing import PROJECT as SHORT_PROJECT

PROJECT = {**SHORT_PROJECT, "name": "planted-name", "created": 1_600_000_000}
OTHER = {**PROJECT, "vendor_key": "f" * 32}


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param, validate="warn")


def answers(network: Any, *projects: dict[str, Any]) -> None:
    network.route().mock(side_effect=[httpx.Response(201, json={"projects": [each]}) for each in projects])


def lists(client: Client, times: int) -> None:
    if client.form == "sync":
        client(lambda agora: [agora.projects.list() for _ in range(times)])
        return

    async def main(agora: Any) -> None:
        for _ in range(times):
            await agora.projects.list()

    client(main)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.fact("CO-11")
@pytest.mark.parametrize(
    ("response", "rule"),
    [
        (httpx.Response(201, json={"planted": []}), "projects is missing"),
        (httpx.Response(201, text="<p>planted</p>"), "it is not valid JSON, or was truncated"),
    ],
)
def test_a_response_that_cannot_be_parsed_is_drift_even_if_a_retry_succeeds(
    client: Client, network: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, response: httpx.Response, rule: str
) -> None:
    client.options.update(drift_file=(file := tmp_path / "drift.jsonl"), retries=1)
    network.route().mock(side_effect=[response, httpx.Response(201, json={"projects": [PROJECT]})])
    lists(client, 1)
    assert warnings(caplog) == [f"list_projects: a response with HTTP 201 violates the specification: {rule}"]
    (line,) = map(json.loads, file.read_text().splitlines())
    assert (line["check"], line["rule"], line["got"]) == ("response_schema", rule, "HTTP 201")


def test_a_response_that_is_too_large_is_no_drift(
    client: Client, network: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client.options.update(max_response_size=10, retries=0)
    answers(network, PROJECT)
    with pytest.raises(ResponseTooLarge):
        lists(client, 1)
    assert warnings(caplog) == []


@pytest.mark.fact("CO-11")
def test_a_violation_is_logged_once(client: Client, network: Any, caplog: pytest.LogCaptureFixture) -> None:
    answers(network, *[{**PROJECT, "status": 9}] * 3)
    lists(client, 3)
    (line,) = warnings(caplog)
    assert "projects[0].status must be one of" in line


@pytest.mark.fact("CO-11", "CO-22")
def test_a_contradiction_is_logged_once(client: Client, network: Any, caplog: pytest.LogCaptureFixture) -> None:
    answers(network, PROJECT, OTHER, PROJECT, OTHER)
    lists(client, 4)
    (line,) = warnings(caplog)
    assert line.startswith("list_projects: a response contradicts others: The App ID of a project never changes")
    assert "CO-11" in line
    assert "planted" not in line


def test_what_others_may_have_changed_is_no_drift(
    client: Client, network: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answers(network, PROJECT, {**PROJECT, "status": 0, "sign_key": "another", "name": "another"})
    lists(client, 2)
    assert warnings(caplog) == []


def test_without_validation_nothing_is_followed(client: Client, network: Any, caplog: pytest.LogCaptureFixture) -> None:
    client.options["validate"] = "off"
    answers(network, PROJECT, OTHER)
    lists(client, 2)
    assert warnings(caplog) == []


@pytest.mark.fact("CR-36")
def test_no_result_is_lost_by_a_contradiction(client: Client, network: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Also with `validate="raise"`: a mock gives the same response to different requests."""
    client.options["validate"] = "raise"
    answer = {"cname": "c", "uid": "2", "resourceId": "r"}
    network.route().mock(side_effect=[httpx.Response(200, json=answer)])
    found = client(lambda agora: agora.app(APP_ID).recordings.acquire("c", 1))
    assert found.resource_id == "r"
    assert len(warnings(caplog)) == 1
    assert "repeats the `uid`" in warnings(caplog)[0]


def test_a_model_that_fails_does_not_disturb_the_call(
    client: Client, network: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("planted")

    monkeypatch.setattr("agora_rest.state_models.projects.Projects.observe", broken)
    answers(network, PROJECT, OTHER)
    lists(client, 2)
    assert "planted" not in caplog.text


def test_views_share_what_is_known(network: Any, caplog: pytest.LogCaptureFixture) -> None:
    client = Client("sync")
    answers(network, PROJECT, OTHER)

    def use(agora: Any) -> None:
        for _ in range(2):
            agora.with_options(validate="warn").projects.list()

    client(use)
    assert len(warnings(caplog)) == 1


class TestFile:
    def test_drift_is_written_without_secrets(self, client: Client, network: Any, tmp_path: Path) -> None:
        path = client.options["drift_file"] = tmp_path / "drift.jsonl"
        shown = [httpx.Response(status, json={"projects": [PROJECT]}) for status in (201, 201, 202)]
        shown[1] = httpx.Response(201, json={"projects": [OTHER]})
        network.route().mock(side_effect=shown)
        lists(client, 3)
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert [line["check"] for line in lines] == ["project_vendor_key", "response_schema", "project_vendor_key"]
        assert lines[0]["facts"] == ["CO-11", "CO-22"]
        assert all(line["operation"] == "list_projects" for line in lines)
        assert "planted" not in path.read_text(encoding="utf-8")
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_file_stays_empty_without_drift(self, client: Client, network: Any, tmp_path: Path) -> None:
        path = client.options["drift_file"] = tmp_path / "drift.jsonl"
        answers(network, PROJECT)
        lists(client, 1)
        assert path.read_bytes() == b""

    def test_many_occurrences_take_few_lines_and_the_last_count_is_right(self, tmp_path: Path) -> None:
        path = tmp_path / "drift.jsonl"
        watch = DriftWatch(path)
        for _ in range(1_000):
            watch._note(Kind("list_projects", "check", "rule"), ("CO-11",), "one", "another")
        watch.close()
        times = [json.loads(line)["times"] for line in path.read_text(encoding="utf-8").splitlines()]
        assert len(times) < 20
        assert times[-1] == 1_000

    def test_a_file_is_bounded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "LARGEST_FILE", 1_000)
        monkeypatch.setattr(module, "MOST_KINDS", 50)
        path = tmp_path / "drift.jsonl"
        watch = DriftWatch(path)
        for number in range(100):
            watch._note(Kind("list_projects", "check", f"rule {number}"), (), "one", "another")
        watch.close()
        assert path.stat().st_size < 1_300
        assert repr(watch) == "DriftWatch(50 kinds)"

    def test_a_file_that_cannot_be_written_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"drift_file '.*' cannot be written: No such file or directory"):
            DriftWatch(tmp_path / "nowhere" / "drift.jsonl")

    def test_a_file_that_vanishes_with_its_folder_is_given_up(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        watch = DriftWatch(folder / "drift.jsonl")
        shutil.rmtree(folder)
        for _ in range(3):
            watch._note(Kind("list_projects", "check", "rule"), (), "one", "another")
        assert len(warnings(caplog)) == 1
        assert "cannot be written" in caplog.text

    def test_another_type_of_path_is_refused(self, client: Client) -> None:
        client.options["drift_file"] = 7
        with pytest.raises(ConfigurationError, match="drift_file must be a path, not int"):
            lists(client, 0)


def test_threads_share_one_watch() -> None:
    watch = DriftWatch()
    threads = [
        threading.Thread(target=lambda: [watch._note(Kind("o", "c", "r"), (), "a", "b") for _ in range(200)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert repr(watch) == "DriftWatch(1 kinds)"


def test_a_forked_process_does_not_wait_for_its_parents_threads() -> None:
    watch = DriftWatch()
    run = watch._run
    with watch._lock:
        watch.begin_in_child()
    assert watch._run != run
    assert watch._lock.acquire(blocking=False)
