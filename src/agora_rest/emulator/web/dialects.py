"""Formats responses: as documented in 2019, or as observed on servers (CR-61, CO-13). For today's: `current_dialect`.

One method per operation, called with the operation's result and the current time; `changed` is that of operations
without one. If `Observed` does not override a method, the two dialects agree.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from agora_rest.emulator.channels import AUDIENCE_LISTED, Channel, ChannelPage, Mode, Role, User
from agora_rest.emulator.clock import Instant, iso
from agora_rest.emulator.projects import Project
from agora_rest.emulator.recordings import Recording, Resource
from agora_rest.emulator.refusals import (
    Code,
    InvalidAppId,
    NoSuchProject,
    NoSuchRule,
    RecordingRefused,
    Refused,
)
from agora_rest.emulator.rules import Rule
from agora_rest.emulator.usage import DayOfMinutes, MetricsReport
from agora_rest.spec import Api

Shaped = tuple[int, Any]
"""An HTTP status and the JSON that goes with it."""

ALREADY_STARTED: Final = 7
"""The observed code for the documented code 1004 (CR-37)."""

NOTHING_RECORDED: Final = 435
"""The observed code, with status 206, for stopping a recording of an empty channel."""


def gateway_message(text: str) -> dict[str, str]:
    """A message of the gateway in front of both APIs, bare in both dialects."""
    return {"message": text}


class Documented:
    """Every response and every refusal as documented."""

    unauthorized = "Invalid authentication credentials"
    """The gateway's message for missing credentials; by the decision on CR-02, the same as for wrong ones."""

    invalid_app_id = "invalid appid"
    """CR-15."""

    knows_methods = True
    """Whether the gateway distinguishes a wrong method from a wrong path."""

    # Cloud Recording

    def acquire(self, resource: Resource, _: Instant) -> Shaped:
        """CR-10."""
        return self._enveloped(200, {"resourceId": resource.id})

    def start_recording(self, recording: Recording, _: Instant) -> Shaped:
        """CR-36."""
        return self._enveloped(200, _ids(recording))

    def query_recording(self, recording: Recording, now: Instant) -> Shaped:
        """CR-41, CR-42: the status is a string in the document's example."""
        progress = {**self.file_list(recording, now), "status": str(recording.status(now).value)}
        return self._enveloped(200, {**_ids(recording), "serverResponse": progress})

    def stop_recording(self, recording: Recording, now: Instant) -> Shaped:
        """CR-51."""
        outcome = {**self.file_list(recording, now), "uploadingStatus": recording.uploading_status}
        return self._enveloped(200, {**_ids(recording), "serverResponse": outcome})

    def file_list(self, recording: Recording, now: Instant) -> dict[str, Any]:
        """CR-41: the name of the index, empty before the first file. With MP4 files (observed), one object per file."""
        if "mp4" in recording.file_types:
            return _file_objects(recording, now)
        return {"fileList": "".join(recording.files(now))}

    # Projects

    def project(self, project: Project) -> dict[str, Any]:
        """A project's fields (CO-11), `created` in seconds (CO-12)."""
        return {
            "id": project.id,
            "name": project.name,
            "vendor_key": project.app_id,
            "sign_key": project.sign_key,
            "recording_server": project.recording_server or "",
            "status": int(project.enabled),
            "created": int(project.created),
        }

    def create_project(self, project: Project, _: Instant) -> Shaped:
        """CO-10: a list of one (CO-13)."""
        return 200, {"project": [self.project(project)]}

    def list_projects(self, projects: list[Project], _: Instant) -> Shaped:
        """CO-14."""
        return 200, {"projects": [self.project(project) for project in projects]}

    def find_project(self, project: Project, _: Instant) -> Shaped:
        """CO-15."""
        return 200, {"project": [self.project(project)]}

    def set_project_status(self, project: Project, _: Instant) -> Shaped:
        """CO-16."""
        return 200, {"project": [self.project(project)]}

    def delete_project(self, _: None, __: Instant) -> Shaped:
        """CO-18."""
        return 200, {"success": True}

    def changed(self, _: Any, __: Instant) -> Shaped:
        """The response of a call that only changes something (CO-19 … CO-21)."""
        return 200, {"success": True}

    # Usage

    def get_usage_v1(self, usages: list[tuple[Project, list[DayOfMinutes]]], _: Instant) -> Shaped:
        """CO-32: the day as a number, 20150101."""
        return 200, {
            "usages": [
                {
                    "project": project.id,
                    "daily": [
                        {"date": _number(day), "audio": audio, "sd": sd, "hd": hd, "hdp": hdp}
                        for day, (audio, sd, hd, hdp) in days
                    ],
                }
                for project, days in usages
            ]
        }

    def get_usage_v3(self, report: MetricsReport, _: Instant) -> Shaped:
        """CO-35: the day as the time at which it begins, in UTC."""
        return 200, {
            "meta": {name: metric._asdict() for name, metric in report.meta.items()},
            "usages": [{"date": f"{row.day.isoformat()}T00:00:00.000Z", "usage": row.metrics} for row in report.days],
        }

    # Kicking rules

    def create_kicking_rule(self, rule: Rule, _: Instant) -> Shaped:
        """CO-40."""
        return 200, {"status": "success", "id": rule.id}

    def list_kicking_rules(self, rules: list[Rule], _: Instant) -> Shaped:
        """CO-45: unset members are null."""
        return 200, {
            "status": "success",
            "rules": [
                {
                    "id": rule.id,
                    "appid": rule.app_id,
                    "uid": rule.target.uid,
                    "opid": rule.operation_id,
                    "cname": rule.target.cname,
                    "ip": rule.target.ip,
                    "ts": iso(rule.until),
                    "createAt": iso(rule.created),
                    "updateAt": iso(rule.updated),
                }
                for rule in rules
            ],
        }

    def update_kicking_rule(self, rule: Rule, _: Instant) -> Shaped:
        """CO-46."""
        return 200, {"status": "success", "result": {"id": rule.id, "ts": iso(rule.until)}}

    def delete_kicking_rule(self, rule: Rule, _: Instant) -> Shaped:
        """CO-47."""
        return 200, {"status": "success", "id": rule.id}

    # Channels

    def get_user_property(self, user: User | None, _: Instant) -> Shaped:
        """CO-50: nothing else is returned for an absent user."""
        if user is None:
            return succeeded_with({"in_channel": False})
        return succeeded_with({"join": int(user.joined), "in_channel": True, "role": user.role})

    def list_channel_users(self, channel: Channel | None, _: Instant) -> Shaped:
        """CO-51, CO-52, CO-53."""
        if channel is None:
            return succeeded_with({"channel_exist": False})
        if channel.mode is Mode.COMMUNICATION:
            users = list(channel.users)
            return succeeded_with({"channel_exist": True, "mode": channel.mode, "total": len(users), "users": users})
        audience = channel.with_role(Role.AUDIENCE)
        return succeeded_with(
            {
                "channel_exist": True,
                "mode": channel.mode,
                "broadcasters": channel.with_role(Role.HOST),
                "audience": audience[:AUDIENCE_LISTED],
                "audience_total": len(audience),
            }
        )

    def list_channels(self, page: ChannelPage, _: Instant) -> Shaped:
        """CO-55."""
        rows = [{"channel_name": channel.name, "user_count": len(channel.users)} for channel in page.channels]
        return succeeded_with({"channels": rows, "total_size": page.total})

    # Refusals

    def refuse(self, operation_id: str, api: Api, refused: Refused) -> Shaped:
        """The response to a refused call (CO-04, CR-65)."""
        if isinstance(refused, InvalidAppId):
            return 400, gateway_message(self.invalid_app_id)
        if api == "cloud-recording":
            return self.refuse_recording(operation_id, _as_recording_refusal(refused))
        return 404 if isinstance(refused, NoSuchProject | NoSuchRule) else 400, self.console_error(refused.reason)

    def refuse_recording(self, _: str, refused: RecordingRefused) -> Shaped:
        """A code and a reason, in the envelope."""
        return self._enveloped(_status(refused), {"code": refused.code, "reason": refused.reason})

    def console_error(self, text: str) -> dict[str, str]:
        """CO-17."""
        return {"error_msg": text}

    def _enveloped(self, status: int, body: dict[str, Any]) -> Shaped:
        return status, {"Code": status, "Body": body}


