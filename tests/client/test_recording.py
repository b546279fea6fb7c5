"""`record`: started before the block, stopped after it whatever happened, and waited for in between."""

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from contextlib import suppress
from typing import Any

import httpx
import pytest

from agora_rest import (
    Agora,
    AsyncAgora,
    CallError,
    ConfigurationError,
    InvalidArgument,
    InvalidChannelName,
    NotFound,
    QiniuStorage,
    RecordedFile,
    RecordingConfig,
    RecordingEnded,
    RecordingLost,
    RecordingNotStarted,
    RecordingNotUploaded,
    RecordingStatus,
    ServerError,
    StartedRecording,
    UploadingStatus,
)
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    Emulator,
    Fault,
    FaultKind,
)
from agora_rest.errors import CAUSES_OF_AN_EARLY_END, EARLY_END_PAGE
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID, Client

ARGUMENTS = {
    "channel": "lesson-42",
    "uid": 527841,
    "storage": QiniuStorage(region=0, bucket="b", access_key="k", secret_key="s"),
}
BARE = {"resourceId": "r", "sid": "s"}


class Server:
    """Plays one recording; `statuses` are what its queries tell one after another (None: 404)."""

    def __init__(self, network: Any, statuses: list[int | None] | None = None) -> None:
        self.called: list[str] = []
        self.statuses = list(statuses or [5])
        self.stop_answer = httpx.Response(
            200, json={**BARE, "serverResponse": {"fileList": "x.m3u8", "uploadingStatus": "uploaded"}}
        )
        self.start_answer = httpx.Response(200, json=BARE)
        self.ban_answer = httpx.Response(200, json={"status": "success", "id": 1953})
        self.bans: list[Any] = []
        network.route().mock(side_effect=self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        call = request.url.path.rpartition("/")[2]
        if call == "kicking-rule":
            call = {"POST": "ban", "GET": "rules"}[request.method]
        self.called.append(call)
        if call == "ban":
            self.bans.append(json.loads(request.content))
            return self.ban_answer
        if call == "rules":
            return httpx.Response(200, json={"rules": []})
        if call == "query":
            status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            if status is None:
                return httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})
            return httpx.Response(200, json={**BARE, "serverResponse": {"status": status, "fileList": ""}})
        return {"acquire": httpx.Response(200, json=BARE), "start": self.start_answer, "stop": self.stop_answer}[call]


def test_a_recording_lasts_as_long_as_its_block(client: Client, network: Any) -> None:
    server = Server(network)
    recording = client.record(lambda recording: recording.wait_until_started(), **ARGUMENTS)
    assert server.called == ["acquire", "start", "query", "stop"]
    assert (recording.sid, recording.resource_id) == ("s", "r")
    assert recording.started == StartedRecording(resource_id="r", sid="s", channel="lesson-42", uid="527841")
    assert recording.files == (RecordedFile(name="x.m3u8"),)
    assert recording.uploading_status is UploadingStatus.UPLOADED
    assert recording.status is RecordingStatus.RECORDING


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channel": "lesson 42é"}, "cname"),
        ({"uid": 0}, "uid"),
        ({"storage": None}, "storage"),
        ({"storage": {"vendor": 0, "secretKey": "planted-key"}}, "storage"),
        ({"storage": QiniuStorage(region=99, bucket="b", access_key="k", secret_key="s")}, "region"),
        ({"config": {"maxIdleTime": 30}}, "config"),
        ({"config": RecordingConfig(max_idle_time=4)}, "maxIdleTime"),
        ({"extra": {"member": object()}}, "member"),
    ],
)
def test_nothing_is_acquired_for_a_start_that_cannot_be_sent(
    client: Client, network: Any, wrong: dict[str, Any], field: str
) -> None:
    server = Server(network)
    with pytest.raises(InvalidArgument, match=field) as caught:
        client.record(lambda _: None, **{**ARGUMENTS, **wrong})
    assert server.called == []
    assert "planted-key" not in str(caught.value)


def test_it_is_stopped_when_the_block_fails_and_the_failure_stays_the_error(client: Client, network: Any) -> None:
    server = Server(network)

    def fail(recording: Any) -> None:
        raise LookupError("in the block")

    with pytest.raises(LookupError, match="in the block"):
        client.record(fail, **ARGUMENTS)
    assert server.called == ["acquire", "start", "stop"]


