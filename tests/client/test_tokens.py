"""The recorder's token: sent where a server reads it, and shown nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agora_rest import InvalidArgument, QiniuStorage, Resource
from tests.client.conftest import APP_ID, Client

TOKEN = "007planted-token"
STORAGE = QiniuStorage(region=0, bucket="b", access_key="k", secret_key="s")
RESOURCE = Resource(resource_id="r", channel="room", uid="7")


def answering(network: Any, start: Any = None) -> Any:
    """Routes of a recording's calls; gives that of the start."""
    network.post(path__regex="acquire$").respond(200, json={"resourceId": "r"})
    route = network.post(path__regex="start$").respond(*(start or (200,)), json={"resourceId": "r", "sid": "s"})
    stopped = {"resourceId": "r", "sid": "s", "serverResponse": {"fileList": "", "uploadingStatus": "uploaded"}}
    network.post(path__regex="stop$").respond(200, json=stopped)
    return route


def client_request(route: Any) -> Any:
    return json.loads(route.calls.last.request.content)["clientRequest"]


def test_the_start_of_a_block_carries_the_token(client: Client, network: Any) -> None:
    route = answering(network)
    client.record(lambda _: None, channel="room", uid=7, storage=STORAGE, token=TOKEN)
    assert client_request(route)["token"] == TOKEN


def test_start_and_acquire_carry_it_where_servers_read_it(client: Client, network: Any) -> None:
    route = answering(network)
    client(lambda a: a.app(APP_ID).recordings.start(RESOURCE, STORAGE, token=TOKEN))
    assert client_request(route)["token"] == TOKEN
    acquire = network.post(path__regex="acquire$").respond(200, json={"resourceId": "r"})
    extra = {"startParameter": {"storageConfig": {"vendor": 0}}}
    client(lambda a: a.app(APP_ID).recordings.acquire("room", 7, token=TOKEN, extra=extra))
    assert client_request(acquire) == {"startParameter": {"token": TOKEN, "storageConfig": {"vendor": 0}}}


@pytest.mark.parametrize("token", ["", 7, b"planted", "planted\n"])
def test_what_is_no_token_is_refused_without_being_shown(token: Any, client: Client, network: Any) -> None:
    with pytest.raises(InvalidArgument, match="token must be a text") as caught:
        client(lambda a: a.app(APP_ID).recordings.start(RESOURCE, STORAGE, token=token))
    assert "planted" not in f"{caught.value!r} {vars(caught.value)}"
    assert not network.calls
