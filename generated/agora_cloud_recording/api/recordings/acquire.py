from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.acquire_request import AcquireRequest
from ...models.acquire_result import AcquireResult
from ...models.gateway_message import GatewayMessage
from ...models.recording_error import RecordingError
from ...types import Request, Response


def request(
    *,
    appid: str,
    body: Mapping[str, Any],
) -> Request:
    """A call of `acquire`, with the parameters and members that the specification describes."""
    parameters = {
        "appid": appid,
    }
    return Request("acquire", parameters, body, _get_kwargs)


def _get_kwargs(
    appid: str,
    *,
    body: AcquireRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/apps/{appid}/cloud_recording/acquire".format(
            appid=quote(str(appid), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json;charset=utf-8"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AcquireResult | GatewayMessage | GatewayMessage | RecordingError | None:
    if response.status_code == 200:
        response_200 = AcquireResult.from_dict(response.json())

        return response_200

    if response.status_code == 400:

        def _parse_response_400(data: object) -> GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_400 = _parse_response_400(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = GatewayMessage.from_dict(response.json())

        return response_401

    if response.status_code == 404:

        def _parse_response_404(data: object) -> GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_404 = _parse_response_404(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = GatewayMessage.from_dict(response.json())

        return response_429

    if response.status_code == 500:

        def _parse_response_500(data: object) -> GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_500 = _parse_response_500(response.json())

        return response_500

    if response.status_code == 504:

        def _parse_response_504(data: object) -> GatewayMessage | RecordingError:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = RecordingError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_504 = _parse_response_504(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AcquireResult | GatewayMessage | GatewayMessage | RecordingError]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    appid: str,
    *,
    client: AuthenticatedClient,
    body: AcquireRequest,
) -> Response[AcquireResult | GatewayMessage | GatewayMessage | RecordingError]:
    """Get a resource ID for one recording

     The first call of every recording. The resource ID it gives must be used by `start` within 5
    minutes, better
    within 2 seconds, and serves one recording only. An unused resource ID simply expires, so repeating
    this call
    does no harm.

    A recording is known by App ID, `cname` and `uid` together: to record a channel twice at the same
    time, use two
    user IDs.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        body (AcquireRequest): Who will record which channel or page. `cname` is the name of a
            channel, or a label if `scene` is 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AcquireResult | GatewayMessage | GatewayMessage | RecordingError]
    """

    kwargs = _get_kwargs(
        appid=appid,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appid: str,
    *,
    client: AuthenticatedClient,
    body: AcquireRequest,
) -> AcquireResult | GatewayMessage | GatewayMessage | RecordingError | None:
    """Get a resource ID for one recording

     The first call of every recording. The resource ID it gives must be used by `start` within 5
    minutes, better
    within 2 seconds, and serves one recording only. An unused resource ID simply expires, so repeating
    this call
    does no harm.

    A recording is known by App ID, `cname` and `uid` together: to record a channel twice at the same
    time, use two
    user IDs.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        body (AcquireRequest): Who will record which channel or page. `cname` is the name of a
            channel, or a label if `scene` is 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AcquireResult | GatewayMessage | GatewayMessage | RecordingError
    """

    return sync_detailed(
        appid=appid,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    appid: str,
    *,
    client: AuthenticatedClient,
    body: AcquireRequest,
) -> Response[AcquireResult | GatewayMessage | GatewayMessage | RecordingError]:
    """Get a resource ID for one recording

     The first call of every recording. The resource ID it gives must be used by `start` within 5
    minutes, better
    within 2 seconds, and serves one recording only. An unused resource ID simply expires, so repeating
    this call
    does no harm.

    A recording is known by App ID, `cname` and `uid` together: to record a channel twice at the same
    time, use two
    user IDs.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        body (AcquireRequest): Who will record which channel or page. `cname` is the name of a
            channel, or a label if `scene` is 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AcquireResult | GatewayMessage | GatewayMessage | RecordingError]
    """

    kwargs = _get_kwargs(
        appid=appid,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appid: str,
    *,
    client: AuthenticatedClient,
    body: AcquireRequest,
) -> AcquireResult | GatewayMessage | GatewayMessage | RecordingError | None:
    """Get a resource ID for one recording

     The first call of every recording. The resource ID it gives must be used by `start` within 5
    minutes, better
    within 2 seconds, and serves one recording only. An unused resource ID simply expires, so repeating
    this call
    does no harm.

    A recording is known by App ID, `cname` and `uid` together: to record a channel twice at the same
    time, use two
    user IDs.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        body (AcquireRequest): Who will record which channel or page. `cname` is the name of a
            channel, or a label if `scene` is 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AcquireResult | GatewayMessage | GatewayMessage | RecordingError
    """

    return (
        await asyncio_detailed(
            appid=appid,
            client=client,
            body=body,
        )
    ).parsed
