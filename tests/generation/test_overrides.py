"""Each template override mends what the generator still gets wrong, and is missed as soon as it is left out.

A test here that fails with "no longer needed" is good news: delete the override.
"""

from __future__ import annotations

import copy
import importlib.util
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from scripts import overrides

SPECIFICATION = """
openapi: 3.1.0
info: {title: Sample, version: "1"}
paths:
  /things:
    get:
      operationId: list_things
      tags: [things]
      parameters:
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: string}}}
      responses:
        "200":
          description: Things
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
  /others:
    get:
      operationId: list_others
      tags: [others]
      responses:
        "200":
          description: Others
          content: {application/json: {schema: {$ref: "#/components/schemas/Other"}}}
components:
  schemas:
    Other: {type: object, properties: {name: {type: string}}}
    Thing:
      type: object
      required: [colour, size, kind]
      properties:
        colour: {type: string, enum: [red, green]}
        size: {type: integer, enum: [1, 2]}
        kind: {type: string, enum: [thing]}
"""


@pytest.fixture(scope="module")
def generate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ModuleType]:
    """Generates the sample's package with some overrides and imports it."""

    def build(name: str, chosen: tuple[overrides.Override, ...]) -> ModuleType:
        place = tmp_path_factory.mktemp(name)
        (place / "spec.yaml").write_text(SPECIFICATION)
        (place / "config.yaml").write_text("post_hooks: []\n")
        (place / "templates").mkdir()
        overrides.write_templates(place / "templates", chosen)
        command = [
            sys.executable,
            "-m",
            "openapi_python_client",
            "generate",
            "--meta",
            "none",
            "--path",
            place / "spec.yaml",
        ]
        options = ["--config", place / "config.yaml", "--custom-template-path", place / "templates"]
        subprocess.run([*command, *options, "--output-path", place / name], check=True, capture_output=True)
        module_spec = importlib.util.spec_from_file_location(name, place / name / "__init__.py")
        assert module_spec is not None
        assert module_spec.loader is not None
        module = importlib.util.module_from_spec(module_spec)
        sys.modules[name] = module
        module_spec.loader.exec_module(module)
        importlib.import_module(f"{name}.api.things.list_things")
        return module

    return build


def call(
    package: ModuleType, status: int = 200, body: Any = None, ids: list[str] | None = None
) -> tuple[Any, httpx.URL]:
    """Call the sample's operation against a server that answers `body`; give the result and the URL that was asked."""
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(status, json=body)

    client = package.Client(base_url="http://server").set_httpx_client(
        httpx.Client(base_url="http://server", transport=httpx.MockTransport(answer))
    )
    operation = sys.modules[f"{package.__name__}.api.things.list_things"]
    result = operation.sync_detailed(client=client, **({"ids": ids} if ids else {}))
    return result, asked[0]


THING = {"colour": "red", "size": 1, "kind": "thing"}


@pytest.fixture(scope="module")
def plain(generate: Callable[..., ModuleType]) -> ModuleType:
    """The sample as the generator writes it."""
    return generate("sample_plain", ())


@pytest.fixture(scope="module")
def mended(generate: Callable[..., ModuleType]) -> ModuleType:
    """The sample with every override."""
    return generate("sample_mended", overrides.OVERRIDES)


def still_raises(what: Callable[[], object], name: str) -> None:
    """Fail when the generator has learned what an override was for."""
    try:
        what()
    except ValueError:
        return
    pytest.fail(f"the override {name!r} is no longer needed")


def test_unknown_enum_values_come_through_as_themselves(mended: ModuleType) -> None:
    thing = call(mended, body=THING | {"colour": "blue", "size": 3})[0].parsed
    assert (thing.colour, thing.size) == ("blue", 3)
    assert thing.to_dict() == THING | {"colour": "blue", "size": 3}
    assert copy.deepcopy(thing.colour) == "blue"
    assert pickle.loads(pickle.dumps(thing.size)) == 3


def test_an_enum_with_one_member_stays_closed_because_it_selects_a_variant(mended: ModuleType) -> None:
    with pytest.raises(ValueError, match="other"):
        call(mended, body=THING | {"kind": "other"})


@pytest.mark.parametrize("value", [{"colour": 7}, {"size": "large"}, {"size": True}])
def test_an_enum_value_of_another_type_is_still_refused(mended: ModuleType, value: dict[str, Any]) -> None:
    if value == {"size": True}:
        assert call(mended, body=THING | value)[0].parsed.size == 1  # Python: True is the known member 1
        return
    with pytest.raises(ValueError, match="is not a valid"):
        call(mended, body=THING | value)


def test_the_open_enum_overrides_are_needed(plain: ModuleType) -> None:
    still_raises(lambda: call(plain, body=THING | {"colour": "blue"}), "open str enums")
    still_raises(lambda: call(plain, body=THING | {"size": 3}), "open int enums")


def test_a_list_that_does_not_explode_is_one_parameter(mended: ModuleType) -> None:
    _, url = call(mended, body=THING, ids=["a", "b"])
    assert url.params.multi_items() == [("ids", "a,b")]


def test_the_explode_override_is_needed(plain: ModuleType) -> None:
    _, url = call(plain, body=THING, ids=["a", "b"])
    if url.params.multi_items() == [("ids", "a,b")]:
        pytest.fail("the override 'explode: false' is no longer needed")


def test_a_status_without_a_name_is_an_answer_like_any_other(mended: ModuleType) -> None:
    assert call(mended, status=520)[0].status_code == 520


def test_the_status_overrides_are_needed(plain: ModuleType) -> None:
    still_raises(lambda: call(plain, status=520), "any HTTP status")


def test_an_operation_loads_the_models_it_needs_and_no_others(mended: ModuleType) -> None:
    models = importlib.import_module(f"{mended.__name__}.models")
    assert f"{mended.__name__}.models.thing" in sys.modules
    assert f"{mended.__name__}.models.other" not in sys.modules
    assert "Other" in models.__all__
    assert models.Other(name="a").to_dict() == {"name": "a"}
    with pytest.raises(AttributeError, match="Nothing"):
        _ = models.Nothing


def test_the_override_of_when_models_are_loaded_is_needed(plain: ModuleType) -> None:
    if f"{plain.__name__}.models.other" not in sys.modules:
        pytest.fail("the override 'models when needed' is no longer needed")


def test_a_call_is_a_value_that_another_client_can_send(mended: ModuleType) -> None:
    operation = sys.modules[f"{mended.__name__}.api.things.list_things"]
    request = operation.request(ids=["a", "b"])
    assert (request.operation, request.parameters, request.body) == ("list_things", {"ids": ["a", "b"]}, None)
    assert request.build(**request.parameters)["params"] == {"ids": "a,b"}


def test_the_overrides_of_public_requests_are_needed(plain: ModuleType) -> None:
    operation = sys.modules[f"{plain.__name__}.api.things.list_things"]
    if hasattr(operation, "request"):
        pytest.fail("the override 'public requests' is no longer needed")


def test_a_template_that_has_changed_upstream_stops_generation(tmp_path: Path) -> None:
    stale = overrides.Override("stale", "str_enum.py.jinja", "no such text", "", "", "")
    with pytest.raises(overrides.OutdatedError, match="stale"):
        overrides.write_templates(tmp_path, (stale,))
