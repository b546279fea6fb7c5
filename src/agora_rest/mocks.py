"""Both APIs as a respx router: every documented response, from the specifications' examples, without a server.

Use it for tests that need one given response; use the emulator for tests that need a server with state.
Needs `agora-rest[testing]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import httpx
import respx

from agora_rest import spec
from agora_rest.addresses import DEFAULT_BASE_URL, path_mistake

SUCCESS: Final = (200, 201)
"""The statuses of a successful call; 206 means that the call was not completed."""


class AgoraRouter(respx.MockRouter):
    """A respx router with one route per operation, named by its operation ID.

    Each route responds with its first success example in `dialect`. No request reaches the network.

        router = AgoraRouter()
        router.set_response("start_recording", 201, "alreadyStarted")
        with router:
            ...
        assert router["start_recording"].call_count == 1
    """

    def __init__(self, *, dialect: spec.Dialect = spec.DEFAULT_DIALECT, base_url: str = DEFAULT_BASE_URL) -> None:
        """Create a router at `base_url` whose responses are `current`, `observed` or `documented`.

        Raises ValueError for another dialect, or for a URL that ends in a part of the operations' paths.
        """
        if dialect not in spec.DIALECTS:
            raise ValueError(f"dialect must be one of {', '.join(map(repr, spec.DIALECTS))}, not {dialect!r}")
        if mistake := path_mistake(base_url):
            raise ValueError(f"base_url {mistake}")
        super().__init__(assert_all_called=False)
        self.dialect = dialect
        self._edition = spec.edition_of(dialect)
        base_url = base_url.rstrip("/")
        for operation in spec.operations(self._edition).values():
            path = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/?]+)", re.escape(operation.prefix + operation.path))
            slash = "/?" if operation.api == "console" else ""  # CO-05
            pattern = rf"^{re.escape(base_url)}{path}{slash}(\?.*)?$"
            route = self.route(method=operation.method, url__regex=pattern, name=operation.id)
            route.return_value = self.response(operation.id)
            if "{mode}" in operation.path:
                route.side_effect = self._by_mode(operation.id, route.return_value)

    def _by_mode(self, operation_id: str, default: httpx.Response) -> Callable[..., httpx.Response]:
        """Respond with the example of the mode in the path, unless a test has set another `return_value`."""

        def respond(_request: httpx.Request, route: respx.Route, mode: str, **_path: str) -> httpx.Response:
            given = route.return_value
            return self.response(operation_id, mode=mode) if given is None or given is default else given

        return respond

    def response(
        self, operation_id: str, status: int | None = None, example: str | None = None, *, mode: str = "mix"
    ) -> httpx.Response:
        """The example response of an operation with `status`, by default a success.

        `example` selects one of several by name (`examples` lists them); by default the first that is in the router's
        dialect, and of a recording in `mode`.

        Raises:
            KeyError: The operation, status or example does not exist; the message lists the existing ones.
        """
        known = examples(operation_id, self.dialect)
        statuses = SUCCESS if status is None else (status,)
        fitting = [(each, name) for each, name in known if each in statuses and example in (None, name)]
        if not fitting:
            raise KeyError(
                f"no response {status or ''} {example or ''} of {operation_id} in the specification: {known}"
            )
        spoken = [each for each in fitting if each[1].startswith((self.dialect, mode))]
        found, name = (spoken or fitting)[0]
        return httpx.Response(found, json=spec.operation(operation_id, self._edition).response_examples(found)[name])

    def set_response(self, operation_id: str, status: int | None = None, example: str | None = None) -> respx.Route:
        """Set the response of `operation_id`, selected as in `response`. Returns its route."""
        route: respx.Route = self[operation_id]
        route.return_value = self.response(operation_id, status, example)
        return route


def examples(operation_id: str, dialect: spec.Dialect = spec.DEFAULT_DIALECT) -> list[tuple[int, str]]:
    """List the status and example name of every response in the documents behind `dialect`. Raises KeyError."""
    operation = spec.operation(operation_id, spec.edition_of(dialect))
    return [(status, name) for status in operation.statuses for name in operation.response_examples(status)]
