"""A simple model of the recordings of 2019: which responses the documents allow."""

from __future__ import annotations

from typing import Final

from agora_rest.contract.http.response import Response
from agora_rest.contract.machines.base import Outcome, refusal, success
from agora_rest.contract.machines.recording_base import Allowed, ModelRecording, ModelResource, RecordingsModel, Who
from agora_rest.contract.scenarios._recording import (
    EXPIRED,
    INVALID,
    MISMATCH,
    OVER,
    OVER_BY_FORCE,
    UNDER_WAY,
    USED,
    has_stopped,
    is_gone,
    is_invalid_app_id,
    is_not_there,
    is_recording_already,
    status_of,
)

Resource = ModelResource[ModelRecording]

_INVALID_APP_ID: Final = Outcome('"invalid appid"', ("CR-15", "CO-16"), is_invalid_app_id)
_MISMATCH: Final = refusal(400, "CR-39", code=MISMATCH)
_RUNNING: Final = Outcome("error 1004 (observed: 201, code 7)", ("CR-37",), is_recording_already)
_NOT_THERE: Final = Outcome("404: no such recording", ("CR-65",), is_not_there)
_NOTHING_TO_STOP: Final = Outcome("404: nothing to stop", ("CR-65", "CR-54"), is_gone)
_USED: Final = refusal(400, "CR-12", "CR-54", code=USED)
_EXPIRED: Final = refusal(400, "CR-11", code=EXPIRED)
_UID_TAKEN: Final = refusal(400, "CR-14")
_MALFORMED: Final = refusal(400, "CR-62", code=INVALID)
_STARTED: Final = success("CR-20", "CR-36")
_STOPPED: Final = Outcome("the recording to be stopped", ("CR-50", "CR-51"), has_stopped)


class RecordingModel(RecordingsModel[ModelRecording]):
    """See the module and `RecordingsModel`."""

    DISABLED = _INVALID_APP_ID

    def may_start(self, resource: Resource, who: Who, *, is_malformed: bool = False) -> Allowed:
        """The allowed responses to a `start` that names `who`."""
        self.settle()
        if is_malformed:
            allowed = self.may_start(resource, who)
            return (_MALFORMED, *(each for each in allowed if each is not _STARTED))
        if who.app in self.disabled:
            return (_INVALID_APP_ID,)
        if who.app != resource.who.app:
            return (_MISMATCH,)
        if who != resource.who:
            return (_MISMATCH, refusal(400, "CR-39", code=INVALID))
        wrong = [_EXPIRED] if resource.has_expired(self.now) else []
        if resource.recording is not None:
            wrong.append(_USED if resource.recording.ended else _RUNNING)
        if who.uid in self.users[who.room] or (not wrong and any(each.who == who for each in self.running())):
            wrong.append(_UID_TAKEN)
        return tuple(wrong) or (_STARTED,)

    def may_query(self, resource: Resource, recording: ModelRecording | None, app: str) -> Allowed:
        """The allowed responses to a `query` for `recording` (None: never existed) with `resource`, under an App ID."""
        mismatch = self._mismatch(resource, recording, app)
        if mismatch or recording is None:
            return mismatch
        if not recording.ended:
            return (recording.with_status(UNDER_WAY, "CR-42"),)
        statuses = OVER_BY_FORCE if recording.ended == "kicked" else OVER
        return (recording.with_status(statuses, "CR-42", "CR-54"), _NOT_THERE)

    def may_stop(self, resource: Resource, recording: ModelRecording | None, who: Who) -> Allowed:
        """The allowed responses to a `stop` of `recording` (None: never existed) with `resource` that names `who`."""
        mismatch = self._mismatch(resource, recording, who.app)
        if mismatch or recording is None:
            return mismatch
        if who != resource.who:
            return (_MISMATCH, refusal(400, "CR-39", code=INVALID))
        return (_NOTHING_TO_STOP,) if recording.ended else (_STOPPED,)

    def start(self, resource: Resource, idle_time: int | None) -> None:
        """The resource records from now on."""
        self.begin(resource, ModelRecording(resource.who, idle_time))

    def _mismatch(self, resource: Resource, recording: ModelRecording | None, app: str) -> Allowed:
        """The allowed outcomes when the three IDs do not belong together, or () when they do."""
        self.settle()
        if app in self.disabled:
            return (_INVALID_APP_ID, _MISMATCH, _NOT_THERE)
        if app == resource.who.app and recording is None:
            return (_MISMATCH, _NOT_THERE)
        return (_MISMATCH,) if app != resource.who.app or resource.recording is not recording else ()


def note_status(recording: ModelRecording, response: Response) -> None:
    """Remember how far a recording was seen to be."""
    if response.succeeded:
        recording.status = status_of(response)
    else:
        recording.gone = True
