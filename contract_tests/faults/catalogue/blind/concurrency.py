"""Faults that show only when two calls are made at once; one after the other, both come out right."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from faults.caller import APP, DEMO, Caller, Request, acquire, get, query, start
from faults.middleware import MEANWHILE, At, Forward, HttpCall, Middleware, at_once, inner, projects
from faults.seeds import concurrency


def _both_start(before: list[HttpCall], call: HttpCall) -> None:
    """The second start gets a recording of its own."""
    first = next((each for each in before if each.succeeded and "sid" in inner(each.payload)), None)
    if first is not None:
        reply = first.payload
        inner(reply)["sid"] = inner(reply)["sid"][::-1]
        call.status, call.payload = first.status, reply


def _both_the_same(before: list[HttpCall], call: HttpCall) -> None:
    first = next((each for each in before if each.succeeded), None)
    if first is not None and call.succeeded:
        call.status, call.response_body = first.status, first.response_body


def _like_the_first(before: list[HttpCall], call: HttpCall) -> None:
    if before:
        call.status, call.response_body = before[0].status, before[0].response_body


def _both_refused() -> At:
    def make() -> Middleware:
        under_way: Counter[str] = Counter()
        busy: set[str] = set()

        async def middleware(call: HttpCall, forward: Forward) -> None:
            resource = call.parameters.get("resourceid", "")
            if call.operation != "start_recording":
                await forward()
                return
            under_way[resource] += 1
            await asyncio.sleep(MEANWHILE)
            if under_way[resource] > 1 or resource in busy:
                busy.add(resource)
                body, call.body = call.body, {}
                await forward()
                call.body = body
            else:
                await forward()
            under_way[resource] -= 1
            if not under_way[resource]:
                busy.discard(resource)

        return middleware

    return At(make)


def _one_app_id(before: list[HttpCall], call: HttpCall) -> None:
    first = next((each for each in before if each.succeeded), None)
    if first is not None and call.succeeded:
        reply = call.payload
        projects(reply)[0]["vendor_key"] = projects(first.payload)[0]["vendor_key"]
        call.payload = reply


def _one_rule_id(before: list[HttpCall], call: HttpCall) -> None:
    first = next((each for each in before if each.succeeded), None)
    if first is not None and call.succeeded:
        call.payload = {**call.payload, "id": first.payload["id"]}


def _crossed() -> At:
    """Of two queries at once, the second is given the answer to the first."""

    def make() -> Middleware:
        last: list[HttpCall] = []
        count = 0

        async def middleware(call: HttpCall, forward: Forward) -> None:
            nonlocal count
            if call.operation != "query_recording":
                await forward()
                return
            count += 1
            await asyncio.sleep(MEANWHILE)
            await forward()
            if last and last[0].succeeded and call.succeeded:
                call.response_body = last[0].response_body
            last[:] = [call]
            count -= 1
            if not count:
                last.clear()

        return middleware

    return At(make)


def _lost_update() -> At:
    """Of two switches at once, of different projects, only the first is carried out, and both are answered."""

    def make() -> Middleware:
        busy: set[str] = set()

        async def middleware(call: HttpCall, forward: Forward) -> None:
            if call.operation != "set_project_status":
                await forward()
                return
            meant = call.body
            mine = json.dumps(meant)
            met = bool(busy)
            busy.add(mine)
            await asyncio.sleep(MEANWHILE)
            await forward()
            if met and call.succeeded:
                answer = call.response_body
                call.body = {**meant, "status": 1 - meant["status"]}
                await forward()
                call.response_body = answer
            busy.discard(mine)

        return middleware

    return At(make)


def _counted_too_late() -> At:
    """Calls that come at once are all let through: those that are refused come back until they are not."""

    def make() -> Middleware:
        under_way = 0
        burst: list[HttpCall] = []

        async def middleware(call: HttpCall, forward: Forward) -> None:
            nonlocal under_way
            if call.operation != "list_projects":
                await forward()
                return
            under_way += 1
            await asyncio.sleep(MEANWHILE)
            met = under_way > 1
            await forward()
            if call.succeeded:
                burst.append(call)
            elif call.status == 429 and met and burst:
                call.status, call.response_body, call.response_headers = (
                    200,
                    burst[-1].response_body,
                    burst[-1].response_headers,
                )
            under_way -= 1
            if not under_way:
                burst.clear()

        return middleware

    return At(make)


def _anything(_: HttpCall) -> str:
    return ""


def _switch(project: str, status: int) -> Request:
    return Request("POST", "/dev/v1/project_status", {"id": project, "status": status})


def _kick(uid: int) -> Request:
    return Request(
        "POST", "/dev/v1/kicking-rule", {"appid": APP, "uid": uid, "time": 5, "privileges": ["join_channel"]}
    )


def _create(name: str) -> Request:
    return Request("POST", "/dev/v1/project", {"name": name, "enable_sign_key": True})


def _burst(a: Caller) -> Any:
    a.emulator.settings.rate_limit = True
    return sorted(reply.status for reply in a.together(*[get("/v1/projects")] * 15))


FAULTS = {
    "two-starts-two-recordings": concurrency(
        "CR-12 CR-37",
        "two starts at once on one resource ID both succeed",
        at_once("start_recording", lambda call: call.parameters["resourceid"], _both_start),
        lambda a: [made := a.resource(), a.together(start(made), start(made))],
    ),
    "two-starts-one-answer": concurrency(
        "CR-37",
        "the second of two starts at once is answered like the first",
        at_once(
            "start_recording",
            lambda call: call.parameters["resourceid"],
            _like_the_first,
        ),
        lambda a: [made := a.resource(), a.together(start(made), start(made))],
    ),
    "two-starts-no-recording": concurrency(
        "CR-20 CR-37",
        "of two starts at once on one resource ID none succeeds",
        _both_refused(),
        lambda a: [made := a.resource(), a.together(start(made), start(made))],
    ),
    "one-resource-for-two": concurrency(
        "CR-10 CR-12",
        "two acquires at once are given the same resource ID",
        at_once("acquire", _anything, _both_the_same),
        lambda a: a.together(acquire(uid="1"), acquire(uid="2")),
        only_in="documented",
    ),
    "queries-are-crossed": concurrency(
        "CR-40 CR-41",
        "of two queries at once one is given the other's answer",
        _crossed(),
        lambda a: [one := a.record(), two := a.record("other"), a.together(query(*one), query(*two))],
    ),
    "one-app-id-for-two": concurrency(
        "CO-11",
        "two projects that are created at once have the same App ID",
        at_once("create_project", _anything, _one_app_id),
        lambda a: a.together(_create("a"), _create("b")),
    ),
    "one-rule-id-for-two": concurrency(
        "CO-40",
        "two rules that are created at once have the same id",
        at_once("create_kicking_rule", _anything, _one_rule_id),
        lambda a: a.together(_kick(7), _kick(8)),
    ),
    "switch-is-lost": concurrency(
        "CO-16",
        "of two projects that are switched at once only one is",
        _lost_update(),
        lambda a: [made := a.project()["id"], a.together(_switch(made, 0), _switch(DEMO, 0)), a.get("/v1/projects")],
    ),
    "quota-is-late": concurrency(
        "CO-03", "calls that come at once are all let through, however many they are", _counted_too_late(), _burst
    ),
}
