"""What is put into requests before they are sent, against a real emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from agora_rest.contract.http.control import ControlApi
from agora_rest.contract.http.server import OMIT, STORAGE, Account, Response, Server
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.live_ids import Draft, pin
from agora_rest.contract.safety.resources import Live
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator
from agora_rest.spec import Dialect

OTHER_APP = "f" * 32


@contextmanager
def driver(dialect: Dialect) -> Iterator[Server]:
    with (
        Emulator(dialect=dialect, rate_limit=False).serve() as emulator,
        httpx.Client(base_url=emulator.url, trust_env=False) as http,
    ):
        account = Account(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
        yield Server(http, account, app_id=DEMO_APP_ID, control=ControlApi.of(http), dialect=dialect)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with driver("documented") as made:
        yield made


@pytest.fixture(scope="module")
def server_of_today() -> Iterator[Server]:
    with driver("current") as made:
        yield made


@pytest.fixture
def live_today(server_of_today: Server) -> Live:
    server_of_today.begin()
    return Live(server_of_today)


@pytest.fixture
def live(server: Server) -> Live:
    server.begin()
    return Live(server)


def pinned(live: Live, operation: str, *, path: Any = None, query: Any = None, body: Any = None, **more: Any) -> Draft:
    draft = Draft(operation, path or {}, query or {}, body, **more)
    pin(draft, live)
    return draft


def sent(server: Server, draft: Draft) -> Response:
    body = OMIT if draft.body is None else draft.body
    return server.send(draft.operation, path=draft.path, query=draft.query, body=body)


def test_valid_ids_become_live_ones(live: Live, server: Server) -> None:
    body = {"id": "xxxx", "recording_server": "10.2.2.8:8080"}
    sent(server, pinned(live, "set_recording_server", body=body)).must_succeed()


@pytest.mark.parametrize("broken", [None, 7, "", "a/b", ["xxxx"]])
def test_what_is_broken_stays_broken(live: Live, broken: Any) -> None:
    assert pinned(live, "set_recording_server", body={"id": broken}).body == {"id": broken}


@pytest.mark.parametrize("broken", ["", "not-an-app-id", "%F3%A2%88%93%C2%83", "0" * 33])
def test_a_broken_parameter_stays_broken(live: Live, broken: str) -> None:
    draft = pinned(live, "list_channels", path={"appid": broken})
    assert draft.path == {"appid": broken}


@pytest.mark.parametrize("broken", ["%F3%A2%88%93%C2%83p", "%09", ".", "..", "a%2Fb", "x" * 65])
def test_a_channel_name_that_is_broken_under_its_encoding_stays_broken(live: Live, broken: str) -> None:
    draft = pinned(live, "list_channel_users", path={"appid": OTHER_APP, "cname": broken}, turn=1)
    assert draft.path["cname"] == broken


def test_a_channel_name_that_is_valid_under_its_encoding_becomes_a_live_one(live: Live) -> None:
    draft = pinned(live, "list_channel_users", path={"appid": OTHER_APP, "cname": "100%25%20%23"}, turn=1)
    assert draft.path["cname"] == "contract-room"


def test_what_is_missing_stays_missing(live: Live) -> None:
    assert pinned(live, "delete_project", body={}).body == {}
    assert pinned(live, "get_usage_v3", query={"business": "default"}).query == {"business": "default"}


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_a_body_that_is_no_object_is_left_alone(live: Live, body: Any) -> None:
    assert pinned(live, "delete_project", body=body).body == body


def test_a_start_gets_a_resource_of_its_own_for_the_channel_and_uid_it_names(live: Live, server: Server) -> None:
    path = {"appid": OTHER_APP, "resourceid": "xxx", "mode": "mix"}
    body = {"cname": "any channel", "uid": "77", "clientRequest": {"storageConfig": dict(STORAGE)}}
    first, second = (pinned(live, "start_recording", path=dict(path), body=body) for _ in range(2))
    assert first.path["resourceid"] != second.path["resourceid"]
    sent(server, first).must_succeed()


def test_each_deletion_gets_a_project_that_is_still_there(live: Live, server: Server) -> None:
    for _ in range(3):
        deleted = sent(server, pinned(live, "delete_project", body={"id": "xxxx"})).must_succeed()
        live.settle(deleted.exchange, at_once=True)
    assert server.find_project(id="demo").must_succeed()


def test_a_refused_deletion_does_not_use_a_project_up(live: Live) -> None:
    first = pinned(live, "delete_project", body={"id": "xxxx"})
    second = pinned(live, "delete_project", body={"id": "yyyy"})
    assert first.body == second.body


def test_each_stop_gets_a_recording_that_runs(live: Live, server: Server) -> None:
    for _ in range(2):
        path = {"appid": OTHER_APP, "resourceid": "xxx", "sid": "xxx", "mode": "mix"}
        draft = pinned(live, "stop_recording", path=path, body={"cname": "c", "uid": "1", "clientRequest": {}})
        live.settle(sent(server, draft).must_succeed().exchange, at_once=True)


@pytest.mark.parametrize("mode", ["individual", "mix", "web"])
@pytest.mark.fact("CR-80", "CR-84", "CR-115", "CR-127")
def test_calls_name_a_recording_in_the_mode_of_their_path(live_today: Live, server_of_today: Server, mode: str) -> None:
    path = {"appid": OTHER_APP, "resourceid": "xxx", "sid": "xxx", "mode": mode}
    body = {"cname": "c", "uid": "1", "clientRequest": {}}
    for operation in ("query_recording", "update_recording", "stop_recording", "stop_recording"):
        named = dict(body) if operation != "query_recording" else None
        response = sent(server_of_today, pinned(live_today, operation, path=dict(path), body=named, edition="current"))
        assert response.status in (200, 206)
        live_today.settle(response.exchange, at_once=True)
    path = {"appid": OTHER_APP, "resourceid": "xxx", "mode": mode}
    body = {"cname": "c/d", "uid": "1", "clientRequest": {"storageConfig": dict(STORAGE)}}
    draft = pinned(live_today, "start_recording", path=path, body=body, edition="current")
    sent(server_of_today, draft).must_succeed()


@pytest.mark.fact("CR-119")
def test_regions_over_the_edge_are_moved_onto_the_canvas(live_today: Live, server_of_today: Server) -> None:
    path = {"appid": OTHER_APP, "resourceid": "xxx", "sid": "xxx", "mode": "mix"}
    regions = [{"x_axis": 0.7, "y_axis": 0.2, "width": 0.6, "height": 0.3}]
    body = {"cname": "c", "uid": "1", "clientRequest": {"mixedVideoLayout": 3, "layoutConfig": regions}}
    draft = pinned(live_today, "update_layout", path=path, body=body, edition="current")
    assert draft.body["clientRequest"]["layoutConfig"] == [{"x_axis": 0, "y_axis": 0.2, "width": 0.6, "height": 0.3}]
    sent(server_of_today, draft).must_succeed()


def test_ids_that_came_over_a_link_stay(live: Live, server: Server) -> None:
    project = server.create_project()
    draft = pinned(live, "set_project_status", body={"id": project["id"], "status": 1}, keep={project["id"]})
    assert draft.body["id"] == project["id"]


def test_no_link_leads_a_deletion_to_what_must_last(live: Live, server: Server) -> None:
    kept = live.project["id"]
    for precious in (kept, "demo"):
        draft = pinned(live, "delete_project", body={"id": precious}, keep={precious})
        assert draft.body["id"] not in (kept, "demo")
        live.settle(sent(server, draft).must_succeed().exchange, at_once=True)
        draft = pinned(live, "set_project_status", body={"id": precious, "status": 0}, keep={precious})
        assert draft.body["id"] not in (kept, "demo")


def test_no_link_leads_a_stop_to_the_recording_that_must_last(live: Live, server: Server) -> None:
    recording = live.recording()
    assert recording is not None
    path = {"appid": DEMO_APP_ID, "resourceid": recording.resource.id, "sid": recording.sid, "mode": "mix"}
    draft = pinned(live, "stop_recording", path=dict(path), body={"cname": "c", "uid": "1"}, keep={recording.sid})
    assert draft.path["sid"] != recording.sid
    assert pinned(live, "query_recording", path=dict(path), keep={recording.sid}).path["sid"] == recording.sid


def test_a_project_found_over_a_link_is_not_asked_for_under_another_name(live: Live, server: Server) -> None:
    project = server.create_project()
    draft = pinned(live, "find_project", query={"id": project["id"], "name": "project1"}, keep={project["id"]})
    assert sent(server, draft).must_succeed().project["id"] == project["id"]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_a_request_made_is_taken_back_at_once_or_by_tidying(live: Live, server: Server, at_once: bool) -> None:
    created = server.send("create_project", body={"name": "n", "enable_sign_key": True}).must_succeed()
    live.settle(created.exchange, at_once=at_once)
    assert (created.project["id"] in {each["id"] for each in server.list_projects()}) is not at_once
    assert created.project["id"] in live.issued
    live.tidy()
    assert created.project["id"] not in {each["id"] for each in server.list_projects()}


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2020-01-31", "2020-01-01"),
        ("2015-01-01", "2020-01-01"),
        ("9999-12-31", "1000-01-01"),
        ("2020-02-29", "2020-02-29"),
    ],
)
@pytest.mark.fact("CO-31")
def test_a_period_is_mended(live: Live, begin: str, end: str) -> None:
    query = pinned(live, "get_usage_v1", query={"from_date": begin, "to_date": end}).query
    first, last = date.fromisoformat(query["from_date"]), date.fromisoformat(query["to_date"])
    assert timedelta(0) <= last - first < timedelta(days=365)


def test_a_broken_date_stays_broken(live: Live) -> None:
    query = {"from_date": "2020-13-01", "to_date": "2020-01-01"}
    assert pinned(live, "get_usage_v1", query=dict(query)).query == query


def test_channels_are_asked_about_in_all_their_shapes(live: Live, server: Server) -> None:
    shapes = []
    for turn in range(3):
        path = {"appid": OTHER_APP, "cname": "xxxx"}
        draft = pinned(live, "list_channel_users", path=path, turn=turn)
        data = sent(server, draft).must_succeed().need("data")
        shapes.append((data["channel_exist"], data.get("mode")))
    assert shapes == [(False, None), (True, 1), (True, 2)]


def test_the_requests_that_made_an_id_are_told(live: Live) -> None:
    pinned(live, "delete_kicking_rule", body={"appid": OTHER_APP, "id": 1})
    assert [each.operation for each in live.setup()] == ["create_project", "create_kicking_rule", "create_kicking_rule"]
    assert live.setup() == []


@pytest.mark.parametrize(
    "listed",
    [
        lambda given: [
            {"id": "a", "vendor_key": OTHER_APP, "status": 1},
            {"id": "b", "vendor_key": given, "status": 1},
        ],
        lambda given: [{"id": "b", "vendor_key": given, "status": "1"}],
        lambda _: [],
    ],
    ids=["not the first", "with another type", "not listed"],
)
def test_a_server_that_is_only_read_is_asked_for_the_given_app_id(
    serve: Callable[..., Server], listed: Callable[[str], list[dict[str, Any]]]
) -> None:
    server = serve(lambda _: httpx.Response(200, json={"projects": listed(server.app_id)}), profile=Profile.READ_ONLY)
    live = Live(server)
    for operation in ("list_channels", "list_channel_users"):
        assert pinned(live, operation, path={"appid": OTHER_APP}).path["appid"] == server.app_id
    assert pinned(live, "list_kicking_rules", query={"appid": OTHER_APP}).query["appid"] == server.app_id
    pinned(live, "find_project", query={})
    pinned(live, "get_usage_v1", query={"projects": ["xxxx"]})
