"""Writes what a new operation of a specification needs elsewhere: `make scaffold OPERATION=operation_id`.

The operation must be in `openapi/` already, with examples. Its skeletons call it as the specification says. Where a
person must decide, a skeleton fails a test until the decision is written; the output lists these places. A file that
has the operation already is left as it is.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agora_rest import spec
from agora_rest.client._argument_names import argument_name, snake_case
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Ids, sample_of

PROJECT = Path(__file__).resolve().parent.parent

CLIENT: Final = {"recordings": "recording_calls"}
CHECKS: Final = {"recordings": "recording_life"}
"""Files that are not named after their group of operations."""

APP_ID: Final = "0123456789abcdef0123456789abcdef"
IDS: Final = Ids(project="demo", resource="JyvK8n", sid="38f8e3")
"""The project that every emulator has, and `STARTED` of `contract_tests/calls.py`."""


@dataclass(frozen=True)
class Skeleton:
    """Text to be put into a file."""

    path: str
    text: str
    put: Callable[[str, str], str]
    """Puts the text into the file's."""
    decide: str
    """What remains for a person."""
    imports: tuple[tuple[str, str], ...] = ()
    """Modules and the names that the text needs of them."""


def before(pattern: str) -> Callable[[str, str], str]:
    """Puts text before the first line that matches `pattern`, or at the end if none does."""

    def put(file: str, text: str) -> str:
        found = re.search(pattern, file, re.MULTILINE)
        place = found.start() if found else len(file)
        return f"{file[:place].rstrip()}\n\n\n{text}\n\n\n{file[place:]}".rstrip() + "\n"

    return put


def at_end_of(opening: str, closing: str) -> Callable[[str, str], str]:
    """Puts text before the line `closing` that ends what the line `opening` begins."""

    def put(file: str, text: str) -> str:
        begin = file.index(opening)
        found = re.compile(f"^{re.escape(closing)}$", re.MULTILINE).search(file, begin)
        place = found.start() if found else len(file)
        return file[:place] + text + "\n" + file[place:]

    return put


def at_end_of_class(name: str) -> Callable[[str, str], str]:
    """Puts a public method behind the last one of a class."""

    def put(file: str, text: str) -> str:
        begin = re.search(rf"^class {name}\b.*$", file, re.MULTILINE)
        if begin is None:
            raise ValueError(f"no class {name}")
        following = re.compile(r"^\S", re.MULTILINE).search(file, begin.end())
        end = following.start() if following else len(file)
        methods = re.compile(r"^    (?:@\w+\n    )*(?:async )?def (\w+)", re.MULTILINE)
        found = list(methods.finditer(file, begin.end(), end))
        last = max(index for index, method in enumerate(found) if not method[1].startswith("_") or index == 0)
        place, gap = (found[last + 1].start(), "\n\n") if last + 1 < len(found) else (end, "\n\n\n")
        return f"{file[:place].rstrip()}\n\n{text}{gap}{file[place:]}".rstrip() + "\n"

    return put


