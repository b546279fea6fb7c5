"""Redaction by allow-list: what is not known to be harmless is hidden, and a check finds what it found before."""

from __future__ import annotations

import base64
import copy
import gzip
import io
import json
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agora_rest.contract.traffic.check import Report, check
from agora_rest.contract.traffic.redact import redact
from agora_rest.contract.traffic.units import HarError
from agora_rest.redaction.occurrences import Occurrences
from tests.traffic.hars import (
    APP_ID,
    CONSOLE,
    IDENTITY,
    RECORDING,
    START,
    STORAGE,
    acquired,
    checked,
    entry,
    har,
    queried,
    started,
    stopped,
)

FIXTURES = sorted((Path(__file__).parents[2] / "contract_tests" / "fixtures").glob("*.har"))
KEY = bytes(32)
MARK = re.compile(r"hidden-?[0-9a-f]{12,26}|192\.0\.2\.")
SECRET = "Pl4nted-s3cret-Q7"
BASIC = base64.b64encode(f"customer:{SECRET}".encode()).decode()


def redacted(document: Any, **options: Any) -> Any:
    return json.loads(redacted_bytes(json.dumps(document).encode(), **options))


def redacted_bytes(data: bytes, **options: Any) -> bytes:
    target = io.BytesIO()
    redact(io.BytesIO(data), target, **{"key": KEY, **options})
    return target.getvalue()


def found(document: Any) -> dict[str, Any]:
    """What a check says of a file, apart from values."""
    report = checked(document)
    findings = Counter((each.operation, each.check, each.facts, each.title, each.times) for each in report.findings)
    return {
        "findings": findings,
        "exchanges": report.exchanges,
        "other_hosts": sorted(report.other_hosts.values()),
        "unmatched": Counter((each.method, each.status) for each in report.unmatched.elements()),
        "newer": report.not_in_documents,
        "unseen": (report.other_paths, report.unanswered, report.unseen_bodies),
    }


def assert_only_hidden(before: Any, after: Any) -> None:
    """Nothing but what is hidden changes: the structure is the same, and what differs is a mark or empty."""
    if isinstance(before, dict) and isinstance(after, dict):
        assert len(before) == len(after)
        for (name, old), (new_name, new) in zip(before.items(), after.items(), strict=True):
            assert new_name == name or MARK.search(new_name)
            assert_only_hidden(old, new)
    elif isinstance(before, list) and isinstance(after, list):
        assert len(before) == len(after)
        for old, new in zip(before, after, strict=True):
            assert_only_hidden(old, new)
    elif before != after and not (isinstance(after, str) and MARK.search(unquote(after))):
        assert isinstance(before, str)
        assert isinstance(after, str)
        assert_only_hidden(json.loads(before), json.loads(after))


# -- nothing that is not known to be harmless survives -----------------------------------------------------------------


def request(**members: Any) -> dict[str, Any]:
    exchange = acquired()
    exchange["request"].update(members)
    return exchange


def answered(text: str, **members: Any) -> dict[str, Any]:
    exchange = acquired()
    exchange["response"]["content"].update({"text": text, **members})
    return exchange


def sent(body: Any) -> dict[str, Any]:
    return acquired(body=body)


def today(path: str, client_request: dict[str, Any]) -> dict[str, Any]:
    """A call of the present documents."""
    sid = "" if path.endswith("start") else "sid/s1/"
    url = f"{RECORDING}/resourceid/r1/{sid}mode/{path}"
    answer = {"cname": IDENTITY["cname"], "uid": IDENTITY["uid"], "resourceId": "r1", "sid": "s1"}
    return entry("POST", url, {**IDENTITY, "clientRequest": client_request}, answer=answer)


def pushed_to(key: str) -> dict[str, str]:
    return {"rtmpUrl": f"rtmp://live.example.com/app/{key}"}


def page(param: dict[str, Any]) -> dict[str, Any]:
    """The start of the recording of a page."""
    return today("web/start", {"extensionServiceConfig": {"extensionServices": [{"serviceParam": param}]}})


def header(name: str, value: str) -> dict[str, Any]:
    return request(headers=[{"name": name, "value": value}])


