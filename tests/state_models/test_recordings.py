"""What the models of recordings report, and what they do not."""

from __future__ import annotations

import pytest

from tests.state_models.exchanges import APP, WHO, Talk

STORAGE = {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "a", "secretKey": "s"}

LATER = {"cname": "other", "uid": "1"}


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def today() -> Talk:
    return Talk("current")


class TestResources:
    @pytest.mark.fact("CR-12")
    def test_a_resource_id_is_given_once(self, talk: Talk) -> None:
        talk.acquire()
        talk.acquire()
        assert talk.checks == ["resource_ids"]

    @pytest.mark.fact("CR-12", "CR-92")
    def test_a_resource_id_serves_once(self, talk: Talk) -> None:
        talk.acquire()
        talk.start()
        talk.start(sid="s2")
        assert talk.checks == ["resource_serves_once"]
        assert (talk.found[0].seen.number, talk.found[0].earlier and talk.found[0].earlier.number) == (3, 2)

    @pytest.mark.fact("CR-39", "CR-93")
    def test_a_resource_id_is_for_its_channel(self, talk: Talk) -> None:
        talk.acquire()
        talk.start(who={**WHO, "cname": "zqx1"})
        assert talk.checks == ["resource_identity"]
        assert "another channel than in exchange 1" in talk.found[0].got

    @pytest.mark.fact("CR-11", "CR-91")
    @pytest.mark.parametrize(("seconds", "expected"), [(290, []), (310, ["resource_expires"])])
    def test_a_resource_id_lives_five_minutes(self, talk: Talk, seconds: float, expected: list[str]) -> None:
        talk.acquire()
        talk.wait(seconds)
        talk.start()
        assert talk.checks == expected

    @pytest.mark.fact("CR-11")
    @pytest.mark.parametrize(("seconds", "expected"), [(100, ["resource_lasts"]), (301, [])])
    def test_a_resource_id_is_not_called_expired_too_early(
        self, talk: Talk, seconds: float, expected: list[str]
    ) -> None:
        talk.acquire()
        talk.wait(seconds)
        talk.refuse("start_recording", 433)
        assert talk.checks == expected

    @pytest.mark.fact("CR-12")
    def test_a_resource_id_is_not_used_up_unless_others_did(self) -> None:
        for seconds, expected in ((0, []), (10, ["resource_is_unused"])):
            talk = Talk(undisturbed=seconds)
            talk.acquire()
            talk.refuse("start_recording", 1005)
            assert talk.checks == expected

    @pytest.mark.fact("CR-12")
    def test_a_start_whose_response_was_lost_may_have_used_it_up(self, talk: Talk) -> None:
        talk.acquire()
        talk("start_recording", None, status=0, path={"resourceid": "r1", "mode": "mix"}, body=WHO)
        talk.refuse("start_recording", 1005)
        talk.query()
        assert talk.checks == []

    @pytest.mark.fact("CR-37", "CR-94")
    def test_the_code_of_a_repeated_start_shows_when_the_recording_goes_on(self, talk: Talk) -> None:
        talk.acquire()
        talk.start()
        talk.refuse("start_recording", 2)  # without a storage
        talk.refuse("start_recording", 1005, storageConfig=STORAGE)
        assert talk.checks == []  # it may have ended by itself
        talk.query()
        assert talk.checks == ["repeated_start"]
        assert talk.found[0].seen.number == 4

    @pytest.mark.fact("CR-12")
    def test_what_was_not_seen_from_the_beginning_is_not_judged(self, talk: Talk) -> None:
        talk.start()
        talk.wait(1000)
        talk.query()
        talk.stop()
        assert talk.checks == []


