"""Every secret goes out of a HAR file, and nothing else does."""

from __future__ import annotations

import base64
import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.contract.traffic import redact as redacting
from agora_rest.contract.traffic import units as cutting
from agora_rest.contract.traffic.edits import MARK
from agora_rest.contract.traffic.names import is_secret
from agora_rest.contract.traffic.redact import redact, redact_json
from agora_rest.contract.traffic.units import HarError
from tests.traffic.hars import har

SECRET = "pl4nted-s3cret"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
BASIC = base64.b64encode(f"customer:{SECRET}".encode()).decode()


def redacted(data: bytes) -> bytes:
    target = io.BytesIO()
    redact(io.BytesIO(data), target)
    return target.getvalue()


def request(**members: Any) -> dict[str, Any]:
    return har({"request": {"method": "POST", "url": "https://api.agora.io/x", **members}, "response": {"status": 200}})


def body(text: str) -> dict[str, Any]:
    return request(postData={"mimeType": "application/json", "text": text})


PLANTED: dict[str, Callable[[str], dict[str, Any]]] = {
    "a header": lambda secret: request(headers=[{"name": "Authorization", "value": f"Basic {secret}"}]),
    "a header, value first": lambda secret: request(headers=[{"value": f"Bearer {secret}", "name": "authorization"}]),
    "a header of its own scheme": lambda secret: request(
        headers=[{"name": "Authorization", "value": f"agora {secret}"}]
    ),
    "a header without a scheme": lambda secret: request(headers=[{"name": "X-Agora-Token", "value": secret}]),
    "a Cookie header": lambda secret: request(headers=[{"name": "Cookie", "value": f"a=b; c={secret}"}]),
    "a Set-Cookie header": lambda secret: har(
        {"request": {}, "response": {"headers": [{"name": "Set-Cookie", "value": f"sid={secret}; Path=/"}]}}
    ),
    "a cookie": lambda secret: request(cookies=[{"name": "anything", "value": secret, "path": "/"}]),
    "the query": lambda secret: request(url=f"https://api.agora.io/x?a=1&token={quote(secret)}&b=2"),
    "the first parameter": lambda secret: request(url=f"https://h/?access_token={secret}#top"),
    "a key in a URL": lambda secret: request(url=f"https://h/?key={secret}"),
    "the query's list": lambda secret: request(queryString=[{"name": "key", "value": secret}]),
    "user and password in a URL": lambda secret: request(url=f"https://user:{secret}@h/x"),
    "a URL in a URL": lambda secret: request(url=f"https://h/?to={quote(f'https://x/?token={secret}', safe='')}"),
    "JSON in a URL": lambda secret: request(url=f"https://h/?q={quote(json.dumps({'secretKey': secret}))}"),
    "a referrer": lambda secret: request(headers=[{"name": "Referer", "value": f"https://h/?token={secret}"}]),
    "storage keys": lambda secret: body(json.dumps({"storageConfig": {"accessKey": secret, "secretKey": secret}})),
    "a decryption password": lambda secret: body(json.dumps({"recordingConfig": {"secret": secret}})),
    "JSON in JSON": lambda secret: body(json.dumps({"inner": json.dumps({"more": json.dumps({"secret": secret})})})),
    "an escaped name": lambda secret: body('{"secret\\u004bey": ' + json.dumps(secret) + "}"),
    "all of an object": lambda secret: body(json.dumps({"credentials": {"a": [secret], "b": {"c": secret}}})),
    "JSON with a comment": lambda secret: body(f'{{\n// why\n"secretKey": "{secret}",\n}}'),
    "JSON that is cut off": lambda secret: body(f'{{"a": 1, "secretKey": "{secret}'),
    "JSON lines": lambda secret: body(f'{{"a": 1}}\n{{"accessKey": "{secret}"}}\n'),
    "JSON in a log line": lambda secret: body("sent " + json.dumps(json.dumps({"secretKey": secret}))),
    "Python in a log line": lambda secret: body(f"sent {{'secretKey': '{secret}'}}"),
    "a form": lambda secret: body(f"a=1&client_secret={secret}&b=2"),
    "the fields of a form": lambda secret: request(postData={"params": [{"name": "password", "value": secret}]}),
    "a part of a form": lambda secret: body(
        f'--b\r\nContent-Disposition: form-data; name="secret"\r\nX: y\r\n\r\n{secret}\r\n--b--'
    ),
    "headers as text": lambda secret: body(f"POST / HTTP/1.1\r\nAuthorization: Basic {secret}\r\n\r\n"),
    "base64": lambda secret: har(
        {
            "response": {
                "content": {
                    "text": base64.b64encode(json.dumps({"sign_key": secret}).encode()).decode(),
                    "encoding": "base64",
                }
            }
        }
    ),
    "a certificate in an answer": lambda secret: har(
        {"response": {"content": {"text": json.dumps({"project": [{"sign_key": secret}]})}}}
    ),
    "the title of a page": lambda secret: {"log": {"pages": [{"title": f"https://h/?token={secret}"}], "entries": []}},
    "a comment": lambda secret: {"log": {"comment": f"https://user:{secret}@h/", "entries": []}},
}


