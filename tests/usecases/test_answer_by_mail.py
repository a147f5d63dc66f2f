"""Agents who write from their own mail programs: they answer customers, pass mail on, and can't be impersonated."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.email import Address, ReadAttachment
from chalicelib.domain.mail_thread import reply_address, root_id
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import Happening, Shelf, Status, Ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.merge_tickets import merge_tickets
from chalicelib.usecases.receive_email import receive_email
from tests.usecases.fakes import FakeDesk, happened

ADA = Address("ada@shop.example", "Ada at home")
HELP = "help@shop.example"
PASSED_ON = (
    "Please look after her.\n\n---------- Forwarded message ---------\nFrom: Joan <joan@customer.example>\n"
    "Date: Mon, 23 Nov 2026\nSubject: Broken cup\nTo: Ada <ada@shop.example>\n\n\nIt came in pieces.\n"
)


@pytest.fixture
def ticket(desk: FakeDesk) -> Ticket:
    """A ticket of Jo's, in work."""
    ref = receive_email(desk, desk.receive("first"))
    desk.run(ref)
    desk.mailer.sent.clear()
    return desk.ticket(ref)


def from_ada(desk: FakeDesk, ticket: Ticket, **fields: Any) -> str:
    """Take in Ada's answer to a notice about a ticket."""
    root = root_id(desk.signer.secret(), ticket.ref, HELP)
    answer = {"sender": ADA, "references": (root,), "text": "It left today.\n\n> old", "newly_said": "It left today."}
    return receive_email(desk, desk.receive("ada", **{**answer, **fields}))


def last(desk: FakeDesk, ref: str) -> Message:
    found = desk.tickets.conversation(ref)
    assert found is not None
    return found[1][-1]


class TestAnAnswerByMail:
    def test_it_goes_to_the_customer_in_the_agents_name(self, desk: FakeDesk, ticket: Ticket) -> None:
        assert from_ada(desk, ticket) == ticket.ref
        message = last(desk, ticket.ref)
        assert (message.kind, message.author, message.author_name) == (MessageKind.REPLY, "agent:ada", "Ada")
        assert message.text == "It left today."
        after = desk.run(ticket.ref)
        (mail,) = desk.mailer.to("jo@customer.example")
        assert "It left today." in mail.text
        assert after.status is Status.OPEN

    def test_taken_in_twice_it_is_one_answer(self, desk: FakeDesk, ticket: Ticket) -> None:
        from_ada(desk, ticket)
        receive_email(desk, "ada")
        desk.run(ticket.ref)
        assert len(desk.mailer.to("jo@customer.example")) == 1

    def test_the_reply_address_signs_as_well(self, desk: FakeDesk, ticket: Ticket) -> None:
        tagged = Address(reply_address(desk.signer.secret(), ticket.ref, HELP))
        from_ada(desk, ticket, references=(), to=(tagged,))
        assert last(desk, ticket.ref).kind is MessageKind.REPLY

    def test_a_signature_for_what_was_merged_into_it_counts(self, desk: FakeDesk, ticket: Ticket) -> None:
        other = desk.settled()
        merge_tickets(desk, ticket.ref, other.ref, "agent:ada")
        desk.run(ticket.ref)
        assert from_ada(desk, ticket) == other.ref
        assert last(desk, other.ref).kind is MessageKind.REPLY

    def test_what_the_customer_has_already_is_not_sent_again(self, desk: FakeDesk, ticket: Ticket) -> None:
        to_jo = {"references": ("<first@customer.example>",), "to": (Address("jo@customer.example"), Address(HELP))}
        from_ada(desk, ticket, **to_jo)
        after = desk.run(ticket.ref)
        assert len(happened(after, Happening.AGENT_ANSWERED)) == 1
        assert desk.mailer.to("jo@customer.example") == []

    def test_the_agents_absence_is_an_automatic_mail_like_others(self, desk: FakeDesk, ticket: Ticket) -> None:
        from_ada(desk, ticket, automatic="out_of_office")
        assert last(desk, ticket.ref).kind is MessageKind.SYSTEM

    @pytest.mark.parametrize("verdict", ["gray", "none", ""])
    def test_a_sender_whom_dmarc_does_not_prove_leaves_a_note(
        self, desk: FakeDesk, ticket: Ticket, verdict: str
    ) -> None:
        from_ada(desk, ticket, verdicts={"spf": "pass", **({"dmarc": verdict} if verdict else {})})
        after = desk.run(ticket.ref)
        assert last(desk, ticket.ref).kind is MessageKind.NOTE
        assert "not proven" in last(desk, ticket.ref).problems[0]
        assert desk.mailer.to("jo@customer.example") == []
        assert [one.reason for one in after.open_follow_ups] == ["undelivered"]

    def test_a_proven_one_is_believed(self, desk: FakeDesk, ticket: Ticket) -> None:
        from_ada(desk, ticket, verdicts={"dmarc": "pass"})
        assert last(desk, ticket.ref).kind is MessageKind.REPLY

    def test_a_forged_one_goes_to_the_shelf(self, desk: FakeDesk, ticket: Ticket) -> None:
        ref = from_ada(desk, ticket, verdicts={"dmarc": "fail"})
        assert ref != ticket.ref
        assert desk.ticket(ref).shelf is Shelf.SPAM

    def test_without_our_signature_it_is_a_note(self, desk: FakeDesk, ticket: Ticket) -> None:
        from_ada(desk, ticket, references=("<first@customer.example>",))
        assert last(desk, ticket.ref).kind is MessageKind.NOTE

    def test_what_is_passed_on_to_the_ticket_is_a_note(self, desk: FakeDesk, ticket: Ticket) -> None:
        from_ada(desk, ticket, subject="Fwd: what the courier says")
        assert last(desk, ticket.ref).kind is MessageKind.NOTE
        assert desk.ticket(ticket.ref).open_follow_ups == ()

    def test_on_a_closed_ticket_it_is_a_note_and_somebody_is_told(self, desk: FakeDesk, ticket: Ticket) -> None:
        edit_ticket(desk, ticket.ref, TicketEdit(status=Status.CLOSED), "agent:ada", None)
        assert from_ada(desk, ticket) == ticket.ref
        assert last(desk, ticket.ref).kind is MessageKind.NOTE
        assert len(desk.ticket(ticket.ref).open_follow_ups) == 1

    def test_somebody_who_left_writes_as_a_customer(self, desk: FakeDesk, ticket: Ticket) -> None:
        desk.people.agents["ada"] = replace(desk.people.agents["ada"], active=False)
        from_ada(desk, ticket)
        assert last(desk, ticket.ref).kind is MessageKind.CUSTOMER

    def test_agents_with_requests_of_their_own_are_customers_there(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("own", sender=ADA))
        root = root_id(desk.signer.secret(), ref, HELP)
        receive_email(desk, desk.receive("more", sender=ADA, references=(root,)))
        assert last(desk, ref).kind is MessageKind.CUSTOMER


