"""What the Console was told and did not answer: looked up, known to be done, or said to be unclear; never twice."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from agora_rest import Business, ConfigurationError, MalformedResponse, NotFound, TimedOut, to_dataframe
from tests.client.conftest import APP_ID, Client

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SLOW = httpx.ReadTimeout("slow")
GONE = httpx.Response(404, json={"error_msg": "project not exit"})


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param, retries=5)


def rule(number: int, *, age: float, minutes: float = 60, **whom: Any) -> dict[str, Any]:
    """A rule as the list has it, `age` seconds after it was made."""
    created = NOW - timedelta(seconds=age)
    times = {"createAt": created.isoformat(), "updateAt": created.isoformat()}
    whom = {"cname": None, "uid": None, "ip": None, **whom}
    ends = (created + timedelta(minutes=minutes)).isoformat()
    return {"id": number, "appid": APP_ID, "opid": 1, "ts": ends, **times, **whom}


def server(network: Any, *rules: dict[str, Any], made: Any = SLOW) -> Any:
    """Makes rules without saying so, and lists `rules`."""
    headers = {"Date": format_datetime(NOW, usegmt=True)}
    network.get(path__regex="kicking-rule").respond(200, json={"rules": list(rules)}, headers=headers)
    return network.post(path__regex="kicking-rule").mock(side_effect=made)


def ban(agora: Any) -> Any:
    return agora.app(APP_ID).kicking_rules.ban(channel="c", uid=7)


def test_a_rule_whose_answer_is_lost_is_found_in_the_list(client: Client, network: Any) -> None:
    found = [
        *(rule(1, age=600, cname="c", uid=7), rule(2, age=0, cname="c"), rule(3, age=0, cname="c", uid=8)),
        *(rule(4, age=1, cname="c", uid=7, minutes=5), rule(5, age=1, cname="c", uid=7)),
    ]
    post = server(network, *found)
    made = client(ban)
    assert (made.id, made.ends_at) == (5, NOW + timedelta(minutes=60, seconds=-1))
    assert post.call_count == 1


@pytest.mark.parametrize(
    "others",
    [
        [],
        [rule(1, age=600, cname="c", uid=7)],
        [rule(1, age=0, cname="c", uid=7, minutes=5)],
        [rule(1, age=0, cname="c")],
        [rule(1, age=0, cname="c", uid=7, ip="1.2.3.4")],
    ],
)
def test_a_rule_that_is_not_in_the_list_is_neither_claimed_nor_made_again(
    others: Any, client: Client, network: Any
) -> None:
    post = server(network, *others)
    with pytest.raises(TimedOut, match="may have taken effect") as caught:
        client(ban)
    assert post.call_count == 1
    assert "check the list" in caught.value.__notes__[0]


def test_a_list_that_cannot_be_read_leaves_the_first_error(client: Client, network: Any) -> None:
    network.get(path__regex="kicking-rule").respond(401, json={"message": "Unauthorized"})
    network.post(path__regex="kicking-rule").mock(side_effect=SLOW)
    with pytest.raises(TimedOut):
        client(ban)


def test_a_rule_that_was_certainly_not_made_is_not_looked_for(client: Client, network: Any) -> None:
    server(network, made=[httpx.Response(400, json={"message": "no"})])
    listed = network.get(path__regex="kicking-rule")
    with pytest.raises(Exception, match="no"):
        client(ban)
    assert listed.call_count == 0


DELETIONS = [
    lambda agora: agora.projects.delete("p"),
    lambda agora: agora.app(APP_ID).kicking_rules.lift(5),
]


@pytest.mark.parametrize("delete", DELETIONS)
def test_what_is_gone_after_a_lost_deletion_was_deleted_by_it(delete: Any, client: Client, network: Any) -> None:
    route = network.route().mock(side_effect=[SLOW, GONE])
    assert client(delete) is None
    assert route.call_count == 2


@pytest.mark.parametrize("delete", DELETIONS)
def test_what_was_never_there_cannot_be_deleted(delete: Any, client: Client, network: Any) -> None:
    network.route().mock(side_effect=[httpx.ConnectError("refused"), GONE])
    with pytest.raises(NotFound):
        client(delete)


# ---- Usage of more than a year


def test_a_time_longer_than_a_year_is_asked_for_in_parts_and_joined(client: Client, network: Any) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        first, last = request.url.params["from_date"], request.url.params["to_date"]
        asked.append((date.fromisoformat(first), date.fromisoformat(last)))
        row = {"audio": 1, "sd": 2, "hd": 3, "hdp": 4}
        days = [{"date": int(day.replace("-", "")), **row} for day in (first, last)]
        usages = [{"project": name, "daily": days} for name in ("a", *(["b"] if len(asked) == 2 else []))]
        return httpx.Response(200, json={"usages": usages})

    network.get(path__regex="usage").mock(side_effect=answer)
    first, last = date(2019, 6, 1), date(2021, 6, 15)
    a, b = client(lambda agora: agora.usage.minutes(first, last))
    assert asked[0][0] == first
    assert asked[-1][1] == last
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(asked))
    assert all((to_date - from_date).days < 365 for from_date, to_date in asked)
    assert [day.date for day in a.daily] == [day for part in asked for day in part]
    assert [day.date for day in b.daily] == list(asked[1])


def test_metrics_of_more_than_a_year_are_joined_too(client: Client, network: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        year = request.url.params["from_date"][:4]
        meta = {f"m{year}": {"cn": "x", "en": "x", "unit": "second"}}
        days = [{"date": f"{request.url.params['from_date']}T00:00:00Z", "usage": {f"m{year}": 1}}]
        return httpx.Response(200, json={"meta": meta, "usages": days})

    network.get(path__regex="usage").mock(side_effect=answer)
    last = date(2021, 1, 1)
    usage = client(lambda agora: agora.usage.metrics("p", date(2019, 1, 1), last, business=Business.RECORDING))
    # 2020 is a leap year, so the third part begins in 2020 as well.
    assert list(usage.meta) == ["m2019", "m2020"]
    assert [day.usage for day in usage.days] == [{"m2019": 1}, {"m2020": 1}, {"m2020": 1}]


def test_a_time_up_to_the_last_day_there_is_can_be_asked_for(network: Any) -> None:
    route = network.get(path__regex="usage").respond(200, json={"usages": []})
    Client("sync")(lambda agora: agora.usage.minutes(date(9999, 1, 1), date.max))
    assert route.call_count == 1


def test_usage_becomes_a_table(monkeypatch: pytest.MonkeyPatch, network: Any) -> None:
    daily = [{"date": 20200101, "audio": 1, "sd": 2, "hd": 3, "hdp": 4}]
    network.get(path__regex="v1/usage").respond(200, json={"usages": [{"project": "a", "daily": daily}]})
    days = [{"date": "2020-01-01T00:00:00Z", "usage": {"m": 7}}, {"date": "2020-01-02T00:00:00Z", "usage": {}}]
    meta = {"m": {"cn": "x", "en": "x", "unit": "second"}}
    network.get(path__regex="v3/usage").respond(200, json={"meta": meta, "usages": days})
    day = date(2020, 1, 1)
    minutes = Client("sync")(lambda agora: agora.usage.minutes(day, day))
    metrics = Client("sync")(lambda agora: agora.usage.metrics("p", day, day))
    monkeypatch.setattr("agora_rest.client._dataframe.find_spec", lambda _: None)
    for name in ("pandas", "polars"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ConfigurationError, match="pandas or polars"):
        to_dataframe(minutes)
    monkeypatch.setitem(sys.modules, "polars", SimpleNamespace(DataFrame=lambda rows: ("polars", rows)))
    assert to_dataframe(minutes) == (
        "polars",
        [{"project": "a", "date": day, "audio": 1, "sd": 2, "hd": 3, "hdp": 4}],
    )
    first = datetime(2020, 1, 1, tzinfo=UTC)
    assert to_dataframe(metrics)[1] == [{"date": first, "m": 7}, {"date": first + timedelta(days=1), "m": None}]


# ---- Channels that come and go


def iterated(channels: Any) -> Any:
    return aiter(channels) if hasattr(channels, "__aiter__") else iter(channels)


class Channels:
    """Channels by name, of which some come and some go between two pages."""

    def __init__(self, network: Any, count: int, *changes: Any) -> None:
        self.names = [f"{number:05}" for number in range(count)]
        self.changes = list(changes)
        self.calls = 0
        network.get(path__regex="channel/").mock(side_effect=self.page)

    def page(self, request: httpx.Request) -> httpx.Response:
        number, size = int(request.url.params["page_no"]), int(request.url.params["page_size"])
        assert size <= 500
        self.calls += 1
        here = self.names[number * size : (number + 1) * size]
        data = {"channels": [{"channel_name": name, "user_count": 1} for name in here], "total_size": len(self.names)}
        if self.changes:
            self.changes.pop(0)(self)
        return httpx.Response(200, json={"success": True, "data": data})

    def end(self, first: int, last: int) -> None:
        self.names = [name for name in self.names if not f"{first:05}" <= name < f"{last:05}"]

    def begin(self, *names: str) -> None:
        self.names = sorted([*self.names, *names])


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [lambda all_: all_.end(0, 15)],
        [lambda all_: all_.end(0, 300)],
        [lambda all_: all_.end(0, 500)],
        [lambda all_: all_.end(450, 700), lambda all_: all_.end(0, 449)],
        [lambda all_: all_.begin("00000a", "00001a"), lambda all_: all_.end(100, 400), lambda all_: all_.begin("0x")],
        [lambda all_: all_.end(0, 1400)],
        [lambda all_: all_.end(0, 1500)],
    ],
)
def test_no_channel_that_stays_is_missed_and_none_is_told_twice(changes: Any, client: Client, network: Any) -> None:
    channels = Channels(network, 1500, *changes)
    before = set(channels.names)
    told = [channel.name for channel in client(lambda agora: iterated(agora.app(APP_ID).channels))]
    assert len(told) == len(set(told))
    assert before & set(channels.names) <= set(told)
    assert channels.calls <= 8


def test_the_list_of_channels_has_all_pages(client: Client, network: Any) -> None:
    channels = Channels(network, 1200)
    found = client(lambda agora: agora.app(APP_ID).channels.list())
    assert [channel.name for channel in found] == channels.names


def test_pages_reach_back_a_little_only(network: Any) -> None:
    channels = Channels(network, 10_000)
    Client("sync")(lambda agora: iterated(agora.app(APP_ID).channels))
    assert channels.calls <= 23


def fixed_pages(number: int, size: int) -> list[str]:
    """A server that does not care for the size that is asked for."""
    return [f"room-{index}" for index in range(number * 500, number * 500 + 500)]


def always_the_first(number: int, size: int) -> list[str]:
    """A server that does not care for the number of the page."""
    return [f"room-{index}" for index in range(size)]


@pytest.mark.parametrize("server", [fixed_pages, always_the_first])
def test_pages_that_do_not_hang_together_are_no_endless_loop(server: Any, client: Client, network: Any) -> None:
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(1)
        assert len(asked) < 100
        names = server(*(int(request.url.params[name]) for name in ("page_no", "page_size")))
        channels = [{"channel_name": name, "user_count": 1} for name in names]
        return httpx.Response(200, json={"success": True, "data": {"channels": channels, "total_size": 10**9}})

    network.route().mock(side_effect=answer)
    with pytest.raises(MalformedResponse, match="list_channels"):
        client(lambda agora: iterated(agora.app(APP_ID).channels))
