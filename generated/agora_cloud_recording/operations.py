"""The operations of this API, as the specification's `x-` extensions describe them."""

from typing import Literal, NamedTuple


class RateLimit(NamedTuple):
    """At most `calls` calls in `per` seconds, counted by `key`, over all operations of `group` (and of `within`)."""

    group: str
    calls: int
    per: float
    key: str
    within: str | None = None


class Operation(NamedTuple):
    """One row of the table. `retry` says whether a repetition is harmless: always, of the same request, or never."""

    id: str
    method: str
    path: str
    rate_limit: RateLimit
    retry: Literal["safe", "idempotent", "once"]
    facts: tuple[str, ...]


OPERATIONS: dict[str, Operation] = {
    "acquire": Operation(
        id="acquire",
        method="POST",
        path="/v1/apps/{appid}/cloud_recording/acquire",
        rate_limit=RateLimit(group="acquire", calls=10, per=1, key="account"),
        retry="idempotent",
        facts=("CR-02", "CR-03", "CR-04", "CR-05", "CR-10", "CR-11", "CR-12", "CR-13", "CR-14", "CR-15"),
    ),
    "start_recording": Operation(
        id="start_recording",
        method="POST",
        path="/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/mode/{mode}/start",
        rate_limit=RateLimit(group="start", calls=10, per=1, key="account"),
        retry="idempotent",
        facts=(
            "CR-02",
            "CR-03",
            "CR-04",
            "CR-05",
            "CR-11",
            "CR-12",
            "CR-20",
            "CR-21",
            "CR-36",
            "CR-37",
            "CR-38",
            "CR-39",
        ),
    ),
    "query_recording": Operation(
        id="query_recording",
        method="GET",
        path="/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/sid/{sid}/mode/{mode}/query",
        rate_limit=RateLimit(group="query", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CR-02", "CR-04", "CR-05", "CR-39", "CR-40", "CR-41", "CR-42"),
    ),
    "stop_recording": Operation(
        id="stop_recording",
        method="POST",
        path="/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/sid/{sid}/mode/{mode}/stop",
        rate_limit=RateLimit(group="stop", calls=10, per=1, key="account"),
        retry="idempotent",
        facts=("CR-02", "CR-03", "CR-04", "CR-05", "CR-39", "CR-50", "CR-51", "CR-52", "CR-53", "CR-54"),
    ),
}
