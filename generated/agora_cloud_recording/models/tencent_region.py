from enum import IntEnum


class TencentRegion(IntEnum):
    AP_BEIJING_1 = 0
    AP_BEIJING = 1
    AP_SHANGHAI = 2
    AP_GUANGZHOU = 3
    AP_CHENGDU = 4
    AP_CHONGQING = 5
    AP_SHENZHEN_FSI = 6
    AP_SHANGHAI_FSI = 7
    AP_BEIJING_FSI = 8
    AP_HONGKONG = 9
    AP_SINGAPORE = 10
    AP_MUMBAI = 11
    AP_SEOUL = 12
    AP_BANGKOK = 13
    AP_TOKYO = 14
    NA_SILICONVALLEY = 15
    NA_ASHBURN = 16
    NA_TORONTO = 17
    EU_FRANKFURT = 18
    EU_MOSCOW = 19

    @classmethod
    def _missing_(cls, value: object) -> "TencentRegion | None":
        """A value the specification does not know comes through as itself: servers are newer than documents."""
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __reduce_ex__(self, _protocol: object) -> tuple[object, ...]:
        """By value: early releases of Python 3.11 copy and unpickle by name, which an unknown value does not have."""
        return type(self), (self._value_,)

    def __str__(self) -> str:
        return str(self.value)
