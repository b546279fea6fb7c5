"""Who may call."""

from __future__ import annotations

import base64
from collections.abc import Callable

from agora_rest import spec
from agora_rest.contract.checks import check
from agora_rest.contract.profiles import Profile
from agora_rest.contract.server import Answer, Server

#: Path parameters of the right form that name nothing: authentication comes before looking anything up.
_PATH = {"resourceid": "nobody", "sid": "nobody", "cname": "nobody", "uid": "1"}


@check("CR-02")
def recording_calls_want_the_right_credentials(server: Server) -> None:
    """Each Cloud Recording call is a 401 without credentials, with a wrong user, password or scheme."""
    _try_strangers(server, "cloud-recording")


@check("CO-01")
def console_calls_want_the_right_credentials(server: Server) -> None:
    """Each Console call is a 401 without credentials, with a wrong user, password or scheme."""
    _try_strangers(server, "console")


def _try_strangers(server: Server, api: spec.Api) -> None:
    for operation in spec.operations().values():
        if operation.api != api or (server.profile is Profile.READ_ONLY and operation.method != "GET"):
            continue
        for stranger in _strangers(server, operation):
            stranger().must_be_refused(401)


def _strangers(server: Server, operation: spec.Operation) -> list[Callable[[], Answer]]:
    user, password = server.account.credentials
    path = {**_PATH, "appid": server.app_id}

    def send(**how: object) -> Callable[[], Answer]:
        return lambda: server.send(operation.id, path=path, content=_body(operation), **how)  # type: ignore[arg-type]

    return [
        send(authenticated=False),
        send(auth=(f"{user}x", password)),
        send(auth=(user, f"{password}x")),
        send(auth=(user, "")),
        send(auth=(password, user)),
        send(authenticated=False, headers={"Authorization": f"Bearer {password}"}),
        send(authenticated=False, headers={"Authorization": "Basic " + base64.b64encode(user.encode()).decode()}),
        send(authenticated=False, headers={"Authorization": "Basic not-base64"}),
    ]


def _body(operation: spec.Operation) -> bytes | None:
    return b"{}" if spec.operation_object(operation.id).get("requestBody") else None
