import datetime
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.console_error import ConsoleError
from ...models.gateway_message import GatewayMessage
from ...models.usage_v1_answer import UsageV1Answer
from ...types import UNSET, Request, Response, Unset


def request(
    *,
    from_date: datetime.date,
    to_date: datetime.date,
    projects: list[str] | None = None,
) -> Request:
    """A call of `get_usage_v1`, with the parameters and members that the specification describes."""
    parameters = {
        "from_date": from_date,
        "to_date": to_date,
        "projects": projects,
    }
    return Request("get_usage_v1", parameters, None, _get_kwargs)


def _get_kwargs(
    *,
    from_date: datetime.date,
    to_date: datetime.date,
    projects: list[str] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_from_date = from_date.isoformat()
    params["from_date"] = json_from_date

    json_to_date = to_date.isoformat()
    params["to_date"] = json_to_date

    json_projects: list[str] | Unset = UNSET
    if not isinstance(projects, Unset):
        json_projects = projects

    params["projects"] = json_projects

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    if "projects" in params:
        params["projects"] = ",".join(str(item) for item in params["projects"])

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/usage",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer | None:
    if response.status_code == 200:
        response_200 = UsageV1Answer.from_dict(response.json())

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
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer]:
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
    projects: list[str] | Unset = UNSET,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer]:
    """Get audio and video minutes, day by day

     Minutes of audio and of three classes of video, for some projects or for all of them, at most one
    year at a
    time. Figures of the current day still change. Projects that do not exist are left out silently. The
    present
    documents do not have this call; `get_usage_v3` knows more kinds of usage.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        projects (list[str] | Unset): Project IDs. Those that no project has are left out
            silently.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer]
    """

    kwargs = _get_kwargs(
        from_date=from_date,
        to_date=to_date,
        projects=projects,
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
    projects: list[str] | Unset = UNSET,
) -> ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer | None:
    """Get audio and video minutes, day by day

     Minutes of audio and of three classes of video, for some projects or for all of them, at most one
    year at a
    time. Figures of the current day still change. Projects that do not exist are left out silently. The
    present
    documents do not have this call; `get_usage_v3` knows more kinds of usage.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        projects (list[str] | Unset): Project IDs. Those that no project has are left out
            silently.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer
    """

    return sync_detailed(
        client=client,
        from_date=from_date,
        to_date=to_date,
        projects=projects,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    from_date: datetime.date,
    to_date: datetime.date,
    projects: list[str] | Unset = UNSET,
) -> Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer]:
    """Get audio and video minutes, day by day

     Minutes of audio and of three classes of video, for some projects or for all of them, at most one
    year at a
    time. Figures of the current day still change. Projects that do not exist are left out silently. The
    present
    documents do not have this call; `get_usage_v3` knows more kinds of usage.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        projects (list[str] | Unset): Project IDs. Those that no project has are left out
            silently.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer]
    """

    kwargs = _get_kwargs(
        from_date=from_date,
        to_date=to_date,
        projects=projects,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    from_date: datetime.date,
    to_date: datetime.date,
    projects: list[str] | Unset = UNSET,
) -> ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer | None:
    """Get audio and video minutes, day by day

     Minutes of audio and of three classes of video, for some projects or for all of them, at most one
    year at a
    time. Figures of the current day still change. Projects that do not exist are left out silently. The
    present
    documents do not have this call; `get_usage_v3` knows more kinds of usage.

    Args:
        from_date (datetime.date): A day, YYYY-MM-DD.
        to_date (datetime.date): A day, YYYY-MM-DD.
        projects (list[str] | Unset): Project IDs. Those that no project has are left out
            silently.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsoleError | GatewayMessage | GatewayMessage | UsageV1Answer
    """

    return (
        await asyncio_detailed(
            client=client,
            from_date=from_date,
            to_date=to_date,
            projects=projects,
        )
    ).parsed
