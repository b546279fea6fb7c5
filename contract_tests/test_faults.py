"""Faults change functions of the emulator by the names of their arguments, and know which calls show them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from faults import probes, seeds
from faults.caller import Caller
from faults.fault import emulator
from faults.middleware import on_response, put
from faults.patches import Patch, also, called_with, first, marked, result, skipped

from agora_rest import spec


class Shop:
    """Something to patch: it notes what it sells."""

    def __init__(self) -> None:
        self.sold: list[Any] = []

    def sell(self, what: str, *, price: int = 5) -> SimpleNamespace:
        self.sold.append((what, price))
        return SimpleNamespace(price=price)


@pytest.mark.parametrize(
    ("patch", "sold", "price"),
    [
        (called_with(Shop, "sell", price=lambda price, what: price * len(what)), [("tea", 15)], 15),
        (called_with(Shop, "sell", what="ink"), [("ink", 5)], 5),
        (
            result(Shop, "sell", lambda result, what: SimpleNamespace(price=(result.price, what))),
            [("tea", 5)],
            (5, "tea"),
        ),
        (marked(Shop, "sell", price=lambda result: -result.price), [("tea", 5)], -5),
        (first(Shop, "sell", lambda self: self.sold.append("before")), ["before", ("tea", 5)], 5),
        (also(Shop, "sell", lambda self, result: self.sold.append(result.price)), [("tea", 5), 5], 5),
        (skipped(Shop, "sell", lambda what: what == "ink"), [("tea", 5)], 5),
        (skipped(Shop, "sell", lambda what: what == "tea"), [], None),
    ],
)
def test_a_function_is_changed_by_the_names_of_its_arguments(patch: Patch, sold: list[Any], price: Any) -> None:
    shop = Shop()
    with patch.applied():
        found = shop.sell("tea")
    assert (shop.sold, found and found.price) == (sold, price)


@pytest.mark.parametrize(
    "patch",
    [
        called_with(Shop, "sell", size=1),
        called_with(Shop, "sell", price=lambda size: size),
        also(Shop, "sell", lambda size: size),
    ],
)
def test_a_name_that_the_function_does_not_have_is_an_error(patch: Patch) -> None:
    with pytest.raises(LookupError, match=r"Shop\.sell has no size"), patch.applied():
        pass


def test_a_fault_says_which_calls_show_it() -> None:
    with pytest.raises(ValueError, match="which calls show it"):
        seeds.shapes("CR-10", "all IDs are empty", on_response("", put("resourceId", "")))
    assert seeds.shapes("CR-10", "IDs are empty", on_response("acquire", put("resourceId", "")))("made-up").shows


def test_calls_that_show_faults_are_of_operations_that_there_are() -> None:
    assert probes.BY_OPERATION.keys() <= spec.operations().keys()


def test_a_member_of_a_request_is_replaced_or_left_out() -> None:
    with emulator("current") as right:
        page = "clientRequest.extensionServiceConfig.extensionServices.0.serviceParam.videoFps"
        sent = [probes.member("start_recording", page, frames, "web")(Caller(right)).status for frames in (4, 30)]
        missing = probes.member("create_project", "name", None)(Caller(right))
    assert (sent, missing.status) == ([400, 200], 400)
