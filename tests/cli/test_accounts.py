"""Where credentials come from, and `agora-rest config`."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agora_rest.emulator import Emulator
from agora_rest.fleet import Worker
from tests.cli.conftest import CERTIFICATE, CUSTOMER, STORAGE, Local, Terminal

Profiles = Callable[..., Path]
NOTHING: dict[str, str | None] = dict.fromkeys(
    ["AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_CERTIFICATE", "AGORA_BASE_URL", "AGORA_APP_ID"]
)


def account(name: str, url: str, **fields: str) -> str:
    members = {"customer_id": CUSTOMER, "customer_certificate": CERTIFICATE, "base_url": url, **fields}
    return "\n".join([f"[{name}]", *(f'{field} = "{value}"' for field, value in members.items() if value), ""])


def test_the_default_profile_serves_where_the_environment_names_no_account(
    local: Local, run: Terminal, profiles: Profiles
) -> None:
    profiles(account("default", local.server.url))
    assert run("projects", "list", **NOTHING).exit_code == 0
    assert "(from profile default)" in run("config", "check", **NOTHING).out


def test_the_environment_is_before_the_default_profile_and_never_mixed_with_it(
    local: Local, run: Terminal, profiles: Profiles
) -> None:
    profiles(account("default", "http://127.0.0.1:9", customer_id="another", app_id="f" * 32))
    assert run("config", "check").exit_code == 0
    # The environment names an account without a certificate: the profile's is another account's.
    half = run("config", "check", AGORA_CUSTOMER_CERTIFICATE=None)
    assert half.exit_code == 3
    assert "No certificate for this customer ID" in half.err


def test_the_certificate_may_be_the_consoles_customer_secret(local: Local, run: Terminal) -> None:
    renamed = {"AGORA_CUSTOMER_CERTIFICATE": None, "AGORA_CUSTOMER_SECRET": CERTIFICATE}
    assert "AGORA_CUSTOMER_SECRET" in run("config", "show", **renamed).out
    assert run("config", "check", **renamed).exit_code == 0
    both = run("config", "check", AGORA_CUSTOMER_SECRET="planted-other")
    assert (both.exit_code, "different values" in both.err) == (3, True)


def test_the_environment_may_redirect_the_default_profile(local: Local, run: Terminal, profiles: Profiles) -> None:
    profiles(account("default", "https://production.invalid"))
    assert run("config", "check", **{**NOTHING, "AGORA_BASE_URL": local.server.url}).exit_code == 0


def test_a_profile_that_is_named_is_before_the_environment(local: Local, run: Terminal, profiles: Profiles) -> None:
    profiles(account("work", local.server.url))
    wrong = {
        "AGORA_CUSTOMER_ID": "wrong",
        "AGORA_CUSTOMER_CERTIFICATE": "wrong",
        "AGORA_BASE_URL": "http://127.0.0.1:9",
    }
    assert run("config", "check", "--profile", "work", **wrong).exit_code == 0
    assert run("config", "check", AGORA_PROFILE="work", **wrong).exit_code == 0


def test_options_are_before_everything(local: Local, run: Terminal, profiles: Profiles) -> None:
    profiles(account("work", "http://127.0.0.1:9"))
    assert run("config", "check", "--profile", "work", "--base-url", local.server.url).exit_code == 0


def test_an_unknown_profile_is_said_with_those_there_are(run: Terminal, profiles: Profiles) -> None:
    file = profiles(account("work", "https://a.invalid") + account("home", "https://b.invalid"))
    ran = run("projects", "list", "--profile", "wrok")
    assert ran.exit_code == 3
    assert f"There is no profile 'wrok' in {file} (existing: home, work)." in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('customer_id = "x"\n', "outside a profile"),
        ("[default]\ncustomer_certificate = planted-certificate\n", "is not TOML: see line 2"),
        ('[default]\ncertificate = "planted-certificate"\n', "no field 'certificate'"),
        ("[default]\ncustomer_id = 1.5\n", "must be a text in quotes"),
        ('[default.storage]\nkey = "planted-certificate"\n', "[default.storage] has no field 'key'"),
    ],
)
def test_a_file_that_is_wrong_is_said_to_be_so_without_what_is_in_it(
    run: Terminal, profiles: Profiles, text: str, said: str
) -> None:
    profiles(text)
    ran = run("projects", "list", "--profile", "default")
    assert ran.exit_code == 3
    assert said in ran.err


def test_the_certificate_may_come_from_standard_input(local: Local, run: Terminal) -> None:
    alone = {"AGORA_CUSTOMER_CERTIFICATE": None}
    assert run("config", "check", "--certificate-stdin", stdin=f"{CERTIFICATE}\n", **alone).exit_code == 0
    assert run("config", "check", "--certificate-stdin", stdin="", **alone).exit_code == 3
    neither = {**NOTHING, "AGORA_BASE_URL": local.server.url}
    words = ("config", "check", "--certificate-stdin", "--customer-id", CUSTOMER)
    assert run(*words, stdin=CERTIFICATE, **neither).exit_code == 0


def test_an_id_by_option_goes_with_the_certificate_of_the_same_account_only(run: Terminal) -> None:
    assert run("config", "check", "--customer-id", CUSTOMER).exit_code == 0
    assert run("config", "check", "--customer-id", CUSTOMER, AGORA_CUSTOMER_ID=None).exit_code == 0
    other = run("config", "check", "--customer-id", "another")
    assert other.exit_code == 3
    assert "No certificate" in other.err


@pytest.mark.parametrize(
    "name", ["AGORA_BASE_URL", "AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_CERTIFICATE", "AGORA_APP_ID", "AGORA_PROFILE"]
)
def test_an_empty_variable_is_refused_and_does_not_choose_another_account(
    run: Terminal, profiles: Profiles, name: str
) -> None:
    profiles(account("default", "https://production.invalid"))
    ran = run("channels", "list", **{name: ""})
    assert ran.exit_code in (2, 3)
    assert name in ran.err
    assert "empty" in ran.err


def test_an_empty_option_is_refused(run: Terminal) -> None:
    ran = run("projects", "list", "--base-url", "")
    assert (ran.exit_code, "base_url (from an option) is empty" in ran.err) == (3, True)
    ran = run("contract", "run", "--base-url", "")
    assert (ran.exit_code, "--base-url is empty" in ran.err) == (2, True)


def test_http_to_another_machine_is_permitted_by_the_environment_or_by_the_profile_of_the_address(
    run: Terminal, profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = Emulator(customer_id=CUSTOMER, customer_certificate=CERTIFICATE, allow_hosts=("agora",))
    with emulator.serve() as server, reached_by_name("agora", monkeypatch):
        url = server.url.replace("127.0.0.1", "agora")
        profiles(account("private", url, allow_http="true") + account("other", url))
        permitted = (
            (("--profile", "private"), {}),
            (("--profile", "other"), {"AGORA_ALLOW_HTTP": "true"}),
            ((), {"AGORA_BASE_URL": url, "AGORA_ALLOW_HTTP": "true"}),
        )
        refused = (
            (("--profile", "other"), {}),
            (("--profile", "private", "--base-url", url), {}),
            ((), {"AGORA_BASE_URL": url}),
        )
        for words, variables in permitted:
            assert run("config", "check", *words, **variables).exit_code == 0
        for words, variables in refused:
            ran = run("config", "check", *words, **variables)
            assert (ran.exit_code, "AGORA_ALLOW_HTTP=true" in ran.err) == (3, True)
    wrong = run("config", "check", AGORA_ALLOW_HTTP="yes")
    assert "allow_http (from AGORA_ALLOW_HTTP) must be true or false, not 'yes'" in wrong.err


def test_a_worker_takes_the_permission_for_http_of_its_profile(
    run: Terminal, profiles: Profiles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def nothing(_: Worker) -> None:
        """No work: the client has been created by then."""

    monkeypatch.setattr(Worker, "run_until_signalled", nothing)
    profiles(account("private", "http://agora:8080", allow_http="true") + account("other", "http://agora:8080"))
    journal = f"sqlite:///{tmp_path}/recordings.db"
    assert run("fleet", "migrate", AGORA_JOURNAL=journal).exit_code == 0
    for profile, code in (("private", 0), ("other", 3)):
        assert run("fleet", "worker", "--profile", profile, AGORA_JOURNAL=journal).exit_code == code


@contextmanager
def reached_by_name(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`name` is resolved to this machine, as in the network of a container."""
    resolve = socket.getaddrinfo

    def resolved(host: Any, *more: Any, **others: Any) -> Any:
        return resolve("127.0.0.1" if host in (name, name.encode()) else host, *more, **others)

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolved)
        yield


