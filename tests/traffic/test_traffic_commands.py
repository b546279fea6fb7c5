"""`agora-rest contract check` and `agora-rest contract redact`, as somebody at a terminal uses them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from agora_rest.cli.traffic import app
from agora_rest.contract.results.baseline import Entry, baseline_text
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
        "acquire: the envelope of responses is in the documents of 2019 only: no error.\n"
        "start_recording: the envelope of responses is in the documents of 2019 only: no error.\n"
        "query_recording: the envelope of responses is in the documents of 2019 only: no error.\n"
        "stop_recording: the envelope of responses is in the documents of 2019 only: no error.\n"
        "4 exchanges of the two APIs checked: nothing found.\n"
        "Editions of Agora's documents that describe these exchanges: that of 2019 only (4).\n"
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
    assert ("--host proxy.test" if "proxy" in url else "--host NAME") in result.output


GATEWAY = "https://gw.corp.example:8443/agora"


def listed_by(server: str) -> dict[str, Any]:
    return entry("GET", f"{server}/dev/v1/projects", status=418, answer="")


@pytest.mark.parametrize("base_url", [GATEWAY, f"{GATEWAY}/", "http://GW.corp.example/agora/dev"])
def test_a_server_with_a_path_is_checked_by_its_base_url(tmp_path: Path, base_url: str) -> None:
    path = written(tmp_path / "x.har", listed_by(GATEWAY))
    for command in ("check", "watch"):
        result = run(command, path, "--base-url", base_url)
        assert result.exit_code == 1
        assert "CO-04" in result.output
    assert f"{GATEWAY}/dev/v1/projects" in run("check", path, "--base-url", base_url).output


@pytest.mark.parametrize("command", ["check", "watch"])
@pytest.mark.parametrize("options", [(), ("--host", "gw.corp.example")], ids=["no option", "host"])
def test_without_it_nothing_is_checked_and_the_base_url_is_named(tmp_path: Path, command: str, options: Any) -> None:
    path = written(tmp_path / "x.har", listed_by(GATEWAY), entry("GET", "https://cdn.example.com/", answer=""))
    result = run(command, path, *options)
    assert result.exit_code == 2
    assert "No drift" not in result.output
    assert f"pass --base-url {GATEWAY} to check" in result.output


def test_a_request_below_a_path_is_told_its_operation_and_the_base_url(tmp_path: Path) -> None:
    acquire = acquired()
    acquire["request"]["url"] = acquire["request"]["url"].replace("https://api.agora.io", GATEWAY)
    path = written(tmp_path / "x.har", acquire, listed_by("https://gw.corp.example"))
    output = run("check", path, "--host", "gw.corp.example").output
    operation = "POST /v1/apps/{appid}/cloud_recording/acquire"
    assert f"/acquire: 200; with --base-url {GATEWAY} it is {operation}." in output


def test_other_paths_of_a_server_with_a_path_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "x.har", listed_by(GATEWAY), entry("GET", f"{GATEWAY}er/dev/v1/projects", answer=""))
    assert "Passed over: 1 exchange" in run("check", path, "--base-url", GATEWAY).output


@pytest.mark.parametrize("command", ["check", "watch", "redact"])
@pytest.mark.parametrize("host", ["https://gw.corp.example/agora", "gw.corp.example:8443", "gw/agora", ""])
def test_what_is_no_host_name_is_refused_and_names_the_other_option(session: Path, command: str, host: str) -> None:
    result = run(command, session, "--host", host)
    assert result.exit_code == 2
    assert "--base-url" in result.output


@pytest.mark.parametrize("url", ["gw.corp.example/agora", "https://u:planted@gw/agora", "https://gw/agora/dev/v1"])
def test_what_is_no_base_url_is_refused(session: Path, url: str) -> None:
    result = run("check", session, "--base-url", url)
    assert result.exit_code == 2
    assert "base URL" in result.output
    assert "planted" not in result.output


def test_an_empty_recording_is_watched_as_it_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "x.har"
    path.write_text("", encoding="utf-8")
    assert run("check", path).exit_code == run("watch", path).exit_code == 2
    assert run("watch", written(path)).exit_code == 2


def test_a_drift_file_in_which_a_client_has_written_nothing_is_no_drift(tmp_path: Path) -> None:
    path = tmp_path / "drift.jsonl"
    path.write_text("", encoding="utf-8")
    assert run("watch", path).exit_code == 0


@pytest.mark.parametrize("manner", ["--json", None])
def test_values_of_unknown_headers_are_never_shown(tmp_path: Path, manner: str | None) -> None:
    headers = {"X-Gateway-Key": "planted-key", "X-Tenant": "planted", "Cache-Control": "no-cache"}
    answer = {"message": "no planted-key here"}
    refused = entry("GET", f"{CONSOLE}/v1/projects", status=418, answer=answer, headers=headers)
    path = written(tmp_path / "x.har", refused)
    for command in ("check", "watch"):
        assert "planted" not in run(command, path, *filter(None, [manner])).output
    assert "x-gateway-key: <hidden>" in run("check", path).output
    assert "cache-control: no-cache" in run("check", path).output


def test_check_lists_requests_to_no_operation_and_notes_what_is_new(tmp_path: Path) -> None:
    unknown = entry("GET", "https://api.agora.io/dev/v2/projects", status=418)
    newer = acquired(body={**IDENTITY, "clientRequest": {}, "more": 1})
    result = run("check", written(tmp_path / "x.har", unknown, unknown, newer))
    assert result.exit_code == 0
    assert "No operation: GET /dev/v2/projects: 418 (2 times); it resembles GET /dev/v1/projects." in result.output
    assert "acquire: `more` is not known here, and was ignored." in result.output
    report = json.loads(run("check", "--json", tmp_path / "x.har").output)
    assert report["unmatched"] == [
        {
            "method": "GET",
            "path": "/dev/v2/projects",
            "status": 418,
            "resembles": "GET /dev/v1/projects",
            "base_url": "",
            "times": 2,
        }
    ]
    assert report["ignored_members"] == [{"operation": "acquire", "what": "`more`", "times": 1}]


def test_check_does_not_speak_of_2019_in_a_session_of_today(tmp_path: Path) -> None:
    projects = entry("GET", f"{CONSOLE}/v1/projects", status=201, answer={"projects": []})
    hosts = {"success": True, "data": {"channel_exist": True, "mode": 2, "broadcasters": [574332]}}
    listed = entry("GET", f"{CONSOLE}/v1/channel/user/{APP_ID}/a/hosts_only", answer=hosts)
    of_today = written(tmp_path / "today.har", projects, listed)
    assert run("check", of_today).output == "2 exchanges of the two APIs checked: nothing found.\n"
    assert [note["what"] for note in json.loads(run("check", "--json", of_today).output)["not_in_documents"]] == [
        "status 201",
        "this call",
    ]


def test_check_names_what_is_new_in_a_session_of_both_times(tmp_path: Path) -> None:
    projects = entry("GET", f"{CONSOLE}/v1/projects", status=201, answer={"projects": []})
    output = run("check", written(tmp_path / "x.har", projects, acquired())).output
    assert "list_projects: status 201 is in the documents of today only: no error." in output
    assert "describe these exchanges: that of today only (1), that of 2019 only (1)." in output


def broken_and_cut(tmp_path: Path) -> tuple[Path, Path]:
    cut = tmp_path / "cut.har"
    cut.write_text(json.dumps(har(acquired(status=418), acquired(at=1)))[:-30], encoding="utf-8")
    return written(tmp_path / "broken.har", listed_by("https://api.agora.io")), cut


def test_a_file_that_is_cut_off_does_not_discard_what_was_found(tmp_path: Path) -> None:
    broken, cut = broken_and_cut(tmp_path)
    for files in ((cut, broken), (broken, cut)):
        result = run("check", *files)
        assert result.exit_code == 2
        assert "broken.har: exchange 1" in result.stdout
        assert result.stderr.startswith(f"agora-rest: {cut}: ")
    assert json.loads(run("check", "--json", *files).stdout)["unreadable"][0].startswith(f"{cut}: ")


def test_check_writes_the_reports_of_a_run(tmp_path: Path) -> None:
    broken, cut = broken_and_cut(tmp_path)
    good = written(tmp_path / "good.har", acquired())
    reports = tmp_path / "new" / "reports"
    for files, exit_code, errors in (((good, broken), 1, "0"), ((good, broken, cut), 2, "1"), ((good,), 0, "0")):
        assert run("check", *files, "--report-dir", reports).exit_code == exit_code
        document = json.loads((reports / "contract.json").read_text(encoding="utf-8"))
        assert document["exit_code"] == exit_code
        root = ET.fromstring((reports / "contract.junit.xml").read_bytes())
        assert root.get("errors") == errors
        cases = {case.get("name"): case.find("failure") is not None for case in root.iter("testcase")}
        assert cases["acquire"] == (exit_code == 2)
        assert cases.get("list_projects", False) == (exit_code != 0)
        assert document["sentence"] in (reports / "contract.html").read_text(encoding="utf-8").replace("&#39;", "'")


def test_a_folder_for_reports_that_cannot_be_written_is_named_first(session: Path) -> None:
    result = run("check", session, "--report-dir", session / "reports")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Not a directory" in result.stderr


def test_a_baseline_accepts_known_findings_of_recorded_traffic(tmp_path: Path) -> None:
    broken, _ = broken_and_cut(tmp_path)
    (finding,) = json.loads(run("check", "--json", broken).stdout)["findings"]
    unmet = Entry("acquire", "a_check", (), date.max, "never met")
    entry = Entry(finding["operation"], finding["check"], tuple(finding["facts"]), date.max, "reported")
    baseline = tmp_path / "known.toml"
    baseline.write_text(baseline_text([], date.max, kept=[entry, unmet]))
    result = run("check", broken, "--baseline", baseline)
    assert result.exit_code == 0
    assert "Accepted until 9999-12-31 (reported): list_projects" in result.output
    assert "nothing new found (1 known)" in result.output
    assert "not needed" not in result.output
    document = json.loads(run("check", "--json", broken, "--baseline", baseline).stdout)
    assert (document["findings"], document["accepted"][0]["reason"]) == ([], "reported")
    baseline.write_text("[[accepted]", encoding="utf-8")
    assert run("check", broken, "--baseline", baseline).exit_code == 2


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


def test_redact_follows_a_link_to_the_file(session: Path) -> None:
    session.chmod(0o600)
    link = session.with_name("link.har")
    link.symlink_to(session.name)
    assert run("redact", link, "--in-place").exit_code == 0
    assert link.is_symlink()
    assert "planted" not in session.read_text()
    assert session.stat().st_mode & 0o777 == 0o600
    other = written(session.with_name("other.har"), acquired())
    assert run("redact", other, "-o", link, "--force").exit_code == 0
    assert link.is_symlink()
    assert len(json.loads(session.read_text())["log"]["entries"]) == 1


def test_redact_tells_of_other_names_of_a_file(session: Path) -> None:
    session.with_name("other.har").hardlink_to(session)
    assert "other name" in run("redact", session, "--in-place").output
    assert "planted" in session.with_name("other.har").read_text()


def test_redact_writes_to_a_device_and_never_replaces_it(session: Path) -> None:
    assert run("redact", session, "-o", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()
    full = run("redact", session, "-o", "/dev/full")
    assert full.exit_code == 2
    assert full.output.startswith("agora-rest: /dev/full cannot be written: No space left on device.")
    assert Path("/dev/full").is_char_device()


def test_redact_replaces_only_files(session: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    result = run("redact", session, "-o", folder, "--force")
    assert result.exit_code == 2
    assert str(folder) in result.output
    pipe = tmp_path / "pipe.har"
    os.mkfifo(pipe)
    assert run("redact", pipe, "--in-place").exit_code == 2
    assert pipe.is_fifo()


def test_an_error_names_the_file_that_failed(session: Path, tmp_path: Path) -> None:
    output = tmp_path / "nowhere" / "x.har"
    result = run("redact", session, "-o", output)
    assert (result.exit_code, result.output) == (
        2,
        f"agora-rest: {output} cannot be written: No such file or directory.\n",
    )


def test_a_reader_that_leaves_is_no_error_of_a_file(session: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "long.har", *[acquired(at=at) for at in range(200)])
    program = Path(sys.executable).with_name("agora-rest")
    line = f"'{program}' contract redact '{path}' -o - | head -c 100; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_redact_names_no_server_of_ones_own_and_the_file_can_still_be_checked(tmp_path: Path) -> None:
    located = entry("GET", f"{GATEWAY}/dev/v1/projects", status=418, answer="", headers={"Host": "gw.corp.example"})
    located["response"]["redirectURL"] = f"{GATEWAY}/dev/v1/projects"
    path = written(tmp_path / "x.har", located, listed_by("https://other.corp.example"), listed_by(GATEWAY))
    result = run("redact", path, "--base-url", GATEWAY, "--host", "other.corp.example")
    redacted = tmp_path / "x.redacted.har"
    assert "corp" not in redacted.read_text()
    assert "/agora/" not in redacted.read_text()
    urls = [each["request"]["url"] for each in json.loads(redacted.read_text())["log"]["entries"]]
    names = ["agora-1.example:8443", "agora-2.example", "agora-1.example:8443"]
    assert urls == [f"https://{name}/dev/v1/projects" for name in names]
    assert f"agora-rest contract check {redacted}" in result.output
    checked = run("check", redacted)
    assert checked.exit_code == 1
    assert "3 exchanges of the two APIs checked" in checked.output
    again = run("redact", redacted, "-o", "-")
    assert [each["request"]["url"] for each in json.loads(again.stdout)["log"]["entries"]] == urls


def test_a_server_on_this_machine_keeps_its_name(tmp_path: Path) -> None:
    local = entry("GET", "http://127.0.0.1:9000/agora/dev/v1/projects", status=201, answer={"projects": []})
    path = written(tmp_path / "x.har", local)
    assert run("redact", path, "--base-url", "http://127.0.0.1:9000/agora").exit_code == 0
    assert "http://127.0.0.1:9000/dev/v1/projects" in (tmp_path / "x.redacted.har").read_text()
    assert run("check", tmp_path / "x.redacted.har").exit_code == 0


def test_redact_warns_of_a_file_in_which_nothing_can_be_checked(tmp_path: Path) -> None:
    result = run("redact", written(tmp_path / "x.har", listed_by(GATEWAY)))
    assert result.exit_code == 0
    assert "Nothing in it can be checked" in result.output
    assert f"--base-url {GATEWAY}" in result.output
    elsewhere = run("redact", written(tmp_path / "y.har", entry("GET", "https://cdn.example.com/", answer="")))
    assert "--host NAME or --base-url URL" in elsewhere.output
    hosted = run("redact", written(tmp_path / "z.har", listed_by("https://gw.corp.example")))
    assert "--host gw.corp.example;" in hosted.output
