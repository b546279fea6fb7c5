"""The file of profiles under attack: links, pipes, other owners, endless and malformed content, races, full disks."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agora_rest.cli import _profiles
from agora_rest.cli._exits import CliError

FIELDS = {"customer_id": "id", "customer_certificate": "planted-certificate"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "config" / "profiles.toml"
    found.parent.mkdir(mode=0o700)
    monkeypatch.setattr(_profiles, "path", lambda: found)
    return found


def write(file: Path, content: str | bytes, mode: int = 0o600) -> None:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    file.chmod(mode)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o602, 0o620, 0o601, 0o777])
def test_a_file_that_others_can_open_is_refused(file: Path, mode: int) -> None:
    write(file, "[default]\n", mode)
    for act in (_profiles.read, lambda: _profiles.add("x", FIELDS)):
        with pytest.raises(CliError, match="chmod 600"):
            act()
    assert file.read_text() == "[default]\n"


def test_a_new_file_is_private_from_its_first_moment_whatever_the_umask(file: Path) -> None:
    before = os.umask(0)
    try:
        _profiles.add("x", FIELDS)
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    assert _profiles.read() == {"x": FIELDS}


def test_a_link_to_a_private_file_is_followed_and_one_to_an_open_file_refused(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    file.symlink_to(target)
    write(target, "[default]\n", 0o644)
    with pytest.raises(CliError, match="chmod 600"):
        _profiles.add("x", FIELDS)
    target.chmod(0o600)
    _profiles.add("x", FIELDS)
    assert file.is_symlink()
    assert set(_profiles.read()) == {"default", "x"}


def test_links_in_a_circle_are_an_error_that_names_the_file(file: Path) -> None:
    file.symlink_to(file)
    with pytest.raises(CliError, match=r"profiles\.toml"):
        _profiles.read()


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_regular_file_is_refused_at_once(file: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(file, 0o600)
    elif kind == "device":
        file.symlink_to("/dev/zero")
    else:
        file.mkdir()
    with pytest.raises(CliError, match=r"regular file|[Dd]irectory"):
        _profiles.read()
    with pytest.raises(CliError, match=r"regular file|[Dd]irectory"):
        _profiles.add("x", FIELDS)


def test_a_file_of_another_user_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, "[default]\n")
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    if file.stat().st_uid == 0:  # that of root is trusted
        os.chown(file, 12345, -1)
    with pytest.raises(CliError, match="another user"):
        _profiles.read()


@pytest.mark.parametrize(
    "content",
    [
        "a = " + "[" * 20_000,
        "a = " + "9" * 10_000,
        "[default]\ncustomer_certificate = 'planted-secret",
        b"[default]\ncustomer_certificate = '\xff planted-secret'",
        "[default]\n[default]\n",
        "#" * (_profiles.MAX_SIZE + 1),
    ],
    ids=["deep", "a long number", "cut off", "no UTF-8", "twice", "large"],
)
def test_malformed_content_is_an_error_without_what_is_in_the_file(file: Path, content: str | bytes) -> None:
    write(file, content)
    with pytest.raises(CliError) as caught:
        _profiles.read()
    assert "planted" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_processes_that_add_the_same_profile_together_leave_one_and_a_valid_file(file: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from agora_rest.cli import _profiles\n"
        "_profiles.path = lambda: Path(sys.argv[1])\n"
        "sys.stdin.read()\n"
        "for name in range(5):\n"
        "    try: _profiles.add(f'p{name}', {'customer_id': 'id'})\n"
        "    except Exception as error: print(type(error).__name__)\n"
    )
    command = [sys.executable, "-c", program, str(file)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(6)]
    for process in processes:
        process.stdin.close()  # type: ignore[union-attr]  they begin together
    outputs = [process.stdout.read().split() for process in processes]  # type: ignore[union-attr]
    for process in processes:
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
    assert sum(map(len, outputs), 0) == 25, "each name is taken for all but one"
    assert {name for output in outputs for name in output} == {"CliError"}
    assert sorted(_profiles.read()) == [f"p{number}" for number in range(5)]


def test_a_disk_that_is_full_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _profiles.add("x", FIELDS)
    before = file.read_bytes()
    opened = open

    def full(*args: Any, **options: Any) -> Any:
        stream = opened(*args, **options)

        class Full:
            def __getattr__(self, name: str) -> Any:
                return getattr(stream, name)

            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                stream.close()

            def write(self, data: bytes) -> int:
                os.write(stream.fileno(), data[: len(data) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")

        return Full()

    monkeypatch.setattr(_profiles, "open", full, raising=False)
    with pytest.raises(CliError, match="No space left"):
        _profiles.add("y", FIELDS)
    monkeypatch.undo()
    assert file.read_bytes() == before
