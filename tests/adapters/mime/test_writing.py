import email
import email.policy
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime.headers import read_addresses
from chalicelib.adapters.mime.reading import read_email
from chalicelib.adapters.mime.wire_address import wire_address
from chalicelib.adapters.mime.writing import write_email
from chalicelib.domain.email import Address, OutboundEmail

DESK = Address("desk@example.com", "Desk")
ANN = Address("ann@example.com", "Ann")
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def mail(
    sender: Address = DESK,
    to: Address = ANN,
    subject: str = "Your order",
    text: str = "Hello",
    html: str = "",
    message_id: str = "<m1@example.com>",
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
    headers: dict[str, str] | None = None,
    date: datetime = NOON,
) -> OutboundEmail:
    return OutboundEmail(
        sender=sender,
        to=(to,),
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=references,
        headers=headers or {},
        date=date,
    )


def header_names(raw: bytes) -> list[str]:
    lines = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    return [line.split(b":")[0].decode("ascii") for line in lines if line[:1] not in (b" ", b"\t")]


def test_what_was_written_is_read_again() -> None:
    sent = mail(
        sender=Address("desk@example.com", "客服, 小王"),
        subject="您的订单 ☕ " + "很长的主题" * 20,
        text="你好\n第二行",
        html="<p>你好</p>",
        in_reply_to="<m0@example.com>",
        references=("<a@example.com>", "<m0@example.com>"),
    )
    got = read_email(write_email(sent))
    assert got.sender == sent.sender
    assert got.subject == sent.subject
    assert got.text.strip() == sent.text
    assert got.html.strip() == "<p>你好</p>"
    assert (got.message_id, got.in_reply_to, got.references) == (
        "<m1@example.com>",
        ("<m0@example.com>",),
        sent.references,
    )
    assert (got.date, got.problems, got.attachments) == (NOON, (), ())


def test_the_same_mail_is_the_same_bytes() -> None:
    assert write_email(mail(html="<p>Hello</p>")) == write_email(mail(html="<p>Hello</p>"))


def test_a_boundary_that_a_text_contains_is_not_used() -> None:
    raw = write_email(mail(html="<p>x</p>"))
    boundary = raw.split(b'boundary="')[1].split(b'"')[0].decode("ascii")
    got = read_email(write_email(mail(text=f"--{boundary}\n\nforged", html="<p>x</p>")))
    assert got.text.strip() == f"--{boundary}\n\nforged"


def test_a_line_break_in_a_subject_or_name_adds_no_header() -> None:
    raw = write_email(
        mail(subject="Hi\r\nBcc: eve@example.com", to=Address("ann@example.com", "Ann\nBcc: e@example.com"))
    )
    assert "Bcc" not in header_names(raw)
    assert read_email(raw).subject == "Hi Bcc: eve@example.com"


UNSEEN = st.text(alphabet='ab :<>@,"=?\r\n\x00\x0b\x7f\x85\u2028\u202e\u2066\u2069é你🎈\ud800', max_size=40)


@given(UNSEEN, UNSEEN, UNSEEN)
def test_whatever_people_are_called_and_write_about_comes_back_on_one_line(
    subject: str, sender: str, recipient: str
) -> None:
    sent = mail(sender=Address("desk@example.com", sender), to=Address("ann@example.com", recipient), subject=subject)
    got = read_email(write_email(sent))
    assert [got.sender.email if got.sender else "", *(each.email for each in (*got.to, *got.cc))] == [
        "desk@example.com",
        "ann@example.com",
    ]
    bare = re.sub("[\u202e\u2066\u2069]", "", re.sub("[\x00-\x1f\x7f-\x9f\u2028\ud800]+", " ", subject))
    assert got.subject == " ".join(bare.split())
    seen = "".join((got.subject, got.sender.name if got.sender else "", *(each.name for each in got.to)))
    assert not set("\r\n\x00\u202e\u2066\u2069") & set(seen)


