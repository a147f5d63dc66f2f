"""Closed days out of calendar files, as calendars in use write them, and as nobody should."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ical import MOST_EVENTS
from chalicelib.domain.ical_holidays import MOST_RECURRING, Reading, read_holidays
from tests.domain.samples import law

BERLIN = ZoneInfo("Europe/Berlin")


def read(*events: str) -> Reading:
    """Read a file of events, each given by its lines."""
    blocks = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return read_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{blocks}END:VCALENDAR\r\n")


def read_text(text: str) -> Reading:
    return read_holidays(text, "ical:test", BERLIN, date(2025, 1, 1), date(2029, 12, 31))


def closed(*events: str) -> list[str]:
    """The days that a file closes, those of every year with a star."""
    return [f"{one.date}{'*' if one.yearly else ''}" for one in read(*events).holidays]


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20261224", ["2026-12-24"]),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", ["2026-12-24", "2026-12-25", "2026-12-26"]),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261224", ["2026-12-24"]),
        ("DTSTART:20261224\nDURATION:P2D", ["2026-12-24", "2026-12-25"]),
        ("DTSTART:20261224T000000\nDTEND:20261225T000000", ["2026-12-24"]),
        ('DTSTART;TZID="America/New_York":20261224T000000\nDURATION:P1DT0H0M', ["2026-12-24"]),
        ("DTSTART:20261223T230000Z\nDTEND:20261224T230000Z", ["2026-12-24"]),
        ("DTSTART:20261224\nRRULE:FREQ=YEARLY", ["2026-12-24*"]),
        ("DTSTART:20101224\nDTEND:20101226\nRRULE:FREQ=YEARLY", ["2010-12-24*", "2010-12-25*"]),
        ("DTSTART:20271224\nRRULE:FREQ=YEARLY;COUNT=2", ["2027-12-24", "2028-12-24"]),
        ("DTSTART:20271224\nRRULE:FREQ=YEARLY\nEXDATE:20281224", ["2027-12-24", "2029-12-24"]),
        ("DTSTART:20271224\nRDATE;VALUE=DATE:20280101,20280102\nRDATE:x", ["2027-12-24", "2028-01-01", "2028-01-02"]),
        ("DTSTART:20241230\nDURATION:P1W", [f"2025-01-0{n}" for n in range(1, 6)]),
        ("DTSTART:20301224", []),
    ],
)
def test_an_event_closes_its_days(event: str, days: list[str]) -> None:
    assert closed(event) == days


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART:20261224T120000\nDTEND:20261224T180000", "whole days"),
        ("DTSTART:20261224T000000", "whole days"),
        ("DTSTART:20261224T000000Z\nDTEND:20261225T000000Z", "whole days"),
        ("DTSTART:20261224\nDURATION:-P1D", "whole days"),
        ("DTSTART:20261224\nDTEND:20200101", "whole days"),
        ("DTSTART:20261224\nDTEND:20301224", "longer than a year"),
        ("DTSTART:20261340", "no date"),
        ("SUMMARY:Soon", "no date"),
        ("DTSTART:20261224\nSTATUS:cancelled", "cancelled"),
        ("DTSTART:20261224\nRRULE:FREQ=HOURLY", "hourly"),
    ],
)
def test_what_makes_no_holiday_is_told_with_its_reason(event: str, reason: str) -> None:
    reading = read(event, "DTSTART:20261231")
    assert [one.date for one in reading.holidays] == [date(2026, 12, 31)]
    assert reason in reading.skipped[0].reason


def test_an_occurrence_that_was_moved_closes_its_new_day_only() -> None:
    series = "UID:a\nDTSTART:20261224\nRRULE:FREQ=YEARLY;COUNT=2"
    moved = "UID:a\nRECURRENCE-ID:20271224\nDTSTART:20271223"
    assert closed(series, moved) == ["2026-12-24", "2027-12-23"]


def test_a_day_that_two_events_close_is_one_holiday() -> None:
    assert closed("DTSTART:20261224\nSUMMARY:A", "DTSTART:20261224\nSUMMARY:B") == ["2026-12-24"]


def test_names_are_unfolded_and_unescaped_into_one_line() -> None:
    [holiday] = read("DTSTART:20261224\nSUMMARY;LANGUAGE=de:Weih\r\n nachten\\, Heilig\\nabend\\; \\\\ 灯\x07").holidays
    assert (holiday.name, holiday.source) == ("Weihnachten, Heilig abend; \\ 灯", "ical:test")


def test_what_an_alarm_says_is_not_said_by_its_event() -> None:
    alarm = "BEGIN:VALARM\nSUMMARY:Wake up\nTRIGGER:-PT1H\nEND:VALARM"
    assert [one.name for one in read(f"DTSTART:20261224\n{alarm}\nSUMMARY:Eve").holidays] == ["Eve"]


def test_files_of_any_line_end_and_with_a_byte_order_mark_are_read() -> None:
    text = "\ufeffBEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224\nEND:VEVENT\nEND:VCALENDAR"
    assert len(read_text(text).holidays) == len(read_text(text.replace("\n", "\r\n")).holidays) == 1


def test_what_is_no_calendar_is_refused() -> None:
    with pytest.raises(InvalidInput, match="iCalendar"):
        read_text("BEGIN:VCARD\nEND:VCARD")


def test_a_file_has_an_end() -> None:
    with pytest.raises(InvalidInput, match="more than 1,000 events"):
        read(*["DTSTART:20261224"] * (MOST_EVENTS + 1))
    reading = read(*["DTSTART:20261224\nRRULE:FREQ=YEARLY"] * (MOST_RECURRING + 1))
    assert "of the file return" in reading.skipped[0].reason


LINES = st.sampled_from(
    """BEGIN:VEVENT|END:VEVENT|BEGIN:VALARM|END:VALARM|END:VCALENDAR|UID:a|SUMMARY:x|SUMMARY|:|DTSTART:20261224
DTSTART:20241301|DTEND:20261226|DTEND:00010101|DURATION:P9999W|DTSTART:99991231|RRULE:FREQ=YEARLY|RRULE:;
RRULE:FREQ=DAILY;COUNT=9|EXDATE:20261224|RDATE:99991231|A;B="c":d|RECURRENCE-ID:20261224|\x00| folded
DTSTART:00010101T000000Z|DTEND:00010101T000000Z""".replace("\n", "|").split("|")
)


@given(st.lists(LINES | st.text(max_size=20), max_size=20))
@law
def test_any_text_at_all_can_be_read(lines: list[str]) -> None:
    reading = read_text("\n".join(["BEGIN:VCALENDAR", *lines]))
    assert all(one.yearly or date(2025, 1, 1) <= one.date <= date(2029, 12, 31) for one in reading.holidays)
