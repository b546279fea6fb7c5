"""Reasons to refuse a release, and the version that it has.

No reason is found by looking at what a release would make: all of them are known before anything is made.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from scripts import measured
from scripts.measured import git

BRANCH = "main"
VERSION_FILE = "src/agora_rest/_version.py"
CHANGELOG = "CHANGELOG.md"
FRAGMENTS = "changelog.d"
TYPES = ("added", "changed", "deprecated", "removed", "fixed", "security")
"""Of fragments; `unmeasured` is written by the release and by nobody else."""
GROWS = frozenset({"added", "changed", "deprecated", "removed"})
"""Types of fragments after which a version is more than a patch."""


class RefusedError(Exception):
    """The release cannot be made; each line of the message is a reason."""


@dataclass(frozen=True, order=True)
class Version:
    """A version of the package: three numbers, and nothing else."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `1.2.3`. Raises RefusedError for anything else."""
        if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", text):
            raise RefusedError(f"{text!r} is no version; write three numbers, such as 0.2.0")
        return cls(*map(int, text.split(".")))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def after_breaking(self) -> Version:
        """The least version that may break callers of this one: the next minor before 1.0.0, then the next major."""
        return Version(0, self.minor + 1, 0) if self.major == 0 else Version(self.major + 1, 0, 0)

    def next(self, *, breaks: bool, grows: bool) -> Version:
        """The version after this one."""
        if breaks:
            return self.after_breaking()
        return Version(self.major, self.minor + 1, 0) if grows else Version(self.major, self.minor, self.patch + 1)


@dataclass(frozen=True)
class Release:
    """What is released, and from where."""

    project: Path
    version: Version
    unmeasured: str = ""
    """Why figures that are out of date are released; empty if there are none."""

    @property
    def tag(self) -> str:
        return f"v{self.version}"


def repository_problems(project: Path) -> Iterator[str]:
    """The state of the repository that no release starts from."""
    if (branch := git(project, "branch", "--show-current")) != BRANCH:
        yield f"releases are made on {BRANCH}, not on {branch or 'a detached commit'}"
    if dirty := git(project, "status", "--porcelain"):
        yield f"the working tree is not clean; commit or remove\n{indent(dirty, '    ')}"
    for name in ("user.name", "user.email"):
        if not git(project, "config", "--default", "", name):
            yield f"Git does not know who commits; set {name}"


def version_problems(project: Path, version: Version, *, breaks: bool) -> Iterator[str]:
    """A version that does not follow those before it."""
    if f"v{version}" in git(project, "tag", "--list").splitlines():
        yield f"the tag v{version} exists"
    latest = latest_version(project)
    if latest is None:
        if version < current_version(project):
            yield f"{version} is less than {current_version(project)}, which {VERSION_FILE} has"
        return
    if version <= latest:
        yield f"{version} is not greater than {latest}, the latest release"
    elif breaks and version < latest.after_breaking():
        yield f"callers of {latest} break (`make breaking`), so the version is {latest.after_breaking()} at least"


def fragment_problems(project: Path) -> Iterator[str]:
    """A changelog that does not say what is new, or whose fragments cannot be read."""
    if not fragments(project):
        yield f"nothing says what is new: {FRAGMENTS}/ has no fragments"
    for path in sorted((project / FRAGMENTS).iterdir()):
        if path.name in (".gitignore", "template.md.jinja"):
            continue
        if not re.fullmatch(rf"\+[\w.-]+\.({'|'.join(TYPES)})\.md", path.name):
            yield f"{FRAGMENTS}/{path.name} is no fragment; its name is +NAME.TYPE.md, TYPE one of {', '.join(TYPES)}"
        elif not path.read_text(encoding="utf-8").strip():
            yield f"{FRAGMENTS}/{path.name} is empty"
    if re.search(r"^## \[?Unreleased", (project / CHANGELOG).read_text(encoding="utf-8"), re.MULTILINE):
        yield f"{CHANGELOG} has a part that is unreleased; move its entries into fragments, and remove it"


def measurement_problems(project: Path, reason: str) -> Iterator[str]:
    """Figures that were not measured on these sources, unless there is a reason to release them as they are."""
    found = measured.outdated(project)
    if found and not reason:
        yield from found
        yield 'or say why they are released as they are: UNMEASURED="reason", which the release notes repeat'
    if reason and not found:
        yield "there is nothing unmeasured; leave UNMEASURED out"


def drift_problems(project: Path) -> Iterator[str]:
    """Generated files that differ from their sources."""
    if run_make(project, "check"):
        yield "`make check` fails: what is generated differs from its sources"


def breaks_callers(project: Path) -> bool:
    """Whether callers of the latest release break. Before the first release, none can."""
    latest = latest_version(project)
    return latest is not None and run_make(project, "breaking", f"SINCE=v{latest}") != 0


def prepared(project: Path, wanted: str, unmeasured: str) -> Release:
    """The release, if nothing speaks against it. Raises RefusedError with every reason that does.

    What takes long is looked at only when all else is well.
    """
    refuse([*repository_problems(project), *fragment_problems(project), *measurement_problems(project, unmeasured)])
    if wanted:
        refuse(list(version_problems(project, Version.parse(wanted), breaks=False)))
    breaks = breaks_callers(project)
    version = Version.parse(wanted) if wanted else next_version(project, breaks=breaks)
    refuse([*version_problems(project, version, breaks=breaks), *drift_problems(project)])
    return Release(project, version, unmeasured)


def refuse(reasons: Sequence[str]) -> None:
    """Raise RefusedError if there are reasons."""
    if reasons:
        raise RefusedError("\n".join(f"- {reason}" for reason in reasons))


def latest_version(project: Path) -> Version | None:
    """The version of the latest release that this commit contains; None before the first."""
    tags = git(project, "tag", "--list", "v[0-9]*", "--merged", "HEAD").splitlines()
    return max((Version.parse(tag.removeprefix("v")) for tag in tags), default=None)


def current_version(project: Path) -> Version:
    """The version in the sources, which is that of the latest release, or of the first that is to come."""
    text = (project / VERSION_FILE).read_text(encoding="utf-8")
    (found,) = re.findall(r'^__version__ = "(.*)"$', text, flags=re.MULTILINE)
    return Version.parse(found)


def next_version(project: Path, *, breaks: bool) -> Version:
    """The version that the fragments call for."""
    latest = latest_version(project)
    if latest is None:
        return current_version(project)
    return latest.next(breaks=breaks, grows=any(path.suffixes[-2].strip(".") in GROWS for path in fragments(project)))


def fragments(project: Path) -> list[Path]:
    return sorted((project / FRAGMENTS).glob("+*.md"))


def run(folder: Path, *command: str | Path) -> None:
    """Run a program that sees the package of this folder."""
    path = os.pathsep.join(str(folder / each) for each in ("src", "generated"))
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "PYTHONPATH": path})


def run_make(project: Path, *arguments: str) -> int:
    """The exit code of make."""
    return subprocess.run(["make", "--no-print-directory", *arguments], cwd=project).returncode
