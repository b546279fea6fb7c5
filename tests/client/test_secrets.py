"""No credential, key, certificate or password can be read in anything the client shows."""

from __future__ import annotations

import base64
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from agora_rest import (
    Agora,
    AgoraError,
    AlibabaStorage,
    AsyncAgora,
    ConfigurationError,
    InvalidArgument,
    Project,
    ProjectStatus,
    QiniuStorage,
    RecordingConfig,
    Resource,
    S3Storage,
    StartedRecording,
    TranscodingConfig,
    WebConfig,
)
from agora_rest.client._config import Config
from agora_rest.redaction import HIDDEN, Payload, is_secret, redact, secrets_in, without
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID, Client

RESOURCE = Resource(resource_id="JyvK8n", channel="lesson-42", uid="7")
KEYS = {"bucket": "b", "access_key": "planted-access-key", "secret_key": "planted-secret-key"}
CONFIG = RecordingConfig(decryption_mode=1, secret="planted-password", transcoding_config=TranscodingConfig(width=640))
TOKEN = base64.b64encode(f"{CUSTOMER_ID}:{CERTIFICATE}".encode()).decode()


def leaks(text: str) -> list[str]:
    return [word for word in ("planted", TOKEN) if word in text]


EXTRA = {"token": "planted-token"}


def start(agora: Any, extra: Any = EXTRA) -> Any:
    return agora.app(APP_ID).recordings.start(RESOURCE, S3Storage(region=0, **KEYS), config=CONFIG, extra=extra)


def echo(request: httpx.Request) -> httpx.Response:
    """A server that says back whatever it was told, in words."""
    text = f"cannot take {request.content.decode()} from {request.headers['authorization']} alias {CERTIFICATE}"
    return httpx.Response(400, json={"code": 2, "reason": text, "sign_key": "planted-sign-key"})


def echo_as_text(request: httpx.Request) -> httpx.Response:
    return httpx.Response(500, text=echo(request).json()["reason"])


def echo_as_success(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"sid": {"secretKey": "planted-secret-key"}})


def no_network(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError(f"lost {request.content.decode()} {request.headers['authorization']}")


@pytest.mark.parametrize("server", [echo, echo_as_text, echo_as_success, no_network])
def test_neither_an_error_nor_a_traceback_that_shows_our_variables_has_a_secret_in_it(
    server: Any, client: Client, network: Any
) -> None:
    network.route().mock(side_effect=server)
    for use in (start, ban, create, acquire, stop):
        with pytest.raises(AgoraError) as caught:
            client(use)
        error = caught.value
        assert leaks(f"{error} {error!r} {vars(error)} {''.join(traceback.format_exception(error))}") == []
        assert error.__cause__ is None
        assert error.__context__ is None or error.__suppress_context__
        assert leaking_frames(error) == []


def ban(agora: Any) -> Any:
    return agora.app(APP_ID).kicking_rules.ban(uid=7, extra=EXTRA)


def create(agora: Any) -> Any:
    return agora.projects.create("projectx", extra=EXTRA)


def acquire(agora: Any) -> Any:
    return agora.app(APP_ID).recordings.acquire("lesson-42", 7, extra=EXTRA)


def stop(agora: Any) -> Any:
    started = StartedRecording(resource_id="r", sid="s", channel="c", uid="7")
    return agora.app(APP_ID).recordings.stop(started, extra=EXTRA)


def leaking_frames(error: BaseException) -> list[str]:
    """The functions of ours in whose variables a secret can be read."""
    ours = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if "/agora_rest/" in frame.f_code.co_filename]
    assert ours
    return [frame.f_code.co_name for frame in ours if leaks(f"{frame.f_locals} {walked(frame.f_locals)}")]


def walked(value: Any) -> Any:
    """What an error reporter sends that walks through objects and lists, and takes the `repr` of everything else."""
    if isinstance(value, Mapping):
        return {str(name): walked(member) for name, member in dict(value.copy().items()).items()}
    if isinstance(value, list | tuple | set):
        return [walked(item) for item in value]
    return repr(value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": 99},
        {"region": "x"},
        {"region": 0, "extra": {"token": b"planted"}},
        {"region": 0, "extra": {"secretKey": "planted-9"}},
    ],
)
def test_nor_does_one_of_an_argument_that_breaks_a_rule(wrong: Any, client: Client) -> None:
    with pytest.raises(InvalidArgument) as caught:
        client(
            lambda agora: agora.app(APP_ID).recordings.start(RESOURCE, S3Storage(**{**KEYS, **wrong}), config=CONFIG)
        )
    assert leaking_frames(caught.value) == []