class Operation:
    """The operation, in the words that the skeletons need."""

    def __init__(self, operation: spec.Operation) -> None:
        self.spec, self.id = operation, operation.id
        self.group = operation.tag.replace("-", "_")
        self.method = _method(operation.id, self.group)
        others = {fact for each in spec.operations().values() if each.id != operation.id for fact in each.facts}
        self.own_facts = [fact for fact in operation.facts if fact not in others] or list(operation.facts)
        self.facts = ", ".join(self.own_facts)
        self.is_new = operation.id not in spec.operations("2019")
        found = sample_of(operation, IDS)
        body = {} if found.body is OMIT else found.body
        self.values: dict[str, Any] = {**found.path, **found.query, **body}
        self.of_app = "appid" in self.values
        self.of_recording = "sid" in self.values
        arguments = body.get("clientRequest", {}) if self.of_recording else self.values
        self.arguments = {name: value for name, value in arguments.items() if name not in ("appid", "mode")}
        self.names = {name: argument_name(operation.id, name) or snake_case(name) for name in self.arguments}

    @property
    def parameters(self) -> str:
        """The arguments of the method, with types."""
        recording = ["recording: StartedRecording"] if self.of_recording else []
        given = [f"{self.names[name]}: {_kind(value)}" for name, value in self.arguments.items()]
        if self.group == "projects":
            given = [each.replace("project: str", "project: str | Project") for each in given]
        return "".join(f", {each}" for each in [*recording, *given])

    @property
    def placed(self) -> str:
        """The arguments of the generated request."""
        inside = {each.name for each in self.spec.parameters}
        value = {**self.names, "appid": "self._app_id", "mode": '"mix"'}
        if self.of_recording:
            path = f'**self._path(recording, "{self.id}")'
            request = ", ".join(f'"{name}": {value[name]}' for name in self.arguments)
            body = f", body=request_body(recording.channel, recording.uid, {{{request}}})"
            return path + (body if "cname" in self.values else "")
        if self.group == "projects" and "id" in value:
            value["id"] = f'project_id({value["id"]}, "{self.id}")'
        parts = [f"{name}={value[name]}" for name in self.values if name in inside]
        members = [f'"{name}": {value[name]}' for name in self.values if name not in inside]
        return ", ".join([*parts, *([f"body={{{', '.join(members)}}}"] if members else [])])

    @property
    def receiver(self) -> str:
        """The client's object with the method."""
        return ("agora.app(APP_ID)." if self.of_app else "agora.") + self.group

    @property
    def example(self) -> tuple[int, Any]:
        """Status and body of the first example of a success."""
        return next(
            (status, value)
            for status in self.spec.statuses
            if status < 300
            for value in self.spec.response_examples(status).values()
        )

    @property
    def only_member(self) -> str | None:
        """The member of a success that is the whole result: the only one that does not say that it is a success."""
        _, value = self.example
        members = [name for name in value if name not in ("status", "success")] if isinstance(value, dict) else []
        return members[0] if len(members) == 1 and _kind(value[members[0]]) != "Any" else None

    def result(self, client: str) -> tuple[str, str]:
        """The type of the result and its reader: in `client`, those of a method with the same schema of a success."""
        for method in client.split("    async def ")[1:]:
            found = re.search(r"(\w+)\.request\(", method)
            like = spec.operations().get(found[1]) if found else None
            if like and like.id != self.id and _success(like) == _success(self.spec):
                kind = re.search(r"\) -> (.+):$", method, re.MULTILINE)
                readers = re.findall(r", ([\w.]+),?\s*\)$", method, re.MULTILINE)
                if kind and readers:
                    return kind[1], readers[-1]
        if self.only_member:
            return _kind(self.example[1][self.only_member]), f"results.{self.id}"
        return "None", "done"


def skeletons(it: Operation, root: Path = PROJECT) -> Iterator[Skeleton]:
    """Everything that an operation needs beside its specification."""
    yield from _client(it, root)
    yield _case(it)
    yield from _emulator(it)
    yield from _check_and_fault(it)
    yield from _command(it)
    yield _fragment(it)


def _client(it: Operation, root: Path) -> Iterator[Skeleton]:
    package, file = spec.PACKAGES[it.spec.api], CLIENT.get(it.group, it.group)
    path = f"src/agora_rest/client/_async/{file}.py"
    kind, reader = it.result((root / path).read_text(encoding="utf-8"))
    if reader == f"results.{it.id}":
        yield _reader(it)
    yield Skeleton(
        path,
        f"    async def {it.method}(self{it.parameters}) -> {kind}:\n"
        f'        """{it.spec.openapi_object["summary"]} ({it.facts})."""\n'
        f"        from {package}.api.{it.group} import {it.id}\n\n"
        f"        return await self._calls.send({it.id}.request({it.placed}), {reader})",
        at_end_of_class(f"Async{_title(file)}"),
        "check the names of the method and its arguments; if its result has a shape of its own, add its class to "
        "`models.py` and its reader to the group's file in `_results/`; then `make generate`",
        (("agora_rest.client._results.success", "done"),) if reader == "done" else (),
    )


def _reader(it: Operation) -> Skeleton:
    """A reader of the only member of a success."""
    _, success = it.example
    name = str(it.only_member)
    kind = _kind(success[name])
    members = [f"{name}: {'WrittenInteger' if kind == 'int' else kind}"]
    members += [f"{other}: Any = None" for other in success if other != name]
    value = f"int(response.{name})" if kind == "int" else f"response.{name}"
    wire, listed = f"_{_title(it.id)}", "\n    ".join(members)
    return Skeleton(
        f"src/agora_rest/client/_results/{it.group}.py",
        f"class {wire}(Wire):\n    {listed}\n\n\n"
        f"{it.id}: Final = Reader({wire}, lambda response: {value})\n"
        f'"""The member `{name}` ({it.facts})."""',
        before(r"\Z"),
        "nothing, if the result needs no class of its own",
        (
            ("agora_rest.client._json_reader", "Reader"),
            ("agora_rest.client._json_reader", "Wire"),
            *([("agora_rest.client._json_reader", "WrittenInteger")] if kind == "int" else []),
            ("typing", "Any"),
            ("typing", "Final"),
        ),
    )


