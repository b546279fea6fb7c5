"""Which streams a recording of the present documents takes in, and how: decryption, idle time, lists of users."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, Server
from agora_rest.contract.scenarios._current import (
    OF_CHANNELS,
    configured,
    has_ended,
    record,
    resource_for,
    settings,
    start,
    start_refuses,
    start_takes,
    values,
)
from agora_rest.contract.scenarios._recording import must_not_be_there, past, to_the_half_second

_SECRET: Final = "contract-secret"  # noqa: S105  invented
_SALT: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
"""32 bytes in Base64."""

_LISTS: Final = ("subscribeAudioUids", "unSubscribeAudioUids", "subscribeVideoUids", "unSubscribeVideoUids")
_USERS: Final = Control.USERS | Control.CLOCK


def _decrypting(mode: Any, recording_mode: str = "mix", **more: Any) -> dict[str, Any]:
    salt = {"salt": _SALT} if mode in (7, 8) else {}
    return configured(recording_mode, decryptionMode=mode, **{"secret": _SECRET, **salt, **more})


@check("CR-104")
def there_are_nine_modes_of_decryption(server: Server) -> None:
    """`decryptionMode` is from 0 to 8; anything else is error 2."""
    start_takes(server, "mix", *(_decrypting(mode) for mode in range(9)))
    start_refuses(server, "mix", *(_decrypting(mode) for mode in (9, 10, -1, 1.5, "GCM")))


@check("CR-105")
def decryption_needs_its_secret(server: Server) -> None:
    """Every `decryptionMode` but 0 needs a `secret`."""
    start_takes(server, "mix", configured(decryptionMode=0), configured(secret=_SECRET))
    start_refuses(server, "mix", *(_decrypting(mode, secret=OMIT) for mode in range(1, 9)))
    start_refuses(server, "mix", *(_decrypting(5, secret=secret) for secret in values(5, True, [], {})))


@check("CR-106")
def the_last_two_modes_need_a_salt(server: Server) -> None:
    """`decryptionMode` 7 and 8 need a `salt` of 32 bytes in Base64; with the others it passes unread."""
    start_takes(server, "mix", *(_decrypting(mode, salt=_SALT) for mode in range(9)))
    for mode in (7, 8):
        wrong: tuple[Any, ...] = (OMIT, "", "AAAA", _SALT[:-1], f"{_SALT[:-2]}A==", "*" * 44, 5, [])
        start_refuses(server, "mix", *(_decrypting(mode, salt=salt) for salt in wrong))


@check("CR-104", "CR-105", "CR-106")
def individual_mode_decrypts_alike(server: Server) -> None:
    """The rules of decryption are those of mode `individual` too."""
    start_takes(server, "individual", *(_decrypting(mode, "individual") for mode in (1, 8)))
    wrong = (_decrypting(9, "individual"), *(_decrypting(mode, "individual", secret=OMIT) for mode in (1, 8)))
    start_refuses(server, "individual", *wrong, _decrypting(7, "individual", salt=OMIT))


@check("CR-107")
def the_idle_time_is_up_to_a_month(server: Server) -> None:
    """`maxIdleTime` is a whole number from 5 to 2592000; anything else is error 2."""
    for mode in OF_CHANNELS:
        start_takes(server, mode, *(configured(mode, maxIdleTime=each) for each in (5, 30, 259200, 259201, 2592000)))
        wrong = values(4, 0, -1, 2592001, 5.5, "long", True, [])
        start_refuses(server, mode, *(configured(mode, maxIdleTime=each) for each in wrong))


@check("CR-108", "CR-107", needs=_USERS)
@to_the_half_second
def a_recording_ends_after_its_idle_time(server: Server) -> None:
    """A recording of an empty channel ends after `maxIdleTime`, which is 30 seconds when left out, and no sooner."""
    for mode in OF_CHANNELS:
        for seconds, client in ((30, settings(mode)), (60, configured(mode, maxIdleTime=60))):
            resource = resource_for(server, mode)
            recording = server.recording(resource, start(server, resource, mode, client), mode)
            rest = past(server, seconds)
            server.query(recording).must_succeed()
            server.advance(seconds=rest + 100)
            must_not_be_there(server.query(recording))


@check("CR-108", needs=_USERS)
def a_live_channel_is_idle_without_hosts(server: Server) -> None:
    """An audience keeps no recording of a live channel from ending; a host does."""
    resources = [resource_for(server, "mix") for _ in range(2)]
    for resource, role in zip(resources, (3, 2), strict=True):
        server.join(resource.cname, 77, mode=2, role=role)
    client = configured("mix", channelType=1, maxIdleTime=30)
    listened, hosted = (server.recording(resource, start(server, resource, "mix", client)) for resource in resources)
    server.advance(seconds=200)
    must_not_be_there(server.query(listened))
    server.query(hosted).must_succeed()


@check("CR-108", needs=_USERS)
def a_host_may_become_audience_and_host_again(server: Server) -> None:
    """A recording of a live channel ends when its only host listens from now on, unless they are a host in time."""
    resources = [resource_for(server, "mix") for _ in range(2)]
    for resource in resources:
        server.join(resource.cname, 77, mode=2, role=2)
    client = configured("mix", channelType=1, maxIdleTime=60)
    ended, kept = (server.recording(resource, start(server, resource, "mix", client)) for resource in resources)
    for resource in resources:
        server.join(resource.cname, 77, mode=2, role=3)
    server.advance(seconds=40)
    server.join(kept.resource.cname, 77, mode=2, role=2)
    server.advance(seconds=200)
    must_not_be_there(server.query(ended))
    server.query(kept).must_succeed()


@check("CR-108", needs=_USERS)
def a_host_who_stays_keeps_a_recording(server: Server) -> None:
    """A recording of a live channel continues when hosts and listeners leave, as long as one host stays."""
    resource = resource_for(server, "mix")
    for uid, role in ((77, 2), (78, 2), (79, 3)):
        server.join(resource.cname, uid, mode=2, role=role)
    client = configured("mix", channelType=1, maxIdleTime=30)
    recording = server.recording(resource, start(server, resource, "mix", client))
    for uid in (78, 79):
        server.leave(resource.cname, uid)
        server.advance(seconds=200)
        server.query(recording).must_succeed()
    server.leave(resource.cname, 77)
    server.advance(seconds=200)
    must_not_be_there(server.query(recording))


@check("CR-108", needs=_USERS)
def a_communication_channel_is_idle_without_users(server: Server) -> None:
    """Any user keeps a recording of a communication channel from ending, until the last one leaves."""
    resource = resource_for(server, "mix")
    server.join(resource.cname, 77, mode=1)
    recording = server.recording(resource, start(server, resource, "mix", configured("mix", maxIdleTime=30)))
    server.advance(seconds=200)
    server.query(recording).must_succeed()
    server.leave(resource.cname, 77)
    server.advance(seconds=200)
    must_not_be_there(server.query(recording))


@check("CR-107", "CR-108", needs=_USERS)
def idle_times_do_not_add_up(server: Server) -> None:
    """A channel that is empty again and again, each time for less than `maxIdleTime`, ends no recording."""
    for mode in OF_CHANNELS:
        resource = resource_for(server, mode)
        server.join(resource.cname, 77)
        client = configured(mode, maxIdleTime=60)
        recording = server.recording(resource, start(server, resource, mode, client), mode)
        for _ in range(3):
            server.leave(resource.cname, 77)
            server.advance(seconds=40)
            server.join(resource.cname, 77)
            server.advance(seconds=40)
        server.query(recording).must_succeed()


@check("CR-108", needs=_USERS)
def users_who_send_nothing_are_users(server: Server) -> None:
    """Users who may not publish anything keep a recording of a communication channel from ending."""
    resource = resource_for(server, "mix")
    server.join(resource.cname, 77, mode=1)
    server.kick(cname=resource.cname, uid=77, privileges=["publish_audio", "publish_video"])
    recording = server.recording(resource, start(server, resource, "mix", configured("mix", maxIdleTime=30)))
    server.advance(seconds=200)
    server.query(recording).must_succeed()


@check("CR-108", "CR-127", needs=Control.CLOCK)
def a_page_is_never_idle(server: Server) -> None:
    """A recording of a page does not end because no channel has users, also if it was given a `maxIdleTime`."""
    for client in (settings("web"), settings("web", recordingConfig={"maxIdleTime": 10})):
        recording = record(server, "web", client)
        server.advance(seconds=1800)
        server.query(recording).must_succeed()
        response = server.stop(recording)
        response.must(has_ended(response), "the recording to be stopped")


@check("CR-109")
def a_list_has_32_users(server: Server) -> None:
    """A list of users has from 1 to 32 user IDs as texts; fewer, more or something else is error 2."""
    most = [str(uid) for uid in range(1, 33)]
    for name in _LISTS:
        start_takes(server, "mix", *(configured(**{name: uids}) for uids in (["1"], ["4294967295"], most)))
        wrong: tuple[Any, ...] = (
            [],
            [*most, "33"],
            "1",
            1,
            {},
            ["0"],
            ["4294967296"],
            ["-1"],
            ["+1"],
            ["a"],
            [""],
            [[]],
        )
        start_refuses(server, "mix", *(configured(**{name: uids}) for uids in wrong))


@check("CR-109", "CR-110")
def individual_mode_has_the_same_lists(server: Server) -> None:
    """The lists of users are those of mode `individual` too."""
    start_takes(server, "individual", *(configured("individual", **{name: ["1", "2"]}) for name in _LISTS))
    start_refuses(server, "individual", *(configured("individual", **{name: []}) for name in _LISTS))


@check("CR-110")
def a_medium_has_one_list(server: Server) -> None:
    """For one medium there are those to subscribe to or those not to, in either spelling, never two lists."""
    for medium in ("Audio", "Video"):
        names = [f"{verb}{medium}Uids" for verb in ("subscribe", "unSubscribe", "unsubscribe")]
        start_takes(server, "mix", *(configured(**{name: ["1"]}) for name in names))
        pairs = [(one, two) for one in names for two in names if one < two]
        start_refuses(server, "mix", *(configured(**{one: ["1"], two: ["2"]}) for one, two in pairs))
    start_takes(server, "mix", configured(subscribeAudioUids=["1"], unSubscribeVideoUids=["2"]))


@check("CR-111")
def everybody_can_be_named(server: Server) -> None:
    """`#allstream#` names all users in a list of those to subscribe to; in one of those not to it is error 2."""
    everybody = ["#allstream#"]
    start_takes(
        server,
        "mix",
        configured(subscribeAudioUids=everybody),
        configured(subscribeVideoUids=everybody),
        configured(subscribeAudioUids=everybody, subscribeVideoUids=everybody),
    )
    names = ("unSubscribeAudioUids", "unSubscribeVideoUids", "unsubscribeAudioUids", "unsubscribeVideoUids")
    start_refuses(server, "mix", *(configured(**{name: everybody}) for name in names))
    start_refuses(server, "mix", configured(subscribeAudioUids=["#all#"]), configured(subscribeAudioUids=["allstream"]))


@check("CR-112")
def lists_go_with_the_types_of_streams(server: Server) -> None:
    """With `streamTypes` 0 there is no list for video, with 1 none for audio; with 2 there may be both."""
    start_takes(server, "mix", *_lists(0, "Audio"), *_lists(1, "Video"), *_lists(2, "Audio"), *_lists(2, "Video"))
    start_refuses(server, "mix", *_lists(0, "Video"), *_lists(1, "Audio"))


def _lists(types: int, medium: str) -> Iterator[dict[str, Any]]:
    names = (f"subscribe{medium}Uids", f"unSubscribe{medium}Uids")
    return (configured(streamTypes=types, **{name: ["1"]}) for name in names)


@check("CR-114")
def there_are_six_groups(server: Server) -> None:
    """`subscribeUidGroup` is from 0 to 5; anything else is error 2."""
    start_takes(server, "individual", *(configured("individual", subscribeUidGroup=group) for group in range(6)))
    wrong = values(6, 7, -1, 1.5, "many", True, [])
    start_refuses(server, "individual", *(configured("individual", subscribeUidGroup=group) for group in wrong))


@check("CR-114")
def more_users_than_the_group_are_no_error(server: Server) -> None:
    """A list may have more users than `subscribeUidGroup` says."""
    uids = [str(uid) for uid in range(1, 6)]
    start_takes(server, "individual", configured("individual", subscribeUidGroup=0, subscribeAudioUids=uids))


@check("CR-116")
def there_are_three_stream_modes(server: Server) -> None:
    """`streamMode` is `default`, `standard` or `original`, with any `streamTypes`; anything else is error 2."""
    modes = ("default", "standard", "original")
    start_takes(
        server,
        "individual",
        *(configured("individual", streamMode=each, streamTypes=types) for each in modes for types in range(3)),
    )
    wrong = values("both", "Original", "", 0, True, [])
    start_refuses(server, "individual", *(configured("individual", streamMode=each) for each in wrong))
