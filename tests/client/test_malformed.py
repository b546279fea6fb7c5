"""A response without a member that the result needs, or with one of another type, raises MalformedResponse."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from agora_rest import MalformedResponse
from contract_tests.calls import CASES, WIRE_PROJECT, Case
from tests.client.conftest import APP_ID, Client

MAY_BE_ANYTHING = {"Code", "resourceId", "status", "success"}
"""Not read, or (see test_errors) of a meaning that decides whether it is a success at all."""


def broken(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    """Every way to leave a member out, or to put something else in its place."""
    for key, member in list(value.items() if isinstance(value, dict) else enumerate(value)):
        here = (*path, key)
        if isinstance(value, dict):
            yield "missing", here, None
        for wrong in (None, [], {}, "", "text", 1.5, True, -(10**30)):
            yield "wrong", here, wrong
        if isinstance(member, dict | list):
            yield from broken(member, here)


def changed(answer: Any, how: str, path: tuple[Any, ...], wrong: Any) -> Any:
    answer = copy.deepcopy(answer)
    place = answer
    for key in path[:-1]:
        place = place[key]
    if how == "missing":
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    return answer


@pytest.mark.parametrize("case", CASES, ids=[case.operation for case in CASES])
def test_a_member_that_is_lost_is_named(case: Case, network: Any) -> None:
    client = Client("sync")
    for how, path, _ in broken(case.documented):
        if how != "missing" or path[-1] not in case.required:
            continue
        if path[0] == "meta" or "usage" in path[:-1]:
            continue
        network.route().respond(200, json=changed(case.documented, how, path, None))
        with pytest.raises(MalformedResponse) as caught:
            client(case.use)
        assert caught.value.field is not None
        assert caught.value.field.split(".")[-1].partition("[")[0] in {
            str(path[-1]),
            *map(str, case.documented.get("Body", {})),
        }, path


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[case.operation for case in CASES])
def test_a_member_of_another_type_never_ends_in_an_error_that_is_not_ours(case: Case, network: Any) -> None:
    """It is read (where the type makes no difference) or it is one of our errors; `Client` lets any other through."""
    from agora_rest import CallError

    client = Client("sync")
    outcomes = set()
    for answer in (case.documented, case.observed or case.documented):
        for how, path, wrong in broken(answer):
            network.route().respond(200, json=changed(answer, how, path, wrong))
            try:
                client(case.use)
                outcomes.add("read")
            except CallError as error:
                outcomes.add(type(error).__name__)
    assert "MalformedResponse" in outcomes or case.result is None


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"projects": [{**WIRE_PROJECT, "created": "1464165672"}]}, "projects[0].created"),
        ({"projects": [{**WIRE_PROJECT, "created": 10**18}]}, "projects[0].created"),
        ({"projects": [WIRE_PROJECT, {**WIRE_PROJECT, "vendor_key": ""}]}, "projects[1].vendor_key"),
        ({"projects": [WIRE_PROJECT, 7]}, "projects[1]"),
        ({"projects": {}}, "projects"),
    ],
)
def test_the_place_is_named_in_a_list(answer: Any, field: str, client: Client, network: Any) -> None:
    network.route().respond(200, json=answer)
    with pytest.raises(MalformedResponse) as caught:
        client(lambda agora: agora.projects.list())
    assert caught.value.field == field
    assert field in str(caught.value)


@pytest.mark.parametrize("found", [[], [WIRE_PROJECT, WIRE_PROJECT]])
def test_none_or_two_where_there_should_be_one_is_malformed(found: Any, client: Client, network: Any) -> None:
    for name in ("project", "projects"):
        network.route().respond(200, json={name: found})
        with pytest.raises(MalformedResponse, match="should be one project"):
            client(lambda agora: agora.projects.find(id="xxxx"))


def test_a_day_with_a_fraction_is_none_after_a_whole_one_written_so(network: Any) -> None:
    rows = [{"date": day, "audio": 1.5, "sd": 1, "hd": 1, "hdp": 1} for day in (20150101.0, 20150102.0, 20150103.5)]
    network.route().respond(200, json={"usages": [{"project": "p", "daily": rows}]})
    with pytest.raises(MalformedResponse) as caught:
        Client("sync")(lambda agora: agora.usage.minutes(date(2020, 1, 1), date(2020, 1, 2)))
    assert caught.value.field == "usages[0].daily[2].date"


@pytest.mark.parametrize("day", [20151301, 20150230, 1, 10**12, "20150101"])
def test_a_day_that_is_none_is_malformed(day: Any, network: Any) -> None:
    daily = {"date": day, "audio": 1, "sd": 1, "hd": 1, "hdp": 1}
    network.route().respond(200, json={"usages": [{"project": "p", "daily": [daily]}]})
    with pytest.raises(MalformedResponse) as caught:
        Client("sync")(lambda agora: agora.usage.minutes(date(2020, 1, 1), date(2020, 1, 2)))
    assert caught.value.field == "usages[0].daily[0].date"


def test_an_odd_row_among_many_is_read_as_well_or_named(network: Any) -> None:
    def page(*rows: Any) -> Any:
        network.route().respond(200, json={"success": True, "data": {"channels": [*rows], "total_size": 9}})
        return Client("sync")(lambda agora: agora.app(APP_ID).channels.page()).channels

    plain = {"channel_name": "a", "user_count": 1}
    channels = page(plain, plain, {**plain, "new": True}, {"user_count": 2.0, "channel_name": "b"}, plain)
    assert [(channel.name, channel.user_count) for channel in channels] == [*[("a", 1)] * 3, ("b", 2), ("a", 1)]
    assert [dict(channel.extra) for channel in channels] == [{}, {}, {"new": True}, {}, {}]
    for odd, field in (
        ({**plain, "user_count": 1.5}, "user_count"),
        ({**plain, "user_count": True}, "user_count"),
        ({"user_count": 1}, "channel_name"),
        ({**plain, "channel_name": None}, "channel_name"),
    ):
        for rows in ((plain, plain, odd), (plain, plain, plain | {"user_count": 2.0}, odd)):
            with pytest.raises(MalformedResponse) as caught:
                page(*rows)
            assert caught.value.field == f"data.channels[{len(rows) - 1}].{field}"


@pytest.mark.parametrize("files", [7, {}, [7], [{"fileName": 7}]])
def test_files_in_no_known_shape_are_malformed(files: Any, network: Any) -> None:
    case = next(case for case in CASES if case.operation == "query_recording")
    network.route().respond(200, json={"serverResponse": {"status": 5, "fileList": files}})
    with pytest.raises(MalformedResponse, match="fileList"):
        Client("sync")(case.use)


@pytest.mark.parametrize("uids", [[1, None], [[1]], [1.5], [True]])
def test_uids_are_numbers_or_texts(uids: Any, network: Any) -> None:
    data = {"channel_exist": True, "mode": 1, "total": 1, "users": uids}
    network.route().respond(200, json={"success": True, "data": data})
    with pytest.raises(MalformedResponse, match="users"):
        Client("sync")(lambda agora: agora.app(APP_ID).channels.users("a"))


def test_half_of_a_surrogate_pair_as_a_name_is_malformed(client: Client, network: Any) -> None:
    network.route().respond(200, content=b'{"success": true, "data": {"in_channel": true}, "\\ud800": 1}')
    with pytest.raises(MalformedResponse, match="valid Unicode"):
        client(lambda agora: agora.app(APP_ID).channels.user("lesson-42", 7))
