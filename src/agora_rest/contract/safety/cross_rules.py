"""Rules across members that no schema states. A random request that breaks nothing else is mended.

Without that, fuzzing would take the request for valid, and blame the server for its refusal.
"""

from __future__ import annotations

from typing import Any, Final

from agora_rest.contract.http.server import PAGE

_LONGEST_PREFIX: Final = 128
"""Characters of a file name's prefix (CR-103)."""

_LARGEST_SIDE: Final = 1920
_LARGEST_AREA: Final = 1920 * 1080
"""Pixels of a picture (CR-117, CR-131)."""


def mend_start(client: dict[str, Any], mode: str) -> None:
    """Give the `clientRequest` of a start what its mode needs: its schema does not know the mode (CR-115, CR-127)."""
    mend_folders(client.get("storageConfig"))
    config = client.get("recordingConfig")
    mend_regions(config, "transcodingConfig", "layoutConfig")
    if isinstance(config, dict):
        _mend_area(config.get("transcodingConfig"), "width", "height")
    if mode == "web":
        _mend_pages(client)
    if mode == "individual":
        _mend_individual(client)


def mend_regions(value: Any, *path: str) -> None:
    """Move the regions of a layout back onto the canvas, if only their sums are too large (CR-119)."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    for region in value if isinstance(value, list) else ():
        for place, size in (("x_axis", "width"), ("y_axis", "height")):
            if isinstance(region, dict) and _fraction(region.get(place)) + _fraction(region.get(size)) > 1:
                region[place] = 0


def mend_folders(storage: Any) -> None:
    """Leave out folders of a prefix that is right but for its length (CR-103)."""
    folders = storage.get("fileNamePrefix") if isinstance(storage, dict) else None
    if not isinstance(folders, list) or not all(isinstance(folder, str) and folder for folder in folders):
        return
    while sum(len(folder) + 1 for folder in folders) > _LONGEST_PREFIX:
        folders[-1:] = [folders[-1][: _LONGEST_PREFIX - 1]] if len(folders) == 1 else []


def _mend_pages(client: dict[str, Any]) -> None:
    """Record a page if none is named, in a picture that is not too large (CR-127, CR-131)."""
    page = {"serviceName": "web_recorder_service", "serviceParam": dict(PAGE)}
    config = client.setdefault("extensionServiceConfig", {"extensionServices": [page]})
    services = config.get("extensionServices") if isinstance(config, dict) else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict):
            _mend_area(service.get("serviceParam"), "videoWidth", "videoHeight")


def _mend_individual(client: dict[str, Any]) -> None:
    """Name a number of users, and no MP4 files (CR-115, CR-123)."""
    config = client.setdefault("recordingConfig", {})
    if isinstance(config, dict):
        config.setdefault("subscribeUidGroup", 0)
    files = client.get("recordingFileConfig")
    if isinstance(files, dict) and set(map(str, files.get("avFileType") or ())) == {"hls", "mp4"}:
        files["avFileType"] = ["hls"]


def _mend_area(picture: Any, width: str, height: str) -> None:
    """Lower a picture of which each side is right, and the area too large."""
    sides = [picture.get(name) for name in (width, height)] if isinstance(picture, dict) else []
    if len(sides) == 2 and all(isinstance(side, int | float) and 0 < side <= _LARGEST_SIDE for side in sides):
        picture[height] = min(picture[height], int(_LARGEST_AREA // picture[width]))


def _fraction(value: Any) -> float:
    """A number from 0 to 1; 0 for anything else, which stays as it is."""
    is_fraction = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if is_fraction else 0.0
