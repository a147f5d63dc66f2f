from datetime import UTC, datetime

import pytest

from chalicelib.adapters.mime.headers import read_addresses, read_date
from chalicelib.adapters.mime.reading import read_email
from chalicelib.domain.email import Address
from tests.adapters.mime.received import HEAD, read


def test_a_name_before_an_address_without_brackets_is_a_name() -> None:
    assert read_addresses(["Ann Lee ann@x.example"]) == (Address("ann@x.example", "Ann Lee"),)


def test_names_are_decoded_and_groups_and_comments_understood() -> None:
    values = ['=?utf-8?Q?Lee=2C_Ann?= <a@x.example>, "Bo, B" <b@x.example>', "Team: c@x.example (Cy), d@x.example;"]
    assert [(each.email, each.name) for each in read_addresses(values)] == [
        ("a@x.example", "Lee, Ann"),
        ("b@x.example", "Bo, B"),
        ("c@x.example", "Cy"),
        ("d@x.example", ""),
    ]


def test_a_name_that_looks_like_an_address_does_not_replace_it() -> None:
    assert read_addresses(['"boss@example.com" <eve@evil.example>'])[0].email == "eve@evil.example"


def test_the_envelope_and_the_verdicts_are_those_on_top() -> None:
    ses = (
        b"Return-Path: <Bounce@shop.example>\r\n"
        b"Received: from a by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x\r\n for Desk@example.com;\r\n"
        b" Mon, 04 May 2026 12:00:00 +0000 (UTC)\r\n"
        b"X-SES-Spam-Verdict: FAIL\r\nX-SES-Virus-Verdict: PASS\r\n"
        b"Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: ok; dmarc=pass) envelope-from=a@b;\r\n"
        b" dkim=fail header.i=@a.example; dkim=pass header.i=@b.example;\r\n dmarc=fail header.from=b.example;\r\n"
    )
    forged = (
        b"Return-Path: <ann@example.com>\r\nX-SES-Spam-Verdict: PASS\r\n"
        b"Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass\r\n"
    )
    got = read_email(ses + forged + HEAD + b"\r\nHello")
    assert got.envelope_sender == "bounce@shop.example"
    assert got.envelope_recipients == ("desk@example.com",)
    assert got.verdicts == {"spam": "fail", "virus": "pass", "spf": "pass", "dkim": "pass", "dmarc": "fail"}


def test_a_verdict_smuggled_into_an_address_does_not_count() -> None:
    results = b'Authentication-Results: amazonses.com; spf=pass envelope-from="x; dmarc=pass"@e.example; dmarc=fail\r\n'
    assert read(results).verdicts["dmarc"] == "fail"


DMARC_OF_EVE = b"Authentication-Results: amazonses.com; dkim=pass; dmarc=pass header.from=evil.example\r\n"


@pytest.mark.parametrize(
    "senders",
    [
        b"From: boss@example.com\r\nFrom: eve@evil.example\r\n",
        b"From : boss@example.com\r\nFrom: eve@evil.example\r\n",
        b"From: boss@example.com, eve@evil.example\r\n",
        b"From: =?utf-8?q?boss=40example.com?= \r\nFrom: eve@evil.example\r\nSender: eve@evil.example\r\n",
        b"Sender: boss@example.com\r\n",
    ],
)
def test_a_sender_whom_dmarc_was_not_judged_for_fails_it(senders: bytes) -> None:
    got = read_email(DMARC_OF_EVE + senders + b"\r\nHello")
    assert got.sender == Address("boss@example.com")
    assert got.verdicts["dmarc"] == "fail"
    assert "DMARC was judged for evil.example, not for the sender" in got.problems


@pytest.mark.parametrize("sender", ["eve@evil.example", "eve@mail.evil.example", "Eve <eve@EVIL.example>"])
def test_a_sender_whom_dmarc_was_judged_for_keeps_the_verdict(sender: str) -> None:
    got = read_email(DMARC_OF_EVE + f"From: {sender}\r\n\r\nHello".encode())
    assert got.verdicts["dmarc"] == "pass"
    assert not any("DMARC" in problem for problem in got.problems)


