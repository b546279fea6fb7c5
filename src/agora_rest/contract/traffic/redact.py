"""Taking the secrets out of a HAR file; all the rest stays byte for byte.

What goes: credentials (`Authorization`, cookies, user and password in a URL), storage keys, decryption passwords,
certificates and tokens, by the names of headers, cookies, parameters and members of a body or by their looks, also
where they are wrapped in JSON text, percent-encoding or base64. A secret of an exchange also goes wherever else it
stands in that exchange. Lengths that the file states are left as they are.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from typing import IO, Final, Self

from agora_rest.contract.traffic.edits import JSON_STRING, Edit, apply
from agora_rest.contract.traffic.search import Search
from agora_rest.contract.traffic.units import Spill, Unit, units

#: Characters of a long string that are searched at a time.
_WINDOW: Final = 1024 * 1024

#: Characters before and behind a window that are looked at with it, so that a secret on its edge is seen whole. A
#: multiple of four, as every window's length is, so that base64 is not cut inside a group.
_OVERLAP: Final = 16 * 1024


@dataclass
class Redacted:
    """What was done: how many exchanges there were, and how many secrets were taken out of the file."""

    exchanges: int = 0
    secrets: int = 0


def redact(source: IO[bytes], target: IO[bytes]) -> Redacted:
    """Copy the HAR file in `source` to `target` without its secrets, in bounded memory.

    Raises HarError; what was written to `target` until then is to be thrown away.
    """
    done = Redacted()
    with _RedactingSpills(done) as spills:
        for unit in units(source, spills):
            done.exchanges += unit.array == "entries"
            _write(unit, redact_json(unit.text, done), spills, target)
    return done


def redact_json(text: str, done: Redacted | None = None) -> str:
    """`text`, which is JSON or a part of it, without its secrets."""
    search = Search()
    edits = search.in_json(text)
    redacted = apply(text, edits)
    if search.seen and ('"base64"' in text or any(_stands_in(secret, redacted) for secret in search.seen)):
        edits = Search(known=search.seen).in_json(text)
        redacted = apply(text, edits)
    if done:
        done.secrets += len(edits)
    return redacted


def _stands_in(secret: str, text: str) -> bool:
    return secret in text or json.dumps(secret)[1:-1] in text


def _write(unit: Unit, redacted: str, spills: _RedactingSpills, target: IO[bytes]) -> None:
    """Write a unit, with what its markers stand for in their places. A marker that is gone stood for a secret."""
    for marker in unit.markers:
        before, found, behind = redacted.partition(f'"{marker}"')
        with spills.take(marker) as content:
            if found:
                target.write(_encode(f'{before}"'))
                shutil.copyfileobj(content, target)
                redacted = f'"{behind}'
    target.write(_encode(redacted))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogateescape")


class _RedactingSpills:
    """Holds overlong strings, already redacted, in temporary files."""

    def __init__(self, done: Redacted) -> None:
        self._done = done
        self._files: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for file in self._files.values():
            file.close()

    def open(self, marker: str) -> Spill:
        self._files[marker] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been copied
        return _RedactingSpill(self._files[marker], self._done)

    def take(self, marker: str) -> IO[bytes]:
        """What `marker` stands for, from its beginning."""
        content = self._files.pop(marker)
        content.seek(0)
        return content


class _RedactingSpill:
    """Redacts one string, window by window, as the content of a JSON string."""

    def __init__(self, file: IO[bytes], done: Redacted) -> None:
        self._file, self._done = file, done
        self._seen = ""
        """The end of what was written before, as it was."""
        self._pending: list[str] = []
        self._length = 0

    def write(self, piece: str) -> None:
        self._pending.append(piece)
        self._length += len(piece)
        if self._length >= _WINDOW + _OVERLAP:
            self._flush(last=False)

    def close(self) -> None:
        self._flush(last=True)

    def _flush(self, *, last: bool) -> None:
        window = self._seen + "".join(self._pending)
        text = JSON_STRING.decode(window)
        if not last:
            text = text[: len(text) // 4 * 4]  # whole groups of base64
        new = len(JSON_STRING.decode(self._seen))
        edits = [edit for edit in Search().in_text(text) if edit.end > new]
        end = len(text) if last else _cut(edits, new, len(text))
        edits = [Edit(max(edit.start, new), edit.end, edit.text) for edit in edits if edit.start < end]
        here = JSON_STRING.outside(window, [*edits, Edit(end, end), Edit(max(end - _OVERLAP, 0), end)])
        outside, stop, overlap = here[:-2], here[-2].start, here[-1].start
        self._file.write(_encode(apply(window[:stop], outside)[len(self._seen) :]))
        self._done.secrets += len(edits)
        self._seen, self._pending = window[overlap:stop], [window[stop:]]
        self._length = len(self._pending[0])


def _cut(edits: list[Edit], new: int, length: int) -> int:
    """How much of a window to write: all but the overlap, a whole number of base64 groups, and no half secret."""
    end = max((length - _OVERLAP) // 4 * 4, new)
    straddling = next((edit for edit in edits if edit.start < end < edit.end), None)
    if straddling is None:
        return end
    before = straddling.start // 4 * 4
    return before if before > new else -(-straddling.end // 4) * 4
