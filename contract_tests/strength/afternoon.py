"""An afternoon of a school that teaches online: what its programs call, hour by hour.

Written as such programs are: nothing is called to show a certain fault, nobody's calls are wrong on purpose, and what a
response lacks ends no program. The same in every dialect, except for what only the present documents have.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from faults.fault import Fault, planted

from agora_rest import spec
from agora_rest.contract.http.in_process import InProcess
from agora_rest.contract.samples import Ids
from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, FrozenClock
from agora_rest.emulator.channels import Mode, Role
from agora_rest.emulator.usage import Minutes
from agora_rest.state_models.observed import dig
from contract_tests.tour import tour
from strength.recorded_program import BrokeDown, Call, Program

AFTERNOON: Final = datetime(2026, 1, 13, 13, 0, tzinfo=UTC).timestamp()
STORAGE: Final = {
    "vendor": 2,
    "region": 3,
    "bucket": "school-bucket",
    "accessKey": "school-access-key",
    "secretKey": "school-secret-key",
}
PAGE: Final = {
    "url": "https://example.com/board",
    "audioProfile": 0,
    "videoWidth": 1280,
    "videoHeight": 720,
    "maxRecordingHour": 1,
}
CLASSES: Final = (
    *(f"class-{number:02}" for number in range(1, 22)),
    "Music Room",
    "maths: 1+1=2?",
    "100% art; more & more",
    "a" * 64,
)
WANDA: Final = 4_294_967_295
"""A pupil with the largest uid."""
MINUTE: Final = 60.0


def afternoon(dialect: spec.Dialect, fault: Fault | None = None) -> list[Call]:
    """Every exchange of the afternoon with a server of this dialect, faulty or not."""
    clock = FrozenClock(AFTERNOON)
    with planted(dialect, fault, rate_limit=True, clock=clock) as server, InProcess(server.app) as transport:
        program = Program(server, transport)
        with suppress(BrokeDown):
            School(program).teach()
        return program.calls


@dataclass(frozen=True)
class Recorder:
    """A recorder of a class, and what the server gave for it."""

    cname: str
    uid: str
    resource: Any
    sid: Any
    mode: str = "mix"
    app: str = DEMO_APP_ID

    def path(self, call: str) -> str:
        """The path of one of its calls."""
        base = f"/v1/apps/{self.app}/cloud_recording/resourceid/{self.resource}"
        return f"{base}/sid/{self.sid}/mode/{self.mode}/{call}"


class School:
    """The programs of the school."""

    def __init__(self, program: Program) -> None:
        self.p = program

    def teach(self) -> None:
        """The whole afternoon."""
        self.open_the_office()
        self.manage_projects()
        self.fill_the_classes()
        self.keep_order()
        self.record_lessons()
        self.record_the_unusual()
        if self.p.today:
            self.record_users_and_boards()
        self.close_the_day()
        self.call_everything()

    # -- the office ---------------------------------------------------------------------------------------------------

    def open_the_office(self) -> None:
        """Usage of the past weeks, and the projects."""
        day = date(2025, 12, 20)
        for offset in range(24):
            self.p.emulator.seed_minutes(DEMO_ID, day + timedelta(offset), Minutes(60 + offset, 30, 20, 10))
            self.p.emulator.seed_metrics(DEMO_ID, day + timedelta(offset), {"durationAudioAll": 600 + offset})
        self.projects()
        self.find(id=DEMO_ID)
        self.find(name="demo")
        self.find(id=DEMO_ID, name="demo")
        self.usage()

    def projects(self) -> Any:
        """The list of projects."""
        return self.p.call("GET", "/dev/v1/projects" if self.p.today else "/dev/v1/projects/")

    def find(self, **query: Any) -> Any:
        """Look a project up."""
        return self.p.call("GET", "/dev/v1/project", query=query)

    def usage(self, *more: Any) -> None:
        """The reports of the weeks before, by both calls."""
        projects = ",".join(str(each) for each in (DEMO_ID, *more))
        spans = (("2025-12-20", "2026-01-05"), ("2026-01-01", "2026-01-12"), ("2025-02-01", "2026-01-31"))
        for first, last in spans[:2]:
            if not self.p.today:
                query = {"from_date": first, "to_date": last, "projects": projects}
                self.p.call("GET", "/dev/v1/usage", query=query)
            self.metrics(DEMO_ID, first, last)
        self.metrics(DEMO_ID, "2026-01-01", "2026-01-12", "cloudRecording")

    def metrics(self, project: Any, first: str, last: str, business: str = "default") -> Any:
        """The metrics of a project."""
        query = {"project_id": project, "from_date": first, "to_date": last, "business": business}
        return self.p.call("GET", "/dev/v3/usage", query=query)

    def create(self, name: str, *, certificate: bool) -> dict[str, Any]:
        """A new project."""
        made = dig(self.p.call("POST", "/dev/v1/project", {"name": name, "enable_sign_key": certificate}), "project")
        made = dig(made, 0) if isinstance(made, list) else made
        return made if isinstance(made, dict) else {}

    def manage_projects(self) -> None:
        """New projects for the term, switches and certificates."""
        spring = self.create("Spring Term", certificate=True)
        workshops = self.create("workshops for parents and teachers in the evening", certificate=False)
        archive = self.create("Archive ", certificate=True)
        archive_2025 = self.create("Archive 2025" if self.p.today else "Archive ", certificate=True)
        self.projects()
        for each in (spring, workshops, archive):
            self.find(name=each.get("name", ""))
            self.find(id=each.get("id", ""), name=each.get("name", ""))
        self.find(id=workshops.get("id"), name=spring.get("name"))
        self.certificates(workshops)
        self.certificates(spring)
        self.switch(workshops, 0)
        self.switch(workshops, 0)
        self.projects()
        self.find(id=workshops.get("id"))
        self.begin(Recorder("evening", "900", "", "", app=workshops.get("vendor_key", "0" * 32)))
        self.switch(workshops, 1)
        self.switch(workshops, 1)
        self.find(id=workshops.get("id"))
        address = {"id": spring.get("id"), "recording_server": "10.20.30.40:8080"}
        self.p.call("POST", "/dev/v1/recording_config", address)
        self.find(id=spring.get("id"))
        self.p.call("POST", "/dev/v1/recording_config", {**address, "recording_server": "10.20.30.41:8080"})
        self.projects()
        if not self.p.today:
            self.p.call("DELETE", "/dev/v1/project", {"id": archive.get("id")})
            self.find(id=archive.get("id"))
            self.projects()
            self.p.call("DELETE", "/dev/v1/project", {"id": archive.get("id")})
            self.begin(Recorder("archive", "901", "", "", app=archive.get("vendor_key", "0" * 32)))
        self.switch(archive_2025, 0)
        self.find(name=archive_2025.get("name", ""))
        made = [self.create(f"School {number}", certificate=False) for number in range(1, 9)]
        self.projects()
        self.switch(made[-1], 0)
        self.p.wait(30 * MINUTE)
        self.projects()
        self.find(id=spring.get("id"))

    def switch(self, project: Mapping[str, Any], status: int) -> None:
        """Enable or disable a project."""
        self.p.call("POST", "/dev/v1/project_status", {"id": project.get("id"), "status": status})

    def certificates(self, project: Mapping[str, Any]) -> None:
        """Turn a certificate on, renew it twice, turn it off and on again."""
        named = {"id": project.get("id")}
        self.p.call("POST", "/dev/v1/signkey", {**named, "enable": True})
        self.find(**named)
        for _ in range(2):
            self.p.call("POST", "/dev/v1/reset_signkey", named)
            self.find(**named)
        self.p.call("POST", "/dev/v1/signkey", {**named, "enable": False})
        self.find(**named)
        self.p.call("POST", "/dev/v1/signkey", {**named, "enable": True})
        self.projects()

    # -- classes ------------------------------------------------------------------------------------------------------

    def fill_the_classes(self) -> None:
        """Pupils come; the overview pages through the classes and looks into some."""
        for number, cname in enumerate(CLASSES):
            self.p.join(DEMO_APP_ID, cname, *range(100, 103 + number % 3), 7 + number)
            self.p.wait(1)
        self.p.join(DEMO_APP_ID, CLASSES[0], WANDA, ip="203.0.113.7")
        for uid, role in (
            (50, Role.HOST),
            (51, Role.HOST),
            (52, Role.AUDIENCE),
            (53, Role.AUDIENCE),
            (54, Role.AUDIENCE),
        ):
            self.p.join(DEMO_APP_ID, "assembly", uid, role=role, mode=Mode.LIVE)
        self.p.join(DEMO_APP_ID, "speech", 60, role=Role.AUDIENCE, mode=Mode.LIVE)
        self.overview()
        self.p.wait(30)
        self.overview()
        for cname in (CLASSES[0], *CLASSES[-5:], "assembly", "speech", "nobody"):
            self.users(cname)
        for uid in (100, 101, WANDA):
            self.user(CLASSES[0], uid)
        self.user("assembly", 50)
        self.user("assembly", 52)
        self.user("nobody", 100)
        self.p.wait(10 * MINUTE)
        self.p.leave(DEMO_APP_ID, CLASSES[0], 101)
        self.p.leave(DEMO_APP_ID, CLASSES[1], 100, 101, 102, 103, 8)
        self.users(CLASSES[0])
        self.user(CLASSES[0], 101)
        self.users(CLASSES[1])
        self.user(CLASSES[0], 100)
        self.p.join(DEMO_APP_ID, CLASSES[0], 101)
        self.user(CLASSES[0], 101)
        self.user(CLASSES[0], 101)
        self.overview()
        if self.p.today:
            self.hosts("assembly")
            self.hosts("speech")
            self.p.call("GET", f"/dev/v1/channel/user/{DEMO_APP_ID}/assembly", query={"hosts_only": "false"})

    def overview(self) -> None:
        """All classes, by pages of ten, and by the default."""
        for page in range(4):
            self.p.call("GET", f"/dev/v1/channel/{DEMO_APP_ID}", query={"page_no": page, "page_size": 10})
        self.p.call("GET", f"/dev/v1/channel/{DEMO_APP_ID}")
        self.p.call("GET", f"/dev/v1/channel/{DEMO_APP_ID}", query={"page_size": 500})
        self.p.call("GET", f"/dev/v1/channel/{DEMO_APP_ID}", query={"page_no": 0, "page_size": 1})

    def users(self, cname: str) -> Any:
        """Who is in a class."""
        return self.p.call("GET", f"/dev/v1/channel/user/{DEMO_APP_ID}/{quote(cname, safe='')}")

    def hosts(self, cname: str) -> Any:
        """Who speaks."""
        return self.p.call("GET", f"/dev/v1/channel/user/{DEMO_APP_ID}/{cname}/hosts_only")

    def user(self, cname: str, uid: int) -> Any:
        """One pupil in one class."""
        return self.p.call("GET", f"/dev/v1/channel/user/property/{DEMO_APP_ID}/{uid}/{quote(cname, safe='')}")

    # -- order --------------------------------------------------------------------------------------------------------

    def keep_order(self) -> None:
        """Pupils are put out and come back."""
        first = CLASSES[0]
        rude = self.ban(cname=first, uid=100, time=30)
        self.rules()
        self.users(first)
        self.user(first, 100)
        self.p.join(DEMO_APP_ID, first, 100)
        self.user(first, 100)
        self.user(CLASSES[2], 100)
        self.prolong(rude, 10)
        self.rules()
        self.prolong(rude, 5)
        self.rules()
        self.p.wait(4 * MINUTE)
        self.rules()
        self.p.wait(2 * MINUTE)
        self.rules()
        self.p.join(DEMO_APP_ID, first, 100)
        self.user(first, 100)
        self.prolong(rude, 5)
        bully = self.ban(uid=102)
        self.user(first, 102)
        self.user(CLASSES[2], 102)
        self.users(CLASSES[2])
        room = self.ban(cname="Music Room", time=1440)
        self.users("Music Room")
        address = self.ban(ip="203.0.113.7", time=2.5)
        self.user(first, WANDA)
        once = self.ban(cname=CLASSES[3], uid=101, time=0)
        self.user(CLASSES[3], 101)
        short = self.ban(uid=999, time=0.5)
        long = self.ban(uid=998, time=3000)
        self.rules()
        self.lift(room)
        self.rules()
        self.lift(room)
        self.p.join(DEMO_APP_ID, "Music Room", 100, 101)
        self.users("Music Room")
        self.p.wait(90)
        self.rules()
        self.p.wait(75)
        self.rules()
        self.p.join(DEMO_APP_ID, CLASSES[3], 101)
        self.user(CLASSES[3], 101)
        self.lift(bully)
        self.p.join(DEMO_APP_ID, first, 102)
        self.user(first, 102)
        for uid in range(2001, 2011):
            self.ban(uid=uid, cname=CLASSES[4], time=15)
        self.rules()
        for rule in (once, short, long, address):
            self.lift(rule)
        if self.p.today:
            self.order_of_today()
        self.rules()
        self.p.wait(16 * MINUTE)
        self.rules()

    def order_of_today(self) -> None:
        """Seconds, and pupils who may not speak."""
        self.ban(uid=3001, time_in_seconds=90)
        silent = self.ban(cname=CLASSES[5], uid=101, privileges=["publish_audio", "publish_video"], time=20)
        self.user(CLASSES[5], 101)
        self.rules()
        self.p.call("PUT", "/dev/v1/kicking-rule", {"appid": DEMO_APP_ID, "id": silent, "time_in_seconds": 600})
        self.ban(uid=3002, time=5, time_in_seconds=20)
        self.rules()
        self.p.wait(25)
        self.rules()

    def ban(self, **rule: Any) -> Any:
        """A kicking rule's ID."""
        return dig(
            self.p.call("POST", "/dev/v1/kicking-rule", {"appid": DEMO_APP_ID, "privileges": ["join_channel"], **rule}),
            "id",
        )

    def rules(self) -> Any:
        """The rules in force."""
        return self.p.call("GET", "/dev/v1/kicking-rule", query={"appid": DEMO_APP_ID})

    def prolong(self, rule: Any, minutes: float) -> None:
        """Give a rule another end."""
        if isinstance(rule, int):
            self.p.call("PUT", "/dev/v1/kicking-rule", {"appid": DEMO_APP_ID, "id": rule, "time": minutes})

    def lift(self, rule: Any) -> None:
        """Delete a rule."""
        if isinstance(rule, int):
            self.p.call("DELETE", "/dev/v1/kicking-rule", {"appid": DEMO_APP_ID, "id": rule})

    # -- recordings ---------------------------------------------------------------------------------------------------

    def acquire(self, cname: str, uid: str, app: str = DEMO_APP_ID, **client: Any) -> Any:
        """A resource ID."""
        body = {"cname": cname, "uid": uid, "clientRequest": client}
        return dig(self.p.call("POST", f"/v1/apps/{app}/cloud_recording/acquire", body), "resourceId")

    def start(self, recorder: Recorder, client: Mapping[str, Any] | None = None, *, again: bool = False) -> Recorder:
        """Start on the resource ID."""
        path = f"/v1/apps/{recorder.app}/cloud_recording/resourceid/{recorder.resource}/mode/{recorder.mode}/start"
        request = {"storageConfig": STORAGE, **(client or {})}
        body = {"cname": recorder.cname, "uid": recorder.uid, "clientRequest": request}
        sid = dig(self.p.call("POST", path, body), "sid")
        if again:
            return recorder
        return Recorder(recorder.cname, recorder.uid, recorder.resource, sid, recorder.mode, recorder.app)

    def begin(self, recorder: Recorder, client: Mapping[str, Any] | None = None, **acquired: Any) -> Recorder:
        """Acquire and start."""
        resource = self.acquire(recorder.cname, recorder.uid, recorder.app, **acquired)
        if not resource:
            return recorder
        return self.start(Recorder(recorder.cname, recorder.uid, resource, "", recorder.mode, recorder.app), client)

    def query(self, recorder: Recorder) -> Any:
        """How it is."""
        return self.p.call("GET", recorder.path("query")) if recorder.sid else None

    def post(self, recorder: Recorder, call: str, **client: Any) -> Any:
        """`stop`, `update` or `updateLayout`."""
        body = {"cname": recorder.cname, "uid": recorder.uid, "clientRequest": client}
        return self.p.call("POST", recorder.path(call), body) if recorder.sid else None

    def watch(self, recorder: Recorder, *pauses: float) -> None:
        """Ask how it is after each of these pauses, seconds."""
        for pause in pauses:
            self.p.wait(pause)
            self.query(recorder)

    def record_lessons(self) -> None:
        """Two lessons side by side, then others."""
        lesson, other = Recorder(CLASSES[2], "527841", "", ""), Recorder(CLASSES[4], "527842", "", "")
        lesson = self.begin(lesson, {"recordingConfig": {"maxIdleTime": 120, "streamTypes": 2, "channelType": 0}})
        other = self.begin(other)
        self.watch(lesson, 0, 2, 5)
        self.query(other)
        self.start(lesson, again=True)
        self.watch(lesson, 20, 60, 120, 600)
        self.watch(other, 0)
        self.post(lesson, "stop")
        self.query(lesson)
        self.query(other)
        self.post(lesson, "stop")
        self.start(lesson, again=True)
        self.watch(lesson, 30)
        self.watch(other, 300)
        self.post(other, "stop")
        second = self.begin(Recorder(CLASSES[2], "527841", "", ""))
        self.watch(second, 60)
        self.post(second, "stop")
        for number, cname in enumerate((*CLASSES[-4:], CLASSES[6])):
            made = self.begin(Recorder(cname, str(WANDA - 1 - number), "", ""))
            self.watch(made, 90)
            self.post(made, "stop")

    def record_the_unusual(self) -> None:
        """A late teacher, an empty room, a recorder that is put out, a project that is switched off."""
        early = self.acquire(CLASSES[7], "600")
        late = self.acquire(CLASSES[8], "601")
        self.acquire(CLASSES[7], "600")
        self.p.wait(4 * MINUTE + 50)
        seen = self.start(Recorder(CLASSES[7], "600", early, ""))
        self.p.wait(40)
        missed = self.start(Recorder(CLASSES[8], "601", late, ""))
        if not missed.sid:
            missed = self.begin(Recorder(CLASSES[8], "601", "", ""))
        self.watch(seen, 60)
        self.watch(missed, 60)
        self.ban(uid=600, time=1)
        self.watch(seen, 1)
        self.post(seen, "stop")
        self.post(missed, "stop")
        self.empty_rooms()
        picture = {
            "recordingConfig": {
                "channelType": 0,
                "decryptionMode": 3,
                "secret": "secret-of-the-lesson",
                "audioProfile": 2,
                "transcodingConfig": {"width": 1080, "height": 1920, "fps": 15, "bitrate": 500, "mixedVideoLayout": 1},
            }
        }
        portrait = self.begin(Recorder(CLASSES[9], "1", "", ""), picture)
        self.watch(portrait, 60)
        self.post(portrait, "stop")

    def empty_rooms(self) -> None:
        """Rooms in which nobody is, or from which everybody leaves."""
        idle = {"recordingConfig": {"maxIdleTime": 30}}
        empty = self.begin(Recorder("empty room", "700", "", ""), idle)
        self.watch(empty, 10, 25, 40)
        self.post(empty, "stop")
        forgotten = self.begin(Recorder("forgotten room", "701", "", ""))
        self.watch(forgotten, 5)
        self.post(forgotten, "stop")
        self.p.join(DEMO_APP_ID, "short lesson", 1, 2)
        short = self.begin(Recorder("short lesson", "702", "", ""), idle)
        self.watch(short, 60)
        self.p.leave(DEMO_APP_ID, "short lesson", 1)
        self.watch(short, 40)
        self.p.leave(DEMO_APP_ID, "short lesson", 2)
        self.watch(short, 20)
        self.p.join(DEMO_APP_ID, "short lesson", 1)
        self.watch(short, 60)
        self.p.leave(DEMO_APP_ID, "short lesson", 1)
        self.watch(short, 31)
        self.post(short, "stop")

    # -- recordings of today ------------------------------------------------------------------------------------------

    def record_users_and_boards(self) -> None:
        """The two other modes, and changes of what is running."""
        self.individual_lessons()
        self.mixed_lessons()
        self.boards()

    def individual_lessons(self) -> None:
        """A file for each user, and snapshots."""
        each = {"recordingConfig": {"subscribeUidGroup": 1, "streamTypes": 2}}
        of_users = self.begin(Recorder(CLASSES[10], "801", "", "", "individual"), each)
        self.watch(of_users, 10, 60)
        self.post(of_users, "update", streamSubscribe={"audioUidList": {"subscribeAudioUids": ["100"]}})
        self.watch(of_users, 60, 600)
        self.post(of_users, "stop")
        self.post(of_users, "stop")
        self.watch(of_users, 5)
        pictures = {
            "recordingConfig": {"subscribeUidGroup": 0},
            "snapshotConfig": {"captureInterval": 10, "fileType": ["jpg"]},
        }
        of_pictures = self.begin(Recorder(CLASSES[11], "802", "", "", "individual"), pictures)
        self.watch(of_pictures, 60)
        self.post(of_pictures, "stop")

    def mixed_lessons(self) -> None:
        """MP4 files, layouts, keys, and an end that nobody waits for."""
        films = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}, "recordingConfig": {"maxIdleTime": 3600}}
        film = self.begin(Recorder(CLASSES[12], "803", "", ""), films, scene=0, resourceExpiredHour=1)
        self.watch(film, 10, 60)
        self.post(film, "updateLayout", mixedVideoLayout=2, maxResolutionUid="100", backgroundColor="#FF0000")
        self.post(film, "update", streamSubscribe={"videoUidList": {"subscribeVideoUids": ["#allstream#"]}})
        self.watch(film, 60)
        self.post(film, "stop", async_stop=True)
        stored = {**STORAGE, "vendor": 6, "region": 1, "fileNamePrefix": ["school", "art"]}
        folder = self.begin(Recorder(CLASSES[13], "804", "", ""), {"storageConfig": stored})
        twin = self.begin(Recorder(CLASSES[13], "804", "", ""))
        self.watch(folder, 60)
        self.post(folder, "stop")
        if twin.sid:
            self.post(twin, "stop")
        held = self.begin(Recorder(CLASSES[14], "805", "", ""), resourceExpiredHour=1)
        self.watch(held, 60, 58 * MINUTE, 4 * MINUTE)
        self.post(held, "stop")

    def boards(self) -> None:
        """Web pages, with and without a push."""
        page = {"serviceName": "web_recorder_service", "serviceParam": PAGE}
        outputs = [{"rtmpUrl": "rtmp://example.com/live/first-key"}]
        push = {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": outputs}}
        service = {"extensionServiceConfig": {"extensionServices": [page, push]}}
        board = self.begin(Recorder("board of 4b / maths", "806", "", "", "web"), service, scene=1)
        self.watch(board, 5, 30)
        self.post(board, "update", webRecordingConfig={"onhold": True})
        self.watch(board, 30)
        self.post(board, "update", webRecordingConfig={"onhold": False})
        second = [{"rtmpUrl": "rtmp://example.com/live/second-key"}]
        self.post(board, "update", rtmpPublishConfig={"outputs": second})
        self.watch(board, 30, 600)
        self.post(board, "stop")
        held = {**PAGE, "onhold": True}
        quiet = {"extensionServiceConfig": {"extensionServices": [{**page, "serviceParam": held}]}}
        paused = self.begin(Recorder("paused board", "807", "", "", "web"), quiet, scene=1)
        self.watch(paused, 60)
        self.post(paused, "stop")
        endless = {"extensionServiceConfig": {"extensionServices": [page]}}
        forgotten = self.begin(Recorder("forgotten board", "808", "", "", "web"), endless, scene=1)
        self.watch(forgotten, 60, 3480, 300)

    # -- the end of the day -------------------------------------------------------------------------------------------

    def close_the_day(self) -> None:
        """The reports again, a busy minute of the overview, and what is left."""
        self.usage()
        self.p.wait(5)
        for cname in CLASSES[:10]:
            self.p.call("GET", f"/dev/v1/channel/user/{DEMO_APP_ID}/{quote(cname, safe='')}", pause=False)
        self.p.wait(1.02)
        for _ in range(10):
            self.p.call("GET", "/dev/v1/kicking-rule", query={"appid": DEMO_APP_ID}, pause=False)
        self.p.wait(5)
        for number in range(10):
            body = {"cname": f"tomorrow-{number}", "uid": str(5000 + number), "clientRequest": {}}
            self.p.call("POST", f"/v1/apps/{DEMO_APP_ID}/cloud_recording/acquire", body, pause=False)
        self.p.wait(1.02)
        for number in range(10):
            body = {"cname": f"evening-{number}", "uid": str(6000 + number), "clientRequest": {}}
            self.p.call("POST", f"/v1/apps/{DEMO_APP_ID}/cloud_recording/acquire", body, pause=False)
        self.p.wait(5)
        self.projects()
        self.overview()
        self.rules()

    def call_everything(self) -> None:
        """A call of every operation, as the documents print it."""
        self.p.wait(MINUTE)
        self.p.join(DEMO_APP_ID, "tour", 7)
        edition = spec.edition_of(self.p.emulator.settings.dialect.value)
        with suppress(KeyError, TypeError, ValueError, IndexError):  # a program that has not what it needs gives up
            tour(self.p.sample, Ids(app_id=DEMO_APP_ID, channel="tour"), {}, edition)
