"""Answers of the right shape with values that cannot be."""

from __future__ import annotations

from faults.caller import DAY
from faults.middleware import on_response, put
from faults.seeds import ranges

FAULTS = {
    "empty-resource-id": ranges(
        "CR-10", "acquire gives an empty resourceId", on_response("acquire", put("resourceId", ""))
    ),
    "empty-sid": ranges("CR-36", "start gives an empty sid", on_response("start_recording", put("sid", ""))),
    "status-nine": ranges(
        "CR-42",
        "the status of a recording is 9, which is none of the list",
        on_response("query_recording", put("serverResponse.status", 9)),
    ),
    "negative-status": ranges(
        "CR-42",
        "the status of a recording is negative",
        on_response("query_recording", put("serverResponse.status", lambda status: -int(status))),
    ),
    "not-an-index": ranges(
        "CR-41",
        "fileList names an MP4 file and not the M3U8 index",
        on_response("query_recording", put("serverResponse.fileList", lambda name: name.replace(".m3u8", ".mp4"))),
    ),
    "uploading-status-done": ranges(
        "CR-51", "uploadingStatus is done", on_response("stop_recording", put("serverResponse.uploadingStatus", "done"))
    ),
    "project-status-two": ranges(
        "CO-11",
        "a project that is on has status 2",
        on_response("list_projects find_project", put("project.status", lambda status: 2 * status)),
    ),
    "short-app-id": ranges(
        "CO-11",
        "a project's vendor_key is cut off after 16 characters",
        on_response("create_project", put("project.vendor_key", lambda key: key[:16])),
    ),
    "negative-created": ranges(
        "CO-12", "created is negative", on_response("list_projects", put("project.created", lambda created: -created))
    ),
    "day-zero": ranges(
        "CO-32",
        "days of v1 usage are numbered from 0",
        on_response("get_usage_v1", put("usages.*.daily.*.date", lambda date: date - 1)),
    ),
    "negative-minutes": ranges(
        "CO-32",
        "minutes that were not used are -1",
        on_response("get_usage_v1", put("usages.*.daily.*.sd", lambda sd: sd or -1)),
        lambda a: a.get("/v1/usage", **DAY),
    ),
    "no-such-day": ranges(
        "CO-35",
        "the date of v3 usage has a month 13",
        on_response("get_usage_v3", put("usages.*.date", lambda date: date[:5] + "13" + date[7:])),
    ),
    "fractional-rule-id": ranges(
        "CO-40",
        "a rule's id has a fraction",
        on_response("create_kicking_rule", put("id", lambda number: number + 0.5)),
    ),
    "rule-time-without-day": ranges(
        "CO-45",
        "a rule's times are times of the day without a date",
        on_response("list_kicking_rules", put("rules.*.ts", lambda ts: ts[11:])),
    ),
    "role-four": ranges("CO-50", "a user's role is 4", on_response("get_user_property", put("data.role", 4))),
    "negative-join": ranges(
        "CO-50", "the time of joining is negative", on_response("get_user_property", put("data.join", -1))
    ),
    "mode-three": ranges(
        "CO-51", "the mode of a communication channel is 3", on_response("list_channel_users", put("data.mode", 3))
    ),
    "live-mode-is-one": ranges(
        "CO-52", "a live channel has mode 1", on_response("list_channel_users", put("data.mode", 1))
    ),
    "user-count-below-zero": ranges(
        "CO-55",
        "a channel's user_count is below zero",
        on_response("list_channels", put("data.channels.*.user_count", lambda count: -count)),
    ),
    "users-below-one": ranges(
        "CO-51",
        "a uid is reported as a signed number",
        on_response("list_channel_users", put("data.users.*", lambda uid: uid - 2**32)),
    ),
    "rule-uid-zero": ranges(
        "CO-41",
        "a listed rule without a uid has uid 0",
        on_response("list_kicking_rules", put("rules.*.uid", lambda uid: uid or 0)),
    ),
    "rule-of-no-app": ranges(
        "CO-45", "a listed rule has an empty appid", on_response("list_kicking_rules", put("rules.*.appid", ""))
    ),
}
