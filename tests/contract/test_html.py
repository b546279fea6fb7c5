from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agora_rest import spec
from agora_rest.contract.results.reports.html import FILE, HtmlReport
from tests.contract.sample_events import HOSTILE, LATE, NOT_RUN, STORY, tell

VOID = {"meta", "br", "input", "img", "link", "hr"}


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, their text, whether it is well nested."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.elements if each == tag]


def written(tmp_path: Path, story: list = STORY) -> str:
    tell(story, HtmlReport(tmp_path / "new", now=lambda: datetime(2026, 5, 1, 12, 30, tzinfo=UTC)))
    return (tmp_path / "new" / FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("story", [STORY, NOT_RUN, STORY[:1] + NOT_RUN])
def test_the_page_needs_nothing_but_itself(tmp_path: Path, story: list) -> None:
    page = Reader(written(tmp_path, story))
    for _, attributes in page.elements:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert not re.search(r"url\(|@import", "".join(page.texts["style"]))


def test_only_the_pages_own_style_and_script_may_run(tmp_path: Path) -> None:
    page = Reader(written(tmp_path))
    metas = {each.get("http-equiv"): each.get("content") or "" for each in page.all("meta")}
    policy = metas["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (text,) = page.texts[tag]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_what_a_server_says_is_text_and_nothing_else(tmp_path: Path) -> None:
    text = written(tmp_path)
    page = Reader(text)
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert "&lt;img src=x onerror=alert(2)&gt;" in text
    assert any("onerror=alert(2)" in each for each in page.texts["dd"])
    assert r"\ud800" in text


def test_requests_can_be_copied_as_they_are(tmp_path: Path) -> None:
    blocks = [text for text in Reader(written(tmp_path)).texts["pre"] if text]
    assert "\n".join(LATE.requests) + "\n" in blocks
    assert HOSTILE.requests[0] + "\n" in blocks


def test_a_finding_shows_the_sentence_of_its_fact(tmp_path: Path) -> None:
    text = written(tmp_path)
    finding = text[text.index('id="finding-1"') : text.index('id="finding-2"')]
    assert "five minutes" in spec.facts()["CR-11"].sentence
    assert "five minutes" in finding
    assert "error 433" in finding


def test_every_fact_has_what_became_of_it(tmp_path: Path) -> None:
    page = Reader(written(tmp_path))
    became = {each["id"]: (each["class"] or "").split()[1] for each in page.all("li") if each.get("id") in spec.facts()}
    assert became.keys() == {number for number, fact in spec.facts().items() if "2019" in fact.editions}
    expected = {"CR-11": "broken", "CR-54": "held", "CR-28": "skipped", "CO-02": "known", "CO-54": "unchecked"}
    assert {number: became[number] for number in expected} == expected


def test_links_lead_somewhere(tmp_path: Path) -> None:
    page = Reader(written(tmp_path))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(each["href"] or "")[1:] for each in page.all("a")} <= set(ids)


def test_coverage_tells_what_was_not_seen_and_what_is_not_documented(tmp_path: Path) -> None:
    text = written(tmp_path)
    row = text[text.index('scope="row"><code>list_projects</code>') :]
    row = row[: row.index("</tr>")]
    assert 'class="seen">200 \N{MULTIPLICATION SIGN}1<' in row
    assert 'class="foreign" title="not documented">! 502 \N{MULTIPLICATION SIGN}1<' in row
    assert 'class="unseen" title="documented, not seen">401' in row
    assert "3 of 4" in re.sub(r"<[^>]+>", "", text[text.index("operations that succeeded") - 40 :][:60])


def test_skipped_checks_stand_under_their_reason(tmp_path: Path) -> None:
    text = written(tmp_path)
    section = text[text.index('id="skipped"') : text.index('id="coverage"')]
    assert "the server does not let us control: users" in section
    assert 'href="#CR-28"' in section


def test_the_run_can_be_repeated_from_the_page(tmp_path: Path) -> None:
    command = "agora-rest contract run --base-url http://server --dialect documented --seed 7 --max-examples 30"
    assert command in written(tmp_path)


def test_a_run_of_one_api_shows_its_facts_only(tmp_path: Path) -> None:
    started = dataclasses.replace(STORY[0], apis=("console",), operations=("list_projects",))  # type: ignore[type-var]
    text = written(tmp_path, [started, STORY[-1]])
    assert "--api console" in text
    assert 'id="CO-11"' in text
    assert 'id="CR-10"' not in text


def test_a_run_that_could_not_start_says_so(tmp_path: Path) -> None:
    assert "nobody is there" in written(tmp_path, NOT_RUN)


def test_the_page_suits_small_screens_and_dark_ones(tmp_path: Path) -> None:
    page = Reader(written(tmp_path))
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    (style,) = page.texts["style"]
    assert "prefers-color-scheme: dark" in style
    assert "max-width" in style
