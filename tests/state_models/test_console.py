"""What the models of projects, rules, channels and usage report, and what they do not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.state_models.exchanges import APP, MINUTE, Talk, project, rule


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def undisturbed() -> Talk:
    return Talk(undisturbed=10)


class TestProjects:
    @pytest.mark.fact("CO-18")
    def test_a_deleted_project_is_gone(self, talk: Talk) -> None:
        talk.projects(project())
        talk("delete_project", {"success": True}, body={"id": "p1"})
        talk.projects()
        talk.projects(project())
        talk("delete_project", {"success": True}, body={"id": "p1"})
        assert talk.checks == ["deleted_project", "deleted_project"]

    @pytest.mark.fact("CR-15", "CO-18")
    def test_the_app_id_of_a_deleted_project_does_not_record(self, talk: Talk) -> None:
        talk.projects(project(vendor_key=APP))
        talk("delete_project", {"success": True}, body={"id": "p1"})
        talk.acquire()
        assert talk.checks == ["app_of_a_project"]

    @pytest.mark.fact("CR-15", "CR-78", "CO-18")
    def test_it_does_not_whichever_edition_the_other_api_follows(self, talk: Talk) -> None:
        talk.projects(project(vendor_key=APP))
        talk("delete_project", {"success": True}, body={"id": "p1"})
        talk.edition = None
        talk.acquire()
        assert talk.checks == ["app_of_a_project"]

    @pytest.mark.fact("CO-15", "CO-17", "CO-75")
    def test_a_project_that_is_not_found_is_404(self, talk: Talk) -> None:
        talk.projects({"id": "p1", "name": "one"}, {"id": "p2", "name": "other"})
        for query in ({"id": "p1", "name": "other"}, {"id": "p1", "name": ""}, {"id": "p9", "name": "other"}):
            talk("find_project", {"error_msg": "project not exit"}, status=400, query=query)
        assert [(each.check, each.seen.number) for each in talk.found] == [("not_found", 2)]

    @pytest.mark.fact("CO-14")
    def test_a_project_may_have_been_deleted_by_others_until_it_comes_back(self, talk: Talk) -> None:
        talk.projects(project(), project("p2"))
        talk.projects(project())
        assert talk.checks == []
        talk.projects(project(), project("p2"))
        assert talk.checks == ["project_is_listed_always"]
        assert (talk.found[0].seen.number, talk.found[0].earlier and talk.found[0].earlier.number) == (2, 3)

    @pytest.mark.fact("CO-14")
    def test_undisturbed_nobody_else_deletes(self, undisturbed: Talk) -> None:
        undisturbed.projects(project())
        undisturbed.projects()
        assert undisturbed.checks == ["project_is_listed"]

    @pytest.mark.fact("CO-14")
    def test_undisturbed_holds_for_a_while_only(self, undisturbed: Talk) -> None:
        undisturbed.projects(project())
        undisturbed.wait(20)
        undisturbed.projects()
        assert undisturbed.checks == []

    @pytest.mark.fact("CO-11", "CO-22")
    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"vendor_key": "zqx-1"}, ["project_vendor_key"]),
            ({"created": 1_600_000_000_000}, []),
            ({"created": 1_600_000_001}, ["project_created"]),
            ({"status": 0}, []),
            ({"name": "renamed"}, []),
        ],
    )
    def test_only_what_never_changes_is_held_against_a_server(
        self, talk: Talk, change: dict[str, Any], expected: list[str]
    ) -> None:
        talk.projects(project())
        talk.projects(project(**change))
        assert talk.checks == expected

    @pytest.mark.fact("CO-11", "CO-14")
    def test_projects_are_listed_once_with_app_ids_of_their_own(self, talk: Talk) -> None:
        talk.projects(project(), project(), project("p2", vendor_key="app-p1"))
        assert talk.checks == ["own_app_id", "projects_once"]

    @pytest.mark.fact("CO-10", "CO-13")
    def test_a_new_project_is_as_it_was_asked_for(self, talk: Talk) -> None:
        body = {"name": "Zqx1", "enable_sign_key": False}
        talk("create_project", {"project": [project(name="zqx1")]}, body=body)
        assert talk.checks == ["project_name", "certificate_as_asked"]

    @pytest.mark.fact("CO-12")
    def test_created_is_no_time_in_minutes(self, talk: Talk) -> None:
        body = {"name": "n", "enable_sign_key": True}
        talk("create_project", {"project": [project(created=28_000_000)]}, body=body)
        assert talk.checks == ["created_now"]

    @pytest.mark.fact("CO-17", "CO-75")
    def test_a_project_that_was_deleted_is_not_found(self, talk: Talk) -> None:
        talk("delete_project", {"success": True}, body={"id": "p1"})
        talk("find_project", {"error_msg": "x"}, status=404, query={"id": "p1"})
        talk("find_project", {"error_msg": "x"}, status=400, query={"id": "p1"})
        assert talk.checks == ["unknown_project"]

    @pytest.mark.fact("CO-21")
    def test_a_reset_renews_the_certificate(self, talk: Talk) -> None:
        talk.projects(project())
        talk("reset_certificate", {"success": True}, body={"id": "p1"})
        talk.projects(project())
        assert talk.checks == ["reset_renews"]

    @pytest.mark.fact("CO-20")
    def test_a_certificate_may_be_renewed_by_others(self, talk: Talk) -> None:
        talk.projects(project())
        talk.projects(project(sign_key="another"))
        talk.projects(project(sign_key=""))
        assert talk.checks == []

    @pytest.mark.fact("CO-21", "CO-22")
    def test_projects_do_not_share_a_certificate(self, talk: Talk) -> None:
        talk.projects(project(), project("p2", sign_key="key-p1"))
        assert talk.checks == ["own_certificate"]

    def test_accounts_are_kept_apart(self, talk: Talk) -> None:
        talk("list_projects", {"projects": [project()]}, account="one")
        talk("delete_project", {"success": True}, body={"id": "p1"}, account="one")
        talk("list_projects", {"projects": [project()]}, account="two")
        assert talk.checks == []


class TestKickingRules:
    @pytest.mark.fact("CO-40")
    def test_every_rule_has_an_id_of_its_own(self, talk: Talk) -> None:
        talk.ban(uid=7)
        talk.ban(uid=8)
        assert talk.checks == ["rule_is_new"]

    @pytest.mark.fact("CO-85")
    def test_today_a_rule_of_no_duration_has_the_id_0(self) -> None:
        today = Talk("current")
        today.ban(0, uid=7, time=0)
        today.ban(0, uid=7, time=0)
        today.ban(5, uid=7, time=0)
        assert today.checks == ["once_has_no_id"]

    @pytest.mark.fact("CO-42")
    @pytest.mark.parametrize(
        ("time", "ends", "expected"),
        [
            (60, "11:00:00", []),
            (0.5, "10:01:00", []),
            (2.5, "10:02:30", []),
            (2.5, "10:02:00", []),  # somebody may have shortened it within the second of its creation
            (60, "10:00:59", ["rule_lasts"]),  # nobody can set less than a minute
        ],
    )
    def test_a_rule_lasts_as_long_as_it_was_asked_for(
        self, talk: Talk, time: float, ends: str, expected: list[str]
    ) -> None:
        talk.ban(uid=7, time=time)
        talk.rules(rule(ends=ends))
        assert talk.checks == expected

    @pytest.mark.fact("CO-42", "CO-46")
    def test_a_rule_that_nobody_changed_lasts_as_long_as_it_was_asked_for(self, talk: Talk) -> None:
        talk.ban(uid=7, time=2.5)
        talk.rules(rule(made="10:00:00.250", ends="10:02:00.250"))
        assert talk.checks == ["rule_lasts"]

    @pytest.mark.fact("CO-84")
    def test_seconds_count_before_minutes(self) -> None:
        today = Talk("current")
        today.ban(uid=7, time=5, time_in_seconds=20)
        today.rules(rule(made="10:00:00.250", ends="10:05:00.250"))
        assert today.checks == ["rule_lasts"]

    @pytest.mark.fact("CO-42", "CO-45")
    def test_a_rule_of_no_duration_is_not_listed(self, talk: Talk) -> None:
        talk.ban(uid=7, time=0)
        talk.rules(rule())
        assert "zero_is_not_listed" in talk.checks

    @pytest.mark.fact("CO-47")
    def test_a_deleted_rule_is_not_listed(self, talk: Talk) -> None:
        talk.ban(uid=7)
        talk("delete_kicking_rule", {"status": "success", "id": 1}, body={"appid": APP, "id": 1})
        talk.rules(rule())
        assert talk.checks == ["deleted_rule"]

    @pytest.mark.fact("CO-46", "CO-47")
    def test_a_change_names_its_rule(self, talk: Talk) -> None:
        talk("delete_kicking_rule", {"status": "success", "id": 0}, body={"appid": APP, "id": 1})
        assert talk.checks == ["rule_is_the_one"]

    @pytest.mark.fact("CO-45")
    def test_a_listed_rule_is_as_it_was_made(self, talk: Talk) -> None:
        talk.ban(uid=8)
        talk.rules(rule(uid=7))
        talk.rules(rule(uid=7, made="10:00:01", ends="11:00:01"))
        assert talk.checks == ["rule_as_made", "rule_as_made"]

    @pytest.mark.fact("CO-45")
    def test_times_are_in_utc_unless_the_callers_clock_is_wrong(self) -> None:
        made = 1_700_000_001
        assert made % 86_400 == 22 * 3600 + 13 * 60 + 21
        for seconds, expected in ((0, []), (10, ["rule_created_now"])):
            talk = Talk(undisturbed=seconds)
            talk.ban(uid=7)
            talk.rules(rule(made="14:13:21", ends="15:13:21"))
            assert talk.checks == expected

    @pytest.mark.fact("CO-83")
    def test_the_end_that_an_update_gave_counts_from_it(self) -> None:
        today = Talk("current")
        today.ban(uid=7)
        answer = {"status": "success", "result": {"id": 1, "ts": "2023-11-14T10:10:00.250Z"}}
        today("update_kicking_rule", answer, body={"appid": APP, "id": 1, "time_in_seconds": 600})
        listed = rule(made="10:00:00.250", ends="10:10:00.250")
        today.rules({**listed, "updateAt": "2023-11-14T10:00:00.250Z"})
        assert today.checks == []
        today.rules({**listed, "updateAt": "2023-11-14T10:00:01.250Z"})
        assert today.checks == ["update_counts"]

    @pytest.mark.fact("CO-46")
    def test_a_new_end_counts_from_the_update(self, talk: Talk) -> None:
        talk.ban(uid=7)
        talk.rules(rule(made="10:00:01", ends="11:00:01"))
        talk.wait(10 * MINUTE)
        for ends in ("10:40:03", "10:30:02"):
            answer = {"status": "success", "result": {"id": 1, "ts": f"2023-11-14T{ends}.000Z"}}
            talk("update_kicking_rule", answer, body={"appid": APP, "id": 1, "time": 30})
        assert [(each.check, each.seen.number) for each in talk.found] == [("update_counts", 4)]

    @pytest.mark.fact("CO-45", "CO-82")
    def test_a_rule_that_is_missing_was_lifted_by_others_or_lost_on_the_way(self) -> None:
        for edition, expected in (("2019", ["rule_always"]), ("current", [])):
            talk = Talk(edition)  # type: ignore[arg-type]
            talk.ban(uid=7)
            talk.rules()
            assert talk.checks == []
            talk.rules(rule())
            assert talk.checks == expected

    @pytest.mark.fact("CO-48")
    def test_a_banned_user_is_in_no_channel_unless_others_lifted_the_ban(self) -> None:
        for seconds, expected in ((0, []), (10, ["banned_user"])):
            talk = Talk(undisturbed=seconds)
            talk.ban(uid=7)
            talk.user(7, in_channel=True, join=1_700_000_000, role=1)
            talk.user(8, in_channel=True, join=1_700_000_000, role=1)
            assert talk.checks == expected


class TestUsers:
    @pytest.mark.fact("CO-51", "CO-52", "CO-53", "CO-90")
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ({"mode": 1, "total": 2, "users": [1, 2]}, []),
            ({"mode": 1, "total": 3, "users": [1, 2]}, ["users_are_counted"]),
            ({"mode": 1, "total": 0, "users": []}, ["channel_has_users"]),
            ({"mode": 2, "broadcasters": [1], "audience": [2], "audience_total": 1}, []),
            ({"mode": 2, "broadcasters": [1], "audience": [1], "audience_total": 1}, ["users_once"]),
            ({"mode": 2, "broadcasters": [], "audience": [1], "audience_total": 2}, ["users_are_counted"]),
            ({"channel_exist": False, "mode": 1, "users": [1]}, ["no_channel_no_users"]),
        ],
    )
    def test_a_list_agrees_with_itself(self, talk: Talk, data: dict[str, Any], expected: list[str]) -> None:
        talk.users(**data)
        assert talk.checks == expected

    @pytest.mark.fact("CO-52")
    def test_an_audience_beyond_what_is_listed_is_counted(self, talk: Talk) -> None:
        talk.users(mode=2, broadcasters=[], audience=list(range(1, 10_001)), audience_total=12_000)
        assert talk.checks == []

    @pytest.mark.fact("CO-89", "CO-91")
    def test_today_nothing_is_told_of_the_absent_and_no_audience_with_hosts(self) -> None:
        today = Talk("current")
        today.user(in_channel=False, platform=7)
        path, data = {"appid": APP, "cname": "c"}, {"mode": 2, "broadcasters": [1], "audience": [2]}
        answer = {"success": True, "data": {"channel_exist": True, **data, "audience_total": 1}}
        today("list_channel_users", answer, path=path, query={"hosts_only": ""})
        assert today.checks == ["nothing_else", "hosts_only"]

    @pytest.mark.fact("CO-50")
    def test_one_time_of_joining_is_one_stay(self, talk: Talk) -> None:
        talk.user(in_channel=True, join=100, role=1)
        talk.user(in_channel=False)
        talk.user(in_channel=True, join=200, role=1)  # who was away may come back
        talk.wait(2)
        talk.user(in_channel=False)
        talk.user(in_channel=True, join=200, role=1)
        assert [(each.check, each.seen.number) for each in talk.found] == [("joined_anew", 5)]

    @pytest.mark.fact("CO-50", "CO-51")
    def test_a_role_is_one_of_the_mode_during_the_stay(self, talk: Talk) -> None:
        talk.user(in_channel=True, join=100, role=1)
        talk.users(mode=1, total=1, users=[7])
        talk.user(in_channel=True, join=100, role=2)
        assert talk.checks == ["role_of_mode"]

    @pytest.mark.fact("CO-50", "CO-55")
    def test_people_come_and_go_unless_undisturbed(self) -> None:
        for seconds, expected in ((0, []), (10, ["users_of_pages", "user_of_list"])):
            talk = Talk(undisturbed=seconds)
            talk.page(["lesson"], 1)
            talk.users(mode=1, total=2, users=[7, 8])
            talk.user(in_channel=False)
            assert talk.checks == expected


class TestPages:
    @pytest.mark.fact("CO-54", "CO-55")
    @pytest.mark.parametrize(
        ("names", "total", "query", "expected"),
        [
            (["a", "b"], 3, {"page_size": "2"}, []),
            (["c"], 3, {"page_size": "2", "page_no": "1"}, []),
            ([], 3, {"page_size": "2", "page_no": "2"}, []),
            (["a"], 3, {"page_size": "2"}, ["page_is_full"]),
            (["a", "b", "c"], 3, {"page_size": "2"}, ["page_is_full"]),
            (["a", "b"], 2, {"page_size": "2", "page_no": "1"}, ["page_is_full"]),
            (["a", "a"], 2, {}, ["channels_once"]),
        ],
    )
    def test_a_page_has_what_its_total_leaves(
        self, talk: Talk, names: list[str], total: int, query: dict[str, str], expected: list[str]
    ) -> None:
        talk.page(names, total, **query)
        assert talk.checks == expected

    @pytest.mark.fact("CO-55")
    def test_all_pages_together_have_every_channel_once_unless_channels_come_and_go(self) -> None:
        for seconds, expected in ((0, []), (10, ["pages_together"])):
            talk = Talk(undisturbed=seconds)
            talk.page(["a", "b"], 3, page_size="2")
            talk.page(["b"], 3, page_size="2", page_no="1")
            assert talk.checks == []
            talk.page(["a", "b", "c"], 3)
            assert talk.checks == expected


class TestUsage:
    @staticmethod
    def minutes(*days: tuple[int, int]) -> dict[str, Any]:
        daily = [{"date": day, "audio": audio, "sd": 0, "hd": 0, "hdp": 0} for day, audio in days]
        return {"usages": [{"project": "p", "daily": daily}]}

    QUERY = {"from_date": "2023-11-01", "to_date": "2023-11-02", "projects": "p"}  # noqa: RUF012

    @pytest.mark.fact("CO-32")
    def test_days_are_those_asked_for_once(self, talk: Talk) -> None:
        talk("get_usage_v1", self.minutes((20231101, 1), (20231101, 1), (20231103, 1)), query=self.QUERY)
        assert talk.checks == ["days_asked_for", "days_once"]

    @pytest.mark.fact("CO-32")
    def test_usage_does_not_fall(self, talk: Talk) -> None:
        for days in (((20231101, 5), (20231102, 5)), ((20231101, 5), (20231102, 4)), ((20231101, 5),)):
            talk("get_usage_v1", self.minutes(*days), query=self.QUERY)
        assert [(each.check, each.seen.number) for each in talk.found] == [("usage_falls", 2), ("usage_falls", 3)]

    @pytest.mark.fact("CO-32")
    def test_late_figures_may_come(self, talk: Talk) -> None:
        days = {**self.QUERY, "from_date": "2023-11-13", "to_date": "2023-11-14"}
        for audio in (5, 6):
            talk("get_usage_v1", self.minutes((20231113, audio)), query=days)
        assert talk.checks == []
        for audio in (5, 6):
            talk("get_usage_v1", self.minutes((20231101, audio)), query=self.QUERY)
        assert talk.checks == ["usage_stays"]

    @pytest.mark.fact("CO-30")
    def test_only_projects_that_were_asked_for_are_reported(self, talk: Talk) -> None:
        talk("get_usage_v1", self.minutes((20231101, 1)), query={**self.QUERY, "projects": "another"})
        assert talk.checks == ["projects_asked_for"]

    @pytest.mark.fact("CO-35")
    def test_every_metric_is_described(self, talk: Talk) -> None:
        answer = {"meta": {"a": {}}, "usages": [{"date": "2023-11-01T00:00:00.000Z", "usage": {"a": 1, "b": 2}}]}
        talk("get_usage_v3", answer, query={**self.QUERY, "project_id": "p", "business": "default"})
        assert talk.checks == ["metrics_described"]


class TestQuotas:
    @pytest.mark.fact("CO-62", "CO-03")
    def test_a_refusal_before_the_quota_is_used_up_may_be_due_to_others(self) -> None:
        for seconds, expected in ((0, []), (10, ["quota_is_there"])):
            talk = Talk(undisturbed=seconds)
            talk("list_projects", {"message": "API rate limit exceeded"}, status=429)
            assert talk.checks == expected

    @pytest.mark.fact("CO-03", "CO-62")
    def test_today_every_call_of_the_console_has_its_own(self) -> None:
        for edition, expected in (("2019", ["quota"]), ("current", []), (None, [])):
            talk = Talk(edition)
            for number in range(11):
                talk.wait(-0.95)
                talk("list_projects" if number % 2 else "list_kicking_rules", {"projects": [], "rules": []})
            assert talk.checks == expected


class TestRefusals:
    @pytest.mark.fact("CO-53", "CO-54")
    def test_what_is_not_there_is_no_404(self, talk: Talk) -> None:
        for operation in ("list_channels", "list_channel_users", "find_project"):
            talk(operation, {"message": "x"}, status=404)
        assert talk.checks == ["nothing_is_a_success"] * 2

    @pytest.mark.fact("CO-42")
    def test_a_valid_rule_is_not_refused(self, talk: Talk) -> None:
        body = {"appid": APP, "uid": 7, "time": 1440, "privileges": ["join_channel"]}
        for changed in (body, {**body, "time": -1}, {**body, "uid": None}):
            talk("create_kicking_rule", {"error_msg": "time is wrong"}, status=400, body=changed)
        talk("create_kicking_rule", {"message": "appid is invalid"}, status=400, body=body)
        assert [(each.check, each.seen.number) for each in talk.found] == [("valid_is_taken", 1)]
