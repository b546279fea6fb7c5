"""The storages that the files of a recording can go to, one class for each vendor (CR-34, CR-98).

`repr` hides keys and tokens. A pickle contains them in the clear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum
from typing import Any, ClassVar, Final, Literal

from agora_rest.client._setting import Setting
from agora_rest.client.enums import (
    AlibabaRegion,
    BaiduRegion,
    HuaweiRegion,
    QiniuRegion,
    S3Region,
    TencentRegion,
)
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import HIDDEN, Payload

_LONGEST_PREFIX: Final = 128
"""Characters of all folders of `file_name_prefix`, with the slashes between them (CR-103)."""

_LAST_SECOND: Final = 10**11
"""In Unix time, in the year 5138. As milliseconds it is in 1973, before there were keys that expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Storage(Setting):
    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    file_name_prefix: Sequence[str] | None = None
    """The folders that the files go to, of letters and digits: `["a", "b"]` puts `a/b/` before their names (CR-103)."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    vendor: ClassVar[int]
    _regions: ClassVar[type[IntEnum] | None] = None
    """The regions of the vendor; None if the region has no effect."""
    _extension_params: ClassVar[tuple[str, ...]] = ()
    """The fields that are members of `extensionParams`."""

    def __post_init__(self) -> None:
        """Reject a region of another vendor, whose number means a different region here."""
        if self._regions is not None:
            _check_region(getattr(self, "region"), self._regions)  # noqa: B009  a field of each subclass
        folders = self.file_name_prefix
        if isinstance(folders, list | tuple) and len("/".join(map(str, folders))) > _LONGEST_PREFIX:
            rule = f"must have at most {_LONGEST_PREFIX} characters, the slashes between the folders included"
            raise InvalidArgument("file_name_prefix", rule, folders, facts=("CR-103",))
        Setting.__post_init__(self)

    def _members(self) -> Payload:
        """The JSON object of a request, including the keys (CR-33)."""
        written = Setting._members(self)  # noqa: SLF001  `super()` does not know a class that slots have replaced
        params = {name: written.pop(name) for name in self._extension_params if name in written}
        if params:
            written["extensionParams"] = Payload(params)
        if isinstance(expiration := written.get("stsExpiration"), datetime):
            written["stsExpiration"] = _unix_seconds(expiration)
        return Payload({**written, "vendor": self.vendor})


@dataclass(frozen=True, slots=True, kw_only=True)
class _TemporaryKeys(_Storage):
    sts_token: str | None = field(default=None, repr=False)
    """The security token of temporary keys, good for at least 4 hours (CR-102). See `renew_storage` of `record`."""
    sts_expiration: datetime | int | None = None
    """When `sts_token` expires: an aware datetime, or seconds since 1970 (CR-102)."""

    def __post_init__(self) -> None:
        """Reject an end in milliseconds, which Agora would take for one in thousands of years, and one of no token."""
        given = self.sts_expiration
        if isinstance(given, int) and given > _LAST_SECOND:
            raise InvalidArgument("sts_expiration", "must be in seconds, not milliseconds", given, facts=("CR-102",))
        has_token = self.sts_token is not None or (isinstance(self.extra, Mapping) and "stsToken" in self.extra)
        if given is not None and not has_token:
            raise InvalidArgument("sts_expiration", "belongs to an sts_token", given, facts=("CR-102",))
        _Storage.__post_init__(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class QiniuStorage(_Storage):
    """A Qiniu bucket (vendor 0), in the documents of 2019 only. `repr` hides its keys."""

    vendor: ClassVar[int] = 0
    _regions: ClassVar[type[IntEnum] | None] = QiniuRegion
    region: QiniuRegion | Literal[0, 1, 2, 3]


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Storage(_TemporaryKeys):
    """An Amazon S3 bucket (vendor 1). `repr` hides its keys."""

    vendor: ClassVar[int] = 1
    _regions: ClassVar[type[IntEnum] | None] = S3Region
    _extension_params: ClassVar[tuple[str, ...]] = ("sse", "tag")
    region: S3Region | Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25]
    sse: Literal["kms", "aes256"] | None = None
    """How S3 encrypts the files (CR-101)."""
    tag: str | None = None
    """A tag for each file, such as `RETENTION_DAYS=30` (CR-101)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlibabaStorage(_TemporaryKeys):
    """An Alibaba Cloud bucket (vendor 2). `repr` hides its keys."""

    vendor: ClassVar[int] = 2
    _regions: ClassVar[type[IntEnum] | None] = AlibabaRegion
    _extension_params: ClassVar[tuple[str, ...]] = ("tag",)
    region: (
        AlibabaRegion
        | Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27]
    )
    tag: str | None = None
    """A tag for each file, such as `RETENTION_DAYS=30` (CR-101)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TencentStorage(_TemporaryKeys):
    """A Tencent Cloud bucket (vendor 3). `repr` hides its keys."""

    vendor: ClassVar[int] = 3
    _regions: ClassVar[type[IntEnum] | None] = TencentRegion
    region: TencentRegion | Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureStorage(_Storage):
    """A container at Microsoft Azure (vendor 5). `repr` hides its keys."""

    vendor: ClassVar[int] = 5
    region: int = 0
    """Without effect (CR-99)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleStorage(_Storage):
    """A Google Cloud bucket (vendor 6). `repr` hides its keys."""

    vendor: ClassVar[int] = 6
    region: int = 0
    """Without effect (CR-99)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HuaweiStorage(_Storage):
    """A Huawei Cloud bucket (vendor 7). `repr` hides its keys."""

    vendor: ClassVar[int] = 7
    _regions: ClassVar[type[IntEnum] | None] = HuaweiRegion
    region: HuaweiRegion | Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaiduStorage(_Storage):
    """A Baidu bucket (vendor 8). `repr` hides its keys."""

    vendor: ClassVar[int] = 8
    _regions: ClassVar[type[IntEnum] | None] = BaiduRegion
    region: BaiduRegion | Literal[1, 2, 3, 4, 5, 6, 7]


@dataclass(frozen=True, slots=True, kw_only=True)
class S3CompatibleStorage(_Storage):
    """A bucket of any server that speaks the protocol of S3 (vendor 11, CR-100). `repr` hides its keys."""

    vendor: ClassVar[int] = 11
    _extension_params: ClassVar[tuple[str, ...]] = ("endpoint",)
    endpoint: str
    """The host name of the server, without a scheme (CR-100)."""
    region: int = 0
    """Without effect (CR-99)."""

    def __post_init__(self) -> None:
        """Reject a URL in the place of a host name. It is not shown: it may contain a password."""
        if isinstance(self.endpoint, str) and not _HOST.fullmatch(self.endpoint):
            rule = "must be a host name without a scheme, such as storage.example.com"
            raise InvalidArgument("endpoint", rule, HIDDEN, facts=("CR-100",))
        _Storage.__post_init__(self)


_HOST: Final = re.compile(r"[^\s/@?#]*")
"""An empty one is rejected by the schema."""


Storage = (
    QiniuStorage
    | S3Storage
    | AlibabaStorage
    | TencentStorage
    | AzureStorage
    | GoogleStorage
    | HuaweiStorage
    | BaiduStorage
    | S3CompatibleStorage
)
"""The storage for the files of a recording (CR-34, CR-98)."""


def _check_region(region: Any, regions: type[IntEnum]) -> None:
    if isinstance(region, regions) or (isinstance(region, int) and not isinstance(region, bool | Enum)):
        return
    rule = f"must be a member of {regions.__name__}"
    if isinstance(region, str):
        name = region.upper().replace("-", "_")
        hint = f"{regions.__name__}.{name}" if name in regions.__members__ else ", ".join(regions.__members__)
        rule += f" ({hint})"
    raise InvalidArgument("region", rule, region)


def _unix_seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise InvalidArgument("sts_expiration", "must be a datetime with a time zone, or seconds since 1970", moment)
    return int(moment.timestamp())
