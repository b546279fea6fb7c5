from enum import StrEnum


class IgnorePolicy(StrEnum):
    ERROR_IGNORE = "error_ignore"

    def __str__(self) -> str:
        return str(self.value)
