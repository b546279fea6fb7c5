from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_envelope import ErrorEnvelope
from ...models.gateway_message import GatewayMessage
from ...models.recording_error import RecordingError
from ...models.recording_mode import RecordingMode
from ...models.start_envelope import StartEnvelope
from ...models.start_request import StartRequest
from ...models.start_result import StartResult
from ...types import Request, Response


def request(
    *,
    appid: str,
    resourceid: str,
    mode: str,
    body: Mapping[str, Any],
) -> Request:
    """A call of `start_recording`, with the parameters and members that the specification describes."""
    parameters = {
        "appid": appid,
        "resourceid": resourceid,
        "mode": mode,
    }
    return Request("start_recording", parameters, body, _get_kwargs)


def _get_kwargs(
    appid: str,
    resourceid: str,
    mode: RecordingMode,
    *,
    body: StartRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/mode/{mode}/start".format(
            appid=quote(str(appid), safe=""),
            resourceid=quote(str(resourceid), safe=""),
            mode=quote(str(mode), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json;charset=utf-8"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> (
    ErrorEnvelope
    | GatewayMessage
    | RecordingError
    | ErrorEnvelope
    | RecordingError
    | StartEnvelope
    | StartResult
    | GatewayMessage
    | StartEnvelope
    | StartResult
    | None
):
    if response.status_code == 200:

        def _parse_response_200(data: object) -> StartEnvelope | StartResult:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_start_answer_type_0 = StartEnvelope.from_dict(data)

                return componentsschemas_start_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_start_answer_type_1 = StartResult.from_dict(data)

            return componentsschemas_start_answer_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 201:

        def _parse_response_201(data: object) -> ErrorEnvelope | RecordingError | StartEnvelope | StartResult:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_start_unsettled_answer_type_0 = StartEnvelope.from_dict(data)

                return componentsschemas_start_unsettled_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_start_unsettled_answer_type_1 = StartResult.from_dict(data)

                return componentsschemas_start_unsettled_answer_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_start_unsettled_answer_type_2 = ErrorEnvelope.from_dict(data)

                return componentsschemas_start_unsettled_answer_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_start_unsettled_answer_type_3 = RecordingError.from_dict(data)

            return componentsschemas_start_unsettled_answer_type_3

        response_201 = _parse_response_201(response.json())

        return response_201

    if response.status_code == 206:

        def _parse_response_206(data: object) -> ErrorEnvelope | RecordingError | StartEnvelope | StartResult:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_start_unsettled_answer_type_0 = StartEnvelope.from_dict(data)

                return componentsschemas_start_unsettled_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_start_unsettled_answer_type_1 = StartResult.from_dict(data)

                return componentsschemas_start_unsettled_answer_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_start_unsettled_answer_type_2 = ErrorEnvelope.from_dict(data)

                return componentsschemas_start_unsettled_answer_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_start_unsettled_answer_type_3 = RecordingError.from_dict(data)

            return componentsschemas_start_unsettled_answer_type_3

        response_206 = _parse_response_206(response.json())

        return response_206

    if response.status_code == 400:

        def _parse_response_400(data: object) -> ErrorEnvelope | GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ErrorEnvelope.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_1 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_2 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_2

        response_400 = _parse_response_400(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = GatewayMessage.from_dict(response.json())

        return response_401

    if response.status_code == 404:

        def _parse_response_404(data: object) -> ErrorEnvelope | GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ErrorEnvelope.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_1 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_2 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_2

        response_404 = _parse_response_404(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = GatewayMessage.from_dict(response.json())

        return response_429

    if response.status_code == 500:

        def _parse_response_500(data: object) -> ErrorEnvelope | GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ErrorEnvelope.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_1 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_2 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_2

        response_500 = _parse_response_500(response.json())

        return response_500

    if response.status_code == 504:

        def _parse_response_504(data: object) -> ErrorEnvelope | GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ErrorEnvelope.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_1 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_2 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_2

        response_504 = _parse_response_504(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[
    ErrorEnvelope
    | GatewayMessage
    | RecordingError
    | ErrorEnvelope
    | RecordingError
    | StartEnvelope
    | StartResult
    | GatewayMessage
    | StartEnvelope
    | StartResult
]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    appid: str,
    resourceid: str,
    mode: RecordingMode,
    *,
    client: AuthenticatedClient,
    body: StartRequest,
) -> Response[
    ErrorEnvelope
    | GatewayMessage
    | RecordingError
    | ErrorEnvelope
    | RecordingError
    | StartEnvelope
    | StartResult
    | GatewayMessage
    | StartEnvelope
    | StartResult
]:
    """Start recording

     Sends a recorder into the channel. App ID, channel and user ID must be the ones the resource ID was
    acquired
    for. The recording ends with `stop`, or by itself once the channel has had no users for
    `maxIdleTime` seconds.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already, the documented answer is error 1004, and the observed one HTTP 201 with code 7 and no
    `sid`.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `mix`: all users together in one file.
        body (StartRequest): Who records which channel, and how. Channel and user ID are those of
            `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | GatewayMessage | RecordingError | ErrorEnvelope | RecordingError | StartEnvelope | StartResult | GatewayMessage | StartEnvelope | StartResult]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        mode=mode,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appid: str,
    resourceid: str,
    mode: RecordingMode,
    *,
    client: AuthenticatedClient,
    body: StartRequest,
) -> (
    ErrorEnvelope
    | GatewayMessage
    | RecordingError
    | ErrorEnvelope
    | RecordingError
    | StartEnvelope
    | StartResult
    | GatewayMessage
    | StartEnvelope
    | StartResult
    | None
):
    """Start recording

     Sends a recorder into the channel. App ID, channel and user ID must be the ones the resource ID was
    acquired
    for. The recording ends with `stop`, or by itself once the channel has had no users for
    `maxIdleTime` seconds.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already, the documented answer is error 1004, and the observed one HTTP 201 with code 7 and no
    `sid`.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `mix`: all users together in one file.
        body (StartRequest): Who records which channel, and how. Channel and user ID are those of
            `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | GatewayMessage | RecordingError | ErrorEnvelope | RecordingError | StartEnvelope | StartResult | GatewayMessage | StartEnvelope | StartResult
    """

    return sync_detailed(
        appid=appid,
        resourceid=resourceid,
        mode=mode,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    appid: str,
    resourceid: str,
    mode: RecordingMode,
    *,
    client: AuthenticatedClient,
    body: StartRequest,
) -> Response[
    ErrorEnvelope
    | GatewayMessage
    | RecordingError
    | ErrorEnvelope
    | RecordingError
    | StartEnvelope
    | StartResult
    | GatewayMessage
    | StartEnvelope
    | StartResult
]:
    """Start recording

     Sends a recorder into the channel. App ID, channel and user ID must be the ones the resource ID was
    acquired
    for. The recording ends with `stop`, or by itself once the channel has had no users for
    `maxIdleTime` seconds.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already, the documented answer is error 1004, and the observed one HTTP 201 with code 7 and no
    `sid`.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `mix`: all users together in one file.
        body (StartRequest): Who records which channel, and how. Channel and user ID are those of
            `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | GatewayMessage | RecordingError | ErrorEnvelope | RecordingError | StartEnvelope | StartResult | GatewayMessage | StartEnvelope | StartResult]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        mode=mode,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appid: str,
    resourceid: str,
    mode: RecordingMode,
    *,
    client: AuthenticatedClient,
    body: StartRequest,
) -> (
    ErrorEnvelope
    | GatewayMessage
    | RecordingError
    | ErrorEnvelope
    | RecordingError
    | StartEnvelope
    | StartResult
    | GatewayMessage
    | StartEnvelope
    | StartResult
    | None
):
    """Start recording

     Sends a recorder into the channel. App ID, channel and user ID must be the ones the resource ID was
    acquired
    for. The recording ends with `stop`, or by itself once the channel has had no users for
    `maxIdleTime` seconds.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already, the documented answer is error 1004, and the observed one HTTP 201 with code 7 and no
    `sid`.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `mix`: all users together in one file.
        body (StartRequest): Who records which channel, and how. Channel and user ID are those of
            `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | GatewayMessage | RecordingError | ErrorEnvelope | RecordingError | StartEnvelope | StartResult | GatewayMessage | StartEnvelope | StartResult
    """

    return (
        await asyncio_detailed(
            appid=appid,
            resourceid=resourceid,
            mode=mode,
            client=client,
            body=body,
        )
    ).parsed
