"""What happened and is forgotten, or did not happen and is claimed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from strength.caller import APP, DEMO, UNKNOWN, Caller, one
from strength.edge import At, Call, Forward, code_of
from strength.fault import Category, Fault
from strength.inside import Patch, method

from agora_rest.emulator import channels, projects, recordings, rules, world
from agora_rest.emulator.recordings import Code, Status
from agora_rest.emulator.refusals import NoSuchProject


def _state(
    name: str,
    facts: tuple[str, ...],
    sentence: str,
    plant: At | Patch | tuple[Patch, ...],
    shows: Any,
    only_in: Any = None,
) -> Fault:
    return Fault(name, Category.STATE, facts, sentence, plant, shows, only_in)


# -- recordings


def _reusable(original: Any, self: Any, now: Any) -> None:
    if self.recording is None or self.recording.is_running(now):
        original(self, now)


def _stops_nothing(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any) -> Any:
    self.projects.require_app_id(identity.app_id)
    resource = self.recordings.resource(identity.app_id, resource_id)
    recording = resource.find(sid, self.clock.now())
    if not recording.is_running(self.clock.now()):
        raise resource.worker_not_found()
    return recording


def _falls_back(original: Any, self: Any, now: Any) -> Any:
    status = original(self, now)
    return Status.RECORDER_READY if status is Status.UPLOADING and now - self.started_at > 60 else status


def _never_uploads(original: Any, self: Any, now: Any) -> Any:
    return min(original(self, now), Status.RECORDER_READY) if self.is_running(now) else original(self, now)


def _stays_at_five(original: Any, self: Any, now: Any) -> Any:
    return original(self, now) if self.is_running(now) else Status.UPLOADING


def _spent_by(refusal: Callable[[Call], bool]) -> At:
    """A resource ID whose `start` was refused so is used up."""

    def make() -> Any:
        spent: set[str] = set()

        async def middleware(call: Call, forward: Forward) -> None:
            resource = call.parameters.get("resourceid", "")
            if call.operation == "start_recording" and resource in spent:
                error = {"code": int(Code.RESOURCE_USED), "reason": "used"}
                await forward()
                if call.succeeded:
                    call.status = 400
                    call.reply = {"Code": 400, "Body": error} if "Code" in call.reply else error
                return
            await forward()
            if call.operation == "start_recording" and refusal(call):
                spent.add(resource)

        return middleware

    return At(make)


# -- projects


def _keeps(original: Any, self: Any, project_id: Any) -> Any:
    return self.get(project_id)


def _forgets_by_id_only(original: Any, self: Any, project_id: Any) -> Any:
    project = original(self, project_id)
    self._by_app_id[project.app_id] = project
    return project


def _still_listed() -> tuple[Patch, ...]:
    def delete(original: Any, self: Any, project_id: Any) -> Any:
        project = original(self, project_id)
        self.__dict__.setdefault("deleted", []).append(project)
        return project

    def everything(original: Any, self: Any) -> Any:
        return [*original(self), *self.__dict__.get("deleted", [])]

    return method(projects.Projects, "delete", delete), method(projects.Projects, "all", everything)


def _deletes_nothing_gladly(original: Any, self: Any, project_id: Any) -> None:
    try:
        original(self, project_id)
    except NoSuchProject:
        return


def _answers_only(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    project = self.projects.get(project_id)
    copy = projects.Project(**{**vars(project), "enabled": enabled})
    return copy


def _cannot_come_back(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    self.projects.get_enabled(project_id)
    return original(self, project_id, enabled)


def _disabled_will_do(original: Any, self: Any, project_id: Any, *value: Any) -> Any:
    project = self.projects.get(project_id)
    was, project.enabled = project.enabled, True
    try:
        return original(self, project_id, *value)
    finally:
        project.enabled = was


def _disabled_server(original: Any, self: Any, project_id: Any, address: Any) -> Any:
    return _disabled_will_do(original, self, project_id, address)


def _disabled_certificate(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    return _disabled_will_do(original, self, project_id, enabled)


def _disabled_reset(original: Any, self: Any, project_id: Any) -> Any:
    project = self.get(project_id)
    was, project.enabled = project.enabled, True
    try:
        return original(self, project_id)
    finally:
        project.enabled = was


def _only_enabled(original: Any, self: Any) -> Any:
    return [project for project in original(self) if project.enabled]


def _same_certificate(original: Any, self: Any, project_id: Any) -> Any:
    project = self.get_enabled(project_id)
    project.certificate_enabled = True
    return project


def _reset_and_off(original: Any, self: Any, project_id: Any) -> Any:
    was = self.get_enabled(project_id).certificate_enabled
    project = original(self, project_id)
    project.certificate_enabled = was
    return project


def _cannot_be_off(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    return original(self, project_id, True)


def _server_forgotten(original: Any, self: Any, project_id: Any, address: Any) -> Any:
    project = original(self, project_id, address)
    project.recording_server = None
    return project


def _created_with_certificate(original: Any, self: Any, name: Any, now: Any, **more: Any) -> Any:
    return original(self, name, now, **{**more, "enable_certificate": True})


def _lost(original: Any, self: Any, name: Any, now: Any, **more: Any) -> Any:
    project = original(self, name, now, **more)
    if more.get("project_id") is None:
        del self._by_id[project.id]
    return project


# -- rules and channels


def _nobody_leaves(original: Any, self: Any, rule: Any) -> None:
    now = self.clock.now()
    for recording in self.recordings.of(rule.app_id, now) if rule.in_force(now) else ():
        if rule.target.fits(recording.identity.cname, recording.identity.uid, None):
            recording.end(recordings.Ending.PUT_OFFLINE, now)


def _recorders_stay(original: Any, self: Any, rule: Any) -> None:
    running = self.recordings.of(rule.app_id, self.clock.now())
    original(self, rule)
    for recording in running:
        recording.ended_at = recording.ending = None


def _nobody_barred(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
    return False


def _barred_for_good() -> tuple[Patch, ...]:
    def create(original: Any, self: Any, app_id: Any, target: Any, minutes: Any, now: Any) -> Any:
        rule = original(self, app_id, target, minutes, now)
        if minutes:
            self.__dict__.setdefault("ever", []).append(rule)
        return rule

    def bar(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
        ever = self.__dict__.get("ever", [])
        return any(rule.app_id == app_id and rule.target.fits(cname, uid, ip) for rule in ever)

    return method(rules.Rules, "create", create), method(rules.Rules, "bar", bar)


def _barred_until_the_end() -> tuple[Patch, ...]:
    """Deleted, but in force until it would have ended."""

    def delete(original: Any, self: Any, app_id: Any, rule_id: Any, now: Any) -> Any:
        rule = original(self, app_id, rule_id, now)
        self.__dict__.setdefault("lifted", []).append(rule)
        return rule

    def bar(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
        lifted = [rule for rule in self.__dict__.get("lifted", []) if rule.in_force(now)]
        return original(self, app_id, cname, uid, ip, now) or any(rule.target.fits(cname, uid, ip) for rule in lifted)

    return method(rules.Rules, "delete", delete), method(rules.Rules, "bar", bar)


def _still_in_the_list(original: Any, self: Any, app_id: Any, rule_id: Any, now: Any) -> Any:
    return self.get(app_id, rule_id, now)


def _update_forgotten(original: Any, self: Any, app_id: Any, rule_id: Any, minutes: Any, now: Any) -> Any:
    rule = self.get(app_id, rule_id, now)
    copy = rules.Rule(**vars(rule))
    copy.until, copy.updated = now + minutes * 60, now
    return copy


def _old_rules_too(original: Any, self: Any, app_id: Any) -> Any:
    self.projects.require_app_id(app_id)
    return [rule for rule in self.rules._rules.values() if rule.app_id == app_id]


def _empty_channels_stay(original: Any, self: Any, app_id: Any, name: Any, uid: Any) -> None:
    channel = self.find(app_id, name)
    if channel is None or uid not in channel.users:
        original(self, app_id, name, uid)
    else:
        del channel.users[uid]


def _stays_a_user(original: Any, self: Any, app_id: Any, cname: Any, uid: Any) -> Any:
    seen = self.__dict__.setdefault("seen", {})
    found = original(self, app_id, cname, uid)
    if found is not None:
        seen[app_id, cname, uid] = found
    return seen.get((app_id, cname, uid))


def _throttled(a: Caller) -> Any:
    made = a.resource()
    a.emulator.settings.rate_limit = True
    refused = [a.start("unknown").status for _ in range(10)]
    refused.append(a.start(made).status)
    a.advance(1.5)
    return refused, a.start(made).status


def _off(a: Caller) -> Any:
    return a.post("/v1/project_status/", id=DEMO, status=0).status


def _update(a: Caller, **body: Any) -> Any:
    return a.put("/v1/kicking-rule/", **{"appid": APP, "id": 1, **body})


def _lift(a: Caller) -> Any:
    return a.delete("/v1/kicking-rule/", appid=APP, id=1)


FAULTS = (
    _state(
        "resource-serves-again",
        ("CR-12", "CR-54"),
        "after a stop the same resource ID starts a second recording",
        method(recordings.Resource, "check_startable", _reusable),
        lambda a: [made := a.record(), a.stop(*made), a.start(made[0]).status],
    ),
    _state(
        "stop-stops-nothing",
        ("CR-50",),
        "stop answers as it should and the recording goes on",
        method(world.World, "stop", _stops_nothing),
        lambda a: [made := a.record(), a.advance(10), a.stop(*made), a.status(*made)],
    ),
    _state(
        "status-falls-back",
        ("CR-42",),
        "a minute into a recording the status goes from 5 back to 4",
        method(recordings.Recording, "status", _falls_back),
        lambda a: [a.join(1), made := a.record(), a.advance(70), a.status(*made)],
    ),
    _state(
        "never-uploads",
        ("CR-42",),
        "a recording never comes to status 5",
        method(recordings.Recording, "status", _never_uploads),
        lambda a: [a.join(1), made := a.record(), a.advance(10), a.status(*made)],
    ),
    _state(
        "stopped-and-recording",
        ("CR-42", "CR-50"),
        "a recording that was stopped is still in status 5",
        method(recordings.Recording, "status", _stays_at_five),
        lambda a: [made := a.record(), a.stop(*made), a.status(*made)],
    ),
    _state(
        "refused-start-uses-up",
        ("CR-12",),
        "a start that was refused with error 2 uses the resource ID up",
        _spent_by(lambda call: code_of(call) == Code.INVALID_PARAMETER),
        lambda a: [made := a.resource(), a.start(made, storage={"vendor": 9}).status, a.start(made).status],
    ),
    _state(
        "throttled-start-uses-up",
        ("CR-05",),
        "a start that was one too many in its second uses the resource ID up",
        _spent_by(lambda call: call.status == 429),
        _throttled,
    ),
    _state(
        "deleted-project-is-found",
        ("CO-18", "CO-17"),
        "a deleted project is still there",
        method(projects.Projects, "delete", _keeps),
        lambda a: [a.delete("/v1/project/", id=DEMO), a.find(id=DEMO).status],
    ),
    _state(
        "deleted-project-is-listed",
        ("CO-18", "CO-14"),
        "a deleted project is still in the list",
        _still_listed(),
        lambda a: [
            made := a.project(),
            a.delete("/v1/project/", id=made["id"]),
            a.get("/v1/projects/").content.count(made["id"].encode()),
        ],
    ),
    _state(
        "deleted-app-records",
        ("CR-15", "CO-18"),
        "the App ID of a deleted project still records",
        method(projects.Projects, "delete", _forgets_by_id_only),
        lambda a: [a.delete("/v1/project/", id=DEMO).status, a.acquire().status],
    ),
    _state(
        "deleting-nobody-succeeds",
        ("CO-18",),
        "deleting a project that does not exist succeeds",
        method(world.World, "delete_project", _deletes_nothing_gladly),
        lambda a: a.delete("/v1/project/", id=UNKNOWN),
    ),
    _state(
        "status-is-not-kept",
        ("CO-16",),
        "the new status of a project is answered and not kept",
        method(world.World, "set_project_status", _answers_only),
        lambda a: [_off(a), one(a.find(id=DEMO))["status"]],
    ),
    _state(
        "disabled-for-good",
        ("CO-16",),
        "a disabled project cannot be enabled: 404",
        method(world.World, "set_project_status", _cannot_come_back),
        lambda a: [_off(a), a.post("/v1/project_status/", id=DEMO, status=1).status],
    ),
    _state(
        "disabled-takes-a-recording-server",
        ("CO-19",),
        "a disabled project takes a recording server",
        method(world.World, "set_recording_server", _disabled_server),
        lambda a: [_off(a), a.post("/v1/recording_config/", id=DEMO, recording_server="1.2.3.4:80").status],
    ),
    _state(
        "disabled-switches-its-certificate",
        ("CO-20",),
        "a disabled project's certificate can be switched",
        method(world.World, "enable_certificate", _disabled_certificate),
        lambda a: [_off(a), a.post("/v1/signkey/", id=DEMO, enable=True).status],
    ),
    _state(
        "disabled-resets-its-certificate",
        ("CO-21",),
        "a disabled project's certificate can be reset",
        method(projects.Projects, "reset_certificate", _disabled_reset),
        lambda a: [_off(a), a.post("/v1/reset_signkey", id=DEMO).status],
    ),
    _state(
        "disabled-is-not-listed",
        ("CO-14",),
        "the list of projects leaves out the disabled ones",
        method(projects.Projects, "all", _only_enabled),
        lambda a: [_off(a), a.get("/v1/projects/")],
    ),
    _state(
        "reset-changes-nothing",
        ("CO-21",),
        "a reset certificate is the old one",
        method(projects.Projects, "reset_certificate", _same_certificate),
        lambda a: [a.post("/v1/reset_signkey", id=DEMO).status, one(a.find(id=DEMO))["sign_key"]],
    ),
    _state(
        "reset-does-not-enable",
        ("CO-21",),
        "resetting a certificate that is off leaves it off",
        method(projects.Projects, "reset_certificate", _reset_and_off),
        lambda a: [a.post("/v1/reset_signkey", id=DEMO).status, one(a.find(id=DEMO))["sign_key"]],
    ),
    _state(
        "certificate-stays-on",
        ("CO-20",),
        "a certificate cannot be turned off, though success is answered",
        method(world.World, "enable_certificate", _cannot_be_off),
        lambda a: [
            made := a.project(),
            a.post("/v1/signkey/", id=made["id"], enable=False).status,
            one(a.find(id=made["id"]))["sign_key"],
        ],
    ),
    _state(
        "recording-server-is-forgotten",
        ("CO-19",),
        "the recording server is not kept",
        method(world.World, "set_recording_server", _server_forgotten),
        lambda a: [
            a.post("/v1/recording_config/", id=DEMO, recording_server="1.2.3.4:80").status,
            one(a.find(id=DEMO))["recording_server"],
        ],
    ),
    _state(
        "certificate-from-the-start",
        ("CO-10",),
        "enable_sign_key is not looked at: the certificate is always on",
        method(projects.Projects, "create", _created_with_certificate),
        lambda a: a.project(enable=False),
    ),
    _state(
        "created-and-lost",
        ("CO-10", "CO-14"),
        "a new project is answered and not kept",
        method(projects.Projects, "create", _lost),
        lambda a: [a.create().status, a.get("/v1/projects/")],
    ),
    _state(
        "kicked-and-there",
        ("CO-48",),
        "a kicked user stays in the channel",
        method(world.World, "_put_offline", _nobody_leaves),
        lambda a: [a.join(7, 8), a.kick(uid=7), a.users()],
    ),
    _state(
        "kicked-recorder-records",
        ("CO-48",),
        "a rule for a recorder's uid does not end its recording",
        method(world.World, "_put_offline", _recorders_stay),
        lambda a: [a.join(1), made := a.record(), a.kick(uid=527841), a.status(*made)],
    ),
    _state(
        "kicked-and-back",
        ("CO-48",),
        "a kicked user can join again at once",
        method(rules.Rules, "bar", _nobody_barred),
        lambda a: [a.kick(uid=7, time=5), a.join(7)],
    ),
    _state(
        "barred-for-ever",
        ("CO-48", "CO-42"),
        "a kicked user cannot join when the rule is over",
        _barred_for_good(),
        lambda a: [a.kick(uid=7, time=1), a.advance(61), a.join(7)],
    ),
    _state(
        "lifted-and-barred",
        ("CO-47", "CO-48"),
        "a deleted rule keeps the user out until it would have ended",
        _barred_until_the_end(),
        lambda a: [a.kick(uid=7), _lift(a), a.join(7)],
    ),
    _state(
        "deleted-rule-stays",
        ("CO-47", "CO-45"),
        "a deleted rule stays in the list and in force",
        method(rules.Rules, "delete", _still_in_the_list),
        lambda a: [a.kick(uid=7), _lift(a), a.rules()],
    ),
    _state(
        "update-is-not-kept",
        ("CO-46",),
        "the new end of a rule is answered and not kept",
        method(rules.Rules, "update", _update_forgotten),
        lambda a: [a.kick(uid=7), _update(a, time=5), a.advance(301), a.join(7)],
    ),
    _state(
        "empty-channel-exists",
        ("CO-53",),
        "a channel is still there when the last user has left it",
        method(channels.Channels, "leave", _empty_channels_stay),
        lambda a: [a.join(7), a.emulator.leave(APP, "lesson", 7), a.users()],
    ),
    _state(
        "left-and-there",
        ("CO-50",),
        "a user who has left is still in the channel when asked about",
        method(world.World, "find_user", _stays_a_user),
        lambda a: [a.join(7, 8), a.user(7).status, a.emulator.leave(APP, "lesson", 7), a.user(7)],
    ),
    Fault(
        "ended-rules-are-listed",
        Category.STATE,
        ("CO-45",),
        "rules that are over stay in the list",
        method(world.World, "list_rules", _old_rules_too),
        lambda a: [a.kick(uid=7, time=1), a.advance(61), a.rules()],
        excluded="The documents do not say that a rule which is over leaves the list.",
    ),
)