class TestStatus:
    @pytest.mark.fact("CR-42")
    def test_a_status_does_not_go_back(self, talk: Talk) -> None:
        talk.start()
        talk.query("5")
        talk.query("4")
        assert talk.checks == ["status_grows"]

    @pytest.mark.fact("CR-144")
    def test_today_it_may_after_a_move_to_another_machine(self, today: Talk) -> None:
        today.start()
        today.query(5)
        today.query(4)
        today.query(7)
        today.query(5)
        assert today.checks == ["status_grows"]
        assert today.found[0].seen.number == 5

    def test_queries_that_overlap_have_no_order(self, talk: Talk) -> None:
        talk.start()
        path = {"appid": "a", "resourceid": "r1", "sid": "s1", "mode": "mix"}
        talk("query_recording", {"serverResponse": {"status": 5}}, took=10, path=path)
        talk("query_recording", {"serverResponse": {"status": 4}}, path=path)
        assert talk.checks == []

    @pytest.mark.fact("CR-138")
    def test_it_is_ready_in_time(self, today: Talk) -> None:
        today.start()
        today.wait(95)
        today.query(3)
        assert today.checks == []  # it may not have started well, or have been moved to another machine
        today.wait(95)
        today.query(4)
        assert today.checks == ["ready_in_time"]

    @pytest.mark.fact("CR-50", "CR-42")
    def test_what_was_stopped_does_not_go_on(self, talk: Talk) -> None:
        talk.start()
        talk.stop()
        talk.query(6)
        talk.query(5)
        assert talk.checks == ["stop_ends", "status_grows"]

    @pytest.mark.fact("CR-152")
    def test_it_may_for_a_while_if_the_stop_did_not_wait(self, today: Talk) -> None:
        today.start()
        today.stop(async_stop=True)
        today.query(5)
        assert today.checks == []

    @pytest.mark.fact("CR-50", "CR-155")
    def test_a_recording_is_stopped_once(self, talk: Talk) -> None:
        talk.start()
        talk.stop()
        talk.stop()
        assert talk.checks == ["second_stop"]

    @pytest.mark.fact("CR-144", "CR-155")
    @pytest.mark.parametrize(("code", "status", "count"), [(404, 404, 0), (49, 400, 0), (404, 400, 1), (2, 400, 1)])
    def test_what_is_over_is_not_found(self, today: Talk, code: int, status: int, count: int) -> None:
        today.start()
        today.stop()
        today.refuse("stop_recording", code, status)
        assert today.checks == ["gone"] * count

    @pytest.mark.fact("CR-144")
    def test_what_is_over_is_not_changed(self, today: Talk) -> None:
        today.start()
        today.stop()
        today.change()
        assert today.checks == ["change_after_stop"]

    @pytest.mark.fact("CR-28")
    def test_its_end_is_too_early_only_if_nobody_else_stopped_it(self) -> None:
        for undisturbed, expected in ((0.0, []), (10.0, ["lasts"])):
            talk = Talk(undisturbed=undisturbed)
            talk.start()
            talk.refuse("query_recording", 404, 404)
            assert talk.checks == expected

    @pytest.mark.fact("CR-40")
    def test_what_goes_on_is_found(self, talk: Talk) -> None:
        talk.start()
        talk.refuse("query_recording", 404, 404)
        talk.query()
        assert talk.checks == ["found"]

    @pytest.mark.fact("CR-50", "CR-65")
    def test_what_was_over_is_not_stopped(self, talk: Talk) -> None:
        talk.start()
        talk.refuse("query_recording", 404, 404)
        talk.stop()
        assert talk.checks == ["found"]

    def test_a_gateway_that_finds_nothing_says_nothing_about_a_recording(self, talk: Talk) -> None:
        talk.start()
        path = {"appid": APP, "resourceid": "r1", "sid": "s1", "mode": "mix"}
        talk("query_recording", {"message": "no Route matched with those values"}, status=404, path=path)
        talk.query()
        assert talk.checks == []

    @pytest.mark.fact("CR-144")
    def test_today_it_may_be_away_for_a_while(self, today: Talk) -> None:
        today.start()
        today.refuse("query_recording", 404, 404)
        today.query()
        assert today.checks == []


class TestIdentity:
    @pytest.mark.fact("CR-36")
    def test_every_recording_has_a_sid_of_its_own(self, talk: Talk) -> None:
        talk.start()
        talk.start("r2")
        assert talk.checks == ["sids"]

    @pytest.mark.fact("CR-94")
    def test_a_start_that_begins_nothing_has_no_sid(self, today: Talk) -> None:
        path = {"appid": "a", "resourceid": "r1", "mode": "mix"}
        today("start_recording", {"code": 7, "reason": "already started", "sid": "s"}, status=201, path=path, body=WHO)
        assert today.checks == ["refused_without_sid"]

    @pytest.mark.fact("CR-76")
    def test_a_response_repeats_the_channel(self, today: Talk) -> None:
        answer = {"resourceId": "r1", "cname": "Lesson", "uid": "527841"}
        today("acquire", answer, body={**WHO, "clientRequest": {}}, path={"appid": "a"})
        assert today.checks == ["identity_is_echoed"]

    @pytest.mark.fact("CR-76")
    def test_marks_of_a_redacted_recording_are_compared_as_far_as_they_show(self, today: Talk) -> None:
        who = {"cname": "hidden-0123456789ab\\é/---", "uid": "1"}
        answers = ("hidden-0123456789ab", "plain words", "hidden-ba9876543210")
        for number, cname in enumerate(answers):
            answer = {"resourceId": f"r{number}", "cname": cname}
            today("acquire", answer, body={**who, "clientRequest": {}}, path={"appid": "a"})
        assert [each.seen.number for each in today.found] == [3]

    @pytest.mark.fact("CR-95")
    def test_a_channel_and_uid_have_one_recorder_unless_somebody_stopped_the_first(self) -> None:
        for seconds, expected in ((0, []), (10, ["one_recorder"])):
            today = Talk("current", undisturbed=seconds)
            today.start()
            today.start("r2", "s2")
            assert today.checks == expected

    @pytest.mark.fact("CR-86")
    def test_after_its_hours_it_cannot_be_called(self, today: Talk) -> None:
        today.acquire(resourceExpiredHour=1)
        today.start()
        today.wait(3500)
        today.query()
        today.wait(200)
        today.query()
        assert today.checks == ["resource_hours"]


