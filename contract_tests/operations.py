"""Every operation as a user calls it, and what must then be on the wire: the table behind the round trips."""

from __future__ import annotations

import datetime
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

import agora_rest
from agora_rest import Agora

BASE_URL = "https://api.agora.io"
APP_ID = "0123456789abcdef0123456789abcdef"
PRIVILEGES = ["join_channel"]
ALPHABET = string.ascii_letters + string.digits + " !#$%&()+-:;<=.>?@[]^_{}|~,"


@dataclass(frozen=True)
class Sent:
    """What a call has to put on the wire: decoded parameters and the JSON body."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Case:
    """One operation: values for its arguments, the call, what it sends."""

    operation: str
    arguments: st.SearchStrategy[dict[str, Any]]
    call: Callable[[Agora, Mapping[str, Any]], Any]
    sent: Callable[[Mapping[str, Any]], Sent]


def client() -> Agora:
    """A client that waits for nothing: no limit of its own, no second attempt."""
    return Agora("id", "certificate", base_url=BASE_URL, permits=None, retries=0)


def arguments(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A dictionary of arguments."""
    return st.fixed_dictionaries(strategies)


channels = st.text(ALPHABET, min_size=1, max_size=64)
url_channels = channels.filter(lambda name: name not in (".", ".."))
uids = st.integers(1, 2**32 - 1)
ids = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=40)
sids = st.text(string.hexdigits[:16], min_size=32, max_size=32)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
named_ids = ids | words.filter(lambda word: "," not in word)
extras = st.dictionaries(
    st.sampled_from(["x", "unknown", "recordingFileConfig"]), st.integers() | st.text(max_size=3), max_size=2
)
days = st.dates(datetime.date(2015, 1, 1), datetime.date(2026, 1, 1))
minutes = st.integers(0, 3000) | st.floats(0, 3000, allow_nan=False)


def storages() -> st.SearchStrategy[agora_rest.QiniuStorage | agora_rest.S3Storage | agora_rest.AlibabaStorage]:
    """Storage of each vendor in each of its regions (CR-34, CR-35)."""
    keys = {"bucket": words, "access_key": words, "secret_key": words}
    return st.one_of(
        st.builds(agora_rest.QiniuStorage, region=st.sampled_from(agora_rest.QiniuRegion), **keys),
        st.builds(agora_rest.S3Storage, region=st.sampled_from(agora_rest.S3Region), **keys),
        st.builds(agora_rest.AlibabaStorage, region=st.sampled_from(agora_rest.AlibabaRegion), **keys),
    )


def configs() -> st.SearchStrategy[agora_rest.RecordingConfig]:
    """Recording settings: any of them left out (CR-22 … CR-32)."""
    size = st.sampled_from([(1920, 1080), (1080, 1920), (360, 640), (None, None), (1, 1)])
    transcoding = size.flatmap(
        lambda wh: st.builds(
            agora_rest.TranscodingConfig,
            width=st.just(wh[0]),
            height=st.just(wh[1]),
            fps=st.none() | st.integers(1, 60),
            bitrate=st.none() | st.integers(1, 5000),
            mixed_video_layout=st.none() | st.sampled_from(agora_rest.MixedVideoLayout),
            max_resolution_uid=st.none() | uids,
        )
    )
    return st.builds(
        agora_rest.RecordingConfig,
        stream_types=st.none() | st.sampled_from(agora_rest.StreamTypes),
        decryption_mode=st.none() | st.sampled_from(agora_rest.DecryptionMode),
        secret=words,
        channel_type=st.none() | st.sampled_from(agora_rest.ChannelType),
        audio_profile=st.none() | st.sampled_from(agora_rest.AudioProfile),
        video_stream_type=st.none() | st.sampled_from(agora_rest.VideoStreamType),
        max_idle_time=st.none() | st.integers(5, 10_000),
        transcoding_config=st.none() | transcoding,
    )


def storage_body(storage: Any) -> dict[str, Any]:
    """The members of `storageConfig`."""
    vendors = {agora_rest.QiniuStorage: 0, agora_rest.S3Storage: 1, agora_rest.AlibabaStorage: 2}
    names = {"bucket": storage.bucket, "accessKey": storage.access_key, "secretKey": storage.secret_key}
    return {"vendor": vendors[type(storage)], "region": int(storage.region), **names}


