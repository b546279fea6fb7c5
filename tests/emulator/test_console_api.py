"""The calls of the Console on the wire, in both dialects."""

from __future__ import annotations

import string
from datetime import date
from urllib.parse import quote

import pytest

from agora_rest.emulator import DEMO_ID, FrozenClock, Minutes
from tests.emulator.callers import APP, Api, complaint, one_project

PROJECT = "/dev/v1/project"


# Projects


@pytest.mark.fact("CO-10", "CO-11", "CO-12", "CO-13")
def test_a_project_is_created_and_found(both: Api, dialect: str) -> None:
    created = both("POST", PROJECT, {"name": "projectx", "enable_sign_key": True})
    project = one_project(created)
    assert created.status_code == (200 if dialect == "documented" else 201)
    assert isinstance(created.json()["project"], list if dialect == "documented" else dict)
    assert (project["name"], project["status"], len(project["vendor_key"]), len(project["sign_key"])) == (
        "projectx", 1, 32, 32,
    )  # fmt: skip
    now = both.emulator.clock.now()
    assert project["created"] == int(now if dialect == "documented" else now * 1000)
    for query in ({"id": project["id"]}, {"name": "projectx"}, {"id": project["id"], "name": "projectx"}):
        assert one_project(both("GET", PROJECT, params=query)) == project
    assert project in both("GET", "/dev/v1/projects").json()["projects"]


@pytest.mark.fact("CO-15", "CO-17")
def test_a_project_that_is_not_there_is_not_found(both: Api, dialect: str) -> None:
    answer = both("GET", PROJECT, params={"id": DEMO_ID, "name": "other"})
    assert answer.status_code == 404
    member = "error_msg" if dialect == "documented" else "message"
    assert answer.json() == {member: "project not exit"}


@pytest.mark.fact("CO-15")
@pytest.mark.parametrize("query", ["", "?id=", "?name=", "?id=a&id=b", "?id=%ff", "?id=%zz", "?other=1", "?ID=demo"])
def test_a_search_for_nothing_is_refused(both: Api, query: str) -> None:
    assert both("GET", f"/dev/v1/project{query}").status_code == 400


@pytest.mark.fact("CO-10")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"enable_sign_key": True},
        {"name": 5, "enable_sign_key": True},
        {"name": "x", "enable_sign_key": 1},
        {"name": "x", "enable_sign_key": "true"},
        {"name": None, "enable_sign_key": True},
        {"Name": "x", "enable_sign_key": True},
        [],
    ],
)
def test_a_bad_project_is_not_created(both: Api, body: object) -> None:
    assert both("POST", PROJECT, body).status_code == 400
    assert len(both.emulator.state()["projects"]) == 1


@pytest.mark.fact("CO-16")
def test_a_project_is_switched_off_and_on(both: Api) -> None:
    for status in (0, 0, 1, 1):
        assert (
            one_project(both("POST", "/dev/v1/project_status", {"id": DEMO_ID, "status": status}))["status"] == status
        )
        assert one_project(both("GET", PROJECT, params={"id": DEMO_ID}))["status"] == status
    for wrong in (2, "on", True, None):
        assert both("POST", "/dev/v1/project_status", {"id": DEMO_ID, "status": wrong}).status_code == 400


@pytest.mark.fact("CO-18", "CO-17")
def test_a_deleted_project_is_gone(both: Api) -> None:
    project = both.project()
    assert both("DELETE", PROJECT, {"id": project["id"]}).json() == {"success": True}
    for method, path, body in (
        ("DELETE", PROJECT, {"id": project["id"]}),
        ("POST", "/dev/v1/project_status", {"id": project["id"], "status": 1}),
        ("POST", "/dev/v1/recording_config", {"id": project["id"], "recording_server": "10.12.1.5:8080"}),
        ("POST", "/dev/v1/signkey", {"id": project["id"], "enable": True}),
        ("POST", "/dev/v1/reset_signkey", {"id": project["id"]}),
    ):
        answer = both(method, path, body)
        assert (answer.status_code, complaint(answer)) == (404, "project not exit")
    assert len(both("GET", "/dev/v1/projects").json()["projects"]) == 1