class Observed(Documented):
    """The observed responses that differ from the documented ones."""

    unauthorized = "Unauthorized"
    invalid_app_id = "appid is invalid"
    knows_methods = False

    def acquire(self, resource: Resource, _: Instant) -> Shaped:
        """Bare, with the recorder's identity."""
        owner = resource.owner
        return 200, {"cname": owner.cname, "uid": str(owner.uid), "resourceId": resource.id}

    def start_recording(self, recording: Recording, _: Instant) -> Shaped:
        """Bare, with the recorder's identity."""
        return 200, identified(recording)

    def query_recording(self, recording: Recording, now: Instant) -> Shaped:
        """Bare; the status is a number, with two undocumented fields."""
        progress = {
            "status": recording.status(now),
            **self.file_list(recording, now),
            "sliceStartTime": int(recording.started_at * 1000),
        }
        return 200, {**identified(recording), "serverResponse": progress}

    def stop_recording(self, recording: Recording, now: Instant) -> Shaped:
        """Bare, with one undocumented field; 206 if nothing was recorded."""
        if not recording.has_content:
            return 206, {**identified(recording), "code": NOTHING_RECORDED, "reason": "no recorded data"}
        outcome = {**self.file_list(recording, now), "uploadingStatus": recording.uploading_status}
        return 200, {**identified(recording), "serverResponse": outcome}

    def file_list(self, recording: Recording, now: Instant) -> dict[str, Any]:
        """The same, with the kind of list; omitted before the first file."""
        if not recording.files(now):
            return {}
        return {"fileListMode": "string", **super().file_list(recording, now)}

    def project(self, project: Project) -> dict[str, Any]:
        """A missing recording server is null, and `created` is in milliseconds (CO-12)."""
        return {
            **super().project(project),
            "recording_server": project.recording_server,
            "created": int(project.created * 1000),
        }

    def create_project(self, project: Project, _: Instant) -> Shaped:
        """201, and a single object (CO-13)."""
        return 201, {"project": self.project(project)}

    def find_project(self, project: Project, _: Instant) -> Shaped:
        """A list under `projects` (CO-13)."""
        return 200, {"projects": [self.project(project)]}

    def set_project_status(self, project: Project, now: Instant) -> Shaped:
        """The same as for a new project."""
        return self.create_project(project, now)

    def changed(self, project: Any, now: Instant) -> Shaped:
        """The changed project, not just success."""
        return self.create_project(project, now)

    def create_kicking_rule(self, rule: Rule, now: Instant) -> Shaped:
        """201, because something is created."""
        return 201, super().create_kicking_rule(rule, now)[1]

    def refuse_recording(self, operation_id: str, refused: RecordingRefused) -> Shaped:
        """Bare, with the recorder's identity if known; a second `start` gets a success status (CR-37)."""
        error = {"code": refused.code, "reason": refused.reason}
        if refused.cname is not None:
            error |= {"cname": refused.cname, "uid": str(refused.uid)}
        if refused.code is Code.ALREADY_RECORDING and operation_id == "start_recording":
            return 201, {**error, "code": ALREADY_STARTED}
        return _status(refused), error

    def console_error(self, text: str) -> dict[str, str]:
        """The member has another name."""
        return gateway_message(text)