def config_body(config: agora_rest.RecordingConfig) -> dict[str, Any]:
    """The members of `recordingConfig`, those that were given."""
    transcoding = config.transcoding_config
    named = {
        "streamTypes": config.stream_types,
        "decryptionMode": config.decryption_mode,
        "secret": config.secret,
        "channelType": config.channel_type,
        "audioProfile": config.audio_profile,
        "videoStreamType": config.video_stream_type,
        "maxIdleTime": config.max_idle_time,
        "transcodingConfig": None if transcoding is None else transcoding_body(transcoding),
    }
    return {name: value for name, value in named.items() if value is not None}


def transcoding_body(config: agora_rest.TranscodingConfig) -> dict[str, Any]:
    """The members of `transcodingConfig`, those that were given."""
    large = config.max_resolution_uid
    named = {
        "width": config.width,
        "height": config.height,
        "fps": config.fps,
        "bitrate": config.bitrate,
        "mixedVideoLayout": config.mixed_video_layout,
        "maxResolutionUid": None if large is None else str(large),
    }
    return {name: value for name, value in named.items() if value is not None}


def named(a: Mapping[str, Any]) -> agora_rest.StartedRecording:
    """A recording under way."""
    return agora_rest.StartedRecording(
        resource_id=a["resource_id"], sid=a["sid"], channel=a["channel"], uid=str(a["uid"])
    )


def resource(a: Mapping[str, Any]) -> agora_rest.Resource:
    """What acquire gave."""
    return agora_rest.Resource(resource_id=a["resource_id"], channel=a["channel"], uid=str(a["uid"]))


def recordings(agora: Agora) -> Any:
    """The recordings of the App ID."""
    return agora.app(APP_ID).recordings


def rules(agora: Agora) -> Any:
    """The kicking rules of the App ID."""
    return agora.app(APP_ID).kicking_rules


def online(agora: Agora) -> Any:
    """The channels of the App ID."""
    return agora.app(APP_ID).channels


def recording_sent(a: Mapping[str, Any], request: Mapping[str, Any] | None, *names: str) -> Sent:
    """A recording call: what is in its path, and a body unless `request` is None."""
    values = {"resourceid": a.get("resource_id", ""), "sid": a.get("sid", ""), "mode": "mix"}
    body = None if request is None else {"cname": a["channel"], "uid": str(a["uid"]), "clientRequest": request}
    return Sent({"appid": APP_ID, **{name: values[name] for name in names}}, body=body)


def start_request(a: Mapping[str, Any]) -> dict[str, Any]:
    """The `clientRequest` of a start."""
    config = {} if a["config"] is None else {"recordingConfig": config_body(a["config"])}
    return {**a["extra"], "storageConfig": storage_body(a["storage"]), **config}