@pytest.mark.fact("CO-19", "CO-20", "CO-21")
def test_the_calls_about_server_and_certificate_change_what_they_say(both: Api, dialect: str) -> None:
    project = both.project(enable_sign_key=False)
    assert project["sign_key"] == ""
    seen = []
    for path, body in (
        ("/dev/v1/recording_config", {"recording_server": "10.12.1.5:8080"}),
        ("/dev/v1/signkey", {"enable": True}),
        ("/dev/v1/reset_signkey", {}),
        ("/dev/v1/signkey", {"enable": False}),
    ):
        answer = both("POST", path, {"id": project["id"], **body})
        if dialect == "documented":
            assert (answer.status_code, answer.json()) == (200, {"success": True})
        else:
            assert answer.status_code == 201
        seen.append(one_project(both("GET", PROJECT, params={"id": project["id"]})))
    assert [found["recording_server"] for found in seen] == ["10.12.1.5:8080"] * 4
    keys = [found["sign_key"] for found in seen]
    assert keys[0] == keys[3] == ""
    assert len({*keys}) == 3


@pytest.mark.fact("CO-19", "CO-20", "CO-21")
def test_a_disabled_project_is_not_found_by_the_calls_about_server_and_certificate(both: Api) -> None:
    both("POST", "/dev/v1/project_status", {"id": DEMO_ID, "status": 0})
    for path, body in (
        ("/dev/v1/recording_config", {"recording_server": "10.12.1.5:8080"}),
        ("/dev/v1/signkey", {"enable": True}),
        ("/dev/v1/reset_signkey", {}),
    ):
        assert complaint(both("POST", path, {"id": DEMO_ID, **body})) == "project not exit"


@pytest.mark.fact("CO-05")
def test_paths_are_served_with_and_without_their_slash_except_one(both: Api) -> None:
    for path in (
        "/dev/v1/projects",
        "/dev/v1/project?id=demo",
        "/dev/v1/usage?from_date=2020-01-01&to_date=2020-01-01",
    ):
        assert both("GET", path).status_code == 200
        assert both("GET", path.replace("?", "/?") if "?" in path else f"{path}/").status_code == 200
    assert both("POST", "/dev/v1/reset_signkey", {"id": DEMO_ID}).status_code in (200, 201)
    assert both("POST", "/dev/v1/reset_signkey/", {"id": DEMO_ID}).status_code == 404
    assert both("GET", f"/dev/v1/channel/{APP}/").status_code == 200


# Usage


@pytest.mark.fact("CO-30", "CO-32", "CO-33")
def test_minutes_are_answered_for_the_projects_of_one_parameter(both: Api) -> None:
    other = both.project()["id"]
    both.emulator.seed_minutes(DEMO_ID, date(2015, 1, 2), Minutes(20, 100, 132, 225))
    window = "from_date=2015-01-01&to_date=2015-01-02"
    every = both("GET", f"/dev/v1/usage?{window}").json()["usages"]
    assert [usage["project"] for usage in every] == [DEMO_ID, other]
    assert every[0]["daily"] == [
        {"date": 20150101, "audio": 0, "sd": 0, "hd": 0, "hdp": 0},
        {"date": 20150102, "audio": 20, "sd": 100, "hd": 132, "hdp": 225},
    ]
    for projects in (f"{DEMO_ID},{other},nobody", f"{DEMO_ID},no%20such!,{other},%E8%AF%BE", f"{DEMO_ID}%2C{other}"):
        assert both("GET", f"/dev/v1/usage?{window}&projects={projects}").json()["usages"] == every
    assert both("GET", f"/dev/v1/usage?{window}&projects=nobody").json() == {"usages": []}
    assert both("GET", f"/dev/v1/usage?{window}&projects={DEMO_ID}&projects={other}").status_code == 400


