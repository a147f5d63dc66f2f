import os
import random
import re
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime.reading import UNDATED, read_email
from chalicelib.domain.email import Address, InboundEmail
from tests.adapters.mime.received import HEAD, read

DATA = Path(os.environ.get("PENNYDESK_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
CORPUS = sorted([*DATA.glob("mail/*/*.eml"), *DATA.glob("bounces/*.eml")])
needs_data = pytest.mark.skipif(not CORPUS, reason="the folder of real mails is not here: set PENNYDESK_DATA")


def test_a_plain_mail_is_read() -> None:
    got = read(b"Cc: Bob <BOB@example.com>\r\nReferences: <a@x>\r\n <b@y>\r\nIn-Reply-To: <b@y>\r\n")
    assert (got.sender, got.to, got.cc) == (
        Address("ann@example.com", "Ann"),
        (Address("desk@example.com"),),
        (Address("bob@example.com", "Bob"),),
    )
    assert got.date == datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    assert (got.message_id, got.references, got.in_reply_to) == ("<m1@example.com>", ("<a@x>", "<b@y>"), ("<b@y>",))
    assert (got.text, got.html, got.newly_said, got.problems) == ("Hello\n", "", "Hello", ())
    assert (got.envelope_sender, got.envelope_recipients, got.verdicts) == (None, (), {})


def test_a_mail_without_from_takes_the_next_best_and_says_so() -> None:
    got = read_email(b"Sender: Bob <bob@example.com>\n\nx")
    assert got.sender == Address("bob@example.com", "Bob")
    assert any("no sender in From" in problem for problem in got.problems)
    assert read_email(b"Subject: x\n\nx").problems == ("no sender", "no usable date")


def test_several_senders_are_noted() -> None:
    assert read_email(b"From: a@x.example, b@x.example\n\nx").problems[0] == "several senders: the first one counts"


def test_a_mail_without_date_has_that_of_its_arrival() -> None:
    trace = b"Received: from x by y for <d@x.example>; Mon, 04 May 2026 12:00:00 +0000\n"
    assert read_email(trace + b"From: a@x.example\n\nx").date == datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert read_email(b"From: a@x.example\nDate: yesterday\n\nx").date == UNDATED


def test_the_null_sender_is_told_from_an_unknown_one() -> None:
    got = read_email(b"Return-Path: <>\r\n" + HEAD + b"\r\nx")
    assert (got.envelope_sender, got.automatic) == ("", "null_sender")


def test_the_content_hash_ignores_the_way_a_mail_came() -> None:
    one, two = HEAD + b"\r\nHello\r\n", b"Received: by x\r\nX-SES-Spam-Verdict: PASS\r\n" + HEAD + b"\r\nHello\r\n"
    assert read_email(one).content_hash == read_email(two).content_hash
    assert read_email(one).content_hash == read_email(one.replace(b"\r\n", b"\n")).content_hash
    assert read_email(one).content_hash != read_email(one.replace(b"Hello", b"Hullo")).content_hash


@pytest.mark.parametrize(
    "raw",
    [
        b"To: " + b"a@" * 100_000 + b"\n\nx",
        b"To: " + b"(" * 200_000 + b"\n\nx",
        b"To: " + b'"' * 200_001 + b"\n\nx",
        b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\n\nx",
        b"Content-Type: text/plain" + b';a="' * 50_000 + b"\n\nx",
        b"References: " + b"<" * 200_000 + b"\n\nx",
        HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"a" * 200_000,
        HEAD + b"Content-Type: text/html\n\n" + b"<" * 300_000,
        HEAD + b"Content-Type: text/html\n\n" + b"<font>" * 9_000 + b"</b>" * 30_000,
        HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 100_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bx\n" * 200_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b" * 1_000_000,
        HEAD + b"Content-Type: text/plain; charset=punycode-\n\na-" + b"a" * 1_000_000,
        HEAD + b"Content-Type: text/html\n\n<p " + b" ".join(b"a%d" % n for n in range(150_000)),
        HEAD + b"Content-Type: text/html\n\n" + b"&" * 1_000_000,
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + (b"--b\n" + b"X:\xc4\xe3\xba\n" * 300 + b"\nx\n") * 1_000,
    ],
)
def test_mails_made_to_take_for_ever_are_read_to_their_end(raw: bytes) -> None:
    assert_sound(read_email(raw))


def test_a_large_mail_is_held_once_and_each_of_its_files_once() -> None:
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    kind = b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = head + (kind + b"QUJDRA==" * 9 + b"\r\n") + (kind + b"QUJDREVGR0hJSktM\r\n" * 250_000) + b"--b--\r\n"
    tracemalloc.start()
    try:
        got = read_email(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    kept = sum(len(each.content) for each in got.attachments)
    assert kept > 3_000_000
    assert peak < 2.5 * kept + 4_000_000


def assert_sound(got: InboundEmail) -> None:
    assert not any("could not be taken apart" in problem for problem in got.problems)
    assert got.date.tzinfo == UTC
    assert got.sender is not None or got.problems
    assert bool(got.newly_said) == bool(got.text.strip())
    assert all(each.filename and not re.search(r"[/\\\x00-\x1f]", each.filename) for each in got.attachments)
    assert not re.search(r"(?i)<(script|style|form|iframe|object|svg)\b", got.html)
    "".join((got.text, got.html, got.subject, *(each.filename for each in got.attachments))).encode("utf-8")


FRAGMENTS = [
    *(
        b"From: a@b.c\n",
        b"Subject: =?utf-8?b?5Zu+?=\n",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"\n",
        b"--b\n",
    ),
    *(
        b"--b--\n",
        b"Content-Type: text/html; charset=gb2312\n",
        b"Content-Transfer-Encoding: base64\n",
        b"<b>x</p>\xe9",
    ),
    *(
        b"Content-Type: message/rfc822\n",
        b"Content-Disposition: attachment; filename*0*=x''%ff\n",
        b"\xff\xfe\x00",
        b" ",
    ),
    *(
        b"Content-Type: text/plain; charset=utf-7\n",
        b"+2AA-",
        b"Date: 99 Foo 99999 99:99:99 +9999\n",
        b"Received: for <\n",
    ),
    *(
        b"Content-Type: application/ms-tnef\n",
        b"\x78\x9f\x3e\x22\0\0",
        b"\x01\x03\x90\x06\0\xff\0\0\0",
        b"\x02\x13\x10",
    ),
    *(b"Content-Type: application/pkcs7-mime\n", b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"),
    *(b"Content-Type: text/calendar\n", b"BEGIN:VEVENT\n", b"SUMMARY;X=:", b"DTSTART:20260504\n", b"\x1b$B", b"$!"),
    *(b"<a href='http://x.example'>y.example</a>", b"<img src='http://x.example'>", b"style='color:red'"),
    *(b"Content-Transfer-Encoding: x-uuencode\n", b"begin 644 x\nM!!\n", b"Content-Type: text/plain; charset=hex\n"),
]


@given(st.binary())
def test_any_bytes_make_a_mail(raw: bytes) -> None:
    assert_sound(read_email(raw))


@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=20))
def test_any_mixture_of_mail_like_pieces_makes_a_mail(pieces: list[bytes]) -> None:
    assert_sound(read_email(b"".join(pieces)))


@needs_data
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_real_mail_is_read(path: Path) -> None:
    assert_sound(read_email(path.read_bytes()))


@needs_data
def test_real_mails_with_broken_bytes_are_read() -> None:
    chance = random.Random(7)
    for path in CORPUS:
        raw = bytearray(path.read_bytes()[:20_000])
        for _ in range(max(1, len(raw) // 100)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        cut = chance.randrange(len(raw))
        assert_sound(read_email(bytes(raw)))
        assert_sound(read_email(bytes(raw[cut:] + raw[:cut])))


def test_what_tells_of_a_bounce_was_written_by_no_person() -> None:
    text = "<ann@shop.example>: user unknown\n\n--- Below this line is a copy of the message.\n\nTo: ann@shop.example\n"
    raw = f"From: gateway@mx.example\nSubject: Undelivered mail\n\n{text}".encode()
    mail = read_email(raw)

    assert (mail.automatic, [each.address for each in mail.bounces]) == ("bounce", ["ann@shop.example"])


def test_a_report_within_a_mail_is_read_whatever_stands_around_it() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.example\nSubject: Returned mail\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        b"--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        b"Final-Recipient: rfc822; ann@shop.example\nAction: failed\nStatus: 5.1.1\n"
        b"--b\nContent-Type: message/rfc822\n\nMessage-ID: <m1@help.example>\nTo: ann@shop.example\n\nHello\n--b--\n"
    )
    bounce = read_email(raw).bounces[0]

    assert (bounce.address, bounce.status, bounce.kind.value) == ("ann@shop.example", "5.1.1", "hard")
    assert bounce.original_id == "<m1@help.example>"


def test_a_calendars_answer_was_written_by_no_person() -> None:
    calendar = b"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:Visit\nEND:VEVENT\nEND:VCALENDAR\n"
    raw = (
        b"From: ann@shop.example\nSubject: Accepted: Visit\nContent-Type: multipart/alternative; boundary=b\n\n"
        b"--b\n\nAccepted\n--b\nContent-Type: text/calendar; method=REPLY\n\n" + calendar + b"--b--\n"
    )

    assert read_email(raw).automatic == "calendar_answer"
