"""A HAR file is cut into small units, which together are the file."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.contract.traffic import units as cutting
from agora_rest.contract.traffic.units import HarError, units

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
HARS = st.fixed_dictionaries(
    {
        "log": st.fixed_dictionaries(
            {"entries": st.lists(JSON, max_size=4)}, optional={"pages": st.lists(JSON), "x": JSON}
        )
    },
    optional={"other": JSON},
)


class Kept:
    """Keeps overlong strings."""

    def __init__(self) -> None:
        self.strings: dict[str, list[str]] = {}

    def open(self, marker: str) -> Any:
        self.strings[marker] = []
        pieces = self.strings[marker]

        class Spill:
            def write(self, piece: str) -> None:
                json.loads(f'"{piece}"')  # no piece ends inside an escape
                pieces.append(piece)

            def close(self) -> None:
                pass

        return Spill()

    def put_back(self, text: str) -> str:
        for marker, pieces in self.strings.items():
            text = text.replace(f'"{marker}"', '"' + "".join(pieces) + '"')
        return text


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few characters at a time, so that every boundary falls everywhere."""
    monkeypatch.setattr(cutting, "_CHUNK", 7)
    monkeypatch.setattr(cutting, "LONGEST_STRING", 16)


@pytest.mark.usefixtures("small_steps")
class TestInSmallSteps:
    @given(document=HARS, ascii_only=st.booleans(), indent=st.sampled_from([None, 0, 2]))
    def test_the_units_are_the_file_and_each_element_is_one(
        self, document: dict[str, Any], ascii_only: bool, indent: int | None
    ) -> None:
        # A lone surrogate can stand in JSON as an escape only.
        ascii_only = ascii_only or any("\ud800" <= letter <= "\udfff" for letter in repr(document))
        data = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
        kept = Kept()
        found = list(units(io.BytesIO(data), kept))
        assert kept.put_back("".join(unit.text for unit in found)).encode("utf-8", "surrogateescape") == data
        elements = [json.loads(kept.put_back(unit.text)) for unit in found if unit.array == "entries"]
        assert elements == document["log"]["entries"]

    def test_a_string_over_the_limit_is_spilled_and_no_other(self) -> None:
        document = {"log": {"entries": ["short", "\u00e9\n" * 40, {"text": "\U0001f600" * 40}]}}
        kept = Kept()
        found = [unit for unit in units(io.BytesIO(json.dumps(document).encode()), kept) if unit.array]
        assert [len(unit.markers) for unit in found] == [0, 1, 1]
        assert [json.loads(kept.put_back(unit.text)) for unit in found] == document["log"]["entries"]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "no JSON",
            "{}",
            '{"log": {}}',
            '{"log": []}',
            '{"log": {"entries": [}}',
            '{"log": {"entries": [{}',
            '{"log": {"entries": [{} {}]}}',
            '{"log": {"entries": []}} behind',
            '{"log": {"entries": ["no end',
            '{"log": {"entries": ["' + "long " * 20,
            '{"log": {"entries": ["' + "long " * 20 + r"\u12",
            '{"log": {"entries": ["' + "long " * 20 + r'\uzzzz and more of it"]}}',
            '{"log": {"entries": ["' + "long " * 20 + r'\x and more of it"]}}',
        ],
    )
    def test_what_is_no_har_file_is_refused(self, text: str) -> None:
        with pytest.raises(HarError):
            list(units(io.BytesIO(text.encode())))


def test_a_byte_order_mark_and_bytes_that_are_no_utf8_survive() -> None:
    data = b'\xef\xbb\xbf{"log": {"entries": ["\xff\xfe", "\xe2\x82"]}}'
    text = "".join(unit.text for unit in units(io.BytesIO(data)))
    assert text.encode("utf-8", "surrogateescape") == data


def test_arrays_beside_the_entries_are_cut_too() -> None:
    data = b'{"log": {"pages": [{"id": 1}, {"id": 2}], "entries": []}}'
    assert [unit.array for unit in units(io.BytesIO(data)) if unit.array] == ["pages", "pages"]
