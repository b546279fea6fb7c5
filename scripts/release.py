"""Makes a release: changelog, version, commit, tag, distributions, documentation. Uploads nothing.

    python -m scripts.release [VERSION]

The environment variable UNMEASURED has the reason why figures are released that are out of date.

Without VERSION, it follows from the fragments in changelog.d/ and from what breaks callers. All reasons to refuse are
listed before anything is made. The release is then made whole in a temporary clone. Only when it is complete are the
files put into dist/, and the branch, the tag and the branch of the documentation moved, together. So a step that fails,
or a release that is interrupted, leaves the repository as it was, and the release can be started again.

Exit code 0: released. 1: refused, or a step failed; the last lines say why.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scripts import build, measured
from scripts.measured import git
from scripts.release_checks import (
    BRANCH,
    CHANGELOG,
    FRAGMENTS,
    VERSION_FILE,
    RefusedError,
    Release,
    Version,
    prepared,
    run,
)

PROJECT = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent
SITE_BRANCH = "gh-pages"


def write_changelog(clone: Path, release: Release) -> None:
    """Join the fragments under the version, and write the version."""
    if release.unmeasured:
        note = clone / FRAGMENTS / "+figures.unmeasured.md"
        files = "; ".join(reason.partition(". Run")[0] for reason in measured.outdated(clone))
        note.write_text(f"{release.unmeasured} ({files})\n", encoding="utf-8")
        git(clone, "add", "--intent-to-add", str(note))
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    run(clone, PROGRAMS / "towncrier", "build", "--yes", "--version", str(release.version), "--date", today)
    path = clone / VERSION_FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r'^__version__ = ".*"$', f'__version__ = "{release.version}"', text, flags=re.MULTILINE),
        encoding="utf-8",
    )


def commit(clone: Path, release: Release) -> None:
    """Commit the changelog and the version."""
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", f"Release {release.version}")


def build_distributions(clone: Path, release: Release) -> None:
    """Build everything that belongs into dist/."""
    build.build(clone, clone / "dist")
    (clone / "dist/release-notes.md").write_text(notes(clone, release.version), encoding="utf-8")


def try_distributions(clone: Path, release: Release) -> None:
    """Install the files that were built in empty environments, and run the tutorial there."""
    run(clone, sys.executable, "scripts/try_wheel.py", str(clone / "dist"))


def build_documentation(clone: Path, release: Release) -> None:
    """Add the documentation of this version to the branch of the site."""
    for name in (f"refs/heads/{SITE_BRANCH}", f"refs/remotes/origin/{SITE_BRANCH}"):
        if git(release.project, "for-each-ref", name):
            git(clone, "fetch", "--quiet", str(release.project), f"{name}:refs/heads/{SITE_BRANCH}")
            break
    run(clone, sys.executable, "-m", "scripts.docs", "--version", str(release.version), "latest")


def tag(clone: Path, release: Release) -> None:
    """Tag the commit. The message has the release notes and the checksums of the files."""
    sums = (clone / "dist" / build.SUMS).read_text(encoding="utf-8")
    message = clone / "dist/tag-message"
    message.write_text(f"agora-rest {release.version}\n\n{notes(clone, release.version)}\n{sums}", encoding="utf-8")
    git(clone, "tag", "--annotate", "--cleanup=verbatim", "--file", str(message), release.tag)
    message.unlink()


STEPS: tuple[Callable[[Path, Release], None], ...] = (
    write_changelog,
    commit,
    build_distributions,
    build_documentation,
    try_distributions,
    tag,
)


def notes(clone: Path, version: Version) -> str:
    """The part of the changelog about a version."""
    text = (clone / CHANGELOG).read_text(encoding="utf-8")
    (found,) = re.findall(rf"^## \[{re.escape(str(version))}\][^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return f"{found.strip()}\n"


def make(release: Release) -> list[str]:
    """Make the release. Gives what is left to do. Whatever is raised, the repository is as it was."""
    former = references(release)
    with clone_of(release.project) as clone:
        for step in STEPS:
            print(f"==> {step.__name__.replace('_', ' ')}", flush=True)
            step(clone, release)
        adopt(clone, release, former)
    return [
        f"agora-rest {release.version} is released in this repository, and nowhere else. Its files are in dist/.",
        f"To publish it:   git push --atomic origin {BRANCH} {release.tag} {SITE_BRANCH}",
        "                 The tag starts the workflow that builds the same files again and uploads them.",
        f"To take it back: {taken_back(release, former)}",
    ]


def references(release: Release) -> dict[str, str]:
    """The references that a release moves, with their present commits; zeros for one that does not exist."""
    names = (f"refs/heads/{BRANCH}", f"refs/tags/{release.tag}", f"refs/heads/{SITE_BRANCH}")
    return {name: git(release.project, "for-each-ref", "--format=%(objectname)", name) or "0" * 40 for name in names}


def taken_back(release: Release, former: dict[str, str]) -> str:
    """The command that undoes a release that was not pushed."""
    site = former[f"refs/heads/{SITE_BRANCH}"].strip("0")[:12]
    undo_site = f"git branch -f {SITE_BRANCH} {site}" if site else f"git branch -D {SITE_BRANCH}"
    return f"git tag -d {release.tag} && git reset --keep {former[f'refs/heads/{BRANCH}'][:12]} && {undo_site}"


@contextmanager
def clone_of(project: Path) -> Iterator[Path]:
    """A temporary clone in which the same person commits."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "agora-rest"
        git(project, "clone", "--quiet", "--branch", BRANCH, str(project), str(clone))
        for name in ("user.name", "user.email"):
            git(clone, "config", name, git(project, "config", name))
        yield clone


