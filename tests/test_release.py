"""`make release`: what it refuses, and that a failure leaves nothing. In throwaway repositories, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import build, measured, release, release_checks
from scripts.release_checks import Release, Version, git

PROJECT = Path(__file__).parents[1]
MAKEFILE = """
check:
\t@test ! -e .git/drift
breaking:
\t@test ! -e .git/breaks
strength bench:
\t@true
"""
Change = Callable[[Path], None]


@pytest.fixture(scope="session")
def released_from(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project that can be released: clean, measured, with a fragment."""
    project = tmp_path_factory.mktemp("release") / "project"
    files = {
        "Makefile": MAKEFILE,
        ".gitignore": "dist/\n",
        "pyproject.toml": (PROJECT / "pyproject.toml").read_text(encoding="utf-8"),
        "changelog.d/template.md.jinja": (PROJECT / "changelog.d/template.md.jinja").read_text(encoding="utf-8"),
        "changelog.d/+first.added.md": "The first thing.\n",
        "CHANGELOG.md": "# Changelog\n\n<!-- towncrier release notes start -->\n",
        "src/agora_rest/__init__.py": "",
        release_checks.VERSION_FILE: '__version__ = "0.1.0"\n',
        "generated/code.py": "",
        "contract_tests/check.py": "",
        "benchmarks/measure.py": "",
    }
    write(project, files)
    git(project, "init", "--quiet", "--initial-branch", "main")
    git(project, "config", "user.name", "Releaser")
    git(project, "config", "user.email", "releaser@localhost")
    measure(project)
    committed(project)
    return project


