"""Console calls that come at the same moment: what may happen once happens once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken, require
from agora_rest.contract.scenarios._console import app_id_of, look, must_be_no_project
from agora_rest.contract.scenarios._recording import alone
from agora_rest.contract.scenarios._together import at_once

_CALLERS = 6
_ROUNDS = 3


@check("CO-10", "CO-11")
def projects_made_at_once_are_apart(server: Server) -> None:
    """Projects that are created at the same moment have IDs, App IDs and names of their own, and are all listed."""
    names = [server.fresh_name("project") for _ in range(_CALLERS)]
    body = {"enable_sign_key": True}
    asked = [partial(server.send, "create_project", body={**body, "name": name}) for name in names]
    projects = [response.must_succeed().project for response in at_once(asked)]
    for member in ("id", "vendor_key", "sign_key"):
        if len({project[member] for project in projects}) != _CALLERS:
            raise Broken(
                f"a `{member}` for each of {_CALLERS} projects",
                f"a `{member}` shared by two projects",
                server.trail[-1],
            )
    if [project["name"] for project in projects] != names:
        raise Broken(f"the names {names}", f"{[project['name'] for project in projects]}", server.trail[-1])
    for project in projects:
        look(server, project["id"])


@check("CO-17", "CO-18")
def a_project_is_deleted_once(server: Server) -> None:
    """Of simultaneous deletions of one project one succeeds, and the others are a 404."""
    for _ in range(_ROUNDS):
        with alone(server):
            project = server.create_project()["id"]
            _must_happen_once([partial(server.delete_project, project)] * _CALLERS, must_be_no_project)


@check("CO-40", "CO-45", "CO-47")
def kicking_rules_made_at_once_are_apart(server: Server) -> None:
    """Rules that are made at the same moment have IDs of their own and are all listed; each is deleted once."""
    app_id = app_id_of(server)
    responses = at_once([partial(server.ask_kick, appid=app_id, cname="room", uid=1 + n) for n in range(_CALLERS)])
    made = sorted(int(response.must_succeed().need("id")) for response in responses)
    listed = sorted(int(rule["id"]) for rule in server.kicking_rules(app_id))
    if len(set(made)) != _CALLERS or listed != made:
        raise Broken(f"{_CALLERS} rules, each listed once", f"{made} made and {listed} listed", server.trail[-1])
    for number in made[:_ROUNDS]:
        with alone(server):
            delete = partial(server.send, "delete_kicking_rule", body={"appid": app_id, "id": number})
            _must_happen_once([delete] * _CALLERS, lambda response: response.must_be_refused(404))


def _must_happen_once(calls: Sequence[Callable[[], Response]], must_be_refused: Callable[[Response], object]) -> None:
    """One of the calls succeeds, and every other is refused as it must be."""
    responses = at_once(calls)
    done = [response for response in responses if response.succeeded]
    require(len(done) == 1, f"one of {len(calls)} calls at once to succeed", len(done), responses[-1].exchange)
    for response in responses:
        if response is not done[0]:
            must_be_refused(response)