PLANTED: dict[str, Callable[[str], dict[str, Any]]] = {
    "credentials": lambda secret: header("Authorization", f"Basic {secret}"),
    "credentials of another scheme": lambda secret: header("Authorization", f"agora token={secret}"),
    "credentials without a scheme": lambda secret: header("Authorization", secret),
    "an unknown header": lambda secret: header("X-Anything", secret),
    "a header's name": lambda secret: header(secret, "x"),
    "a harmless header": lambda secret: header("Content-Length", secret),
    "a parameter of a media type": lambda secret: header("Content-Type", f"application/json; boundary={secret}"),
    "a media type": lambda secret: request(postData={"mimeType": f"application/{secret}", "text": "{}"}),
    "a cookie": lambda secret: request(cookies=[{"name": "a", "value": secret}]),
    "a member of a cookie": lambda secret: request(cookies=[{"name": secret, "value": "a", "path": f"/{secret}"}]),
    "headers as an object": lambda secret: request(headers={"Authorization": secret}),
    "a method": lambda secret: request(method=secret),
    "a protocol": lambda secret: request(httpVersion=secret),
    "a host": lambda secret: entry("GET", f"https://{secret}.example.com/"),
    "a host like Agora's": lambda secret: entry("GET", f"https://api.agora.io.{secret}.com/"),
    "the path of another host": lambda secret: entry("GET", f"https://example.com/{secret}/a"),
    "userinfo": lambda secret: entry("GET", f"https://user:{secret}@api.agora.io/dev/v1/projects"),
    "userinfo alone": lambda secret: entry("GET", f"https://{secret}@api.agora.io/dev/v1/projects"),
    "an unknown path": lambda secret: entry("GET", f"{CONSOLE}/v2/{secret}"),
    "a path's parameter": lambda secret: entry("GET", f"{RECORDING}/resourceid/{secret}/sid/{secret}/mode/mix/query"),
    "a channel in a path": lambda secret: entry("GET", f"{CONSOLE}/v1/channel/user/{APP_ID}/{secret}"),
    "an unknown parameter": lambda secret: entry("GET", f"{CONSOLE}/v1/projects?x={secret}"),
    "a parameter's name": lambda secret: entry("GET", f"{CONSOLE}/v1/projects?{secret}=x"),
    "a known parameter": lambda secret: entry("GET", f"{CONSOLE}/v1/usage?from_date={secret}&projects=a,{secret}"),
    "a fragment": lambda secret: entry("GET", f"{CONSOLE}/v1/projects#token={secret}"),
    "a broken URL": lambda secret: entry("GET", f"https://[::1/{secret}"),
    "a port": lambda secret: entry("GET", f"https://api.agora.io:{secret}/"),
    "an odd scheme": lambda secret: entry("GET", f"rtmp://api.agora.io/live/{secret}"),
    "the list of parameters": lambda secret: request(queryString=[{"name": "token", "value": secret}]),
    "storage keys": lambda secret: started(body={**START, "clientRequest": {"storageConfig": {"secretKey": secret}}}),
    "a secret that is an object": lambda secret: sent({**IDENTITY, "clientRequest": {"secret": {"a": [secret]}}}),
    "a channel's name": lambda secret: sent({**IDENTITY, "cname": secret}),
    "an unknown member": lambda secret: sent({**IDENTITY, "anything": {"a": [secret]}}),
    "a member's name": lambda secret: sent({**IDENTITY, secret: 1}),
    "a known member of another type": lambda secret: sent({**IDENTITY, "uid": {"a": secret}}),
    "an RTMP URL": lambda secret: sent({**IDENTITY, "clientRequest": {"rtmpUrl": f"rtmp://h/live/{secret}"}}),
    "a token of the storage": lambda secret: today("mix/start", {"storageConfig": {**STORAGE, "stsToken": secret}}),
    "a token of the channel": lambda secret: today("individual/start", {"token": secret}),
    "a salt": lambda secret: today("mix/start", {"recordingConfig": {"salt": secret, "secret": "a"}}),
    "a stream key at the start": lambda secret: page({"outputs": [pushed_to(secret)]}),
    "a stream key in an update": lambda secret: today(
        "web/update", {"rtmpPublishConfig": {"outputs": [pushed_to(secret)]}}
    ),
    "a stream key in a status": lambda secret: entry(
        "GET",
        f"{RECORDING}/resourceid/r1/sid/s1/mode/web/query",
        answer={"serverResponse": {"extensionServiceState": [{"payload": {"outputs": [pushed_to(secret)]}}]}},
    ),
    "the address of a page": lambda secret: page({"url": f"https://example.com/?key={secret}"}),
    "the parameters of a start": lambda secret: sent(
        {**IDENTITY, "clientRequest": {"startParameter": {"storageConfig": {"secretKey": secret}}}}
    ),
    "a body that is a list": lambda secret: sent([secret]),
    "a body that is a string": lambda secret: sent(json.dumps(secret)),
    "a key given twice": lambda secret: sent(f'{{"secretKey": "{secret}", "secretKey": ""}}'),
    "broken JSON": lambda secret: sent(f'{{"secretKey": "{secret}", '),
    "deep JSON": lambda secret: sent('{"a":' * 5000 + f'"{secret}"' + "}" * 5000),
    "YAML": lambda secret: sent(f"secretKey: {secret}"),
    "the fields of a form": lambda secret: request(
        postData={"mimeType": "x", "params": [{"name": "a", "value": secret, "fileName": secret, "comment": secret}]}
    ),
    "JSON where a form is": lambda secret: request(postData={"mimeType": "x", "params": {"a": secret}}),
    "a server's words": lambda secret: acquired(
        status=400, answer={"Code": 400, "Body": {"code": 2, "reason": secret}}
    ),
    "an echo": lambda secret: acquired(
        headers={"X-Api-Key": secret}, status=400, answer={"Code": 400, "Body": {"reason": f"no {secret} here"}}
    ),
    "a certificate": lambda secret: entry(
        "GET", f"{CONSOLE}/v1/projects", answer={"projects": [{"sign_key": secret, "name": secret}]}
    ),
    "HTML": lambda secret: answered(f"<p>{secret}</p>", mimeType="text/html"),
    "base64": lambda secret: answered(base64.b64encode(f'{{"a": "{secret}"}}'.encode()).decode(), encoding="base64"),
    "base64 of gzip": lambda secret: answered(
        base64.b64encode(gzip.compress(secret.encode(), mtime=0)).decode(), encoding="base64"
    ),
    "what is no base64": lambda secret: answered(secret, encoding="base64"),
    "an encoding": lambda secret: answered("{}", encoding=secret),
    "a body of another type": lambda secret: answered({"a": secret}),  # type: ignore[arg-type]
    "a redirection": lambda secret: {
        **acquired(),
        "response": {"status": 302, "redirectURL": f"https://u:{secret}@x/?token={secret}"},
    },
    "the words of a status": lambda secret: {**acquired(), "response": {"status": 400, "statusText": secret}},
    "a comment": lambda secret: {**acquired(), "comment": secret},
    "a custom member": lambda secret: {**acquired(), "_custom": {"a": [{"b": secret}]}},
    "a custom member's name": lambda secret: {**acquired(), f"_{secret}": 1},
    "a WebSocket message": lambda secret: {**acquired(), "_webSocketMessages": [{"type": "send", "data": secret}]},
    "an address": lambda secret: {**acquired(), "serverIPAddress": secret},
    "a time": lambda secret: {**acquired(), "startedDateTime": secret},
    "a timing": lambda secret: {**acquired(), "timings": {"wait": secret, secret: 1}},
    "the cache": lambda secret: {**acquired(), "cache": {"beforeRequest": {"eTag": secret}}},
    "an exchange of another type": lambda secret: [secret],  # type: ignore[dict-item, return-value]
}


