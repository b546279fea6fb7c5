"""`agora-rest contract check` and `agora-rest contract redact`, as somebody at a terminal uses them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agora_rest.cli.traffic import app
from tests.traffic.hars import APP_ID, CONSOLE, IDENTITY, acquired, entry, har, queried, started, stopped


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return written(tmp_path / "session.har", acquired(at=0), started(at=1), queried(at=6), stopped(at=9))


def written(path: Path, *entries: dict[str, Any]) -> Path:
    path.write_text(json.dumps(har(*entries)), encoding="utf-8")
    return path


def test_check_finds_nothing_in_a_good_session(session: Path) -> None:
    result = run("check", session)
    assert result.exit_code == 0
    assert result.output == (
        "acquire: the envelope of responses is not in the present documents; those of 2019 have it.\n"
        "start_recording: the envelope of responses is not in the present documents; those of 2019 have it.\n"
        "query_recording: the envelope of responses is not in the present documents; those of 2019 have it.\n"
        "stop_recording: the envelope of responses is not in the present documents; those of 2019 have it.\n"
        "4 exchanges of the two APIs checked: nothing found.\n"
        "Known to those of 2019 only: 4.\n"
    )


def test_check_says_what_is_broken_and_where(session: Path, tmp_path: Path) -> None:
    other = entry("GET", "https://cdn.example.com/", answer="")
    broken = written(tmp_path / "broken.har", acquired(), acquired(at=1, status=418), other)
    result = run("check", session, broken)
    assert result.exit_code == 1
    assert "CR-60" in result.output
    assert "broken.har: exchange 2" in result.output
    assert "Passed over: 1 exchange of other hosts (1 of cdn.example.com)." in result.output


@pytest.mark.fact("CO-05")
@pytest.mark.parametrize("end", ["", "/"])
def test_check_takes_other_names_of_the_host(tmp_path: Path, end: str) -> None:
    proxied = entry("GET", f"https://proxy.test/dev/v1/projects{end}", answer={"projects": 1})
    path = written(tmp_path / "proxied.har", proxied)
    assert run("check", "--host", "proxy.test", path).exit_code == 1


@pytest.mark.parametrize("url", ["https://proxy.test/dev/v1/projects", "https://api.agora.io/v2/projects", ""])
def test_a_check_that_judged_nothing_is_exit_2_and_names_the_option(tmp_path: Path, url: str) -> None:
    path = written(tmp_path / "other.har", *([entry("GET", url, answer="")] if url else []))
    result = run("check", path)
    assert result.exit_code == 2
    assert "--host NAME" in result.output


def test_check_lists_requests_to_no_operation_and_notes_what_is_new(tmp_path: Path) -> None:
    unknown = entry("GET", "https://api.agora.io/dev/v2/projects", status=418)
    newer = acquired(body={**IDENTITY, "clientRequest": {}, "more": 1})
    result = run("check", written(tmp_path / "x.har", unknown, unknown, newer))
    assert result.exit_code == 0
    assert "No operation: GET /dev/v2/projects: 418 (2 times); it resembles GET /dev/v1/projects." in result.output
    assert "acquire: `more` is not known here, and was ignored." in result.output
    report = json.loads(run("check", "--json", tmp_path / "x.har").output)
    assert report["unmatched"] == [
        {"method": "GET", "path": "/dev/v2/projects", "status": 418, "resembles": "GET /dev/v1/projects", "times": 2}
    ]
    assert report["ignored_members"] == [{"operation": "acquire", "what": "`more`", "times": 1}]


def test_check_counts_what_is_new_in_a_session_of_today(tmp_path: Path) -> None:
    projects = entry("GET", f"{CONSOLE}/v1/projects", status=201, answer={"projects": []})
    hosts = {"success": True, "data": {"channel_exist": True, "mode": 2, "broadcasters": [574332]}}
    listed = entry("GET", f"{CONSOLE}/v1/channel/user/{APP_ID}/a/hosts_only", answer=hosts)
    of_today = written(tmp_path / "today.har", projects, listed)
    assert run("check", of_today).output == (
        "2 exchanges of the two APIs checked: nothing found.\n"
        "Known to the present documents only: 2.\n"
        "Not in the documents of 2019: 2 parts of these exchanges; --json has the list.\n"
    )
    assert [note["what"] for note in json.loads(run("check", "--json", of_today).output)["not_in_documents"]] == [
        "status 201",
        "this call",
    ]


def test_check_names_what_is_new_in_a_session_of_both_times_and_if_it_is_one_thing(tmp_path: Path) -> None:
    projects = entry("GET", f"{CONSOLE}/v1/projects", status=201, answer={"projects": []})
    named = "list_projects: status 201 is not in the documents of 2019; the present ones have it."
    for entries in ((projects,), (projects, acquired())):
        assert named in run("check", written(tmp_path / "x.har", *entries)).output


@pytest.mark.parametrize("text", ["", "no JSON", '{"log": {"entries": [{}]}}'])
def test_what_is_no_har_file_is_exit_2_and_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.har"
    path.write_text(text, encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 2
    assert result.output.startswith(f"agora-rest: {path}: ")
    assert result.output.count("\n") == 1


def test_redact_writes_beside_the_file_and_leaves_it_alone(session: Path) -> None:
    before = session.read_bytes()
    result = run("redact", session)
    assert result.exit_code == 0
    after = session.with_name("session.redacted.har").read_bytes()
    assert session.read_bytes() == before
    assert b"planted" not in after
    assert re.search(r"\d+ values hidden in 4 exchanges: ", result.output)
    assert run("check", session.with_name("session.redacted.har")).exit_code == 0


def test_redact_replaces_a_file_in_place_and_keeps_what_is_named(session: Path) -> None:
    assert run("redact", "--keep", "cname", "--in-place", session).exit_code == 0
    assert [path.name for path in session.parent.iterdir()] == ["session.har"]
    assert IDENTITY["cname"] in session.read_text()
    assert "planted" not in session.read_text()


def test_redact_overwrites_nothing_unless_told(session: Path) -> None:
    target = session.with_name("there.har")
    target.write_text("precious")
    assert run("redact", session, "-o", target).exit_code == 2
    assert target.read_text() == "precious"
    assert run("redact", session, "-o", target, "--force").exit_code == 0
    assert "planted" not in target.read_text()


def test_redact_writes_to_standard_output(session: Path) -> None:
    result = run("redact", session, "-o", "-")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["log"]["entries"]) == 4


def test_redact_leaves_nothing_behind_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "cut.har"
    path.write_text('{"log": {"entries": [{"token": "planted"}')
    result = run("redact", path)
    assert result.exit_code == 2
    assert "planted" not in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["cut.har"]
