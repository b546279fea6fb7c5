"""The largest answers the documents allow, as bytes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from benchmarks.answerer import APP_ID

FIRST_DAY = date(2019, 1, 1)
LAST_DAY = date(2019, 12, 31)


def audience(number: int = 10_000) -> bytes:
    """A live channel: the audience is cut off at 10,000 (CO-52)."""
    return written(
        success=True,
        data={
            "channel_exist": True,
            "mode": 2,
            "broadcasters": list(range(1, 18)),
            "audience": [2_000_000_000 + 7 * user for user in range(number)],
            "audience_total": number,
        },
    )


def members(number: int = 10_000) -> bytes:
    """A channel for communication (CO-51)."""
    users = [2_000_000_000 + 7 * user for user in range(number)]
    return written(success=True, data={"channel_exist": True, "mode": 1, "users": users, "total": number})


def usage(projects: int = 50, days: int = 365) -> bytes:
    """A year of minutes (CO-31, CO-32)."""
    dates = [int(f"{FIRST_DAY + timedelta(days=day):%Y%m%d}") for day in range(days)]

    def daily(project: int) -> list[dict[str, Any]]:
        return [{"date": day, "audio": project + n, "sd": 0, "hd": 3 * n, "hdp": 1} for n, day in enumerate(dates)]

    return written(usages=[{"project": f"project{number:08}", "daily": daily(number)} for number in range(projects)])


def rules(number: int = 10_000) -> bytes:
    """Kicking rules of one App ID (CO-45)."""
    return written(
        status="success",
        rules=[
            {
                "id": 1953 + rule,
                "appid": APP_ID,
                "uid": 589517928 + rule,
                "opid": 1406 + rule,
                "cname": f"lesson-{rule % 97}",
                "ip": None,
                "privileges": ["join_channel"],
                "ts": "2018-01-09T07:23:06.000Z",
                "createAt": "2018-01-09T06:23:06.000Z",
                "updateAt": "2018-01-09T06:23:06.000Z",
            }
            for rule in range(number)
        ],
    )


def written(**members: Any) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode()
