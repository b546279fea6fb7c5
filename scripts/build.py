"""Builds the wheel and the source distribution into dist/, with a bill of materials and their checksums.

    python -m scripts.build [--into DIRECTORY]

They are built twice, in directories, time zones, locales and umasks that differ; the wheel is built once from the
sources and once from the source distribution. Exit code 1 if any two files differ, or if an index of packages would
refuse one. Time stamps are those of the latest commit (SOURCE_DATE_EPOCH).
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from zipfile import ZipFile

from packaging.metadata import Metadata
from readme_renderer import markdown

from scripts import sbom
from scripts.measured import digest, git

PROJECT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
SUMS = "SHA256SUMS"

HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
ELSEWHERE = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "2"}


class BuildError(Exception):
    """The files that were built cannot be released; the message says why."""


def build(project: Path, into: Path) -> list[Path]:
    """Build `project` into the directory `into`, which is replaced. Gives the files, SHA256SUMS last.

    Raises BuildError if two builds differ or the metadata is not valid; `into` is then left as it was.
    """
    environment = {**os.environ, "SOURCE_DATE_EPOCH": git(project, "log", "-1", "--format=%ct")}
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "one"), Path(folder, "two/deeper")
        copies = [copy_of_sources(project, place) for place in (first, second)]
        run_build(copies[0], first / "out", {**environment, **HERE}, umask=0o022)
        # Each format by itself: here the wheel is made from the sources, above from the source distribution.
        for kind in ("--sdist", "--wheel"):
            run_build(copies[1], second / "out", {**environment, **ELSEWHERE}, kind, umask=0o077)
        if different := differences(first / "out", second / "out"):
            raise BuildError(f"two builds of the same sources differ: {', '.join(different)}")
        files = sorted([*(first / "out").glob("*.whl"), *(first / "out").glob("*.tar.gz")])
        for file in files:
            check_metadata(file)
        files.append(sbom.write(project, files, environment))
        return keep(files, into)


def copy_of_sources(project: Path, place: Path) -> Path:
    """A copy of the files that git tracks, or would track, under `place`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        check=True,
        capture_output=True,
    )
    copy = place / "sources"
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (project / name).is_file():  # not one that was deleted and not yet committed
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(project / name, copy / name)
    return copy


def run_build(sources: Path, out: Path, environment: dict[str, str], *options: str, umask: int) -> None:
    """One build with hatchling, of the version that is locked."""
    command = [str(UV), "build", "--quiet", "--no-build-isolation", "--python", sys.executable, *options]
    subprocess.run([*command, "--out-dir", out, sources], check=True, env=environment, umask=umask)


def differences(one: Path, other: Path) -> list[str]:
    """The names of the distributions that two directories do not both have with the same bytes."""
    names = {path.name for place in (one, other) for path in place.iterdir() if path.suffix in (".whl", ".gz")}
    return sorted(name for name in names if digest(one / name) != digest(other / name))


def check_metadata(distribution: Path) -> None:
    """Validate the metadata of a wheel or source distribution, as an index of packages does: the fields, and the page.

    Raises BuildError for a field that is not valid, and for a description that cannot be rendered.
    """
    try:
        metadata = Metadata.from_email(metadata_of(distribution), validate=True)
    except ExceptionGroup as group:
        raise BuildError(f"{distribution.name}: {'; '.join(map(str, group.exceptions))}") from group
    if metadata.description_content_type != "text/markdown":
        raise BuildError(f"{distribution.name}: the description is {metadata.description_content_type}")
    warnings = io.StringIO()
    if not markdown.render(metadata.description or "", stream=warnings):
        raise BuildError(f"{distribution.name}: the description cannot be rendered: {warnings.getvalue()}")


def metadata_of(distribution: Path) -> bytes:
    """The file METADATA of a wheel, PKG-INFO of a source distribution."""
    if distribution.suffix == ".whl":
        with ZipFile(distribution) as wheel:
            (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            return wheel.read(name)
    with tarfile.open(distribution) as archive:
        content = archive.extractfile(f"{distribution.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert content is not None
        return content.read()


def keep(files: list[Path], into: Path) -> list[Path]:
    """Put the files into the directory, in place of what is there, and their checksums beside them."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    kept = [Path(shutil.copy(file, into)) for file in files]
    sums = into / SUMS
    sums.write_text("".join(f"{digest(file)}  {file.name}\n" for file in kept), encoding="utf-8")
    return [*kept, sums]


def main() -> int:
    parser = argparse.ArgumentParser(prog="build", description="Build the distributions, twice.")
    parser.add_argument("--into", type=Path, default=PROJECT / "dist", metavar="DIRECTORY")
    try:
        files = build(PROJECT, parser.parse_args().into)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print(files[-1].read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
