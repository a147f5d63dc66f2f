from chalicelib.adapters.mime.invitation import words_of_invitation
from tests.adapters.mime.received import multipart

MEETING = """\
BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:The broken cup\\, at
  last
DTSTART;TZID="Europe/Berlin":20260504T140000
DTEND;TZID="Europe/Berlin":20260504T150000
LOCATION:Room 5
ORGANIZER;CN=Ann:mailto:ann@example.com
DESCRIPTION:Bring glue.\\nAnd tea.
BEGIN:VALARM
DESCRIPTION:Ring
END:VALARM
END:VEVENT
END:VCALENDAR
"""
SAID = """\
📅 The broken cup, at last
🕒 2026-05-04 14:00 – 15:00 (Europe/Berlin)
📍 Room 5
👤 Ann <ann@example.com>
Bring glue.
And tea."""


def test_an_invitation_says_what_when_where_and_by_whom() -> None:
    assert words_of_invitation(MEETING) == SAID
    assert words_of_invitation(MEETING.replace("\n", "\r\n")) == SAID


def test_a_cancelled_meeting_says_so() -> None:
    assert words_of_invitation(MEETING.replace("REQUEST", "CANCEL")).startswith("❌ The broken cup")


def test_days_and_lengths_are_shown_as_they_are() -> None:
    whole_day = "BEGIN:VEVENT\nSUMMARY:x\nDTSTART;VALUE=DATE:20260504\nDTEND;VALUE=DATE:20260506\nEND:VEVENT"
    assert words_of_invitation(whole_day) == "📅 x\n🕒 2026-05-04 – 2026-05-06"
    assert words_of_invitation("BEGIN:VEVENT\nDTSTART:20260504T120000Z\nDURATION:PT1H\nEND:VEVENT") == (
        "🕒 2026-05-04 12:00 (UTC) PT1H"
    )


def test_what_is_no_invitation_says_nothing() -> None:
    assert words_of_invitation("BEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n:;:;" * 3) == ""


def test_a_mail_with_an_invitation_shows_it_and_keeps_it() -> None:
    calendar = b"Content-Type: text/calendar; method=REQUEST\r\n\r\n" + MEETING.encode()
    got = multipart(b"alternative", b"Content-Type: text/plain\r\n\r\nPlease come", calendar)
    assert got.text == "Please come\n\n" + SAID
    assert [each.content_type for each in got.attachments] == ["text/calendar"]


def test_an_invitation_that_the_text_repeats_is_shown_once() -> None:
    calendar = b"Content-Type: text/calendar\r\n\r\n" + MEETING.encode()
    said = b"Content-Type: text/plain\r\n\r\nThe broken cup, at last: Monday at two"
    assert multipart(b"mixed", said, calendar).text == "The broken cup, at last: Monday at two"