BAD_WINDOWS = [
    "",
    "from_date=2020-01-01",
    "to_date=2020-01-01",
    "from_date=2020-1-1&to_date=2020-01-02",
    "from_date=20200101&to_date=20200102",
    "from_date=2020-02-30&to_date=2020-03-01",
    "from_date=2020-W01-1&to_date=2020-01-02",
    "from_date=2020-01-02&to_date=2020-01-01",
    "from_date=2019-01-01&to_date=2020-01-02",
    "from_date=0001-01-01&to_date=0001-01-02",
    'from_date="2020-01-01"&to_date=2020-01-02',
]


@pytest.mark.fact("CO-30", "CO-31", "CO-34", "CO-36")
@pytest.mark.parametrize("window", BAD_WINDOWS)
def test_a_bad_window_is_refused(both: Api, window: str) -> None:
    assert both("GET", f"/dev/v1/usage?{window}").status_code == 400
    assert both("GET", f"/dev/v3/usage?{window}&project_id={DEMO_ID}&business=default").status_code == 400


@pytest.mark.fact("CO-34", "CO-35", "CO-36")
@pytest.mark.parametrize("business", ["default", "transcodeDuration", "recording", "cloudRecording", "miniapp"])
def test_metrics_are_answered_and_described(both: Api, business: str) -> None:
    window = f"from_date=2020-02-29&to_date=2020-03-01&business={business}"
    answer = both("GET", f"/dev/v3/usage?{window}&project_id={DEMO_ID}").json()
    assert [usage["date"] for usage in answer["usages"]] == ["2020-02-29T00:00:00.000Z", "2020-03-01T00:00:00.000Z"]
    assert all(usage["usage"].keys() == answer["meta"].keys() != set() for usage in answer["usages"])
    assert all(metric.keys() == {"cn", "en", "unit"} for metric in answer["meta"].values())
    missing = both("GET", f"/dev/v3/usage?{window}&project_id=nobody")
    assert (missing.status_code, complaint(missing)) == (404, "project not exit")
    assert both("GET", f"/dev/v3/usage?{window}").status_code == 400


@pytest.mark.fact("CO-34")
@pytest.mark.parametrize("business", ["Default", "", "rtc", "default&business=default"])
def test_an_unknown_business_is_refused(both: Api, business: str) -> None:
    window = f"from_date=2020-02-29&to_date=2020-03-01&project_id={DEMO_ID}"
    assert both("GET", f"/dev/v3/usage?{window}&business={business}").status_code == 400


# Kicking rules


@pytest.mark.fact("CO-40", "CO-45", "CO-46", "CO-47")
def test_a_rule_is_created_listed_updated_and_deleted(both: Api, clock: FrozenClock) -> None:
    created = both.kick(cname="lesson", uid=7).json()
    assert created == {"status": "success", "id": created["id"]}
    listing = both("GET", "/dev/v1/kicking-rule", params={"appid": APP}).json()
    assert listing["status"] == "success"
    (rule,) = listing["rules"]
    assert (rule["id"], rule["appid"], rule["cname"], rule["uid"], rule["ip"]) == (
        created["id"],
        APP,
        "lesson",
        7,
        None,
    )
    assert (rule["createAt"], rule["ts"]) == ("2026-01-01T00:00:00.000Z", "2026-01-01T01:00:00.000Z")
    clock.advance(0.5)
    updated = both("PUT", "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"], "time": 5}).json()
    assert updated == {"status": "success", "result": {"id": created["id"], "ts": "2026-01-01T00:05:00.500Z"}}
    (rule,) = both("GET", "/dev/v1/kicking-rule", params={"appid": APP}).json()["rules"]
    assert (rule["ts"], rule["updateAt"]) == ("2026-01-01T00:05:00.500Z", "2026-01-01T00:00:00.500Z")
    # Whatever is below 1, but 0, is 1 to an update (CO-46).
    updated = both("PUT", "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"], "time": -5}).json()
    assert updated["result"]["ts"] == "2026-01-01T00:01:00.500Z"
    deleted = both("DELETE", "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"]})
    assert deleted.json() == {"status": "success", "id": created["id"]}
    for method in ("PUT", "DELETE"):
        assert both(method, "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"]}).status_code == 404


