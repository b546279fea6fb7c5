"""How the page looks and is got around in: dark and light, on a phone, by keyboard; and the API reference."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from agora_rest import Agora, spec
from agora_rest.emulator import DEMO_APP_ID as APP
from agora_rest.emulator import Emulator, Fault
from tests.page.conftest import PATIENCE, Open
from tests.page.test_page import MARKUP, start

expect.set_options(timeout=PATIENCE)

FOCUSED = "document.activeElement === document.body ? '' : document.activeElement.textContent.trim()"
BACKGROUND = "getComputedStyle(document.querySelector('.card, .top')).backgroundColor"


def brightness(page: Page) -> float:
    red, green, blue = page.evaluate(f"{BACKGROUND}.match(/[0-9.]+/g).slice(0, 3).map(Number)")
    return (red + green + blue) / 3


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_it_is_light_or_dark_as_people_have_it(open_page: Open, path: str) -> None:
    page = open_page(path)
    assert brightness(page) > 200
    page.emulate_media(color_scheme="dark")
    assert brightness(page) < 60


@pytest.mark.parametrize("width", [1100, 1280])
def test_the_header_has_one_row(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    expect(page.locator("#link")).to_have_text("live")
    parts = page.locator(".top > *")
    middles = parts.evaluate_all("all => all.map(part => part.getBoundingClientRect()).map(it => it.y + it.height / 2)")
    assert len(middles) == 3
    assert max(middles) - min(middles) <= 1
    assert page.locator(".top").evaluate("top => top.offsetHeight") <= 72
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_is_wider_than_a_phone(open_page: Open, agora: Agora, emulator: Emulator) -> None:
    emulator.join(APP, "W" * 64, range(4_294_967_000, 4_294_967_040), ip="2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff")
    start(agora, MARKUP)
    start(agora, "W" * 64, 4_294_967_295)
    agora.projects.create("a project with a long name " * 4)
    agora.app(APP).kicking_rules.ban(channel="W" * 64, uid=4_294_967_295, minutes=1440)
    emulator.inject(Fault("wrong_shape", operation="set_recording_server", times=1000, probability=0.123))
    page = open_page(width=360)
    expect(page.locator("#log > li")).to_have_count(6)
    page.locator("#log summary").first.click()
    expect(page.locator("#log pre")).to_have_count(2)
    page.get_by_role("button", name="+1 h").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_everything_is_reached_by_keyboard_and_nothing_holds_it(page: Page, emulator: Emulator) -> None:
    expect(page.locator("#link")).to_have_text("live")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to the recordings"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Run"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "+1 s"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#now")).to_have_text("00:00:01")
    reached = set()
    for _ in range(60):
        reached.add(
            page.evaluate(
                "document.activeElement.id || document.activeElement.name || document.activeElement.textContent"
            )
        )
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == "Skip to the recordings":
            break
    else:
        pytest.fail(f"the keyboard never gets back to the beginning: {reached}")
    expected = (
        "amount unit reset span channel uids role ip join-project log-filter dialect rate_limit stop_outcome kind"
    )
    assert {*expected.split(), "operation", "status", "times", "Inject", "connect"} <= reached


def test_a_user_is_added_and_removed_by_keyboard_alone(page: Page, emulator: Emulator) -> None:
    page.get_by_label("Channel", exact=True).focus()
    page.keyboard.type("lesson")
    page.keyboard.press("Tab")
    page.keyboard.type("7 8")
    page.keyboard.press("Enter")
    expect(page.locator("#channels .chip")).to_have_count(2)
    assert page.evaluate("document.activeElement.name") == "uids", "ready for the next ones"
    page.get_by_role("button", name="Remove user 7 from lesson").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#channels .chip")).to_have_count(1)
    assert page.evaluate("document.activeElement.ariaLabel") == "Remove user 8 from lesson"


def test_focus_and_open_details_stay_while_things_change(page: Page, agora: Agora, emulator: Emulator) -> None:
    agora.projects.list()
    page.locator("#log summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#log details[open] pre")).to_have_count(2)
    for _ in range(3):
        agora.projects.list()
    start(agora)
    expect(page.locator("#log > li")).to_have_count(6)
    expect(page.locator("#log details[open]")).to_have_count(1)
    assert page.evaluate("document.activeElement === document.querySelector('#log details[open] summary')")


def test_escape_leaves_the_dialog_and_changes_nothing(page: Page, emulator: Emulator) -> None:
    emulator.join(APP, "lesson", 7)
    page.locator("#reset").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "reset"
    assert emulator.state()["channels"] != []


@pytest.mark.slow
def test_both_specifications_are_shown_and_try_it_calls_this_emulator(open_page: Open, emulator: Emulator) -> None:
    page = open_page("/docs", width=360)
    answered = page.locator(".live-responses-table .response-col_status").last
    expect(page.locator(".info .title")).to_contain_text("Agora Cloud Recording REST API")
    described = Counter(each.api for each in spec.operations("current").values())
    expect(page.locator(".opblock")).to_have_count(described["cloud-recording"])
    page.locator("#operations-recordings-acquire .opblock-summary-control").click()
    page.locator("[data-param-name=appid] input").fill(APP)
    page.get_by_role("button", name="Execute").click()
    expect(answered).to_contain_text("200")
    page.get_by_role("link", name="Console").click()
    expect(page.locator(".info .title")).to_contain_text("Agora Console REST API")
    expect(page.locator(".opblock")).to_have_count(described["console"])
    page.locator("#operations-projects-list_projects .opblock-summary-control").click()
    page.get_by_role("button", name="Execute").click()
    expect(answered).to_contain_text("201")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".errors-wrapper").count() == 0
    called = [(found["operation"], found["status"]) for found in emulator.requests()]
    assert called == [("acquire", 200), ("list_projects", 201)]
