from enum import IntEnum


class BaiduRegion(IntEnum):
    BAODING = 1
    SUZHOU = 2
    GUANGZHOU = 3
    HONGKONG = 4
    SINGAPORE = 5
    WUHAN = 6
    SHANGHAI = 7

    @classmethod
    def _missing_(cls, value: object) -> "BaiduRegion | None":
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
