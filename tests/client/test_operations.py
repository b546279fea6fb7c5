"""Every operation: what it sends, and that both dialects of an answer give one and the same result."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, get_args

import httpx
import pytest

from agora_rest import (
    ApiError,
    Business,
    ChannelHosts,
    ChannelMode,
    ChannelUsers,
    Project,
    UserState,
    spec,
)
from contract_tests.calls import APP_ID, CASES, PROJECT, STARTED, WIRE_PROJECT, Case
from tests.client.conftest import Client


def by_name(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case.operation for case in cases])


def test_every_operation_of_the_specifications_has_a_case() -> None:
    assert sorted(case.operation for case in CASES) == sorted(spec.operations())


@by_name(CASES)
def test_it_sends_what_the_specification_asks_for(case: Case, client: Client, network: Any) -> None:
    sent: list[httpx.Request] = []
    network.route().mock(side_effect=lambda request: sent.append(request) or httpx.Response(200, json=case.documented))
    client(case.use)
    (request,) = sent
    assert (request.method, request.url.path) == (spec.operation(case.operation).method, case.url)
    assert dict(request.url.params) == (case.query or {})
    assert (json.loads(request.content) if request.content else None) == case.body
    if case.body is not None:
        assert request.headers["content-type"].startswith("application/json")


@by_name(CASES)
def test_a_documented_answer_gives_its_result(case: Case, client: Client, network: Any) -> None:
    network.route().respond(200, json=case.documented)
    assert client(case.use) == case.result


@by_name([case for case in CASES if case.observed])
def test_an_observed_answer_gives_the_same_result(case: Case, client: Client, network: Any) -> None:
    network.route().respond(case.observed_status, json=case.observed)
    assert client(case.use) == case.result


SETTERS = ("set_recording_server", "enable_certificate", "reset_certificate")


@by_name([case for case in CASES if case.operation in SETTERS])
def test_the_project_that_observed_servers_answer_with_is_not_lost(case: Case, client: Client, network: Any) -> None:
    network.route().respond(201, json={"project": WIRE_PROJECT})
    assert client(case.use) == PROJECT


@by_name(CASES)
def test_what_the_documents_do_not_know_is_kept_as_extra(case: Case, client: Client, network: Any) -> None:
    answer = {"Code": 200, "Body": {**case.documented["Body"], "new": 1}} if "Body" in case.documented else None
    network.route().respond(200, json=answer or {**case.documented, "new": 1})
    result = client(case.use)
    assert result == case.result
    if hasattr(result, "extra") and answer:
        assert result.extra["new"] == 1


def documented_examples() -> list[tuple[str, int, str, Any]]:
    """Every example of an answer that the specifications have, in both editions."""
    found = []
    for edition in get_args(spec.Edition):
        for operation in spec.operations(edition).values():
            for status, node in operation.openapi_object["responses"].items():
                content = operation.resolve(node)["content"]["application/json"]
                for name, example in content.get("examples", {}).items():
                    value = operation.resolve(example)["value"]
                    found.append((operation.id, int(status), f"{name}-{edition}", value))
    return found


@pytest.mark.parametrize(
    ("operation", "status", "answer"),
    [
        pytest.param(operation, status, answer, id=f"{operation}-{status}-{name}")
        for operation, status, name, answer in documented_examples()
        if status in (200, 201) and "code" not in answer
    ],
)
def test_every_example_of_a_success_is_read(operation: str, status: int, answer: Any, network: Any) -> None:
    case = next(case for case in CASES if case.operation == operation)
    network.route().respond(status, json=answer)
    assert type(Client("sync")(case.use)) in {type(case.result), Project}


def test_times_in_seconds_and_in_milliseconds_are_the_same_moment(client: Client, network: Any) -> None:
    created = []
    for number in (99_999_999_999, 100_000_000_000, 1464165672, 1464165672000):
        network.route().respond(200, json={"projects": [{**WIRE_PROJECT, "created": number}]})
        created.append(client(lambda agora: agora.projects.list())[0].created)
    assert [moment.year for moment in created] == [5138, 1973, 2016, 2016]
    assert created[2] == created[3]
    assert all(moment.tzinfo is UTC for moment in created)


@pytest.mark.parametrize(
    ("data", "users"),
    [
        ({"channel_exist": False}, ChannelUsers(exists=False)),
        (
            {"channel_exist": True, "mode": 2, "broadcasters": [1], "audience": [2, 3], "audience_total": 20_000},
            ChannelUsers(exists=True, mode=ChannelMode.LIVE, broadcasters=(1,), audience=(2, 3), audience_total=20_000),
        ),
    ],
)
def test_a_channel_that_is_live_or_not_there_has_its_own_shape(
    data: Any, users: ChannelUsers, client: Client, network: Any
) -> None:
    network.route().respond(200, json={"success": True, "data": data})
    assert client(lambda agora: agora.app(APP_ID).channels.users("lesson-42")) == users


def test_of_a_user_who_is_not_there_nothing_else_is_known(client: Client, network: Any) -> None:
    network.route().respond(200, json={"success": True, "data": {"in_channel": False}})
    state = client(lambda agora: agora.app(APP_ID).channels.user("lesson-42", 7))
    assert state == UserState(in_channel=False, joined_at=None, role=None)


@pytest.mark.parametrize(
    ("data", "hosts"),
    [
        ({"channel_exist": False}, ChannelHosts(exists=False)),
        (
            {"mode": 1, "total": 3, "channel_exist": True, "users": [4, 5, 6]},
            ChannelHosts(exists=True, mode=ChannelMode.COMMUNICATION, users=(4, 5, 6), total=3),
        ),
    ],
)
def test_the_hosts_of_a_channel_that_is_not_live_have_the_shape_of_its_users(
    data: Any, hosts: ChannelHosts, client: Client, network: Any
) -> None:
    """CO-90, as servers are known to answer."""
    network.route().respond(200, json={"success": True, "data": data})
    assert client(lambda agora: agora.app(APP_ID).channels.hosts("lesson-42")) == hosts


def test_the_day_of_a_metric_may_be_a_unix_time(client: Client, network: Any) -> None:
    """CO-77: the present document says so, and prints an ISO 8601 time."""
    first = date(2021, 10, 13)
    found = []
    for written in (1634083200, 1634083200000, "2021-10-13T00:00:00.000Z"):
        network.route().respond(200, json={"usages": [{"date": written, "usage": {"m": 1}}]})
        found.append(client(lambda agora: agora.usage.metrics("p", first, first)))
    assert found[0] == found[1] == found[2]
    assert found[0].days[0].date == datetime(2021, 10, 13, tzinfo=UTC)


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("name", ["project", "projects"])
@pytest.mark.parametrize("in_list", [True, False])
def test_a_project_of_today_is_read_in_either_shape_and_without_its_certificate(
    status: int, name: str, in_list: bool, client: Client, network: Any
) -> None:
    """CO-68, CO-71, CO-73: an object in the English document, in the Chinese one a list without the certificate."""
    item = {member: WIRE_PROJECT[member] for member in ("id", "name", "vendor_key", "status", "created")}
    network.route().respond(status, json={name: [item] if in_list else item})
    found = client(lambda agora: agora.projects.find(id="xxxx"))
    assert (found.id, found.app_id, found.sign_key, found.recording_server) == ("xxxx", APP_ID, "", None)
    assert found.created == PROJECT.created


@pytest.mark.parametrize("body", [{"message": "invalid appid"}, {"status": "error", "message": "invalid appid"}])
def test_both_shapes_of_an_error_of_today_are_read(body: Any, client: Client, network: Any) -> None:
    """CO-64."""
    network.route().respond(400, json=body)
    with pytest.raises(ApiError, match="invalid appid"):
        client(lambda agora: agora.app(APP_ID).channels.hosts("lesson-42"))


def test_unknown_numbers_and_words_of_an_answer_come_through_as_themselves(client: Client, network: Any) -> None:
    bare = {"resourceId": "JyvK8n", "sid": "38f8e3"}
    network.get(path__regex="query$").respond(200, json={**bare, "serverResponse": {"status": 42}})
    network.post(path__regex="stop$").respond(200, json={**bare, "serverResponse": {"uploadingStatus": "later"}})
    network.get(path__regex="projects$").respond(200, json={"projects": [{**WIRE_PROJECT, "status": 7}]})
    state = client(lambda agora: agora.app(APP_ID).recordings.query(STARTED))
    assert (state.status, state.status.name, state.files) == (42, "UNKNOWN_42", ())
    assert client(lambda agora: agora.app(APP_ID).recordings.stop(STARTED)).uploading_status == "later"
    assert client(lambda agora: agora.projects.list())[0].status == 7


def test_a_business_may_be_named_by_its_word(network: Any) -> None:
    route = network.get(path__regex="usage").respond(200, json={"meta": {}, "usages": []})
    day = date(2020, 1, 1)
    for business in (Business.MINIAPP, "miniapp"):
        Client("sync")(lambda agora, business=business: agora.usage.metrics("p", day, day, business=business))
        assert route.calls.last.request.url.params["business"] == "miniapp"
