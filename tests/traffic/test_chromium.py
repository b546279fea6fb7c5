"""A session with the emulator that Chromium itself has recorded: every operation, called by a page's own `fetch`."""

from __future__ import annotations

import base64
import contextlib
import copy
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Error

from agora_rest import spec
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Ids, Sample, sample
from agora_rest.contract.traffic.check import Report
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    Emulator,
    Fault,
    Mode,
)
from contract_tests.tour import modes, tour
from tests.browser import launched
from tests.traffic.hars import checked

CHANNEL = "a #%?~"

RECORDED = Path(__file__).parents[2] / "contract_tests" / "fixtures" / "browser"
"""Such a recording in each dialect, redacted, for where there is no Chromium.

`make fixtures` renews them.
"""

CALL = """
async ({authorization, method, url, body}) => {
  const headers = {authorization};
  if (body !== null) headers["content-type"] = "application/json;charset=utf-8";
  const content = body === null ? undefined : JSON.stringify(body);
  // Without cookies and the like: a refusal would have the browser ask its user for a password.
  const answer = await fetch(url, {method, headers, body: content, credentials: "omit"});
  return answer.json().catch(() => null);
}
"""

BESIDES = """
async ({authorization}) => {
  // What a browser does besides: a page of its own, a call broken off.
  await fetch("/favicon.ico").catch(() => null);
  const broken = new AbortController();
  const late = fetch("/dev/v1/projects", {headers: {authorization}, signal: broken.signal}).catch(() => null);
  broken.abort();
  await late;
}
"""

PAUSE = 0.13
"""Seconds between two calls: an account may not send more than ten a second."""

MEMBERS: dict[str, dict[str, Any]] = {
    "create_project": {"name": "Größe 課程 🎓"},
    "create_kicking_rule": {"cname": "stage", "uid": 3},
    "enable_certificate": {"enable": False},
    "update_kicking_rule": {"time": 0.5},
}


MUTE = {"uid": 3, "cname": "stage", "time_in_seconds": 90, "privileges": ["publish_audio", "publish_video"]}


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


AUTHORIZATION = basic(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)


class Page:
    """A page in the browser that calls the emulator."""

    def __init__(self, page: Any, url: str) -> None:
        self._page = page
        self._page.goto(f"{url}/_emulator/settings")
        self._elsewhere = url.replace("127.0.0.1", "localhost")

    def send(self, call: Sample, authorization: str = AUTHORIZATION, base: str = "") -> Any:
        time.sleep(PAUSE)
        operation = spec.operation(call.operation)
        query = {name: ",".join(value) if isinstance(value, list) else value for name, value in call.query.items()}
        return self._page.evaluate(
            CALL,
            {
                "authorization": authorization,
                "method": operation.method,
                "url": base + operation.url(**call.path) + (f"?{urlencode(query)}" if query else ""),
                "body": None if call.body is OMIT else call.body,
            },
        )

    def tour(self, app_id: str, edition: spec.Edition) -> None:
        """Every operation, some refusals, and what a browser does besides."""
        self.send(sample("get_user_property", Ids(app_id=app_id, channel=CHANNEL, uid="1")))
        tour(self.send, Ids(app_id=app_id, channel=CHANNEL), MEMBERS, edition)
        if edition == "current":
            modes(self.send, Ids(app_id=app_id, channel=CHANNEL))
            self.send(sample("create_kicking_rule", Ids(app_id=app_id), **MUTE))
        for channel in ("live", "nobody"):
            self.send(sample("list_channel_users", Ids(app_id=app_id, channel=channel)))
        self.send(sample("delete_project", Ids(project="nobody")))
        self.send(sample("list_projects"), authorization=basic("x", "y"))
        with contextlib.suppress(Error):  # another origin, whose answer a page may not read
            self.send(sample("list_projects"), base=self._elsewhere)
        self._page.evaluate(BESIDES, {"authorization": AUTHORIZATION})


def record(browser: Browser, dialect: spec.Dialect, path: Path, fault: Fault | None = None) -> None:
    """A session in `dialect`, as Chromium exports it to `path`."""
    emulator = Emulator(dialect=dialect)
    emulator.join(DEMO_APP_ID, CHANNEL, [1, 2])
    emulator.join(DEMO_APP_ID, "stage", 3, mode=Mode.LIVE)
    emulator.join(DEMO_APP_ID, "live", 4, mode=Mode.LIVE)
    if fault is not None:
        emulator.inject(fault)
    with emulator.serve() as server:
        context = browser.new_context(record_har_path=path, record_har_content="embed")
        Page(context.new_page(), server.url).tour(DEMO_APP_ID, emulator.settings.edition)
        context.close()


