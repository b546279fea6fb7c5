"""A broken schema rule in words: the rule that was broken, and neither a pattern nor a keyword of JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest import spec

STORAGE = {"vendor": 1, "region": 0, "bucket": "b", "accessKey": "k", "secretKey": "s"}

KEYWORDS = ("anyOf", "oneOf", "allOf", "pattern", "schema", "const", "enum", "$ref", "minLength", "instance", "keyword")

SCHEMAS = [
    (api, edition, name)
    for api in spec.APIS
    for edition in spec.EDITIONS
    for name in spec.document(api, edition)["components"]["schemas"]
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def rules(api: spec.Api, edition: spec.Edition, schema: str, value: object) -> Iterator[spec.BrokenRule]:
    """Every rule of a component schema that `value` breaks."""
    for error in spec.validator(api, schema, edition).iter_errors(value):
        yield spec.broken_rule(error, spec.document(api, edition))


def body_rule(operation: str, body: object, edition: spec.Edition = "2019") -> tuple[str, str]:
    """The first rule that a body breaks: the member, and the rule."""
    validator = spec.request_validator(operation, edition)
    assert validator is not None
    document = spec.document(spec.operation(operation).api, edition)
    broken = spec.broken_rule(next(validator.iter_errors(body)), document)
    return broken.named("the body"), broken.rule


def patterns() -> set[str]:
    """Every regular expression in the documents."""
    nodes = [
        node for api in spec.APIS for edition in spec.EDITIONS for _, node in spec.objects(spec.document(api, edition))
    ]
    return {node["pattern"] for node in nodes if isinstance(node.get("pattern"), str) and "type" in node}


PATTERNS = patterns()


def must_be_plain(broken: spec.BrokenRule, value: object) -> None:
    """The sentence has no pattern, no keyword; it states a demand."""
    assert not [pattern for pattern in PATTERNS if pattern in broken.rule or pattern[1:-1] in broken.rule]
    assert not [word for word in KEYWORDS if word in broken.rule]
    assert broken.rule.startswith(("must ", "is required", "has a ")), (broken.rule, value)
    assert "must be the demand" not in broken.rule


@pytest.mark.parametrize(("api", "edition", "schema"), SCHEMAS, ids=["-".join(each) for each in SCHEMAS])
def test_no_message_shows_a_pattern_or_a_keyword(api: spec.Api, edition: spec.Edition, schema: str) -> None:
    examples: list[Any] = [None, True, -1, 0, 1.5, 10**20, "", ".", "a/b", "x" * 100, "语文课", [], [0], {}, {"x": 1}]
    examples += [dict.fromkeys(_members(api, edition, schema), value) for value in examples]
    for value in examples:
        for broken in rules(api, edition, schema, value):
            must_be_plain(broken, value)


@given(st.sampled_from(SCHEMAS), json_values)
def test_no_message_shows_a_pattern_or_a_keyword_whatever_is_given(
    chosen: tuple[spec.Api, spec.Edition, str], value: object
) -> None:
    for broken in rules(*chosen, value):
        must_be_plain(broken, value)


def _members(api: spec.Api, edition: spec.Edition, schema: str) -> list[str]:
    return list(spec.document(api, edition)["components"]["schemas"][schema].get("properties", {}))


@pytest.mark.parametrize("uid", ["8810546176", "0", "07", "1234567890123"])
def test_a_uid_out_of_range_is_answered_with_the_range(uid: str) -> None:
    body = {"cname": "r", "uid": uid, "clientRequest": {}}
    member, rule = body_rule("acquire", body)
    assert member == "uid"
    assert "from 1 to 4294967295" in rule


def test_a_uid_of_the_console_out_of_range_is_answered_with_the_range() -> None:
    rule = {"appid": "0" * 32, "uid": 2**32, "privileges": ["join_channel"]}
    assert body_rule("create_kicking_rule", rule) == ("uid", "must be from 1 to 4294967295")


def start(**storage: Any) -> dict[str, Any]:
    return {"cname": "a", "uid": "1", "clientRequest": {"storageConfig": STORAGE | storage}}


@pytest.mark.parametrize(
    ("storage", "member", "rule"),
    [
        ({"vendor": "1", "region": "us-east-1"}, "vendor", "must be a number, not text: one of 0, 1, 2"),
        ({"region": "us-east-1"}, "region", "must be a number, not text: 0 stands for us-east-1"),
        ({"region": "mars-1"}, "region", "must be a number, not text: one of 0, 1, 2"),
        ({"vendor": 7}, "vendor", "must be one of 0, 1, 2"),
        ({"region": 18}, "region", "must be one of 0, 1, 2"),
        ({"vendor": 2, "region": 99}, "region", "must be one of 0, 1, 2"),
        ({"secretKey": ["s"]}, "secretKey", "must be text, not a list"),
    ],
)
def test_a_wrong_storage_is_answered_with_the_member_and_the_rule(
    storage: dict[str, Any], member: str, rule: str
) -> None:
    found = body_rule("start_recording", start(**storage))
    assert found[0] == f"clientRequest.storageConfig.{member}"
    assert found[1].startswith(rule)


@pytest.mark.parametrize(
    ("name", "words"),
    [("语文课", "89 characters"), ("a/b", "89 characters"), (".", "URL can carry"), ("", "must not be empty")],
)
def test_a_channel_name_in_a_url_is_answered_with_the_rule_it_breaks(name: str, words: str) -> None:
    assert words in next(rules("console", "2019", "ChannelNameInUrl", name)).rule


def test_the_alternative_is_chosen_that_was_meant() -> None:
    answer = {"Code": 200, "Body": {"resourceId": 5}}
    (broken,) = rules("cloud-recording", "2019", "AcquireAnswer", answer)
    assert (broken.path, broken.rule) == (("Body", "resourceId"), "must be text, not a number")
    (broken,) = rules("cloud-recording", "2019", "AcquireAnswer", {"resourceId": 5})
    assert (broken.path, broken.rule) == (("resourceId",), "must be text, not a number")


def test_the_tag_decides_which_alternative_was_meant_whatever_else_it_lacks() -> None:
    tagged = [
        {"properties": {"vendor": {"const": 0}}},
        {"properties": {"vendor": {"const": 11}}, "required": ["endpoint", "bucket"]},
        {"properties": {"vendor": {"not": {"enum": [0, 11]}}}},
    ]
    error = next(jsonschema_rs.Draft202012Validator({"anyOf": tagged}).iter_errors({"vendor": 11}))
    assert spec.broken_rule(error, {"anyOf": tagged}).named("the body") == "endpoint"