def _case(it: Operation) -> Skeleton:
    given = [repr(value) for value in it.arguments.values()]
    wire = [f'it.{_places(it)[name]}["{name}"]' for name in it.arguments if name in it.values]
    if it.of_recording:
        wire = ["recording(it)", *(f'it.body["clientRequest"]["{name}"]' for name in it.arguments)]
        given = ["STARTED", *given]
    receiver = f"{'app(agora, it)' if it.of_app else 'agora'}.{it.group}"
    only, success = it.only_member, it.example[1]
    expected = f"{success[only]!r},\n        required={{{only!r}}}" if only else '"to be decided"'
    values = {**it.values, **({"appid": APP_ID} if it.of_app else {})}
    query = {name: str(values[name]) for name, place in _places(it, every=True).items() if place == "query"}
    body = {name: values[name] for name, place in _places(it, every=True).items() if place == "body"}
    return Skeleton(
        "contract_tests/calls.py",
        f'    Case(\n        "{it.id}",\n'
        f"        lambda agora, {'it' if wire or it.of_app else '_'}: {receiver}.{it.method}({', '.join(wire)}),\n"
        f"        lambda agora: {it.receiver}.{it.method}({', '.join(given)}),\n"
        f'        "{it.spec.url(**values)}",\n'
        f"        {success!r},\n        {expected},\n"
        f"{f'        query={query},' if query else ''}{f'        body={body},' if body else ''}\n    ),",
        at_end_of("CASES = [", "]"),
        "check the request and the response; write the expected result and its `required` members: until then a test "
        "fails",
    )


def _emulator(it: Operation) -> Iterator[Skeleton]:
    if it.of_recording:
        given = '*_given(call, "resourceid", "sid"), _identity(call), _mode(call)'
        taken = "resource_id: str, sid: str, owner: Identity, mode: RecordingMode"
        if "cname" in it.values:
            given, taken = f'{given}, call.body["clientRequest"]', f"{taken}, request: Any"
    else:
        given = f"*_given(call, {', '.join(map(repr, it.values))})"
        named = {name: argument_name(it.id, name) or snake_case(name) for name in it.values}
        taken = ", ".join(f"{named[name]}: {_kind(value)}" for name, value in it.values.items())
    yield Skeleton(
        "src/agora_rest/emulator/web/operations.py",
        f'    "{it.id}": lambda world, call: world.{it.id}({given}),',
        _before_line("    **{\n        handler.__name__"),
        "nothing, unless more of the request needs to be read: then write a function",
    )
    kind = _kind(it.example[1][it.only_member]) if it.only_member else "Any"
    yield Skeleton(
        "src/agora_rest/emulator/world.py",
        f'    def {it.id}(self, {taken}) -> {kind}:\n        """{it.facts}."""\n'
        f'        raise NotImplementedError("{it.id}: its effect")',
        at_end_of_class("World"),
        "carry it out, in the domain objects (`emulator/*.py`), which have the rules. Until then the emulator responds "
        "with 500",
    )
    if it.spec.effect.kind == "changes":
        return  # `changed` of the dialects makes the response from the project or recording
    status, example = it.example
    body, kind = repr(example), "Any"
    if it.only_member:
        members = [f"{name!r}: {'result' if name == it.only_member else repr(each)}" for name, each in example.items()]
        body, kind = f"{{{', '.join(members)}}}", _kind(example[it.only_member])
    yield Skeleton(
        f"src/agora_rest/emulator/web/{'current_dialect' if it.is_new else 'dialects'}.py",
        f'    def {it.id}(self, result: {kind}, _: Instant) -> Shaped:\n        """{it.facts}."""\n'
        f"        return {status}, {body}\n",
        _before_line("    def refuse(" if it.is_new else "    # Refusals"),
        "make the response from the result; `Observed` has a method only where servers differ",
    )


