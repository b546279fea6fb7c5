from __future__ import annotations

import json

from agora_rest.contract.results.findings import Finding, Findings


def finding(title: str = "A rule", **more: object) -> Finding:
    return Finding(operation="acquire", title=title, expected="this", got="that", check="a_check", **more)  # type: ignore[arg-type]


def test_a_defect_seen_twice_is_one_finding_that_counts() -> None:
    findings = Findings()
    assert findings.add(finding())
    assert not findings.add(finding())
    (only,) = findings
    assert only.times == 2


def test_ids_and_numbers_in_a_title_do_not_make_another_defect() -> None:
    findings = Findings()
    findings.add(finding("Project 'a1' has 3 users"))
    assert not findings.add(finding("Project 'b2' has 14 users"))


def test_another_operation_or_fact_is_another_defect() -> None:
    findings = Findings()
    findings.add(finding(facts=("CR-11",)))
    assert findings.add(finding(facts=("CR-12",)))
    assert len(findings) == 2


def test_the_shortest_requests_are_kept() -> None:
    findings = Findings()
    findings.add(finding(requests=("curl one", "curl two")))
    findings.add(finding(requests=("curl one",)))
    findings.add(finding(requests=("curl one", "curl two", "curl three")))
    (only,) = findings
    assert only.requests == ("curl one",)
    assert only.times == 3


def test_half_a_surrogate_pair_is_written_out_so_that_every_report_can_be_written() -> None:
    broken = json.loads('"a \\ud800 b"')
    written = Finding(operation="acquire", title=broken, expected=broken, got=broken, requests=(broken,))
    text = json.dumps(written.as_dict(), ensure_ascii=False).encode("utf-8").decode("utf-8")
    assert json.loads(text)["got"] == "a \\ud800 b"
    assert written.requests == ("a \\ud800 b",)