@pytest.fixture(scope="module", params=spec.DIALECTS)
def session(request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("chromium") / f"{request.param}.har"
    record(browser, request.param, path)
    return path


def found(report: Report) -> list[tuple[str, str]]:
    return [(finding.operation, finding.check) for finding in report.findings]


@pytest.mark.slow
def test_nothing_is_found_in_what_chromium_recorded(session: Path) -> None:
    report = checked(json.loads(session.read_text(encoding="utf-8")))
    assert [finding.as_dict() for finding in report.findings] == []
    edition = spec.edition_of(session.stem)  # the file has the name of the dialect
    assert report.exchanges.keys() == spec.operations(edition).keys()
    assert report.other_paths >= 1  # the page
    assert (report.unanswered, report.unseen_bodies) == (2, 0)


BREACHES = {
    "status_in_spec": Fault("status", operation="list_channels", status=418, body={"message": "?"}, times=1),
    "json_responses": Fault("not_json", operation="list_kicking_rules", times=1),
    "schema_of_responses": Fault("wrong_shape", operation="get_usage_v1", body={"usages": [{"daily": 7}]}, times=1),
}


@pytest.mark.slow
@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_found_in_it_and_nothing_else(breach: str, browser: Browser, tmp_path: Path) -> None:
    fault = BREACHES[breach]
    record(browser, "documented", tmp_path / "session.har", fault)
    report = checked(json.loads((tmp_path / "session.har").read_text(encoding="utf-8")))
    assert found(report) == [(fault.operation, breach)]


each_recorded = pytest.mark.parametrize("path", sorted(RECORDED.glob("*.har")), ids=lambda path: path.stem)


def dialect_of(path: Path) -> str:
    return path.stem.partition("-")[2]


@each_recorded
def test_nothing_is_found_in_a_kept_recording(path: Path) -> None:
    report = checked(json.loads(path.read_text(encoding="utf-8")))
    assert [finding.as_dict() for finding in report.findings] == []
    edition = spec.edition_of(dialect_of(path))
    assert report.exchanges.keys() == spec.operations(edition).keys()
    assert {known for _, known in report.known_to} >= ({"both", "current"} if edition == "current" else {"both"})


@each_recorded
def test_one_mutated_answer_is_found_in_a_kept_recording_and_nothing_else(path: Path) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    for operation, part, before, after, expected in (*MUTATIONS, *OF_EDITION[spec.edition_of(dialect_of(path))]):
        document = copy.deepcopy(recorded)
        entry = next(each for each in document["log"]["entries"] if part in each["request"]["url"])
        content = entry["response"]["content"]
        assert before in content["text"]
        content["text"] = content["text"].replace(before, after)
        assert found(checked(document)) == [(operation, expected)]


MUTATIONS = (
    ("query_recording", "/query", '"sid":"', '"sid":"not-', "ids_are_echoed"),
    ("get_usage_v1", "/v1/usage", '"daily":', '"weekly":', "schema_of_responses"),
    ("get_user_property", "/user/property/", '"in_channel":true', '"in_channel":"yes"', "schema_of_responses"),
)


OF_EDITION = {
    "2019": (),
    "current": (
        ("update_layout", "/updateLayout", '"sid":"', '"sid":"not-', "ids_are_echoed"),
        ("list_channel_hosts", "/hosts_only", '"channel_exist":', '"exists":', "schema_of_responses"),
        ("query_recording", "/mode/web/query", '"onhold":false', '"onhold":"no"', "schema_of_responses"),
    ),
}


@each_recorded
def test_no_secret_is_in_a_kept_recording(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for secret in ("planted", DEFAULT_CUSTOMER_CERTIFICATE, "ZW11bGF0b3I6", "eDp5"):
        assert secret not in text


def test_there_is_a_kept_recording_in_each_dialect() -> None:
    assert {path.stem for path in RECORDED.glob("*.har")} == {f"chromium-{each}" for each in spec.DIALECTS}


def renew() -> None:
    """Record and redact the kept ones anew."""
    from agora_rest.contract.traffic.redact import redact

    RECORDED.mkdir(exist_ok=True)
    with launched() as running:
        for dialect in spec.DIALECTS:
            path = RECORDED / f"chromium-{dialect}.har"
            raw = path.with_suffix(".raw")
            record(running, dialect, raw)
            with raw.open("rb") as source, path.open("wb") as target:
                redact(source, target)
            raw.unlink()
