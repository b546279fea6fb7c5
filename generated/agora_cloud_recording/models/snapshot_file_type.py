from enum import StrEnum


class SnapshotFileType(StrEnum):
    JPG = "jpg"

    def __str__(self) -> str:
        return str(self.value)
