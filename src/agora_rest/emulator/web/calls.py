"""A call of one of the APIs, from its authentication to its response.

The order of checks is: route and method, authentication, rate limit, form, world. A failure at one step does not count
at a later one.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING, Any, Final

from agora_rest.emulator.refusals import Refused
from agora_rest.emulator.settings import DialectName
from agora_rest.emulator.web.bodies import check_content_type, parse, read_body
from agora_rest.emulator.web.current_dialect import Current
from agora_rest.emulator.web.dialects import Documented, Observed, gateway_message
from agora_rest.emulator.web.endpoints import Call, Endpoint, endpoints
from agora_rest.emulator.web.leniency import without_nulls
from agora_rest.emulator.web.messages import Receive, Request, Response, api_response, json_response
from agora_rest.emulator.web.operations import HANDLERS
from agora_rest.emulator.web.routing import Match

if TYPE_CHECKING:
    from agora_rest.emulator.state import EmulatorState

DIALECTS: Final[dict[DialectName, Documented]] = {
    DialectName.DOCUMENTED: Documented(),
    DialectName.OBSERVED: Observed(),
    DialectName.CURRENT: Current(),
}

NO_ROUTE: Final = json_response(404, gateway_message("no Route matched with those values"))
WRONG_CREDENTIALS: Final = "Invalid authentication credentials"
_WITH_FLOATS: Final = frozenset({"get_usage_v3"})
TOO_MANY: Final = json_response(429, gateway_message("API rate limit exceeded"))


class Calls:
    """Carries out the calls of both APIs on an emulator's world."""

    def __init__(self, emulator: EmulatorState, customer_id: str, customer_certificate: str) -> None:
        self._emulator = emulator
        self._credentials = f"{customer_id}:{customer_certificate}".encode()
        self._authorization = b"Basic " + base64.b64encode(self._credentials)
        endpoints(emulator.settings.edition)  # routed before the first request

    def find(self, request: Request) -> Match[Endpoint] | None:
        """The route of a request, or None."""
        return endpoints(self._emulator.settings.edition).find(request.path)

    async def respond(
        self, endpoint: Endpoint, segments: dict[str, str], request: Request, receive: Receive
    ) -> Response:
        """Carry out a call. Raises Disconnected if the client left before its body was complete."""
        emulator = self._emulator
        if not self._is_authenticated(request):
            given = request.values(b"authorization")
            return _unauthorized(WRONG_CREDENTIALS if given else DIALECTS[emulator.settings.dialect].unauthorized)
        if emulator.settings.rate_limit:
            with emulator.lock:
                if not emulator.world.quotas.admit(endpoint.limits, emulator.clock.now()):
                    return TOO_MANY
        try:
            if endpoint.body is not None:
                check_content_type(request)
                request.body = await read_body(request, receive)
            with emulator.lock:
                return self._carry_out(endpoint, segments, request)
        except Refused as refused:
            request.refusal = refused.refusal
            dialect = DIALECTS[emulator.settings.dialect]
            return json_response(*dialect.refuse(endpoint.id, endpoint.api, refused))

    def _carry_out(self, endpoint: Endpoint, segments: dict[str, str], request: Request) -> Response:
        emulator = self._emulator
        emulator.world.settle()
        parameters = endpoint.read_parameters(segments, request.query) if segments or endpoint.query else {}
        body = {} if endpoint.body is None else self._body(endpoint, request.body)
        result = HANDLERS[endpoint.id](emulator.world, Call(parameters, body))
        dialect = DIALECTS[emulator.settings.dialect]
        shape = getattr(dialect, endpoint.id, dialect.changed)
        render = json_response if endpoint.id in _WITH_FLOATS else api_response
        return render(*shape(result, emulator.clock.now()))

    def _body(self, endpoint: Endpoint, content: bytes) -> dict[str, Any]:
        """The JSON of a body without nulls; quoted digits are numbers, except as documented in 2019."""
        value = parse(content)
        if b"null" in content:
            value = without_nulls(value)
        return endpoint.check_body(value, quoted=self._emulator.settings.dialect != DialectName.DOCUMENTED)

    def nothing_there(self, match: Match[Endpoint] | None, method: str) -> Response:
        """The response if no operation matches: unknown path, or wrong method."""
        if match is None or not DIALECTS[self._emulator.settings.dialect].knows_methods:
            return NO_ROUTE
        allow = (b"allow", match.allow)
        if method == "OPTIONS":
            return Response(204, b"", (allow,))
        return json_response(405, gateway_message("Method Not Allowed"), allow)

    def _is_authenticated(self, request: Request) -> bool:
        """Whether the header is exactly the correct Basic credentials (CR-02, CO-01)."""
        values = request.values(b"authorization")
        if len(values) != 1:
            return False
        if hmac.compare_digest(values[0], self._authorization):  # written as everybody writes it
            return True
        scheme, _, encoded = values[0].partition(b" ")
        if scheme.lower() != b"basic":
            return False
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except ValueError:
            return False
        return hmac.compare_digest(given, self._credentials)


def _unauthorized(message: str) -> Response:
    return json_response(401, gateway_message(message), (b"www-authenticate", b'Basic realm="Agora"'))
