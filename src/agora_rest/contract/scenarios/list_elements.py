"""Lists in requests of the present documents: each element obeys the rules, wherever in its list it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.checking.leniency import strictly_wrong
from agora_rest.contract.http.server import STORAGE, Recording, Resource, Server, path_of
from agora_rest.contract.scenarios._almost import with_wrong_elements
from agora_rest.contract.scenarios._console import app_id_of
from agora_rest.contract.scenarios._current import WHOLE, configured, paged, push, record, resource_for
from agora_rest.contract.scenarios._recording import INVALID, all_refused, plain_body

_IMAGE: Final = "https://example.com/image.png"
_LAYOUT: Final[dict[str, Any]] = {
    "mixedVideoLayout": 3,
    "layoutConfig": [{**WHOLE, "uid": str(uid), "alpha": 0.5} for uid in (1, 2, 3)],
    "backgroundConfig": [{"uid": str(uid), "image_url": _IMAGE} for uid in (1, 2, 3)],
}
_HEARD: Final = {"subscribeAudioUids": ["1", "2", "3"]}
_UNSEEN: Final = {"unSubscribeVideoUids": ["1", "2", "3"]}
_STORED: Final = {**STORAGE, "fileNamePrefix": ["a", "b", "c"]}


def _all_refused(
    server: Server, operation: str, body: dict[str, Any], path: Mapping[str, str] | None = None, code: int | None = None
) -> None:
    """The call is refused with any element of any list in `body` broken, and carried out with `body` itself."""
    keep = list(server.trail)
    broken = with_wrong_elements(operation, body, server.edition)
    wrong = strictly_wrong(operation, broken, observed=True, edition=server.edition)
    all_refused(server, wrong, lambda each: server.send(operation, path=path, body=each), 400, code=code, keep=keep)
    server.send(operation, path=path, body=body).must_succeed()


def _of_recording(server: Server, operation: str, what: Resource | Recording, mode: str, client: Any) -> None:
    resource = what.resource if isinstance(what, Recording) else what
    body = {**plain_body(resource), "clientRequest": client}
    _all_refused(server, operation, body, {**path_of(what), "mode": mode}, INVALID)


@check("CR-87", "CR-103", "CR-109", "CR-118", "CR-119", "CR-121", "CR-122", "CR-128", "CR-135")
def each_element_of_a_list_obeys_its_rules(server: Server) -> None:
    """No element of a list of `acquire` or `start` may break a rule, wherever it is."""
    excluded = {"excludeResourceIds": ["a", "b", "c"]}
    body = {"cname": server.fresh_channel(), "uid": server.fresh_uid(), "clientRequest": excluded}
    _all_refused(server, "acquire", body, code=INVALID)
    mix = configured("mix", **_HEARD, **_UNSEEN, transcodingConfig=_LAYOUT)
    mix |= {"storageConfig": _STORED, "recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
    for mode, client in (("mix", mix), ("web", paged(push()))):
        _of_recording(server, "start_recording", resource_for(server, mode), mode, client)


@check("CR-146", "CR-149", "CR-151", "CR-118", "CR-119", "CR-121")
def each_element_of_a_new_list_obeys_its_rules(server: Server) -> None:
    """No element of a list of `update` or `updateLayout` may break a rule, wherever it is."""
    recording = record(server, "mix")
    client = {"streamSubscribe": {"audioUidList": _HEARD, "videoUidList": _UNSEEN}, "storageConfig": _STORED}
    _of_recording(server, "update_recording", recording, "mix", client)
    _of_recording(server, "update_layout", recording, "mix", _LAYOUT)


@check("CO-79")
def each_privilege_is_one_of_the_three(server: Server) -> None:
    """No element of `privileges` may be another word than the three, wherever it is."""
    body = {"appid": app_id_of(server), "uid": 7, "privileges": ["join_channel", "publish_audio", "publish_video"]}
    _all_refused(server, "create_kicking_rule", body)
