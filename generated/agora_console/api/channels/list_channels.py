from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.channels_answer import ChannelsAnswer
from ...models.console_error import ConsoleError
from ...models.gateway_message import GatewayMessage
from ...types import UNSET, Request, Response, Unset


def request(
    *,
    appid: str,
    page_no: int | None = None,
    page_size: int | None = None,
) -> Request:
    """A call of `list_channels`, with the parameters and members that the specification describes."""
    parameters = {
        "appid": appid,
        "page_no": page_no,
        "page_size": page_size,
    }
    return Request("list_channels", parameters, None, _get_kwargs)


def _get_kwargs(
    appid: str,
    *,
    page_no: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page_no"] = page_no

    params["page_size"] = page_size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/channel/{appid}".format(
            appid=quote(str(appid), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage | None:
    if response.status_code == 200:
        response_200 = ChannelsAnswer.from_dict(response.json())

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
) -> Response[ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage]:
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
    page_no: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> Response[ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage]:
    """List the channels of an App ID, page by page

     Lists the channels that are in use now. `total_size` counts all of them, not those of the page.
    Pages may repeat
    or miss a channel while channels come and go.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        page_no (int | Unset): The number of a page; the first is 0. Left out, 0.
        page_size (int | Unset): How many channels a page has. Left out, 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage]
    """

    kwargs = _get_kwargs(
        appid=appid,
        page_no=page_no,
        page_size=page_size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appid: str,
    *,
    client: AuthenticatedClient,
    page_no: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage | None:
    """List the channels of an App ID, page by page

     Lists the channels that are in use now. `total_size` counts all of them, not those of the page.
    Pages may repeat
    or miss a channel while channels come and go.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        page_no (int | Unset): The number of a page; the first is 0. Left out, 0.
        page_size (int | Unset): How many channels a page has. Left out, 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage
    """

    return sync_detailed(
        appid=appid,
        client=client,
        page_no=page_no,
        page_size=page_size,
    ).parsed


async def asyncio_detailed(
    appid: str,
    *,
    client: AuthenticatedClient,
    page_no: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> Response[ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage]:
    """List the channels of an App ID, page by page

     Lists the channels that are in use now. `total_size` counts all of them, not those of the page.
    Pages may repeat
    or miss a channel while channels come and go.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        page_no (int | Unset): The number of a page; the first is 0. Left out, 0.
        page_size (int | Unset): How many channels a page has. Left out, 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage]
    """

    kwargs = _get_kwargs(
        appid=appid,
        page_no=page_no,
        page_size=page_size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appid: str,
    *,
    client: AuthenticatedClient,
    page_no: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage | None:
    """List the channels of an App ID, page by page

     Lists the channels that are in use now. `total_size` counts all of them, not those of the page.
    Pages may repeat
    or miss a channel while channels come and go.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        page_no (int | Unset): The number of a page; the first is 0. Left out, 0.
        page_size (int | Unset): How many channels a page has. Left out, 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChannelsAnswer | ConsoleError | GatewayMessage | GatewayMessage
    """

    return (
        await asyncio_detailed(
            appid=appid,
            client=client,
            page_no=page_no,
            page_size=page_size,
        )
    ).parsed
