"""The client's names for numbers and words are those of the specifications."""

from __future__ import annotations

import copy
import enum
import pickle
from typing import Any

import pytest

from agora_rest import spec
from agora_rest.client import enums

OURS = [kind for kind in vars(enums).values() if isinstance(kind, enum.EnumType) and kind.__module__ == enums.__name__]
KINDS = {kind.__name__: kind for kind in OURS if len(kind)}  # those without members are bases
SCHEMAS = {name: schema for api in spec.APIS for name, schema in spec.document(api)["components"]["schemas"].items()}
NAMED_OTHERWISE = {"Role": "UserRole"}
WITHOUT_SCHEMA = {"ChannelMode", "Platform", "Privilege"}
"""Their values are written where a member of a response has them."""
WITHOUT_NAMES = {"RecordingMode", "AvFileType"}
OPEN = [
    enums.RecordingStatus,
    enums.UploadingStatus,
    enums.ProjectStatus,
    enums.ChannelMode,
    enums.Role,
    enums.RecordingMode,
    enums.ExtensionState,
    enums.RtmpStatus,
]


def plain(name: str) -> str:
    return name.replace("_", "").lower()


@pytest.mark.parametrize("name", sorted(KINDS.keys() - WITHOUT_SCHEMA))
def test_values_and_names_are_those_of_the_specification(name: str) -> None:
    schema = SCHEMAS[NAMED_OTHERWISE.get(name, name)]
    assert {member.value for member in KINDS[name]} == set(schema["enum"])
    names = schema.get("x-enum-varnames")
    assert (names is None) is (name in WITHOUT_NAMES)
    if names:
        named = dict(zip(map(plain, names), schema["enum"], strict=True))
        assert {plain(member.name): member.value for member in KINDS[name]} == named


def test_there_are_100_regions() -> None:
    kinds = [enums.QiniuRegion, enums.S3Region, enums.AlibabaRegion]
    kinds += [enums.TencentRegion, enums.HuaweiRegion, enums.BaiduRegion]
    assert sum(map(len, kinds)) == 100


@pytest.mark.fact("CR-114")
@pytest.mark.parametrize(
    ("users", "group"), [(1, 0), (2, 0), (3, 1), (7, 1), (8, 2), (12, 2), (13, 3), (17, 3), (18, 4), (33, 5), (49, 5)]
)
def test_a_group_is_the_smallest_for_so_many_users(users: int, group: int) -> None:
    assert enums.SubscribeUidGroup.of(users) == group


@pytest.mark.parametrize("users", [0, -1, 50])
def test_there_is_no_group_for_no_user_and_for_more_than_49(users: int) -> None:
    with pytest.raises(ValueError, match="1 to 49"):
        enums.SubscribeUidGroup.of(users)


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
