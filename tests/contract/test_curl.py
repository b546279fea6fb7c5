from __future__ import annotations

import base64
import os
import shlex
import subprocess
import sys

import pytest

from agora_rest.contract.results.curl import Curl
from agora_rest.redaction import Secrets
from tests.contract.conftest import ACCOUNT, exchange

CURL = Curl("http://server", Secrets([ACCOUNT.customer_certificate]), ACCOUNT.credentials)


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_credentials_stand_as_variables() -> None:
    line = CURL.line(exchange(request_headers=basic(*ACCOUNT.credentials)))
    assert line == 'curl -sS -u "$AGORA_CUSTOMER_ID:$AGORA_CUSTOMER_CERTIFICATE" http://server/dev/v1/projects'


@pytest.mark.parametrize(
    "value",
    [
        basic("customer", ACCOUNT.customer_certificate + "x")["authorization"],
        "basic " + basic(*ACCOUNT.credentials)["authorization"].removeprefix("Basic "),
        "Basic  " + basic(*ACCOUNT.credentials)["authorization"].removeprefix("Basic ") + "=",
        f"Bearer {ACCOUNT.customer_certificate}",
    ],
)
def test_any_other_authorization_runs_as_it_was_sent_and_never_shows_the_certificate(value: str) -> None:
    line = CURL.line(exchange(request_headers={"authorization": value}))
    assert ACCOUNT.customer_certificate not in line
    assert "<hidden>" not in line
    told = (
        'curl() { while [ $# -gt 0 ]; do case $1 in -u) printf "Basic %s" "$(printf %s "$2" | base64 | tr -d "\\n")";; '
    )
    script = told + '-H) printf %s "${2#Authorization: }";; esac; shift; done; }; ' + line
    user, certificate = ACCOUNT.credentials
    variables = {**os.environ, "AGORA_CUSTOMER_ID": user, "AGORA_CUSTOMER_CERTIFICATE": certificate}
    sent = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env=variables, text=True).stdout
    assert sent == value


@pytest.mark.parametrize(
    "body", [b'{"name": "it\'s"}', '{"name": "ü $HOME `x` !"}'.encode(), b"\xff\x00'\\n", b"line\nline", b"\\"]
)
def test_a_shell_reads_the_body_back_byte_for_byte(body: bytes) -> None:
    line = CURL.line(exchange(method="POST", asked=body))
    script = (
        line.replace("curl -sS", "printf %s").replace("--data-binary", "").replace("http://server/dev/v1/projects", "")
    )
    if b"\x00" in body:  # no shell word can hold it, so it is the one byte the word ends at
        body = body.split(b"\x00")[0]
    assert subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout == body


def test_the_url_of_an_embedded_server_is_a_variable() -> None:
    embedded = Curl("http://server", Secrets([]), ACCOUNT.credentials, variable_base=True)
    line = embedded.line(exchange(url="http://server/dev/v1/project?id=a&name=b"))
    assert line == "curl -sS \"$AGORA_BASE_URL\"'/dev/v1/project?id=a&name=b'"


def test_a_method_that_curl_would_not_take_by_itself_is_named() -> None:
    assert "-X DELETE" in CURL.line(exchange(method="DELETE", asked={"id": "x"}))
    assert "-X POST" in CURL.line(exchange(method="POST"))
    assert "-X" not in shlex.split(CURL.line(exchange(method="POST", asked={})))


def test_what_an_answer_gives_to_a_later_request_is_a_variable(tmp_path) -> None:
    created = exchange(
        "create_project",
        200,
        {"project": [{"id": "a1b2c3d4", "vendor_key": "f" * 32, "sign_key": ""}]},
        method="POST",
        url="http://server/dev/v1/project",
        asked={"name": "it's one"},
    )
    ruled = exchange(
        "create_kicking_rule", 200, {"id": 31}, method="POST", url="http://server/a", asked={"appid": "f" * 32}
    )
    lifted = exchange(
        "delete_kicking_rule", 200, {}, method="DELETE", url="http://server/b", asked={"time": 31, "id": 31}
    )
    found = exchange("find_project", 200, {}, url="http://server/dev/v1/project?id=a1b2c3d4")

    lines = CURL.lines([created, ruled, lifted, found])

    # A curl that answers as the server did, and notes what it was asked.
    (tmp_path / "curl").write_text(
        "#!/bin/bash\n"
        'printf "%s\\n" "${@: -1} ${@: -2:1}" >>asked\n'
        "case ${@: -1} in\n"
        """*project) echo '{"project": [{"id": "NEWPROJECT", "vendor_key": "NEWAPP"}]}';;\n"""
        """*/a) echo '{"id": 77}';;\n"""
        "esac\n"
    )
    (tmp_path / "jq").write_text(
        f"#!/bin/bash\nexec {sys.executable} -c '"
        "import json,re,sys\nv=json.load(sys.stdin)\n"
        'for step in re.findall(r"\\w+", sys.argv[1]): v=v[int(step)] if step.isdigit() else v[step]\n'
        'print(v)\' "${@: -1}"\n'
    )
    for tool in ("curl", "jq"):
        (tmp_path / tool).chmod(0o755)
    subprocess.run(
        ["bash", "-euc", "\n".join(lines)], cwd=tmp_path, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True
    )
    assert (tmp_path / "asked").read_text().splitlines() == [
        'http://server/dev/v1/project {"name": "it\'s one"}',
        'http://server/a {"appid": "NEWAPP"}',
        'http://server/b {"time": 31, "id": 77}',
        "http://server/dev/v1/project?id=NEWPROJECT -sS",
    ]
