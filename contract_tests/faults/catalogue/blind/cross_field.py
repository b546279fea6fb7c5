"""Rules about two values at once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from agora_rest.emulator import usage, world
from faults.caller import DAY, DEMO
from faults.edits import refuse_client_request
from faults.middleware import At, HttpCall, edit, envelope, error, on_request, on_response, put, refuse
from faults.patches import method
from faults.seeds import cross

_bar_storage = partial(refuse_client_request, "start_recording", part="storageConfig")


def _member(call: HttpCall, *names: str) -> dict[str, Any]:
    found: Any = call.body
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _start(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> At:
    """A change of the configuration and the storage of every start, whichever is there."""

    def changed(call: HttpCall) -> None:
        call.body = copy.deepcopy(call.body)
        change(_member(call, "clientRequest", "recordingConfig"), _member(call, "clientRequest", "storageConfig"))

    return on_request("start_recording", changed)


def _any_region(vendor: int, beyond: int) -> At:
    def change(_: dict[str, Any], storage: dict[str, Any]) -> None:
        region = storage.get("region")
        if storage.get("vendor") == vendor and type(region) is int and beyond <= region <= 18:
            storage["region"] = 0

    return _start(change)


def _no_secret_needed(config: dict[str, Any], _: dict[str, Any]) -> None:
    if config.get("decryptionMode") in (1, 2, 3):
        config.setdefault("secret", "made up")


def _secret_needed_always(call: HttpCall) -> bool:
    config = _member(call, "clientRequest", "recordingConfig")
    return "secret" in config and config.get("decryptionMode", 0) == 0


def _any_size(config: dict[str, Any], _: dict[str, Any]) -> None:
    picture = config.get("transcodingConfig")
    if isinstance(picture, dict) and type(picture.get("width")) is int and picture["width"] == picture.get("height"):
        picture["width"] = picture["height"] = min(picture["width"], 1080)


def _each_side_alone(config: dict[str, Any], _: dict[str, Any]) -> None:
    """1920 is the most for either side: 1920 by 1920 passes."""
    picture = config.get("transcodingConfig")
    if isinstance(picture, dict) and all(
        type(picture.get(side)) is int and 0 < picture[side] <= 1920 for side in ("width", "height")
    ):
        picture["width"] = min(picture["width"], 1080)


def _upright(call: HttpCall) -> bool:
    picture = _member(call, "clientRequest", "recordingConfig", "transcodingConfig")
    return bool(picture.get("height", 640) > 1080)


def _without_description(original: Any, self: Any, *asked: Any, **more: Any) -> Any:
    report = original(self, *asked, **more)
    known = dict(list(report.meta.items())[:-1]) if len(report.meta) > 1 else report.meta
    return usage.MetricsReport(known, report.days)


def _hosts_in_total(reply: Any) -> None:
    reply["data"]["audience_total"] += len(reply["data"]["broadcasters"])


FAULTS = {
    "mode-without-password": cross(
        "CR-24",
        "a decryption mode is taken without its secret",
        _start(_no_secret_needed),
        lambda a: a.started(decryptionMode=2),
    ),
    "password-without-mode": cross(
        "CR-24",
        "a secret without a decryption mode is refused",
        refuse("start_recording", _secret_needed_always, error(2)),
        lambda a: a.started(secret="s"),
    ),
    "qiniu-has-more-regions": cross(
        "CR-35", "region 4 and more are taken for Qiniu", _any_region(0, 4), lambda a: a.stored(vendor=0, region=4)
    ),
    "amazon-has-region-18": cross(
        "CR-35", "region 18 is taken for Amazon S3", _any_region(1, 18), lambda a: a.stored(vendor=1, region=18)
    ),
    "alibaba-has-no-region-18": cross(
        "CR-35",
        "region 18 is refused for Alibaba Cloud",
        _bar_storage(lambda storage: (storage.get("vendor"), storage.get("region")) == (2, 18)),
        lambda a: a.stored(vendor=2, region=18),
    ),
    "amazon-ends-at-15": cross(
        "CR-35",
        "regions 16 and 17 are refused for Amazon S3",
        _bar_storage(lambda storage: storage["vendor"] == 1 and storage["region"] > 15),
        lambda a: a.stored(vendor=1, region=17),
    ),
    "each-side-alone": cross(
        "CR-29",
        "a picture may be 1920 pixels wide and high: each side is looked at alone",
        _start(_each_side_alone),
        lambda a: a.started(transcodingConfig={"width": 1920, "height": 1920}),
    ),
    "large-squares": cross(
        "CR-29",
        "a square picture may be of any size",
        _start(_any_size),
        lambda a: a.started(transcodingConfig={"width": 1200, "height": 1200}),
    ),
    "no-upright-pictures": cross(
        "CR-29",
        "a picture of 1080 by 1920 pixels is refused",
        refuse("start_recording", _upright, error(2)),
        lambda a: a.started(transcodingConfig={"width": 1080, "height": 1920}),
    ),
    "usage-backwards": cross(
        "CO-30",
        "v1 usage takes a first day after the last one",
        method(world, "check_range", lambda original, first, last: original(min(first, last), max(first, last))),
        lambda a: a.get("/v1/usage", from_date="2026-01-05", to_date="2026-01-01"),
    ),
    "undescribed-metric": cross(
        "CO-35",
        "a metric of v3 usage is not described in meta",
        method(usage.Usage, "metrics", _without_description),
        lambda a: a.get("/v3/usage", project_id=DEMO, business="default", **DAY),
    ),
    "metric-from-nowhere": cross(
        "CO-35",
        "each day of v3 usage has a metric that meta does not know",
        on_response(
            "get_usage_v3", edit(lambda reply: [day["usage"].update(durationOther=1) for day in reply["usages"]])
        ),
    ),
    "total-is-one-more": cross(
        "CO-51",
        "total is one more than there are users",
        on_response("list_channel_users", put("data.total", lambda total: total + 1)),
    ),
    "hosts-listen-too": cross(
        "CO-52",
        "the broadcasters are among the audience",
        on_response(
            "list_channel_users", edit(lambda reply: reply["data"]["audience"].extend(reply["data"]["broadcasters"]))
        ),
    ),
    "hosts-count-too": cross(
        "CO-52", "audience_total counts the broadcasters", on_response("list_channel_users", edit(_hosts_in_total))
    ),
    "full-and-not-there": cross(
        "CO-51 CO-53",
        "a channel with users has channel_exist false",
        on_response("list_channel_users", put("data.channel_exist", False)),
    ),
    "there-and-not-in-channel": cross(
        "CO-50",
        "a user who is there has in_channel false",
        on_response("get_user_property", put("data.in_channel", False)),
    ),
    "role-of-another-mode": cross(
        "CO-50",
        "a user of a communication channel has the role of a host",
        on_response("get_user_property", put("data.role", 2)),
    ),
    "updated-before-created": cross(
        "CO-45",
        "a rule was updated before it was created",
        on_response("list_kicking_rules", put("rules.*.updateAt", "2016-01-01T00:00:00.000Z")),
    ),
    "ends-when-it-begins": cross(
        "CO-42 CO-45",
        "the end of a listed rule is the time of its creation",
        on_response(
            "list_kicking_rules", edit(lambda reply: [rule.update(ts=rule["createAt"]) for rule in reply["rules"]])
        ),
    ),
    "envelope-contradicts-status": cross(
        "CR-61",
        "Code in the envelope of an error is 200",
        on_response("", envelope(200), status=400),
        lambda a: a.acquire(uid="0"),
        only_in="documented",
    ),
    "days-without-rows": cross(
        "CO-32",
        "days on which nothing was used are left out in the middle of a period",
        on_response(
            "get_usage_v1",
            put(
                "usages.*.daily", lambda days: [day for day in days if any(day[name] for name in usage.Minutes._fields)]
            ),
        ),
        lambda a: [
            a.control(a.emulator.seed_minutes, DEMO, date(2026, 1, 1), usage.Minutes(1)),
            a.get("/v1/usage", from_date="2026-01-01", to_date="2026-01-03"),
        ],
        excluded="The documents do not say that a day on which nothing was used has a row.",
    ),
}
