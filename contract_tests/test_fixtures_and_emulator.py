"""The emulator takes the requests of the recorded examples, and answers those of the documents as they do."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from agora_rest import spec
from agora_rest.emulator import Emulator, FrozenClock, Metric, Minutes, Mode, Role
from contract_tests.recorded import APP_ID, DOCUMENTED, OBSERVED, Example

METRICS = {"durationAudioAll": 0.0, "durationVideoHd": 0.0, "durationVideoHdp": 0.0}


class Stage:
    """An emulator where there is what the examples talk about, asked in this process."""

    def __init__(self, example: Example) -> None:
        self.example = example
        dialect: spec.Dialect = "documented" if example.documented else "observed"
        self.emulator = Emulator(dialect=dialect, clock=FrozenClock())
        if example.status < 400:
            self._furnish()

    def _furnish(self) -> None:
        emulator = self.emulator
        emulator.add_project("project1", enable_certificate=True, app_id=APP_ID, project_id="xxxx")
        emulator.world.set_recording_server("xxxx", "10.2.2.8:8080")
        meta = {name: Metric(name, name, "second") for name in METRICS}
        for project in ("id1", "id2"):
            emulator.add_project(project, project_id=project)
            emulator.seed_minutes(project, date(2015, 1, 1), Minutes(audio=20, sd=100, hd=132, hdp=225))
            emulator.seed_metrics(project, date(2020, 1, 1), METRICS, meta=meta)
        live = "直播场景" in self.example.source or self.example.operation == "get_user_property"
        if self.example.answer.get("data", {}).get("channel_exist", True) is False:
            return
        emulator.join(APP_ID, "lkj144", 1, mode=Mode.LIVE if live else None)
        if live:
            emulator.join(APP_ID, "lkj144", 2, role=Role.AUDIENCE)

    def answer(self) -> httpx.Response:
        """What the emulator answers to the example's request, with live ids in the place of the recorded ones."""
        return asyncio.run(self._answer())

    async def _answer(self) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.emulator.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="https://api.agora.io", auth=("emulator", "emulator-secret")
        ) as client:
            url, text = await self._live(client)
            headers = {"content-type": self.example.content_type} if self.example.content_type else {}
            return await client.request(self.example.method, url, content=text, headers=headers)

    async def _live(self, client: httpx.AsyncClient) -> tuple[str, str]:
        """URL and body of the request."""
        example = self.example
        url, text = example.url, example.text
        effect = spec.operation(example.operation).effect
        if effect.resource == "kicking-rule" and effect.kind != "creates":
            rule = {"appid": APP_ID, "cname": "11", "uid": 1, "time": 60, "privileges": ["join_channel"]}
            created = await client.post("/dev/v1/kicking-rule", json=rule)
            text = text.replace("1953", str(created.json()["id"]))
        if "resourceid" in example.parameters:
            resource_id, sid = await self._recording(client)
            url = url.replace(example.parameters["resourceid"], resource_id)
            url = url.replace(example.parameters.get("sid", "/sid/"), sid or "/sid/")
        return url, text

    async def _recording(self, client: httpx.AsyncClient) -> tuple[str, str]:
        """A resource ID, and the sid of its recording, which has run for a minute, where the example is about one."""
        acquire, start = (_documented(each) for each in ("acquire", "start_recording"))
        acquired = await client.post(acquire.url, json=acquire.sent)
        resource_id = inside(acquired.json())["resourceId"]
        if "sid" not in self.example.parameters:
            return resource_id, ""
        self.emulator.join(APP_ID, acquire.sent["cname"], 1)
        url = start.url.replace(start.parameters["resourceid"], resource_id)
        started = await client.post(url, json=start.sent)
        self.emulator.clock.advance(60)
        return resource_id, inside(started.json())["sid"]


def _documented(operation: str) -> Example:
    return next(each for each in DOCUMENTED if each.operation == operation)


def inside(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answer.get("Body", answer)
    return found


@pytest.mark.parametrize("example", DOCUMENTED, ids=str)
def test_the_emulator_answers_an_example_of_the_documents_as_they_do(example: Example) -> None:
    response = Stage(example).answer()
    assert response.status_code == example.status
    assert unlike(example.answer, response.json()) == []
    if example.status >= 400:
        assert response.json() == example.answer


def unlike(recorded: Any, given: Any, where: str = "$") -> list[str]:
    """Where two answers differ in shape: other members, other types. null may stand for what is not set."""
    if recorded is None or given is None:
        return []
    if isinstance(recorded, dict) and isinstance(given, dict):
        if recorded.keys() != given.keys():
            return [f"{where}: {sorted(recorded)} and {sorted(given)}"]
        return [each for name in recorded for each in unlike(recorded[name], given[name], f"{where}.{name}")]
    if isinstance(recorded, list) and isinstance(given, list):
        if not recorded or not given:
            return [] if recorded == given else [f"{where}: {len(recorded)} and {len(given)} elements"]
        return unlike(recorded[0], given[0], f"{where}[0]")
    return [] if kind(recorded) is kind(given) else [f"{where}: {recorded!r} and {given!r}"]


def kind(value: Any) -> type:
    """The type of a value in JSON, which knows one kind of number."""
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


@pytest.mark.parametrize(
    "example",
    [example for example in OBSERVED if example.status < 400 and "code" not in example.answer],
    ids=str,
)
def test_the_emulator_takes_the_requests_of_observed_exchanges(example: Example) -> None:
    response = Stage(example).answer()
    assert response.is_success
    answers = spec.response_validator(example.operation, response.status_code, example.edition)
    assert answers is not None
    answers.validate(response.json())
