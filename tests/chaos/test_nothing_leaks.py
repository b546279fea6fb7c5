"""A storm with its log open: no secret in any record, repr, text or traceback of it."""

from __future__ import annotations

import base64
import io
import logging
import traceback

import pytest

from agora_rest.emulator import DEFAULT_CUSTOMER_ID
from tests.chaos.storm import CERTIFICATE, Storm


@pytest.mark.parametrize(("form", "seed"), [("threads", 5), ("asyncio", 6)])
def test_no_secret_is_in_anything_a_storm_leaves(form: str, seed: int) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    storm = Storm(form, recordings=40, writes=40, seed=seed, probability=0.04)
    try:
        storm.rage()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    shown = [stream.getvalue()]
    for error in storm.errors:
        shown += [repr(error), str(error), str(vars(error)), "".join(traceback.format_exception(error))]
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        shown += [str(frame.locals) for frame in told.stack if "agora_rest" in frame.filename]
    text = "\n".join(shown)
    token = base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{CERTIFICATE}".encode()).decode()
    certificates = {project.certificate for project in storm.emulator.world.projects.all() if project.certificate}
    assert len(storm.errors) > 5
    assert len(certificates) > 5
    assert "start_recording attempt 1" in text
    assert [secret for secret in ("planted", token, *certificates) if secret in text] == []
