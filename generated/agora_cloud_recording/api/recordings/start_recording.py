from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.gateway_message import GatewayMessage
from ...models.recording_error import RecordingError
from ...models.recording_mode import RecordingMode
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
) -> GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult | None:
    if response.status_code == 200:
        response_200 = StartResult.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = RecordingError.from_dict(response.json())

        return response_201

    if response.status_code == 206:
        response_206 = RecordingError.from_dict(response.json())

        return response_206

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
) -> Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult]:
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
) -> Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult]:
    """Start recording

     Sends a recorder into the channel, or to the web page. App ID, `cname` and `uid` must be the ones
    the resource
    ID was acquired for. A recording of a channel ends with `stop`, or on its own once the channel has
    been idle for
    `maxIdleTime` seconds; one of a web page ends with `stop`, or after `maxRecordingHour` hours.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already the response is HTTP 201 with code 7 and no `sid`. `query` shows whether the recorder really
    works: its
    `status` is 4 or 5 then, within 90 seconds.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `individual`: each user in files of their own. `mix`: all users
            together in one file. `web`: a web page. The
            guides call them individual, composite and web page recording.
        body (StartRequest): Who records which channel or page, and how. `cname` and `uid` are
            those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult]
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
) -> GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult | None:
    """Start recording

     Sends a recorder into the channel, or to the web page. App ID, `cname` and `uid` must be the ones
    the resource
    ID was acquired for. A recording of a channel ends with `stop`, or on its own once the channel has
    been idle for
    `maxIdleTime` seconds; one of a web page ends with `stop`, or after `maxRecordingHour` hours.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already the response is HTTP 201 with code 7 and no `sid`. `query` shows whether the recorder really
    works: its
    `status` is 4 or 5 then, within 90 seconds.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `individual`: each user in files of their own. `mix`: all users
            together in one file. `web`: a web page. The
            guides call them individual, composite and web page recording.
        body (StartRequest): Who records which channel or page, and how. `cname` and `uid` are
            those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult
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
) -> Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult]:
    """Start recording

     Sends a recorder into the channel, or to the web page. App ID, `cname` and `uid` must be the ones
    the resource
    ID was acquired for. A recording of a channel ends with `stop`, or on its own once the channel has
    been idle for
    `maxIdleTime` seconds; one of a web page ends with `stop`, or after `maxRecordingHour` hours.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already the response is HTTP 201 with code 7 and no `sid`. `query` shows whether the recorder really
    works: its
    `status` is 4 or 5 then, within 90 seconds.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `individual`: each user in files of their own. `mix`: all users
            together in one file. `web`: a web page. The
            guides call them individual, composite and web page recording.
        body (StartRequest): Who records which channel or page, and how. `cname` and `uid` are
            those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult]
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
) -> GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult | None:
    """Start recording

     Sends a recorder into the channel, or to the web page. App ID, `cname` and `uid` must be the ones
    the resource
    ID was acquired for. A recording of a channel ends with `stop`, or on its own once the channel has
    been idle for
    `maxIdleTime` seconds; one of a web page ends with `stop`, or after `maxRecordingHour` hours.

    The resource ID makes this call safe to repeat: it starts one recording at most. On a resource that
    is recording
    already the response is HTTP 201 with code 7 and no `sid`. `query` shows whether the recorder really
    works: its
    `status` is 4 or 5 then, within 90 seconds.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        mode (RecordingMode): `individual`: each user in files of their own. `mix`: all users
            together in one file. `web`: a web page. The
            guides call them individual, composite and web page recording.
        body (StartRequest): Who records which channel or page, and how. `cname` and `uid` are
            those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayMessage | GatewayMessage | RecordingError | RecordingError | StartResult
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
