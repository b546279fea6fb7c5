"""Pages that mkdocs generates from the code, beside those under docs/."""

from __future__ import annotations

import inspect
import json
import os
from html import escape
from pathlib import Path
from typing import Any

import typer
from mkdocs.structure.files import File, Files
from typer.cli import get_docs_for_click

import agora_rest.emulator
from agora_rest import error_codes, errors, spec
from agora_rest.cli._app import app

VIEWER = Path(agora_rest.emulator.__file__).parent / "web/assets/swagger-ui"
"""The viewer that the emulator serves at /docs."""

SHIPPED = Path(errors.__file__).parent / "docs"
"""Pages that error messages cite; the package contains them."""

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="swagger-ui.css">
<p style="margin: 1em 2em; font-family: sans-serif"><a href="../specifications/">agora-rest: specifications</a></p>
<main id="viewer"></main>
<script src="swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({{url: "{api}.json", dom_id: "#viewer", supportedSubmitMethods: [], validatorUrl: null}});
</script>
</html>
"""


def on_config(config: Any) -> Any:
    """Show the selector of versions only in a site that mike builds, because any other has a single version."""
    if "MIKE_DOCS_VERSION" in os.environ:
        config.extra["version"] = {"provider": "mike", "default": "latest", "alias": True}
    return config


def on_files(files: Files, *, config: Any) -> Files:
    pages = {"reference/cli.md": command_line(), "reference/errors.md": error_pages()}
    for page in SHIPPED.glob("*.md"):
        pages[f"how-to/{page.name}"] = page.read_text(encoding="utf-8")
    for api in spec.APIS:
        document = spec.document(api)
        pages[f"reference/{api}.json"] = json.dumps(document, ensure_ascii=False)
        pages[f"reference/{api}.html"] = PAGE.format(title=escape(document["info"]["title"]), api=api)
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        pages[f"reference/{name}"] = (VIEWER / name).read_text(encoding="utf-8")
    for uri, content in pages.items():
        files.append(File.generated(config, uri, content=content))
    return files


def command_line() -> str:
    """Every command with its options, as in `--help`."""
    command = typer.main.get_command(app)
    return get_docs_for_click(obj=command, ctx=typer.Context(command), name="agora-rest", title="Command line")


NOT_FOUND = "See [A recording is not found](../how-to/recording-not-found.md)."

REMEDIES = {
    "AgoraError": "Catch it to handle every error of this package.",
    "ConfigurationError": "Pass what the message names, or set the environment variable that it names.",
    "InvalidArgument": "Correct the argument; `field`, `rule` and `value` name it.",
    "RecordingError": "Query or stop the recording that `resource_id` and `sid` identify.",
    "RecordingNotStarted": f"Leave the block, which stops it; check that users are in the channel. {NOT_FOUND}",
    "RecordingEnded": f"Find the cause, then start a new recording. {NOT_FOUND}",
    "RecordingNotUploaded": "Wait longer (`within=`), or look into the bucket: the service continues the upload.",
    "RecordingLost": "If `may_be_running`, put its recorder offline. Wait a minute, or record with another user ID.",
    "CallError": "If `may_have_taken_effect` is true, check what exists before you repeat the call.",
    "ApiError": "Read the server's message; `code` and `status` are those of the response.",
    "InvalidAppId": "Use the App ID of the channel's project.",
    "NotFound": "Check that the object still exists. A recording may not be found for up to 90 seconds.",
    "ServerError": "Repeat the call later. The client has already retried it if that was harmless.",
    "MalformedResponse": "Report it to Agora's support with the request ID; `field` names the invalid field.",
    "SpecificationViolation": "The API has changed: check the field, and look for a newer version of this package.",
    "ResponseTooLarge": "Request less at a time, or raise `max_response_size`.",
    "TransportError": "Check the network. The client has already retried the call if that was harmless.",
    "ConnectionFailed": "Check the network, the address and the proxy.",
    "TimedOut": "Allow more time (`timeout=`, `deadline=`).",
}
"""The remedies of errors whose class has none (`advice`)."""


def error_pages() -> str:
    """The page of all errors: meaning, remedy and facts."""
    kinds = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.AgoraError)]
    kinds.sort(key=lambda each: inspect.getsourcelines(each)[1])
    tree = (errors.__doc__ or "").partition("\n\n")[2]
    intro = "This page lists every error with its cause and remedy. No error contains a secret, and all can be pickled."
    head = f"# Errors\n\n{intro}"
    return "\n\n".join([head, tree, *map(_error, kinds), _codes()]) + "\n"


def _codes() -> str:
    """The table of the codes that servers send."""
    head = "## Codes\n\n| operation | code or reason | error | meaning | what to do |\n| --- | --- | --- | --- | --- |"
    tables = (
        ("any", error_codes.BY_CODE),
        ("`acquire`", error_codes.BY_CODE_OF_ACQUIRE),
        ("any", error_codes.BY_REASON),
    )
    rows = [
        f"| {operation} | `{key}` | `{known.kind.__name__}` | {known.meaning or known.kind.meaning} | "
        f"{known.advice or known.kind.advice or REMEDIES.get(known.kind.__name__, '')} |"
        for operation, table in tables
        for key, known in table.items()
    ]
    return "\n".join([head, *rows])


def _error(kind: type[errors.AgoraError]) -> str:
    cause = inspect.getdoc(kind) or ""
    remedy = getattr(kind, "advice", "") or REMEDIES[kind.__name__]
    facts = ", ".join(f"[{fact}](../facts.md)" for fact in getattr(kind, "facts", ()))
    return f"## {kind.__name__}\n\n{cause}\n\n**What to do:** {remedy}" + (f" ({facts})" if facts else "")
