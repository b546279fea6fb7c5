"""Receives Agora's notifications, for sids that no response contained and recordings that end on their own.

    from agora_rest.fleet import Journal, webhooks

    app = webhooks.app(Journal("postgresql+psycopg://…"), secret=os.environ["AGORA_WEBHOOK_SECRET"])

`app` is an ASGI application, to be served alone or mounted in another one. Otherwise, `read` checks and reads a request
and `Journal.note_webhook` applies it. Agora describes notifications outside the two documents that the rest of this
package follows. Their retries are limited, and some get lost. A journal is correct without them, and learns more with
them.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

from agora_rest.errors import AgoraError, ConfigurationError
from agora_rest.fleet.errors import JournalUnavailable
from agora_rest.fleet.journal import Journal
from agora_rest.fleet.notifications import CLOUD_RECORDING, Event, Notification, NotificationEffect

__all__ = ["BadSignature", "Event", "Malformed", "Notification", "NotificationEffect", "WebhookError", "app", "read"]

LARGEST: Final = 1 << 20
"""The maximum size of a request in bytes. Agora's have a few hundred bytes, those with lists of files some thousand."""

BODY_TIMEOUT: Final = 30.0
"""Seconds in which the body of a request has to arrive."""

_SIGNATURES: Final = {"agora-signature-v2": hashlib.sha256, "agora-signature": hashlib.sha1}
"""The header of each signature, the stronger one first."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

logger = logging.getLogger("agora_rest.fleet")


class WebhookError(AgoraError):
    """A request is not a notification of Agora's. Nothing of the request, and no secret, is in the message."""


class BadSignature(WebhookError):  # noqa: N818  the name says what is wrong
    """It is not signed with the secret, or not at all: its sender is unknown."""


class Malformed(WebhookError):  # noqa: N818  the name says what is wrong
    """It is signed, but not a JSON object."""


def read(body: bytes, headers: Mapping[str, str], *, secret: str) -> Notification | None:
    """The notification in a request; None if it concerns another product, as the Console's test does.

    Args:
        body: The request's body, byte for byte unchanged.
        headers: The request's headers; the case of their names does not matter.
        secret: The secret that Agora's Console shows for the project's notifications.

    Raises:
        BadSignature: It is not signed with this secret.
        Malformed: It is signed, but not a JSON object.
        ConfigurationError: The secret is empty, so anyone could sign.
    """
    _check_signature(body, {name.lower(): value for name, value in headers.items()}, secret)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body of the notification is not JSON.") from None
    if not isinstance(data, dict):
        raise Malformed("The body of the notification is not a JSON object.")
    return _notification_in(data)


def app(journal: Journal, *, secret: str, app_id: str | None = None) -> App:
    """An ASGI application that takes notifications by POST, at whatever path, and notes them in `journal`.

    It responds 200 when the notification is stored, 401 without a valid signature, 400 to other than a JSON object, 413
    to more than a megabyte, 408 to a body that takes over 30 seconds, and 503 while the journal cannot be reached, so
    that Agora sends it again. The first refused notification is logged as a warning, then the 10th, the 100th and so
    on. `app_id` is the project whose notifications these are; see `Journal.note_webhook`. Raises ConfigurationError for
    a secret that is empty or has white space around it.
    """
    _check_secret(secret)
    refusals = _Refusals()

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"notifications come by HTTP, not by {scope['type']}")
        if scope["method"] != "POST":
            await _respond(send, 405, "Notifications are sent by POST.", (b"allow", b"POST"))
            return
        try:
            async with asyncio.timeout(BODY_TIMEOUT):
                body = await _body(receive)
        except TimeoutError:
            await _respond(send, 408, "The body of the notification did not arrive in time.")
            return
        if body is None:
            await _respond(send, 413, "The body is larger than a notification.")
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            notification = read(body, headers, secret=secret)
            if notification is not None:
                effect = await asyncio.to_thread(journal.note_webhook, notification, app_id=app_id)
                logger.log(_LEVELS[effect], "webhook: event %d of a recording: %s", notification.event, effect)
        except WebhookError as error:
            refusals.log(error)
            await _respond(send, 401 if isinstance(error, BadSignature) else 400, str(error))
        except JournalUnavailable as error:
            logger.warning("webhook: a notification has to be sent again: %s", error)
            await _respond(send, 503, "The journal cannot be reached.")
        else:
            await _respond(send, 200)

    return application


class _Refusals:
    """Logs the 1st, 10th, 100th … refusal, so that a wrong secret is seen and a flood of requests fills no log."""

    def __init__(self) -> None:
        self._count, self._logged_at = 0, 1

    def log(self, error: WebhookError) -> None:
        """Count a refusal. Nothing of the request is logged."""
        self._count += 1
        if self._count < self._logged_at:
            return
        self._logged_at *= 10
        advice = (
            " If it comes from Agora, the secret is not the one that Agora's console shows for this product."
            if isinstance(error, BadSignature)
            else ""
        )
        logger.warning("webhook: refused notification number %d: %s%s", self._count, error, advice)


_LEVELS: Final = {
    NotificationEffect.SID: logging.INFO,
    NotificationEffect.DUE: logging.INFO,
    NotificationEffect.NOTHING: logging.DEBUG,
    NotificationEffect.AMBIGUOUS: logging.WARNING,
}


def _check_signature(body: bytes, headers: Mapping[str, str], secret: str) -> None:
    """The strongest signature present must be valid."""
    _check_secret(secret)
    for name, algorithm in _SIGNATURES.items():
        if name in headers:
            right = hmac.new(secret.encode(), body, algorithm).hexdigest()
            if hmac.compare_digest(right.encode(), headers[name].strip().lower().encode(errors="replace")):
                return
            raise BadSignature(f"The signature in {name} is not that of this body and our secret.")
    raise BadSignature(f"The request is not signed: it has neither {' nor '.join(_SIGNATURES)}.")


def _check_secret(secret: str) -> None:
    if not secret:
        raise ConfigurationError("The secret of the notifications is empty, so anyone could sign them.")
    if secret != secret.strip():
        raise ConfigurationError("The secret of the notifications begins or ends with white space; remove it.")


def _notification_in(data: Mapping[str, Any]) -> Notification | None:
    payload = data.get("payload")
    event = data.get("eventType")
    if data.get("productId") != CLOUD_RECORDING or not isinstance(payload, dict) or not isinstance(event, int):
        return None
    channel, uid, sid = (_name(payload.get(member)) for member in ("cname", "uid", "sid"))
    if not (channel and uid and sid):
        return None
    milliseconds, details = payload.get("sendts"), payload.get("details")
    return Notification(
        event=event,
        channel=channel,
        uid=uid,
        sid=sid,
        at=milliseconds / 1000 if isinstance(milliseconds, int) and milliseconds < 1e15 else 0.0,
        details=details if isinstance(details, dict) else {},
    )


def _name(value: Any) -> str:
    """A name, a user ID or a sid, none of which can have other characters; user IDs are numbers elsewhere at Agora."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if text.isascii() and text.isprintable() else ""


async def _respond(send: Send, status: int, message: str = "", *headers: tuple[bytes, bytes]) -> None:
    """Agora expects JSON of any content."""
    body = json.dumps({"error": message} if message else {}).encode()
    own = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": body})


async def _body(receive: Receive) -> bytes | None:
    """The request's body; None if it is too long."""
    body = bytearray()
    while len(body) <= LARGEST:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body) if len(body) <= LARGEST else None
    return None