def test_config_show_says_where_everything_comes_from_and_shows_no_secret(
    local: Local, run: Terminal, profiles: Profiles
) -> None:
    storage = '[work.storage]\nvendor = "qiniu"\naccess_key = "planted-access-key"\n'
    profiles(account("work", local.server.url, app_id="") + storage)
    settings = run("config", "show", "--profile", "work", "--json", AGORA_STORAGE_SECRET_KEY=None).json["settings"]
    assert settings["customer_id"] == {"set": True, "shown": f"{CUSTOMER[:4]}…", "source": "profile work"}
    assert settings["customer_certificate"] == {"set": True, "shown": "(set)", "source": "profile work"}
    assert settings["app_id"]["source"] == "AGORA_APP_ID"
    assert settings["storage.access_key"]["shown"] == "(set)"
    assert settings["storage.secret_key"] == {"set": False}
    assert "profile work" in run("config", "show", "--profile", "work").out


def test_config_show_works_without_any_account(run: Terminal) -> None:
    ran = run("config", "show", **NOTHING)
    assert ran.exit_code == 0
    assert "customer_id\t-\tnot set" in ran.out
    assert "base_url\thttps://api.agora.io\tthe default" in ran.out


def test_config_check_asks_the_server(local: Local, run: Terminal) -> None:
    assert "The account has 2 projects, 2 enabled." in run("config", "check").out
    assert run("config", "check", "--json").json == {
        "accepted": True,
        "base_url": local.server.url,
        "source": "AGORA_CUSTOMER_ID",
        "projects": 2,
    }
    assert run("config", "check", AGORA_CUSTOMER_CERTIFICATE="wrong").exit_code == 3


