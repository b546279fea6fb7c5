"""Runs schemathesis' own command line over our specifications against the emulator, with the settings users are given.

An outsider's tool with all its checks on; `schemathesis.toml` explains what departs from its own ways.
"""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import urlsplit

from agora_rest import spec
from agora_rest.emulator import Emulator

NOT_OBSERVED = "unsupported_method,negative_data_rejection"
"""Checks that servers of the observed dialect do not pass: they answer a wrong method with 404 instead of 405, and take
digits in quotes for numbers and null for a member that was not given."""


def main() -> None:
    failed = []
    for dialect in ("documented", "observed"):
        for api in spec.APIS:
            print(f"==> schemathesis run openapi/{api}.yaml ({dialect})", flush=True)
            with Emulator(dialect=dialect, rate_limit=False).serve() as server:
                url = server.url + urlsplit(spec.document(api)["servers"][0]["url"]).path
                command = ["schemathesis", "run", f"openapi/{api}.yaml", "--url", url, "--seed", "1"]
                if dialect == "observed":
                    command += ["--exclude-checks", NOT_OBSERVED]
                if subprocess.run([*command, *sys.argv[1:]], check=False).returncode:
                    failed.append(f"{api} ({dialect})")
    if failed:
        raise SystemExit(f"schemathesis found something: {', '.join(failed)}")


if __name__ == "__main__":
    main()
