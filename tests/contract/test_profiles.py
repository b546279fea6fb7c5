from __future__ import annotations

import httpx
import pytest

from agora_rest.contract.checks import Skipped
from agora_rest.contract.profiles import Profile, profile_for


@pytest.mark.parametrize(
    ("url", "controlled", "profile"),
    [
        ("http://127.0.0.1:8080", False, Profile.LOCAL),
        ("http://[::1]:8080", False, Profile.LOCAL),
        ("http://localhost", False, Profile.LOCAL),
        ("http://emulator:8080", True, Profile.LOCAL),
        ("https://api.agora.io", False, Profile.READ_ONLY),
        ("https://127.0.0.1.example.com", False, Profile.READ_ONLY),
        ("https://localhost.example.com", False, Profile.READ_ONLY),
    ],
)
def test_a_server_that_is_not_ours_is_only_read(url: str, controlled: bool, profile: Profile) -> None:
    assert profile_for(url, controlled=controlled) is profile


def test_a_read_only_server_never_gets_anything_but_gets(serve) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(200, json={"projects": []})

    server = serve(answer, profile=Profile.READ_ONLY)
    server.list_projects()
    for send in (server.acquire, server.create_project, lambda: server.request("PUT", "/dev/v1/kicking-rule/")):
        with pytest.raises(Skipped):
            send()
    assert asked == ["GET"]
