"""Rules of the present documents that depend on the recording mode in the path: a schema does not know the path.

The documents of 2019 have no mode but `mix`, so these rules hold for an exchange by whichever edition it is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.contract.checking.passive import Breach
from agora_rest.contract.traffic.har import Recorded

_STATES: Final = "extensionServiceState"
_UPLOAD: Final = "uploadingStatus"


def is_result_of_today(recorded: Recorded) -> bool:
    """Whether a response is the success of a call in a mode that only the present documents have."""
    return recorded.exchange.succeeded and recorded.parameters.get("mode") in ("individual", "web")


def request_breaches(recorded: Recorded) -> Iterator[Breach]:
    """A start in mode `individual` whose `recordingConfig` has no `subscribeUidGroup` (CR-115)."""
    if recorded.exchange.operation != "start_recording" or recorded.parameters.get("mode") != "individual":
        return
    client = _client_request(recorded)
    if client is None:
        return
    config = client.get("recordingConfig", {})
    if isinstance(config, dict) and config.get("subscribeUidGroup") is None:
        title = "A start in mode individual has `clientRequest.recordingConfig.subscribeUidGroup`"
        yield Breach("mode_of_requests", ("CR-115",), title, "`subscribeUidGroup`", "a start without it")


def response_breaches(recorded: Recorded) -> Iterator[Breach]:
    """The result of a query or a stop that has not the form of its mode (CR-139, CR-141, CR-142, CR-154)."""
    exchange = recorded.exchange
    if exchange.operation not in ("query_recording", "stop_recording") or not recorded.body_known:
        return
    result = exchange.member("serverResponse") if exchange.succeeded else None
    if not isinstance(result, dict):
        return
    mode = recorded.parameters.get("mode")
    if mode == "individual" and result.get("fileListMode") == "string":
        title = "The `fileListMode` of mode individual is json"
        yield Breach("mode_of_answers", ("CR-141", "CR-142"), title, "json", "string")
    fact = "CR-139" if exchange.operation == "query_recording" else "CR-154"
    if mode == "web" and _STATES not in result:
        title = f"In mode web `serverResponse` has `{_STATES}`"
        yield Breach("mode_of_answers", (fact,), title, f"`{_STATES}`", "a `serverResponse` without it")
    elif mode == "web" and _UPLOAD in result:
        title = f"In mode web `{_UPLOAD}` is that of a service"
        yield Breach("mode_of_answers", (fact,), title, f"`{_UPLOAD}` in `{_STATES}` only", "beside it")


def upload_breaches(recorded: Recorded) -> Iterator[Breach]:
    """A stop that does not wait for the upload, but knows that it has ended (CR-152).

    Only servers of today know such a stop: one of 2019 lets the member pass, and waits.
    """
    exchange, client = recorded.exchange, _client_request(recorded)
    is_asked = exchange.operation == "stop_recording" and client is not None and client.get("async_stop") is True
    result = exchange.member("serverResponse") if is_asked and exchange.succeeded and recorded.body_known else None
    if not isinstance(result, dict):
        return
    states = result.get(_STATES)
    payloads = [each.get("payload") for each in states if isinstance(each, dict)] if isinstance(states, list) else []
    told = [result, *(each for each in payloads if isinstance(each, dict))]
    if any(each.get(_UPLOAD) == "uploaded" for each in told):
        title = "A stop with `async_stop` does not wait for the upload"
        yield Breach("stop_waits", ("CR-152",), title, "`unknown`", "`uploaded`")


def _client_request(recorded: Recorded) -> dict[str, Any] | None:
    """The `clientRequest` of a request; None if the file does not show it, or it is no object."""
    body = recorded.exchange.asked if recorded.request_body_known else None
    client = body.get("clientRequest") if isinstance(body, dict) else None
    return client if isinstance(client, dict) else None
