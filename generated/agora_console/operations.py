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
    "find_project": Operation(
        id="find_project",
        method="GET",
        path="/v1/project/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CO-11", "CO-12", "CO-13", "CO-15", "CO-17"),
    ),
    "create_project": Operation(
        id="create_project",
        method="POST",
        path="/v1/project/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="once",
        facts=("CO-10", "CO-11", "CO-12", "CO-13"),
    ),
    "delete_project": Operation(
        id="delete_project",
        method="DELETE",
        path="/v1/project/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="idempotent",
        facts=("CO-17", "CO-18"),
    ),
    "list_projects": Operation(
        id="list_projects",
        method="GET",
        path="/v1/projects/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CO-11", "CO-12", "CO-14"),
    ),
    "set_project_status": Operation(
        id="set_project_status",
        method="POST",
        path="/v1/project_status/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="idempotent",
        facts=("CO-11", "CO-12", "CO-13", "CO-16", "CO-17"),
    ),
    "set_recording_server": Operation(
        id="set_recording_server",
        method="POST",
        path="/v1/recording_config/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="idempotent",
        facts=("CO-17", "CO-19"),
    ),
    "enable_certificate": Operation(
        id="enable_certificate",
        method="POST",
        path="/v1/signkey/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="idempotent",
        facts=("CO-17", "CO-20", "CO-22"),
    ),
    "reset_certificate": Operation(
        id="reset_certificate",
        method="POST",
        path="/v1/reset_signkey",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="once",
        facts=("CO-05", "CO-17", "CO-21", "CO-22"),
    ),
    "get_usage_v1": Operation(
        id="get_usage_v1",
        method="GET",
        path="/v1/usage/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CO-30", "CO-31", "CO-32", "CO-33"),
    ),
    "get_usage_v3": Operation(
        id="get_usage_v3",
        method="GET",
        path="/v3/usage/",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CO-31", "CO-34", "CO-35", "CO-36"),
    ),
    "list_kicking_rules": Operation(
        id="list_kicking_rules",
        method="GET",
        path="/v1/kicking-rule/",
        rate_limit=RateLimit(group="kicking-rules", calls=10, per=1, key="account", within="console"),
        retry="safe",
        facts=("CO-45", "CO-49"),
    ),
    "update_kicking_rule": Operation(
        id="update_kicking_rule",
        method="PUT",
        path="/v1/kicking-rule/",
        rate_limit=RateLimit(group="kicking-rules", calls=10, per=1, key="account", within="console"),
        retry="idempotent",
        facts=("CO-42", "CO-46", "CO-49"),
    ),
    "create_kicking_rule": Operation(
        id="create_kicking_rule",
        method="POST",
        path="/v1/kicking-rule/",
        rate_limit=RateLimit(group="kicking-rules", calls=10, per=1, key="account", within="console"),
        retry="once",
        facts=("CO-40", "CO-41", "CO-42", "CO-43", "CO-44", "CO-48", "CO-49"),
    ),
    "delete_kicking_rule": Operation(
        id="delete_kicking_rule",
        method="DELETE",
        path="/v1/kicking-rule/",
        rate_limit=RateLimit(group="kicking-rules", calls=10, per=1, key="account", within="console"),
        retry="idempotent",
        facts=("CO-47", "CO-48", "CO-49"),
    ),
    "get_user_property": Operation(
        id="get_user_property",
        method="GET",
        path="/v1/channel/user/property/{appid}/{uid}/{cname}",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CO-50", "CO-56", "CO-57"),
    ),
    "list_channel_users": Operation(
        id="list_channel_users",
        method="GET",
        path="/v1/channel/user/{appid}/{cname}",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CO-51", "CO-52", "CO-53", "CO-56", "CO-57"),
    ),
    "list_channels": Operation(
        id="list_channels",
        method="GET",
        path="/v1/channel/{appid}",
        rate_limit=RateLimit(group="console", calls=10, per=1, key="account"),
        retry="safe",
        facts=("CO-54", "CO-55", "CO-56"),
    ),
}
