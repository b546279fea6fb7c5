"""The sources of keys of storages, passwords of channels and tokens of recorders. The journal stores none of them."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from agora_rest.client.enums import AlibabaRegion, BaiduRegion, HuaweiRegion, QiniuRegion, S3Region, TencentRegion
from agora_rest.client.settings import (
    AlibabaStorage,
    AzureStorage,
    BaiduStorage,
    GoogleStorage,
    HuaweiStorage,
    QiniuStorage,
    S3CompatibleStorage,
    S3Storage,
    Storage,
    TencentStorage,
)
from agora_rest.errors import ConfigurationError

StorageResolver = Callable[[str], Storage]
"""Returns the storage of a name. Raises ConfigurationError, or a LookupError for an unknown name."""
SecretResolver = Callable[[str], str]
"""Returns the password of a name, in the same way."""
TokenResolver = Callable[[str, str, str], str | Awaitable[str | None] | None]
"""Returns the recorder's token for an App ID, a channel and a user ID, in this order; None for no token.

It is called whenever a start is due, in a thread or as a coroutine function. It raises in the same way.
"""

DEFAULT: Final = "default"
"""The name for the variables without a name."""

_KINDS: Final[dict[str, tuple[type[Any], type[Any] | None]]] = {
    "qiniu": (QiniuStorage, QiniuRegion),
    "s3": (S3Storage, S3Region),
    "alibaba": (AlibabaStorage, AlibabaRegion),
    "tencent": (TencentStorage, TencentRegion),
    "azure": (AzureStorage, None),
    "google": (GoogleStorage, None),
    "huawei": (HuaweiStorage, HuaweiRegion),
    "baidu": (BaiduStorage, BaiduRegion),
    "s3-compatible": (S3CompatibleStorage, None),
}
"""The class and the regions of each vendor; None if the region has no effect."""


def storage_from_environment(name: str, environment: Mapping[str, str] | None = None) -> Storage:
    """The storage described by AGORA_STORAGE_<NAME>_VENDOR, …_REGION, …_BUCKET, …_ACCESS_KEY and …_SECRET_KEY.

    The vendor is `qiniu`, `s3`, `alibaba`, `tencent`, `azure`, `google`, `huawei`, `baidu` or `s3-compatible`; the
    region its number, or its name as in the region enums. Azure, Google and S3-compatible storages need no region, and
    the last an …_ENDPOINT. …_FILE_NAME_PREFIX may name folders (`a/b`). What is neither a letter nor a digit in `name`
    is `_` in the variables; the storage `default` has those without a name (AGORA_STORAGE_VENDOR). Raises
    ConfigurationError naming the variable that is missing or wrong.
    """
    values = os.environ if environment is None else environment
    prefix = f"AGORA_STORAGE{_variable(name)}_"

    def value(member: str) -> str:
        if not (found := values.get(prefix + member)):
            raise ConfigurationError(f"The storage {name!r} is not described: set the variable {prefix}{member}.")
        return found

    vendor = value("VENDOR").lower()
    if vendor not in _KINDS:
        raise ConfigurationError(f"{prefix}VENDOR must be one of {', '.join(_KINDS)}, not {vendor!r}.")
    kind, regions = _KINDS[vendor]
    given: dict[str, Any] = {} if regions is None else {"region": _region(value("REGION"), regions, f"{prefix}REGION")}
    if kind is S3CompatibleStorage:
        given["endpoint"] = value("ENDPOINT")
    if folders := values.get(f"{prefix}FILE_NAME_PREFIX"):
        given["file_name_prefix"] = folders.strip("/").split("/")
    storage: Storage = kind(
        bucket=value("BUCKET"), access_key=value("ACCESS_KEY"), secret_key=value("SECRET_KEY"), **given
    )
    return storage


def secret_from_environment(name: str, environment: Mapping[str, str] | None = None) -> str:
    """The password of encrypted channels in AGORA_DECRYPTION_SECRET_<NAME>; without the suffix for `default`.

    Raises ConfigurationError if it is missing.
    """
    variable = f"AGORA_DECRYPTION_SECRET{_variable(name)}"
    found = (os.environ if environment is None else environment).get(variable)
    if not found:
        raise ConfigurationError(f"There is no password {name!r}: set the environment variable {variable}.")
    return found


def _variable(name: str) -> str:
    return "" if name == DEFAULT else "_" + re.sub(r"[^A-Z0-9]", "_", name.upper())


def _region(text: str, regions: type[Any], variable: str) -> Any:
    try:
        return regions(int(text)) if text.isdecimal() else regions[text.upper().replace("-", "_")]
    except (KeyError, ValueError):
        names = ", ".join(f"{region.value} ({region.name})" for region in regions)
        raise ConfigurationError(f"{variable} must be one of {names}, not {text!r}.") from None
