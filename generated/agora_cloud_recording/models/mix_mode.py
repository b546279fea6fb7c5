from enum import StrEnum


class MixMode(StrEnum):
    MIX = "mix"

    def __str__(self) -> str:
        return str(self.value)
