"""The client's names for numbers and words are those of the specifications."""

from __future__ import annotations

import copy
import enum
import pickle
from typing import Any

import pytest

from agora_rest import spec
from agora_rest.client import enums

API: dict[str, spec.Api] = {
    **dict.fromkeys(["Business", "ProjectStatus", "UserRole"], "console"),
}
SCHEMAS = [
    ("RecordingStatus", "RecordingStatus"),
    ("UploadingStatus", "UploadingStatus"),
    ("ProjectStatus", "ProjectStatus"),
    ("Role", "UserRole"),
    ("Business", "Business"),
    ("StreamTypes", "StreamTypes"),
    ("DecryptionMode", "DecryptionMode"),
    ("ChannelType", "ChannelType"),
    ("AudioProfile", "AudioProfile"),
    ("VideoStreamType", "VideoStreamType"),
    ("MixedVideoLayout", "MixedVideoLayout"),
    ("QiniuRegion", "QiniuRegion"),
    ("S3Region", "S3Region"),
    ("AlibabaRegion", "AlibabaRegion"),
]
OPEN = [enums.RecordingStatus, enums.UploadingStatus, enums.ProjectStatus, enums.ChannelMode, enums.Role]


def plain(name: str) -> str:
    return name.replace("_", "").lower()


@pytest.mark.parametrize(("ours", "theirs"), SCHEMAS)
def test_values_and_names_are_those_of_the_specification(ours: str, theirs: str) -> None:
    kind: type[enum.Enum] = getattr(enums, ours)
    schema = spec.document(API.get(theirs, "cloud-recording"))["components"]["schemas"][theirs]
    named = dict(zip(map(plain, schema["x-enum-varnames"]), schema["enum"], strict=True))
    assert {plain(member.name): member.value for member in kind} == named


def test_there_are_41_regions() -> None:
    assert sum(map(len, (enums.QiniuRegion, enums.S3Region, enums.AlibabaRegion))) == 41


@pytest.mark.parametrize("kind", OPEN)
def test_a_value_nobody_has_named_comes_through_as_itself(kind: Any) -> None:
    value: Any = 42 if issubclass(kind, int) else "later"
    member = kind(value)
    assert isinstance(member, kind)
    assert member == value
    assert hash(member) == hash(value)
    assert (member.name, member.value) == (f"UNKNOWN_{value}", value)
    assert copy.deepcopy(member) == pickle.loads(pickle.dumps(member)) == member
    assert member not in list(kind)


@pytest.mark.parametrize("kind", OPEN)
def test_a_value_of_another_type_does_not(kind: Any) -> None:
    for value in (None, [], 1.5, "1" if issubclass(kind, int) else 1):
        with pytest.raises(ValueError, match="not a valid"):
            kind(value)