def test_when_the_stop_fails_too_the_error_of_the_block_says_what_is_running(client: Client, network: Any) -> None:
    server = Server(network)
    server.stop_answer = httpx.Response(504, json={"code": 62})

    def fail(recording: Any) -> None:
        raise LookupError("in the block")

    with pytest.raises(LookupError, match="in the block") as caught:
        client.record(fail, **ARGUMENTS)
    (note,) = caught.value.__notes__
    assert "stop_recording failed" in note
    assert "may still be running" not in note
    assert "Rule 1953 put the recorder offline instead, so nothing is running of" in note
    assert "StartedRecording(resource_id='r', sid='s', channel='lesson-42', uid='527841')" in note
    assert server.called == ["acquire", "start", "stop", "ban"]


def test_a_stop_that_fails_is_an_error_that_says_what_is_running(client: Client, network: Any) -> None:
    server = Server(network)
    server.stop_answer = httpx.Response(504, json={"code": 62})
    with pytest.raises(ServerError) as caught:
        client.record(lambda _: None, **ARGUMENTS)
    assert "sid='s'" in caught.value.__notes__[0]


def test_a_recording_that_has_ended_by_itself_is_not_passed_over_in_silence(client: Client, network: Any) -> None:
    server = Server(network)
    server.stop_answer = httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})
    with pytest.raises(NotFound) as caught:
        client.record(lambda _: None, **ARGUMENTS)
    (note,) = caught.value.__notes__
    assert "nothing is running" in note, "the service may only have lost sight of it"


def test_notes_do_not_contradict_each_other_where_the_recorder_cannot_be_put_offline(
    client: Client, network: Any
) -> None:
    server = Server(network)
    server.stop_answer = httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})
    server.ban_answer = httpx.Response(401, json={"message": "Unauthorized"})
    with pytest.raises(NotFound) as caught:
        client.record(lambda _: None, **ARGUMENTS)
    (note,) = caught.value.__notes__
    assert "may still be running: StartedRecording(resource_id='r', sid='s'" in note
    assert "nothing is running" not in note


def test_a_stop_of_its_own_that_fails_says_that_the_recording_may_be_running(client: Client, network: Any) -> None:
    server = Server(network)
    server.stop_answer = httpx.Response(504, json={"code": 62})
    started = StartedRecording(resource_id="r", sid="s", channel="lesson-42", uid="527841")
    with pytest.raises(ServerError) as caught:
        client(lambda agora: agora.app(APP_ID).recordings.handle(started).stop())
    (note,) = caught.value.__notes__
    assert "may still be running: StartedRecording(resource_id='r', sid='s'" in note


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_stop_whose_upload_takes_longer_ends_the_recording_well(status: int, client: Client, network: Any) -> None:
    server = Server(network)
    server.stop_answer = httpx.Response(status, json={"code": 50, "reason": "upload takes longer"})
    recording = client.record(lambda _: None, **ARGUMENTS)
    assert (recording.files, recording.uploading_status) == ((), UploadingStatus.UNKNOWN)
    assert server.called == ["acquire", "start", "stop"]


@pytest.mark.parametrize("status", [None, 8])
def test_a_recording_that_is_over_before_it_was_seen_running_names_the_causes(
    status: int | None, client: Client, network: Any
) -> None:
    Server(network, [status])
    with pytest.raises((RecordingEnded, RecordingNotStarted)) as caught:
        client.record(lambda recording: recording.wait_until_started(), **ARGUMENTS)
    assert CAUSES_OF_AN_EARLY_END in str(caught.value)
    assert EARLY_END_PAGE in str(caught.value)


def test_a_recording_without_a_file_ends_well(client: Client, network: Any) -> None:
    server = Server(network)
    server.stop_answer = httpx.Response(206, json={"code": 435, "reason": "no recorded file"})
    recording = client.record(lambda _: None, **ARGUMENTS)
    assert (recording.files, recording.uploading_status) == ((), UploadingStatus.UNKNOWN)


def test_a_recording_stopped_in_its_block_is_not_stopped_twice(client: Client, network: Any) -> None:
    server = Server(network)
    client.record(lambda recording: recording.stop(), **ARGUMENTS)
    assert server.called.count("stop") == 1


