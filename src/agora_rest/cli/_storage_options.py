"""Options for the storage of a recording. Its keys come from the environment or the profile, never from an option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

from agora_rest.cli._accounts import ENVIRONMENT, Account
from agora_rest.cli._completing import fixed_offers, members
from agora_rest.cli._exits import CliError, Exit
from agora_rest.cli._options import option
from agora_rest.client import enums

if TYPE_CHECKING:
    from agora_rest import Storage

_VENDORS: Final[dict[str, type[IntEnum] | None]] = {
    "s3": enums.S3Region,
    "qiniu": enums.QiniuRegion,
    "alibaba": enums.AlibabaRegion,
    "tencent": enums.TencentRegion,
    "azure": None,
    "google": None,
    "huawei": enums.HuaweiRegion,
    "baidu": enums.BaiduRegion,
    "s3-compatible": None,
}
"""The vendors with their regions; None if the region has no effect (CR-99)."""
_WITH_TEMPORARY_KEYS: Final = ("s3", "alibaba", "tencent")
_REGIONS: Final = sorted({name for kind in _VENDORS.values() if kind for name in members(kind)})

_STORAGE: Final = "Storage"


@dataclass(frozen=True)
class StorageOptions:
    """The storage of the files. The keys come from the environment or the profile."""

    storage: Annotated[
        str | None,
        option(
            f"The storage vendor: {', '.join(_VENDORS)}; also AGORA_STORAGE_VENDOR. Its keys are taken from "
            "AGORA_STORAGE_ACCESS_KEY and AGORA_STORAGE_SECRET_KEY, or from the profile; temporary keys need "
            "AGORA_STORAGE_STS_TOKEN too.",
            "VENDOR",
            "--storage",
            "--vendor",
            panel=_STORAGE,
            autocompletion=fixed_offers(*_VENDORS),
        ),
    ] = None
    region: Annotated[
        str | None,
        option(
            "The bucket's region by name or number, e.g. eu-west-1; also AGORA_STORAGE_REGION. Vendors azure, "
            "google and s3-compatible need none.",
            "NAME",
            panel=_STORAGE,
            autocompletion=fixed_offers(*_REGIONS),
        ),
    ] = None
    bucket: Annotated[str | None, option("The bucket; also AGORA_STORAGE_BUCKET.", "NAME", panel=_STORAGE)] = None
    endpoint: Annotated[
        str | None,
        option(
            "The host of an s3-compatible storage, without a scheme; also AGORA_STORAGE_ENDPOINT.",
            "HOST",
            panel=_STORAGE,
        ),
    ] = None
    prefix: Annotated[
        str | None,
        option(
            "The folders for the files, of letters and digits, e.g. lessons/2026; also AGORA_STORAGE_FILE_NAME_PREFIX.",
            "FOLDERS",
            panel=_STORAGE,
        ),
    ] = None

    def resolve(self, account: Account) -> Storage:
        """The storage from options, environment and profile together. Raises CliError for missing values."""
        import agora_rest

        given = {"vendor": self.storage, "region": self.region, "bucket": self.bucket, "endpoint": self.endpoint}
        settings = _settings(account, given)
        vendor = settings.pop("vendor")
        arguments: dict[str, Any] = dict(settings)
        if "region" in settings:
            arguments["region"] = _region(vendor, settings["region"])
        token = account.from_same_layer("storage.access_key", "storage.sts_token")
        if token is not None and vendor in _WITH_TEMPORARY_KEYS:
            arguments["sts_token"] = token.value
        prefix = self.prefix or ((setting := account.get("storage.file_name_prefix")) and setting.value)
        if prefix:
            arguments["file_name_prefix"] = [folder for folder in prefix.split("/") if folder]
        kind = f"{vendor.title().replace('-', '')}Storage"  # such as S3CompatibleStorage
        found: Storage = getattr(agora_rest, kind)(**arguments)
        return found


def _region(vendor: str, region: str) -> int:
    """A region by name or number. Raises CliError for one that the vendor does not have."""
    regions = _VENDORS[vendor] or enums.S3Region  # those without regions are not asked for one
    wanted = region.upper().replace("-", "_")
    if wanted in regions.__members__:
        return regions[wanted]
    if not (region.isascii() and region.isdigit()):
        raise CliError(f"{vendor} has no region {region!r}: choose {', '.join(members(regions))}.")
    return int(region)


_FIELDS: Final = {
    "vendor": "--storage",
    "region": "--region",
    "bucket": "--bucket",
    "endpoint": "--endpoint",
    "access_key": None,
    "secret_key": None,
}
"""The storage fields, each with its option. The keys have no options, because other users could read them."""


def _needed(vendor: str) -> list[str]:
    """The fields that a storage of this vendor consists of; of an unknown vendor those that all have."""
    without = {"endpoint"} if vendor != "s3-compatible" else set()
    if vendor in _VENDORS and _VENDORS[vendor] is None:
        without.add("region")
    return [field for field in _FIELDS if field not in without]


def _settings(account: Account, given: Mapping[str, str | None]) -> dict[str, str]:
    """The settings of the storage by field. Raises CliError that lists all missing ones."""
    found = {
        field: given.get(field) or ((setting := account.get(f"storage.{field}")) and setting.value) for field in _FIELDS
    }
    vendor = found["vendor"] = (found["vendor"] or "").lower()
    if vendor and vendor not in _VENDORS:
        raise CliError(f"Unknown storage vendor {vendor!r}: choose {', '.join(_VENDORS)}.")
    if given.get("endpoint") and vendor and vendor != "s3-compatible":
        raise CliError(f"--endpoint belongs to --storage s3-compatible, not to {vendor}.")
    needed = _needed(vendor)
    missing = [field for field in needed if not found[field]]
    if missing:
        ways = [f"{_FIELDS[field]} or " if _FIELDS[field] else "" for field in missing]
        listed = ", ".join(f"{way}{ENVIRONMENT[f'storage.{field}']}" for way, field in zip(ways, missing, strict=True))
        advice = "`agora-rest config save` keeps them in a profile"
        options = any(_FIELDS[field] for field in missing)
        raise CliError(
            f"The storage for the files is not fully described. Set {listed}; {advice}.",
            Exit.USAGE if options else Exit.CREDENTIALS,
        )
    return {field: value for field in needed if (value := found[field])}
