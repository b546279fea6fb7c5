"""What the page shows in the current dialect: modes, layouts, what users publish, web pages."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from agora_rest.emulator import DialectName, Emulator
from agora_rest.emulator.server import EmulatorServer
from tests.emulator.callers import APP
from tests.emulator.current_callers import CurrentApi

SNAPSHOTS = {
    "recordingConfig": {"subscribeUidGroup": 1},
    "snapshotConfig": {"fileType": ["jpg"], "captureInterval": 5},
}


class ServedApi(CurrentApi):
    """Calls an emulator over HTTP: a browser's tests have an event loop already."""

    def __init__(self, server: EmulatorServer) -> None:
        super().__init__(server.emulator)
        self._url = server.url

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return httpx.request(method, f"{self._url}{path}", auth=self.auth, **options)


@pytest.fixture
def api(emulator: Emulator, server: EmulatorServer) -> CurrentApi:
    """A caller; the emulator speaks as the present documents do, unless a test says otherwise."""
    assert emulator.settings.dialect is DialectName.CURRENT
    emulator.settings.rate_limit = False
    return ServedApi(server)


def test_a_mixed_recording_is_drawn_as_it_is_laid_out(page: Page, api: CurrentApi, emulator: Emulator) -> None:
    emulator.join(APP, "lesson", [7, 8])
    found = api.mix({"mixedVideoLayout": 1})
    row = page.locator(f"[data-sid='{found.sid}']")
    expect(row).to_contain_text("mix")
    row.locator("summary").click()
    drawing = row.get_by_role("img")
    expect(drawing.locator("title")).to_have_text("best fit layout, 360 by 640: 7, 8")
    expect(drawing.locator("text")).to_have_text(["7", "8"])
    emulator.publish(APP, "lesson", 7, video=False)
    expect(drawing.locator("title")).to_have_text("best fit layout, 360 by 640: 7 without video, 8")
    expect(drawing.locator(".unseen text")).to_have_text(["7"])
    api.arrange(found, mixedVideoLayout=0)
    emulator.leave(APP, "lesson", 7)
    expect(drawing.locator("title")).to_have_text("floating layout, 360 by 640: 8")


def test_what_is_recorded_of_users_and_of_a_page_is_told_in_their_words(
    page: Page, api: CurrentApi, emulator: Emulator
) -> None:
    emulator.join(APP, "lesson", [7, 8])
    users, pictures, board = api.individual(), api.run("individual", uid="2", **SNAPSHOTS), api.web()
    emulator.clock.advance(20)
    told = {}
    for found in (users, pictures, board):
        row = page.locator(f"[data-sid='{found.sid}']")
        row.locator("summary").click()
        expect(row.locator("dl")).to_contain_text("5 recording")
        told[found.sid] = row.locator("dl").inner_text().split("\n")
    assert sum(line.endswith(".m3u8") for line in told[users.sid]) == 4, "a line for each file"
    assert "7 (audio, video), 8 (audio, video)" in told[users.sid]
    assert "7 (video), 8 (video)" in told[pictures.sid]
    assert "Label" in told[board.sid]
    assert "Channel" not in told[board.sid]


def test_users_are_muted_and_publish(page: Page, api: CurrentApi, emulator: Emulator) -> None:
    emulator.join(APP, "lesson", 7)
    chip = page.locator("#channels .chip")
    audio, video = (chip.get_by_role("button", name=f"{medium} of user 7") for medium in ("audio", "video"))
    expect(audio).to_have_attribute("aria-pressed", "true")
    audio.click()
    expect(audio).to_have_attribute("aria-pressed", "false")
    assert emulator.state()["channels"][0]["users"][0]["publishes"] == ["video"]
    api.kick(uid=7, privileges=["publish_video"])
    expect(video).to_have_attribute("aria-label", "video of user 7, muted by a kicking rule")
    expect(page.locator("#rules > li")).to_contain_text("user 7 in every channel: no video")


def test_a_page_is_made_to_fail(page: Page, api: CurrentApi, emulator: Emulator) -> None:
    form = page.locator("#page")
    form.get_by_label("Page, or address of a push").fill("https://example.com/broken")
    form.get_by_label("When it is opened").select_option("fails")
    form.get_by_role("button", name="Set").click()
    expect(page.locator("#pages > li")).to_contain_text("https://example.com/broken")
    assert emulator.state()["pages"] == [{"url": "https://example.com/broken", "fate": "fails"}]


def test_a_recording_is_moved_to_another_server(page: Page, api: CurrentApi, emulator: Emulator) -> None:
    found = api.web()
    row = page.locator(f"[data-sid='{found.sid}']")
    row.locator("summary").click()
    row.get_by_role("button", name="Move to another server").click()
    expect(row).to_contain_text("on the way to another server")
    assert api.ask(found).status_code == 404


def test_the_dialects_of_2019_show_none_of_it(page: Page, emulator: Emulator) -> None:
    emulator.settings.dialect = DialectName.DOCUMENTED
    emulator.join(APP, "lesson", 7)
    expect(page.locator("#channels .chip")).to_be_visible()
    expect(page.get_by_role("heading", name="Web pages")).to_be_hidden()
    expect(page.get_by_role("button", name="audio of user 7")).to_have_count(0)
