"""The members of `acquire` in the present documents: names and labels, scenes, regions, parameters of the start."""

from __future__ import annotations

from functools import partial

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import STORAGE, Server, path_of
from agora_rest.contract.http.wire import reversed_members
from agora_rest.contract.scenarios._almost import almost, altered
from agora_rest.contract.scenarios._current import (
    acquire_refuses,
    acquire_takes,
    configured,
    end,
    paged,
    record,
    resource_for,
    settings,
    start,
    values,
)
from agora_rest.contract.scenarios._recording import (
    INVALID,
    all_refused,
    all_taken,
    alone,
    must_be_400_or_404,
    must_not_be_there,
    past,
    second_project,
    to_the_half_second,
    unknown_app_id,
)

BAD_NAME = 401
"""The code of `invalid_channel_name` (CR-82)."""


@check("CR-81")
def the_label_of_a_page_is_free(server: Server) -> None:
    """A recording of a page has a label of 1 to 1024 bytes in UTF-8, with any characters; a longer one is 400."""
    ask = partial(server.ask_acquire, clientRequest={"scene": 1})
    all_taken(server, ('a/b?c="1"', "lesson 42", "é" * 512, "a" * 1024, "录制"), ask)
    all_refused(server, ("a" * 1025, "é" * 513), ask, 400)


@check("CR-81", "CR-76")
def a_page_is_recorded_under_its_label(server: Server) -> None:
    """All calls about the recording of a page take its label and repeat it, whatever its characters and length are."""
    for end_of_label in ('/a?b="é"', "é" * 480):
        label = f"{server.fresh_channel()}{end_of_label}"
        resource = server.acquire(label, mode="web")
        recording = server.recording(resource, start(server, resource, "web", settings("web")), "web")
        server.update(recording).must_succeed().must_hold(label, "cname")
        server.query(recording).must_succeed().must_hold(label, "cname")
        end(server, recording)


@check("CR-81", needs=Control.USERS)
def a_label_is_no_channel(server: Server) -> None:
    """The label of a page may be the name of a channel, and the recorder of the page may have the uid of its user."""
    resource = resource_for(server, "web")
    server.join(resource.cname, int(resource.uid))
    server.recording(resource, start(server, resource, "web", settings("web")), "web")


@check("CR-93", "CR-81")
def a_label_is_compared_as_it_is(server: Server) -> None:
    """`start`, `update` and `stop` refuse a label that is almost the one of `acquire`, and change nothing."""
    resource = server.acquire(f"{server.fresh_name('Label')} café", mode="web")
    labels, keep, client = almost(resource.cname), list(server.trail), settings("web")
    path = {"mode": "web"}
    for label in labels:
        with alone(server, keep):
            must_be_400_or_404(server.start(resource, path=path, cname=label, clientRequest=client))
    recording = server.recording(resource, start(server, resource, "web", client), "web")
    for label in labels:
        with alone(server, keep):
            body = {"cname": label, "uid": resource.uid, "clientRequest": {}}
            must_be_400_or_404(server.send("update_recording", path=path_of(recording), body=body))
            must_be_400_or_404(server.stop(recording, cname=label))
    server.query(recording).must_succeed()


@check("CR-82")
def a_channel_has_a_name_of_channels(server: Server) -> None:
    """For a recording of a channel, a `cname` with other characters or over 64 is 400 with code 401."""
    names = ("a/b", "é", "a" * 65, 'a"b', "a\\b", "a\nb")
    for scene in ({}, {"scene": 0}):
        all_refused(server, names, partial(server.ask_acquire, clientRequest=scene), 400, code=BAD_NAME)
    server.ask_acquire("a" * 64).must_succeed()


@check("CR-83")
def there_are_two_scenes(server: Server) -> None:
    """`scene` is 0, also when it is left out, or 1; anything else is error 2."""
    acquire_takes(server, {}, {"scene": 0}, {"scene": 1})
    acquire_refuses(server, *({"scene": scene} for scene in (2, 3, -1, 0.5, "web", True, [0])))


@check("CR-85")
def calls_are_possible_for_up_to_720_hours(server: Server) -> None:
    """`resourceExpiredHour` is a whole number from 1 to 720; anything else is error 2."""
    acquire_takes(server, {}, *({"resourceExpiredHour": hours} for hours in (1, 24, 72, 720)))
    acquire_refuses(
        server, *({"resourceExpiredHour": hours} for hours in values(0, 721, -1, 10**9, 1.5, "long", [], True))
    )


@check("CR-86", "CR-85", needs=Control.CLOCK | Control.USERS)
@to_the_half_second
def a_recording_is_out_of_reach_after_its_hours(server: Server) -> None:
    """`resourceExpiredHour` hours after its start a recording is 404 for `query`, `update` and `stop`, not before."""
    clients = {"mix": configured("mix", maxIdleTime=2592000), "web": paged(maxRecordingHour=720)}
    for mode, client in clients.items():
        resource = resource_for(server, mode, resourceExpiredHour=2)
        if mode != "web":
            server.join(resource.cname, 77)
        server.advance(seconds=200)  # the hours count from the start
        recording = server.recording(resource, start(server, resource, mode, client), mode)
        rest = past(server, 7200)
        server.query(recording).must_succeed()
        server.advance(seconds=rest)
        must_not_be_there(server.query(recording))
        must_not_be_there(server.update(recording))
        must_not_be_there(server.stop(recording))


