"""Formats responses as documented at present; what does not differ from `Observed` is inherited."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.emulator.channels import Channel, Mode, Role, User
from agora_rest.emulator.clock import Instant
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.projects import Project
from agora_rest.emulator.recordings import Recording, UploadingStatus
from agora_rest.emulator.refusals import Code, InvalidAppId, RecordingRefused, Refused, UnsupportedMediaType
from agora_rest.emulator.rules import Rule
from agora_rest.emulator.usage import MetricsReport
from agora_rest.emulator.web import current_responses
from agora_rest.emulator.web.dialects import (
    ALREADY_STARTED,
    Documented,
    Observed,
    Shaped,
    gateway_message,
    identified,
    succeeded_with,
)
from agora_rest.emulator.web.operations import HostList
from agora_rest.spec import Api

_PRESENT_REASONS: Final[dict[int, str]] = {
    ALREADY_STARTED: "already started",
    Code.RECORDER_BUSY: "task conflict",
    Code.RECORDING_NOT_FOUND: "failed to find worker",
}
"""CR-94, CR-95, CR-144."""


class Current(Observed):
    """The present documents' responses where they differ from the observed ones."""

    def query_recording(self, recording: Recording, now: Instant) -> Shaped:
        """By mode (CR-137 … CR-143)."""
        if not isinstance(recording, CurrentRecording):
            return super().query_recording(recording, now)
        return 200, {**identified(recording), "serverResponse": current_responses.progress(recording, now)}

    def changed(self, result: Recording | Project, now: Instant) -> Shaped:
        """The IDs of the changed recording (CR-145, CR-151), or the changed project (CO-74)."""
        return (200, identified(result)) if isinstance(result, Recording) else super().changed(result, now)

    def stop_recording(self, recording: Recording, now: Instant) -> Shaped:
        """By mode (CR-153, CR-154). A response that does not wait for the upload does not know how it ends (CR-152)."""
        if not isinstance(recording, CurrentRecording) or not recording.has_content:
            return super().stop_recording(recording, now)
        uploading = UploadingStatus.UNKNOWN if recording.async_stop else recording.uploading_status
        return 200, {**identified(recording), "serverResponse": current_responses.outcome(recording, uploading, now)}

    def project(self, project: Project) -> dict[str, Any]:
        """`created` is in seconds (CO-72)."""
        return {**super().project(project), "created": int(project.created)}

    def list_projects(self, projects: list[Project], now: Instant) -> Shaped:
        """201, as every call about projects (CO-68)."""
        return 201, super().list_projects(projects, now)[1]

    def find_project(self, project: Project, now: Instant) -> Shaped:
        """201, with a list under `projects` (CO-68, CO-73)."""
        return 201, super().find_project(project, now)[1]

    def get_usage_v3(self, report: MetricsReport, now: Instant) -> Shaped:
        """Metrics have no Chinese name (CO-76)."""
        status, body = super().get_usage_v3(report, now)
        meta = {name: {"en": each["en"], "unit": each["unit"]} for name, each in body["meta"].items()}
        return status, {**body, "meta": meta}

    def create_kicking_rule(self, rule: Rule, now: Instant) -> Shaped:
        """200 (CO-63), and the ID 0 if users were only put offline (CO-85)."""
        return 200, {"status": "success", "id": rule.id if rule.in_force(now) else 0}

    def list_kicking_rules(self, rules: list[Rule], now: Instant) -> Shaped:
        """With the privileges of each (CO-81)."""
        status, body = super().list_kicking_rules(rules, now)
        rows = zip(body["rules"], rules, strict=True)
        return status, {**body, "rules": [{**row, "privileges": sorted(rule.privileges)} for row, rule in rows]}

    def get_user_property(self, user: User | None, now: Instant) -> Shaped:
        """With the user's ID and platform (CO-88)."""
        status, body = super().get_user_property(user, now)
        if user is not None:
            body["data"] |= {"uid": user.uid, "platform": user.platform}
        return status, body

    def list_channel_users(self, channel: Channel | HostList | None, now: Instant) -> Shaped:
        """With or without the audience of a live channel (CO-91)."""
        if isinstance(channel, HostList):
            return self.list_channel_hosts(channel, now)
        return super().list_channel_users(channel, now)

    def list_channel_hosts(self, hosts: HostList, now: Instant) -> Shaped:
        """CO-90. The response about a communication channel has all its users, as servers are known to respond."""
        channel = hosts.channel
        if channel is None or channel.mode is Mode.COMMUNICATION:
            return super().list_channel_users(channel, now)
        return succeeded_with(
            {"channel_exist": True, "mode": channel.mode, "broadcasters": channel.with_role(Role.HOST)}
        )

    def refuse(self, operation_id: str, api: Api, refused: Refused) -> Shaped:
        """The Console has a status for a wrong media type (CO-65), and its own text for an unknown App ID (CO-67)."""
        if api == "console" and isinstance(refused, InvalidAppId):
            return 400, gateway_message(Documented.invalid_app_id)
        is_old = operation_id in ("delete_project", "get_usage_v1")  # the documents of 2020 know no 415
        if api == "console" and isinstance(refused, UnsupportedMediaType) and not is_old:
            return 415, self.console_error(refused.reason)
        return super().refuse(operation_id, api, refused)

    def refuse_recording(self, operation_id: str, refused: RecordingRefused) -> Shaped:
        """With the codes and reasons of the present documents."""
        status, error = super().refuse_recording(operation_id, refused)
        if refused.code is Code.INVALID_CHANNEL_NAME:
            is_acquire = operation_id == "acquire"  # CR-82
            named = (401, "invalid_channel_name") if is_acquire else (Code.INVALID_PARAMETER, refused.reason)
            return status, {**error, "code": named[0], "reason": named[1]}
        return status, {**error, "reason": _PRESENT_REASONS.get(error["code"], error["reason"])}
