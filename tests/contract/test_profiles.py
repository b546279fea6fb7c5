from __future__ import annotations

import httpx
import pytest

from agora_rest.addresses import is_loopback_url
from agora_rest.contract import target
from agora_rest.contract.http.server import Account
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.safety.access import Profile, RequestedAccess, Unsafe, choose_profile
from agora_rest.contract.target import CouldNotRun, reach


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8080", True),
        ("http://localhost", True),
        ("http://emulator:8080", False),
        ("https://api.agora.io", False),
        ("https://127.0.0.1.example.com", False),
        ("https://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
    ],
)
def test_what_is_this_machine(url: str, own: bool) -> None:
    assert is_loopback_url(url) is own


@pytest.mark.parametrize(
    ("requested", "is_emulator", "owned", "profile"),
    [
        (None, True, False, Profile.LOCAL),
        ("full", True, False, Profile.LOCAL),
        ("emulator", True, False, Profile.LOCAL),
        ("read-only", True, True, Profile.READ_ONLY),
        (None, False, False, Profile.READ_ONLY),
        (None, False, True, Profile.READ_ONLY),
        ("read-only", False, True, Profile.READ_ONLY),
        ("full", False, True, Profile.FULL),
    ],
)
def test_a_server_that_proves_nothing_is_only_read_unless_two_things_are_stated(
    requested: RequestedAccess | None, is_emulator: bool, owned: bool, profile: Profile
) -> None:
    assert choose_profile(requested, is_emulator=is_emulator, owned=owned) is profile


@pytest.mark.parametrize(("requested", "why"), [("full", "--i-own-this-account"), ("emulator", "does not prove")])
def test_no_statement_alone_gives_more_than_reading(requested: RequestedAccess, why: str) -> None:
    with pytest.raises(Unsafe, match=why):
        choose_profile(requested, is_emulator=False, owned=False)


@pytest.mark.fact("CR-01", "CO-01")
def test_credentials_do_not_leave_this_machine_in_the_open() -> None:
    account = Account(customer_id="customer", customer_certificate="planted-certificate")
    with pytest.raises(CouldNotRun, match="unencrypted: use https"), reach("http://10.0.0.1", account):
        pass


@pytest.mark.parametrize(
    ("projects", "unasked", "dialect"),
    [
        (httpx.Response(201, json={"projects": []}), None, "current"),
        (httpx.Response(200, json={"projects": []}), None, None),
        (
            httpx.Response(404, json={"message": "no Route"}),
            httpx.Response(401, json={"message": "Unauthorized"}),
            "current",
        ),
        (
            httpx.Response(404, json={"message": "no Route"}),
            httpx.Response(401, json={"message": "Invalid authentication credentials"}),
            None,
        ),
        (httpx.Response(404, json={}), httpx.Response(401, text="<html>"), None),
        (httpx.Response(404, json={}), httpx.Response(200, json=[]), None),
    ],
)
@pytest.mark.fact("CO-68", "CR-72")
def test_a_server_of_today_is_known_by_its_projects_or_without_them_by_its_refusal(
    projects: httpx.Response, unasked: httpx.Response | None, dialect: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/projects"):
            return projects
        assert "authorization" not in request.headers
        assert unasked is not None
        return unasked

    monkeypatch.setattr(
        target, "_client", lambda *_: httpx.Client(transport=httpx.MockTransport(answer), base_url="https://x.test")
    )
    with reach("https://x.test", Account("customer", "certificate"), app_id="0" * 32) as found:
        assert found.dialect == dialect


def test_a_read_only_server_never_gets_anything_but_gets(serve) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(200, json={"projects": []})

    server = serve(answer, profile=Profile.READ_ONLY)
    server.list_projects()
    for send in (server.acquire, server.create_project, lambda: server.request("PUT", "/dev/v1/kicking-rule")):
        with pytest.raises(Skipped):
            send()
    assert asked == ["GET"]


@pytest.mark.parametrize(("status", "dialect", "named"), [(200, None, "2019"), (201, "current", "today")])
def test_a_server_is_recognised_by_its_list_of_projects(status: int, dialect: str | None, named: str) -> None:
    with httpx.Client() as http:
        found, why = target._recognised(http, httpx.Response(status, json={"projects": []}))
    assert found == dialect
    assert f"the documents of {named}, because it lists the projects with status {status}" in why
    assert "pass --dialect" in why


def test_the_reason_for_a_missing_app_id_names_its_option_and_what_was_listed() -> None:
    listed = httpx.Response(201, json={"projects": [{"vendor_key": "f" * 32, "status": "1"}]})
    with pytest.raises(CouldNotRun) as reason:
        target._live_app_id(listed, "https://own.test", None, outlives_reset=False)
    assert '"1"' in str(reason.value)
    assert "--app-id" in str(reason.value)
