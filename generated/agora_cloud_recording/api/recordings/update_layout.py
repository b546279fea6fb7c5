from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.gateway_message import GatewayMessage
from ...models.mix_mode import MixMode
from ...models.recording_error import RecordingError
from ...models.update_layout_request import UpdateLayoutRequest
from ...models.update_result import UpdateResult
from ...types import Request, Response


def request(
    *,
    appid: str,
    resourceid: str,
    sid: str,
    mode: str,
    body: Mapping[str, Any],
) -> Request:
    """A call of `update_layout`, with the parameters and members that the specification describes."""
    parameters = {
        "appid": appid,
        "resourceid": resourceid,
        "sid": sid,
        "mode": mode,
    }
    return Request("update_layout", parameters, body, _get_kwargs)


def _get_kwargs(
    appid: str,
    resourceid: str,
    sid: str,
    mode: MixMode,
    *,
    body: UpdateLayoutRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/sid/{sid}/mode/{mode}/updateLayout".format(
            appid=quote(str(appid), safe=""),
            resourceid=quote(str(resourceid), safe=""),
            sid=quote(str(sid), safe=""),
            mode=quote(str(mode), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json;charset=utf-8"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult | None:
    if response.status_code == 200:
        response_200 = UpdateResult.from_dict(response.json())

        return response_200

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
) -> Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    appid: str,
    resourceid: str,
    sid: str,
    mode: MixMode,
    *,
    client: AuthenticatedClient,
    body: UpdateLayoutRequest,
) -> Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult]:
    """Rearrange the pictures of a recording

     Sets the layout of a running recording in mode `mix`. Each call overwrites the whole layout: a
    member
    that is left out returns to its default, whatever `start` or an earlier call had set.

    Wait for each response before the next call. A recording that is not there, or not there any more,
    is a 404.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        sid (str): The ID of one recording, from start to stop.
        mode (MixMode): The one mode whose recordings have a layout.
        body (UpdateLayoutRequest): Who is recording which channel, and the new layout. `cname`
            and `uid` are those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        sid=sid,
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
    sid: str,
    mode: MixMode,
    *,
    client: AuthenticatedClient,
    body: UpdateLayoutRequest,
) -> GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult | None:
    """Rearrange the pictures of a recording

     Sets the layout of a running recording in mode `mix`. Each call overwrites the whole layout: a
    member
    that is left out returns to its default, whatever `start` or an earlier call had set.

    Wait for each response before the next call. A recording that is not there, or not there any more,
    is a 404.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        sid (str): The ID of one recording, from start to stop.
        mode (MixMode): The one mode whose recordings have a layout.
        body (UpdateLayoutRequest): Who is recording which channel, and the new layout. `cname`
            and `uid` are those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult
    """

    return sync_detailed(
        appid=appid,
        resourceid=resourceid,
        sid=sid,
        mode=mode,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    appid: str,
    resourceid: str,
    sid: str,
    mode: MixMode,
    *,
    client: AuthenticatedClient,
    body: UpdateLayoutRequest,
) -> Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult]:
    """Rearrange the pictures of a recording

     Sets the layout of a running recording in mode `mix`. Each call overwrites the whole layout: a
    member
    that is left out returns to its default, whatever `start` or an earlier call had set.

    Wait for each response before the next call. A recording that is not there, or not there any more,
    is a 404.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        sid (str): The ID of one recording, from start to stop.
        mode (MixMode): The one mode whose recordings have a layout.
        body (UpdateLayoutRequest): Who is recording which channel, and the new layout. `cname`
            and `uid` are those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        sid=sid,
        mode=mode,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appid: str,
    resourceid: str,
    sid: str,
    mode: MixMode,
    *,
    client: AuthenticatedClient,
    body: UpdateLayoutRequest,
) -> GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult | None:
    """Rearrange the pictures of a recording

     Sets the layout of a running recording in mode `mix`. Each call overwrites the whole layout: a
    member
    that is left out returns to its default, whatever `start` or an earlier call had set.

    Wait for each response before the next call. A recording that is not there, or not there any more,
    is a 404.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        resourceid (str): What `acquire` gives. Good for 5 minutes and for one recording. It
            belongs to an App ID, a channel and a
            user ID.
        sid (str): The ID of one recording, from start to stop.
        mode (MixMode): The one mode whose recordings have a layout.
        body (UpdateLayoutRequest): Who is recording which channel, and the new layout. `cname`
            and `uid` are those of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayMessage | GatewayMessage | RecordingError | RecordingError | UpdateResult
    """

    return (
        await asyncio_detailed(
            appid=appid,
            resourceid=resourceid,
            sid=sid,
            mode=mode,
            client=client,
            body=body,
        )
    ).parsed