def everywhere(data: bytes) -> str:
    """The text of a file as one sees it who looks for secrets: decoded, and with what is in base64 and gzip."""
    seen = [data.decode(), unquote(data.decode()), json.dumps(json.loads(data), ensure_ascii=False)]
    for found in re.findall(r"[A-Za-z0-9+/=_-]{12,}", seen[0]):
        try:
            inside = base64.b64decode(found.replace("-", "+").replace("_", "/"))
            seen.append(inside.decode("latin-1"))
            seen.append(gzip.decompress(inside).decode("latin-1"))
        except (ValueError, OSError, EOFError):
            continue
    return "\n".join(seen)


SECRETS = st.text(alphabet="bdfhjlmnpqrvwxzBDFHJ02468", min_size=12, max_size=40).filter(
    lambda text: re.search("[0-9]{11}|[0-9].*[a-zA-Z].*[0-9]", text)
)


@pytest.mark.parametrize("place", PLANTED)
@given(secret=st.just(SECRET) | SECRETS)
@settings(max_examples=3, deadline=None)
def test_no_secret_survives_in(place: str, secret: str) -> None:
    data = json.dumps(har(PLANTED[place](secret))).encode()
    assert secret.lower() not in everywhere(redacted_bytes(data)).lower()


@pytest.mark.parametrize(
    "document",
    [
        {**har(), "_password": SECRET},
        {"log": {**har()["log"], "comment": SECRET, "_x": {"a": SECRET}}},
        {
            "log": {
                **har()["log"],
                "pages": [{"id": SECRET, "title": SECRET, "_x": SECRET, "pageTimings": {"onLoad": SECRET}}],
            }
        },
        {"log": {**har()["log"], "creator": {"name": SECRET, "version": SECRET, "comment": SECRET}, "version": SECRET}},
        {"log": {**har()["log"], "browser": [SECRET]}},
    ],
)
def test_no_secret_survives_beside_the_exchanges(document: dict[str, Any]) -> None:
    assert SECRET not in json.dumps(redacted(document))