@pytest.fixture
def project(released_from: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One of its own for each test."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("UNMEASURED", raising=False)
    return Path(shutil.copytree(released_from, tmp_path / "project"))


def write(project: Path, files: dict[str, str]) -> None:
    """Write the files, with their folders."""
    for name, text in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def committed(project: Path) -> None:
    """Commit all there is."""
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Change")


def measure(project: Path) -> None:
    """Write both figures as programs that measure do."""
    for each in measured.MEASUREMENTS:
        write(project, {each.figures: "old"})
        code = f"import pathlib; pathlib.Path({each.figures!r}).write_text('figures')"
        assert measured.run(project, each.name, [sys.executable, "-c", code]) == 0


def state(project: Path) -> tuple[str, str, str, list[str]]:
    """Everything that a release changes."""
    references = git(project, "for-each-ref")
    files = sorted(str(path) for path in project.glob("dist/*"))
    return references, git(project, "status", "--porcelain"), (project / "CHANGELOG.md").read_text("utf-8"), files


def refusal(project: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says when it refuses; it must not have changed anything."""
    before = state(project)
    assert release.main(list(arguments), project) == 1
    assert state(project) == before
    said = capsys.readouterr().err
    assert said.startswith("No release is made:")
    return said


def elsewhere(project: Path) -> None:
    git(project, "switch", "--quiet", "--create", "feature")


def without(name: str) -> Change:
    """The file is gone."""

    def change(project: Path) -> None:
        git(project, "rm", "--quiet", name)
        git(project, "commit", "--quiet", "--message", "Change")

    return change


def with_file(name: str, text: str) -> Change:
    """The file is there, committed."""

    def change(project: Path) -> None:
        write(project, {name: text})
        committed(project)

    return change


def dirty(project: Path) -> None:
    write(project, {"src/agora_rest/new.py": "x = 1\n"})


changed_sources = with_file("src/agora_rest/client.py", "x = 1\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (dirty, "?? src/agora_rest/new.py"),
        (elsewhere, "releases are made on main, not on feature"),
        (without("changelog.d/+first.added.md"), "changelog.d/ has no fragments"),
        (with_file("changelog.d/thing.feature.md", "A thing.\n"), "changelog.d/thing.feature.md is no fragment"),
        (with_file("changelog.d/+thing.fixed.md", "\n"), "changelog.d/+thing.fixed.md is empty"),
        (with_file("CHANGELOG.md", "## [Unreleased]\n\n- A thing.\n"), "CHANGELOG.md has a part that is unreleased"),
        (changed_sources, "docs/strength.md: older than src/agora_rest/client.py. Run `make strength`"),
        (changed_sources, "benchmarks/results.json: older than src/agora_rest/client.py. Run `make bench`"),
        (with_file("docs/strength.md", "better"), "docs/strength.md: it was changed after the measurement"),
        (without("docs/measured.json"), "docs/strength.md: nothing says which sources were measured"),
        (lambda project: write(project, {".git/drift": ""}), "`make check` fails"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_dirty_unmeasured_or_undocumented_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], change: Change, said: str
) -> None:
    change(project)
    assert said in refusal(project, capsys, "0.1.0")


def test_all_reasons_are_listed_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere(project)
    changed_sources(project)
    dirty(project)
    assert refusal(project, capsys, "0.1.0").count("\n- ") >= 4


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.2.0", "the tag v0.2.0 exists"),
        ("0.1.9", "0.1.9 is not greater than 0.2.0, the latest release"),
        ("0.2.1", "callers of 0.2.0 break (`make breaking`), so the version is 0.3.0 at least"),
        ("0.3", "'0.3' is no version"),
        ("v0.3.0", "'v0.3.0' is no version"),
        ("0.03.0", "'0.03.0' is no version"),
    ],
)
def test_a_version_that_does_not_follow_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], version: str, said: str
) -> None:
    git(project, "tag", "--annotate", "--message", "Release", "v0.2.0")
    write(project, {".git/breaks": ""})
    assert said in refusal(project, capsys, version)


def test_the_first_version_is_not_less_than_that_of_the_sources(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "0.0.9 is less than 0.1.0" in refusal(project, capsys, "0.0.9")


@pytest.mark.parametrize(
    ("latest", "breaks", "fragment", "version"),
    [
        (None, False, "added", "0.1.0"),
        ("0.1.0", False, "fixed", "0.1.1"),
        ("0.1.3", False, "added", "0.2.0"),
        ("0.1.3", True, "fixed", "0.2.0"),
        ("1.4.2", False, "changed", "1.5.0"),
        ("1.4.2", True, "changed", "2.0.0"),
    ],
)
def test_the_version_follows_from_fragments_and_breaking_changes(
    project: Path, latest: str | None, breaks: bool, fragment: str, version: str
) -> None:
    git(project, "mv", "--force", "changelog.d/+first.added.md", "changelog.d/+other.fixed.md")
    git(project, "mv", "changelog.d/+other.fixed.md", f"changelog.d/+first.{fragment}.md")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "Change")
    if latest:
        git(project, "tag", f"v{latest}")
    if breaks:
        write(project, {".git/breaks": ""})
    assert release_checks.prepared(project, "", "").version == Version.parse(version)


def test_the_version_of_the_sources_makes_no_figure_older(project: Path) -> None:
    write(project, {release_checks.VERSION_FILE: '__version__ = "0.1.1"\n'})
    assert measured.outdated(project) == []


@pytest.mark.parametrize("code", [2, 143])
def test_figures_of_a_run_that_failed_are_not_noted(project: Path, code: int) -> None:
    changed_sources(project)
    program = f"import pathlib, sys; pathlib.Path('docs/strength.md').write_text('half'); sys.exit({code})"
    assert measured.run(project, "strength", [sys.executable, "-c", program]) == code
    assert len(measured.outdated(project)) == 2


def test_figures_of_sources_that_changed_meanwhile_are_not_noted(project: Path) -> None:
    program = "import pathlib; [pathlib.Path(each).write_text('x') for each in ('docs/strength.md', 'src/late.py')]"
    assert measured.run(project, "strength", [sys.executable, "-c", program]) == 2
    assert "it was changed after" in measured.outdated(project)[0]


def built(clone: Path, _: Release) -> None:
    """Stands for the step that builds: one file with its checksum."""
    write(clone, {"dist/agora_rest.whl": "wheel", f"dist/{build.SUMS}": "5f  agora_rest.whl\n"})


def documented(clone: Path, _: Release) -> None:
    """Stands for the step that adds to the branch of the site."""
    git(clone, "branch", release.SITE_BRANCH)


def noted(clone: Path, release: Release) -> None:
    """Stands for the step that writes the changelog, where no test looks at it."""
    write(clone, {"CHANGELOG.md": f"# Changelog\n\n## [{release.version}] - today\n\n- A thing.\n"})
    git(clone, "rm", "--quiet", "changelog.d/+first.added.md")


def failing(clone: Path, _: Release) -> None:
    """A step that fails."""
    raise subprocess.CalledProcessError(3, ["some", "program"])


STEPS = (release.write_changelog, release.commit, built, documented, release.tag)
QUICK = (noted, *STEPS[1:])


def test_a_release_is_a_commit_a_tag_and_files(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "STEPS", STEPS)
    write(project, {"dist/old.whl": ""})

    assert release.main([], project) == 0

    assert git(project, "status", "--porcelain") == ""
    assert git(project, "log", "-1", "--format=%an %s") == "Releaser Release 0.1.0"
    assert git(project, "rev-parse", "v0.1.0^{commit}") == git(project, "rev-parse", "main")
    assert git(project, "branch", "--list", release.SITE_BRANCH)
    message = git(project, "tag", "--list", "--format=%(contents)", "v0.1.0")
    assert "### Added\n\n- The first thing." in message
    assert "5f  agora_rest.whl" in message
    assert "## [0.1.0] - 20" in (project / "CHANGELOG.md").read_text("utf-8")
    assert not (project / "changelog.d/+first.added.md").exists()
    assert {path.name for path in project.glob("dist/*")} == {"agora_rest.whl", build.SUMS}
    undo = capsys.readouterr().out.partition("To take it back: ")[2].strip()
    subprocess.run(undo, shell=True, cwd=project, check=True, capture_output=True)
    assert state(project)[:2] == (git(project, "for-each-ref", "refs/heads/main"), "")
    assert release_checks.prepared(project, "0.1.0", "").version == Version(0, 1, 0)


def test_a_reason_for_unmeasured_figures_is_in_the_release_notes(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "STEPS", STEPS)
    monkeypatch.setenv("UNMEASURED", "only words have changed")
    assert "there is nothing unmeasured" in refusal(project, capsys)
    changed_sources(project)

    assert release.main([], project) == 0

    message = git(project, "tag", "--list", "--format=%(contents)", "v0.1.0")
    assert "### Not measured\n\n- only words have changed (docs/strength.md: older than src/" in message


@pytest.mark.parametrize("failed", range(len(QUICK) + 1))
def test_a_step_that_fails_leaves_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failed: int
) -> None:
    monkeypatch.setattr(release, "STEPS", (*QUICK[:failed], failing, *QUICK[failed:]))
    write(project, {"dist/old.whl": ""})
    before = state(project)

    assert release.main([], project) == 1

    assert state(project) == before
    assert "nothing is left of it: some program: exit code 3" in capsys.readouterr().err


def another_commit(clone: Path, release: Release) -> None:
    """A commit that is made beside the release."""
    write(release.project, {"README.md": "Read me.\n"})
    committed(release.project)


def another_tag(clone: Path, release: Release) -> None:
    """The same tag, made beside the release."""
    git(release.project, "tag", release.tag)


@pytest.mark.parametrize("meanwhile", [another_commit, another_tag])
def test_what_is_committed_or_tagged_meanwhile_is_kept_and_ends_the_release(
    project: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Path, Release], None]
) -> None:
    after: list[tuple[str, str, str, list[str]]] = []

    def seen(*_: object) -> None:
        after.append(state(project))

    monkeypatch.setattr(release, "STEPS", (*QUICK, meanwhile, seen))
    write(project, {"dist/old.whl": ""})

    assert release.main([], project) == 1

    assert [state(project)] == after
    assert not (project / "dist/agora_rest.whl").exists()


def test_an_interrupted_release_leaves_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(release, "STEPS", QUICK)
    monkeypatch.setattr(release, "move_references", interrupted)
    before = state(project)

    with pytest.raises(KeyboardInterrupt):
        release.main([], project)

    assert state(project) == before


def test_builds_that_differ_are_named(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.whl": "1", "one/a.tar.gz": "1", "other/a.whl": "1", "other/a.tar.gz": "2"})
    assert build.differences(tmp_path / "one", tmp_path / "other") == ["a.tar.gz"]


def test_the_fragments_of_the_next_release_are_sound() -> None:
    problems = list(release_checks.fragment_problems(PROJECT))
    assert [problem for problem in problems if "has no fragments" not in problem] == []