def test_a_recorder_is_asked_for_after_five_seconds_and_then_less_and_less_often(client: Client, network: Any) -> None:
    server = Server(network, [0, 1, None, 2, 3, 4])
    client.record(lambda recording: recording.wait_until_started(), **ARGUMENTS)
    assert client.clock.sleeps == [5.0, 7.5, 11.25, 16.875, 20.0, 20.0]
    assert server.called.count("query") == 6


@pytest.mark.parametrize(("status", "seen"), [(3, "UPLOADER_READY"), (None, "not found"), (42, "UNKNOWN_42")])
def test_a_recorder_that_does_not_come_within_90_seconds_is_given_up(
    status: int | None, seen: str, client: Client, network: Any
) -> None:
    server = Server(network, [status])
    before = client.clock.now()
    with pytest.raises(RecordingNotStarted, match=seen) as caught:
        client.record(lambda recording: recording.wait_until_started(), **ARGUMENTS)
    assert client.clock.now() - before == 90
    assert (caught.value.sid, caught.value.resource_id, caught.value.status) == ("s", "r", status)
    assert server.called[-1] == "stop"


@pytest.mark.parametrize("status", [6, 7, 8, 20])
def test_a_recording_that_is_over_is_not_waited_for(status: int, client: Client, network: Any) -> None:
    Server(network, [1, status])
    with pytest.raises(RecordingEnded, match=RecordingStatus(status).name):
        client.record(lambda recording: recording.wait_until_started(), **ARGUMENTS)
    assert client.clock.sleeps == [5.0, 7.5]


def test_waiting_late_does_not_wait_longer_than_the_limit(client: Client, network: Any) -> None:
    server = Server(network, [1])

    def late(recording: Any) -> Any:
        client.clock.time += 100
        return recording.wait_until_started()

    with pytest.raises(RecordingNotStarted):
        client.record(late, **ARGUMENTS)
    assert client.clock.sleeps == [0.0]
    assert server.called.count("query") == 1


@pytest.mark.parametrize(
    ("answer", "started"),
    [
        (httpx.Response(201, json={"code": 7, "reason": "already started"}), "was started"),
        (httpx.Response(400, json={"code": 1004}), "was started"),
        (httpx.Response(200, text="<html>"), "may have been started"),
        (httpx.Response(504), "may have been started"),
    ],
)
def test_a_recording_whose_sid_is_lost_is_ended_by_putting_its_recorder_offline(
    answer: httpx.Response, started: str, client: Client, network: Any
) -> None:
    server = Server(network)
    server.start_answer = answer
    with pytest.raises(RecordingLost, match=started) as caught:
        client.record(lambda _: None, **ARGUMENTS)
    error = caught.value
    assert server.called == ["acquire", "start", "ban"]
    assert [(ban["cname"], ban["uid"], ban["time"]) for ban in server.bans] == [("lesson-42", 527841, 1)]
    assert (error.resource_id, error.channel, error.uid, error.sid) == ("r", "lesson-42", "527841", None)
    assert (error.may_be_running, error.rule_id) == (False, 1953)
    assert "nothing runs; rule 1953 keeps it out for a minute: wait" in str(error)
    assert "another user ID" in str(error)
    assert isinstance(error.__cause__, CallError)


def test_where_the_recorder_cannot_be_put_offline_the_error_says_that_it_may_be_running(
    client: Client, network: Any
) -> None:
    server = Server(network)
    server.start_answer = httpx.Response(504)
    server.ban_answer = httpx.Response(401, json={"message": "Unauthorized"})
    with pytest.raises(RecordingLost, match="may be running until") as caught:
        client.record(lambda _: None, **ARGUMENTS)
    assert (caught.value.may_be_running, caught.value.rule_id) == (True, None)
    assert "Resource(resource_id='r', channel='lesson-42', uid='527841')" in str(caught.value)


def test_putting_the_recorder_offline_is_not_given_up_at_the_first_failure(client: Client, network: Any) -> None:
    server = Server(network)
    server.start_answer = server.ban_answer = httpx.Response(504)
    with pytest.raises(RecordingLost, match="may be running"):
        client.record(lambda _: None, **ARGUMENTS)
    assert server.called == ["acquire", "start", *["ban", "rules"] * 5]


def test_a_stop_that_was_lost_and_then_finds_nothing_has_stopped_it(client: Client, network: Any) -> None:
    server = Server(network)
    client.options["retries"] = 5
    answers = [httpx.ReadTimeout("slow"), httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})]
    server.statuses = [6]
    network.route(path__regex="stop$").mock(side_effect=answers)
    network.routes._routes.reverse()
    recording = client.record(lambda _: None, **ARGUMENTS)
    assert recording.uploading_status is UploadingStatus.UNKNOWN
    assert server.called == ["acquire", "start", "query"], "the files are asked for once more"


