from enum import StrEnum


class RecordingMode(StrEnum):
    MIX = "mix"

    def __str__(self) -> str:
        return str(self.value)
