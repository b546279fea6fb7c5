from enum import IntEnum


class ProjectStatus(IntEnum):
    DISABLED = 0
    ENABLED = 1

    @classmethod
    def _missing_(cls, value: object) -> "ProjectStatus | None":
        """A value the specification does not know comes through as itself: servers are newer than documents."""
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
