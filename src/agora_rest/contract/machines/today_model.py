"""A simple model of the recordings of today: which responses the documents allow, and what they must show.

A server may take up to `CERTAINLY` seconds until it shows a file, so of each recording the model knows the tracks that
may have a file and those that have one for certain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from agora_rest.contract.http.server import STORAGE, Response
from agora_rest.contract.machines.base import Outcome, refusal, success
from agora_rest.contract.machines.recording_base import Allowed, ModelRecording, ModelResource, RecordingsModel, Who
from agora_rest.contract.scenarios._current import WHOLE, paged, push, settings
from agora_rest.contract.scenarios._recording import OVER, OVER_BY_FORCE, UNDER_WAY

CERTAINLY: Final = 126
"""Seconds after which what is recorded has a file (CR-138): a good start takes 90 at most."""

_REACH: Final = 72
"""Hours (CR-85)."""
_GONE_AFTER: Final = 100
"""Seconds after its end when a recording is certainly over."""
_SETTLED_AFTER: Final = 30
"""Seconds after which a push has the status that it should have."""

Track = tuple[int, str]
"""A user and a medium, or the page."""

Entries = dict[str, tuple[Any, ...]]
"""The members seen of each file, by its name, and of the whole recording, as `_START_TIME`."""

_PLACES: Final = {"x": "x_axis", "y": "y_axis", "width": "width", "height": "height"}
"""The place and size of a region as the state names them, and as the documents do."""

_START_TIME: Final = "sliceStartTime"
_PAGE: Final[Track] = (0, "page")
_NOBODY: Final[Track] = (0, "nobody")


def _refused(words: str, *facts: str) -> Outcome:
    return Outcome(
        f"status 400 or 404: {words}", facts, lambda response: response.status in (400, 404) and not response.succeeded
    )


_DISABLED: Final = Outcome("status 400: the project is disabled", ("CR-78",), lambda response: response.status == 400)
_ELSEWHERE: Final = _refused("these do not go together", "CR-93", "CR-80")
_NOT_THERE: Final = refusal(404, "CR-144", "CR-86", code=404)
_ENDING: Final = refusal(400, "CR-155", code=49)
_MALFORMED: Final = refusal(400, "CR-146", "CR-147", "CR-149", code=2)
_REPEATED: Final = Outcome(
    "status 201 with code 7 and no sid",
    ("CR-94",),
    lambda response: response.status == 201 and response.code == 7 and response.get("sid") is None,
)
_CHANGED: Final = success("CR-145", "CR-151")
_NOTHING: Final = refusal(206, "CR-156", code=435)
_UPLOADING: Final = tuple(refusal(206, "CR-152", code=code) for code in (50, 65))


class Users(NamedTuple):
    """A list of users for one medium; without `uids`, of all of them."""

    verb: str
    uids: tuple[int, ...] = ()

    def has(self, uid: int) -> bool:
        """Whether this user is recorded."""
        return (not self.uids or uid in self.uids) if self.verb == "subscribe" else uid not in self.uids

    def named(self, medium: str) -> dict[str, list[str]]:
        """The member of a configuration."""
        return {f"{self.verb}{medium.title()}Uids": [*map(str, self.uids)] or ["#allstream#"]}


Lists = dict[str, Users | None]
"""By medium."""


_GIVEN: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "token": ("", {"token": "contract-token"}),
    "secret": ("recordingConfig", {"decryptionMode": 5, "secret": "contract-secret"}),
    "salt": ("recordingConfig", {"decryptionMode": 8, "secret": "contract-secret", "salt": f"{'A' * 43}="}),
    "low": ("recordingConfig", {"videoStreamType": 1, "audioProfile": 2, "channelType": 0}),
    "stream mode": ("recordingConfig", {"streamMode": "default"}),
    "picture": ("recordingConfig", {"transcodingConfig": {"width": 1080, "height": 1920, "mixedVideoLayout": 1}}),
    "regions": ("recordingConfig", {"transcodingConfig": {"mixedVideoLayout": 3, "layoutConfig": [WHOLE] * 17}}),
    "Amazon": ("storageConfig", {"vendor": 1, "region": 0, "extensionParams": {"sse": "kms", "tag": "a=b"}}),
    "Google": ("storageConfig", {"vendor": 6, "region": 0}),
    "endpoint": ("storageConfig", {"vendor": 11, "region": 0, "extensionParams": {"endpoint": "https://example.com"}}),
    "keys": ("storageConfig", {"stsToken": "contract-token", "stsExpiration": 1798761600}),
    "frames": ("page", {"videoFps": 60, "videoBitrate": 2000, "mobile": True}),
    "files": ("page", {"maxVideoDuration": 240, "readyTimeout": 0}),
    "upright": ("page", {"videoWidth": 1080, "videoHeight": 1920}),
}
"""Right settings by name, with the part of the client request that they belong to, which any others may go with."""

GIVEN: Final = tuple(_GIVEN)

LAYOUTS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"backgroundColor": "#112233"},
    {"mixedVideoLayout": 1, "backgroundImage": "https://example.com/image.png"},
    {
        "mixedVideoLayout": 3,
        "backgroundColor": "#FFFFFF",
        "layoutConfig": [WHOLE, {**WHOLE, "alpha": 0, "render_mode": 1}, {**WHOLE, "x_axis": 0.5, "width": 0.5}],
    },
)
"""Client requests of `updateLayout`."""

MALFORMED: Final = {"vendor": 1}
"""A `storageConfig` without its required members (CR-33)."""


class Plan(NamedTuple):
    """The settings of `acquire` and `start`, including those that the mode ignores, where they are allowed."""

    mode: str
    idle_time: int | None = None
    hours: int | None = None
    types: int | None = None
    audio: Users | None = None
    video: Users | None = None
    snapshots: bool = False
    mp4: tuple[str, ...] = ()
    """The types of files if there are MP4 files, in any order (CR-122)."""
    page_hours: int = 720
    on_hold: bool | None = None
    pushed_to: str = ""
    longest: int | None = None
    """Minutes of an MP4 file."""
    announced: bool = False
    given: frozenset[str] = frozenset()
    """Names of `GIVEN`."""
    is_malformed: bool = False

    @property
    def media(self) -> tuple[str, ...]:
        """The media that `streamTypes` includes (CR-22)."""
        return (("audio",), ("video",), ("audio", "video"))[2 if self.types is None else self.types]

    @property
    def lists(self) -> Lists:
        """Those lists that go with `streamTypes` (CR-112)."""
        return {medium: getattr(self, medium) for medium in self.media}

    @property
    def has_files(self) -> bool:
        """Whether it lists files: not with snapshots only (CR-143)."""
        return "snapshotConfig" not in self.client

    @property
    def client(self) -> dict[str, Any]:
        """The client request of `start`."""
        config: dict[str, Any] = {"subscribeUidGroup": 1} if self.mode == "individual" else {}
        config |= self._given("recordingConfig")
        config |= {} if self.idle_time is None else {"maxIdleTime": self.idle_time}
        config |= {} if self.types is None else {"streamTypes": self.types}
        for medium, users in self.lists.items():
            config |= {} if users is None else users.named(medium)
        more = {**self._given(""), **({"recordingConfig": config} if config else {})}
        more["storageConfig"] = MALFORMED if self.is_malformed else {**STORAGE, **self._given("storageConfig")}
        shows_all = "subscribeAudioUids" not in config or "subscribeVideoUids" in config  # CR-126
        if self.mode == "individual" and self.snapshots and "video" in self.media and shows_all:
            more["snapshotConfig"] = {"fileType": ["jpg"]}
        if self.mp4 and self.mode != "individual":
            more["recordingFileConfig"] = {"avFileType": list(self.mp4)}
        if self.mode != "web":
            return settings(self.mode, **more)
        page = {**self._given("page"), **({} if self.on_hold is None else {"onhold": self.on_hold})}
        page |= {} if self.longest is None else {"maxVideoDuration": self.longest}
        pushes = [push(self.pushed_to)] if self.pushed_to else []
        return {**paged(*pushes, maxRecordingHour=self.page_hours, **page), **more}

    def _given(self, part: str) -> dict[str, Any]:
        return {
            name: each
            for key in GIVEN
            if key in self.given and _GIVEN[key][0] == part
            for name, each in _GIVEN[key][1].items()
        }


@dataclass
class Taken(ModelRecording):
    """A recording that was started, and what it was seen to have."""

    plan: Plan
    started: int
    lists: Lists = field(init=False)
    on_hold: bool = field(init=False)
    held_since: int = field(init=False)
    """When it was paused or resumed last."""
    pushed_to: str = field(init=False)
    pushed_since: int = field(init=False)
    layout: dict[str, Any] = field(init=False)
    """As it was set last (CR-151)."""
    active: dict[Track, int] = field(default_factory=dict)
    """The tracks being recorded, with the time since when."""
    was_empty: bool = True
    """Whether no user was in the channel so far."""
    possible: set[Track] = field(default_factory=set)
    certain: set[Track] = field(default_factory=set)
    files: Entries = field(default_factory=dict)
    """The entries that it was seen to list, by name."""

    def __post_init__(self) -> None:
        self.lists, self.on_hold = self.plan.lists, bool(self.plan.on_hold)
        self.layout = self.plan.client.get("recordingConfig", {}).get("transcodingConfig", {})
        self.pushed_to, self.held_since, self.pushed_since = self.plan.pushed_to, self.started, self.started

    @property
    def is_page(self) -> bool:
        """Whether it records a page."""
        return self.plan.mode == "web"

    def meet(self, users: set[int], now: int) -> None:
        """Record from now on what it should of these users, or of the page."""
        super().meet(users, now)
        self._note_files(now)
        self.was_empty &= not users
        if self.is_page:
            wanted = set() if self.on_hold else {_PAGE}
        else:
            absent = Users("subscribe", _NOBODY[:1]) if any(self.lists.values()) else Users("subscribe")  # CR-113
            wanted = {
                (uid, medium) for medium, some in self.lists.items() for uid in users if (some or absent).has(uid)
            }
        self.active = {track: self.active.get(track, now) for track in wanted}
        self.possible |= wanted

    def deadlines(self) -> dict[str, int]:
        """Also the end of the hours of a page (CR-132)."""
        hours = {"hours": self.started + 3600 * self.plan.page_hours} if self.is_page else {}
        return super().deadlines() | hours

    def settle(self, now: int) -> None:
        """Also note what has a file by now for certain."""
        super().settle(now)
        self._note_files(now)

    def end(self, why: str, at: int) -> None:
        """It is over."""
        self._note_files(at)
        super().end(why, at)
        self.active = {}

    def _note_files(self, now: int) -> None:
        self.certain |= {track for track, since in self.active.items() if now - since >= CERTAINLY}


@dataclass
class Reserved(ModelResource[Taken]):
    """The result of an `acquire`, for these settings."""

    plan: Plan


class TodayModel(RecordingsModel[Taken]):
    """See the module and `RecordingsModel`."""

    DISABLED = _DISABLED

    # -- allowed outcomes ---------------------------------------------------------------------------------------------

    def may_start(self, reserved: Reserved, who: Who, plan: Plan) -> Allowed:
        """The allowed responses to a `start` that names `who`; `plan` is another than that of `acquire` or the same."""
        self.settle()
        if who.app in self.disabled:
            return (_DISABLED, _ELSEWHERE)
        if who != reserved.who:
            return (_ELSEWHERE,)
        wrong = [refusal(400, "CR-33", "CR-84", "CR-90", code=2)] if plan != reserved.plan else []
        if who.uid in self.users[who.room] and plan.mode != "web":
            wrong.append(refusal(400, "CR-14", code=2))
        if reserved.recording is not None and not reserved.recording.ended:
            return (_REPEATED, *wrong)
        if reserved.recording is not None:
            return (refusal(400, "CR-92"),)
        if reserved.has_expired(self.now):
            return (refusal(400, "CR-91"),)
        if any(each.who == who for each in self.running()):
            return (refusal(400, "CR-95", code=53), *wrong)
        return tuple(wrong) or (success("CR-20", "CR-95"),)

    def may_query(self, reserved: Reserved, taken: Taken | None, app: str, mode: str) -> Allowed:
        """The allowed responses to a `query` for `taken` by these IDs and this mode."""
        if (others := self._others(reserved, taken, app, mode)) or taken is None:
            return others
        if not taken.ended:
            return (taken.with_status(UNDER_WAY, "CR-137"),)
        if taken.gone or self.now - taken.ended_at > _GONE_AFTER:
            return (_NOT_THERE,)
        return (taken.with_status(OVER_BY_FORCE if taken.ended == "kicked" else OVER, "CR-137"), _NOT_THERE)

    def may_change(
        self, reserved: Reserved, taken: Taken | None, who: Who, mode: str, *, is_malformed: bool = False
    ) -> Allowed:
        """The allowed responses to an `update`, or another call that a running recording takes."""
        if is_malformed:
            allowed = self.may_change(reserved, taken, who, mode)
            return (_MALFORMED, *(each for each in allowed if each is not _CHANGED))
        if who != reserved.who:
            return (_ELSEWHERE,)
        if (others := self._others(reserved, taken, who.app, mode)) or taken is None:
            return others
        if not taken.ended:
            return (_CHANGED,)
        return (_NOT_THERE,) if taken.gone else (_NOT_THERE, _ENDING)

    def may_stop(self, reserved: Reserved, taken: Taken | None, who: Who, mode: str) -> Allowed:
        """The allowed responses to a `stop`."""
        others = self.may_change(reserved, taken, who, mode)
        if taken is None or others[0] is not _CHANGED:
            return others
        if taken.was_empty and not taken.is_page:
            return (_NOTHING,)
        if taken.certain and taken.plan.has_files:
            return (success("CR-50", "CR-153"), *_UPLOADING)
        return (success("CR-50", "CR-153"), _NOTHING, *_UPLOADING)

    def _others(self, reserved: Reserved, taken: Taken | None, app: str, mode: str) -> Allowed:
        """The allowed outcomes when the IDs do not go together or are out of reach, or () when neither is so."""
        self.settle()
        if app in self.disabled:
            return (_DISABLED, _ELSEWHERE)
        if taken is None or app != reserved.who.app or reserved.recording is not taken or mode != taken.plan.mode:
            return (_ELSEWHERE,)
        reach = 3600 * (_REACH if reserved.plan.hours is None else reserved.plan.hours)
        return (_NOT_THERE,) if self.now - taken.started > reach else ()

    # -- state changes ------------------------------------------------------------------------------------------------

    def start(self, reserved: Reserved) -> None:
        """The resource records from now on."""
        self.begin(reserved, Taken(reserved.who, reserved.plan.idle_time, reserved.plan, self.now))

    def change(self, taken: Taken, *, lists: Lists | None, on_hold: bool | None, pushed_to: str) -> None:
        """An `update`. What belongs to another mode has no effect (CR-145)."""
        if taken.is_page:
            if on_hold is not None:
                taken.held_since = self.now if on_hold != taken.on_hold else taken.held_since
                taken.on_hold = on_hold
            if pushed_to and taken.pushed_to:
                taken.pushed_to, taken.pushed_since = pushed_to, self.now
        elif lists:
            taken.lists = {medium: lists.get(medium) for medium in taken.plan.media}
        taken.meet(self.users[taken.who.room], self.now)


def shown_layout(client: dict[str, Any]) -> dict[str, Any]:
    """A layout as the state of an emulator shows it: members that were left out have their defaults (CR-151)."""
    kind = ("floating", "best_fit", "vertical", "custom")[client.get("mixedVideoLayout", 0)]
    shown = {
        "kind": kind,
        "background_color": client.get("backgroundColor", "#000000"),
        "background_image": client.get("backgroundImage"),
    }
    if kind != "custom":
        return shown
    regions = (
        {
            **{name: region[member] for name, member in _PLACES.items()},
            "alpha": region.get("alpha", 1),
            "render_mode": region.get("render_mode", 0),
        }
        for region in client["layoutConfig"]
    )
    return {**shown, "regions": list(regions)}


# -- what responses show -----------------------------------------------------------------------------------------------


def look(model: TodayModel, taken: Taken, response: Response) -> None:
    """Raise Broken unless a success of `query` or `stop` shows what it must, and note what it shows."""
    served = response.need("serverResponse")
    taken.status = served.get("status", taken.status)
    if taken.is_page:
        _look_at_services(model, taken, response, served)
        return
    files = served.get("fileList", [])
    if isinstance(files, str):
        name = f"{response.get('sid')}_{response.get('cname')}.m3u8"
        response.must(files == name, f"`fileList` {name!r} (CR-160)")
        files = [{"fileName": files}]
    if not taken.plan.has_files:
        response.must(not files, "no files beside snapshots (CR-143)")
        return
    if files:
        mode = "string" if taken.plan.mode == "mix" and not taken.plan.mp4 else "json"
        response.must(served.get("fileListMode") == mode, f"`fileListMode` {mode} (CR-141)")
    entries: Entries
    entries = {file["fileName"]: (file.get("uid"), file.get("sliceStartTime")) for file in files}
    if _START_TIME in served:
        entries[_START_TIME] = (served[_START_TIME],)
    found = (taken.possible or {_NOBODY}) if files else set()
    if taken.plan.mode == "individual":
        found = {(int(file["uid"]), file["trackType"]) for file in files}
    _must_list(response, taken, found, entries)


def _must_list(response: Response, taken: Taken, found: set[Track], entries: Entries) -> None:
    """Compare the files of a recording with what was recorded, and with those that were listed before.

    All of them are listed while it runs, and in the response that stops it.
    """
    more, less = found - taken.possible, taken.certain - found
    must_be_whole = not taken.ended or _is_of_stop(response)
    response.must(not more, f"no files of {sorted(more)}: nobody should have recorded them (CR-113, CR-142, CR-146)")
    listed = not less or not must_be_whole
    response.must(listed, f"files of {sorted(less)}, which are recorded (CR-113, CR-142, CR-146, CR-153, CR-154)")
    for name, entry in taken.files.items():
        if name in entries or (must_be_whole and name != _START_TIME):
            response.must(entries.get(name) == entry, f"the file {name} as before: {entry} (CR-139, CR-142, CR-153)")
    mp4 = [entry for name, entry in entries.items() if name.endswith(".mp4")]
    response.must(len(set(mp4)) == len(mp4), "MP4 files that begin one after the other (CR-139, CR-130)")
    taken.files |= entries


def _is_of_stop(response: Response) -> bool:
    return "status" not in response.need("serverResponse")


def _look_at_services(model: TodayModel, taken: Taken, response: Response, served: dict[str, Any]) -> None:
    payloads = {each["serviceName"]: each["payload"] for each in served["extensionServiceState"]}
    page = payloads.get("web_recorder_service")
    if page is not None:
        response.must(page.get("onhold") is taken.on_hold, f"`onhold` {str(taken.on_hold).lower()} (CR-147)")
        entries = {file["filename"]: (file["sliceStartTime"],) for file in page.get("fileList") or ()}
        _must_list(response, taken, {_PAGE} if entries else set(), entries)
    if _is_of_stop(response):
        return
    outputs = payloads.get("rtmp_publish_service", {}).get("outputs", [])
    urls = [taken.pushed_to] if taken.pushed_to else []
    response.must([each["rtmpUrl"] for each in outputs] == urls, f"pushes to {urls} (CR-140, CR-148)")
    if outputs and not taken.ended and model.now - max(taken.held_since, taken.pushed_since) > _SETTLED_AFTER:
        status = "onhold" if taken.on_hold else "publishing"
        response.must(outputs[0]["status"] == status, f"the `status` {status} of the push (CR-140)")