def _check_and_fault(it: Operation) -> Iterator[Skeleton]:
    yield Skeleton(
        f"src/agora_rest/contract/scenarios/{CHECKS.get(it.group, it.group)}.py",
        f"@check({', '.join(map(repr, it.own_facts))})\n"
        f"def {it.id}_is_as_documented(server: Server) -> None:\n"
        f'    """To be decided: the facts as a sentence."""\n'
        f"{_made(it)}    response = server.send({it.id!r}, {_sent(it)})\n"
        f'    raise response.broken("what the facts say")',
        before(r"\Z"),
        "name the check after its fact, and hold the server to it; until then the contract run finds it broken",
        (
            ("agora_rest.contract.http.server", "Server"),
            ("agora_rest.contract.checking.checks", "check"),
            *([("agora_rest.contract.http.server", "path_of")] if it.of_recording else []),
            *([("agora_rest.contract.scenarios._console", "app_id_of")] if it.of_app and not it.of_recording else []),
        ),
    )
    table = "CONSOLE" if it.spec.api == "console" else "RECORDINGS"
    yield Skeleton(
        "contract_tests/faults/catalogue/targeted/current.py",
        f'    "{it.id}_is_as_documented": {{"to be decided": on_response("{it.id}", lambda _: None)}},',
        at_end_of(f"{table}: Table = {{", "}"),
        "name the check; break its fact, and say how, without a full stop. Until then `make test-slow` fails, because "
        "the check does not notice the fault",
        (("faults.middleware", "on_response"),),
    )


def _command(it: Operation) -> Iterator[Skeleton]:
    command = it.method.replace("_", "-")
    recording = ["--recording", "recording.json"] if it.of_recording else []
    words = [it.spec.tag, command, *recording, *map(str, it.arguments.values())]
    options = "".join(f"    {it.names[name]}: {_option(it, name)},\n" for name in it.arguments)
    names = [*(["ref.started()"] if it.of_recording else []), *it.names.values()]
    yield Skeleton(
        f"src/agora_rest/cli/{it.group}.py",
        f"@command(app, {command!r}, example={shlex.join(['agora-rest', *words])!r})\n"
        f"def {it.method}(session: {'AppSession' if it.of_app else 'Session'},\n"
        f"{'    ref: FullRecordingRef,' if it.of_recording else ''}\n{options}) -> None:\n"
        f'    """{it.spec.openapi_object["summary"]}."""\n'
        f"    with session.{'app' if it.of_app else 'agora'}() as found:\n"
        f"        result = found.{it.group}.{it.method}({', '.join(names)})\n"
        f"    session.out.document(result)"
        + (f"\n    session.out.fields([({_words(it.only_member)!r}, result)])" if it.only_member else ""),
        before(r"^def _"),
        "say what the arguments are for, and print the result as text; ask before what cannot be undone. A test runs "
        "the example",
        (("agora_rest.cli._options", "argument"),) if "argument(" in options else (),
    )
    dialect = '@pytest.mark.parametrize("local", ["current"], indirect=True)\n' if it.is_new else ""
    yield Skeleton(
        f"tests/cli/test_{it.group}.py",
        f"{dialect}def test_{it.method}_shows_the_result(local: Local, run: Terminal) -> None:\n"
        f"    ran = run({', '.join(map(repr, words))})\n"
        f'    assert ran.out == "to be decided"',
        before(r"\Z"),
        "write down what the command prints; until then the test fails",
    )


def _fragment(it: Operation) -> Skeleton:
    command, summary = it.method.replace("_", "-"), it.spec.openapi_object["summary"]
    return Skeleton(
        f"changelog.d/+{it.id.replace('_', '-')}.added.md",
        f"{summary}: `{it.group}.{it.method}(…)` and `agora-rest {it.spec.tag} {command}`.\n",
        lambda file, text: file + text,
        "say more, if users need it",
    )


def _option(it: Operation, name: str) -> str:
    """The type of an argument of the command."""
    if it.group == "projects" and name == "id":
        return "ProjectId"
    kind, shown = _kind(it.arguments[name]), it.names[name]
    return f"Annotated[{kind}, argument('To be decided.', {shown.upper()!r})]"


def _method(operation_id: str, group: str) -> str:
    """`rename_project` of `projects` is `rename`."""
    return re.sub(rf"_{group.removesuffix('s')}s?$", "", operation_id)


def _words(name: str) -> str:
    """`in_channel` as a title for people."""
    return snake_case(name).replace("_", " ").capitalize()


def _title(words: str) -> str:
    return "".join(word.title() for word in words.split("_"))


def _success(operation: spec.Operation) -> Any:
    """The schema of a success."""
    response = operation.response(min(operation.statuses))
    return spec.json_schema(response["content"]) if response else None


