"""Paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.emulator.web.routing import Router, decode


@pytest.fixture
def router() -> Router[str]:
    made: Router[str] = Router()
    made.add("GET", "/v1/channel/{appid}", "channels")
    made.add("GET", "/v1/channel/user/{appid}/{cname}", "users")
    made.add("GET", "/v1/channel/user/property/{appid}/{uid}/{cname}", "user")
    made.add("GET", "/v1/project/", "find")
    made.add("POST", "/v1/project/", "create")
    return made


@pytest.mark.parametrize(
    ("path", "target", "parameters"),
    [
        ("/v1/channel/a", "channels", {"appid": "a"}),
        ("/v1/channel/user", "channels", {"appid": "user"}),
        ("/v1/channel/user/a/c", "users", {"appid": "a", "cname": "c"}),
        ("/v1/channel/user/property/c", "users", {"appid": "property", "cname": "c"}),
        ("/v1/channel/user/property/a/1/c", "user", {"appid": "a", "uid": "1", "cname": "c"}),
        ("/v1/channel/user/a/..", "users", {"appid": "a", "cname": ".."}),
        ("/v1/channel/user/a/x%2Fy", "users", {"appid": "a", "cname": "x%2Fy"}),
        ("/v%31/project/", "find", {}),
    ],
)
def test_a_path_is_found_with_its_parameters_as_they_came(router, path: str, target: str, parameters: dict) -> None:
    match = router.find(path)
    assert (match.methods["GET"], match.parameters) == (target, parameters)


@pytest.mark.fact("CR-04")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1/project",
        "/v1/Project/",
        "/V1/project/",
        "/v1//project/",
        "//v1/project/",
        "/v1/channel/",
        "/v1/channel/user//c",
        "/v1/channel/user/a/c/",
        "/v1/project/%ff",
        "/v1/project/%",
        "/v1/project%2F",
        "/v1/project/x",
    ],
)
def test_another_path_is_not_found(router: Router[str], path: str) -> None:
    assert router.find(path) is None


def test_what_a_path_allows_is_known(router: Router[str]) -> None:
    assert router.find("/v1/project/").allow == b"GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("segment", ["%", "%4", "%zz", "a%", "%ff", "%c3", "ä"])
def test_what_is_not_percent_encoded_utf8_is_refused(segment: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of several kinds
        decode(segment)


@given(st.text())
def test_every_text_comes_back_from_its_encoding(text: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in text.encode("utf-8"))
    assert decode(encoded) == text