def test_dmarc_of_an_internationalised_domain_is_the_senders_in_either_spelling() -> None:
    results = b"Authentication-Results: amazonses.com; dmarc=pass header.from=xn--bcher-kva.example\r\n"
    assert read_email(results + "From: ann@bücher.example\r\n\r\nHello".encode()).verdicts["dmarc"] == "pass"


@pytest.mark.parametrize(
    "header",
    [
        "boss@example.com@evil.example",
        "<boss@example.com@evil.example>",
        "boss@exam\u00adple.com",
        "bo\u200bss@example.com",
        "boss@example.com\u202e.evil.example",
        "bo\x01ss@example.com",
    ],
)
def test_an_address_that_others_may_read_otherwise_is_none(header: str) -> None:
    assert read_addresses([header]) == ()


def test_quoted_local_parts_are_read_as_one_mailbox() -> None:
    values = ['"boss@example.com"@evil.example, Ann <"ann lee"@x.example>, "Bo" <"bo"@x.example>']
    assert [each.email for each in read_addresses(values)] == [
        '"boss@example.com"@evil.example',
        '"ann lee"@x.example',
        "bo@x.example",
    ]


def test_a_name_loses_what_turns_or_hides_it() -> None:
    assert read_addresses(["Bo\u202ess\u200b <a@x.example>"])[0].name == "Bo ss"


def test_a_greeting_does_not_name_the_recipient() -> None:
    trace = b"Received: from for eve@evil.example (x [192.0.2.1]) by y with SMTP id z for desk@example.com;\r\n"
    assert read(b"").envelope_recipients == ()
    assert read_email(trace + HEAD + b"\r\nx").envelope_recipients == ("desk@example.com",)


@pytest.mark.parametrize(
    ("path", "sender"), [(b"<>", ""), (b"", ""), (b"<MAILER-DAEMON>", ""), (b"<a\x01@x.example>", None)]
)
def test_an_unreadable_envelope_sender_is_unknown_and_not_the_null_sender(path: bytes, sender: str | None) -> None:
    assert read_email(b"Return-Path: " + path + b"\r\n" + HEAD + b"\r\nx").envelope_sender == sender


@pytest.mark.parametrize(
    "date",
    [
        *("Mon, 04 May 2026 14:00:00 +0200", "Mon May 04 2026 14:00:00 GMT+0200 (CEST)", "4 May 2026 14:00:00 CEST"),
        *("2026-05-04T12:00:00Z", "2026-05-04 14:00:00 +0200", "2026/05/04 12:00:00", "2026-05-04T14:00:00.000+02:00"),
        *("04.05.2026 12:00", "=?utf-8?q?Mon=2C_04_May_2026_14:00:00_+0200?=", "Mon, 4 May 26 21:00:00 JST"),
    ],
)
def test_dates_are_read_as_programs_write_them(date: str) -> None:
    assert read_date(date) == datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_leap_second_is_the_one_before_it() -> None:
    assert read_date("Sat, 31 Dec 2016 23:59:60 +0000") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 30 Jun 3609 15:33:50 +0600", "31.02.2026 12:00", "1 2 3 4"])
def test_what_is_no_date_of_a_mail_is_none(date: str) -> None:
    assert read_date(date) is None


def test_who_writes_without_an_address_is_told_in_words() -> None:
    problems = read_email(b"From: =?utf-8?q?J=C3=B6rg?= <joerg>\n\nx").problems
    assert "no address in From, only: Jörg <joerg>" in problems


def test_the_first_usable_of_several_dates_counts() -> None:
    got = read_email(b"Date: soon\nDate: Mon, 04 May 2026 12:00:00 +0000\nFrom: a@x.example\n\nx")
    assert got.date == datetime(2026, 5, 4, 12, tzinfo=UTC)
