"""The pages over HTTP: what they may load, who may ask for them, and what is in the package."""

from __future__ import annotations

import hashlib
import html
import json
import re
from importlib.resources import files
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from agora_rest import spec
from agora_rest.emulator import DEMO_APP_ID, Emulator, FrozenClock
from tests.emulator.callers import Api

PAGES = ("/", "/docs")


def get(api: Api, path: str, **headers: str) -> httpx.Response:
    return api.send("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_nothing_but_its_own_files(api: Api, path: str) -> None:
    answer = get(api, path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|https?://", answer.text)
    for name in re.findall(r'(?:src|href)="(/_emulator/[^"]+)"', answer.text):
        assert get(api, name).status_code == 200, name


def test_our_scripts_put_nothing_in_as_markup_and_ask_nobody_else() -> None:
    scripts = [
        each for each in files("agora_rest.emulator.web").joinpath("assets").iterdir() if each.name.endswith(".js")
    ]
    assert len(scripts) > 5
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|https?://", text)
        assert found == [], script.name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("page.js", "text/javascript; charset=utf-8"),
        ("page.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("swagger-ui/swagger-ui.css", "text/css; charset=utf-8"),
    ],
)
def test_files_are_sent_once_and_asked_after_later(api: Api, name: str, kind: str) -> None:
    answer = get(api, f"/_emulator/assets/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = get(api, f"/_emulator/assets/{name}", if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["nothing.js", "", "../page.html", "..%2Fpage.html", "%2e%2e/app.py", "swagger-ui", "__init__.py", "page.js/"],
)
def test_no_other_file_is_given_out(api: Api, path: str) -> None:
    assert api.bare("GET", f"/_emulator/assets/{path}")[0] == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_link_from_another_site_opens_a_page_but_a_frame_does_not(api: Api, path: str) -> None:
    visit = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    assert get(api, path, **visit, sec_fetch_dest="document").status_code == 200
    assert get(api, path, **visit, sec_fetch_dest="iframe").status_code == 403
    assert get(api, "/_emulator/state", **visit, sec_fetch_dest="document").status_code == 403


def test_answers_of_control_cannot_be_used_by_other_sites(api: Api) -> None:
    for path in (*PAGES, "/_emulator/state", "/docs/console.json", "/_emulator/assets/page.js"):
        headers = get(api, path).headers
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [*PAGES, "/docs/console.json", "/_emulator/assets/page.js"])
def test_pages_are_only_read(api: Api, path: str) -> None:
    assert api.send("HEAD", path).status_code == 200
    refused = api.send("POST", path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("api_name", spec.APIS)
@pytest.mark.parametrize("dialect", spec.DIALECTS)
def test_the_specifications_are_the_dialects_and_name_this_emulator_as_their_server(
    dialect: spec.Dialect, api_name: spec.Api
) -> None:
    document = get(Api(Emulator(dialect=dialect)), f"/docs/{api_name}.json").json()
    validate(document)
    assert [server["url"] for server in document["servers"]] == [{"cloud-recording": "/", "console": "/dev"}[api_name]]
    assert document["paths"] == spec.document(api_name, spec.edition_of(dialect))["paths"]


def account(emulator: Emulator) -> Any:
    page = get(Api(emulator), "/").text
    return json.loads(html.unescape(re.search('data-account="([^"]*)"', page)[1]))


def test_the_page_knows_the_documented_certificate_and_no_other() -> None:
    assert account(Emulator()) == {
        "customer_id": "emulator",
        "customer_certificate": "emulator-secret",
        "app_id": DEMO_APP_ID,
    }
    other = Emulator(customer_id='"><script>', customer_certificate="planted-certificate", clock=FrozenClock())
    assert account(other) == {
        "customer_id": '"><script>',
        "customer_certificate": None,
        "app_id": DEMO_APP_ID,
    }
    assert b"planted" not in get(Api(other), "/docs").content


def test_the_files_of_others_are_as_their_manifest_says() -> None:
    folder = files("agora_rest.emulator.web").joinpath("assets", "swagger-ui")
    manifest = json.loads(folder.joinpath("manifest.json").read_text(encoding="utf-8"))
    assert manifest["license"] == "Apache-2.0"
    digests = {name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() for name in manifest["files"]}
    assert digests == manifest["files"]
    assert {each.name for each in folder.iterdir()} == {*manifest["files"], "manifest.json"}
