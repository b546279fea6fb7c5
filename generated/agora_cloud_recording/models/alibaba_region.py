from enum import IntEnum


class AlibabaRegion(IntEnum):
    CN_HANGZHOU = 0
    CN_SHANGHAI = 1
    CN_QINGDAO = 2
    CN_BEIJING = 3
    CN_ZHANGJIAKOU = 4
    CN_HUHEHAOTE = 5
    CN_SHENZHEN = 6
    CN_HONGKONG = 7
    US_WEST_1 = 8
    US_EAST_1 = 9
    AP_SOUTHEAST_1 = 10
    AP_SOUTHEAST_2 = 11
    AP_SOUTHEAST_3 = 12
    AP_SOUTHEAST_5 = 13
    AP_NORTHEAST_1 = 14
    AP_SOUTH_1 = 15
    EU_CENTRAL_1 = 16
    EU_WEST_1 = 17
    EU_EAST_1 = 18
    AP_SOUTHEAST_6 = 19
    CN_HEYUAN = 20
    CN_GUANGZHOU = 21
    CN_CHENGDU = 22
    CN_NANJING = 23
    CN_FUZHOU = 24
    CN_WULANCHABU = 25
    AP_NORTHEAST_2 = 26
    AP_SOUTHEAST_7 = 27

    @classmethod
    def _missing_(cls, value: object) -> "AlibabaRegion | None":
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
