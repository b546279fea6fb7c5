"""Both APIs as a respx router: every documented answer, from the specifications' examples, without any server.

For tests that want one given answer rather than a server with a memory; for the latter there is the emulator.
Needs `agora-rest[testing]`.
"""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

import httpx
import respx

from agora_rest import spec
from agora_rest.addresses import DEFAULT_BASE_URL, path_mistake

SUCCESS: Final = (200, 201)
"""What a call that did what it was asked for is answered with; 206 says that it did not."""
DialectWord = Literal["documented", "observed"]
DIALECTS: Final = get_args(DialectWord)


class AgoraRouter(respx.MockRouter):
    """A respx router with a route an operation, named by its operation ID.

    Each answers its first success example in `dialect`, and lets nothing out to the network.

        router = AgoraRouter()
        router.will_answer("start_recording", 400, "documentedResourceExpired")
        with router:
            ...
        assert router["start_recording"].call_count == 1
    """

    def __init__(self, *, dialect: DialectWord = "documented", base_url: str = DEFAULT_BASE_URL) -> None:
        """A router at `base_url` whose answers are `documented` or `observed`. ValueError for another dialect, or a
        URL whose end belongs to the operations' paths.
        """
        if dialect not in DIALECTS:
            raise ValueError(f"dialect must be {' or '.join(map(repr, DIALECTS))}, not {dialect!r}")
        if mistake := path_mistake(base_url):
            raise ValueError(f"base_url {mistake}")
        super().__init__(assert_all_called=False)
        self.dialect = dialect
        base_url = base_url.rstrip("/")
        for operation in spec.operations().values():
            path = re.sub(r"\\\{\w+\\\}", "[^/?]+", re.escape(operation.prefix + operation.path))
            template = re.escape(base_url) + path
            route = self.route(method=operation.method, url__regex=rf"^{template}(\?.*)?$", name=operation.id)
            route.return_value = self.answer(operation.id)

    def answer(self, operation_id: str, status: int | None = None, example: str | None = None) -> httpx.Response:
        """What the specification shows of an operation's answer with `status`, by default its success.

        `example` is the name of one of several (`examples` lists them); by default the first in the router's dialect.

        Raises:
            KeyError: There is no such operation, status or example; the message names those there are.
        """
        known = examples(operation_id)
        statuses = SUCCESS if status is None else (status,)
        fitting = [(each, name) for each, name in known if each in statuses and example in (None, name)]
        if not fitting:
            raise KeyError(f"no answer {status or ''} {example or ''} of {operation_id} in the specification: {known}")
        spoken = [each for each in fitting if each[1].startswith(self.dialect)]
        found, name = (spoken or fitting)[0]
        return httpx.Response(found, json=spec.operation(operation_id).response_examples(found)[name])

    def will_answer(self, operation_id: str, status: int | None = None, example: str | None = None) -> respx.Route:
        """From now on, `operation_id` answers so; see `answer`. Gives its route."""
        route: respx.Route = self[operation_id]
        route.return_value = self.answer(operation_id, status, example)
        return route


def examples(operation_id: str) -> list[tuple[int, str]]:
    """Every answer the specification shows of an operation: its status and the example's name. Raises KeyError."""
    operation = spec.operation(operation_id)
    return [(status, name) for status in operation.statuses for name in operation.response_examples(status)]
