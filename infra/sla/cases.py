"""Single questions about business time: `{"calendar": {…}, "op": "add", "start": iso, "seconds": n}`.

| op | besides `start` | answer |
|---|---|---|
| add | `seconds`, also negative | the instant |
| between, within | `end` | seconds |
| is_open | | true or false |
| next_open | | the instant |
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.calendar import BeyondCalendar, BusinessCalendar
from chalicelib.domain.errors import InvalidInput
from infra.sla.reading import calendar_of, instant_of, refusal, written

Answer = str | float | bool | dict[str, str]


def answered(case: Any) -> Answer:
    """Give a case's answer, or what is wrong with it; names that a case doesn't need are passed over."""
    try:
        if not isinstance(case, Mapping):
            raise InvalidInput("must be an object", "case")
        op = _OPERATIONS.get(str(case.get("op")))
        if op is None:
            raise InvalidInput(f"is not one of {', '.join(_OPERATIONS)}", "op")
        calendar = calendar_of(case)
        return op(case, calendar, instant_of(case, "start", calendar.timezone))
    except InvalidInput as mistake:
        return refusal(mistake)
    except BeyondCalendar as never:
        return {"error": f"calendar: {never}", "field": "calendar"}


def _add(case: Mapping[str, Any], calendar: BusinessCalendar, start: datetime) -> Answer:
    seconds = case.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise InvalidInput("a number of seconds is missing", "seconds")
    if isinstance(seconds, float) and not seconds - seconds == 0:
        raise InvalidInput(f"{seconds} is not a span of time", "seconds")
    return written(calendar.add(start, seconds))


def _between(case: Mapping[str, Any], calendar: BusinessCalendar, start: datetime) -> Answer:
    return calendar.between(start, instant_of(case, "end", calendar.timezone))


def _is_open(case: Mapping[str, Any], calendar: BusinessCalendar, start: datetime) -> Answer:
    return calendar.is_open(start)


def _next_open(case: Mapping[str, Any], calendar: BusinessCalendar, start: datetime) -> Answer:
    return written(calendar.next_open(start))


_OPERATIONS: dict[str, Callable[[Mapping[str, Any], BusinessCalendar, datetime], Answer]] = {
    "add": _add,
    "between": _between,
    "within": _between,
    "is_open": _is_open,
    "next_open": _next_open,
}
