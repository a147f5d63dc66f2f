"""Days that return by an iCalendar rule, held against a library that has read such rules for twenty years."""

from datetime import UTC, date, datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.recurrence import WEEKDAYS, UnreadableRule, occurrences, read_rule
from tests.domain.samples import law

FIRST, LAST = date(2025, 1, 1), date(2029, 12, 31)


def days(text: str, start: str) -> list[str]:
    found = occurrences(read_rule(text), date.fromisoformat(start), FIRST, LAST)
    return [day.isoformat() for day in found]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=YEARLY;UNTIL=20261231", "2020-12-24", ["2025-12-24", "2026-12-24"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=7", "2020-11-26", ["2025-11-27", "2026-11-26"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20260601T000000Z", "2025-05-26", ["2025-05-26", "2026-05-25"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYSETPOS=-1;COUNT=2", "2025-05-26", ["2025-05-26", "2026-05-25"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;INTERVAL=4", "2024-11-05", ["2028-11-07"]),
        ("FREQ=YEARLY;INTERVAL=1", "2024-02-29", ["2028-02-29"]),
        ("FREQ=MONTHLY;COUNT=3", "2025-01-31", ["2025-01-31", "2025-03-31", "2025-05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "2025-01-31", ["2025-01-31", "2025-02-28"]),
        ("FREQ=WEEKLY;BYDAY=SA,SU;COUNT=3;INTERVAL=2", "2025-01-04", ["2025-01-04", "2025-01-05", "2025-01-18"]),
        ("FREQ=DAILY;COUNT=3", "2024-12-31", ["2025-01-01", "2025-01-02"]),
        ("freq=daily;count=1;", "2025-03-01", ["2025-03-01"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2020-01-01", []),
        ("FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=2", "2025-02-05", ["2025-02-05"]),
        ("FREQ=YEARLY", "9998-01-01", []),
    ],
)
def test_a_rule_gives_its_days(rule: str, start: str, expected: list[str]) -> None:
    assert days(rule, start) == expected


@pytest.mark.parametrize(
    "rule",
    [
        *("", "FREQ=HOURLY", "FREQ=SECONDLY;COUNT=1000000", "INTERVAL=2", "FREQ=YEARLY;BYHOUR=3"),
        *("FREQ=YEARLY;BYWEEKNO=1", "FREQ=YEARLY;INTERVAL=0", "FREQ=YEARLY;COUNT=99999999999"),
        *("FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTHDAY=0", "FREQ=YEARLY;UNTIL=later", "FREQ=MONTHLY;BYDAY=XX"),
        *("FREQ=MONTHLY;BYDAY=0MO", "FREQ=YEARLY;BYDAY=20MO", "FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=1MO"),
        "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO",
    ],
)
def test_a_rule_that_is_not_one_of_days_is_refused(rule: str) -> None:
    with pytest.raises(UnreadableRule):
        read_rule(rule)


def test_what_would_take_too_long_to_count_is_refused() -> None:
    with pytest.raises(UnreadableRule, match="too long ago"):
        days("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "1700-01-01")


@pytest.mark.parametrize(
    ("rule", "start", "is_one"),
    [
        ("FREQ=YEARLY", "2020-12-24", True),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "2020-12-24", True),
        ("FREQ=YEARLY;BYMONTH=12", "2020-12-24", True),
        ("FREQ=YEARLY;BYMONTHDAY=24", "2020-12-24", False),
        ("FREQ=YEARLY;BYMONTH=11", "2020-12-24", False),
        ("FREQ=YEARLY;COUNT=3", "2020-12-24", False),
        ("FREQ=YEARLY;UNTIL=20300101", "2020-12-24", False),
        ("FREQ=YEARLY;INTERVAL=2", "2020-12-24", False),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=TH", "2020-12-24", False),
        ("FREQ=MONTHLY", "2020-12-24", False),
    ],
)
def test_an_anniversary_is_told_from_other_rules(rule: str, start: str, is_one: bool) -> None:
    assert read_rule(rule).is_anniversary(date.fromisoformat(start)) is is_one


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule that some day matches: the library seeks for ever where none does."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 3))}"]
    if frequency == "WEEKLY":
        chosen = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True))
        return ";".join([*parts, f"BYDAY={','.join(chosen)}", f"WKST={draw(st.sampled_from(['MO', 'SU']))}"])
    if frequency == "YEARLY":
        parts.append(f"BYMONTH={','.join(map(str, draw(st.lists(st.integers(1, 12), min_size=1, max_size=3))))}")
    if draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from(['1', '15,28', '-1', '5,-5']))}")
    else:
        which = draw(st.sampled_from(["", "1", "3", "-1", "-2"]))
        parts.append(f"BYDAY={which}{draw(st.sampled_from(WEEKDAYS))}")
    return ";".join(parts)


@given(rules(), st.dates(date(1999, 1, 1), date(2026, 12, 31)))
@law
def test_it_agrees_with_dateutil(text: str, start: date) -> None:
    known = rrulestr(text, dtstart=midnight(start))
    theirs = {day.date() for day in known.between(midnight(FIRST), midnight(LAST), inc=True)}
    # RFC 5545, 3.8.5.3: what a rule begins with belongs to its days, whether it matches or not
    own = {start} if FIRST <= start <= LAST else set()
    assert set(occurrences(read_rule(text), start, FIRST, LAST)) == theirs | own
