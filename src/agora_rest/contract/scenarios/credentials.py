"""Authorization: every operation of both APIs refuses every kind of wrong credentials, without effect."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from agora_rest import spec
from agora_rest.contract.checking.checks import check
from agora_rest.contract.checking.passive import cause_of_letting_in
from agora_rest.contract.http.server import Response, Server, path_of
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._calls import Call, live_calls
from agora_rest.contract.scenarios._recording import alone, must_run, plain_body, start_body, unknown_app_id

_SAID = ("Invalid authentication credentials", "Unauthorized")
"""Messages of servers for wrong credentials (CR-02)."""


@check("CR-02", profile=Profile.READ_ONLY)
def recording_needs_the_right_credentials(server: Server) -> None:
    """Each Cloud Recording call is a 401 without credentials and with a wrong user, password or scheme."""
    _try_strangers(server, "cloud-recording")


@check("CO-01", profile=Profile.READ_ONLY)
def the_console_needs_the_right_credentials(server: Server) -> None:
    """Each Console call is a 401 without credentials and with a wrong user, password or scheme."""
    _try_strangers(server, "console")


@check("CR-02", profile=Profile.READ_ONLY)
def the_scheme_is_basic_in_any_case(server: Server) -> None:
    """Authentication is HTTP Basic, whose name is the same in any case, in Cloud Recording."""
    _try_spellings(server, "cloud-recording")


@check("CO-01", profile=Profile.READ_ONLY)
def the_consoles_scheme_is_basic_in_any_case(server: Server) -> None:
    """Authentication is HTTP Basic, whose name is the same in any case, in the Console."""
    _try_spellings(server, "console")


@check("CR-02")
def a_stranger_changes_no_recording(server: Server) -> None:
    """A call with a wrong password has no effect: nothing starts, nothing stops, no resource ID is used up."""
    resource, recording = server.acquire(), server.record()
    for call in (
        Call("start_recording", path_of(resource), body=start_body(resource)),
        Call("stop_recording", path_of(recording), body=plain_body(recording.resource)),
    ):
        _must_be_unauthorized(call.send(server, auth=_wrong_password(server)))
    must_run(server, recording)
    must_run(server, server.recording(resource, server.start(resource)))


@check("CO-01")
def a_stranger_changes_no_project(server: Server) -> None:
    """A call with a wrong password has no effect: projects and kicking rules stay as they were."""
    calls = live_calls(server, "console")
    before = _what_there_is(server)
    wrong = _wrong_password(server)
    for call in calls:
        _must_be_unauthorized(call.send(server, auth=wrong))
    after = _what_there_is(server)
    if after != before:
        broken = Broken("projects and kicking rules to be unchanged", "a change by an unauthorized call")
        raise broken.because("refused and carried out")


@check("CR-02")
def recording_looks_at_credentials_first(server: Server) -> None:
    """An invalid Cloud Recording call without the right credentials is a 401: the server reveals nothing else."""
    _must_look_at_credentials_first(server, "cloud-recording")


@check("CO-01")
def the_console_looks_at_credentials_first(server: Server) -> None:
    """An invalid Console call without the right credentials is a 401: the server reveals nothing else."""
    _must_look_at_credentials_first(server, "console")


# -- inside ------------------------------------------------------------------------------------------------------------


def _must_look_at_credentials_first(server: Server, api: spec.Api) -> None:
    wrong = _wrong_password(server)
    nobody = {"resourceid": "nobody", "sid": "nobody", "cname": "nobody", "uid": "1"}
    for operation in server.operations(api):
        content = b"{" if operation.body_schema else None
        for app_id in (server.app_id, unknown_app_id(server)):
            with alone(server):
                path = {**nobody, "appid": app_id}
                _must_be_unauthorized(server.send(operation.id, path=path, auth=wrong, content=content))


def _try_strangers(server: Server, api: spec.Api) -> None:
    for call in live_calls(server, api):
        for stranger in _strangers(server):
            with alone(server):
                _must_be_unauthorized(stranger.ask(server, call))


def _try_spellings(server: Server, api: spec.Api) -> None:
    call = next(each for each in live_calls(server, api) if each.method == "GET")
    expected = call.send(server).status
    token = _encoded(":".join(server.account.credentials))
    for scheme in ("Basic", "basic", "BASIC"):
        response = call.send(server, authenticated=False, headers={"Authorization": f"{scheme} {token}"})
        response.must(response.status == expected, f"status {expected}, as with the scheme spelled `Basic`")


@dataclass(frozen=True)
class _Stranger:
    """A client without the right credentials.

    how: what `Wire.send` takes. shown: headers as a finding shows them, if those that were sent are secret.
    """

    how: dict[str, Any]
    shown: dict[str, str] = field(default_factory=dict)

    def ask(self, server: Server, call: Call) -> Response:
        """Send `call` as this stranger."""
        response = call.send(server, **self.how)
        if self.shown:
            exchange = response.exchange
            server.trail[-1] = replace(exchange, request_headers={**exchange.request_headers, **self.shown})
        return response


def _strangers(server: Server) -> Iterator[_Stranger]:
    """Ways to send everything but the right credentials."""
    user, password = server.account.credentials
    yield _Stranger({"authenticated": False})
    yield from _wrong_pairs(user, password)
    yield from _near_misses(user, password)
    yield from _wrong_headers(user, password)


def _wrong_pairs(user: str, password: str) -> Iterator[_Stranger]:
    """A user and a password that do not belong together."""
    pairs = [(f"{user}x", password), (f"x{user}", password), (user.swapcase(), password), ("wrong", password)]
    pairs += [(user, f"{password}x"), (user, f"x{password}"), (user, f" {password}"), (user, f"{password} ")]
    pairs += [(user, f"{password}:"), (user, "wrong"), (user, "*"), (user, ""), ("", password), ("", "")]
    pairs += [(password, user), (user, user), (password, password)]
    yield from (_Stranger({"auth": pair}) for pair in pairs if pair != (user, password))


def _near_misses(user: str, password: str) -> Iterator[_Stranger]:
    """Passwords that are almost right."""
    near = {
        "another case": password.swapcase(),
        "its beginning": password[:-1],
        "its end": password[1:],
        "one character": password[:1],
    }
    for words, other in near.items():
        if other not in (password, ""):
            yield _Stranger({"auth": (user, other)}, {"authorization": f"Basic <the certificate: {words}>"})


def _wrong_headers(user: str, password: str) -> Iterator[_Stranger]:
    """Credentials in a wrong form, or none at all."""
    token = _encoded(f"{user}:{password}")
    half = len(token) // 2
    for scheme in ("Bearer", "Digest", "Token", "Basicx", ""):
        yield _in_header("Authorization", f"{scheme} {token}".strip(), f"{scheme} <the right token>".strip())
    for name in ("X-Authorization", "Proxy-Authorization"):
        yield _in_header(name, f"Basic {token}", "Basic <the right token>")
    for words, text in {
        "twice the right token": token + token,
        "the right token with a ! in it": f"{token[:half]}!{token[half:]}",
        "the certificate alone": _encoded(password),
        "user and certificate without a colon": _encoded(f"{user}{password}"),
        "user:certificate as they are": f"{user}:{password}",
    }.items():
        yield _in_header("Authorization", f"Basic {text}", f"Basic <{words}>")
    for text in ("Basic", "Basic not base64!", "Basic ====", f"Basic {_encoded(user)}"):
        yield _in_header("Authorization", text, text)


def _in_header(name: str, sent: str, shown: str) -> _Stranger:
    return _Stranger({"authenticated": False, "headers": {name: sent}}, {name.lower(): shown})


def _must_be_unauthorized(response: Response) -> None:
    body = response.exchange.json
    if response.status != 401 or not isinstance(body, dict) or body.get("message") not in _SAID:
        broken = response.broken('status 401 with {"message": "Invalid authentication credentials"}')
        raise broken.because(*cause_of_letting_in(response.exchange))


def _wrong_password(server: Server) -> tuple[str, str]:
    return (server.account.customer_id, "wrong")


def _what_there_is(server: Server) -> list[Any]:
    projects = sorted(server.list_projects(), key=lambda project: str(project["id"]))
    return [projects, [server.kicking_rules(project["vendor_key"]) for project in projects if project["status"] == 1]]


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
