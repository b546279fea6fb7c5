"""An HTTP client that sends what it is given, and nothing else.

A run sends tens of thousands of requests, and each must arrive as a check wrote it: no redirect is followed, no cookie
is kept, no credentials are taken from the environment. httpx's own steps for all that took a tenth of a run's time.
"""

from __future__ import annotations

from typing import Any

import httpx

from agora_rest.redaction import basic_token


class DirectClient(httpx.Client):
    """An httpx client whose requests go straight to its transport.

    A response is read and given to the event hooks. `auth` is a user and a password, or None.
    """

    def __init__(self, transport: httpx.BaseTransport, *, base_url: str, timeout: float | None = None) -> None:
        super().__init__(base_url=base_url, timeout=timeout, trust_env=False, transport=transport)
        self._direct = transport

    def send(self, request: httpx.Request, *, auth: Any = None, **_: Any) -> httpx.Response:
        """Send a request and read its response. httpx's options for redirects and streaming are ignored."""
        if isinstance(auth, tuple):
            request.headers["Authorization"] = f"Basic {basic_token(*auth)}"
        response = self._direct.handle_request(request)
        response.request = request
        try:
            for hook in self.event_hooks["response"]:
                hook(response)
            response.read()
        finally:
            response.close()
        return response
