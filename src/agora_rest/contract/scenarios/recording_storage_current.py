"""Storages of the present documents: vendors, regions, keys, folders; and the token of the channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import OMIT, Server
from agora_rest.contract.scenarios._current import MODES, settings, start_refuses, start_takes, stored, values

_NEW_VENDORS: Final = (3, 5, 6, 7, 8, 11)
_ENDPOINT: Final = {"endpoint": "s3.example.com"}

_REGIONS: Final[dict[int, tuple[int, ...]]] = {
    1: (*range(17), *range(18, 23), 24, 25),
    2: tuple(range(28)),
    3: tuple(range(20)),
    7: tuple(range(16)),
    8: tuple(range(1, 8)),
}
"""The regions of each vendor that has a table of them (CR-99)."""

_NO_REGIONS: Final[dict[int, tuple[int, ...]]] = {
    1: (23, 26, 27, -1),
    2: (28, -1),
    3: (20, -1),
    7: (16, -1),
    8: (0, 8),
}


def _at(vendor: int, **more: Any) -> dict[str, Any]:
    """A client request with a storage of this vendor."""
    first = {8: 1}.get(vendor, 0)
    needed = {"extensionParams": dict(_ENDPOINT)} if vendor == 11 else {}
    return stored(**{"vendor": vendor, "region": first, **needed, **more})


def _with_prefix(*folders: Any) -> dict[str, Any]:
    return stored(fileNamePrefix=list(folders))


@check("CR-97")
def a_token_is_a_text(server: Server) -> None:
    """`token` may be left out, empty, or any text, in every mode; anything else is error 2."""
    for mode in MODES:
        start_takes(server, mode, settings(mode, token="contract-t"), settings(mode, token=""))  # noqa: S106  invented
    start_refuses(server, "mix", *(settings("mix", token=token) for token in values(5, 0.5, True, [], {}, ["t"])))


@check("CR-98")
def there_are_eight_vendors(server: Server) -> None:
    """`vendor` is 1, 2, 3, 5, 6, 7, 8 or 11; other numbers are error 2."""
    start_takes(server, "mix", *(_at(vendor) for vendor in (1, 2, *_NEW_VENDORS)))
    wrong = values(4, 9, 10, 12, 13, 99, -1, 1.5, True, "S3", [])
    start_refuses(server, "mix", *(stored(vendor=vendor, region=0, extensionParams=_ENDPOINT) for vendor in wrong))


@check("CR-98")
def every_mode_stores_at_every_vendor(server: Server) -> None:
    """The vendors are those of all modes."""
    for mode in ("individual", "web"):
        storages = (_at(vendor)["storageConfig"] for vendor in _NEW_VENDORS)
        start_takes(server, mode, *(settings(mode, storageConfig=storage) for storage in storages))


@check("CR-98")
def a_storage_needs_all_its_members(server: Server) -> None:
    """`bucket`, `region`, `accessKey` and `secretKey` are required with every vendor."""
    for vendor in _NEW_VENDORS:
        names = ("bucket", "region", "accessKey", "secretKey")
        start_refuses(server, "mix", *(_at(vendor, **{name: OMIT}) for name in names))


@check("CR-99")
def every_region_of_a_vendor_is_taken(server: Server) -> None:
    """`region` is one in the vendor's table."""
    start_takes(server, "mix", *_places(_REGIONS))


@check("CR-99")
def no_other_region_of_a_vendor_is_taken(server: Server) -> None:
    """A `region` that is not in the vendor's table is error 2."""
    start_refuses(server, "mix", *_places(_NO_REGIONS))


@check("CR-99")
def some_vendors_have_one_region(server: Server) -> None:
    """Microsoft Azure, Google Cloud and compatible storages have region 0, which must be a whole number."""
    for vendor in (5, 6, 11):
        start_takes(server, "mix", _at(vendor))
        start_refuses(server, "mix", *(_at(vendor, region=region) for region in values(0.5, "x", [], True)))


def _places(table: dict[int, tuple[int, ...]]) -> Iterator[dict[str, Any]]:
    return (_at(vendor, region=region) for vendor, regions in table.items() for region in regions)


@check("CR-100")
def a_compatible_storage_needs_its_endpoint(server: Server) -> None:
    """Vendor 11 needs `extensionParams.endpoint`; the others do not."""
    start_takes(server, "mix", _at(11), _at(1, extensionParams=dict(_ENDPOINT)))
    start_refuses(
        server,
        "mix",
        _at(11, extensionParams=OMIT),
        _at(11, extensionParams={}),
        _at(11, extensionParams={"endpoint": 5}),
    )


@check("CR-101")
def files_are_encrypted_and_tagged(server: Server) -> None:
    """`extensionParams.sse` is `kms` or `aes256`, `tag` a text, each without the other; another `sse` is error 2."""
    given: tuple[dict[str, Any], ...] = (
        {"sse": "kms"},
        {"sse": "aes256"},
        {"tag": "RETENTION_DAYS=30"},
        {"sse": "kms", "tag": "a=b"},
        {},
    )
    start_takes(server, "mix", *(_at(1, extensionParams=each) for each in given))
    start_takes(server, "mix", _at(2, extensionParams={"tag": "RETENTION_DAYS=30"}))
    wrong = values("aes128", "KMS", "", 5, True, [])
    start_refuses(server, "mix", *(_at(1, extensionParams={"sse": each}) for each in wrong))
    start_refuses(server, "mix", *(_at(1, extensionParams={"tag": each}) for each in values(5, True, [], {})))


@check("CR-102")
def keys_may_be_temporary(server: Server) -> None:
    """`stsToken` is a text and `stsExpiration` a whole number of seconds; an end in the past is not refused."""
    sts: dict[str, Any] = {"stsToken": "contract-sts-token", "stsExpiration": 1798761600}
    start_takes(server, "mix", *(_at(vendor, **sts) for vendor in (1, 2, 3)), _at(1, **{**sts, "stsExpiration": 1}))
    start_takes(server, "mix", _at(5, **sts), _at(7, **sts))
    start_refuses(
        server, "mix", *(_at(1, **{**sts, "stsExpiration": each}) for each in values("soon", 0.5, True, [], {}))
    )
    start_refuses(server, "mix", *(_at(1, **{**sts, "stsToken": each}) for each in values(5, True, [], {})))


@check("CR-103")
def folders_are_letters_and_digits(server: Server) -> None:
    """`fileNamePrefix` is a list of names of letters and digits; another character or an empty name is error 2."""
    start_takes(server, "mix", _with_prefix("directory1"), _with_prefix("a", "B", "09"))
    wrong = ("a_b", "a-b", "a/b", "", "é", "a b", "[a]", ".", "a\n")
    start_refuses(server, "mix", *(_with_prefix(name) for name in wrong))
    start_refuses(server, "mix", *(stored(fileNamePrefix=each) for each in ("a", 5, {"a": "b"}, [5], [["a"]])))


@check("CR-103")
def folders_have_128_characters_together(server: Server) -> None:
    """The names of folders have at most 128 characters, with a slash behind each."""
    start_takes(server, "mix", _with_prefix("a" * 127), _with_prefix("a" * 63, "b" * 63), _with_prefix(*["a"] * 64))
    start_refuses(server, "mix", _with_prefix("a" * 128), _with_prefix("a" * 63, "b" * 64), _with_prefix(*["a"] * 65))
