"""Why a body is refused, in words."""

from __future__ import annotations

import pytest

from agora_rest.emulator.web.control_api import complaint
from tests.emulator.callers import STORAGE, Api


@pytest.mark.fact("CR-62")
@pytest.mark.parametrize(
    ("storage", "reason"),
    [
        ({"region": 99}, "clientRequest.storageConfig.region: must be one of 0, 1, 2"),
        ({"vendor": 7}, "clientRequest.storageConfig.vendor: must be one of 0, 1, 2"),
        ({"vendor": "2"}, "clientRequest.storageConfig.vendor: must be a number, not text: one of 0, 1, 2"),
        ({"secretKey": ["planted-secret-key"]}, "clientRequest.storageConfig.secretKey: must be text, not a list"),
        ({"accessKey": ""}, "clientRequest.storageConfig.accessKey: must not be empty"),
    ],
)
def test_the_reason_names_the_field_and_the_rule(api: Api, storage: dict, reason: str) -> None:
    answer = api.start(api.resource(), storageConfig={**STORAGE, **storage})
    assert answer.json()["Body"]["reason"].startswith(reason)


@pytest.mark.fact("CR-24", "CR-33")
@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"storageConfig": {"vendor": 2}}, "clientRequest.storageConfig.region: is required"),
        ({"storageConfig": {}}, "clientRequest.storageConfig.vendor: is required"),
        ({"storageConfig": "x"}, "clientRequest.storageConfig: must be an object, not text"),
        ({"recordingConfig": {"decryptionMode": 1}}, "clientRequest.recordingConfig.secret: is required"),
        ({"recordingConfig": {"maxIdleTime": 4}}, "clientRequest.recordingConfig.maxIdleTime: must be at least 5"),
    ],
)
def test_the_reason_names_what_is_missing(api: Api, request_: dict, reason: str) -> None:
    assert api.start(api.resource(), **request_).json()["Body"]["reason"] == reason


def test_everything_that_is_wrong_is_named(api: Api) -> None:
    answer = api("POST", f"/v1/apps/{'0123456789abcdef' * 2}/cloud_recording/acquire", {"uid": 5})
    assert set(answer.json()["Body"]["reason"].split("; ")) == {
        "cname: is required",
        "clientRequest: is required",
        "uid: must be text, not a number",
    }


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ("ClockChange", {"advance": -1}, "advance: must be from 0 to "),
        ("ClockChange", {"advance": 1, "by": 2}, "body: must not have by"),
        ("ClockChange", [], "body: must be an object, not a list"),
        ("SettingsChange", {}, "body: must not be empty"),
        ("SettingsChange", {"dialect": "french"}, 'dialect: must be one of "documented", "observed"'),
        ("Join", {"uids": []}, "uids: must not be empty"),
        ("Join", {"uid": 1, "uids": [2]}, "body: has a value that is not allowed"),
        ("Day", "2020-02-30", "body: must be a da"),
        ("ChannelName", "a/b", "body: must consist of the 89 characters"),
        ("ClockChange", {"advance": 300}, None),
    ],
)
def test_control_says_what_is_wrong_as_well(schema: str, value: object, reason: str | None) -> None:
    found = complaint(schema, value, "body")
    assert found == reason if reason is None else found.startswith(reason)