def everywhere(data: bytes) -> str:
    """What somebody who looks for secrets in a file sees of it: the text, and what is in base64."""
    seen = [data.decode()]
    for entry in json.loads(data)["log"]["entries"]:
        content = entry.get("response", {}).get("content", {})
        if content.get("encoding") == "base64":
            seen.append(base64.b64decode(content["text"]).decode())
    return "\n".join(seen)


@pytest.mark.parametrize("place", PLANTED)
def test_a_secret_is_found_in(place: str) -> None:
    data = json.dumps(PLANTED[place](SECRET)).encode()
    assert SECRET in everywhere(data) or quote(SECRET) in everywhere(data)
    found = everywhere(redacted(data))
    assert SECRET not in found
    assert MARK in found


MORE_THAN_THE_SECRET_GOES = {
    "a Cookie header",
    "a Set-Cookie header",
    "user and password in a URL",
    "a comment",
    "base64",
}


@pytest.mark.parametrize("place", sorted(PLANTED.keys() - MORE_THAN_THE_SECRET_GOES))
@given(secret=st.text(alphabet="bdfhjlmnpqrvwxz02468", min_size=12, max_size=40))
def test_nothing_but_the_secret_goes_from(place: str, secret: str) -> None:
    data = json.dumps(PLANTED[place](secret)).encode()
    assert redacted(data) == data.replace(secret.encode(), MARK.encode())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"request": {"token": ""}}', True),
        ('{"request": {"token": null, "enable_sign_key": true}}', True),
        ('{"token": 12345, "n": 12345}', False),
        ('{"token": "REDACTED-and-more"}', False),
        ('{"name": "token", "value": 12345}', False),
        (f'{{"url": "wss://h/{JWT}"}}', False),
        ('{"text": "006' + "0a" * 16 + "IAB" * 10 + '"}', False),
        ('{"text": "AKIAABCDEFGHIJKLMNOP"}', False),
        (f'{{"text": "curl -H \'Authorization: Basic {BASIC}\'"}}', False),
        ('{"text": "basic information about tokens, keys and secrets: none"}', True),
        ('{"text": "function f(key){var token=key.token;return {secret:key}}"}', True),
        ('{"text": "if (token==1 && a.key=2) https://example.org/a@b"}', True),
        ('{"sid": "38f8e3cfdc474cd56fc1ceba380d7e1a", "resourceId": "JyvK8nXHuV1BE64GDkAaBGEscvtHW7v8BrQoRPCH"}', True),
    ],
)
def test_a_secret_is_known_by_its_looks_and_what_only_mentions_one_is_kept(text: str, kept: bool) -> None:
    assert (redact_json(text) == text) is kept
    json.loads(redact_json(text))


def test_a_secret_goes_wherever_else_it_stands_in_its_exchange() -> None:
    document = request(
        headers=[{"name": "Authorization", "value": f"Basic {BASIC}"}], comment=f"the certificate was {SECRET}!"
    )
    found = json.loads(redacted(json.dumps(document).encode()))["log"]["entries"][0]["request"]
    assert found["comment"] == f"the certificate was {MARK}!"
    assert found["headers"][0]["value"] == f"Basic {MARK}"


def test_a_password_that_is_a_common_word_takes_no_part_of_another_word_with_it() -> None:
    token = base64.b64encode(b"customer:recording").decode()
    url = "https://api.agora.io/v1/apps/a/cloud_recording/acquire?x=recording"
    document = request(url=url, headers=[{"name": "Authorization", "value": f"Basic {token}"}])
    found = json.loads(redacted(json.dumps(document).encode()))["log"]["entries"][0]["request"]
    assert found["url"] == "https://api.agora.io/v1/apps/a/cloud_recording/acquire?x=REDACTED"


def test_base64_keeps_its_length_and_what_it_says_beside_the_secret() -> None:
    said = {"before": "\u00e9", "sign_key": SECRET, "behind": [1, 2]}
    text = base64.b64encode(json.dumps(said).encode()).decode()
    document = har({"response": {"content": {"text": text, "encoding": "base64"}}})
    content = json.loads(redacted(json.dumps(document).encode()))["log"]["entries"][0]["response"]["content"]["text"]
    assert len(content) == len(text)
    assert json.loads(base64.b64decode(content)) == {**said, "sign_key": MARK.ljust(len(SECRET), "-")}


def test_redacting_twice_changes_nothing_more() -> None:
    for plant in PLANTED.values():
        once = redacted(json.dumps(plant(SECRET)).encode())
        assert redacted(once) == once


WORDS = st.text(alphabet=st.characters(codec="utf-8"), max_size=20).filter(lambda word: not is_secret(word))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "value", "name", "é"]), inner),
    max_leaves=20,
)


@given(
    entries=st.lists(PLAIN, max_size=3),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
    nested=st.booleans(),
)
def test_a_file_without_secrets_stays_byte_for_byte(
    entries: list[Any], ascii_only: bool, indent: int | None, nested: bool
) -> None:
    if nested:
        entries = [{"text": json.dumps(entry, ensure_ascii=not ascii_only)} for entry in entries]
    data = json.dumps(har(*entries), ensure_ascii=ascii_only, indent=indent).encode()
    assert redacted(data) == data