def test_a_stop_that_finds_nothing_is_not_believed_while_the_recording_is_seen_running(
    client: Client, network: Any
) -> None:
    server = Server(network, [5])
    client.options["retries"] = 5
    answers = [httpx.ReadTimeout("slow"), httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})]
    network.route(path__regex="stop$").mock(side_effect=answers)
    network.routes._routes.reverse()
    with pytest.raises(NotFound):
        client.record(lambda _: None, **ARGUMENTS)
    assert server.called == ["acquire", "start", "query", "ban"]


@pytest.mark.parametrize("seen", [False, True], ids=["unseen", "seen before"])
def test_a_recording_that_ended_by_itself_needs_no_stop_and_no_ban(client: Client, network: Any, seen: bool) -> None:
    server = Server(network, [7, None] if seen else [7])
    server.stop_answer = httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})
    recording = client.record(lambda recording: recording.query() if seen else None, **ARGUMENTS)
    assert recording.uploading_status is UploadingStatus.UNKNOWN
    assert server.called.count("stop") == 1
    assert not server.bans


def test_a_recorder_that_is_leaving_already_has_been_stopped(client: Client, network: Any) -> None:
    server = Server(network)
    server.statuses = [6]
    server.stop_answer = httpx.Response(400, json={"code": 49, "reason": "leaving"})
    recording = client.record(lambda _: None, **ARGUMENTS)
    assert recording.uploading_status is UploadingStatus.UNKNOWN


def test_a_stop_has_a_minute_whatever_the_deadline_of_other_calls(client: Client, network: Any) -> None:
    timeouts = {}

    def note(request: httpx.Request) -> httpx.Response:
        timeouts[request.url.path.rpartition("/")[2]] = request.extensions["timeout"]["read"]
        return server.answer(request)

    server = Server(network)
    network.route().mock(side_effect=note)
    client.options.update(deadline=4, timeout=3)
    client.record(lambda _: None, **ARGUMENTS)
    assert timeouts == {"acquire": 3, "start": 3, "stop": 20}


def states(client: Client, **options: Any) -> list[str]:
    """What `states` yields; the iteration is that of the client's form."""
    seen: list[str] = []

    def sync_use(recording: Any) -> None:
        seen.extend(state.status.name for state in recording.states(**options))

    async def async_use(recording: Any) -> None:
        seen.extend([state.status.name async for state in recording.states(**options)])

    client.record(sync_use if client.form == "sync" else async_use, **ARGUMENTS)
    return seen


def test_its_states_are_told_as_they_change_until_it_is_over(client: Client, network: Any) -> None:
    server = Server(network, [1, 4, 4, None, 5, 5, 6])
    assert states(client, every=30) == [RecordingStatus(number).name for number in (1, 4, 5, 6)]
    assert client.clock.sleeps == [30] * 6
    assert server.called[-1] == "stop"


def test_a_recording_that_is_not_found_for_90_seconds_is_over(client: Client, network: Any) -> None:
    Server(network, [5, None])
    with pytest.raises(RecordingEnded, match="not been found for 90 seconds"):
        states(client, every=30)
    assert len(client.clock.sleeps) == 4


@pytest.mark.parametrize(
    ("uploading", "statuses", "queries"),
    [("uploaded", [5], 0), ("backuped", [5], 0), ("unknown", [6, 6, 7], 3), ("unknown", [6, None], 2)],
)
def test_files_are_waited_for_only_where_the_stop_does_not_know(
    uploading: str, statuses: list[int | None], queries: int, client: Client, network: Any
) -> None:
    server = Server(network, statuses)
    server.stop_answer = httpx.Response(
        200, json={**BARE, "serverResponse": {"fileList": "x.m3u8", "uploadingStatus": uploading}}
    )
    recording = client.record(lambda recording: recording.wait_until_uploaded(), **ARGUMENTS)
    assert server.called.count("query") == queries
    assert recording.files == (RecordedFile(name="x.m3u8"),)


