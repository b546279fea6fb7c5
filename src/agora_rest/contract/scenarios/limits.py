"""How often Cloud Recording may be called: each of its calls ten times in any second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.response import Response
from agora_rest.contract.http.server import Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._recording import must_run, stop

_NEEDS = Control.QUOTA | Control.CLOCK
_LIMIT = 10

_BURST = 0.8
"""A burst that took longer than this, in seconds, says nothing: its last call may come when its first is forgotten."""

_MOMENT = 0.35
"""The same where the calls are spread over a second of the server's clock."""

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
        for answer in _burst(server, [used_up] * _LIMIT + others * 3)[_LIMIT:]:
            _must_pass(answer)


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def the_second_of_the_limit_slides(server: Server) -> None:
    """In any second ten calls pass, wherever it begins: each call makes room for another one second after itself.

    Where the clock stands still, no sooner than 0.99 seconds and no later than 1.01 seconds after.
    """
    ask = _recording_calls(server)["query_recording"]
    early, middle, late, again = _in_steps(server, (0, [ask] * 4), (0.5, [ask] * 7), (0.1, [ask]), (0.45, [ask] * 5))
    _must_be_ten([*early, *middle])
    _must_be_over(late[0])
    for answer in again[:4]:
        _must_pass(answer)
    _must_be_over(again[4])
    if server.stands_still():
        full, soon, free = _in_steps(server, (0, [ask] * _LIMIT), (0.99, [ask]), (0.02, [ask] * _LIMIT))
        _must_be_ten(full)
        _must_be_over(soon[0])
        _must_be_ten(free)


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def a_call_over_the_limit_is_not_done(server: Server) -> None:
    """What is over the limit is a 429 and has no effect: no start, no stop, no resource ID used up."""
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
    """Calls over the limit do not count: who goes on asking waits no longer than who does not."""
    ask = _recording_calls(server)["query_recording"]
    calls = [ask] * _LIMIT
    passed, over, again = _in_steps(server, (0, calls), (0.6, calls), (0.45, [*calls, ask]))
    for answer in passed:
        _must_pass(answer)
    for answer in over:
        _must_be_over(answer)
    _must_be_ten(again)


@check("CR-02", "CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def a_call_that_is_none_costs_nothing(server: Server) -> None:
    """Calls with wrong credentials and calls to no path use nothing of the limit up."""
    ask = _recording_calls(server)["query_recording"]
    nobody = {"resourceid": "nobody", "sid": "nobody"}
    stranger: Ask = partial(server.send, "query_recording", path=nobody, authenticated=False)
    nowhere: Ask = partial(server.request, "GET", "/v1/apps/nothing", auth=server.account.credentials)
    answers = _burst(server, [*[stranger, nowhere] * _LIMIT, *[ask] * (_LIMIT + 1)])
    _must_be_ten(answers[2 * _LIMIT :])
    for answer in answers[: 2 * _LIMIT : 2]:
        answer.must_be_refused(401)


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def a_failed_call_counts(server: Server) -> None:
    """A call that is refused for what it asks has been made all the same: ten of them use the second up."""
    ask = _recording_calls(server)["acquire"]

    def wrong() -> Response:
        return server.ask_acquire("ünfit")

    answers = _burst(server, [*[wrong] * _LIMIT, ask])
    for answer in answers[:_LIMIT]:
        answer.must_be_refused(code=1013)
    _must_be_over(answers[-1])


@check("CR-05", needs=_NEEDS, profile=Profile.LOCAL)
def ten_calls_pass_however_many_come_at_once(server: Server) -> None:
    """Of calls that come at the same moment exactly ten pass too."""
    ask = _recording_calls(server)["query_recording"]
    with ThreadPoolExecutor(8) as pool:
        answers = _burst(server, [ask] * 24, send=lambda asks: list(pool.map(lambda each: each(), asks)))
    _must_be_ten(answers, in_order=False)


# -- what is called ----------------------------------------------------------------------------------------------------


def _recording_calls(server: Server) -> dict[str, Ask]:
    """A call of each kind that can be repeated: whatever it answers, it is not a 429 for itself."""
    running, stopped = server.record(), server.record()
    stop(server, stopped)
    return {
        "acquire": lambda: server.ask_acquire(),
        "start_recording": lambda: server.start(running.resource),
        "query_recording": lambda: server.query(running),
        "stop_recording": lambda: server.stop(stopped),
    }


# -- what must happen --------------------------------------------------------------------------------------------------


def _exactly_ten_pass(server: Server, asks: Sequence[Ask], *, wait: float = 2) -> None:
    """Ten pass and the others do not, and once more a second later."""
    _must_be_ten(_burst(server, asks, wait=wait))
    _must_be_ten(_burst(server, asks, wait=1.05))


def _in_steps(server: Server, *steps: tuple[float, Sequence[Ask]]) -> list[list[Response]]:
    """The answers to calls in several steps, each so many seconds after the one before and itself next to no time.

    What is advanced must leave `_MOMENT` to spare.
    """
    server.limit_rate()
    for _ in range(_TRIES):
        server.advance(seconds=2)
        began = time.monotonic()
        answers = []
        for wait, asks in steps:
            server.advance(seconds=wait)
            answers.append([ask() for ask in asks])
        if time.monotonic() - began < _MOMENT or server.stands_still():
            return answers
    raise Skipped("the machine is too busy for a few dozen calls in a moment")


def _burst(
    server: Server,
    asks: Sequence[Ask],
    *,
    send: Callable[[Sequence[Ask]], list[Response]] | None = None,
    wait: float = 2,
) -> list[Response]:
    """The answers to calls that were all made within one second, `wait` seconds after what was before."""
    server.limit_rate()
    for _ in range(_TRIES):
        server.advance(seconds=wait)
        began = time.monotonic()
        answers = send(asks) if send else [ask() for ask in asks]
        if time.monotonic() - began < _BURST or server.stands_still():
            return answers
        wait = 2
    raise Skipped("the machine is too busy for a dozen calls in a second")


def _must_be_ten(answers: Iterable[Response], *, in_order: bool = True) -> None:
    """Ten of `answers` passed: the first ten, unless they came at once."""
    answers = list(answers)
    passed = [answer for answer in answers if answer.status != 429]
    if len(passed) != _LIMIT:
        last = passed[-1] if len(passed) > _LIMIT else next(answer for answer in answers if answer.status == 429)
        raise Broken(f"ten of {len(answers)} calls to pass in one second", f"{len(passed)} to", last.exchange)
    for answer in answers[_LIMIT:] if in_order else [answer for answer in answers if answer.status == 429]:
        _must_be_over(answer)


def _must_be_over(answer: Response) -> None:
    answer.must_be_refused(429, saying="API rate limit exceeded")


def _must_pass(answer: Response) -> None:
    if answer.status == 429:
        raise answer.broken("a call that is not over the limit")