class TestAMailPassedOn:
    def passed_on(self, desk: FakeDesk, **fields: Any) -> Ticket:
        mail = {"sender": ADA, "subject": "Fwd: Broken cup", "text": PASSED_ON, "newly_said": PASSED_ON}
        return desk.ticket(receive_email(desk, desk.receive("fwd", **{**mail, **fields})))

    def test_it_is_a_ticket_of_whoever_wrote_the_original(self, desk: FakeDesk) -> None:
        ticket = self.passed_on(desk)
        assert (ticket.requester.email, ticket.requester.name) == ("joan@customer.example", "Joan")
        assert (ticket.subject, ticket.thread.last_id) == ("Broken cup", "")
        assert ticket.thread.participants == ("joan@customer.example",)
        assert happened(ticket, Happening.FORWARDED)[0].by == "agent:ada"

    def test_the_agents_words_are_a_note(self, desk: FakeDesk) -> None:
        found = desk.tickets.conversation(self.passed_on(desk).ref)
        assert found is not None
        assert [(one.kind, one.text, one.author) for one in found[1]] == [
            (MessageKind.CUSTOMER, "It came in pieces.", found[1][0].author),
            (MessageKind.NOTE, "Please look after her.", "agent:ada"),
        ]

    def test_without_any_words_there_is_no_note(self, desk: FakeDesk) -> None:
        ticket = self.passed_on(desk, text=PASSED_ON.partition("\n\n")[2])
        assert happened(ticket, Happening.NOTE_ADDED) == []

    def test_the_original_sender_is_told_and_answered(self, desk: FakeDesk) -> None:
        desk.run(self.passed_on(desk).ref)
        (mail,) = desk.mailer.to("joan@customer.example")
        assert mail.in_reply_to == ""

    def test_taken_in_twice_it_is_one_ticket_with_one_note(self, desk: FakeDesk) -> None:
        ticket = self.passed_on(desk)
        assert receive_email(desk, "fwd") == ticket.ref
        assert len(happened(desk.ticket(ticket.ref), Happening.NOTE_ADDED)) == 1

    def test_an_attached_mail_is_read_with_its_own_ids_and_files(self, desk: FakeDesk) -> None:
        photo = ReadAttachment("cup.png", "image/png", b"PNG", inline=False)
        desk.receive("original", sender=Address("joan@customer.example", "Joan"), attachments=(photo,), text="Pieces.")
        attached = ReadAttachment("Broken cup.eml", "message/rfc822", b"original", inline=False)
        ticket = self.passed_on(desk, attachments=(attached,), text="Yours?", newly_said="Yours?")
        found = desk.tickets.conversation(ticket.ref)
        assert found is not None
        assert ticket.requester.email == "joan@customer.example"
        assert ticket.thread.last_id == "<original@customer.example>"
        assert [file.filename for file in found[1][0].attachments] == ["cup.png"]
        assert [message.text for message in found[1]] == ["Pieces.", "Yours?"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"sender": Address("al@customer.example")},
            {"verdicts": {"dmarc": "gray"}},
            {"subject": "Re: Broken cup", "text": PASSED_ON.replace("Forwarded message", "Original message")},
            {"text": PASSED_ON.replace("joan@customer.example", "help+x@shop.example")},
            {"text": PASSED_ON.replace("joan@customer.example", "ada@shop.example")},
            {"text": PASSED_ON.replace("<joan@customer.example>", "")},
        ],
    )
    def test_it_stays_the_senders_own(self, desk: FakeDesk, fields: dict[str, Any]) -> None:
        ticket = self.passed_on(desk, **fields)
        sender = fields.get("sender", ADA)
        assert ticket.requester.email == sender.email
        assert not ticket.said(Happening.FORWARDED)
