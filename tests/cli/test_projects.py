"""`agora-rest projects`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Local, Terminal


def test_create_tells_the_project_and_whether_it_has_a_certificate(local: Local, run: Terminal) -> None:
    ran = run("projects", "create", "new", "--enable-sign-key")
    made = local.api.projects.find(name="new")
    assert ran.exit_code == 0
    assert made.app_id in ran.out
    assert "enabled (--show-sign-key" in ran.out
    assert run("projects", "create", "other", "--json").json["sign_key"] == ""
    assert local.api.projects.find(name="other").sign_key == ""


def test_a_certificate_is_shown_only_when_it_is_asked_for(local: Local, run: Terminal) -> None:
    certificate = local.api.projects.find(id="secret").sign_key
    words = ("projects", "find", "--id", "secret")
    assert run(*words, "--json").json["sign_key"] == "<hidden>"
    asked = [run(*words, "--show-sign-key"), run("projects", "list", "--show-sign-key")]
    assert all(certificate in ran.out for ran in asked)
    assert run(*words, "--show-sign-key", "--json").json["sign_key"] == certificate
    run.printed.clear()  # what was asked for is no leak


@pytest.mark.parametrize("as_json", [False, True])
def test_disable_and_enable_switch_a_project(local: Local, run: Terminal, as_json: bool) -> None:
    form = ("--json",) if as_json else ()
    off = run("projects", "disable", "demo", "--yes", *form)
    assert not local.api.projects.find(id="demo").enabled
    on = run("projects", "enable", "demo", *form)
    assert local.api.projects.find(id="demo").enabled
    if as_json:
        assert (off.json["status"], on.json["status"]) == ("disabled", "enabled")
    else:
        assert "disabled" in off.out
        assert "enabled" in on.out


def test_delete_deletes(local: Local, run: Terminal) -> None:
    assert run("projects", "delete", "secret", "--yes").out == "Project secret is deleted.\n"
    assert [project.id for project in local.api.projects.list()] == ["demo"]
    assert run("projects", "delete", "demo", "--yes", "--json").json is None
    assert run("projects", "list", "--json").json == []


def test_certificates_are_enabled_disabled_and_replaced(local: Local, run: Terminal) -> None:
    before = local.api.projects.find(id="secret").sign_key
    assert "is replaced" in run("projects", "reset-certificate", "secret", "-y").out
    after = local.api.projects.find(id="secret").sign_key
    assert after not in ("", before)
    assert run("projects", "enable-certificate", "secret", "--disable", "-y").exit_code == 0
    assert local.api.projects.find(id="secret").sign_key == ""
    assert run("projects", "enable-certificate", "secret", "--json").exit_code == 0
    assert local.api.projects.find(id="secret").sign_key == after


def test_set_recording_server_sets_it(local: Local, run: Terminal) -> None:
    assert "1.2.3.4:80" in run("projects", "set-recording-server", "demo", "1.2.3.4:80").out
    assert local.api.projects.find(id="demo").recording_server == "1.2.3.4:80"
    assert "1.2.3.4:80" in run("projects", "find", "--id", "demo").out


@pytest.mark.parametrize(
    "words",
    [
        ("projects", "delete", "demo"),
        ("projects", "disable", "demo"),
        ("projects", "reset-certificate", "secret"),
        ("projects", "enable-certificate", "secret", "--disable"),
        ("kicking-rules", "ban", "--channel", "lesson-42"),
        ("kicking-rules", "ban", "--ip", "10.0.0.1"),
        ("kicking-rules", "kick", "--channel", "lesson-42"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_undone_is_refused_where_nobody_can_be_asked(
    local: Local, run: Terminal, words: tuple[str, ...]
) -> None:
    before = local.emulator.state()
    ran = run(*words, stdin="y\n")
    assert ran.exit_code == 2
    assert "--yes" in ran.err
    assert local.emulator.state() == before


def test_names_from_the_server_are_neither_markup_nor_control_sequences(local: Local, run: Terminal) -> None:
    local.emulator.add_project("[red]x[/red]\x1b[31m\ty\nz")
    ran = run("projects", "list")
    assert "[red]x[/red]\\x1b[31m\\ty\\nz\t" in ran.out
    assert "\x1b" not in ran.out
    assert len(ran.out.splitlines()) == 4
