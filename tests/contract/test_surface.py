from __future__ import annotations

import json

import pytest

from agora_rest import spec
from agora_rest.contract.checking.coverage import parameters_of
from agora_rest.contract.checking.surface import documented_parameters, documented_statuses
from tests.contract.conftest import exchange


def test_statuses_are_those_of_the_specification() -> None:
    assert documented_statuses("list_projects", "2019") == (200, 400, 401, 404, 429, 500)


def test_members_of_alternatives_are_among_the_parameters() -> None:
    parameters = documented_parameters("start_recording", "2019")
    assert {"appid", "mode", "body.cname", "body.clientRequest.storageConfig.region"} <= set(parameters)
    assert "body.clientRequest.recordingConfig.transcodingConfig.width" in parameters


@pytest.mark.parametrize("operation", list(spec.operations()))
def test_a_request_of_the_documents_uses_documented_parameters_only(operation: str) -> None:
    """What coverage reads off a request and what the specification lists have the same names."""
    request = spec.operation(operation).openapi_object.get("requestBody")
    examples = spec.resolve(spec.operation(operation).api, request)["content"] if request else {}
    for media in examples.values():
        for example in media.get("examples", {}).values():
            value = spec.resolve(spec.operation(operation).api, example)["value"]
            sent = exchange(operation, 200, {}, asked=json.loads(json.dumps(value)), method="POST")
            used = {name for name in parameters_of(sent) if "startParameter." not in name}  # any object
            assert used <= set(documented_parameters(operation, "current"))
