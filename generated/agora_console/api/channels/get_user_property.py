from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.console_error import ConsoleError
from ...models.gateway_message import GatewayMessage
from ...models.user_property_answer import UserPropertyAnswer
from ...types import Request, Response


def request(
    *,
    appid: str,
    uid: int,
    cname: str,
) -> Request:
    """A call of `get_user_property`, with the parameters and members that the specification describes."""
    parameters = {
        "appid": appid,
        "uid": uid,
        "cname": cname,
    }
    return Request("get_user_property", parameters, None, _get_kwargs)


def _get_kwargs(
    appid: str,
    uid: int,
    cname: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/channel/user/property/{appid}/{uid}/{cname}".format(
            appid=quote(str(appid), safe=""),
            uid=quote(str(uid), safe=""),
            cname=quote(str(cname), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer | None:
    if response.status_code == 200:
        response_200 = UserPropertyAnswer.from_dict(response.json())

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
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    appid: str,
    uid: int,
    cname: str,
    *,
    client: AuthenticatedClient,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer]:
    """Ask whether a user is in a channel, and as what

     Whether a user is in a channel, since when, in which role and on which platform. To watch a whole
    channel,
    the lists of its users or hosts need fewer calls.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        uid (int): A user ID in a channel, an integer from 1 to 4294967295. Never 0.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer]
    """

    kwargs = _get_kwargs(
        appid=appid,
        uid=uid,
        cname=cname,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appid: str,
    uid: int,
    cname: str,
    *,
    client: AuthenticatedClient,
) -> ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer | None:
    """Ask whether a user is in a channel, and as what

     Whether a user is in a channel, since when, in which role and on which platform. To watch a whole
    channel,
    the lists of its users or hosts need fewer calls.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        uid (int): A user ID in a channel, an integer from 1 to 4294967295. Never 0.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer
    """

    return sync_detailed(
        appid=appid,
        uid=uid,
        cname=cname,
        client=client,
    ).parsed


async def asyncio_detailed(
    appid: str,
    uid: int,
    cname: str,
    *,
    client: AuthenticatedClient,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer]:
    """Ask whether a user is in a channel, and as what

     Whether a user is in a channel, since when, in which role and on which platform. To watch a whole
    channel,
    the lists of its users or hosts need fewer calls.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        uid (int): A user ID in a channel, an integer from 1 to 4294967295. Never 0.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer]
    """

    kwargs = _get_kwargs(
        appid=appid,
        uid=uid,
        cname=cname,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appid: str,
    uid: int,
    cname: str,
    *,
    client: AuthenticatedClient,
) -> ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer | None:
    """Ask whether a user is in a channel, and as what

     Whether a user is in a channel, since when, in which role and on which platform. To watch a whole
    channel,
    the lists of its users or hosts need fewer calls.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.
        uid (int): A user ID in a channel, an integer from 1 to 4294967295. Never 0.
        cname (str): A channel name that a URL can carry: any but `.` and `..`, which clients fold
            away and so call another path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | UserPropertyAnswer
    """

    return (
        await asyncio_detailed(
            appid=appid,
            uid=uid,
            cname=cname,
            client=client,
        )
    ).parsed
