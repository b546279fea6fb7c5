from enum import IntEnum


class ErrorCode(IntEnum):
    INVALID_PARAMETER = 2
    ALREADY_STARTED = 7
    ALREADY_STOPPING = 49
    UPLOAD_TIMEOUT = 50
    RECORDER_BUSY = 53
    SERVICE_FAILED = 62
    NOT_COMPLETED = 65
    INVALID_APP_ID = 400
    INVALID_NAME = 401
    RECORDING_NOT_FOUND = 404
    NO_ACTIVE_STATUS = 405
    OVERLOAD = 406
    RESOURCE_EXPIRED = 433
    NOTHING_RECORDED = 435
    INTERNAL_ERROR = 500
    NO_WORKER_MANAGER = 501
    NO_WORKER = 502
    ALLOCATE_TIMEOUT = 504
    RESOURCE_UNDECIPHERABLE = 1001
    MISMATCH = 1003
    ALREADY_RECORDING = 1004
    RESOURCE_USED = 1005
    INVALID_CHANNEL_NAME = 1013

    @classmethod
    def _missing_(cls, value: object) -> "ErrorCode | None":
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