@pytest.mark.fact("CO-41")
def test_empty_uid_and_ip_mean_not_given(both: Api) -> None:
    both.kick(cname="lesson", uid="", ip="", time=60)
    (rule,) = both("GET", "/dev/v1/kicking-rule", params={"appid": APP}).json()["rules"]
    assert (rule["cname"], rule["uid"], rule["ip"]) == ("lesson", None, None)


@pytest.mark.fact("CO-40", "CO-41", "CO-42", "CO-43", "CO-44")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"uid": "", "ip": ""},
        {"cname": ""},
        {"cname": "ä"},
        {"uid": 0},
        {"uid": -1},
        {"uid": 2**32},
        {"uid": "seven"},
        {"uid": "07"},
        {"ip": 0},
        {"ip": "0"},
        {"ip": "256.0.0.1"},
        {"cname": "lesson", "time": -1},
        {"cname": "lesson", "time": "an hour"},
        {"cname": "lesson", "privileges": []},
        {"cname": "lesson", "privileges": ["publish"]},
        {"cname": "lesson", "privileges": "join_channel"},
        {"cname": "lesson", "appid": "short"},
    ],
)
def test_a_bad_rule_is_refused_and_kicks_nobody(both: Api, body: dict) -> None:
    both.emulator.join(APP, "lesson", 7)
    assert both.kick(**body).status_code == 400
    assert both.emulator.state()["kicking_rules"] == []
    assert both.users("lesson")["total"] == 1


@pytest.mark.fact("CO-45")
def test_the_rules_of_an_unknown_app_id_are_refused(both: Api, dialect: str) -> None:
    message = "invalid appid" if dialect == "documented" else "appid is invalid"
    unknown = "f" * 32
    answers = [
        both.kick(appid=unknown, cname="lesson"),
        both("GET", "/dev/v1/kicking-rule", params={"appid": unknown}),
        both("PUT", "/dev/v1/kicking-rule", {"appid": unknown, "id": 1}),
        both("DELETE", "/dev/v1/kicking-rule", {"appid": unknown, "id": 1}),
    ]
    assert {(answer.status_code, complaint(answer)) for answer in answers} == {(400, message)}
    assert both("GET", "/dev/v1/kicking-rule").status_code == 400


# Channels


@pytest.mark.fact("CO-50", "CO-56")
def test_a_user_is_told_from_one_who_is_not_there(both: Api, clock: FrozenClock) -> None:
    both.emulator.join(APP, "lesson", 7, role=3)
    path = f"/dev/v1/channel/user/property/{APP}"
    joined = int(clock.now())
    clock.advance(9)
    assert both("GET", f"{path}/7/lesson").json() == {
        "success": True,
        "data": {"join": joined, "in_channel": True, "role": 3},
    }
    for absent in ("8/lesson", "7/other"):
        assert both("GET", f"{path}/{absent}").json() == {"success": True, "data": {"in_channel": False}}
    for wrong in ("0/lesson", "-1/lesson", "4294967296/lesson", "x/lesson", "07/lesson", "7/ä", "7/" + "a" * 65):
        assert both("GET", f"{path}/{wrong}").status_code == 400


@pytest.mark.fact("CO-51", "CO-52", "CO-53")
def test_the_users_of_a_channel_come_in_one_of_three_shapes(both: Api) -> None:
    both.emulator.join(APP, "talk", [3, 1, 2])
    assert both.users("talk") == {"channel_exist": True, "mode": 1, "total": 3, "users": [3, 1, 2]}
    both.emulator.join(APP, "show", [5, 4], role=2)
    both.emulator.join(APP, "show", [9], role=3)
    assert both.users("show") == {
        "channel_exist": True, "mode": 2, "broadcasters": [5, 4], "audience": [9], "audience_total": 1,
    }  # fmt: skip
    assert both.users("nothing") == {"channel_exist": False}


