"""Calls that are carried out again, come out otherwise the second time, or change what they read."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import projects, recordings, usage, world
from agora_rest.emulator.refusals import Code, NoSuchProject, RecordingRefused
from faults.caller import APP, DAY, DEMO, one
from faults.middleware import At, Forward, HttpCall, Middleware
from faults.patches import also, marked, method
from faults.seeds import idempotency


def _starts_anew(original: Any, self: Any, now: Any) -> None:
    if self.recording is not None and self.recording.is_running(now):
        self.recording.end(recordings.Ending.STOPPED, now)
        self.recording = None
    original(self, now)


def _repeats_its_answer() -> At:
    """A second start is answered like the first."""

    def make() -> Middleware:
        answers: dict[str, tuple[int, bytes]] = {}

        async def middleware(call: HttpCall, forward: Forward) -> None:
            await forward()
            resource = call.parameters.get("resourceid", "")
            if call.operation == "start_recording" and call.succeeded and b"sid" in call.response_body:
                answers[resource] = call.status, call.response_body
            elif call.operation == "start_recording" and resource in answers and call.status in (201, 400):
                call.status, call.response_body = answers[resource]

        return middleware

    return At(make)


def _ends_the_first(original: Any, self: Any, now: Any) -> None:
    try:
        original(self, now)
    except RecordingRefused as refused:
        if refused.code is Code.ALREADY_RECORDING and self.recording is not None:
            self.recording.end(recordings.Ending.STOPPED, now)
        raise


def _reset_once(original: Any, self: Any, project_id: Any) -> Any:
    project = self.get_enabled(project_id)
    if project.id in self.__dict__.setdefault("been_reset", set()):
        return project
    self.been_reset.add(project.id)
    return original(self, project_id)


def _enabled_anew(result: Any, self: Any, enabled: Any) -> None:
    if enabled:
        result.certificate = self.projects._ids.certificate()


def _off_is_off(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    if not enabled and not self.projects.get(project_id).enabled:
        raise NoSuchProject
    return original(self, project_id, enabled)


def _gone_is_gone(original: Any, self: Any, project_id: Any) -> Any:
    gone = self.__dict__.setdefault("gone", {})
    if project_id in gone:
        return gone[project_id]
    gone[project_id] = original(self, project_id)
    return gone[project_id]


def _status_toggles(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    project = self.projects.get(project_id)
    project.enabled = not project.enabled if project.enabled == enabled else enabled
    return project


def _second_server_refused(original: Any, self: Any, project_id: Any, address: Any) -> Any:
    if self.projects.get_enabled(project_id).recording_server is not None:
        raise NoSuchProject
    return original(self, project_id, address)


def _query_wakes(result: Any, self: Any) -> None:
    if result.is_running(self.clock.now()) and result.idle_since is not None:
        result.idle_since = self.clock.now()


def _query_ends(result: Any, self: Any, sid: Any) -> None:
    asked = self.__dict__.setdefault("asked", set())
    if sid in asked and result.is_running(self.clock.now()):
        result.end(recordings.Ending.STOPPED, self.clock.now())
    asked.add(sid)


def _reading_counts(result: Any, self: Any, project_id: Any) -> None:
    for day, minutes in result:
        self.seed_minutes(project_id, day, minutes._replace(audio=minutes.audio + 1))


def _reading_extends(result: Any) -> None:
    for rule in result:
        rule.until += 60


def _reading_joins(original: Any, self: Any, app_id: Any, cname: Any, uid: Any) -> Any:
    found = original(self, app_id, cname, uid)
    if found is not None:
        channel = self.channels.find(app_id, cname)
        channel.users[uid] = found = type(found)(found.uid, found.role, self.clock.now(), found.ip)
    return found


def _update_adds(original: Any, self: Any, app_id: Any, rule_id: Any, *time: Any) -> Any:
    rule = next((each for each in self.rules.of(app_id, self.clock.now()) if each.id == rule_id), None)
    before = rule and rule.updated > rule.created and rule.until
    updated = original(self, app_id, rule_id, *time)
    if before:
        updated.until += before - self.clock.now()
    return updated


FAULTS = {
    "second-start-records-again": idempotency(
        "CR-37",
        "a second start on a resource ID begins a second recording",
        method(recordings.Resource, "check_startable", _starts_anew),
        lambda a: [made := a.record(), a.start(made[0])],
    ),
    "second-start-is-the-first": idempotency(
        "CR-37",
        "a second start is answered with the sid of the first",
        _repeats_its_answer(),
        lambda a: [made := a.record(), a.start(made[0])],
    ),
    "second-start-ends-the-first": idempotency(
        "CR-37",
        "a second start is refused and ends the recording",
        method(recordings.Resource, "check_startable", _ends_the_first),
        lambda a: [made := a.record(), a.start(made[0]).status, a.status(*made)],
    ),
    "second-reset-is-the-first": idempotency(
        "CO-21",
        "a second reset gives no new certificate",
        method(projects.Projects, "reset_certificate", _reset_once),
        lambda a: [[a.post("/v1/reset_signkey", id=DEMO).status for _ in range(2)], one(a.find(id=DEMO))],
    ),
    "enabling-resets": idempotency(
        "CO-20",
        "turning a certificate on makes a new one",
        also(world.World, "enable_certificate", _enabled_anew),
        lambda a: [
            made := a.project(),
            a.post("/v1/signkey", id=made["id"], enable=True).status,
            one(a.find(id=made["id"]))["sign_key"],
        ],
    ),
    "disabled-cannot-be-disabled": idempotency(
        "CO-16",
        "disabling a disabled project is 404",
        method(world.World, "set_project_status", _off_is_off),
        lambda a: [a.post("/v1/project_status", id=DEMO, status=0).status for _ in range(2)],
    ),
    "status-toggles": idempotency(
        "CO-16",
        "setting the status that a project has switches it over",
        method(world.World, "set_project_status", _status_toggles),
        lambda a: a.post("/v1/project_status", id=DEMO, status=1),
    ),
    "deleted-twice": idempotency(
        "CO-18 CO-17",
        "deleting a project a second time succeeds again",
        method(world.World, "delete_project", _gone_is_gone),
        lambda a: [a.delete("/v1/project", id=DEMO).status for _ in range(2)],
    ),
    "one-server-for-good": idempotency(
        "CO-19",
        "a recording server can be set only once: then it is 404",
        method(world.World, "set_recording_server", _second_server_refused),
        lambda a: [a.post("/v1/recording_config", id=DEMO, recording_server="1.2.3.4:80").status for _ in range(2)],
    ),
    "query-keeps-alive": idempotency(
        "CR-28 CR-40",
        "who asks for a recording keeps it from idling out",
        also(world.World, "query", _query_wakes),
        lambda a: [made := a.record(), a.advance(20), a.status(*made), a.advance(20), a.status(*made)],
    ),
    "second-query-ends": idempotency(
        "CR-40",
        "the second query of a recording ends it",
        also(world.World, "query", _query_ends),
        lambda a: [made := a.record(), a.status(*made), a.status(*made), a.status(*made)],
    ),
    "reading-usage-counts": idempotency(
        "CO-32",
        "each time v1 usage is read it has a minute more",
        also(usage.Usage, "minutes", _reading_counts),
        lambda a: [a.get("/v1/usage", **DAY), a.get("/v1/usage", **DAY)],
    ),
    "reading-rules-extends": idempotency(
        "CO-45",
        "listing the rules makes them last longer",
        also(world.World, "list_rules", _reading_extends),
        lambda a: [a.kick(uid=7), a.rules(), a.rules()],
    ),
    "reading-a-user-joins": idempotency(
        "CO-50",
        "asking for a user sets the time of joining anew",
        method(world.World, "find_user", _reading_joins),
        lambda a: [a.join(7), a.advance(60), a.user(7)],
    ),
    "finding-enables": idempotency(
        "CO-15 CO-16",
        "finding a disabled project enables it",
        marked(projects.Projects, "find", enabled=True),
        lambda a: [a.post("/v1/project_status", id=DEMO, status=0).status, a.find(id=DEMO)],
    ),
    "updates-add-up": idempotency(
        "CO-46",
        "a second update adds its time to that of the first",
        method(world.World, "update_rule", _update_adds),
        lambda a: [
            a.kick(uid=7),
            a.advance(1),
            *(a.put("/v1/kicking-rule", appid=APP, id=1, time=5) for _ in range(2)),
        ],
    ),
}
