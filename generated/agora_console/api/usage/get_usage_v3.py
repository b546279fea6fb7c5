import datetime
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.business import Business
from ...models.console_error import ConsoleError
from ...models.gateway_message import GatewayMessage
from ...models.usage_v3_answer import UsageV3Answer
from ...types import UNSET, Request, Response


def request(
    *,
    from_date: datetime.date,
    to_date: datetime.date,
    project_id: str,
    business: str,
) -> Request:
    """A call of `get_usage_v3`, with the parameters and members that the specification describes."""
    parameters = {
        "from_date": from_date,
        "to_date": to_date,
        "project_id": project_id,
        "business": business,
    }
    return Request("get_usage_v3", parameters, None, _get_kwargs)


def _get_kwargs(
    *,
    from_date: datetime.date,
    to_date: datetime.date,
    project_id: str,
    business: Business,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_from_date = from_date.isoformat()
    params["from_date"] = json_from_date

    json_to_date = to_date.isoformat()
    params["to_date"] = json_to_date

    params["project_id"] = project_id

    json_business = business.value
    params["business"] = json_business

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v3/usage",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer | None:
    if response.status_code == 200:
        response_200 = UsageV3Answer.from_dict(response.json())

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
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    from_date: datetime.date,
    to_date: datetime.date,
    project_id: str,
    business: Business,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer]:
    """Get the figures of one business, day by day

     Figures of one project and one business for each day (UTC), at most one year at a time. Which
    metrics there are
    is open; `meta` names each of them in English and states its unit. Figures of the current day still
    change. The
    figures of `default` leave out those of mini apps. This call succeeds with 200, unlike the calls
    about projects.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        project_id (str): The ID that the Console gives a project. It is not the App ID.
        business (Business): A kind of usage. `default` is audio and video without the usage of
            mini apps, which is `miniapp`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer]
    """

    kwargs = _get_kwargs(
        from_date=from_date,
        to_date=to_date,
        project_id=project_id,
        business=business,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    from_date: datetime.date,
    to_date: datetime.date,
    project_id: str,
    business: Business,
) -> ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer | None:
    """Get the figures of one business, day by day

     Figures of one project and one business for each day (UTC), at most one year at a time. Which
    metrics there are
    is open; `meta` names each of them in English and states its unit. Figures of the current day still
    change. The
    figures of `default` leave out those of mini apps. This call succeeds with 200, unlike the calls
    about projects.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        project_id (str): The ID that the Console gives a project. It is not the App ID.
        business (Business): A kind of usage. `default` is audio and video without the usage of
            mini apps, which is `miniapp`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer
    """

    return sync_detailed(
        client=client,
        from_date=from_date,
        to_date=to_date,
        project_id=project_id,
        business=business,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    from_date: datetime.date,
    to_date: datetime.date,
    project_id: str,
    business: Business,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer]:
    """Get the figures of one business, day by day

     Figures of one project and one business for each day (UTC), at most one year at a time. Which
    metrics there are
    is open; `meta` names each of them in English and states its unit. Figures of the current day still
    change. The
    figures of `default` leave out those of mini apps. This call succeeds with 200, unlike the calls
    about projects.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        project_id (str): The ID that the Console gives a project. It is not the App ID.
        business (Business): A kind of usage. `default` is audio and video without the usage of
            mini apps, which is `miniapp`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer]
    """

    kwargs = _get_kwargs(
        from_date=from_date,
        to_date=to_date,
        project_id=project_id,
        business=business,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    from_date: datetime.date,
    to_date: datetime.date,
    project_id: str,
    business: Business,
) -> ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer | None:
    """Get the figures of one business, day by day

     Figures of one project and one business for each day (UTC), at most one year at a time. Which
    metrics there are
    is open; `meta` names each of them in English and states its unit. Figures of the current day still
    change. The
    figures of `default` leave out those of mini apps. This call succeeds with 200, unlike the calls
    about projects.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        project_id (str): The ID that the Console gives a project. It is not the App ID.
        business (Business): A kind of usage. `default` is audio and video without the usage of
            mini apps, which is `miniapp`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | UsageV3Answer
    """

    return (
        await asyncio_detailed(
            client=client,
            from_date=from_date,
            to_date=to_date,
            project_id=project_id,
            business=business,
        )
    ).parsed