@pytest.mark.parametrize("scheme", ["ftp", "https"])
def test_nor_does_one_of_a_page_that_cannot_be_recorded(scheme: str, client: Client) -> None:
    url = f"{scheme}://me:planted@a.example/?access_token=planted&room=1"
    hours = 1 if scheme == "ftp" else 0
    config = WebConfig(max_recording_hour=hours, rtmp_urls=["rtmp://live.example/app/planted"])
    storage = S3Storage(region=0, **KEYS)
    with pytest.raises(InvalidArgument) as caught:
        client.record(lambda _: None, "record_web", url, storage=storage, config=config)
    assert leaking_frames(caught.value) == []
    assert leaks(f"{caught.value} {vars(caught.value)}") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "http://elsewhere"},
        {"base_url": "https://user:planted@elsewhere"},
        {"base_url": "https://planted@elsewhere"},
        {"base_url": ["https://user:planted@elsewhere"]},
        {"timeout": 0},
        {"permits": "nowhere://user:planted@host"},
        {"permits": "redis://user:planted@[host"},
        {"proxy": "ftp://user:planted@host"},
        {"customer_id": "a:b"},
        {"customer_certificate": "planted\n"},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [Agora, AsyncAgora])
def test_nor_does_one_of_a_client_that_cannot_be_made(wrong: Any, kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"customer_id": CUSTOMER_ID, "customer_certificate": CERTIFICATE, **wrong}
    with pytest.raises(ConfigurationError) as caught:
        kind(**options)
    assert leaking_frames(caught.value) == []
    monkeypatch.setenv("AGORA_CUSTOMER_CERTIFICATE", "planted\n")
    with pytest.raises(ConfigurationError) as caught:
        kind("id")
    assert leaking_frames(caught.value) == []


@pytest.mark.parametrize("wrong", [{"timeout": 0}, {"certificate": "planted"}], ids=str)
@pytest.mark.parametrize("kind", [Agora, AsyncAgora])
def test_nor_does_one_of_a_client_of_the_environment(wrong: Any, kind: Any) -> None:
    options: dict[str, Any] = {
        "customer_certificate": CERTIFICATE,
        "proxy": "http://user:planted@host",
        "customer_id": "id",
        "default_headers": {"X-Gateway": "planted"},
    }
    with pytest.raises((ConfigurationError, TypeError)) as caught:
        kind.from_env(**options, **wrong)
    assert leaking_frames(caught.value) == []


@pytest.mark.parametrize("url", ["redis://user:planted@[host", "nowhere://user:planted@host"])
def test_nor_does_one_of_other_options(url: str, client: Client) -> None:
    with pytest.raises(ConfigurationError) as caught:
        client(lambda agora: agora.with_options(permits=url))
    assert leaking_frames(caught.value) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: S3Storage(region=0, **KEYS, sts="planted"),  # type: ignore[call-arg]
        lambda: S3Storage(**KEYS),  # type: ignore[call-arg]
        lambda: RecordingConfig(secret="planted", password="planted"),  # type: ignore[call-arg]
        lambda: WebConfig(url="https://a.example/?t=planted"),  # type: ignore[call-arg]
    ],
)
def test_nor_does_one_of_a_setting_with_a_wrong_or_missing_name(make: Any) -> None:
    with pytest.raises(TypeError, match="argument") as caught:
        make()
    assert leaking_frames(caught.value) == []


@pytest.mark.parametrize("call", ["start", "check_start", "update", "record"])
def test_nor_does_one_of_a_storage_in_the_form_of_a_request(call: str, client: Client) -> None:
    storage: Any = {"vendor": 1, "region": 0, "bucket": "b", "accessKey": "planted-1", "secretKey": "planted-2"}

    def use(agora: Any) -> Any:
        recordings = agora.app(APP_ID).recordings
        if call in ("check_start", "record"):
            block = getattr(recordings, call)("lesson-42", uid=7, storage=storage)
            return block.__aenter__() if hasattr(block, "__aenter__") else block.__enter__()
        return recordings.start(RESOURCE, storage) if call == "start" else recordings.update(PAGE, storage=storage)

    with pytest.raises(InvalidArgument, match="must be a storage such as S3Storage") as caught:
        client(use)
    assert leaking_frames(caught.value) == []


PAGE = StartedRecording(resource_id="r", sid="s", channel="c", uid="7", mode="web")


@pytest.mark.parametrize("url", ["rtmp://live.example/app/planted", "live.example/app/planted"])
@pytest.mark.parametrize("handle", [True, False])
def test_nor_does_one_of_an_address_to_push_to(url: str, handle: bool, client: Client, network: Any) -> None:
    network.route().respond(404)

    def use(agora: Any) -> Any:
        recordings = agora.app(APP_ID).recordings
        if handle:
            return recordings.handle(PAGE).update(rtmp_urls=[url])
        return recordings.update(PAGE, rtmp_urls=[url])

    with pytest.raises(AgoraError) as caught:
        client(use)
    assert leaking_frames(caught.value) == []


