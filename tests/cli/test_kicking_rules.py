"""`agora-rest kicking-rules` and what they do to `channels`."""

from __future__ import annotations

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
    assert run("kicking-rules", "kick", "--uid", 1).exit_code == 0
    assert "not in" in run("channels", "user", CHANNEL, 1).out
    local.emulator.join(DEMO_APP_ID, CHANNEL, 1)


def test_whole_channels_and_addresses_need_a_yes(local: Local, run: Terminal) -> None:
    assert run("kicking-rules", "ban", "--channel", CHANNEL, "--yes").out.endswith(
        f"keeps all users out of {CHANNEL}.\n"
    )
    assert "No users in" in run("channels", "users", CHANNEL).out
    assert "all users at 10.0.0.1" in run("kicking-rules", "ban", "--ip", "10.0.0.1", "--yes").out


def test_a_ban_of_nobody_is_refused_before_anything_is_sent(local: Local, run: Terminal) -> None:
    ran = run("kicking-rules", "ban")
    assert (ran.exit_code, ran.out) == (2, "")
    assert "--channel, --uid, both of them, or --ip" in ran.err
    assert local.emulator.requests() == []


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
