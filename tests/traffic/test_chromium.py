"""A session with the emulator that Chromium itself has recorded: every operation, asked by a page's own `fetch`."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agora_rest import spec
from agora_rest.contract.traffic.check import Report, check
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, Emulator, Fault, Mode
from tests.browser import launched
from tests.traffic.hars import stream

RECORDED = Path(__file__).parents[2] / "contract_tests" / "fixtures" / "browser"
"""Two such recordings, redacted, for where there is no Chromium.

`python -m tests.traffic.test_chromium` renews them.
"""

#: One call after another, a little more than a tenth of a second apart: a session may not ask more than ten a second.
PAGE = """
async ({user, password, elsewhere, appId, projectId}) => {
  const authorization = "Basic " + btoa(`${user}:${password}`);
  const pause = () => new Promise(done => setTimeout(done, 130));
  const call = async (method, path, body, more = {}) => {
    await pause();
    const headers = {authorization};
    if (body !== undefined) headers["content-type"] = "application/json;charset=utf-8";
    const content = body === undefined ? undefined : JSON.stringify(body);
    // Without cookies and the like: a refusal would have the browser ask its user for a password.
    const answer = await fetch(path, {method, headers, body: content, credentials: "omit", ...more});
    return answer.json().catch(() => null);
  };
  const inner = answer => answer.Body ?? answer;
  const one = answer => Array.isArray(answer.project) ? answer.project[0] : answer.project ?? answer.projects[0];

  const whom = {cname: "lesson 42", uid: "527841", clientRequest: {}};
  const base = `/v1/apps/${appId}/cloud_recording`;
  const storageConfig = {vendor: 2, region: 3, bucket: "b", accessKey: "planted-access", secretKey: "planted-secret"};
  const {resourceId} = inner(await call("POST", `${base}/acquire`, whom));
  const resource = `${base}/resourceid/${resourceId}`;
  const start = {...whom, clientRequest: {storageConfig}};
  const {sid} = inner(await call("POST", `${resource}/mode/mix/start`, start));
  await call("GET", `${resource}/sid/${sid}/mode/mix/query`);
  await call("POST", `${resource}/sid/${sid}/mode/mix/stop`, whom);
  await call("POST", `${resource}/mode/mix/start`, start);

  const {id} = one(await call("POST", "/dev/v1/project/", {name: "Größe 課程 🎓", enable_sign_key: true}));
  await call("GET", "/dev/v1/projects/");
  await call("GET", `/dev/v1/project/?id=${id}&name=${encodeURIComponent("Größe 課程 🎓")}`);
  await call("POST", "/dev/v1/recording_config/", {id, recording_server: "10.2.2.8:8080"});
  await call("POST", "/dev/v1/signkey/", {id, enable: false});
  await call("POST", "/dev/v1/reset_signkey", {id});
  await call("POST", "/dev/v1/project_status/", {id, status: 0});
  await call("DELETE", "/dev/v1/project/", {id});
  await call("DELETE", "/dev/v1/project/", {id});

  const days = "from_date=2026-01-01&to_date=2026-01-02";
  await call("GET", `/dev/v1/usage/?${days}&projects=${projectId},nobody`);
  await call("GET", `/dev/v3/usage/?${days}&project_id=${projectId}&business=default`);

  const whose = {appid: appId, cname: "stage", uid: 3, ip: ""};
  const rule = await call("POST", "/dev/v1/kicking-rule/", {...whose, time: 60, privileges: ["join_channel"]});
  await call("GET", `/dev/v1/kicking-rule/?appid=${appId}`);
  await call("PUT", "/dev/v1/kicking-rule/", {appid: appId, id: rule.id, time: 0.5});
  await call("DELETE", "/dev/v1/kicking-rule/", {appid: appId, id: rule.id});

  await call("GET", `/dev/v1/channel/user/property/${appId}/1/${encodeURIComponent("a #%?~")}`);
  await call("GET", `/dev/v1/channel/user/${appId}/${encodeURIComponent("a #%?~")}`);
  await call("GET", `/dev/v1/channel/user/${appId}/live`);
  await call("GET", `/dev/v1/channel/user/${appId}/nobody`);
  await call("GET", `/dev/v1/channel/${appId}?page_no=0&page_size=10`);

  // What a browser does besides: credentials it has not, a page of its own, another origin, a call broken off.
  await call("GET", "/dev/v1/projects/", undefined, {headers: {authorization: "Basic eDp5"}});
  await fetch("/favicon.ico").catch(() => null);
  await call("GET", `${elsewhere}/dev/v1/projects/`).catch(() => null);
  const broken = new AbortController();
  const late = fetch("/dev/v1/projects/", {headers: {authorization}, signal: broken.signal}).catch(() => null);
  broken.abort();
  await late;
}
"""


def record(browser: Browser, dialect: str, path: Path, fault: Fault | None = None) -> None:
    """A session in `dialect`, as Chromium exports it to `path`."""
    emulator = Emulator(dialect=dialect)
    (demo,) = emulator.world.projects.all()
    emulator.join(demo.app_id, "a #%?~", [1, 2])
    emulator.join(demo.app_id, "stage", 3, mode=Mode.LIVE)
    emulator.join(demo.app_id, "live", 4, mode=Mode.LIVE)
    if fault is not None:
        emulator.inject(fault)
    with emulator.serve() as server:
        context = browser.new_context(record_har_path=path, record_har_content="embed")
        page = context.new_page()
        page.goto(f"{server.url}/_emulator/settings")
        page.evaluate(
            PAGE,
            {
                "user": DEFAULT_CUSTOMER_ID,
                "password": DEFAULT_CUSTOMER_CERTIFICATE,
                "elsewhere": server.url.replace("127.0.0.1", "localhost"),
                "appId": demo.app_id,
                "projectId": demo.id,
            },
        )
        context.close()


@pytest.fixture(scope="module", params=["documented", "observed"])
def session(request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("chromium") / f"{request.param}.har"
    record(browser, request.param, path)
    return path


def checked(document: Any) -> Report:
    report = Report()
    check(stream(document), report)
    return report


def found(report: Report) -> list[tuple[str, str]]:
    return [(finding.operation, finding.check) for finding in report.findings]


def test_nothing_is_found_in_what_chromium_recorded(session: Path) -> None:
    report = checked(json.loads(session.read_text(encoding="utf-8")))
    assert [finding.as_dict() for finding in report.findings] == []
    assert report.exchanges.keys() == spec.operations().keys()
    assert report.other_paths >= 1  # the page
    assert (report.unanswered, report.unseen_bodies) == (2, 0)


BREACHES = {
    "status_in_spec": Fault("status", operation="list_channels", status=418, body={"message": "?"}, times=1),
    "json_answers": Fault("not_json", operation="list_kicking_rules", times=1),
    "schema_of_answers": Fault("wrong_shape", operation="get_usage_v1", body={"usages": [{"daily": 7}]}, times=1),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_found_in_it_and_nothing_else(breach: str, browser: Browser, tmp_path: Path) -> None:
    fault = BREACHES[breach]
    record(browser, "documented", tmp_path / "session.har", fault)
    report = checked(json.loads((tmp_path / "session.har").read_text(encoding="utf-8")))
    assert found(report) == [(fault.operation, breach)]


each_recorded = pytest.mark.parametrize("path", sorted(RECORDED.glob("*.har")), ids=lambda path: path.stem)


@each_recorded
def test_nothing_is_found_in_a_kept_recording(path: Path) -> None:
    report = checked(json.loads(path.read_text(encoding="utf-8")))
    assert [finding.as_dict() for finding in report.findings] == []
    assert report.exchanges.keys() == spec.operations().keys()


@each_recorded
def test_one_mutated_answer_is_found_in_a_kept_recording_and_nothing_else(path: Path) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    for operation, part, before, after, expected in MUTATIONS:
        document = copy.deepcopy(recorded)
        entry = next(each for each in document["log"]["entries"] if part in each["request"]["url"])
        content = entry["response"]["content"]
        assert before in content["text"]
        content["text"] = content["text"].replace(before, after)
        assert found(checked(document)) == [(operation, expected)]


MUTATIONS = (
    ("query_recording", "/query", '"sid":"', '"sid":"not-', "ids_are_echoed"),
    ("get_usage_v1", "/v1/usage", '"daily":', '"weekly":', "schema_of_answers"),
    ("get_user_property", "/user/property/", '"in_channel":true', '"in_channel":"yes"', "schema_of_answers"),
)


@each_recorded
def test_no_secret_is_in_a_kept_recording(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for secret in ("planted", DEFAULT_CUSTOMER_CERTIFICATE, "ZW11bGF0b3I6", "eDp5"):
        assert secret not in text


def test_there_is_a_kept_recording_in_each_dialect() -> None:
    assert [path.stem for path in sorted(RECORDED.glob("*.har"))] == ["chromium-documented", "chromium-observed"]


def _renew() -> None:
    """Record and redact the kept ones anew."""
    from agora_rest.contract.traffic.redact import redact

    RECORDED.mkdir(exist_ok=True)
    with launched() as running:
        for dialect in ("documented", "observed"):
            path = RECORDED / f"chromium-{dialect}.har"
            raw = path.with_suffix(".raw")
            record(running, dialect, raw)
            with raw.open("rb") as source, path.open("wb") as target:
                redact(source, target)
            raw.unlink()


if __name__ == "__main__":
    _renew()
