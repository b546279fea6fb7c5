from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.channel_users_answer import ChannelUsersAnswer
from ...models.console_error import ConsoleError
from ...models.gateway_message import GatewayMessage
from ...types import UNSET, Request, Response, Unset


def request(
    *,
    appid: str,
    cname: str,
    hosts_only: str | None = None,
) -> Request:
    """A call of `list_channel_users`, with the parameters and members that the specification describes."""
    parameters = {
        "appid": appid,
        "cname": cname,
        "hosts_only": hosts_only,
    }
    return Request("list_channel_users", parameters, None, _get_kwargs)


def _get_kwargs(
    appid: str,
    cname: str,
    *,
    hosts_only: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["hosts_only"] = hosts_only

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/channel/user/{appid}/{cname}".format(
            appid=quote(str(appid), safe=""),
            cname=quote(str(cname), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage | None:
    if response.status_code == 200:
        response_200 = ChannelUsersAnswer.from_dict(response.json())

        return response_200

    if response.status_code == 400:

        def _parse_response_400(data: object) -> ConsoleError | GatewayMessage:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ConsoleError.from_dict(data)

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

    if response.status_code == 403:

        def _parse_response_403(data: object) -> ConsoleError | GatewayMessage:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ConsoleError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_403 = _parse_response_403(response.json())

        return response_403

    if response.status_code == 404:

        def _parse_response_404(data: object) -> ConsoleError | GatewayMessage:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ConsoleError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_404 = _parse_response_404(response.json())

        return response_404

    if response.status_code == 415:

        def _parse_response_415(data: object) -> ConsoleError | GatewayMessage:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ConsoleError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_415 = _parse_response_415(response.json())

        return response_415

    if response.status_code == 429:
        response_429 = GatewayMessage.from_dict(response.json())

        return response_429

    if response.status_code == 500:

        def _parse_response_500(data: object) -> ConsoleError | GatewayMessage:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_error_answer_type_0 = ConsoleError.from_dict(data)

                return componentsschemas_error_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_error_answer_type_1 = GatewayMessage.from_dict(data)

            return componentsschemas_error_answer_type_1

        response_500 = _parse_response_500(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    appid: str,
    cname: str,
    *,
    client: AuthenticatedClient,
    hosts_only: str | Unset = UNSET,
) -> Response[ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage]:
    """List the users of a channel

     Lists who is in a channel. The response has one of four shapes: a communication channel, a live
    channel (hosts
    and the first 10,000 of the audience), a live channel without its audience (with `hosts_only`), or a
    channel
    that is not there. All users of a channel must use the same mode; otherwise the list may be wrong.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.
        hosts_only (str | Unset): Any text; that it is there counts.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage]
    """

    kwargs = _get_kwargs(
        appid=appid,
        cname=cname,
        hosts_only=hosts_only,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appid: str,
    cname: str,
    *,
    client: AuthenticatedClient,
    hosts_only: str | Unset = UNSET,
) -> ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage | None:
    """List the users of a channel

     Lists who is in a channel. The response has one of four shapes: a communication channel, a live
    channel (hosts
    and the first 10,000 of the audience), a live channel without its audience (with `hosts_only`), or a
    channel
    that is not there. All users of a channel must use the same mode; otherwise the list may be wrong.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.
        hosts_only (str | Unset): Any text; that it is there counts.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage
    """

    return sync_detailed(
        appid=appid,
        cname=cname,
        client=client,
        hosts_only=hosts_only,
    ).parsed


async def asyncio_detailed(
    appid: str,
    cname: str,
    *,
    client: AuthenticatedClient,
    hosts_only: str | Unset = UNSET,
) -> Response[ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage]:
    """List the users of a channel

     Lists who is in a channel. The response has one of four shapes: a communication channel, a live
    channel (hosts
    and the first 10,000 of the audience), a live channel without its audience (with `hosts_only`), or a
    channel
    that is not there. All users of a channel must use the same mode; otherwise the list may be wrong.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.
        hosts_only (str | Unset): Any text; that it is there counts.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage]
    """

    kwargs = _get_kwargs(
        appid=appid,
        cname=cname,
        hosts_only=hosts_only,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appid: str,
    cname: str,
    *,
    client: AuthenticatedClient,
    hosts_only: str | Unset = UNSET,
) -> ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage | None:
    """List the users of a channel

     Lists who is in a channel. The response has one of four shapes: a communication channel, a live
    channel (hosts
    and the first 10,000 of the audience), a live channel without its audience (with `hosts_only`), or a
    channel
    that is not there. All users of a channel must use the same mode; otherwise the list may be wrong.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.
        hosts_only (str | Unset): Any text; that it is there counts.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChannelUsersAnswer | ConsoleError | GatewayMessage | GatewayMessage
    """

    return (
        await asyncio_detailed(
            appid=appid,
            cname=cname,
            client=client,
            hosts_only=hosts_only,
        )
    ).parsed