class TestFiles:
    @pytest.mark.fact("CR-41")
    def test_an_index_keeps_its_name(self, talk: Talk) -> None:
        talk.start()
        talk.query(fileList="a.m3u8")
        talk.query(fileList="b.m3u8")
        assert talk.checks == ["index_stays"]

    @pytest.mark.fact("CR-41", "CR-160")
    def test_an_index_is_of_one_recording(self, talk: Talk) -> None:
        talk.start()
        talk.start("r2", "s2", who=LATER)
        talk.query(fileList="a.m3u8")
        talk.query(fileList="a.m3u8", sid="s2", resource="r2")
        assert talk.checks == ["own_index"]

    @pytest.mark.fact("CR-141")
    def test_the_kind_of_a_list_goes_with_the_files(self, today: Talk) -> None:
        films = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
        today.start(**films)
        today.query(fileList="a.m3u8")
        assert today.checks == ["list_of_mode"]

    @pytest.mark.fact("CR-142")
    def test_a_file_stays_with_its_time(self, today: Talk) -> None:
        today.start(mode="individual")
        first = {"fileName": "a", "uid": "7", "mixedAllUser": False, "sliceStartTime": 1_700_000_000_000}
        second = {**first, "fileName": "b"}
        today.query(mode="individual", fileList=[first, second])
        today.query(mode="individual", fileList=[{**first, "sliceStartTime": 1_700_000_000_001}])
        assert today.checks == ["files_stay", "slice_start"]

    @pytest.mark.fact("CR-144")
    def test_after_a_move_all_files_may_have_other_names(self, today: Talk) -> None:
        today.start(mode="individual")
        for name in ("a", "b"):
            file = {"fileName": name, "uid": "7", "mixedAllUser": False, "sliceStartTime": 1_700_000_000_000}
            today.query(mode="individual", fileList=[file])
        assert today.checks == []

    @pytest.mark.fact("CR-22", "CR-142")
    @pytest.mark.parametrize(("types", "track", "expected"), [(0, "audio", []), (1, "audio", ["tracks_of_types"])])
    def test_files_have_the_tracks_that_were_chosen(
        self, today: Talk, types: int, track: str, expected: list[str]
    ) -> None:
        today.start(mode="individual", recordingConfig={"streamTypes": types})
        file = {"fileName": "a", "uid": "7", "trackType": track, "sliceStartTime": 1_700_000_000_000}
        today.query(mode="individual", fileList=[file])
        assert today.checks == expected

    @pytest.mark.fact("CR-142")
    def test_times_are_in_milliseconds(self, today: Talk) -> None:
        today.start()
        today.query(sliceStartTime=1_700_000_000)
        assert today.checks == ["slice_unit"]

    @pytest.mark.fact("CR-143")
    def test_snapshots_have_no_list(self, today: Talk) -> None:
        today.start(mode="individual", snapshotConfig={"fileType": ["jpg"]})
        today.query(mode="individual", fileList=[])
        assert today.checks == ["snapshots_only"]