@given(
    entries=st.lists(PLAIN, min_size=1, max_size=3),
    ascii_only=st.booleans(),
    secret=st.text(alphabet="abcdefgh0123456789+_", min_size=8, max_size=40),
    wrapped=st.integers(0, 3),
)
def test_around_a_secret_a_file_stays_byte_for_byte(
    entries: list[Any], ascii_only: bool, secret: str, wrapped: int
) -> None:
    secret = f"Zq{secret}Zq"  # nothing that could stand elsewhere

    def file(value: str) -> bytes:
        content: Any = {"before": entries, "secretKey": value, "behind": entries}
        for _ in range(wrapped):
            content = {"é": json.dumps(content, ensure_ascii=ascii_only)}
        return json.dumps(har({"content": content}), ensure_ascii=ascii_only).encode()

    assert redacted(file(secret)) == file(MARK)


def test_bytes_that_are_no_utf8_stay() -> None:
    data = b'{"log": {"entries": [{"text": "\xff\xfe \xc3", "token": "\xff"}]}}'
    assert redacted(data) == data.replace(b'"token": "\xff"', b'"token": "REDACTED"')


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_CHUNK", 64)
    monkeypatch.setattr(cutting, "LONGEST_STRING", 256)
    monkeypatch.setattr(redacting, "_WINDOW", 1024)
    monkeypatch.setattr(redacting, "_OVERLAP", 256)


@pytest.mark.usefixtures("small_windows")
class TestLongStrings:
    """What does not fit into memory is searched piece by piece."""

    @pytest.mark.parametrize("before", range(900, 1500, 7))
    def test_a_secret_is_found_wherever_pieces_begin_and_end(self, before: int) -> None:
        def file(value: str) -> bytes:
            text = "ab, " * (before // 4) + "x" * (before % 4) + json.dumps({"secretKey": value}) + " \u00e9" * 900
            return json.dumps(har({"text": text})).encode()

        assert redacted(file(SECRET)) == file(MARK)

    @pytest.mark.parametrize("before", range(600, 1300, 11))
    def test_a_secret_is_found_in_base64_wherever_pieces_begin_and_end(self, before: int) -> None:
        def file(value: str) -> bytes:
            content = b"\x00\x01" * (before // 2) + json.dumps({"secretKey": value}).encode() + b"\xfe" * 2000
            return json.dumps(har({"text": base64.b64encode(content).decode()})).encode()

        assert redacted(file(SECRET)) == file(MARK.ljust(len(SECRET), "-"))

    def test_a_long_string_that_is_a_secret_itself_goes_as_a_whole(self) -> None:
        data = json.dumps(har({"secretKey": "0123456789abcdef" * 500, "n": 1})).encode()
        assert json.loads(redacted(data))["log"]["entries"] == [{"secretKey": MARK, "n": 1}]

    def test_several_long_strings_of_one_exchange_keep_their_places(self) -> None:
        document = har({"a": "\\" * 2000, "b": ["x\n" * 2000, {"c": '"' * 900}]}, {"d": "\U0001f600" * 999})
        data = json.dumps(document).encode()
        assert redacted(data) == data


def test_what_is_no_har_file_is_refused() -> None:
    with pytest.raises(HarError):
        redacted(b'{"log": {"entries": [{"request": ')


class Generated(io.RawIOBase):
    """A file that is made while it is read, so that only the reader's memory is measured."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


class Nowhere(io.RawIOBase):
    written = 0

    def write(self, data: Any) -> int:
        self.written += len(data)
        return len(data)


def many_exchanges(megabytes: int) -> Iterator[bytes]:
    yield b'{"log": {"entries": ['
    document = PLANTED["storage keys"](SECRET)["log"]["entries"][0]
    document["response"] = {"status": 200, "content": {"text": "a line of nothing in particular\n" * 200}}
    one = json.dumps(document).encode()
    for number in range(megabytes * 1_000_000 // len(one)):
        yield (b", " if number else b"") + one
    yield b"]}}"


def one_long_body(megabytes: int) -> Iterator[bytes]:
    yield b'{"log": {"entries": [{"response": {"content": {"encoding": "base64", "text": "'
    for _ in range(megabytes):
        yield base64.b64encode(bytes(750_000))
    yield b'"}}}]}}'


@pytest.mark.parametrize(("make", "megabytes"), [(many_exchanges, 12), (one_long_body, 64)])
def test_memory_does_not_grow_with_the_file(make: Callable[[int], Iterator[bytes]], megabytes: int) -> None:
    def peak(size: int) -> int:
        target = Nowhere()
        tracemalloc.start()
        redact(Generated(make(size)), target)  # type: ignore[arg-type]
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert target.written > 0.9 * size * 1_000_000
        return used

    small, large = peak(megabytes // 2), peak(megabytes)
    assert large < small * 1.2
    assert large < 32_000_000
