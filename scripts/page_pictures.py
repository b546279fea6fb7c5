"""Take the pictures of the emulator's page for the README: docs/images/emulator-light.png and emulator-dark.png.

The clock stands still and is only moved by this script, so that the pictures are reproducible.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from agora_rest import (
    Agora,
    AgoraError,
    IndividualConfig,
    RecordingConfig,
    S3Region,
    S3Storage,
    StartedRecording,
    SubscribeUidGroup,
    WebConfig,
)
from agora_rest.emulator import DEMO_APP_ID, Emulator, Fault, FrozenClock
from tests.browser import launched

FOLDER = Path(__file__).parents[1] / "docs" / "images"
MORNING = 1767261600.0
"""2026-01-01T10:00:00Z."""
SIZE = {"width": 1400, "height": 975}


def main() -> int:
    """Tell the story, and take a picture of it by day and by night."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    emulator = Emulator(clock=FrozenClock(MORNING))
    with emulator.serve() as server, launched() as browser:
        with Agora("emulator", "emulator-secret", base_url=server.url, retries=0) as agora:
            tell(agora, emulator)
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(server.url)
            page.locator("#log > li").first.wait_for()
            page.screenshot(path=FOLDER / f"emulator-{scheme}.png")
    return 0


def tell(agora: Agora, emulator: Emulator) -> None:
    """A morning at a school: lessons that begin, end by themselves, are stopped, or lose their recorder."""
    app, later = agora.app(DEMO_APP_ID), emulator.clock.advance
    storage = S3Storage(region=S3Region.EU_WEST_1, bucket="lessons", access_key="key", secret_key="secret")

    def record(channel: str, uid: int, idle: int = 30) -> StartedRecording:
        resource = app.recordings.acquire(channel, uid)
        return app.recordings.start(resource, storage, config=RecordingConfig(max_idle_time=idle))

    emulator.join(DEMO_APP_ID, "algebra-7b", [7, 8, 9, 11])
    record("algebra-7b", 527841)
    board = app.recordings.acquire("whiteboard", 1, mode="web")
    app.recordings.start(board, storage, config=WebConfig(url="https://example.com/board", max_recording_hour=2))
    later(14)
    emulator.join(DEMO_APP_ID, "open stage", [101], role=2)
    emulator.join(DEMO_APP_ID, "open stage", [2001, 2002, 2003], role=3)
    stage = record("open stage", 527842)
    later(22)
    record("history-9a", 527843, idle=45)
    later(9)
    app.recordings.query(stage)
    emulator.join(DEMO_APP_ID, "physics", [42, 43], ip="10.0.0.7")
    users = IndividualConfig(subscribe_uid_group=SubscribeUidGroup.UP_TO_2)
    app.recordings.start(app.recordings.acquire("physics", 527844), storage, config=users)
    later(31)
    app.recordings.stop(stage)
    later(3)
    app.kicking_rules.ban(channel="algebra-7b", uid=11, minutes=10)
    app.kicking_rules.mute(channel="algebra-7b", uid=8, minutes=10, video=False)
    emulator.publish(DEMO_APP_ID, "algebra-7b", 9, video=False)
    later(12)
    record("chemistry", 527850)
    later(4)
    app.kicking_rules.ban(channel="chemistry", uid=527850, minutes=5)
    later(8)
    agora.projects.create("evening school", enable_sign_key=True)
    emulator.inject(Fault("wrong_shape", operation="get_user_property", times=1))
    emulator.inject(Fault("status", operation="list_channels", status=503, probability=0.5))
    record("late lesson", 527852, idle=300)
    later(3)
    with contextlib.suppress(AgoraError):
        app.channels.user("algebra-7b", 7)
    with contextlib.suppress(AgoraError):
        app.recordings.stop(stage)
    app.channels.users("algebra-7b")


if __name__ == "__main__":
    sys.exit(main())