def _ids(recording: Recording) -> dict[str, Any]:
    return {"sid": recording.sid, "resourceId": recording.resource_id}


def identified(recording: Recording) -> dict[str, Any]:
    """The IDs of a recording, and its recorder's identity."""
    return {"cname": recording.identity.cname, "uid": str(recording.identity.uid), **_ids(recording)}


def _number(day: date) -> int:
    """CO-32: 20150101."""
    return day.year * 10_000 + day.month * 100 + day.day


def _file_objects(recording: Recording, now: Instant) -> dict[str, Any]:
    """The files as observed servers list them if there are more than the index."""
    files = [
        {
            "fileName": name,
            "trackType": "audio_and_video",
            "uid": "0",
            "mixedAllUser": True,
            "isPlayable": True,
            "sliceStartTime": int(recording.started_at * 1000),
        }
        for name in recording.files(now)
    ]
    return {"fileListMode": "json", "fileList": files}


def succeeded_with(data: dict[str, Any]) -> Shaped:
    """CO-56: `success`, not the tables' `sucess`."""
    return 200, {"success": True, "data": data}


def _as_recording_refusal(refused: Refused) -> RecordingRefused:
    """Cloud Recording has a code for every refusal: 2 for invalid input (CR-62)."""
    if isinstance(refused, RecordingRefused):
        return refused
    return RecordingRefused(Code.INVALID_PARAMETER, refused.reason)


def _status(refused: RecordingRefused) -> int:
    """CR-65."""
    return 404 if refused.code is Code.RECORDING_NOT_FOUND else 400
