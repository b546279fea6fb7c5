"""`--json` prints what the Python API gives."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agora_rest import Agora, Business
from agora_rest.client._dataframe import rows_of
from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, Fault
from tests.cli.conftest import CHANNEL, DAY, Local, Terminal

LAST = DAY + timedelta(days=3)
DAYS = ("--from", DAY, "--to", LAST)


def shown(value: Any) -> Any:
    """What the documentation promises of `--json`, said a second time and more simply than the code does."""
    if isinstance(value, tuple | list):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return {name: shown(item) for name, item in value.items()}
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    fields = [name for name in dir(value) if name in type(value).__annotations__ or name == "extra"]
    members = {name: shown(getattr(value, name)) for name in fields if not name.startswith("_")}
    if members.get("sign_key"):
        members["sign_key"] = "<hidden>"
    if not members["extra"]:
        del members["extra"]
    return members


LISTS: dict[tuple[object, ...], Callable[[Agora], Any]] = {
    ("projects", "list"): lambda agora: agora.projects.list(),
    ("projects", "find", "--id", "secret"): lambda agora: agora.projects.find(id="secret"),
    ("kicking-rules", "list"): lambda agora: agora.app(DEMO_APP_ID).kicking_rules.list(),
    ("channels", "list"): lambda agora: list(agora.app(DEMO_APP_ID).channels),
    ("channels", "page", "--size", 1): lambda agora: agora.app(DEMO_APP_ID).channels.page(0, size=1),
    ("channels", "users", CHANNEL): lambda agora: agora.app(DEMO_APP_ID).channels.users(CHANNEL),
    ("channels", "users", "show"): lambda agora: agora.app(DEMO_APP_ID).channels.users("show"),
    ("channels", "users", "nobody"): lambda agora: agora.app(DEMO_APP_ID).channels.users("nobody"),
    ("channels", "user", "show", 4): lambda agora: agora.app(DEMO_APP_ID).channels.user("show", 4),
    ("channels", "user", "show", 9): lambda agora: agora.app(DEMO_APP_ID).channels.user("show", 9),
    ("usage", "minutes", *DAYS): lambda agora: agora.usage.minutes(DAY, LAST),
    ("usage", "minutes", *DAYS, "--project", DEMO_ID): lambda agora: agora.usage.minutes(DAY, LAST, projects=[DEMO_ID]),
    ("usage", "metrics", DEMO_ID, *DAYS): lambda agora: agora.usage.metrics(DEMO_ID, DAY, LAST),
    ("usage", "metrics", DEMO_ID, *DAYS, "--business", "cloudRecording"): lambda agora: agora.usage.metrics(
        DEMO_ID, DAY, LAST, business=Business.CLOUD_RECORDING
    ),
}


@pytest.mark.parametrize("local", ["documented", "observed"], indirect=True)
@pytest.mark.parametrize("words", LISTS, ids=lambda words: "-".join(map(str, words)))
def test_json_is_what_the_python_api_gives(local: Local, run: Terminal, words: tuple[object, ...]) -> None:
    local.api.app(DEMO_APP_ID).kicking_rules.ban(uid=99)
    local.api.app(DEMO_APP_ID).kicking_rules.ban(channel=CHANNEL, uid=98)
    ran = run(*words, "--json")
    assert (ran.exit_code, ran.err) == (0, "")
    assert ran.json == shown(LISTS[words](local.api))


@pytest.mark.parametrize("words", LISTS, ids=lambda words: "-".join(map(str, words)))
def test_without_json_people_get_something_to_read(run: Terminal, words: tuple[object, ...]) -> None:
    ran = run(*words)
    assert ran.exit_code == 0
    assert ran.out.strip()
    assert "{" not in ran.out


def test_csv_has_a_row_for_each_day_and_project(local: Local, run: Terminal) -> None:
    ran = run("usage", "minutes", *DAYS, "--csv")
    expected = [
        {name: str(value) for name, value in row.items()} for row in rows_of(local.api.usage.minutes(DAY, LAST))
    ]
    assert list(csv.DictReader(io.StringIO(ran.out))) == expected
    assert len(expected) == 8


def test_csv_of_metrics_has_a_column_for_each(local: Local, run: Terminal) -> None:
    ran = run("usage", "metrics", DEMO_ID, *DAYS, "--csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert rows[0]["durationAudioAll"] == "1234567"
    assert [row["date"][:10] for row in rows] == [str(DAY + timedelta(days=number)) for number in range(4)]


def test_members_that_the_documents_do_not_know_are_shown_and_their_secrets_are_not(
    run: Terminal, local: Local
) -> None:
    listed = [{"id": "1", "name": "n", "vendor_key": "k", "sign_key": "", "status": 1, "created": 5}]
    listed[0] |= {"stage": 2, "token": "planted-certificate"}
    local.emulator.inject(Fault("wrong_shape", "list_projects", body={"projects": listed}, times=1))
    assert run("projects", "list", "--json").json[0]["extra"] == {"stage": 2, "token": "<hidden>"}


@pytest.mark.slow
@given(names=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), min_size=1, max_size=3))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_name_arrives_as_it_is_in_json_and_harmless_elsewhere(
    local: Local, run: Terminal, names: list[str]
) -> None:
    local.emulator.reset()
    for name in names:
        local.emulator.add_project(name)
    assert [project["name"] for project in run("projects", "list", "--json").json] == ["demo", *names]
    lines = run("projects", "list").out.split("\n")
    assert len(lines) == len(names) + 3
    assert all(line.replace("\t", "").isprintable() for line in lines)
    assert all(line.count("\t") == 4 for line in lines[:-1])
