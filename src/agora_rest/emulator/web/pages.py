"""Serves the live page, the API reference, and their files."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from agora_rest import spec
from agora_rest.emulator.web.messages import Request, Response, json_response
from agora_rest.emulator.web.origins import OriginPolicy

if TYPE_CHECKING:
    from agora_rest.emulator.state import EmulatorState

ASSETS: Final = "/_emulator/assets/"

SPECS: Final[dict[str, spec.Api]] = {f"/docs/{api}.json": api for api in spec.APIS}

PAGES: Final = {"/": "page.html", "/docs": "docs.html"}

SECURITY: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)
"""Security headers of all pages and files."""

# Nothing inline and nothing from other hosts, so that a name which looks like markup is never executed. `data:` is
# for the images in the stylesheet of the API reference.
POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_TYPES: Final = {
    "css": b"text/css; charset=utf-8",
    "html": b"text/html; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
    "txt": b"text/plain; charset=utf-8",
}


# What serves a page is imported for the first one: most emulators serve none.


class Pages:
    """The pages of one emulator."""

    def __init__(self, emulator: EmulatorState, origins: OriginPolicy) -> None:
        self._emulator = emulator
        self._origins = origins

    @staticmethod
    def serves(path: str) -> bool:
        """Whether this path belongs to a page or to one of its files."""
        return path in PAGES or path in SPECS or path.startswith(ASSETS)

    def respond(self, request: Request) -> Response:
        """The response for the path of a request."""
        if self._origins.refuses(request, may_be_visited=request.path in PAGES):
            return json_response(403, {"message": "the page is not shown inside other sites"}, *SECURITY)
        if request.method not in ("GET", "HEAD"):
            return json_response(405, {"message": "Method Not Allowed"}, (b"allow", b"GET, HEAD"), *SECURITY)
        if request.path in SPECS:
            return json_response(200, _document(SPECS[request.path], self._emulator.settings.edition), *SECURITY)
        if request.path in PAGES:
            return self._page(PAGES[request.path])
        found = _assets().get(request.path.removeprefix(ASSETS))
        if found is None:
            return json_response(404, {"message": "there is no such file"}, *SECURITY)
        kind, content, tag = found
        headers = ((b"content-type", kind), (b"etag", tag), (b"cache-control", b"no-cache"), *SECURITY)
        if tag in request.values(b"if-none-match"):
            return Response(304, b"", headers)
        return Response(200, content, headers)

    def _page(self, name: str) -> Response:
        """A page with the credentials filled in: the certificate only if it is the documented one."""
        import html

        account = html.escape(json.dumps(self._emulator.account), quote=True).encode("utf-8")
        headers = ((b"content-type", _TYPES["html"]), (b"content-security-policy", POLICY), *SECURITY)
        return Response(200, _file(name).replace(b"{account}", account), (*headers, (b"cache-control", b"no-cache")))


@cache
def _document(api: spec.Api, edition: spec.Edition) -> dict[str, Any]:
    """A specification with this emulator as its server."""
    document = spec.document(api, edition)
    prefix = document["servers"][0]["url"].partition("://")[2].partition("/")[2]
    return document | {"servers": [{"url": f"/{prefix}", "description": "This emulator."}]}


@cache
def _assets() -> dict[str, tuple[bytes, bytes, bytes]]:
    """Type, content and tag of every file of the pages, by name."""
    import hashlib
    from importlib.resources import files

    found = {}
    root = files(__package__).joinpath("assets")
    for folder, prefix in ((root, ""), *((each, f"{each.name}/") for each in root.iterdir() if each.is_dir())):
        for file in folder.iterdir():
            kind = _TYPES.get(file.name.rpartition(".")[2])
            if file.is_file() and kind is not None:
                content = file.read_bytes()
                tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'.encode("ascii")
                found[prefix + file.name] = (kind, content, tag)
    return found


@cache
def _file(name: str) -> bytes:
    from importlib.resources import files

    return files(__package__).joinpath(name).read_bytes()