class TestPages:
    @staticmethod
    def services(hold: bool = False, address: str | None = None) -> dict[str, object]:
        states: list[dict[str, object]] = [
            {"serviceName": "web_recorder_service", "payload": {"state": "inProgress", "onhold": hold, "fileList": [1]}}
        ]
        if address:
            outputs = [{"rtmpUrl": address, "status": "publishing"}]
            states.append({"serviceName": "rtmp_publish_service", "payload": {"outputs": outputs}})
        return {"extensionServiceState": states}

    @staticmethod
    def pushed(address: str) -> dict[str, object]:
        push = {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": address}]}}
        page = {"serviceName": "web_recorder_service", "serviceParam": {"maxRecordingHour": 1}}
        return {"extensionServices": [page, push]}

    @pytest.mark.fact("CR-147")
    def test_a_page_is_paused_as_it_was_set_unless_by_others(self) -> None:
        for seconds, expected in ((0, []), (10, ["page_hold"])):
            today = Talk("current", undisturbed=seconds)
            self.pause(today)
            assert today.checks == expected

    def pause(self, today: Talk) -> None:
        today.start(mode="web")
        today.query(mode="web", **self.services())
        today.change(mode="web", webRecordingConfig={"onhold": True})
        today.query(mode="web", **self.services(hold=True))
        today.query(mode="web", **self.services())

    @pytest.mark.fact("CR-147", "CR-148")
    @pytest.mark.parametrize("status", [0, 504])
    def test_an_update_without_an_answer_leaves_open_what_is_set(self, status: int) -> None:
        today = Talk("current", undisturbed=10)
        today.start(mode="web", extensionServiceConfig=self.pushed("rtmp://a/b"))
        path = {"appid": APP, "resourceid": "r1", "sid": "s1", "mode": "web"}
        client = {"webRecordingConfig": {"onhold": True}, "rtmpPublishConfig": {"outputs": [{"rtmpUrl": "rtmp://c"}]}}
        today("update_recording", None, status=status, path=path, body={**WHO, "clientRequest": client})
        for hold, address in ((True, "rtmp://c"), (False, "rtmp://a/b")):
            today.query(mode="web", **self.services(hold, address))
        assert today.checks == []

    @pytest.mark.fact("CR-148", "CR-140")
    def test_a_page_is_pushed_to_where_it_was_set_unless_by_others(self) -> None:
        for seconds, expected in ((0, ["push_shown"]), (10, ["push_address", "push_shown"])):
            today = Talk("current", undisturbed=seconds)
            self.push(today)
            assert today.checks == expected

    @pytest.mark.fact("CR-135", "CR-148")
    def test_a_page_is_pushed_to_one_address(self, today: Talk) -> None:
        outputs = [{"rtmpUrl": address, "status": "publishing"} for address in ("rtmp://a/b", "rtmp://c/d")]
        today.start(mode="web", extensionServiceConfig=self.pushed("rtmp://a/b"))
        push = {"serviceName": "rtmp_publish_service", "payload": {"outputs": outputs}}
        today.query(mode="web", extensionServiceState=[push])
        assert today.checks == ["one_push"]

    def push(self, today: Talk) -> None:
        today.start(mode="web", extensionServiceConfig=self.pushed("rtmp://a/b"))
        today.query(mode="web", **self.services(address="rtmp://a/b"))
        today.query(mode="web", **self.services(address="rtmp://c/d"))
        today.query(mode="web", **self.services())

    @pytest.mark.fact("CR-132")
    def test_a_page_ends_in_time(self, today: Talk) -> None:
        today.start(mode="web", extensionServiceConfig=self.pushed("rtmp://a/b"))
        for seconds in (3500, 300):
            today.wait(seconds)
            today.query(mode="web", **self.services(address="rtmp://a/b"))
        assert today.checks == ["page_hours"]


class TestRefusals:
    @pytest.mark.fact("CR-63")
    def test_a_valid_acquire_is_not_invalid(self, talk: Talk) -> None:
        for cname in ("a" * 64, "a" * 65):
            body = {"cname": cname, "uid": "1", "clientRequest": {}}
            talk("acquire", {"code": 1013}, status=400, body=body, path={"appid": "a"})
        assert [each.seen.number for each in talk.found] == [1]

    @pytest.mark.fact("CR-50", "CR-152")
    def test_a_valid_stop_is_not_invalid(self, today: Talk) -> None:
        today.start()
        today.refuse("stop_recording", 2, async_stop=True)
        assert today.checks == ["valid_is_taken"]

    @pytest.mark.fact("CR-117")
    def test_what_breaks_a_rule_beyond_the_schema_may_be_invalid(self, talk: Talk) -> None:
        storage = {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "k", "secretKey": "s"}
        talk.acquire()
        for width in (1080, 1921):
            picture = {"transcodingConfig": {"width": width, "height": 1080, "fps": 15, "bitrate": 500}}
            talk.refuse("start_recording", 2, storageConfig=storage, recordingConfig=picture)
        assert [each.seen.number for each in talk.found] == [2]
