"""A caller of an emulator that speaks as the present documents do."""

from __future__ import annotations

from typing import Any, NamedTuple

import httpx

from tests.emulator.callers import APP, STORAGE, Api

PAGE = "https://example.com/lessons/42"
PUSH = "rtmp://push.example.com/live/planted-stream-key"


class Running(NamedTuple):
    """A recording that was started."""

    resource: str
    sid: str
    mode: str
    cname: str = "lesson"
    uid: str = "527841"


class CurrentApi(Api):
    """Calls an emulator of the current dialect. Every answer must fit the present specification."""

    def prepare(self, mode: str, cname: str = "lesson", uid: str = "527841", **request: Any) -> str:
        """A resource ID for a recording in this mode."""
        request = {"scene": int(mode == "web"), **request}
        answer = self.acquire(cname, uid, clientRequest=request)
        assert answer.status_code == 200, answer.text
        return answer.json()["resourceId"]

    def begin(
        self, mode: str, resource: str, cname: str = "lesson", uid: str = "527841", **request: Any
    ) -> httpx.Response:
        """A start."""
        path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/mode/{mode}/start"
        request = {"storageConfig": STORAGE, **request}
        return self("POST", path, {"cname": cname, "uid": uid, "clientRequest": request})

    def run(self, mode: str, cname: str = "lesson", uid: str = "527841", **request: Any) -> Running:
        """A recording that runs."""
        resource = self.prepare(mode, cname, uid)
        started = self.begin(mode, resource, cname, uid, **request)
        assert started.status_code == 200, started.text
        assert started.json().keys() == {"cname", "uid", "resourceId", "sid"}
        return Running(resource, started.json()["sid"], mode, cname, uid)

    def mix(self, transcoding: dict[str, Any] | None = None, **request: Any) -> Running:
        """A running recording in mode `mix`."""
        config = {} if transcoding is None else {"transcodingConfig": transcoding}
        request = {"recordingConfig": config | request.pop("recordingConfig", {}), **request}
        return self.run("mix", **request)

    def individual(self, snapshots: dict[str, Any] | None = None, files: Any = None, **config: Any) -> Running:
        """A running recording in mode `individual`."""
        request: dict[str, Any] = {"recordingConfig": {"subscribeUidGroup": 1, **config}}
        if snapshots is not None:
            request["snapshotConfig"] = {"fileType": ["jpg"], **snapshots}
        if files is not None:
            request["recordingFileConfig"] = files
        return self.run("individual", **request)

    def web(self, push: str | None = None, files: Any = None, **page: Any) -> Running:
        """A running recording in mode `web`."""
        request: dict[str, Any] = {"extensionServiceConfig": services(push, **page)}
        if files is not None:
            request["recordingFileConfig"] = files
        return self.run("web", cname="a label / of no channel", **request)

    def ask(self, found: Running, mode: str | None = None) -> httpx.Response:
        """A query."""
        return self("GET", self._of(found, "query", mode))

    def progress(self, found: Running) -> dict[str, Any]:
        """The `serverResponse` of a query."""
        answer = self.ask(found)
        assert answer.status_code == 200, answer.text
        assert answer.json().keys() == {"cname", "uid", "resourceId", "sid", "serverResponse"}
        return answer.json()["serverResponse"]

    def change(self, found: Running, mode: str | None = None, **request: Any) -> httpx.Response:
        """An update."""
        return self("POST", self._of(found, "update", mode), self._body(found, request))

    def arrange(self, found: Running, mode: str | None = None, **request: Any) -> httpx.Response:
        """An updateLayout."""
        return self("POST", self._of(found, "updateLayout", mode), self._body(found, request))

    def end(self, found: Running, mode: str | None = None, **request: Any) -> httpx.Response:
        """A stop."""
        return self("POST", self._of(found, "stop", mode), self._body(found, request))

    def shown(self, found: Running) -> dict[str, Any]:
        """What the state shows of a recording."""
        (recording,) = [each for each in self.emulator.state()["recordings"] if each["sid"] == found.sid]
        return recording

    @staticmethod
    def _of(found: Running, call: str, mode: str | None) -> str:
        place = f"/v1/apps/{APP}/cloud_recording/resourceid/{found.resource}/sid/{found.sid}"
        return f"{place}/mode/{mode or found.mode}/{call}"

    @staticmethod
    def _body(found: Running, request: dict[str, Any]) -> dict[str, Any]:
        return {"cname": found.cname, "uid": found.uid, "clientRequest": request}


def services(push: str | None = None, **page: Any) -> dict[str, Any]:
    """The `extensionServiceConfig` of a page."""
    param = {"url": PAGE, "audioProfile": 0, "videoWidth": 1280, "videoHeight": 720, "maxRecordingHour": 3, **page}
    found = [{"serviceName": "web_recorder_service", "serviceParam": param}]
    if push is not None:
        found.append({"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": push}]}})
    return {"extensionServices": found}


def files_of(progress: dict[str, Any]) -> list[str]:
    """The names in a file list."""
    return [each["fileName"] for each in progress.get("fileList", [])]