@pytest.mark.parametrize(
    "bad",
    [
        {"headers": {"X-Tag": "a\r\nBcc: eve@example.com"}},
        {"headers": {"X-Tag\r\nBcc": "eve@example.com"}},
        {"headers": {"Bcc": "eve@example.com"}},
        {"headers": {"X Tag": "a"}},
        {"message_id": "<m1@example.com>\r\nBcc: eve@example.com"},
        {"message_id": "m1@example.com"},
        {"to": Address("ann@example.com>\r\nBcc: eve@example.com")},
        {"to": Address("ann@example.com, eve@example.com")},
        {"to": Address("ann")},
        {"to": Address("用户@example.com")},
        {"date": NOON.replace(tzinfo=None)},
    ],
)
def test_what_could_forge_a_header_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        write_email(mail(**bad))


def test_an_identifier_that_somebody_made_badly_does_not_keep_an_answer_from_leaving() -> None:
    raw = write_email(
        mail(in_reply_to="<a@b>\nBcc: eve@example.com", references=("<a@b>", "<c d@e>", "<ü@e>", "<no-at>"))
    )
    assert not {"Bcc", "In-Reply-To"} & set(header_names(raw))
    assert read_email(raw).references == ("<a@b>", "<no-at>")
    assert "References" not in header_names(write_email(mail(references=("<c d@e>",))))


def test_a_quoted_local_part_comes_back_as_it_was() -> None:
    odd = Address('"ann@home, at work"@bücher.example', "Ann")
    assert read_email(write_email(mail(to=odd))).to == (Address('"ann@home, at work"@xn--bcher-kva.example', "Ann"),)


def test_a_mail_without_recipient_is_refused() -> None:
    with pytest.raises(ValueError, match="recipient"):
        write_email(OutboundEmail(sender=DESK, to=(), subject="", text="", message_id="<a@b>", date=NOON))


def test_extra_headers_and_long_references_are_folded() -> None:
    references = tuple(f"<{n}.{'x' * 60}@example.com>" for n in range(40))
    raw = write_email(mail(references=references, headers={"Auto-Submitted": "auto-replied", "X-Long": "word " * 100}))
    assert max(len(line) for line in raw.split(b"\r\n")) < 100
    assert read_email(raw).references == references
    assert read_email(raw).automatic == "auto_submitted"


def test_carbon_copies_and_reply_to_are_written() -> None:
    raw = write_email(
        OutboundEmail(
            sender=DESK,
            to=(ANN, Address("bob@example.com", 'Bob "B" Lee, Jr.')),
            cc=(Address("cy@bücher.example"),),
            reply_to=Address("desk+tag@example.com"),
            subject="x",
            text="x",
            message_id="<a@b>",
            date=NOON,
        )
    )
    got = read_email(raw)
    assert [each.name for each in got.to] == ["Ann", 'Bob "B" Lee, Jr.']
    assert got.cc == (Address("cy@xn--bcher-kva.example"),)
    assert got.reply_to == (Address("desk+tag@example.com"),)


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_makes_a_mail_with_the_same_headers(subject: str, name: str, text: str, html: str) -> None:
    raw = write_email(mail(sender=Address("desk@example.com", name), subject=subject, text=text, html=html or "x"))
    own = ["Date", "From", "To", "Subject", "Message-ID", "X-Pennydesk-Message-ID"]
    assert header_names(raw) == [*own, "MIME-Version", "Content-Type"]
    assert not set(b"\r\n") & set(raw.replace(b"\r\n", b""))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert read_email(raw).sender is not None


@given(st.text(), st.text())
def test_whatever_address_was_read_can_be_answered_or_is_refused(local: str, domain: str) -> None:
    for found in read_addresses([f"{local}@{domain}", f'"{local}"@{domain}', f"Ann <{local}@{domain}>"]):
        try:
            raw = write_email(mail(to=found))
        except ValueError:
            continue
        assert [each.email for each in read_email(raw).to] == [wire_address(found.email)]
