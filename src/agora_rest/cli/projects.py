"""`agora-rest projects`: the projects of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import command
from agora_rest.cli._confirm import Yes, confirm
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._json import plain_data, to_json
from agora_rest.cli._options import argument, flag, option
from agora_rest.cli._output import Column
from agora_rest.cli._session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agora_rest import Project

app = typer.Typer(help="The projects of the account and their certificates.", no_args_is_help=True, epilog=EPILOG)

ProjectId = Annotated[
    str, argument("Its ID, as `projects list` shows it.", "PROJECT", autocompletion=_completing.project_ids)
]
ShowSignKey = Annotated[bool, flag("Show the primary App certificate, which is a secret.")]

_COLUMNS = (
    Column("Name", lambda project: project.name),
    Column("ID", lambda project: project.id, whole=True),
    Column("App ID", lambda project: project.app_id, whole=True),
    Column("Status", lambda project: _status(project), whole=True),
    Column("Cert", lambda project: bool(project.sign_key), whole=True),
)
_SIGN_KEY = Column("Certificate", lambda project: project.sign_key, whole=True)


@command(app, "list", example="agora-rest projects list")
def list_projects(session: Session, show_sign_key: ShowSignKey = False) -> None:
    """List all projects."""
    with session.agora() as agora:
        projects = agora.projects.list()
    session.out.raw_document([_as_json(project, show_sign_key) for project in projects])
    columns = (*_COLUMNS, _SIGN_KEY) if show_sign_key else _COLUMNS
    session.out.table(columns, projects, empty="The account has no project.")


@command(app, "create", example="agora-rest projects create lessons --enable-sign-key")
def create(
    session: Session,
    name: Annotated[str, argument("The project's name.", "NAME")],
    enable_sign_key: Annotated[bool, flag("Enable its primary App certificate at once.")] = False,
    show_sign_key: ShowSignKey = False,
) -> None:
    """Create a project. After exit code 5, check `projects list` before retrying."""
    with session.agora() as agora:
        project = agora.projects.create(name, enable_sign_key=enable_sign_key)
    _show(session, project, show_sign_key)


@command(app, "find", example="agora-rest projects find --name demo --json")
def find(
    session: Session,
    id: Annotated[  # noqa: A002  as in the API
        str | None, option("Its ID.", "PROJECT", autocompletion=_completing.project_ids)
    ] = None,
    name: Annotated[str | None, option("Its name.", "TEXT", autocompletion=_completing.project_names)] = None,
    show_sign_key: ShowSignKey = False,
) -> None:
    """Find the project with this ID, this name, or both."""
    if id is None and name is None:
        raise CliError("No project: pass --id, --name or both.")
    with session.agora() as agora:
        project = agora.projects.find(id=id, name=name)
    _show(session, project, show_sign_key)


@command(app, "enable", example="agora-rest projects enable demo")
def enable(session: Session, project: ProjectId) -> None:
    """Enable a project."""
    with session.agora() as agora:
        found = agora.projects.enable(project)
    _show(session, found)


@command(app, "disable", example="agora-rest projects disable demo --yes")
def disable(session: Session, project: ProjectId, yes: Yes = False) -> None:
    """Disable a project: nothing that uses its App ID works any longer. Asks for confirmation."""
    confirm(f"Disable project {project}? Nothing that uses its App ID works any more.", yes)
    with session.agora() as agora:
        found = agora.projects.disable(project)
    _show(session, found)


@command(app, "set-recording-server", example="agora-rest projects set-recording-server demo 10.2.2.8:8080")
def set_recording_server(
    session: Session,
    project: ProjectId,
    address: Annotated[str, argument("Where the server listens.", "IP:PORT")],
) -> None:
    """Set the server for On-premise Recording up to 1.9.0; nothing else uses it."""
    with session.agora() as agora:
        found = agora.projects.set_recording_server(project, address)
    _done(session, found, f"The recording server of project {project} is {address}.")


@command(app, "enable-certificate", example="agora-rest projects enable-certificate demo")
def enable_certificate(
    session: Session,
    project: ProjectId,
    enable: Annotated[bool, option("Enable it, or disable it.", None, "--enable/--disable")] = True,
    yes: Yes = False,
) -> None:
    """Enable the primary App certificate of a project, or disable it. Asks for confirmation before disabling."""
    confirm(
        f"Disable the certificate of project {project}? Users then join its channels without a token.", enable or yes
    )
    with session.agora() as agora:
        found = agora.projects.enable_certificate(project, enable=enable)
    _done(session, found, f"The certificate of project {project} is {'enabled' if enable else 'disabled'}.")


@command(app, "reset-certificate", example="agora-rest projects reset-certificate demo --yes")
def reset_certificate(session: Session, project: ProjectId, yes: Yes = False) -> None:
    """Replace the primary App certificate of a project, and enable it. Asks for confirmation.

    `projects find --id PROJECT --show-sign-key` shows the new one.
    """
    confirm(f"Replace the certificate of project {project}? All tokens made with the old one end.", yes)
    with session.agora() as agora:
        found = agora.projects.reset_certificate(project)
    _done(session, found, f"The certificate of project {project} is replaced.")


@command(app, "delete", example="agora-rest projects delete demo --yes", of_2019=True)
def delete(session: Session, project: ProjectId, yes: Yes = False) -> None:
    """Delete a project permanently. Asks for confirmation.

    Agora's present documents do not have this call, so its servers may refuse it: use `projects disable`.
    """
    confirm(f"Delete project {project} for good?", yes)
    with session.agora() as agora:
        agora.projects.delete(project)
    _done(session, None, f"Project {project} is deleted.")


def _as_json(project: Project, show_sign_key: bool) -> Any:
    shown = to_json(project)
    return {**shown, "sign_key": plain_data(project.sign_key)} if show_sign_key else shown


def _show(session: Session, project: Project, show_sign_key: bool = False) -> None:
    session.out.raw_document(_as_json(project, show_sign_key))
    session.out.fields(_fields(project, show_sign_key))


def _fields(project: Project, show_sign_key: bool) -> Iterable[tuple[str, Any]]:
    yield "Name", project.name
    yield "ID", project.id
    yield "App ID", project.app_id
    yield "Status", _status(project)
    if show_sign_key:
        yield "Certificate", project.sign_key
    else:
        yield "Certificate", "enabled (--show-sign-key of `find` shows it)" if project.sign_key else "not enabled"
    if project.recording_server:
        yield "Recording server", project.recording_server
    yield "Created", project.created


def _done(session: Session, project: Project | None, sentence: str) -> None:
    """The server's response, which may be empty; as text, the completed action."""
    session.out.document(project)
    session.out.message(sentence)


def _status(project: Project) -> str:
    return project.status.name.lower() if project.status is not None else "unknown"