def test_the_app_id_may_be_left_out_where_there_is_one_enabled_project(local: Local, run: Terminal) -> None:
    which = run("channels", "list", AGORA_APP_ID=None)
    assert which.exit_code == 2
    assert "2 enabled projects" in which.err
    local.api.projects.disable("secret")
    assert run("channels", "list", AGORA_APP_ID=None).out.count("\n") == 3


def test_storage_comes_from_the_profile_and_its_keys_from_nowhere_else_than_there_or_the_environment(
    local: Local, run: Terminal, profiles: Profiles
) -> None:
    keys = 'access_key = "planted-access-key"\nsecret_key = "planted-secret-key"\n'
    storage = f'[work.storage]\nvendor = "alibaba"\nregion = 3\nbucket = "b"\n{keys}'
    profiles(account("work", local.server.url) + storage)
    gone: dict[str, str | None] = {"AGORA_STORAGE_ACCESS_KEY": None, "AGORA_STORAGE_SECRET_KEY": None}
    words = ("recordings", "start", "lesson-42", "--uid", "9")
    assert run(*words, "--profile", "work", **gone).exit_code == 0
    sent = local.emulator.requests()[-1]
    assert '"vendor": 2' in str(sent).replace("'", '"')
    missing = run(*words, *STORAGE, **gone)
    assert missing.exit_code == 3
    assert "AGORA_STORAGE_ACCESS_KEY" in missing.err


def test_a_profile_that_is_saved_works_and_is_private_from_the_start(
    local: Local, run: Terminal, tmp_path: Path
) -> None:
    words = ("config", "save", "new one", "--customer-id", CUSTOMER, "--base-url", local.server.url)
    ran = run(*words, "--certificate-stdin", stdin=CERTIFICATE, **NOTHING)
    assert ran.exit_code == 0
    file = tmp_path / "config" / "agora-rest" / "profiles.toml"
    assert str(file) in ran.out
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("config", "check", "--profile", "new one", **NOTHING).exit_code == 0


def test_saving_keeps_what_is_in_the_file(local: Local, run: Terminal, profiles: Profiles) -> None:
    file = profiles("# mine\n" + account("work", local.server.url))
    before = file.read_text(encoding="utf-8")
    odd = 'q"uo\\te]\u00e9'
    assert run("config", "save", odd, "--certificate-stdin", stdin='cert"\\ificate').exit_code == 0
    assert file.read_text(encoding="utf-8").startswith(before)
    saved = tomllib.loads(file.read_text(encoding="utf-8"))
    assert saved[odd]["customer_certificate"] == 'cert"\\ificate'
    assert saved["work"]["customer_id"] == CUSTOMER


def test_saving_overwrites_nothing_and_asks_nobody_who_is_not_there(run: Terminal, profiles: Profiles) -> None:
    file = profiles(account("work", "https://a.invalid"))
    before = file.read_text(encoding="utf-8")
    assert run("config", "save", "work", "--certificate-stdin", stdin=CERTIFICATE).exit_code == 2
    assert run("config", "save", "other").exit_code == 2
    assert run("config", "save", "other", "--certificate-stdin", stdin="a\tb").exit_code == 2
    assert file.read_text(encoding="utf-8") == before
