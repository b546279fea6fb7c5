from enum import IntEnum


class HuaweiRegion(IntEnum):
    CN_NORTH_1 = 0
    CN_NORTH_4 = 1
    CN_EAST_2 = 2
    CN_EAST_3 = 3
    CN_SOUTH_1 = 4
    CN_SOUTHWEST_2 = 5
    AP_SOUTHEAST_1 = 6
    AP_SOUTHEAST_2 = 7
    AP_SOUTHEAST_3 = 8
    AF_SOUTH_1 = 9
    SA_ARGENTINA_1 = 10
    SA_PERU_1 = 11
    NA_MEXICO_1 = 12
    SA_BRAZIL_1 = 13
    LA_SOUTH_2 = 14
    SA_CHILE_1 = 15

    @classmethod
    def _missing_(cls, value: object) -> "HuaweiRegion | None":
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
