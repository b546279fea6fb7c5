from __future__ import annotations

import base64
import time

import pytest

from agora_rest.redaction import Secrets, redact, secrets_in, without_stream_keys

SECRETS = Secrets(["a-certificate"])


def test_a_known_secret_goes_wherever_it_stands() -> None:
    assert SECRETS.hide("x=a-certificate&y") == "x=<hidden>&y"


def test_a_secret_inside_basic_credentials_goes() -> None:
    token = base64.b64encode(b"user:a-certificate").decode()
    assert token not in SECRETS.hide(f"Authorization: Basic {token}")


def test_members_that_are_secret_by_name_go_whatever_they_hold() -> None:
    text = '{"sign_key": "one", "secretKey" : "t\\"wo", "accessKey":"three", "secret":"four", "name": "kept"}'
    hidden = SECRETS.hide_members(text)
    assert not any(value in hidden for value in ("one", 'wo"', "three", "four"))
    assert '"name": "kept"' in hidden


def test_an_empty_secret_hides_nothing() -> None:
    assert Secrets(["", "a"]).hide("bc") == "bc"


def test_no_secret_in_a_repr() -> None:
    assert "certificate" not in repr(SECRETS)


@pytest.mark.parametrize("scheme", ["rtmp", "rtmps", "RTMP"])
def test_the_stream_key_of_an_rtmp_url_is_hidden_wherever_it_stands(scheme: str) -> None:
    url = f"{scheme}://host:1935/live2/planted-key?x=1"
    assert redact({"outputs": [{"rtmpUrl": url}, f"to {url}."]}) == {
        "outputs": [{"rtmpUrl": f"{scheme}://host:1935/live2/<hidden>"}, f"to {scheme}://host:1935/live2/<hidden>"]
    }
    assert "planted-key" not in Secrets([]).hide_members(f'{{"rtmpUrl": "{url}"}}')


def test_searching_for_stream_keys_takes_linear_time() -> None:
    started = time.process_time()
    for text in ("rtmp://a" * 50_000, "rtmp://" + "/" * 400_000, "rtmp:/" * 50_000):
        without_stream_keys(text)
    assert time.process_time() - started < 2


def test_every_text_under_a_secret_name_counts_as_a_secret() -> None:
    assert secrets_in({"credentials": {"a": ["one", {"b": "two"}]}, "n": "three", "token": 4}) == {"one", "two"}
    assert secrets_in({"token": "short", "secretKey": "long enough"}, 8) == {"long enough"}
