"""The recorded exchanges in `fixtures/`: the documents' own examples, and answers that servers are known to send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from agora_rest import spec
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Sample
from agora_rest.contract.traffic.har import read
from agora_rest.contract.traffic.routes import route

FIXTURES = Path(__file__).parent / "fixtures"
APP_ID = "4855xxxxxxxxxxxxxxxxxxxxxxxxeae2"
"""The masked App ID that the Console document prints, well-formed as it is."""


@dataclass(frozen=True)
class Example:
    """One recorded exchange.

    source: where it comes from and what was mended in it. query: the parameters of the URL. sent, answer: the bodies,
    decoded; None where there is none.
    """

    file: str
    number: int
    operation: str
    source: str
    method: str
    url: str
    content_type: str
    parameters: dict[str, str]
    query: dict[str, str]
    text: str
    sent: Any
    status: int
    headers: dict[str, str]
    answer_text: str
    answer: Any

    def __str__(self) -> str:
        return f"{self.file.removesuffix('.har')}-{self.number}-{self.operation}-{self.status}"

    @property
    def documented(self) -> bool:
        """Whether a document prints it."""
        return self.file.startswith("documented")

    @property
    def edition(self) -> spec.Edition:
        """The edition of the documents that has it."""
        return "current" if self.file.startswith("current") else "2019"

    @property
    def call(self) -> Sample:
        """Its request, as a call of its operation."""
        listed = {each.name for each in spec.operation(self.operation, self.edition).parameters if each.is_list}
        query = {name: value.split(",") if name in listed else value for name, value in self.query.items()}
        return Sample(self.operation, self.parameters, query, OMIT if self.sent is None else self.sent)

    @property
    def path(self) -> str:
        """The path of its URL, without a slash at the end, which means nothing (CO-05)."""
        return urlsplit(self.url).path.rstrip("/")


def examples() -> Iterator[Example]:
    """Every recorded exchange, file by file."""
    for path in sorted(FIXTURES.glob("*.har")):
        entries = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
        with path.open("rb") as stream:
            for entry, recorded in zip(entries, read(stream), strict=True):
                exchange = recorded.exchange
                way = route(exchange.method, urlsplit(exchange.url).path)
                text, answer = exchange.request_body.decode(), exchange.text
                yield Example(
                    file=path.name,
                    number=recorded.number,
                    operation=entry["_operation"],
                    source=entry["comment"],
                    method=exchange.method,
                    url=exchange.url,
                    content_type=exchange.request_headers.get("content-type", ""),
                    parameters=dict(way.parameters) if way else {},
                    query=dict(parse_qsl(urlsplit(exchange.url).query)),
                    text=text,
                    sent=json.loads(text) if text else None,
                    status=exchange.status,
                    headers=dict(exchange.headers),
                    answer_text=answer,
                    answer=json.loads(answer) if answer else None,
                )


_ALL = tuple(examples())
EXAMPLES = tuple(example for example in _ALL if example.edition == "2019")
CURRENT = tuple(example for example in _ALL if example.edition == "current")
"""Those of the present documents."""
DOCUMENTED = tuple(example for example in EXAMPLES if example.documented)
OBSERVED = tuple(example for example in EXAMPLES if not example.documented)


def named_leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a JSON value or a result that has no parts, with the name of the member that it is in."""
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from named_leaves(getattr(value, field), field)
    elif isinstance(value, dict) or hasattr(value, "items"):
        for key, member in value.items():
            yield from named_leaves(member, str(key))
    elif isinstance(value, list | tuple):
        for member in value:
            yield from named_leaves(member, name)
    else:
        yield name, value


def leaves(value: Any) -> Iterator[Any]:
    """Every value in it that has no parts."""
    return (leaf for _, leaf in named_leaves(value))
