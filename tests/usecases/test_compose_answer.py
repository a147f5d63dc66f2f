"""An answer as a mail: signed, what it answers below it, its files inside or linked, and copies to whom they go."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.email import OutboundEmail
from chalicelib.domain.errors import InvalidInput, LinkExpired, NotFound
from chalicelib.domain.message import MessageKind
from chalicelib.domain.support_address import SupportAddress
from chalicelib.domain.ticket import EmailThread, Happening
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.fetch_file import fetch_file
from chalicelib.usecases.offer_upload import Enclosed, offer_upload
from tests.usecases.fakes import FakeDesk, happened

REPLY = NewMessage(origin="key:1:a", kind=MessageKind.REPLY, text="On its way.", author="agent:ada", author_name="Ada")


def answered(desk: FakeDesk, ref: str = "", **changes: Any) -> OutboundEmail:
    """Give the mail of an answer."""
    ref = ref or desk.settled().ref
    answer_ticket(desk, ref, replace(REPLY, **changes))
    desk.run(ref)
    return desk.mailer.to("jo@customer.example")[-1]


def uploaded(desk: FakeDesk, name: str, content: bytes, content_id: str = "") -> Enclosed:
    """Give a file whose upload has arrived."""
    upload = offer_upload(desk, name, "application/pdf", len(content))
    desk.files.kept[upload.url.removeprefix("https://files.example/").partition("?")[0]] = content
    return Enclosed(upload.id, content_id)


class TestQuoting:
    def test_the_message_that_is_answered_stands_below_in_text_and_in_html(self, desk: FakeDesk) -> None:
        mail = answered(desk)
        assert mail.text.endswith("<en:mail.quote date=2026-11-23 name=Jo time=10:00>\n> It did not arrive.")
        assert '<blockquote type="cite"' in mail.html
        assert "It did not arrive." in mail.html

    def test_its_time_is_told_by_the_desks_clock(self, desk: FakeDesk) -> None:
        desk.settings.change(calendar={"timezone": "Asia/Shanghai", "always_open": True})
        assert "time=18:00" in answered(desk).text

    def test_without_the_message_the_answer_leaves_all_the_same(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        desk.tickets.messages.clear()
        mail = answered(desk, ref)
        assert mail.text.startswith("On its way.")
        assert "mail.quote" not in mail.text


class TestSignatures:
    def test_who_has_none_is_named_with_the_desk(self, desk: FakeDesk) -> None:
        assert "On its way.\n\nAda\nCorner Shop\n\n" in answered(desk).text

    def test_an_agents_own_takes_the_place_of_their_name(self, desk: FakeDesk) -> None:
        assert "\n\nAda Lovelace\nRepairs\nCorner Shop\n\n" in answered(desk, signature="Ada Lovelace\nRepairs").text

    def test_an_address_has_one_in_the_customers_language(self, desk: FakeDesk) -> None:
        texts = {"en": "Yours, {name}\n{desk}", "zh": "{name} 敬上"}
        desk.settings.change(addresses=(SupportAddress("vip@shop.example", "VIP desk", signature=texts),))
        ref = desk.settled(thread=EmailThread(address="vip@shop.example"), language="zh").ref
        mail = answered(desk, ref)
        assert "On its way.\n\nAda 敬上\n\n" in mail.text
        assert (mail.sender.email, mail.sender.name) == ("vip@shop.example", "VIP desk")


class TestHtml:
    def test_it_is_cleaned_kept_and_sent_beside_the_text(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        mail = answered(desk, ref, text="", html="<script><p>Look</p>")
        assert mail.text.startswith("Look\n\n")
        assert mail.html.index("<p>Look</p>") < mail.html.index("Corner Shop")
        assert "<script>" not in mail.html

    def test_a_picture_that_was_written_in_is_shown_by_its_identifier(self, desk: FakeDesk) -> None:
        mail = answered(desk, html='<img src="data:dot">')
        assert '<img src="cid:dot">' in mail.html
        assert [(file.content, file.content_id) for file in mail.files] == [(b"dot", "dot")]

    def test_html_that_says_nothing_is_refused(self, desk: FakeDesk) -> None:
        with pytest.raises(InvalidInput, match="says nothing"):
            answered(desk, text="", html="<p></p>")

    def test_what_could_not_be_kept_is_refused(self, desk: FakeDesk) -> None:
        with pytest.raises(InvalidInput, match="at most"):
            answered(desk, html="x" * 400_000)


class TestFiles:
    def test_they_leave_with_the_mail(self, desk: FakeDesk) -> None:
        mail = answered(desk, attachments=(uploaded(desk, "bill.pdf", b"%PDF"),))
        (file,) = mail.files
        assert (file.filename, file.content_type, file.content) == ("bill.pdf", "application/pdf", b"%PDF")

    def test_beyond_the_limit_they_are_linked_from_text_and_html(self, desk: FakeDesk) -> None:
        desk.settings.change(mail_size_limit=1_000_000)
        mail = answered(desk, attachments=(uploaded(desk, "film.mp4", b"x" * 900_000), uploaded(desk, "a.txt", b"x")))
        assert [file.filename for file in mail.files] == ["a.txt"]
        link = next(line for line in mail.text.split("\n") if "film.mp4" in line).removeprefix("- film.mp4: ")
        assert link.startswith("https://desk.shop.example/files/")
        assert link in mail.html
        assert "until=2026-12-23" in mail.text
        token = link.rpartition("/")[2]
        assert fetch_file(desk, token).endswith("0-film.mp4")
        desk.clock.move(days=30)
        with pytest.raises(LinkExpired):
            fetch_file(desk, token)
        with pytest.raises(NotFound):
            fetch_file(desk, token[:-1])

    def test_a_picture_that_is_too_large_is_no_hole_in_the_text(self, desk: FakeDesk) -> None:
        desk.settings.change(mail_size_limit=1_000_000)
        large = uploaded(desk, "plan.png", b"x" * 900_000, "plan")
        mail = answered(desk, html='See <img src="cid:plan" alt="the plan">!', attachments=(large,))
        assert "See the plan!" in mail.html

    def test_the_same_request_twice_is_one_message_with_the_same_files(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        new = replace(REPLY, attachments=(uploaded(desk, "bill.pdf", b"%PDF"),))
        first, second = answer_ticket(desk, ref, new), answer_ticket(desk, ref, new)
        assert first == second
        assert len(happened(desk.ticket(ref), Happening.AGENT_ANSWERED)) == 1

    @pytest.mark.parametrize("forged", [Enclosed("made up"), Enclosed("7b7d.00")])
    def test_an_upload_that_is_not_ours_is_refused(self, desk: FakeDesk, forged: Enclosed) -> None:
        with pytest.raises(InvalidInput) as refused:
            answered(desk, attachments=(uploaded(desk, "a", b"x"), forged))
        assert refused.value.field == "attachments[1].upload"

    def test_one_that_never_arrived_is_refused_and_nothing_is_written(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        missing = Enclosed(offer_upload(desk, "a.pdf", "application/pdf", 3).id)
        with pytest.raises(InvalidInput, match="arrived"):
            answer_ticket(desk, ref, replace(REPLY, attachments=(missing,)))
        assert happened(desk.ticket(ref), Happening.AGENT_ANSWERED) == []

    @pytest.mark.parametrize("size", [0, 100_000_001])
    def test_a_file_has_a_size(self, desk: FakeDesk, size: int) -> None:
        with pytest.raises(InvalidInput):
            offer_upload(desk, "a", "text/plain", size)

    def test_one_that_was_erased_meanwhile_is_somebodys_task(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        answer_ticket(desk, ref, replace(REPLY, attachments=(uploaded(desk, "a", b"x"),)))
        desk.files.kept.clear()
        assert [task.reason for task in desk.run(ref).open_follow_ups] == ["undelivered"]


class TestCopies:
    def test_they_go_to_whom_the_agent_named_and_these_may_answer(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        mail = answered(desk, ref, cc=("kim@customer.example",), bcc=("boss@shop2.example", "kim@customer.example"))
        assert [to.email for to in mail.cc] == ["kim@customer.example"]
        assert [to.email for to in mail.bcc] == ["boss@shop2.example"]
        assert desk.ticket(ref).thread.participants == ("jo@customer.example", "kim@customer.example")

    def test_never_to_ourselves(self, desk: FakeDesk) -> None:
        with pytest.raises(InvalidInput) as refused:
            answered(desk, bcc=("kim@customer.example", "help+tag@shop.example"))
        assert refused.value.field == "bcc[1]"

    def test_a_note_goes_to_nobody(self, desk: FakeDesk) -> None:
        with pytest.raises(InvalidInput, match="replies only"):
            answer_ticket(desk, desk.settled().ref, replace(REPLY, kind=MessageKind.NOTE, cc=("kim@customer.example",)))
