"""Writes the recorded examples of the documents, and with `--browser` the sessions of Chromium, below
contract_tests/fixtures/.

`fixtures.py --check` writes nothing and fails when the examples differ from the specifications.

An example is what the specification has: parameters, request body, response. What a document of 2019 prints has an
entry in `sources.yaml` with its place there. An operation without an entry gets the first example of a success. The
exchanges of the present documents that need more than that are put together in `sources-current.yaml`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ruamel.yaml import YAML

from agora_rest import spec
from agora_rest.contract.samples import Ids, sample_of

FIXTURES = Path(__file__).resolve().parent.parent / "contract_tests" / "fixtures"
APP_ID = "4855xxxxxxxxxxxxxxxxxxxxxxxxeae2"
"""The masked App ID that the Console document prints."""
BEGIN = datetime(2021, 1, 1, tzinfo=UTC)
COMMENT = (
    "Examples of the specifications. The documents give no times; those of the entries are made up, and `_operation` "
    "names the operation. Credentials were never part of them."
)


@dataclass(frozen=True)
class Source:
    """An example, and where it comes from."""

    operation: str
    source: str
    status: int = 200
    example: str = "documented"
    ids: dict[str, Any] = field(default_factory=dict)
    """IDs in the place of the specification's."""
    query: dict[str, Any] = field(default_factory=dict)
    """Optional parameters."""
    edition: spec.Edition = "2019"
    request: str = ""
    """The example of the body; "" for the first one."""
    path: dict[str, str] = field(default_factory=dict)
    """Parameters of path and query in the place of the specification's examples."""


def sources() -> Iterator[Source]:
    """The examples that the documents print, then one of each other operation."""
    printed = [Source(**each) for each in YAML(typ="safe").load(FIXTURES / "sources.yaml")]
    yield from printed
    for operation in _without_entry({each.operation for each in printed}, "2019"):
        status, name = _first_success(operation)
        yield Source(operation.id, f"Specification, example {name} of {operation.id}.", status, name)


def current_sources() -> Iterator[Source]:
    """The exchanges of the present documents, then one of each other operation."""
    printed = YAML(typ="safe").load(FIXTURES / "sources-current.yaml")
    for operation in _without_entry({each["operation"] for each in printed}, "current"):
        status, name = _first_success(operation)
        request = next(iter(operation.body_examples), "")
        printed.append({"operation": operation.id, "request": request, "status": status, "response": name})
    for each in printed:
        status, name = each.get("status", 200), each["response"]
        operation = spec.operation(each["operation"])
        yield Source(
            operation.id,
            _summary(operation, each.get("request", ""), status, name),
            status,
            name,
            edition="current",
            request=each.get("request", ""),
            path=each.get("path", {}),
        )


def _without_entry(listed: Container[str], edition: spec.Edition) -> Iterator[spec.Operation]:
    """The operations that an edition describes and that no entry names."""
    operations = spec.operations(edition).values()
    return (each for each in operations if each.id not in listed and not each.is_deprecated)


def _first_success(operation: spec.Operation) -> tuple[int, str]:
    """Status and name of the first example of a success."""
    return next(
        (status, name)
        for status in operation.statuses
        if status < HTTPStatus.MULTIPLE_CHOICES
        for name in operation.response_examples(status)
    )


def _summary(operation: spec.Operation, request: str, status: int, response: str) -> str:
    """The names of the examples, with the specification's summaries, which say where the documents have them."""
    said = []
    body, answer = operation.openapi_object.get("requestBody"), operation.response(status)
    for part, name in ((body, request), (answer, response)):
        content = operation.resolve(part)["content"] if part and name else {}
        for media in content.values():
            example = operation.resolve(media.get("examples", {}).get(name, {}))
            said.append(f"{name} ({example['summary']})" if "summary" in example else name)
    return f"Specification, examples of {operation.id}: {'; '.join(said)}."


def entry(source: Source, number: int) -> dict[str, Any]:
    """The HAR entry of an example."""
    operation = spec.operation(source.operation, source.edition)
    call = sample_of(operation, Ids(**{"app_id": APP_ID, **source.ids}))
    in_path = {name: value for name, value in source.path.items() if name in call.path}
    in_query = {name: value for name, value in source.path.items() if name not in call.path}
    query = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in {**call.query, **source.query, **in_query}.items()
    }
    if source.edition == "current":  # the examples of a specification name what they like; those of an exchange agree
        answer = operation.response_examples(source.status)[source.example]
        named = {"resourceid": answer.get("resourceId"), "sid": answer.get("sid")}
        in_path |= {name: value for name, value in named.items() if value and name in call.path}
    host = "https://api.agora.io" if source.edition == "2019" else "https://api.sd-rtn.com"
    url = host + operation.url(**{**call.path, **in_path}) + (f"?{urlencode(query, safe=',')}" if query else "")
    headers = [("Authorization", "Basic REDACTED")]
    request: dict[str, Any] = {
        "method": operation.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "queryString": _pairs(query.items()),
    }
    if operation.body_examples:
        text = _text(operation.body_examples[source.request or next(iter(operation.body_examples))])
        (media_type,) = operation.openapi_object["requestBody"]["content"]
        headers.append(("Content-Type", media_type))
        request["postData"] = {"mimeType": media_type, "text": text}
    answer = _text(operation.response_examples(source.status)[source.example])
    return {
        "startedDateTime": (BEGIN + timedelta(seconds=2 * number)).isoformat().replace("+00:00", "Z"),
        "time": 100,
        "request": {**request, "headers": _pairs(headers), "headersSize": -1, "bodySize": -1},
        "response": {
            "status": source.status,
            "statusText": HTTPStatus(source.status).phrase,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs([("Content-Type", "application/json")]),
            "content": {"size": len(answer.encode()), "mimeType": "application/json", "text": answer},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 100, "receive": 0},
        "comment": source.source,
        "_operation": operation.id,
    }


def _pairs(items: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in items]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def files() -> dict[Path, str]:
    """The text of each file, by its path."""
    found: dict[Path, str] = {}
    listed, current = list(sources()), list(current_sources())
    for api in spec.APIS:
        mine = [each for each in listed if spec.operation(each.operation).api == api]
        entries = [entry(each, number) for number, each in enumerate(mine)]
        creator = {"name": "agora-rest fixtures", "version": "1"}
        log = {"version": "1.2", "creator": creator, "comment": COMMENT, "entries": entries}
        found[FIXTURES / f"documented-{api}.har"] = _text({"log": log}) + "\n"
        today = [each for each in current if spec.operation(each.operation).api == api]
        log = {**log, "entries": [entry(each, number) for number, each in enumerate(today)]}
        found[FIXTURES / f"current-{api}.har"] = _text({"log": log}) + "\n"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the files are not current")
    parser.add_argument("--browser", action="store_true", help="record the sessions of Chromium anew, too")
    arguments = parser.parse_args()
    if arguments.check:
        stale = [path.name for path, text in files().items() if path.read_text(encoding="utf-8") != text]
        if stale:
            raise SystemExit(f"{', '.join(stale)} differ from the specifications: run `make fixtures`")
        return
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
    if arguments.browser:
        from tests.traffic.test_chromium import renew

        renew()


if __name__ == "__main__":
    main()
