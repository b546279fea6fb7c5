"""How often Cloud Recording may be called: each of its calls ten times in any second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._current import payload_of, record
from agora_rest.contract.scenarios._recording import must_run, stop

_NEEDS = Control.QUOTA | Control.CLOCK
_LIMIT = 10

_BURST = 0.8
"""Limit for a burst, in seconds: in a longer one the first call may no longer count when the last arrives."""

_MOMENT = 0.35
"""The same if the calls are spread over a second of the server's clock."""

_TRIES = 3

Ask = Callable[[], Response]


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def ten_calls_of_each_kind_pass_in_a_second(server: Server) -> None:
    """Of each Cloud Recording call exactly ten pass in a second; a second later exactly ten pass again."""
    for ask in _recording_calls(server).values():
        _exactly_ten_pass(server, [ask] * (_LIMIT + 2))


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def each_recording_call_has_a_limit_of_its_own(server: Server) -> None:
    """When one Cloud Recording call is used up, the three others still pass, and so does the Console."""
    calls: list[Ask] = [*_recording_calls(server).values(), partial(server.send, "list_projects")]
    for used_up in calls[:4]:
        others = [ask for ask in calls if ask is not used_up]
        for response in _burst(server, [used_up] * _LIMIT + others * 3)[_LIMIT:]:
            _must_pass(response)


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def the_second_of_the_limit_slides(server: Server) -> None:
    """In any second ten calls pass, wherever it begins: each call makes room for another one second after itself.

    With a frozen clock, no sooner than 0.99 seconds and no later than 1.01 seconds after.
    """
    ask = _recording_calls(server)["query_recording"]
    early, middle, late, again = _in_steps(server, (0, [ask] * 4), (0.5, [ask] * 7), (0.1, [ask]), (0.45, [ask] * 5))
    _must_be_ten([*early, *middle])
    _must_be_over(late[0])
    for response in again[:4]:
        _must_pass(response)
    _must_be_over(again[4])
    if server.stands_still():
        full, soon, free = _in_steps(server, (0, [ask] * _LIMIT), (0.99, [ask]), (0.02, [ask] * _LIMIT))
        _must_be_ten(full)
        _must_be_over(soon[0])
        _must_be_ten(free)


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def a_call_over_the_limit_is_not_done(server: Server) -> None:
    """A call over the limit is a 429 and has no effect: no start, no stop, no resource ID used up."""
    resource, recording = server.acquire(), server.record()
    spent = _recording_calls(server)
    over: list[tuple[str, Ask]] = [
        ("start_recording", partial(server.start, resource)),
        ("stop_recording", partial(server.stop, recording)),
    ]
    for name, ask in over:
        _must_be_over(_burst(server, [*[spent[name]] * _LIMIT, ask])[-1])
    server.advance(seconds=2)
    must_run(server, recording)
    must_run(server, server.recording(resource, server.start(resource)))
    stop(server, recording)


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def a_call_over_the_limit_costs_nothing(server: Server) -> None:
    """Calls over the limit do not count: a client that keeps calling waits no longer than one that does not."""
    ask = _recording_calls(server)["query_recording"]
    calls = [ask] * _LIMIT
    passed, over, again = _in_steps(server, (0, calls), (0.6, calls), (0.45, [*calls, ask]))
    for response in passed:
        _must_pass(response)
    for response in over:
        _must_be_over(response)
    _must_be_ten(again)


