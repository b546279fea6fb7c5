from enum import StrEnum


class StreamMode(StrEnum):
    DEFAULT = "default"
    ORIGINAL = "original"
    STANDARD = "standard"

    @classmethod
    def _missing_(cls, value: object) -> "StreamMode | None":
        """A value the specification does not know comes through as itself: servers are newer than documents."""
        if not isinstance(value, str) or isinstance(value, bool):
            return None
        member = str.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __reduce_ex__(self, _protocol: object) -> tuple[object, ...]:
        """By value: early releases of Python 3.11 copy and unpickle by name, which an unknown value does not have."""
        return type(self), (self._value_,)

    def __str__(self) -> str:
        return str(self.value)
