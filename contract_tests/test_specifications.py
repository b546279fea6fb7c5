"""The specifications, held against the facts: the rules a schema can state, on both sides of each boundary."""

from __future__ import annotations

import importlib
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest import spec

ALPHABET = string.ascii_letters + string.digits + " !#$%&()+-:;<=.>?@[]^_{}|~,"
REGIONS = {0: 4, 1: 18, 2: 19}
"""How many regions each storage vendor has (CR-35)."""
SHARED = ("schemas/AppId", "schemas/ChannelName", "schemas/GatewayMessage")
REQUIRED = {"cname": "a", "uid": "1", "clientRequest": {}}


def component(api: spec.Api, path: str, edition: spec.Edition = "current") -> Any:
    """A component of a document, by `section/name`."""
    section, name = path.split("/")
    return spec.document(api, edition)["components"][section][name]


def storage(**changes: Any) -> dict[str, Any]:
    """A storage configuration."""
    return {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "k", "secretKey": "s"} | changes


def start(recording: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The body of a start."""
    more = {} if recording is None else {"recordingConfig": recording}
    return REQUIRED | {"clientRequest": {"storageConfig": storage(**changes), **more}}


def accepts(operation: str, body: object, edition: spec.Edition = "2019") -> bool:
    """Whether the operation's request schema accepts `body`."""
    validator = spec.request_validator(operation, edition)
    assert validator is not None
    return validator.is_valid(body)


@pytest.mark.parametrize("path", SHARED)
def test_what_both_documents_need_is_the_same_in_both(path: str) -> None:
    def bare(node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        return {key: bare(value) for key, value in node.items() if key not in ("x-facts", "description")}

    assert bare(component("cloud-recording", path)) == bare(component("console", path))


def test_every_fact_number_in_the_documents_is_a_known_fact_and_every_fact_stands_there() -> None:
    def numbers(node: Any) -> set[str]:
        if isinstance(node, dict):
            return set(node.get("x-facts", [])).union(*(numbers(child) for child in node.values()))
        return set().union(*map(numbers, node)) if isinstance(node, list) else set()

    for edition in spec.EDITIONS:
        stated = set().union(*(numbers(spec.document(api, edition)) for api in spec.APIS))
        assert stated >= {number for number, fact in spec.facts().items() if edition in fact.editions}
        assert stated <= spec.facts().keys()


@pytest.mark.fact("CR-63", "CO-57")
@pytest.mark.parametrize("api", spec.APIS)
def test_a_channel_name_is_made_of_89_characters(api: spec.Api) -> None:
    accepted = {chr(code) for code in range(0x250) if spec.validator(api, "ChannelName").is_valid(chr(code))}
    assert accepted == set(ALPHABET)
    assert len(accepted) == 89


@pytest.mark.fact("CR-63")
@given(st.text(ALPHABET, min_size=1, max_size=70))
def test_a_channel_name_has_at_most_64_bytes(name: str) -> None:
    assert spec.validator("cloud-recording", "ChannelName").is_valid(name) is (len(name.encode()) <= 64)


@pytest.mark.fact("CO-57")
@pytest.mark.parametrize("operation", ["get_user_property", "list_channel_users"])
def test_a_channel_name_that_a_url_cannot_carry_is_refused(operation: str) -> None:
    validator = spec.parameter_validator(operation, "cname")
    assert validator is not None
    assert [name for name in (".", "..", "", "...", ".a", "a b") if validator.is_valid(name)] == ["...", ".a", "a b"]


@pytest.mark.fact("CR-14")
@given(st.integers(-10, 2**33) | st.sampled_from([0, 1, 2**32 - 1, 2**32]))
def test_a_uid_is_a_string_of_1_to_4294967295(number: int) -> None:
    assert accepts("acquire", REQUIRED | {"uid": str(number)}) is (1 <= number <= 4294967295)
    assert not accepts("acquire", REQUIRED | {"uid": number})


@pytest.mark.parametrize("operation", spec.operations().values(), ids=str)
def test_a_generated_request_takes_what_its_operation_takes(operation: spec.Operation) -> None:
    package, group = spec.PACKAGES[operation.api], operation.tag.replace("-", "_")
    request = importlib.import_module(f"{package}.api.{group}.{operation.id}").request
    given = {each.name: object() for each in operation.parameters}
    body: dict[str, Any] = {"body": {}} if operation.body_schema else {}
    made = request(**given, **body)
    assert (made.operation, made.parameters, made.body) == (operation.id, given, body.get("body"))


@pytest.mark.fact("CR-35")
@pytest.mark.parametrize("vendor", REGIONS)
def test_a_region_belongs_to_its_vendor(vendor: int) -> None:
    accepted = [region for region in range(-1, 25) if accepts("start_recording", start(vendor=vendor, region=region))]
    assert accepted == list(range(REGIONS[vendor]))


@pytest.mark.fact("CR-35")
def test_all_41_regions_have_their_names() -> None:
    names = [
        name
        for schema in ("QiniuRegion", "S3Region", "AlibabaRegion")
        for name in component("cloud-recording", f"schemas/{schema}", "2019")["x-enum-varnames"]
    ]
    assert len(names) == 41


REGIONS_OF_TODAY = {
    1: [*range(23), 24, 25],
    2: list(range(28)),
    3: list(range(20)),
    7: list(range(16)),
    8: list(range(1, 8)),
}
"""The regions of each vendor that has a table of them, 17 of Amazon S3 included, which was one in 2019."""


@pytest.mark.fact("CR-99")
@pytest.mark.parametrize("vendor", REGIONS_OF_TODAY)
def test_a_region_belongs_to_its_vendor_today(vendor: int) -> None:
    regions = [
        region for region in range(-1, 40) if accepts("start_recording", start(vendor=vendor, region=region), "current")
    ]
    assert regions == REGIONS_OF_TODAY[vendor]


@pytest.mark.fact("CR-117")
@pytest.mark.parametrize(
    ("width", "height", "accepted"),
    [(1920, 1080, True), (1440, 1440, True), (1080, 1920, True), (1921, 1, False), (1, 1921, False)],
)
def test_no_side_of_a_picture_of_today_is_over_1920(width: int, height: int, accepted: bool) -> None:
    picture = {"transcodingConfig": {"width": width, "height": height}}
    assert accepts("start_recording", start(picture), "current") is accepted


@pytest.mark.fact("CR-104", "CR-105", "CR-106")
@pytest.mark.parametrize("mode", range(-1, 11))
def test_a_decryption_mode_of_today_needs_a_secret_and_the_last_two_a_salt(mode: int) -> None:
    secret, salt = {"secret": "s"}, {"salt": f"{'A' * 43}="}
    config = {"decryptionMode": mode}
    assert accepts("start_recording", start(config), "current") is (mode == 0)
    assert accepts("start_recording", start(config | secret), "current") is (mode in range(7))
    assert accepts("start_recording", start(config | secret | salt), "current") is (mode in range(9))


@pytest.mark.fact("CR-29")
@pytest.mark.parametrize(
    ("width", "height", "accepted"),
    [
        (1920, 1080, True),
        (1080, 1920, True),
        (1081, 1080, True),
        (1081, 1081, False),
        (1921, 1080, False),
        (1080, 1921, False),
        (1920, None, True),
        (None, 1920, True),
    ],
)
def test_more_than_1080p_is_refused(width: int | None, height: int | None, accepted: bool) -> None:
    size = {name: value for name, value in (("width", width), ("height", height)) if value is not None}
    assert accepts("start_recording", start({"transcodingConfig": size})) is accepted


@pytest.mark.fact("CR-24")
@pytest.mark.parametrize("mode", range(-1, 6))
def test_a_decryption_mode_needs_a_secret(mode: int) -> None:
    assert accepts("start_recording", start({"decryptionMode": mode})) is (mode == 0)
    assert accepts("start_recording", start({"decryptionMode": mode, "secret": "s"})) is (mode in range(4))


@pytest.mark.fact("CR-13", "CR-21", "CR-33", "CR-62")
@pytest.mark.parametrize("field", ["cname", "uid", "clientRequest"])
@pytest.mark.parametrize("operation", ["acquire", "start_recording", "stop_recording"])
def test_a_required_member_may_not_be_missing_nor_in_another_case(operation: str, field: str) -> None:
    body = start()
    value = body.pop(field)
    assert not accepts(operation, body)
    assert not accepts(operation, body | {field.upper(): value})
    assert accepts(operation, body | {field: value, "unknown": 1})


@pytest.mark.fact("CO-42")
@pytest.mark.parametrize(
    ("minutes", "accepted"), [(0, True), (0.5, True), (1, True), (9999, True), (-1, False), ("60", False)]
)
def test_minutes_outside_the_range_are_the_servers_to_mend(minutes: object, accepted: bool) -> None:
    rule = {"appid": "0" * 32, "cname": "c", "time": minutes, "privileges": ["join_channel"]}
    assert accepts("create_kicking_rule", rule) is accepted


@pytest.mark.fact("CO-46")
@pytest.mark.parametrize(("minutes", "accepted"), [(0, True), (-1, True), (-0.5, True), (9999, True), ("60", False)])
def test_an_update_takes_whatever_number_of_minutes(minutes: object, accepted: bool) -> None:
    assert accepts("update_kicking_rule", {"appid": "0" * 32, "id": 1, "time": minutes}) is accepted


@pytest.mark.fact("CO-41")
def test_what_a_kicking_rule_names_is_never_empty_but_the_documents_empty_string_means_not_given() -> None:
    rule = {"appid": "0" * 32, "time": 60, "privileges": ["join_channel"]}
    assert accepts("create_kicking_rule", rule | {"cname": "c", "uid": "", "ip": ""})
    assert not accepts("create_kicking_rule", rule | {"cname": ""})
    assert not accepts("create_kicking_rule", rule | {"uid": 0})
    assert not accepts("create_kicking_rule", rule | {"ip": 0})
