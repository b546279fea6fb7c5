from enum import IntEnum


class DecryptionMode(IntEnum):
    NONE = 0
    AES128XTS = 1
    AES128ECB = 2
    AES256XTS = 3
    SM4128ECB = 4
    AES128GCM = 5
    AES256GCM = 6
    AES128GCM2 = 7
    AES256GCM2 = 8

    @classmethod
    def _missing_(cls, value: object) -> "DecryptionMode | None":
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