def test_an_upload_that_does_not_end_is_given_up(client: Client, network: Any) -> None:
    server = Server(network, [6])
    server.stop_answer = httpx.Response(
        200, json={**BARE, "serverResponse": {"fileList": "x.m3u8", "uploadingStatus": "unknown"}}
    )
    before = client.clock.now()
    with pytest.raises(RecordingNotUploaded, match="RECORDING_STOPPED"):
        client.record(lambda recording: recording.wait_until_uploaded(within=60), **ARGUMENTS)
    assert client.clock.now() - before == 60


def test_a_start_that_is_refused_leaves_nothing_to_say(client: Client, network: Any) -> None:
    server = Server(network)
    server.start_answer = httpx.Response(400, json={"code": 1013})
    with pytest.raises(InvalidChannelName) as caught:
        client.record(lambda _: None, **ARGUMENTS)
    assert not hasattr(caught.value, "__notes__")
    assert server.called == ["acquire", "start"]


def test_a_recording_is_taken_up_again_from_its_four_values(client: Client, network: Any) -> None:
    server = Server(network)
    started = StartedRecording(resource_id="r", sid="s", channel="lesson-42", uid="527841")
    client(lambda agora: agora.app(APP_ID).recordings.handle(started).stop())
    assert server.called == ["stop"]


def test_a_cancelled_task_leaves_no_recording_behind(network: Any) -> None:
    server = Server(network)

    async def main() -> None:
        async with AsyncAgora(CUSTOMER_ID, CERTIFICATE) as agora:
            inside = asyncio.Event()

            async def record() -> None:
                async with agora.app(APP_ID).recordings.record(**ARGUMENTS):
                    inside.set()
                    await asyncio.Event().wait()

            task = asyncio.create_task(record())
            await inside.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert server.called == ["acquire", "start", "stop"]


def test_a_task_that_is_cancelled_while_it_starts_puts_the_recorder_offline(network: Any) -> None:
    server = Server(network)

    async def main() -> None:
        async with AsyncAgora(CUSTOMER_ID, CERTIFICATE, permits=None) as agora:
            starting = asyncio.Event()

            async def never(request: httpx.Request) -> httpx.Response:
                starting.set()
                await asyncio.Event().wait()
                raise AssertionError

            network.route(path__regex="start$").mock(side_effect=never)
            network.routes._routes.reverse()

            async def record() -> None:
                async with agora.app(APP_ID).recordings.record(**ARGUMENTS):
                    raise AssertionError

            task = asyncio.create_task(record())
            await starting.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert "nothing runs" in caught.value.__notes__[0]

    asyncio.run(main())
    assert server.called == ["acquire", "ban"]


@pytest.mark.parametrize("transport", [None, "fast"], ids=["httpx", "fast"])
@pytest.mark.parametrize("stops", [True, False], ids=["stops", "fails to stop"])
def test_a_client_that_is_closed_in_the_block_still_ends_the_recording(
    form: str, transport: str | None, stops: bool
) -> None:
    """A service that shuts down may close its client before the tasks that record with it."""
    emulator = Emulator(rate_limit=False)
    if not stops:
        emulator.inject(Fault(FaultKind.STATUS, operation="stop_recording", status=500))

    def closing(agora: Any) -> None:
        with agora.app(DEMO_APP_ID).recordings.record(**ARGUMENTS):
            agora.close()

    async def closing_async(agora: Any) -> None:
        async with agora.app(DEMO_APP_ID).recordings.record(**ARGUMENTS):
            await agora.aclose()
        with pytest.raises(ConfigurationError, match="closed"):
            await agora.projects.list()

    with emulator.serve() as server, warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        options: dict[str, Any] = {"base_url": server.url, "permits": None, "retries": 0, "transport": transport}
        credentials = (DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
        with suppress(ServerError):
            if form == "sync":
                closing(Agora(*credentials, **options))
            else:
                asyncio.run(closing_async(AsyncAgora(*credentials, **options)))
        gc.collect()
    assert [recording["running"] for recording in emulator.state()["recordings"]] == [False]


def test_a_closed_client_begins_nothing(client: Client, network: Any) -> None:
    server = Server(network)

    def begin(agora: Any) -> Any:
        recordings = agora.app(APP_ID).recordings
        if client.form == "sync":
            agora.close()
            return recordings.acquire("lesson-42", 527841)

        async def closed() -> Any:
            await agora.aclose()
            return await recordings.acquire("lesson-42", 527841)

        return closed()

    with pytest.raises(ConfigurationError, match="closed"):
        client(begin)
    assert server.called == []