@pytest.mark.parametrize("secret", ['pla"nted', "pla\\nted", "plänted", "pla<b>nted", "pla\tnted"])
@pytest.mark.parametrize("server", [echo, echo_as_text])
def test_a_secret_is_recognised_as_json_writes_it(secret: str, server: Any, network: Any) -> None:
    network.route().mock(side_effect=server)
    storage = S3Storage(region=0, bucket="b", access_key="k1k1", secret_key=secret)
    with pytest.raises(AgoraError) as caught:
        Client("sync")(lambda agora: agora.app(APP_ID).recordings.start(RESOURCE, storage))
    text = f"{caught.value} {vars(caught.value)}"
    assert "nted" not in text.replace(CERTIFICATE, "")


def test_a_client_shows_where_it_calls_and_not_as_whom(client: Client) -> None:
    seen: list[str] = []

    def look(agora: Any) -> None:
        app = agora.app(APP_ID)
        things = (agora, app, agora.projects, agora.usage, app.recordings, app.channels, agora._calls)
        seen.extend(f"{thing!r} {thing}" for thing in things)

    client(look)
    assert leaks(" ".join(seen)) == []
    assert CUSTOMER_ID not in " ".join(seen)
    assert seen[0].startswith(f"<{'Agora' if client.form == 'sync' else 'AsyncAgora'} cust… at api.agora.io>")
    assert leaks(repr(Config.resolve(CUSTOMER_ID, CERTIFICATE, None, "http://u:planted@proxy"))) == []


@pytest.mark.parametrize(
    "value",
    [
        QiniuStorage(region=0, **KEYS),
        S3Storage(region=0, **KEYS, extra={"secret": "planted"}),
        AlibabaStorage(region=0, **KEYS),
        CONFIG,
        Project(
            id="p",
            name="n",
            app_id=APP_ID,
            sign_key="planted-sign-key",
            recording_server=None,
            status=ProjectStatus.ENABLED,
            created=datetime.now(UTC),
            extra={"new": "planted"},
        ),
        Payload({"clientRequest": {"storageConfig": {"secretKey": "planted"}, "list": [{"token": "planted"}]}}),
    ],
)
def test_no_value_shows_its_secrets(value: Any) -> None:
    assert leaks(f"{value!r} {value}") == []
    assert leaks(str([value])) == []


def test_secrets_are_known_by_name_at_any_depth() -> None:
    assert all(map(is_secret, ["secretKey", "SECRET-KEY", "accessKey", "sign_key", "Authorization", "Set-Cookie"]))
    assert not any(map(is_secret, ["cname", "enable_sign_key", "resourceId", "tokens"]))
    value = {"a": [{"secret": "one", "kept": "x"}], "sign_key": "", "b": {"token": ["two"]}}
    assert redact(value) == {"a": [{"secret": HIDDEN, "kept": "x"}], "sign_key": "", "b": {"token": HIDDEN}}
    assert secrets_in({"a": [{"secret": "one"}], "sign_key": "", "b": {"token": "two"}, "c": "d"}) == {"one", "two"}
    assert without("abc ab", {"ab", "abc"}) == f"{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x?room=1&access_token=planted&n=2", "https://a.example/x?room=1&access_token=<hidden>&n=2"),
        ("see https://me:planted@a.example/x?y, please", "see https://<hidden>@a.example/x?y, please"),
        ("https://a.example/#/x?sig=planted", "https://a.example/#/x?sig=<hidden>"),
        (
            "https://a.example/?X-Amz-Signature=planted#key=planted",
            "https://a.example/?X-Amz-Signature=<hidden>#key=<hidden>",
        ),
        ("/dev/v1/kicking-rule?appid=1&uid=2", "/dev/v1/kicking-rule?appid=1&uid=2"),
    ],
)
def test_the_secrets_in_the_address_of_a_page_are_hidden(url: str, shown: str) -> None:
    assert redact({"url": url}) == {"url": shown}
    assert secrets_in({"url": url}) <= {"planted", "me:planted"}
    assert bool(secrets_in({"url": url})) == ("planted" in url)


def test_a_setting_shows_no_parameter_of_an_address() -> None:
    """Its author named them, and may mean a secret by any."""
    shown = repr(WebConfig(url="https://a.example/lesson?t=planted", max_recording_hour=1))
    assert shown.startswith("WebConfig(url='https://a.example/lesson?t=<hidden>', max_recording_hour=1, ")
