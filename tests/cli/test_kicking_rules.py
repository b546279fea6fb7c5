"""`agora-rest kicking-rules` and what they do to `channels`."""

from __future__ import annotations

import pytest

from agora_rest.emulator import DEMO_APP_ID
from tests.cli.conftest import CHANNEL, Local, Terminal


def test_a_ban_puts_a_user_offline_and_lasts_until_it_is_lifted(local: Local, run: Terminal) -> None:
    ran = run("kicking-rules", "ban", "--channel", CHANNEL, "--uid", 1, "--minutes", 90)
    [rule] = local.api.app(DEMO_APP_ID).kicking_rules.list()
    assert ran.out == f"Rule {rule.id} keeps user 1 out of {CHANNEL}.\n"
    assert (rule.ends_at - rule.created_at).total_seconds() == 90 * 60
    assert "not in" in run("channels", "user", CHANNEL, 1).out
    assert run("kicking-rules", "lift", rule.id).out == f"Deleted rule {rule.id}.\n"
    assert local.api.app(DEMO_APP_ID).kicking_rules.list() == ()


def test_json_has_the_id_that_other_commands_take(local: Local, run: Terminal) -> None:
    rule = run("kicking-rules", "ban", "--uid", 1, "--json").json["id"]
    extended = run("kicking-rules", "extend", rule, "--minutes", 5, "--json").json
    assert extended["id"] == rule
    assert extended["ends_at"] == local.api.app(DEMO_APP_ID).kicking_rules.list()[0].ends_at.isoformat()
    assert run("kicking-rules", "lift", rule, "--json").json is None


def test_extend_says_when_it_ends_now(run: Terminal) -> None:
    rule = run("kicking-rules", "ban", "--uid", 1, "--json").json["id"]
    assert run("kicking-rules", "extend", rule, "--minutes", 5).out == f"Rule {rule} ends 2026-01-01 00:05:00Z.\n"


def test_a_kick_keeps_nobody_out(local: Local, run: Terminal) -> None:
    assert run("kicking-rules", "kick", "--uid", 1).out == "Put offline once in every channel: user 1.\n"
    assert "not in" in run("channels", "user", CHANNEL, 1).out
    local.emulator.join(DEMO_APP_ID, CHANNEL, 1)


in_today = pytest.mark.parametrize("local", ["current"], indirect=True)
in_both = pytest.mark.parametrize("local", ["documented", "current"], indirect=True)


@in_both
def test_a_kick_has_no_rule_in_json(run: Terminal) -> None:
    assert run("kicking-rules", "kick", "--uid", 1, "--json").json["id"] is None
    assert run("kicking-rules", "ban", "--uid", 1, "--minutes", 0).out.startswith("Put offline once in every channel")


@in_today
def test_a_mute_leaves_the_user_in_the_channel(local: Local, run: Terminal) -> None:
    words = ("kicking-rules", "mute", "--channel", CHANNEL, "--uid", 1, "--seconds", 90)
    ran = run(*words)
    [rule] = local.api.app(DEMO_APP_ID).kicking_rules.list()
    assert ran.out == f"Rule {rule.id} keeps user 1 in {CHANNEL} from sending audio and video.\n"
    assert (rule.ends_at - rule.created_at).total_seconds() == 90
    assert "yes" in run("channels", "user", CHANNEL, 1).out
    listed = run("kicking-rules", "list").out.splitlines()
    assert listed[0].split("\t")[4] == "Denies"
    assert listed[1].split("\t")[4] == "audio, video"


@in_today
def test_a_mute_may_be_about_one_of_both(local: Local, run: Terminal) -> None:
    made = run("kicking-rules", "mute", "--uid", 1, "--minutes", 5, "--only", "video", "--json").json
    [rule] = local.api.app(DEMO_APP_ID).kicking_rules.list()
    assert (rule.id, rule.privileges) == (made["id"], ("publish_video",))
    assert run("kicking-rules", "extend", rule.id, "--seconds", 30).exit_code == 0


def test_a_whole_channel_is_not_muted_without_a_yes(local: Local, run: Terminal) -> None:
    ran = run("kicking-rules", "mute", "--channel", CHANNEL, "--minutes", 5, "--only", "audio")
    assert ran.exit_code == 2
    assert f"Keep all users in {CHANNEL} from sending audio for 5 minutes?" in ran.err
    assert local.emulator.requests() == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mute", "--uid", 1), "--minutes or --seconds"),
        (("mute", "--uid", 1, "--minutes", 1, "--seconds", 60), "--minutes or --seconds"),
        (("ban", "--uid", 1, "--minutes", 1, "--seconds", 60), "--minutes or --seconds"),
        (("extend", 7), "--minutes or --seconds"),
        (("ban",), "--channel, --uid, both of them, or --ip"),
        (("mute", "--uid", 1, "--minutes", 0), "would put users offline instead of muting them"),
        (("mute", "--minutes", 1), "--channel, --uid, both of them, or --ip"),
    ],
)
def test_a_rule_that_would_not_do_what_it_says_is_refused_before_anything_is_sent(
    words: tuple[object, ...], message: str, local: Local, run: Terminal
) -> None:
    ran = run("kicking-rules", *words)
    assert (ran.exit_code, ran.out) == (2, "")
    assert message in ran.err
    assert local.emulator.requests() == []


@in_today
def test_hosts_are_shown_without_the_audience(run: Terminal) -> None:
    assert run("channels", "hosts", "show").out == "User\tRole\n3\thost\n"
    assert run("channels", "hosts", "show", "--json").json["hosts"] == [3]
    assert run("channels", "hosts", CHANNEL).out == "User\tRole\n1\tuser\n2\tuser\n"
    assert run("channels", "hosts", "nobody").out == "No users in nobody.\n"


def test_whole_channels_and_addresses_need_a_yes(local: Local, run: Terminal) -> None:
    assert run("kicking-rules", "ban", "--channel", CHANNEL, "--yes").out.endswith(
        f"keeps all users out of {CHANNEL}.\n"
    )
    assert "No users in" in run("channels", "users", CHANNEL).out
    assert "all users at 10.0.0.1" in run("kicking-rules", "ban", "--ip", "10.0.0.1", "--yes").out


def test_a_rule_that_is_not_there_is_said_to_be_so(run: Terminal) -> None:
    ran = run("kicking-rules", "lift", 77, "--json")
    assert (ran.exit_code, ran.error["exit_code"], ran.error["may_have_taken_effect"]) == (1, 1, False)


def test_who_is_in_a_channel_is_told_with_their_roles(run: Terminal) -> None:
    assert run("channels", "users", "show").out == "User\tRole\n3\thost\n4\taudience\n5\taudience\n"
    assert run("channels", "list").out == f"Channel\tUsers\n{CHANNEL}\t2\nshow\t3\n"
    assert run("channels", "user", "show", 4).out.split()[:5] == ["In", "channel", "yes", "Role", "audience"]


def test_a_page_says_how_many_there_are(run: Terminal) -> None:
    ran = run("channels", "page", "--size", 1)
    assert (ran.out, ran.err) == (f"Channel\tUsers\n{CHANNEL}\t2\n", "1 of 2 channels.\n")
