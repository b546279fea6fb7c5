"""A client that validates sees no drift in a server that keeps to its documents."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from faults.fault import DIALECTS

from agora_rest import Agora, spec
from agora_rest.contract.samples import Ids, Sample
from agora_rest.emulator import DEMO_APP_ID, Emulator
from contract_tests.calls import CALLS
from contract_tests.tour import tour


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_call_of_every_operation_contradicts_nothing(dialect: spec.Dialect, caplog: pytest.LogCaptureFixture) -> None:
    emulator = Emulator(dialect=dialect, rate_limit=False)
    emulator.join(DEMO_APP_ID, "lesson", [7, 8])
    with (
        emulator.serve() as server,
        Agora("emulator", "emulator-secret", base_url=server.url, validate="warn") as agora,
    ):

        def send(call: Sample) -> Any:
            with agora.with_raw_response() as responses:
                CALLS[call.operation](agora, call)
            return responses[-1].json

        tour(send, Ids(app_id=DEMO_APP_ID, channel="lesson"), edition=spec.edition_of(dialect))
        assert [project.name for project in agora.projects.list()] == ["demo"]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