@check("CR-86", "CR-85", needs=Control.CLOCK | Control.USERS)
def seventy_two_hours_when_left_out(server: Server) -> None:
    """Without `resourceExpiredHour` a recording can be queried for 72 hours."""
    recording = record(server, "mix", configured("mix", maxIdleTime=2592000))
    server.advance(seconds=72 * 3600 - 5)
    server.query(recording).must_succeed()
    server.advance(seconds=10)
    must_not_be_there(server.query(recording))


@check("CR-86", "CR-95", needs=Control.CLOCK | Control.USERS)
def a_recording_out_of_reach_goes_on(server: Server) -> None:
    """A recording outlives `resourceExpiredHour`: a `start` with its `cname` and `uid` is a conflict, code 53."""
    clients = {"mix": configured("mix", maxIdleTime=2592000), "web": paged(maxRecordingHour=720)}
    for mode, client in clients.items():
        recording = record(server, mode, client, resourceExpiredHour=1)
        server.advance(seconds=2 * 3600)
        must_not_be_there(server.query(recording))
        second = server.acquire(recording.resource.cname, recording.resource.uid, mode=mode)
        start(server, second, mode, settings(mode)).must_be_refused(400, code=53)


@check("CR-87")
def resources_can_be_kept_apart(server: Server) -> None:
    """`excludeResourceIds` is a list of texts; anything else is error 2."""
    other = resource_for(server, "mix")
    acquire_takes(server, {"excludeResourceIds": [other.id]}, {"excludeResourceIds": [other.id, "another"]})
    acquire_refuses(server, *({"excludeResourceIds": each} for each in values(other.id, 5, {}, [5], [[other.id]])))


@check("CR-88")
def the_service_has_four_regions(server: Server) -> None:
    """`region` is `CN`, `AP`, `EU` or `NA`; anything else is error 2."""
    acquire_takes(server, *({"region": region} for region in ("CN", "AP", "EU", "NA")))
    acquire_refuses(server, *({"region": region} for region in ("eu", "US", "EUROPE", "", 3, ["EU"])))


@check("CR-89")
def a_region_is_preferred(server: Server) -> None:
    """`regionAffinity` is from 0 to 4, with a `region` or without; anything else is error 2."""
    acquire_takes(server, *({"regionAffinity": region} for region in range(5)), {"region": "EU", "regionAffinity": 3})
    acquire_refuses(server, *({"regionAffinity": region} for region in (5, -1, 1.5, "EU", True)))


@check("CR-90")
def a_start_is_as_announced(server: Server) -> None:
    """With a `startParameter` at `acquire`, `start` takes the same client request, in any order of its members."""
    announced = configured("mix", maxIdleTime=60, streamTypes=2)
    start(server, resource_for(server, "mix", startParameter=announced), "mix", announced).must_succeed()
    resource = resource_for(server, "mix", startParameter=reversed_members(announced))
    start(server, resource, "mix", announced).must_succeed()


@check("CR-90")
def another_start_than_announced_is_refused(server: Server) -> None:
    """With a `startParameter` at `acquire`, `start` with any other client request is error 2.

    Also with the same elements of a list in another order, and with a default that was left out.
    """
    announced = configured("mix", maxIdleTime=60, subscribeAudioUids=["1", "2"], unSubscribeVideoUids=["3", "4"])
    announced |= {"storageConfig": {**STORAGE, "fileNamePrefix": ["a", "b"]}}
    others = (
        *altered(announced),
        {**announced, "token": "contract-token"},
        {**announced, "recordingConfig": {**announced["recordingConfig"], "streamTypes": 2}},
    )
    resource = resource_for(server, "mix", startParameter=announced)
    all_refused(server, others, partial(start, server, resource, "mix"), code=INVALID, keep=server.trail[-1:])
    start(server, resource, "mix", announced).must_succeed()


@check("CR-78")
def an_app_id_without_the_service_is_refused(server: Server) -> None:
    """`acquire` with an App ID that does not exist is 400: `appid is invalid`, or code 400, `invalid_appid`."""
    stranger = unknown_app_id(server)
    body = {"cname": server.fresh_channel(), "uid": server.fresh_uid(), "clientRequest": {}}
    response = server.send("acquire", path={"appid": stranger}, body=body)
    said = response.exchange.json
    message = said.get("message") if isinstance(said, dict) else None
    known = response.code == 400 or message in ("appid is invalid", "invalid appid")
    response.must(response.status == 400 and known, "status 400: the App ID has no service")


@check("CR-78")
def every_call_wants_a_project_that_is_enabled(server: Server) -> None:
    """While a project is disabled, every call about its recordings is 400; enabled again, it finds them."""
    project = second_project(server)
    resource = server.acquire(app_id=project["vendor_key"])
    recording = server.recording(resource, server.start(resource))
    server.set_project_status(project["id"], 0).must_succeed()
    for call in (server.query, server.update, server.update_layout, server.stop):
        call(recording).must_be_refused(400)
    server.set_project_status(project["id"], 1).must_succeed()
    server.query(recording).must_succeed()


@check("CR-78")
def every_call_wants_an_app_id_with_the_service(server: Server) -> None:
    """Every other call with an App ID that does not exist is refused with 400 too, and changes nothing."""
    resource, recording = resource_for(server, "mix"), record(server, "mix")
    stranger = {"appid": unknown_app_id(server)}
    for response in (
        server.start(resource, path=stranger),
        server.query(recording, path=stranger),
        server.update(recording, path=stranger),
        server.update_layout(recording, path=stranger),
        server.stop(recording, path=stranger),
    ):
        response.must_be_refused(400)
    server.query(recording).must_succeed()
    server.recording(resource, server.start(resource))