def test_credentials_in_base64_do_not_survive() -> None:
    exchange = acquired(headers={"Authorization": f"Basic {BASIC}"}, answer=f"password {SECRET} is wrong")
    text = everywhere(redacted_bytes(json.dumps(har(exchange)).encode()))
    assert BASIC not in text
    assert SECRET not in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.just(SECRET) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.just(SECRET) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def mutated(value: Any, path: list[int], new: Any) -> Any:
    """`value` with the part that `path` leads to replaced."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    copied = copy.copy(value)
    copied[key] = mutated(value[key], path[1:], new)
    return copied


@given(path=st.lists(st.integers(0, 20), min_size=1, max_size=7), new=JSON)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_wrong_types_anywhere_leave_no_secret_and_crash_nothing(path: list[int], new: Any) -> None:
    document = {"log": mutated(har(started(), queried())["log"], path, new)}
    data = json.dumps(document).encode("utf-8", "surrogatepass")
    assert SECRET not in outcome(lambda: redacted_bytes(data).decode("utf-8", "surrogatepass"))
    assert SECRET not in outcome(lambda: str(check(io.BytesIO(data), Report())))


def outcome(work: Callable[[], str]) -> str:
    try:
        return work()
    except HarError as error:
        return str(error)


# -- what is harmless stays, and IDs match -----------------------------------------------------------------------------


def test_what_the_specifications_know_to_be_harmless_stays() -> None:
    exchange = started(
        headers={"Content-Length": "12", "Date": "Tue, 03 Mar 2026 10:00:00 GMT", "Connection": "keep-alive"},
        status=400,
        answer={"Code": 400, "Body": {"code": 1001, "reason": "failed to find worker"}},
    )
    assert_only_hidden(har(exchange), after := redacted(har(exchange)))
    shown = after["log"]["entries"][0]
    assert shown["request"]["headers"] == exchange["request"]["headers"]
    assert shown["response"] == exchange["response"] or json.loads(shown["response"]["content"]["text"]) == {
        "Code": 400,
        "Body": {"code": 1001, "reason": "failed to find worker"},
    }
    body = json.loads(shown["request"]["postData"]["text"])
    assert body["uid"] == IDENTITY["uid"]
    storage = body["clientRequest"]["storageConfig"]
    assert {name: storage[name] for name in ("vendor", "region")} == {"vendor": 2, "region": 3}
    assert shown["request"]["url"].startswith("https://api.agora.io/v1/apps/hidden")


def test_the_same_value_gets_the_same_mark_in_one_run_and_another_in_the_next() -> None:
    document = har(acquired("Qr7-x"), started("Qr7-x", "s1"), queried("Qr7-x", "s1"))
    one, two = redacted(document, key=None), redacted(document, key=None)
    assert one != two
    marks = [re.findall(r"hidden-[0-9a-f]{12}", each["request"]["url"]) for each in one["log"]["entries"][1:]]
    answer = json.loads(one["log"]["entries"][0]["response"]["content"]["text"])
    assert marks[0][0] == marks[1][0] == answer["Body"]["resourceId"]


def test_redacting_twice_changes_nothing_more() -> None:
    for plant in PLANTED.values():
        once = redacted_bytes(json.dumps(har(plant(SECRET))).encode())
        assert json.loads(redacted_bytes(once, key=b"other")) == json.loads(once)


def test_what_the_caller_names_stays() -> None:
    exchange = {**started(headers={"X-Request-Id": "abc-1"}), "comment": "a note"}
    after = redacted(har(exchange), keep=["cname", "X-Request-ID", "comment", "appid"])["log"]["entries"][0]
    assert json.loads(after["request"]["postData"]["text"])["cname"] == IDENTITY["cname"]
    assert after["request"]["headers"] == exchange["request"]["headers"]
    assert after["comment"] == "a note"
    assert APP_ID in after["request"]["url"]
    assert STORAGE["secretKey"] not in json.dumps(after)


def test_a_named_host_is_judged_by_the_specifications() -> None:
    document = har(entry("GET", "https://proxy.test/dev/v1/projects?page=1", answer={"projects": []}))
    assert "proxy.test" not in json.dumps(redacted(document))
    after = redacted(document, hosts=["Proxy.test"])["log"]["entries"][0]
    assert after["request"]["url"].startswith("https://agora-1.example/dev/v1/projects?")
    assert json.loads(after["response"]["content"]["text"]) == {"projects": []}


# -- a check finds what it found before --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_check_of_a_redacted_fixture_finds_the_same(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    after = redacted(document)
    assert_only_hidden(document, after)
    assert found(after) == found(document)


LEAVES = st.sampled_from(
    [
        *(None, True, 0, 7, -1, 3.5, 2**40, 10**20, "", "7", "007", "abc", "a/b", "語", "x" * 100, "1" * 13),
        *(SECRET, APP_ID, "2020-01-31", "2020-1-1", "10.0.0.1", "::1", "10.0.0.1:80", "mix", "individual", "success"),
        *("failed to find worker", "project not exit", [], {}, [1, "a"], {"a": SECRET}, {"code": 2}, ["join_channel"]),
    ]
)
EXCHANGES: list[dict[str, Any]] = [
    acquired(),
    started(),
    queried(at=6),
    stopped(at=9),
    *(
        each
        for path in FIXTURES
        for each in json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
        if not path.stem.startswith("observed")
    ),
]


@st.composite
def changed_exchanges(draw: st.DrawFn) -> dict[str, Any]:
    """An exchange with a part of its bodies, URL, status or headers changed."""
    exchange: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(EXCHANGES)))
    message = exchange[draw(st.sampled_from(["request", "response"]))]
    part = message.get("postData") or message.get("content") or {}
    change = draw(st.sampled_from(["body", "body", "body", "status", "header", "query", "path", "text", "method"]))
    if change == "body" and part.get("text"):
        path = draw(st.lists(st.integers(0, 9), min_size=1, max_size=5))
        part["text"] = json.dumps(mutated(json.loads(part["text"]), path, draw(LEAVES)))
    elif change == "text" and part:
        part["text"] = draw(st.sampled_from(["", "no JSON", "{", "<p>", "null", "[]", "failed to find worker"]))
    elif change == "status":
        exchange["response"]["status"] = draw(st.sampled_from([0, 200, 201, 206, 400, 401, 404, 418, 500, 504]))
    elif change == "header":
        name = draw(st.sampled_from(["Content-Type", "Authorization", "X-Custom", "Retry-After"]))
        values = ["text/html", "application/json; charset=gbk", "application/json", "Bearer abc", "Basic YTpi", SECRET]
        message["headers"] = [{"name": name, "value": draw(st.sampled_from(values))}]
    elif change == "query":
        name = draw(st.sampled_from(["from_date", "page_size", "projects", "business", "x", "id"]))
        value = quote(str(draw(LEAVES)))
        exchange["request"]["url"] += f"{'&' if '?' in exchange['request']['url'] else '?'}{name}={value}"
    elif change == "path":
        segments = exchange["request"]["url"].split("/")
        segments[draw(st.integers(3, max(3, len(segments) - 1))) % len(segments)] = quote(str(draw(LEAVES)), safe="")
        exchange["request"]["url"] = "/".join(segments)
    elif change == "method":
        exchange["request"]["method"] = draw(st.sampled_from(["GET", "POST", "PATCH", "OPTIONS"]))
    return exchange


@given(exchanges=st.lists(changed_exchanges(), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_check_of_redacted_traffic_finds_the_same(exchanges: list[dict[str, Any]]) -> None:
    document = har(*exchanges)
    assert found(redacted(document)) == found(document)


def test_a_check_finds_the_same_where_a_refusal_has_the_body_of_a_success() -> None:
    """What a member means depends on the status: redaction hides a project where the schema of a refusal has none."""
    project = {"project": [{"id": "xxxx", "name": "demo", "status": 1}]}
    success = entry("GET", "https://api.agora.io/dev/v1/project?id=xxxx", answer={"project": {"id": "xxxx"}})
    refusal = entry("POST", "https://api.agora.io/dev/v1/project", {"name": "demo"}, answer=project, status=400)
    document = har(success, refusal)
    assert found(redacted(document)) == found(document)


def test_a_leaked_secret_is_still_found() -> None:
    exchange = started(answer={"Code": 200, "Body": {"resourceId": "r1", "sid": f"x-{STORAGE['secretKey']}"}})
    assert "no_secrets_in_responses" in [check for _, check, *_ in found(har(exchange))["findings"]]
    assert found(redacted(har(exchange))) == found(har(exchange))


# -- size --------------------------------------------------------------------------------------------------------------


WORDS = [
    "key",
    "token=",
    '"token":"',
    "://a",
    "Basic AAAA ",
    "-----BEGIN PRIVATE KEY-----",
    "eyJaaaaaaaa.eyJ",
    "rtmp://a",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_repeated_word_takes_linear_time(word: str) -> None:
    data = json.dumps(har(acquired(answer=word * 60_000), sent({**IDENTITY, "cname": word * 60_000}))).encode()
    begun = time.process_time()
    redacted_bytes(data)
    check(io.BytesIO(data), Report())
    assert time.process_time() - begun < 4


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
    def write(self, data: Any) -> int:
        return len(data)


def many_exchanges(megabytes: int) -> Iterator[bytes]:
    one = json.dumps(acquired(answer="a line of nothing in particular\n" * 200)).encode()
    yield b'{"log": {"entries": ['
    for number in range(megabytes * 1_000_000 // len(one)):
        yield (b", " if number else b"") + one
    yield b"]}}"


def one_long_body(megabytes: int) -> Iterator[bytes]:
    before, behind = json.dumps(har(answered("@"))).encode().split(b"@")
    yield before
    for _ in range(megabytes):
        yield base64.b64encode(bytes(750_000))
    yield behind


@pytest.mark.slow
@pytest.mark.parametrize(("make", "megabytes"), [(many_exchanges, 12), (one_long_body, 64)])
@pytest.mark.parametrize("work", ["redact", "check"])
def test_memory_does_not_grow_with_the_file(make: Callable[[int], Iterator[bytes]], megabytes: int, work: str) -> None:
    def peak(size: int) -> int:
        source: Any = Generated(make(size))
        tracemalloc.start()
        if work == "redact":
            redact(source, Nowhere())  # type: ignore[arg-type]
        else:
            check(source, Report())
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    small, large = peak(megabytes // 2), peak(megabytes)
    assert large < small * 1.2 + 1_000_000
    assert large < 50_000_000


@given(st.lists(st.text("ab", min_size=1, max_size=14), max_size=60), st.text("abc", max_size=80))
def test_the_secrets_in_a_text_are_those_that_occur_in_it(secrets: list[str], text: str) -> None:
    index = Occurrences(secrets)
    occurring = {secret for secret in secrets if secret in text}
    assert set(index.in_text(text)) == occurring
    assert set(index.echoes_in(text)) == {secret for secret in occurring if len(secret) >= 8}


def test_many_secrets_in_a_text_are_found_in_linear_time() -> None:
    index = Occurrences([f"secret-{number:06}" for number in range(50_000)])
    text = " ".join(f"secret-{number:06}" for number in range(0, 50_000, 2))
    begun = time.process_time()
    assert len(index.in_text(text)) == 25_000
    assert time.process_time() - begun < 2


def test_a_server_that_may_be_called_unencrypted_may_be_so_under_its_neutral_name() -> None:
    call = entry("GET", "http://agora:8080/dev/v1/projects", answer={"projects": []})
    hidden = redacted(har(call), base_urls=["http://agora:8080"])
    assert list(checked(hidden).findings) == []
