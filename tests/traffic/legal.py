"""Legal traffic, and what is left of it when parts are hidden: nothing may be found in either.

A legal session is what several programs of one customer do with the emulator, without a fault: also in a hurry, twice,
and wrong. A partial recording is a session of which a file has less: entries are missing, bodies and responses too, and
times are less precise.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from faults.fault import planted
from faults.servers import InProcess
from hypothesis import strategies as st
from strength.afternoon import AFTERNOON, School
from strength.afternoon import Recorder as Recording
from strength.recorded_program import BrokeDown, Call, Program

from agora_rest import spec
from agora_rest.contract.traffic.record import entry_of
from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, FrozenClock
from agora_rest.emulator.channels import Mode, Role
from agora_rest.emulator.refusals import Barred, Refused
from agora_rest.emulator.usage import Minutes

_PAUSES: Final = (0.0, 0.0, 0.05, 0.3, 0.3, 1.0, 1.0, 7.0, 35.0, 100.0, 400.0)
_ROOMS: Final = ("room-1", "room-2", "Room 3")
_HIDDEN: Final = 1000
"""Bytes of a body that a file does not have."""


@dataclass(frozen=True)
class Hiding:
    """What a partial recording hides. Shares are from 0 to 1."""

    dropped: float = 0.0
    """Of the exchanges: other programs made them, and nobody recorded those."""
    groups: float = 0.0
    """Of the kinds of calls, which are missing altogether: the file is of a part of the traffic."""
    begins: float = 0.0
    """Of the exchanges at the beginning: the file begins in the middle."""
    lost: float = 0.0
    """Of the responses: the client did not wait for them."""
    bodies: float = 0.0
    """Of the bodies of responses and requests: browsers leave some out."""
    blur: float = 0.0
    """Seconds by which a request may have been sent later, and a response come earlier, than the file says."""
    offset: float = 0.0
    """Seconds by which the caller's clock is wrong."""
    shuffled: float = 0.0
    """Of the entries that change places with their neighbours: files are not always in the order of time."""


HIDING: Final = st.builds(
    Hiding,
    dropped=st.sampled_from((0.0, 0.05, 0.3, 0.85)),
    groups=st.sampled_from((0.0, 0.0, 0.3, 0.7)),
    begins=st.sampled_from((0.0, 0.0, 0.2, 0.6)),
    lost=st.sampled_from((0.0, 0.0, 0.05, 0.3)),
    bodies=st.sampled_from((0.0, 0.0, 0.05, 0.3)),
    blur=st.sampled_from((0.0, 0.0, 0.2, 1.0)),
    offset=st.sampled_from((0.0, 0.7, -300.0)),
    shuffled=st.sampled_from((0.0, 0.0, 0.3)),
)


def hidden(calls: Sequence[Call], hiding: Hiding, random: random.Random) -> list[dict[str, Any]]:
    """The entries of a file that has less than was called."""
    gone = {kind for kind in sorted(set(map(_kind, calls))) if random.random() < hiding.groups}
    kept = [call for call in calls[int(hiding.begins * len(calls)) :] if _kind(call) not in gone]
    entries = [_entry(call, hiding, random) for call in kept if random.random() >= hiding.dropped]
    for place in range(len(entries) - 1):
        if random.random() < hiding.shuffled:
            entries[place : place + 2] = reversed(entries[place : place + 2])
    return entries


def _kind(call: Call) -> str:
    """The method of a call, and where it goes, without IDs."""
    path = call.exchange.path.split("/")
    return f"{call.exchange.method} {path[-1] if 'cloud_recording' in path else path[2:5]}"


def _entry(call: Call, hiding: Hiding, random: random.Random) -> dict[str, Any]:
    before, after = (random.random() * hiding.blur for _ in range(2))
    exchange = replace(call.exchange, elapsed=call.exchange.elapsed + before + after)
    if random.random() < hiding.lost:
        exchange = replace(exchange, status=0, headers={}, body=b"")
    entry = entry_of(exchange, call.at - before + hiding.offset)
    content, posted = entry["response"]["content"], entry["request"].get("postData", {})
    if exchange.status and random.random() < hiding.bodies:
        content["size"] = _HIDDEN
        del content["text"]
    if random.random() < hiding.bodies:
        posted.pop("text", None)
    return entry