def adopt(clone: Path, release: Release, former: dict[str, str]) -> None:
    """Take the release from the clone: files, working tree, then all references at once. Undone if any of it fails.

    `former` has the references when the release began: it fails if one has moved since.
    """
    project, branch = release.project, f"refs/heads/{BRANCH}"
    git(project, "fetch", "--quiet", "--no-tags", str(clone), *former)
    new = {name: git(clone, "rev-parse", name) for name in former}
    with replaced(project / "dist", clone / "dist"):
        # Two trees, so that Git refuses to overwrite what has changed here in the meantime.
        git(project, "read-tree", "-m", "-u", former[branch], new[branch])
        try:
            move_references(project, former, new)
        except BaseException:
            git(project, "read-tree", "-m", "-u", new[branch], former[branch])
            raise


@contextmanager
def replaced(folder: Path, new: Path) -> Iterator[None]:
    """A copy of `new` in the place of the folder, which comes back if the block does not end well."""
    with tempfile.TemporaryDirectory(prefix=".dist-", dir=folder.parent) as place:
        aside = Path(place) / "former"
        shutil.copytree(new, Path(place) / "new")
        if folder.exists():
            folder.rename(aside)
        try:
            (Path(place) / "new").rename(folder)
            yield
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            if aside.exists():
                aside.rename(folder)
            raise


def move_references(project: Path, former: dict[str, str], new: dict[str, str]) -> None:
    """Move all of them or none, and none if one is no longer where it was."""
    lines = "".join(f"update {name} {new[name]} {former[name]}\n" for name in new)
    command = ["git", "update-ref", "-m", "release", "--stdin"]
    subprocess.run(command, cwd=project, check=True, input=lines, text=True, capture_output=True)


def failure(error: Exception) -> str:
    """Why a step failed."""
    if isinstance(error, subprocess.CalledProcessError):
        command = " ".join(map(str, error.cmd if isinstance(error.cmd, list | tuple) else [error.cmd]))
        return f"{command}: exit code {error.returncode}\n{(error.stderr or '').strip()}".rstrip()
    return str(error)


def main(arguments: list[str] | None = None, project: Path = PROJECT) -> int:
    parser = argparse.ArgumentParser(prog="release", description="Make a release in this repository.")
    parser.add_argument("version", nargs="?", default="", help="such as 0.2.0; otherwise the fragments decide")
    options = parser.parse_args(arguments)
    try:
        release = prepared(project, options.version, os.environ.get("UNMEASURED", ""))
    except RefusedError as error:
        print(f"No release is made:\n{error}", file=sys.stderr)
        return 1
    try:
        left = make(release)
    except (build.BuildError, subprocess.CalledProcessError, OSError, ValueError) as error:
        print(f"No release was made, and nothing is left of it: {failure(error)}", file=sys.stderr)
        return 1
    print("", *left, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
