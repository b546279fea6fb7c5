"""What the client sends is what was asked for, and is valid under the specification: every operation, any arguments."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
import respx
from hypothesis import given, settings
from hypothesis import strategies as st
from operations import CASES, Case, client

from agora_rest import CallError, spec
from agora_rest.contract.checking.rules import parameter_is_valid

REFUSAL = {"message": "enough"}


def sent_by(case: Case, values: Mapping[str, Any]) -> httpx.Request:
    """The one request that a call makes."""
    with respx.mock(assert_all_called=True) as router, client() as agora:
        route = router.route().respond(400, json=REFUSAL)
        with pytest.raises(CallError, match="was refused"):
            case.call(agora, values)
        assert len(route.calls) == 1
        request: httpx.Request = route.calls[0].request
        return request


def path_parameters(operation: spec.Operation, request: httpx.Request) -> dict[str, str]:
    """The decoded parameters in the raw path, which must fit the operation's template."""
    raw = request.url.raw_path.decode("ascii").partition("?")[0]
    below = raw.removeprefix(urlsplit(spec.document(operation.api)["servers"][0]["url"]).path)
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    found = re.fullmatch(pattern, below)
    assert found is not None, f"{below} does not fit {operation.path}"
    return {name: unquote(value) for name, value in found.groupdict().items()}


def test_every_operation_has_its_case() -> None:
    assert sorted(case.operation for case in CASES) == sorted(spec.operations())


@pytest.mark.fact("CR-03", "CR-04", "CR-20", "CR-40", "CR-50", "CO-02", "CO-30", "CO-57")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_is_sent_is_what_was_asked_for_and_is_valid(case: Case, data: st.DataObject) -> None:
    values = data.draw(case.arguments)
    request = sent_by(case, values)
    wanted, operation = case.sent(values), spec.operation(case.operation)
    path = path_parameters(operation, request)
    query = parse_qsl(request.url.query.decode("ascii"), keep_blank_values=True)

    assert request.method == operation.method
    assert path == wanted.path
    assert sorted(query) == sorted(wanted.query.items())
    for name, value in (*path.items(), *query):
        assert parameter_is_valid(case.operation, name, value)
    assert (json.loads(request.content) if request.content else None) == wanted.body
    if validator := spec.request_validator(case.operation):
        validator.validate(wanted.body)
        (media_type,) = spec.operation(case.operation).openapi_object["requestBody"]["content"]
        assert request.headers["Content-Type"] == media_type
    else:
        assert request.content == b""


@pytest.mark.fact("CR-02", "CO-01")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_request_carries_the_credentials_and_only_there(case: Case, data: st.DataObject) -> None:
    request = sent_by(case, data.draw(case.arguments))
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"id:certificate").decode()
    assert b"certificate" not in request.url.raw_path + request.content
