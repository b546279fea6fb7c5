"""Answers of the right shape with values that cannot be."""

from __future__ import annotations

from typing import Any

from faults.caller import DEMO
from faults.catalogue.blind.shapes import _listed_channels, _live, _ruled, _talk
from faults.fault import Category, Fault
from faults.middleware import on_response, put

_DAY = {"from_date": "2026-01-01", "to_date": "2026-01-01"}


def _range(
    name: str, fact: str, sentence: str, operations: str, path: str, new: Any, shows: Any, only_in: Any = None
) -> Fault:
    return Fault(name, Category.RANGES, (fact,), sentence, on_response(operations, put(path, new)), shows, only_in)


FAULTS = (
    _range(
        "empty-resource-id",
        "CR-10",
        "acquire gives an empty resourceId",
        "acquire",
        "resourceId",
        "",
        lambda a: a.acquire(),
    ),
    _range(
        "empty-sid", "CR-36", "start gives an empty sid", "start_recording", "sid", "", lambda a: a.start(a.resource())
    ),
    _range(
        "status-nine",
        "CR-42",
        "the status of a recording is 9, which is none of the list",
        "query_recording",
        "serverResponse.status",
        9,
        lambda a: a.query(*a.record()),
    ),
    _range(
        "negative-status",
        "CR-42",
        "the status of a recording is negative",
        "query_recording",
        "serverResponse.status",
        lambda status: -int(status),
        lambda a: a.query(*a.record()),
    ),
    _range(
        "not-an-index",
        "CR-41",
        "fileList names an MP4 file and not the M3U8 index",
        "query_recording",
        "serverResponse.fileList",
        lambda name: name.replace(".m3u8", ".mp4"),
        lambda a: [a.join(1), made := a.record(), a.advance(120), a.query(*made)],
    ),
    _range(
        "uploading-status-done",
        "CR-51",
        "uploadingStatus is done",
        "stop_recording",
        "serverResponse.uploadingStatus",
        "done",
        lambda a: a.stop(*a.record()),
    ),
    _range(
        "project-status-two",
        "CO-11",
        "a project that is on has status 2",
        "list_projects find_project",
        "project.status",
        lambda status: 2 * status,
        lambda a: a.get("/v1/projects"),
    ),
    _range(
        "short-app-id",
        "CO-11",
        "a project's vendor_key is cut off after 16 characters",
        "create_project",
        "project.vendor_key",
        lambda key: key[:16],
        lambda a: a.create(),
    ),
    _range(
        "negative-created",
        "CO-12",
        "created is negative",
        "list_projects",
        "project.created",
        lambda created: -created,
        lambda a: a.get("/v1/projects"),
    ),
    _range(
        "day-zero",
        "CO-32",
        "days of v1 usage are numbered from 0",
        "get_usage_v1",
        "usages.*.daily.*.date",
        lambda date: date - 1,
        lambda a: a.get("/v1/usage", **_DAY),
    ),
    _range(
        "negative-minutes",
        "CO-32",
        "minutes that were not used are -1",
        "get_usage_v1",
        "usages.*.daily.*.sd",
        lambda sd: sd or -1,
        lambda a: a.get("/v1/usage", **_DAY),
    ),
    _range(
        "no-such-day",
        "CO-35",
        "the date of v3 usage has a month 13",
        "get_usage_v3",
        "usages.*.date",
        lambda date: date[:5] + "13" + date[7:],
        lambda a: a.get("/v3/usage", project_id=DEMO, business="default", **_DAY),
    ),
    _range(
        "fractional-rule-id",
        "CO-40",
        "a rule's id has a fraction",
        "create_kicking_rule",
        "id",
        lambda number: number + 0.5,
        lambda a: a.kick(uid=7),
    ),
    _range(
        "rule-time-without-day",
        "CO-45",
        "a rule's times are times of the day without a date",
        "list_kicking_rules",
        "rules.*.ts",
        lambda ts: ts[11:],
        _ruled,
    ),
    _range(
        "role-four",
        "CO-50",
        "a user's role is 4",
        "get_user_property",
        "data.role",
        4,
        lambda a: (a.join(5), a.user(5)),
    ),
    _range(
        "negative-join",
        "CO-50",
        "the time of joining is negative",
        "get_user_property",
        "data.join",
        -1,
        lambda a: (a.join(5), a.user(5)),
    ),
    _range(
        "mode-three", "CO-51", "the mode of a communication channel is 3", "list_channel_users", "data.mode", 3, _talk
    ),
    _range("live-mode-is-one", "CO-52", "a live channel has mode 1", "list_channel_users", "data.mode", 1, _live),
    _range(
        "user-count-below-zero",
        "CO-55",
        "a channel's user_count is below zero",
        "list_channels",
        "data.channels.*.user_count",
        lambda count: -count,
        _listed_channels,
    ),
    _range(
        "users-below-one",
        "CO-51",
        "a uid is reported as a signed number",
        "list_channel_users",
        "data.users.*",
        lambda uid: uid - 2**32,
        _talk,
    ),
    _range(
        "rule-uid-zero",
        "CO-41",
        "a listed rule without a uid has uid 0",
        "list_kicking_rules",
        "rules.*.uid",
        lambda uid: uid or 0,
        lambda a: (a.kick(cname="lesson"), a.rules()),
    ),
    _range(
        "rule-of-no-app", "CO-45", "a listed rule has an empty appid", "list_kicking_rules", "rules.*.appid", "", _ruled
    ),
)
