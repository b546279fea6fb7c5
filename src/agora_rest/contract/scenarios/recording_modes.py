"""The three modes of recordings, and what belongs to which."""

from __future__ import annotations

from collections.abc import Mapping

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import OMIT, Server
from agora_rest.contract.outcomes import require
from agora_rest.contract.scenarios._current import (
    MODES,
    SNAPSHOTS,
    configured,
    end,
    paged,
    record,
    resource_for,
    server_response,
    settings,
    start,
    start_refuses,
    start_takes,
)
from agora_rest.contract.scenarios._recording import INVALID, alone, must_be_400_or_404


@check("CR-79", "CR-76")
def recordings_have_three_modes(server: Server) -> None:
    """A recording is started, queried, updated and stopped in each of the modes `individual`, `mix` and `web`."""
    for mode in MODES:
        with alone(server):
            recording = record(server, mode)
            server.query(recording).must_succeed()
            server.update(recording).must_succeed()
            end(server, recording)


@check("CR-79")
def other_modes_are_refused(server: Server) -> None:
    """A `mode` in a path that is none of the three is error 2, and changes nothing."""
    recording, resource = record(server, "mix"), resource_for(server, "mix")
    for mode in ("composite", "Mix", "0", "screenshot"):
        start(server, resource, mode, settings("mix")).must_be_refused(code=INVALID)
        server.query(recording, path={"mode": mode}).must_be_refused(code=INVALID)
        server.update(recording, path={"mode": mode}).must_be_refused(code=INVALID)
        server.stop(recording, path={"mode": mode}).must_be_refused(code=INVALID)
    server.query(recording).must_succeed()
    start(server, resource, "mix", settings("mix")).must_succeed()


@check("CR-80")
def a_recording_keeps_its_mode(server: Server) -> None:
    """Calls about a recording that name another mode than that of its start are refused and change nothing."""
    for mode in MODES:
        recording = record(server, mode)
        for other in (each for each in MODES if each != mode):
            for call in (server.query, server.update, server.stop):
                must_be_400_or_404(call(recording, path={"mode": other}), "the recording has another mode")
        server.query(recording).must_succeed()


@check("CR-84", "CR-83")
def a_mode_needs_its_scene(server: Server) -> None:
    """Mode `web` needs a resource of scene 1, the other modes one of scene 0: else `start` is error 2."""
    for mode in MODES:
        resource = resource_for(server, "mix" if mode == "web" else "web")
        with alone(server):
            start(server, resource, mode, settings(mode)).must_be_refused(code=INVALID)
        start_takes(server, mode, settings(mode))


@check("CR-115")
def individual_mode_needs_a_group(server: Server) -> None:
    """Mode `individual` needs `subscribeUidGroup`; mode `mix` does not."""
    start_refuses(
        server,
        "individual",
        configured("individual", subscribeUidGroup=OMIT),
        settings("individual", recordingConfig=OMIT),
    )
    start_takes(server, "mix", configured("mix", channelType=0), settings("mix"))


@check("CR-123")
def individual_mode_makes_no_mp4(server: Server) -> None:
    """Mode `individual` takes `["hls"]` as the types of files, and no `mp4`."""
    start_takes(server, "individual", settings("individual", recordingFileConfig={"avFileType": ["hls"]}))
    start_refuses(server, "individual", settings("individual", recordingFileConfig={"avFileType": ["hls", "mp4"]}))


@check("CR-127")
def web_mode_needs_its_services(server: Server) -> None:
    """Mode `web` needs `extensionServiceConfig`: without it `start` is error 2."""
    start_refuses(server, "web", settings("web", extensionServiceConfig=OMIT))


@check("CR-127")
def members_of_another_mode_pass(server: Server) -> None:
    """Members of a client request that belong to another mode pass without effect."""
    start_takes(server, "mix", settings("mix", snapshotConfig=dict(SNAPSHOTS)))
    start_takes(server, "mix", settings("mix", extensionServiceConfig=paged()["extensionServiceConfig"]))
    start_takes(server, "individual", configured("individual", transcodingConfig={"width": 640, "height": 360}))
    start_takes(server, "web", settings("web", recordingConfig={"channelType": 0}))


@check("CR-159")
def members_that_are_gone_pass(server: Server) -> None:
    """`appsCollection` and `transcodeOptions`, which the documents had until 2025, are no error."""
    start_takes(
        server,
        "individual",
        settings("individual", appsCollection={"combinationPolicy": "default"}),
        settings("individual", transcodeOptions={"transConfig": {"transMode": "audioMix"}}),
    )


@check("CR-76", "CR-74")
def responses_identify_the_recorder(server: Server) -> None:
    """An answer is bare and has `cname`, `uid` and `resourceId` of the request, and the `sid` from the start on."""
    for mode in MODES:
        recording = record(server, mode)
        resource = recording.resource
        acquired, started = (each for each in server.trail if each.operation in ("acquire", "start_recording"))
        responses = [server.query(recording), server.update(recording)]
        if mode == "mix":
            responses.append(server.update_layout(recording))
        names = {"cname": resource.cname, "uid": resource.uid, "resourceId": resource.id}
        _must_name(acquired, names)
        for exchange in (started, *(each.must_succeed().exchange for each in responses)):
            _must_name(exchange, {**names, "sid": recording.sid})
        end(server, recording)
        server.trail.clear()


def _must_name(exchange: Exchange, names: Mapping[str, str]) -> None:
    for name, value in names.items():
        require(exchange.member(name) == value, f"`{name}` = {value!r}", repr(exchange.member(name)), exchange)


@check("CR-74", "CR-137")
def responses_have_no_envelope(server: Server) -> None:
    """No answer of today is wrapped in `Code` and `Body`: neither a success nor a refusal."""
    recording = record(server, "mix")
    responses = [
        server.query(recording),
        server.update(recording),
        server.update_layout(recording),
        server.stop(recording, path={"mode": "composite"}),
        server.stop(recording),
        server.ask_acquire(clientRequest={"scene": "no scene"}),
    ]
    for response in responses:
        response.must(not response.exchange.enveloped, "a response without an envelope")
    status = server_response(responses[0]).get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise responses[0].broken("a status that is a number")
