"""Records with the vendor's own client, agora-rest-client, and prints what it read. Needs `make rivals`.

python vendor_client.py URL APP_ID USER PASSWORD MODE
"""

from __future__ import annotations

import json
import sys
from typing import Any

from agora_rest_client.core.domain import Domain, EndpointRegion
from agora_rest_client.services.cloud_recording.v1.individual_recording import api_start as individual
from agora_rest_client.services.cloud_recording.v1.individual_recording import api_update as individual_update
from agora_rest_client.services.cloud_recording.v1.individual_recording.individual_recording_client import (
    IndividualRecordingClient,
)
from agora_rest_client.services.cloud_recording.v1.mix_recording import api_start as mix
from agora_rest_client.services.cloud_recording.v1.mix_recording import api_update as mix_update
from agora_rest_client.services.cloud_recording.v1.mix_recording import api_update_layout as mix_layout
from agora_rest_client.services.cloud_recording.v1.mix_recording.mix_recording_client import MixRecordingClient
from agora_rest_client.services.cloud_recording.v1.web_recording import api_start as web
from agora_rest_client.services.cloud_recording.v1.web_recording import api_update as web_update
from agora_rest_client.services.cloud_recording.v1.web_recording.web_recording_client import WebRecordingClient

STORAGE = {"vendor": 1, "region": 4, "bucket": "lessons", "accessKey": "key", "secretKey": "secret"}
CLIENTS = {"mix": MixRecordingClient, "individual": IndividualRecordingClient, "web": WebRecordingClient}


class Here(Domain):
    """No names are resolved, and no thread is started that resolves them every 30 seconds."""

    def run(self, logger: object) -> None:
        """See `Domain`."""


def client(mode: str, url: str, app_id: str, user: str, password: str) -> Any:
    """A client that calls `url`. It has no option for that."""
    domain = Here(EndpointRegion.US.value)
    domain._domain_list = ["here"]
    kind = CLIENTS[mode]
    pointed = type("Pointed", (kind,), {"get_api_url": lambda _self, _host, path, _region=None: f"{url}{path}"})
    return pointed().with_app_id(app_id).with_credential_basic_auth(user, password).with_domain(domain).build()


def start(it: Any, mode: str, resource: str, who: dict[str, str]) -> Any:
    """Start with what the vendor's own examples send."""
    if mode == "web":
        param = web.ServiceParam(
            url="https://example.com/lesson", audioProfile=0, videoWidth=1280, videoHeight=720, maxRecordingHour=1
        )
        service = web.ExtensionServices(
            serviceName="web_recorder_service", errorHandlePolicy="error_abort", serviceParam=param
        )
        services = web.ExtensionServiceConfig(errorHandlePolicy="error_abort", extensionServices=[service])
        return it.start(resource, **who, storage_config=web.StorageConfig(**STORAGE), extension_service_config=services)
    if mode == "individual":
        config = individual.RecordingConfig(
            channelType=1, subscribeAudioUids=["#allstream#"], subscribeVideoUids=["#allstream#"], subscribeUidGroup=0
        )
        shots = individual.SnapshotConfig(captureInterval=5, fileType=["jpg"])
        storage = individual.StorageConfig(**STORAGE)
        return it.start(
            resource, **who, token="", storage_config=storage, recording_config=config, snapshot_config=shots
        )
    config = mix.RecordingConfig(channelType=1, unsubscribeAudioUids=["9"], subscribeVideoUids=["#allstream#"])
    return it.start(resource, **who, token="", storage_config=mix.StorageConfig(**STORAGE), recording_config=config)


def update(it: Any, mode: str, running: tuple[str, str], who: dict[str, str]) -> None:
    """Change what can be changed in this mode."""
    if mode == "web":
        it.update(*running, **who, web_recording_config=web_update.WebRecordingConfig(onhold=True))
        return
    kinds = individual_update if mode == "individual" else mix_update
    audio = kinds.AudioUidList(subscribeAudioUids=["7"])
    video = kinds.VideoUidList(subscribeVideoUids=["7"])
    it.update(*running, **who, stream_subscribe=kinds.StreamSubscribe(audioUidList=audio, videoUidList=video))
    if mode == "mix":
        region = mix_layout.LayoutConfig(uid="7", x_axis=0, y_axis=0, width=1, height=1)
        it.update_layout(*running, **who, mixed_video_layout=3, layout_config=[region])


def main(url: str, app_id: str, user: str, password: str, mode: str) -> None:
    """Make one recording in `mode`, and print the sid and what query and stop have read."""
    it, who = client(mode, url, app_id, user, password), {"cname": "lesson", "uid": "527841"}
    resource = it.acquire(**who, resource_expired_hour=24).resourceId
    sid = start(it, mode, resource, who).sid
    update(it, mode, (resource, sid), who)
    state = it.query(resource, sid).serverResponse
    stopped = it.stop(resource, sid, **who).serverResponse
    print(json.dumps({"sid": sid, "state": state, "stopped": stopped}, default=vars))


if __name__ == "__main__":
    main(*sys.argv[1:])
