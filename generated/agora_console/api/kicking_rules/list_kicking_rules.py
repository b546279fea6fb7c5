from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.console_error import ConsoleError
from ...models.gateway_message import GatewayMessage
from ...models.kicking_rules_answer import KickingRulesAnswer
from ...types import UNSET, Request, Response


def request(
    *,
    appid: str,
) -> Request:
    """A call of `list_kicking_rules`, with the parameters and members that the specification describes."""
    parameters = {
        "appid": appid,
    }
    return Request("list_kicking_rules", parameters, None, _get_kwargs)


def _get_kwargs(
    *,
    appid: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["appid"] = appid

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/kicking-rule",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer | None:
    if response.status_code == 200:
        response_200 = KickingRulesAnswer.from_dict(response.json())

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
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    appid: str,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer]:
    """List the kicking rules of an App ID

     Lists the rules of one App ID. What a rule does not name is null there. Servers give this call less
    priority
    than the others: when the network is bad, rules may be missing.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer]
    """

    kwargs = _get_kwargs(
        appid=appid,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    appid: str,
) -> ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer | None:
    """List the kicking rules of an App ID

     Lists the rules of one App ID. What a rule does not name is null there. Servers give this call less
    priority
    than the others: when the network is bad, rules may be missing.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer
    """

    return sync_detailed(
        client=client,
        appid=appid,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    appid: str,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer]:
    """List the kicking rules of an App ID

     Lists the rules of one App ID. What a rule does not name is null there. Servers give this call less
    priority
    than the others: when the network is bad, rules may be missing.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer]
    """

    kwargs = _get_kwargs(
        appid=appid,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    appid: str,
) -> ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer | None:
    """List the kicking rules of an App ID

     Lists the rules of one App ID. What a rule does not name is null there. Servers give this call less
    priority
    than the others: when the network is bad, rules may be missing.

    Args:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it
            with `x`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | KickingRulesAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            appid=appid,
        )
    ).parsed