@check("CR-02", "CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def a_call_that_is_none_costs_nothing(server: Server) -> None:
    """Calls with wrong credentials and calls to no path use nothing of the limit up."""
    ask = _recording_calls(server)["query_recording"]
    unknown = {"resourceid": "nobody", "sid": "nobody"}
    stranger: Ask = partial(server.send, "query_recording", path=unknown, authenticated=False)
    nowhere: Ask = partial(server.request, "GET", "/v1/apps/nothing", auth=server.account.credentials)
    responses = _burst(server, [*[stranger, nowhere] * _LIMIT, *[ask] * (_LIMIT + 1)])
    _must_be_ten(responses[2 * _LIMIT :])
    for response in responses[: 2 * _LIMIT : 2]:
        response.must_be_refused(401)


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def a_failed_call_counts(server: Server) -> None:
    """A call that is refused for its content still counts: ten of them use the second up."""
    ask = _recording_calls(server)["acquire"]

    def wrong() -> Response:
        return server.ask_acquire("ünfit")

    responses = _burst(server, [*[wrong] * _LIMIT, ask])
    for response in responses[:_LIMIT]:
        response.must_be_refused(code=1013)
    _must_be_over(responses[-1])


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def ten_calls_pass_however_many_come_at_once(server: Server) -> None:
    """Of calls that come at the same moment exactly ten pass too."""
    ask = _recording_calls(server)["query_recording"]
    with ThreadPoolExecutor(8) as pool:
        responses = _burst(server, [ask] * 24, send=lambda asks: list(pool.map(lambda each: each(), asks)))
    _must_be_ten(responses, in_order=False)


# -- the present documents ---------------------------------------------------------------------------------------------


@check("CR-71", needs=_NEEDS, profile=Profile.LOCAL)
def ten_calls_of_each_of_six_pass_in_a_second(server: Server) -> None:
    """Of each of the six Cloud Recording calls exactly ten pass in a second, and a second later ten again."""
    for ask in _calls_of_today(server).values():
        _exactly_ten_pass(server, [ask] * (_LIMIT + 2))


@check("CR-71", needs=_NEEDS, profile=Profile.LOCAL)
def each_of_six_calls_has_a_limit_of_its_own(server: Server) -> None:
    """When one of the six Cloud Recording calls is used up, the other five still pass."""
    calls = list(_calls_of_today(server).values())
    for used_up in calls:
        others = [ask for ask in calls if ask is not used_up]
        for response in _burst(server, [used_up] * _LIMIT + others)[_LIMIT:]:
            _must_pass(response)


@check("CR-71", needs=_NEEDS, profile=Profile.LOCAL)
def an_update_over_the_limit_is_not_done(server: Server) -> None:
    """An `update` over the limit is a 429 and has no effect."""
    recording = record(server, "web")
    held = partial(server.update, recording, webRecordingConfig={"onhold": True})
    resumed = partial(server.update, recording, webRecordingConfig={"onhold": False})
    _must_be_over(_burst(server, [*[resumed] * _LIMIT, held])[-1])
    server.advance(seconds=2)
    response = server.query(recording)
    if payload_of(response, "web_recorder_service").get("onhold") is not False:
        raise response.broken("`onhold` false: the call over the limit was not carried out")


# -- the calls ---------------------------------------------------------------------------------------------------------


def _recording_calls(server: Server) -> dict[str, Ask]:
    """A repeatable call of each kind, about two recordings in turn: its own response is never a 429."""
    running, stopped = (cycle([server.record() for _ in range(2)]) for _ in range(2))
    for recording in islice(stopped, 2):
        stop(server, recording)
    return {
        "acquire": lambda: server.ask_acquire(),
        "start_recording": lambda: server.start(next(running).resource),
        "query_recording": lambda: server.query(next(running)),
        "stop_recording": lambda: server.stop(next(stopped)),
    }


def _calls_of_today(server: Server) -> dict[str, Ask]:
    """The same with the calls that the present documents have besides."""
    running = server.record()
    return {
        **_recording_calls(server),
        "update_recording": lambda: server.update(running),
        "update_layout": lambda: server.update_layout(running),
    }


# -- assertions --------------------------------------------------------------------------------------------------------


def _exactly_ten_pass(server: Server, asks: Sequence[Ask], *, wait: float = 2) -> None:
    """Asserts that ten pass and the others do not, and once more a second later."""
    _must_be_ten(_burst(server, asks, wait=wait))
    _must_be_ten(_burst(server, asks, wait=1.05))


def _in_steps(server: Server, *steps: tuple[float, Sequence[Ask]]) -> list[list[Response]]:
    """The responses to calls in several steps, each this many seconds after the one before, with negligible duration.

    Every step must be longer than `_MOMENT`.
    """
    server.limit_rate()
    for _ in range(_TRIES):
        server.advance(seconds=2)
        began = time.monotonic()
        responses = []
        for wait, asks in steps:
            server.advance(seconds=wait)
            responses.append([ask() for ask in asks])
        if time.monotonic() - began < _MOMENT or server.stands_still():
            return responses
    raise Skipped("the machine is too busy for a few dozen calls in a moment")


def _burst(
    server: Server,
    asks: Sequence[Ask],
    *,
    send: Callable[[Sequence[Ask]], list[Response]] | None = None,
    wait: float = 2,
) -> list[Response]:
    """The responses to calls made within one second, `wait` seconds after the calls before."""
    server.limit_rate()
    for _ in range(_TRIES):
        server.advance(seconds=wait)
        began = time.monotonic()
        responses = send(asks) if send else [ask() for ask in asks]
        if time.monotonic() - began < _BURST or server.stands_still():
            return responses
        wait = 2
    raise Skipped("the machine is too busy for a dozen calls in a second")


def _must_be_ten(responses: Iterable[Response], *, in_order: bool = True) -> None:
    """Asserts that ten of `responses` passed: the first ten, unless they were simultaneous."""
    responses = list(responses)
    passed = [response for response in responses if response.status != 429]
    if len(passed) != _LIMIT:
        last = (
            passed[-1] if len(passed) > _LIMIT else next(response for response in responses if response.status == 429)
        )
        raise Broken(f"ten of {len(responses)} calls to pass in one second", f"{len(passed)} to", last.exchange)
    for response in responses[_LIMIT:] if in_order else [response for response in responses if response.status == 429]:
        _must_be_over(response)


def _must_be_over(response: Response) -> None:
    response.must_be_refused(429, saying="API rate limit exceeded")


def _must_pass(response: Response) -> None:
    response.must(response.status != 429, "a call that is not over the limit")
