"""How much of other people's collections of hard mails is read rightly. The mails themselves stay there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.adapters.mime.reading import UNDATED, read_email
from chalicelib.domain.email import InboundEmail

DATA = Path(os.environ.get("PENNYDESK_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
MAILS = sorted(DATA.glob("mail/*/*.eml"))
pytestmark = pytest.mark.skipif(not MAILS, reason="the folder of real mails is not here: set PENNYDESK_DATA")

SENDERS = {
    "rfc2822__example03": ("john.q.public@example.com", "Joe Q. Public"),
    "rfc6532__utf8_headers": ("jdöe@mächine.example", "Jöhn Doe"),
    "error_emails__bad_subject": ("carol@mysurvey.com", "MySurvey.com & Carol Adams"),
    "error_emails__cant_parse_from": ("news@insideapple.apple.com", "Apple"),
    "error_emails__header_fields_with_empty_values": ("jorn@prikkprikkprikk.no", "Jørn Støylen"),
    "mime_emails__two_from_in_message": ("tester1@test.com", "Tester 1"),
}
SUBJECTS = {
    "all-special-chars": "Testovácí email",
    "quoted_printable": "Český test",
    "utf-nondecodable": "Fwd: Cyklozaměstnavatel - změna vyhodnocení",
    "rfc2822__example14": "Re: TEST テストテスト",
    "rfc6532__utf8_headers": "Säying Hello",
    "multi_charset__japanese_iso_2022": "まみむめも",
    "error_emails__bad_encoded_subject": "TEST",
    "error_emails__trademark_character_in_subject": "GA.comô has a lead for you",
    "attachment_emails__attachment_pdf_lf": "Another PDF with 🎉 Unicode chars in it 🍿",
    "plain_emails__raw_email_with_partially_quoted_subject": 'Re: Test: "漢字" mid "漢字" tail',
}
FILES = {
    "blank-body-with-attachment": ["baf"],
    "attachment_emails__attachment_nonascii_filename": ["ciële.txt"],
    "attachment_emails__attachment_with_quoted_filename": ["Eelanalüüsi päring.jpg"],
    "attachment_emails__attachment_with_base64_encoded_name": ["This is a test.pdf"],
    "attachment_emails__attachment_with_unquoted_name": ["This is a test.txt"],
    "attachment_emails__attachment_content_disposition": ["api.rb"],
    "mime_emails__raw_email_with_nested_attachment": ["truncated.png", "smime.p7s"],
    "mime_emails__raw_email7": ["test.rb", "test.pdf", "smime.p7s"],
    "multi_charset__japanese_attachment": ["てすと.txt"],
    "multi_charset__japanese_attachment_long_name": ["かきくけこ" * 5 + ".txt"],
}
TEXTS = {
    "multi_charset__japanese": "かきくえこ",
    "multi_charset__japanese_iso_2022": "すみません。",
    "multi_charset__japanese_shift_jis": "このメールはテスト用のメールです。",
    "multi_charset__ks_c_5601-1987": "스티해",
    "plain_emails__raw_email": "대부분의 마찬가지로, 우리는 하나님을 믿습니다.",
    "mime_emails__raw_email_with_illegal_boundary": "This is an outlook test",
    "mime_emails__raw_email_encoded_stack_level_too_deep": "Nicolas Fouché has accepted your invitation",
    "error_emails__content_transfer_encoding_qp_with_space": "good RX site",
    "all-special-chars": "íářčšáíéřášč",
}


def mail(name: str) -> InboundEmail:
    return read_email(next(path for path in MAILS if path.stem == name).read_bytes())


@pytest.mark.parametrize("name", SENDERS)
def test_who_wrote_is_read(name: str) -> None:
    sender = mail(name).sender
    assert sender is not None
    assert (sender.email, sender.name) == SENDERS[name]


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_subject_is_read(name: str) -> None:
    assert mail(name).subject == SUBJECTS[name]


@pytest.mark.parametrize("name", FILES)
def test_the_files_keep_their_names(name: str) -> None:
    assert [each.filename for each in mail(name).attachments] == FILES[name]


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_is_read(name: str) -> None:
    assert TEXTS[name] in mail(name).text


FLOORS: dict[str, tuple[Callable[[InboundEmail], bool], int]] = {
    "a sender": (lambda got: got.sender is not None, 109),
    "a date": (lambda got: got.date != UNDATED, 102),
    "something to read or a file": (lambda got: bool(got.text.strip() or got.html or got.attachments), 105),
    "no replacement characters": (lambda got: "\ufffd" not in got.text + got.subject, 108),
    "no encoded words left": (lambda got: "?=" not in got.subject + " ".join(x.filename for x in got.attachments), 110),
}


@pytest.mark.parametrize("what", FLOORS)
def test_as_many_mails_as_ever_have(what: str) -> None:
    has, floor = FLOORS[what]
    found = sum(has(read_email(path.read_bytes())) for path in MAILS)
    assert found >= floor, f"{found} of {len(MAILS)}"
