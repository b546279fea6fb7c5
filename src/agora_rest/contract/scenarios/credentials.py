"""Who may call: every operation of both APIs, with every kind of wrong credentials, and nothing done for them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from agora_rest import spec
from agora_rest.contract.answer import Answer
from agora_rest.contract.checks import Broken, check
from agora_rest.contract.profiles import Profile
from agora_rest.contract.scenarios._calls import Call, live_calls
from agora_rest.contract.scenarios._recording import (
    alone,
    must_run,
    path_of,
    plain_body,
    start_body,
    unknown_app_id,
)
from agora_rest.contract.server import Server

#: What servers say to wrong credentials (CR-02).
_SAID = ("Invalid authentication credentials", "Unauthorized")


@check("CR-02", profile=Profile.READ_ONLY)
def nobody_records_without_the_right_credentials(server: Server) -> None:
    """Each Cloud Recording call is a 401 without credentials and with a wrong user, password or scheme."""
    _try_strangers(server, "cloud-recording")


@check("CO-01", profile=Profile.READ_ONLY)
def nobody_administers_without_the_right_credentials(server: Server) -> None:
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
    """What is asked with a wrong password is not done: nothing starts, nothing stops, no resource ID is used up."""
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
    """What is asked with a wrong password is not done: projects and kicking rules are as they were."""
    calls = live_calls(server, "console")
    before = _what_there_is(server)
    wrong = _wrong_password(server)
    for call in calls:
        _must_be_unauthorized(call.send(server, auth=wrong))
    after = _what_there_is(server)
    if after != before:
        raise Broken("the same projects and kicking rules as before", "others", server.trail[-1])


@check("CR-02", "CO-01")
def credentials_are_looked_at_before_the_request(server: Server) -> None:
    """Without the right credentials a request that is wrong in other ways too is a 401: strangers are told nothing."""
    wrong = _wrong_password(server)
    nobody = {"resourceid": "nobody", "sid": "nobody", "cname": "nobody", "uid": "1"}
    for operation in spec.operations().values():
        content = b"{" if spec.operation_object(operation.id).get("requestBody") else None
        for app_id in (server.app_id, unknown_app_id(server)):
            with alone(server):
                path = {**nobody, "appid": app_id}
                _must_be_unauthorized(server.send(operation.id, path=path, auth=wrong, content=content))


# -- inside ------------------------------------------------------------------------------------------------------------


def _try_strangers(server: Server, api: spec.Api) -> None:
    for call in live_calls(server, api):
        for how in _strangers(server):
            with alone(server):
                _must_be_unauthorized(call.send(server, **how))


def _try_spellings(server: Server, api: spec.Api) -> None:
    call = next(each for each in live_calls(server, api) if each.method == "GET")
    expected = call.send(server).status
    for scheme in ("Basic", "basic", "BASIC"):
        answer = call.send(server, authenticated=False, headers=_header(scheme, _token(*server.account.credentials)))
        if answer.status != expected:
            raise answer.broken(f"status {expected}, as with the scheme spelled `Basic`")


def _strangers(server: Server) -> Iterator[dict[str, Any]]:
    """Ways to send everything but the right credentials. None shows more of the certificate than it must."""
    user, password = server.account.credentials
    yield {"authenticated": False}
    pairs = [(f"{user}x", password), (f"x{user}", password), (user, f"{password}x"), (user, f"x{password}")]
    pairs += [
        (user, "wrong"),
        ("wrong", password),
        (user, ""),
        ("", password),
        ("", ""),
        (password, user),
        (user, user),
    ]
    pairs += [(user, password[:1]), (user, f" {password}"), (user, f"{password} "), (user, f"{password}:"), (user, "*")]
    pairs += [(user.swapcase(), password)]
    if server.profile is Profile.LOCAL:  # elsewhere a report must not come that near to the certificate
        pairs += [(user, password.swapcase()), (user, password[:-1]), (user, password[1:])]
    yield from ({"auth": pair} for pair in pairs if pair != (user, password))
    token = _token(user, password)
    schemes = [
        ("Bearer", token),
        ("Digest", token),
        ("Basic", ""),
        ("Basic", "not base64!"),
        ("Basic", "===="),
        ("", token),
    ]
    schemes += [("Basic", _encoded(user)), ("Basic", _encoded(password)), ("Basic", f"{user}:{password}")]
    schemes += [
        ("Basic", _encoded(f"{user}{password}")),
        ("Basicx", token),
        ("Token", token),
        ("Basic", f"{token}{token}"),
    ]
    yield from ({"authenticated": False, "headers": _header(scheme, text)} for scheme, text in schemes)
    for name in ("X-Authorization", "Proxy-Authorization"):
        yield {"authenticated": False, "headers": {name: f"Basic {token}"}}


def _must_be_unauthorized(answer: Answer) -> None:
    body = answer.exchange.json
    if answer.status != 401 or not isinstance(body, dict) or body.get("message") not in _SAID:
        raise answer.broken('status 401 with {"message": "Invalid authentication credentials"}')


def _wrong_password(server: Server) -> tuple[str, str]:
    return (server.account.customer_id, "wrong")


def _what_there_is(server: Server) -> list[Any]:
    projects = sorted(server.list_projects(), key=lambda project: str(project["id"]))
    return [projects, [server.kicking_rules(project["vendor_key"]) for project in projects if project["status"] == 1]]


def _header(scheme: str, text: str) -> dict[str, str]:
    return {"Authorization": f"{scheme} {text}".strip()}


def _token(user: str, password: str) -> str:
    return _encoded(f"{user}:{password}")


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
