from __future__ import annotations

import base64

from agora_rest.contract.results.redaction import Secrets

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