@pytest.mark.fact("CO-52")
def test_the_first_ten_thousand_of_an_audience_are_listed_and_all_are_counted(api: Api) -> None:
    api.emulator.join(APP, "show", range(1, 10_003), role=3)
    data = api.users("show")
    assert data["audience"] == list(range(1, 10_001))
    assert (data["audience_total"], data["broadcasters"]) == (10_002, [])


@pytest.mark.fact("CO-54", "CO-55")
def test_channels_come_in_pages(both: Api) -> None:
    for number in range(7):
        both.emulator.join(APP, f"channel {number}", range(1, number + 2))
    path = f"/dev/v1/channel/{APP}"
    every = both("GET", path).json()["data"]
    assert every["total_size"] == 7
    assert every["channels"][3] == {"channel_name": "channel 3", "user_count": 4}
    pages = [both("GET", path, params={"page_no": page, "page_size": 3}).json()["data"] for page in range(4)]
    assert [len(page["channels"]) for page in pages] == [3, 3, 1, 0]
    assert [channel for page in pages for channel in page["channels"]] == every["channels"]
    assert {page["total_size"] for page in pages} == {7}


@pytest.mark.fact("CO-54")
def test_a_page_has_a_hundred_channels_unless_another_size_is_asked_for(api: Api) -> None:
    for number in range(501):
        api.emulator.join(APP, f"{number}", 1)
    path = f"/dev/v1/channel/{APP}"
    assert len(api("GET", path).json()["data"]["channels"]) == 100
    assert len(api("GET", path, params={"page_size": 500}).json()["data"]["channels"]) == 500
    assert len(api("GET", path, params={"page_no": 1, "page_size": 500}).json()["data"]["channels"]) == 1


@pytest.mark.fact("CO-54")
@pytest.mark.parametrize(
    "query", ["page_size=501", "page_size=0", "page_size=-1", "page_no=-1", "page_no=x", "page_no=", "page_no=1.5",
              "page_no=1&page_no=2", "page_size=%31%30x", "page_no=+1", "page_no=" + "9" * 5000]
)  # fmt: skip
def test_a_bad_page_is_refused(both: Api, query: str) -> None:
    assert both("GET", f"/dev/v1/channel/{APP}?{query}").status_code == 400


def test_a_page_far_away_is_empty(both: Api) -> None:
    assert both("GET", f"/dev/v1/channel/{APP}?page_no={10**40}").json()["data"] == {"channels": [], "total_size": 0}


@pytest.mark.fact("CO-50", "CO-51", "CO-54")
def test_the_channels_of_an_unknown_app_id_are_refused(both: Api, dialect: str) -> None:
    message = "invalid appid" if dialect == "documented" else "appid is invalid"
    for path in (
        f"channel/{'f' * 32}",
        f"channel/user/{'f' * 32}/lesson",
        f"channel/user/property/{'f' * 32}/7/lesson",
    ):
        answer = both("GET", f"/dev/v1/{path}")
        assert (answer.status_code, answer.json()) == (400, {"message": message})


@pytest.mark.fact("CO-57")
@pytest.mark.parametrize("character", [*string.ascii_letters[::9], *string.digits[::5], *" !#$%&()+-:;<=.>?@[]^_{}|~,"])
def test_every_character_arrives_as_itself_in_a_url(both: Api, character: str) -> None:
    name = f"x{character}y"
    both.emulator.join(APP, name, 7)
    assert both.users(name)["users"] == [7]
    property_ = both("GET", f"/dev/v1/channel/user/property/{APP}/7/{quote(name, safe='')}")
    assert property_.json()["data"]["in_channel"] is True


@pytest.mark.fact("CO-57")
@pytest.mark.parametrize("name", [".", "..", "%2E", "%2e%2E", "%00", "x%2Fy", "%C3%A4", "%FF", "%"])
def test_a_name_that_is_none_in_a_url_is_refused(both: Api, name: str) -> None:
    status, _ = both.bare("GET", f"/dev/v1/channel/user/{APP}/{name}")
    assert status == 400