def target(a: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a kicking rule that say whom."""
    return {{"channel": "cname"}.get(name, name): value for name, value in a["whom"].items()}


whom = st.one_of(
    arguments(channel=channels),
    arguments(uid=uids),
    arguments(channel=channels, uid=uids),
    arguments(ip=st.ip_addresses(v=4).map(str)),
)
recording_names = {"channel": channels, "uid": uids, "resource_id": ids, "sid": sids}
periods = st.tuples(days, st.integers(0, 364)).map(lambda p: (p[0], p[0] + datetime.timedelta(days=p[1])))


def period(a: Mapping[str, Any]) -> dict[str, str]:
    """The two dates of a query."""
    return {"from_date": a["period"][0].isoformat(), "to_date": a["period"][1].isoformat()}


CASES = (
    Case(
        "acquire",
        arguments(channel=channels, uid=uids, extra=extras),
        lambda agora, a: recordings(agora).acquire(a["channel"], a["uid"], extra=a["extra"]),
        lambda a: recording_sent(a, a["extra"]),
    ),
    Case(
        "start_recording",
        arguments(**recording_names, storage=storages(), config=st.none() | configs(), extra=extras),
        lambda agora, a: recordings(agora).start(resource(a), a["storage"], config=a["config"], extra=a["extra"]),
        lambda a: recording_sent(a, start_request(a), "resourceid", "mode"),
    ),
    Case(
        "query_recording",
        arguments(**recording_names),
        lambda agora, a: recordings(agora).query(named(a)),
        lambda a: recording_sent(a, None, "resourceid", "sid", "mode"),
    ),
    Case(
        "stop_recording",
        arguments(**recording_names, extra=extras),
        lambda agora, a: recordings(agora).stop(named(a), extra=a["extra"]),
        lambda a: recording_sent(a, a["extra"], "resourceid", "sid", "mode"),
    ),
    Case(
        "create_project",
        arguments(name=words, enable=st.booleans(), extra=extras),
        lambda agora, a: agora.projects.create(a["name"], enable_sign_key=a["enable"], extra=a["extra"]),
        lambda a: Sent(body={**a["extra"], "name": a["name"], "enable_sign_key": a["enable"]}),
    ),
    Case("list_projects", arguments(), lambda agora, _: agora.projects.list(), lambda _: Sent()),
    Case(
        "find_project",
        st.one_of(arguments(id=ids), arguments(name=words), arguments(id=ids, name=words)),
        lambda agora, a: agora.projects.find(**a),
        lambda a: Sent(query=a),
    ),
    Case(
        "set_project_status",
        arguments(id=ids, status=st.sampled_from(agora_rest.ProjectStatus)),
        lambda agora, a: agora.projects.set_status(a["id"], a["status"]),
        lambda a: Sent(body={"id": a["id"], "status": int(a["status"])}),
    ),
    Case("delete_project", arguments(id=ids), lambda agora, a: agora.projects.delete(a["id"]), lambda a: Sent(body=a)),
    Case(
        "set_recording_server",
        arguments(
            id=ids, address=st.tuples(st.ip_addresses(v=4), st.integers(1, 65535)).map(lambda p: f"{p[0]}:{p[1]}")
        ),
        lambda agora, a: agora.projects.set_recording_server(a["id"], a["address"]),
        lambda a: Sent(body={"id": a["id"], "recording_server": a["address"]}),
    ),
    Case(
        "enable_certificate",
        arguments(id=ids, enable=st.booleans()),
        lambda agora, a: agora.projects.enable_certificate(a["id"], enable=a["enable"]),
        lambda a: Sent(body=a),
    ),
    Case(
        "reset_certificate",
        arguments(id=ids),
        lambda agora, a: agora.projects.reset_certificate(a["id"]),
        lambda a: Sent(body=a),
    ),
    Case(
        "get_usage_v1",
        arguments(period=periods, projects=st.none() | st.lists(named_ids, min_size=1, max_size=4, unique=True)),
        lambda agora, a: agora.usage.minutes(*a["period"], projects=a["projects"]),
        lambda a: Sent(query=period(a) | ({} if a["projects"] is None else {"projects": ",".join(a["projects"])})),
    ),
    Case(
        "get_usage_v3",
        arguments(period=periods, project=ids, business=st.sampled_from(agora_rest.Business)),
        lambda agora, a: agora.usage.metrics(a["project"], *a["period"], business=a["business"]),
        lambda a: Sent(query=period(a) | {"project_id": a["project"], "business": str(a["business"])}),
    ),
    Case(
        "create_kicking_rule",
        arguments(whom=whom, minutes=minutes),
        lambda agora, a: rules(agora).ban(**a["whom"], minutes=a["minutes"]),
        lambda a: Sent(body={"appid": APP_ID, **target(a), "time": a["minutes"], "privileges": PRIVILEGES}),
    ),
    Case(
        "list_kicking_rules", arguments(), lambda agora, _: rules(agora).list(), lambda _: Sent(query={"appid": APP_ID})
    ),
    Case(
        "update_kicking_rule",
        arguments(id=st.integers(0, 2**53), time=minutes),
        lambda agora, a: rules(agora).extend(a["id"], minutes=a["time"]),
        lambda a: Sent(body={"appid": APP_ID, **a}),
    ),
    Case(
        "delete_kicking_rule",
        arguments(id=st.integers(0, 2**53)),
        lambda agora, a: rules(agora).lift(a["id"]),
        lambda a: Sent(body={"appid": APP_ID, **a}),
    ),
    Case(
        "get_user_property",
        arguments(cname=url_channels, uid=uids),
        lambda agora, a: online(agora).user(a["cname"], a["uid"]),
        lambda a: Sent({"appid": APP_ID, "uid": str(a["uid"]), "cname": a["cname"]}),
    ),
    Case(
        "list_channel_users",
        arguments(cname=url_channels),
        lambda agora, a: online(agora).users(a["cname"]),
        lambda a: Sent({"appid": APP_ID, **a}),
    ),
    Case(
        "list_channels",
        arguments(page_no=st.integers(0, 10_000), page_size=st.integers(1, 500)),
        lambda agora, a: online(agora).page(a["page_no"], size=a["page_size"]),
        lambda a: Sent({"appid": APP_ID}, {name: str(value) for name, value in a.items()}),
    ),
)
