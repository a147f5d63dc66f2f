"""Lengths of time as people type them: `30 min`, `4 h`, `1 h 30 min`, `2 d`, in English or Chinese."""

import re

DAY, HOUR, MINUTE = 86400, 3600, 60
NOT_A_LENGTH = "is not a length of time like 30 min, 4 h or 2 d"
LONGEST = 3_000_000_000
"""Seconds; what is longer no setting takes, and nobody means."""

_UNITS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "秒": 1, "秒钟": 1,
    "m": MINUTE, "min": MINUTE, "mins": MINUTE, "minute": MINUTE, "minutes": MINUTE, "分": MINUTE, "分钟": MINUTE,
    "h": HOUR, "hr": HOUR, "hrs": HOUR, "hour": HOUR, "hours": HOUR, "时": HOUR, "小时": HOUR, "个小时": HOUR,
    "d": DAY, "day": DAY, "days": DAY, "日": DAY, "天": DAY,
}  # fmt: skip
_PART = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,4})?) *([a-z]{1,7}|[秒分钟小个时天日]{1,3})\.?[ ,]*")


def seconds_of(text: str) -> int:
    """Give the seconds of a length that somebody typed; `0` needs no unit. Raises ValueError for anything else."""
    plain, at, total = text.strip().lower(), 0, 0.0
    if plain in ("0", "０"):
        return 0
    while at < len(plain):
        part = _PART.match(plain, at)
        if part is None or part[2] not in _UNITS:
            raise ValueError(NOT_A_LENGTH)
        total += float(part[1].replace(",", ".")) * _UNITS[part[2]]
        at = part.end()
    if not plain or total > LONGEST:
        raise ValueError(NOT_A_LENGTH)
    return round(total)


def in_words(seconds: int) -> str:
    """Give a length as `seconds_of` reads it: exactly. Days only from two whole ones on."""
    if seconds == 0:
        return "0"
    if seconds % DAY == 0 and seconds >= 2 * DAY:
        return f"{seconds // DAY} d"
    sizes = ((seconds // HOUR, "h"), (seconds % HOUR // MINUTE, "min"), (seconds % MINUTE, "s"))
    return " ".join(f"{count} {unit}" for count, unit in sizes if count)
