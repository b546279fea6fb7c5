"""Which calls a fault strikes."""

from __future__ import annotations

from agora_rest.emulator import Fault, FaultKind
from agora_rest.emulator.faults import Faults


def strikes(fault: Fault, calls: int, operation: str = "acquire") -> list[bool]:
    faults = Faults()
    faults.inject(fault, 0)
    return [faults.draw(operation, 0)[1] is not None for _ in range(calls)]


def test_a_fault_strikes_every_call_until_it_is_cleared() -> None:
    faults = Faults()
    faults.inject(Fault(FaultKind.CUT_BEFORE), 0)
    assert faults.draw("acquire", 0)[1].kind is FaultKind.CUT_BEFORE
    faults.clear()
    assert faults.draw("acquire", 0) == ([], None)


def test_a_fault_of_one_operation_strikes_no_other() -> None:
    assert strikes(Fault("status", operation="acquire"), 2) == [True, True]
    assert strikes(Fault("status", operation="stop_recording"), 2) == [False, False]


def test_a_fault_strikes_so_often_and_is_gone() -> None:
    assert strikes(Fault("status", times=2), 4) == [True, True, False, False]


def test_calls_of_other_operations_do_not_use_a_fault_up() -> None:
    faults = Faults()
    faults.inject(Fault("status", operation="acquire", times=1), 0)
    assert faults.draw("query_recording", 0)[1] is None
    assert faults.draw("acquire", 0)[1] is not None
    assert faults.all(0) == []


def test_a_share_of_the_calls_is_struck_the_same_ones_for_the_same_seed() -> None:
    first, again, other = (strikes(Fault("status", probability=0.25, seed=seed), 400) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert 60 < sum(first) < 140
    assert not any(strikes(Fault("status", probability=0), 20))


def test_a_fault_expires_by_itself() -> None:
    faults = Faults()
    faults.inject(Fault("status", expires=10), 100)
    assert faults.draw("acquire", 109.9)[1] is not None
    assert faults.draw("acquire", 110)[1] is None
    assert faults.all(110) == []


def test_every_delay_takes_place_and_of_the_others_the_oldest_decides() -> None:
    faults = Faults()
    faults.inject(Fault("delay", seconds=1), 0)
    faults.inject(Fault("not_json"), 0)
    second = faults.inject(Fault("cut_after"), 0)
    faults.inject(Fault("delay", seconds=2), 0)
    delays, decisive = faults.draw("acquire", 0)
    assert [delay.seconds for delay in delays] == [1, 2]
    assert decisive.kind is FaultKind.NOT_JSON
    assert second.struck == 0


def test_one_fault_can_be_taken_back() -> None:
    faults = Faults()
    first, second = faults.inject(Fault("status"), 0), faults.inject(Fault("not_json"), 0)
    faults.clear(first.id)
    assert faults.all(0) == [second]


def test_only_some_faults_let_a_call_through() -> None:
    kept_out = {kind for kind in FaultKind if not Fault(kind).lets_through}
    assert kept_out == {FaultKind.STATUS, FaultKind.CUT_BEFORE}
    assert Fault("status", after_effect=True).lets_through
