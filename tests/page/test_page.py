"""The live page, as somebody sees and uses it."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from agora_rest import Agora, RecordingConfig, S3Region, S3Storage
from agora_rest.emulator import DEMO_APP_ID as APP
from agora_rest.emulator import Emulator, Fault, FaultKind, FrozenClock
from tests.page.conftest import PATIENCE, Open
from tests.traffic.hars import checked

expect.set_options(timeout=PATIENCE)

STORAGE = S3Storage(
    region=S3Region.EU_WEST_1, bucket="lessons", access_key="planted-access", secret_key="planted-secret"
)
MARKUP = "<img src=x onerror=alert(1)>"
"""A legal channel name: every one of its characters is among the 89."""


def start(agora: Agora, channel: str = "lesson", uid: int = 527841, idle: int = 30) -> str:
    recordings = agora.app(APP).recordings
    resource = recordings.acquire(channel, uid)
    return recordings.start(resource, STORAGE, config=RecordingConfig(max_idle_time=idle)).sid


def test_a_recording_of_the_client_appears_moves_and_is_ended_by_the_clock_button(
    page: Page, agora: Agora, emulator: Emulator
) -> None:
    expect(page.locator("#no-recordings")).to_be_visible()
    emulator.join(APP, "lesson", 7)
    start(agora, idle=40)
    row = page.locator("#recordings > li")
    expect(row.locator(".name")).to_have_text("lesson")
    expect(row.locator(".pill")).to_have_text("1 initialised")
    page.get_by_role("button", name="+1 s", exact=True).click()
    expect(row.locator(".pill")).to_have_text("2 recorder starting")
    page.locator("#amount").fill("9")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(row.locator(".pill")).to_have_text("5 recording")
    expect(page.locator("#now")).to_have_text("00:00:10")
    emulator.leave(APP, "lesson", 7)
    expect(row).to_contain_text("channel empty, ends in 0:40")
    bar = row.locator(".step.recording").bounding_box()
    page.get_by_role("button", name="+5 min").click()
    expect(row.locator(".pill")).to_have_text("8 about to exit")
    expect(row).to_contain_text("ended idle 4:20 ago")
    expect(page.locator("#now")).to_have_text("00:05:10")
    shrunk = row.locator(".step.recording").bounding_box()
    assert shrunk["width"] < bar["width"], "the scale has grown around it"
    expect(page.locator("#announcer")).to_have_text("The recording of lesson ended: idle.")


def test_the_clock_is_let_run_and_stopped_by_its_button(page: Page, emulator: Emulator) -> None:
    button = page.locator("#freeze")
    expect(button).to_have_text("Run")
    expect(page.locator("#still")).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The clock runs on from 00:00:00.")).to_be_visible()
    expect(button).to_have_text("Freeze")
    expect(page.locator("#still")).to_be_hidden()
    expect(page.locator("#announcer")).to_have_text("The clock runs.")
    expect(page.locator("#now")).not_to_have_text("00:00:00")
    page.keyboard.press("Enter")
    expect(button).to_have_text("Run")
    assert emulator.clock.frozen
    expect(page.get_by_role("status").filter(has_text="The clock stands still at 00:0")).to_be_visible()
    emulator.clock.thaw()
    expect(button).to_have_text("Freeze")
    emulator.clock.freeze()
    expect(page.locator("#announcer")).to_have_text("The clock stands still.")


def test_a_stopped_recording_goes_through_its_end(page: Page, agora: Agora, emulator: Emulator) -> None:
    emulator.join(APP, "lesson", 7)
    with agora.app(APP).recordings.record("lesson", uid=527841, storage=STORAGE):
        expect(page.locator("#recordings .what")).to_contain_text("for 0:00")
    expect(page.locator("#recordings .pill")).to_have_text("6 stopped")
    emulator.clock.advance(5)
    expect(page.locator("#recordings .pill")).to_have_text("7 all stopped")
    assert page.locator("#recordings .step").all_text_contents() == ["1", "6", "7"]


def test_the_scale_can_show_less(page: Page, agora: Agora, emulator: Emulator) -> None:
    emulator.join(APP, "lesson", 7)
    start(agora)
    emulator.clock.advance(3000)
    expect(page.locator("#recordings .what")).to_contain_text("for 50:00")
    expect(page.locator("#recordings .step.starting").first).to_be_visible()
    page.locator("#span").select_option("60")
    expect(page.locator("#recordings .step.starting").first).to_be_hidden()


def test_users_are_added_and_removed(page: Page, agora: Agora, emulator: Emulator) -> None:
    page.get_by_label("Channel", exact=True).fill("algebra")
    page.get_by_label("User IDs").fill("7, 8 9")
    page.get_by_label("Role").select_option("host")
    page.get_by_label("IP address").fill("10.0.0.1")
    page.get_by_role("button", name="Add users").click()
    expect(page.locator("#channels .name")).to_have_text("algebra")
    expect(page.locator("#channels .what")).to_contain_text("live · 3 users")
    assert sorted(agora.app(APP).channels.users("algebra").broadcasters) == [7, 8, 9]
    page.get_by_role("button", name="Remove user 8 from algebra").click()
    expect(page.locator("#channels .chip")).to_have_count(2)
    assert list(emulator.world.channels.find(APP, "algebra").users) == [7, 9]


def test_what_is_refused_is_said_in_words(page: Page, agora: Agora) -> None:
    agora.app(APP).kicking_rules.ban(channel="lesson", uid=7, minutes=10)
    page.get_by_label("Channel", exact=True).fill("lesson")
    page.get_by_label("User IDs").fill("7")
    page.get_by_role("button", name="Add users").click()
    expect(page.get_by_role("alert")).to_have_text("a kicking rule keeps this user out of the channel")
    page.get_by_label("Channel", exact=True).fill("..")
    page.get_by_role("button", name="Add users").click()
    expect(page.get_by_role("alert").last).to_contain_text("No browser can send the name ..")


def test_rules_count_down(page: Page, agora: Agora) -> None:
    agora.app(APP).kicking_rules.ban(channel="lesson", uid=7, minutes=10)
    rule = page.locator("#rules > li")
    expect(rule).to_contain_text("user 7 in lesson")
    expect(rule).to_contain_text("10:00 left")
    page.get_by_role("button", name="+5 min").click()
    expect(rule).to_contain_text("5:00 left")
    page.get_by_role("button", name="+5 min").click()
    expect(page.locator("#no-rules")).to_be_visible()


def test_faults_are_injected_strike_and_are_cleared(page: Page, agora: Agora, emulator: Emulator) -> None:
    page.get_by_label("What goes wrong").select_option("status")
    page.get_by_label("In which calls").select_option("list_projects")
    page.get_by_role("spinbutton", name="Status").fill("500")
    page.get_by_label("Body").fill('{"message": "planted"}')
    page.get_by_label("How often").fill("2")
    page.get_by_role("button", name="Inject").click()
    fault = page.locator("#faults > li")
    expect(fault).to_contain_text("responds 500")
    assert emulator.faults.all(0)[0].fault == Fault(
        "status", operation="list_projects", status=500, body={"message": "planted"}, times=2
    )
    agora.projects.list()
    expect(page.locator("#faults > li")).to_have_count(0)
    expect(page.locator("#log > li")).to_have_count(3)
    expect(page.locator("#log .pill").nth(1)).to_have_text("fault · 500")
    page.get_by_label("What goes wrong").select_option("delay")
    expect(page.get_by_label("Body")).to_be_hidden()
    page.get_by_label("Seconds").fill("0.5")
    page.get_by_role("button", name="Inject").click()
    expect(fault).to_contain_text("waits 0.5 s")
    page.get_by_role("button", name="Clear the fault delay of list_projects").click()
    expect(fault).to_have_count(0)


def test_every_kind_of_fault_can_be_injected_and_all_are_cleared_at_once(page: Page, emulator: Emulator) -> None:
    for count, kind in enumerate(FaultKind, start=1):
        page.get_by_label("What goes wrong").select_option(kind)
        page.get_by_role("button", name="Inject").click()
        expect(page.locator("#faults > li")).to_have_count(count)
    assert [active.fault.kind for active in emulator.faults.all(0)] == list(FaultKind)
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#faults > li")).to_have_count(0)


def test_behaviour_is_switched(page: Page, emulator: Emulator) -> None:
    page.get_by_text("observed", exact=True).click()
    expect(page.get_by_text("Responses are now in the observed dialect.")).to_be_visible()
    page.get_by_label("Refuse calls over the limits").uncheck()
    page.get_by_label("Files after a stop").select_option("backuped")
    expect(page.get_by_text("Files are backuped after a stop.")).to_be_visible()
    settings = emulator.state()["settings"]
    assert (settings["dialect"], settings["rate_limit"], settings["stop_outcome"]) == ("observed", False, "backuped")
    emulator.settings.dialect = "documented"
    expect(page.get_by_role("radio", name="documented")).to_be_checked()


def test_a_reset_is_asked_about_and_begins_anew(page: Page, agora: Agora, emulator: Emulator) -> None:
    start(agora)
    emulator.clock.advance(100)
    expect(page.locator("#now")).to_have_text("00:01:40")
    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#recordings > li")).to_have_count(1)
    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator("#recordings > li")).to_have_count(0)
    expect(page.locator("#no-log")).to_be_visible()
    expect(page.locator("#now")).to_have_text("00:00:00")
    agora.projects.list()
    expect(page.locator("#log > li")).to_have_count(1)


def test_the_log_says_of_each_exchange_whether_it_keeps_the_specification(page: Page, agora: Agora, server) -> None:
    start(agora)
    agora.projects.create("evening school", enable_sign_key=True)
    wrong = {"cname": "les/son", "uid": "5", "clientRequest": {}}
    page.request.post(
        f"{server.url}/v1/apps/{APP}/cloud_recording/acquire",
        data=wrong, headers={"authorization": "Basic ZW11bGF0b3I6ZW11bGF0b3Itc2VjcmV0"},
    )  # fmt: skip
    pills = page.locator("#log .pill")
    expect(pills).to_have_text(["refused", "✓ as specified", "✓ as specified", "✓ as specified"])
    expect(page.locator("#log .rules")).to_have_text(["CR-82 Channel names · CR-81 cname"])
    page.locator("#log summary").first.click()
    more = page.locator("#log details[open] .more")
    expect(more).to_contain_text("The call was refused: cname: must be 1 to 64 of the 89 characters. [CR-82, CR-81]")
    expect(more).to_contain_text("les/son")
    page.locator("#log summary").nth(2).click()
    expect(page.locator("#log details[open] pre").nth(2)).to_contain_text("<hidden>")
    assert "planted" not in page.content()
    page.locator("#log-filter").select_option("refused")
    expect(page.locator("#log > li")).to_have_count(1)


def test_the_session_is_downloaded_as_a_fixture_that_keeps_the_contract(page: Page, agora: Agora, clock) -> None:
    sid = start(agora)
    agora.projects.create("evening school", enable_sign_key=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download HAR").click()
    raw = download.value.path().read_bytes()
    assert download.value.suggested_filename == "agora-emulator.har"
    assert len(json.loads(raw)["log"]["entries"]) == 3
    assert sid.encode() in raw
    assert not any(secret in raw for secret in (b"planted", b"emulator-secret", b"ZW11bGF0b3I6"))
    report = checked(json.loads(raw))
    assert (report.checked, list(report.findings)) == (3, [])


def test_names_that_look_like_markup_are_text(page: Page, agora: Agora, emulator: Emulator) -> None:
    emulator.join(APP, MARKUP, 7)
    start(agora, MARKUP)
    agora.projects.create("<script>alert(2)</script>")
    agora.app(APP).kicking_rules.ban(channel=MARKUP, uid=99, minutes=5)
    expect(page.locator("#recordings .name")).to_have_text(MARKUP)
    expect(page.locator("#channels .name")).to_have_text(MARKUP)
    expect(page.locator("#projects strong").last).to_have_text("<script>alert(2)</script>")
    expect(page.locator("#rules > li")).to_contain_text(f"user 99 in {MARKUP}")
    page.locator("#log summary").nth(1).click()
    expect(page.locator("#log details[open] .more")).to_contain_text("<script>alert(2)</script>")
    page.get_by_role("button", name=f"Remove user 7 from {MARKUP}").click()
    expect(page.locator("#no-channels")).to_be_visible()
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0


def test_projects_quota_and_credentials_are_shown(page: Page, agora: Agora, emulator: Emulator, server) -> None:
    for _ in range(3):
        agora.projects.list()
    expect(page.get_by_role("meter", name="console")).to_have_attribute("aria-valuenow", "3")
    emulator.clock.advance(2)
    expect(page.get_by_role("meter", name="console")).to_have_attribute("aria-valuenow", "0")
    expect(page.locator("#projects > li")).to_contain_text(APP)
    expect(page.locator("#connect")).to_contain_text(f"AGORA_BASE_URL={server.url}")
    expect(page.locator("#connect")).to_contain_text("AGORA_CUSTOMER_CERTIFICATE=emulator-secret")
    expect(page.locator("#connect")).to_contain_text(f"AGORA_APP_ID={APP}")


def test_a_crowd_is_counted_and_its_first_ones_are_shown(page: Page, emulator: Emulator) -> None:
    emulator.join(APP, "crowd", range(1, 501))
    for number in range(100):
        emulator.join(APP, f"room {number:03}", 7)
    expect(page.locator("#channels-count")).to_have_text("60 of 101")
    expect(page.locator("#channels > li").first).to_contain_text("and 440 more")


def test_the_page_says_when_the_emulator_is_gone(open_page: Open) -> None:
    from agora_rest.emulator import Emulator as Another

    page = open_page()
    with Another(clock=FrozenClock()).serve() as other:
        page.goto(other.url)
        expect(page.locator("#link")).to_have_text("live")
    expect(page.locator("#link")).to_have_text("no connection, trying again")
    page.context.close()
