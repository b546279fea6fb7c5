"""URLs are those that httpx would read."""

from __future__ import annotations

import httpx
import pytest

from agora_rest.client._transports.urls import url_of

PLAIN = [
    "https://api.agora.io/dev/v1/projects",
    "https://api.agora.io/dev/v1/projects/",
    "http://127.0.0.1:8080/v1/apps/0123456789abcdef/cloud_recording/resourceid/a-b_c",
    "http://[::1]:8080/v1/channel/x.y~z",
    "https://API.Agora.IO:443/v1",
    "http://host:80/v1",
]
OTHERS = [
    "https://api.agora.io",
    "https://api.agora.io/v1/../v2",
    "https://api.agora.io/v1/.",
    "https://api.agora.io//v1",
    "https://api.agora.io/v1?a=b",
    "https://api.agora.io/v1/%41%20b",
    "https://api.agora.io/v1/a b",
    "https://api.agora.io/v1/é",
    "https://user:password@api.agora.io/v1",
    "https://api.agora.io/v1\n",
    f"https://api.agora.io/{'a' * 10_000}",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_url_is_made_without_reading_it(text: str) -> None:
    made, read = url_of(text), httpx.URL(text)
    assert isinstance(made, httpx.URL)
    assert made == read
    assert (made.scheme, made.host, made.port, made.path) == (read.scheme, read.host, read.port, read.path)
    assert (made.raw_path, made.netloc, made.query, str(made)) == (read.raw_path, read.netloc, read.query, str(read))


@pytest.mark.parametrize("text", OTHERS)
def test_any_other_is_left_to_httpx(text: str) -> None:
    assert url_of(text) is text


def test_a_host_that_httpx_refuses_is_refused() -> None:
    with pytest.raises(httpx.InvalidURL):
        httpx.Request("GET", url_of("http://host:port/v1"))