class Session:
    """What several programs do at random. They share projects, channels, rules and recordings."""

    def __init__(self, program: Program, random: random.Random) -> None:
        self.p, self.random = program, random
        self.school = School(program)
        self.recordings: list[Recording] = []
        self.resources: list[Recording] = []
        self.projects: list[dict[str, Any]] = [{"id": DEMO_ID, "name": "demo"}]
        self.rules: list[Any] = [1]

    def run(self, calls: int) -> None:
        """Make about so many calls."""
        steps: list[Callable[[], object]] = self.random.sample(self._groups(), k=self.random.randint(1, 4))
        while len(self.p.calls) < calls:
            self.p.wait(0.01 + self.random.choice(_PAUSES))
            self.random.choice(steps)()

    def _groups(self) -> list[Callable[[], object]]:
        return [
            lambda: self.random.choice((self.create, self.find, self.school.projects, self.switch))(),
            lambda: self.random.choice((self.certificate, self.find, self.school.projects))(),
            lambda: self.random.choice((self.people, self.look, self.pages))(),
            lambda: self.random.choice((self.ban, self.school.rules, self.change_rule, self.people, self.look))(),
            lambda: self.random.choice((self.acquire, self.start, self.query, self.query, self.post))(),
            lambda: self.random.choice((self.begin, self.query, self.query, self.post, self.post))(),
            lambda: self.random.choice((self.usage, self.more_usage))(),
            lambda: self.random.choice((self.hurry, self.late))(),
        ]

    # -- projects ---------------------------------------------------------------------------------------------------

    def project(self) -> dict[str, Any]:
        """One that exists, or existed."""
        return self.random.choice(self.projects)

    def create(self) -> None:
        name = self.random.choice(("spring", "summer", "autumn term"))
        made = self.school.create(name, certificate=self.random.random() < 0.5)
        if made.get("id"):
            self.projects.append(made)

    def find(self) -> None:
        of = {name: self.project().get(name) for name in self.random.choice((["id"], ["name"], ["id", "name"]))}
        self.school.find(**of)

    def switch(self) -> None:
        chosen = self.project()
        if self.random.random() < 0.3 and not self.p.today:
            self.p.call("DELETE", "/dev/v1/project", {"id": chosen["id"]}, pause=False)
        else:
            self.school.switch(chosen, self.random.choice((0, 1, 1, 5)))

    def certificate(self) -> None:
        named = {"id": self.project()["id"]}
        body = self.random.choice(({**named, "enable": True}, {**named, "enable": False}, named))
        path = "reset_signkey" if body is named else "signkey"
        if self.random.random() < 0.3:
            path, body = "recording_config", {**named, "recording_server": self.random.choice(("10.0.0.1:80", "x"))}
        self.p.call("POST", f"/dev/v1/{path}", body, pause=False)

    # -- channels and rules -------------------------------------------------------------------------------------------

    def people(self) -> None:
        """Somebody comes or goes."""
        room, uid = self.random.choice(_ROOMS), self.random.randint(1, 3)
        mode = Mode.LIVE if room == "room-2" else Mode.COMMUNICATION
        with suppress(Barred, Refused):
            if self.random.random() < 0.6:
                role = self.random.choice((Role.HOST, Role.AUDIENCE))
                self.p.emulator.join(
                    DEMO_APP_ID, room, uid, **({"mode": mode, "role": role} if mode is Mode.LIVE else {})
                )
            else:
                self.p.emulator.leave(DEMO_APP_ID, room, uid)

    def look(self) -> None:
        room = self.random.choice((*_ROOMS, "nobody"))
        choices: list[Callable[[], object]] = [
            lambda: self.school.users(room),
            lambda: self.user(room),
            lambda: self.user(room),
        ]
        if self.p.today:
            choices.append(lambda: self.school.hosts(room))
        self.random.choice(choices)()

    def user(self, room: str) -> None:
        self.school.user(room, self.random.randint(1, 3))

    def pages(self) -> None:
        if self.random.random() < 0.4:
            self.p.call("GET", f"/dev/v1/channel/{DEMO_APP_ID}", pause=False)
            return
        for page in range(self.random.randint(1, 3)):
            query = {"page_no": page, "page_size": self.random.choice((1, 1, 2))}
            self.p.call("GET", f"/dev/v1/channel/{DEMO_APP_ID}", query=query, pause=False)
            if self.random.random() < 0.3:
                self.people()

    def ban(self) -> None:
        rule = self.random.choice(
            ({"uid": 1}, {"cname": "room-1"}, {"cname": "room-1", "uid": 2}, {"ip": "203.0.113.7"}, {})
        )
        time = self.random.choice((0, 1, 2, 0.5, 60, 3000, -1, None))
        if self.p.today and self.random.random() < 0.3:
            rule = {**rule, "time_in_seconds": self.random.choice((0, 5, 20, 90))}
        made = self.school.ban(**rule, **({} if time is None else {"time": time}))
        if isinstance(made, int):
            self.rules.append(made)

    def change_rule(self) -> None:
        body: dict[str, Any] = {"appid": DEMO_APP_ID, "id": self.random.choice(self.rules)}
        if self.random.random() < 0.2:
            body["appid"] = "0" * 32
        if self.random.random() < 0.4:
            self.p.call("DELETE", "/dev/v1/kicking-rule", body, pause=False)
            return
        body["time"] = self.random.choice((0, 1, 5, -1, 60))
        if self.p.today and self.random.random() < 0.3:
            body["time_in_seconds"] = self.random.choice((0, 20, 90))
        self.p.call("PUT", "/dev/v1/kicking-rule", body, pause=False)

    # -- recordings ---------------------------------------------------------------------------------------------------

    def acquire(self) -> None:
        mode = self.random.choice(("mix", "mix", "individual", "web")) if self.p.today else "mix"
        more: dict[str, Any] = {"scene": 1} if mode == "web" else {}
        if self.p.today and self.random.random() < 0.3:
            more["resourceExpiredHour"] = 1
        cname, uid = self.random.choice(_ROOMS), str(self.random.randint(600, 601))
        resource = self.school.acquire(cname, uid, **more)
        if resource:
            self.resources.append(Recording(cname, uid, resource, "", mode))

    def start(self) -> None:
        if not self.resources:
            self.acquire()
        if self.resources:
            chosen = self.random.choice(self.resources)
            made = self.school.start(chosen, self._client(chosen.mode))
            if made.sid:
                self.recordings.append(made)

    def begin(self) -> None:
        self.acquire()
        self.start()

    def _client(self, mode: str) -> dict[str, Any]:
        if mode == "web":
            page = {"url": "https://example.com/", "audioProfile": 0, "videoWidth": 640, "videoHeight": 360}
            page |= {"maxRecordingHour": 1, "onhold": self.random.random() < 0.3}
            page |= self.random.choice(({}, {}, {"videoWidth": 1920, "videoHeight": 1920}))  # too large
            services: list[dict[str, Any]] = [{"serviceName": "web_recorder_service", "serviceParam": page}]
            if self.random.random() < 0.5:
                push = {"outputs": [{"rtmpUrl": "rtmp://example.com/live/1"}]}
                services.append({"serviceName": "rtmp_publish_service", "serviceParam": push})
            return {"extensionServiceConfig": {"extensionServices": services}}
        idle = {"maxIdleTime": self.random.choice((5, 30, 3600))}
        types = {"streamTypes": self.random.choice((0, 1, 2))}
        films = {"recordingFileConfig": {"avFileType": self.random.choice((["hls", "mp4"], ["hls"], ["mp4"]))}}
        if mode == "individual":
            return {"recordingConfig": {"subscribeUidGroup": 0, **idle, **types}, **self.random.choice(({}, {}, films))}
        return {"recordingConfig": idle, **self.random.choice(({}, films, {"recordingConfig": {**idle, **types}}))}

    def recording(self) -> Recording | None:
        """One that was started; sometimes with a wrong name in the call."""
        if not self.recordings:
            self.begin()
            return None
        found = self.random.choice(self.recordings[-3:])
        if self.random.random() < 0.1:
            wrong = self.random.choice(({"sid": "0" * 32}, {"mode": "individual"}, {"uid": "999"}, {"cname": "room-9"}))
            return replace(found, **wrong)
        return found

    def query(self) -> None:
        if (found := self.recording()) is not None:
            if self.p.today and self.random.random() < 0.1:
                with suppress(Refused, LookupError, ValueError):
                    self.p.emulator.fail_over(found.sid, self.random.choice((0, 30)))
            self.school.query(found)

    def post(self) -> None:
        if (found := self.recording()) is None:
            return
        everybody = {"videoUidList": {"subscribeVideoUids": ["#allstream#"]}}
        some = {"audioUidList": {"subscribeAudioUids": ["1"]}}
        updates: list[dict[str, Any]] = [
            {"webRecordingConfig": {"onhold": True}},
            {"webRecordingConfig": {"onhold": False}},
            {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": "rtmp://example.com/live/2"}]}},
            {"streamSubscribe": self.random.choice((everybody, some, {**everybody, **some}))},
            {"webRecordingConfig": {"onhold": "yes"}},
        ]
        if self.p.today and self.random.random() < 0.7:
            self.school.post(found, "update", **self.random.choice(updates))
        elif self.p.today and self.random.random() < 0.2:
            self.school.post(found, "updateLayout", mixedVideoLayout=self.random.choice((0, 1, 2)))
        else:
            self.school.post(found, "stop", **({"async_stop": True} if self.random.random() < 0.3 else {}))

    # -- time and usage -----------------------------------------------------------------------------------------------

    def usage(self) -> None:
        self.school.metrics(DEMO_ID, "2026-01-11", "2026-01-14")
        if not self.p.today:
            query = {"from_date": "2026-01-11", "to_date": "2026-01-13", "projects": DEMO_ID}
            self.p.call("GET", "/dev/v1/usage", query=query, pause=False)

    def more_usage(self) -> None:
        """Minutes of today and yesterday grow."""
        with suppress(Refused):  # the project may be gone
            self.p.emulator.seed_minutes(DEMO_ID, date(2026, 1, self.random.choice((12, 13))), Minutes(1, 2, 3, 4))

    def hurry(self) -> None:
        """More calls than a second allows."""
        for _ in range(self.random.randint(5, 14)):
            self.p.wait(self.random.choice((0.0, 0.05, 0.1)))
            self.random.choice((self.school.rules, self.school.projects))()

    def late(self) -> None:
        self.p.wait(self.random.choice((60.0, 3700.0)))


def session(dialect: spec.Dialect, seed: int, calls: int) -> list[Call]:
    """The exchanges of a session."""
    clock = FrozenClock(AFTERNOON)
    with planted(dialect, None, rate_limit=True, clock=clock) as server, InProcess(server.app) as transport:
        program = Program(server, transport)
        with suppress(BrokeDown):
            Session(program, random.Random(seed)).run(calls)
        return program.calls