def _places(it: Operation, *, every: bool = False) -> dict[str, str]:
    """The attribute of a sample that each value is in; App ID and mode only if `every` one is wanted."""
    found = {each.name: each.place for each in it.spec.parameters}
    return {name: found.get(name, "body") for name in it.values if every or name not in ("appid", "mode")}


def _made(it: Operation) -> str:
    """What a check makes first: the object that the call is about."""
    if it.of_recording:
        return "    recording = server.record()\n"
    if it.of_app:
        return "    app_id = app_id_of(server)\n"
    return "    project = server.create_project()\n" if _is_about_a_project(it) else ""


def _sent(it: Operation) -> str:
    """The request as `Server.send` takes it."""
    if it.of_recording:
        whose = "'cname': recording.resource.cname, 'uid': recording.resource.uid"
        body = f", body={{{whose}, 'clientRequest': {it.arguments!r}}}" if "cname" in it.values else ""
        return f"path=path_of(recording){body}"
    by_place: dict[str, list[str]] = {}
    for name, place in _places(it, every=True).items():
        value = "app_id" if name == "appid" else repr(it.values[name])
        by_place.setdefault(place, []).append(f"{name!r}: {value}")
    sent = ", ".join(f"{place}={{{', '.join(members)}}}" for place, members in by_place.items())
    return sent.replace(f"'id': '{IDS.project}'", "'id': project['id']") if _is_about_a_project(it) else sent


def _is_about_a_project(it: Operation) -> bool:
    return it.group == "projects" and _places(it).get("id") == "body"


def _kind(value: Any) -> str:
    return {bool: "bool", int: "int", float: "float", str: "str"}.get(type(value), "Any")


def _before_line(line: str) -> Callable[[str, str], str]:
    return lambda file, text: file.replace(line, f"{text}\n{line}", 1)


def with_import(file: str, module: str, name: str) -> str:
    """`file`, importing `name` from `module`."""
    found = re.search(rf"^from {re.escape(module)} import \(?([\w\s,]+)\)?$", file, re.MULTILINE)
    if found and name in re.findall(r"\w+", found[1]):
        return file
    line = f"from {module} import {name}\n"
    place = re.search(r"^from (?!__future__)|^import ", file, re.MULTILINE)
    return file[: place.start()] + line + file[place.start() :] if place else line + file


def scaffold(operation: spec.Operation, root: Path = PROJECT) -> Mapping[str, str]:
    """Write the skeletons below `root`. Returns what remains to be decided in each file that was written."""
    written = {}
    for skeleton in skeletons(Operation(operation), root):
        path = root / skeleton.path
        new = NEW_TEST.format(tag=operation.tag) if path.suffix == ".py" else ""
        file = path.read_text(encoding="utf-8") if path.exists() else new
        if re.search(rf"\b({operation.id}|{operation.id.replace('_', '-')})\b", file):
            continue
        file = skeleton.put(file, skeleton.text)
        for module, name in skeleton.imports:
            file = with_import(file, module, name)
        path.write_text(file, encoding="utf-8")
        written[skeleton.path] = skeleton.decide
    paths = [str(root / each) for each in written if each.endswith(".py")]
    if paths:
        ruff = [sys.executable, "-m", "ruff"]
        subprocess.run([*ruff, "check", "--quiet", "--select=I", "--fix", *paths], cwd=PROJECT, check=True)
        subprocess.run([*ruff, "format", "--quiet", *paths], cwd=PROJECT, check=True)
    return written


NEW_TEST: Final = '''"""`agora-rest {tag}`."""

from __future__ import annotations

from tests.cli.conftest import Local, Terminal
'''


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("operation", help="its operationId")
    name = parser.parse_args().operation
    if name not in spec.operations():
        raise SystemExit(f"{name!r} is no operation of the specifications: write it in openapi/ first, with examples")
    written = scaffold(spec.operation(name))
    if not written:
        raise SystemExit(f"{name} is in all of its files already")
    subprocess.run([sys.executable, PROJECT / "scripts/derive_sync.py"], cwd=PROJECT, check=True)
    print(f"Written for {name}; in each file, decide:")
    for path, decide in written.items():
        print(f"  {path}\n    {decide}")
    print(
        "A blind fault is missing: write it from the facts, without looking at the check "
        "(contract_tests/faults/catalogue/blind/). Then run `make fixtures facts check test`, and add a snippet to a "
        "guide in docs/how-to/ if one is about this. CONTRIBUTING.md lists the files that only some operations need."
    )


if __name__ == "__main__":
    main()
