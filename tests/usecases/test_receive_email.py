"""A mail arrives: it joins the ticket it belongs to or becomes a new one, once, and nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.agenda import Task
from chalicelib.domain.email import Address, ReadAttachment
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.mail_thread import message_id, reply_address, root_id
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_LIMIT, Message, MessageKind
from chalicelib.domain.reference import reference_for
from chalicelib.domain.ticket import Happening, Shelf, Status, Ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.merge_customers import merge_customers
from chalicelib.usecases.receive_email import receive_email
from tests.usecases.fakes import FakeDesk, happened

JO, STRANGER = Address("jo@customer.example", "Jo"), Address("eve@elsewhere.example", "Eve")
HELP = "help@shop.example"


def first(desk: FakeDesk, **fields: Any) -> Ticket:
    """Give the ticket that Jo's mail `first` became, with everything done that was due."""
    ref = receive_email(desk, desk.receive("first", **fields))
    desk.run(ref)
    desk.mailer.sent.clear()
    return desk.ticket(ref)


def set_status(desk: FakeDesk, ref: str, status: Status) -> None:
    edit_ticket(desk, ref, TicketEdit(status=status), "agent:ada", None)
    desk.run(ref)


def messages(desk: FakeDesk, ref: str) -> tuple[Message, ...]:
    found = desk.tickets.conversation(ref)
    assert found is not None
    return found[1]


def again(desk: FakeDesk, key: str) -> None:
    """Deliver a mail a second time."""
    receive_email(desk, key)


def to(address: str) -> dict[str, Any]:
    return {"envelope_recipients": (address,)}


class TestANewMail:
    def test_it_becomes_a_ticket_of_whoever_wrote_it(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        assert (ticket.channel, ticket.subject, ticket.origin) == (
            "email",
            "My parcel",
            "email:<first@customer.example>",
        )
        assert (ticket.requester.email, ticket.requester.name) == ("jo@customer.example", "Jo")
        (message,) = messages(desk, ticket.ref)
        assert (message.text, message.source, message.email_id) == (
            "It did not arrive.",
            "first",
            "<first@customer.example>",
        )

    def test_it_is_acknowledged_once(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("first"))
        receive_email(desk, "first")
        desk.run(ref)
        receive_email(desk, "first")
        desk.run(ref)
        (mail,) = desk.mailer.to("jo@customer.example")
        assert mail.in_reply_to == "<first@customer.example>"

    def test_delivered_again_or_stored_twice_it_is_the_same_message(self, desk: FakeDesk) -> None:
        ref = first(desk).ref
        version = desk.ticket(ref).version
        assert receive_email(desk, "first") == ref
        desk.mail.kept["copy"] = desk.mail.kept["first"]
        assert receive_email(desk, "copy") == ref
        assert (len(desk.tickets.kept), len(messages(desk, ref)), desk.ticket(ref).version) == (1, 1, version)

    def test_without_a_message_id_the_same_content_is_the_same_mail(self, desk: FakeDesk) -> None:
        refs = []
        for key, content in (("a", "1" * 64), ("b", "1" * 64), ("c", "2" * 64)):
            desk.receive(key)
            desk.mail.kept[key] = replace(desk.mail.kept[key], message_id="", content_hash=content)
            refs.append(receive_email(desk, key))
        assert refs[0] == refs[1] != refs[2]
        assert desk.ticket(refs[0]).thread.chain == ()

    def test_its_files_are_kept(self, desk: FakeDesk) -> None:
        files = (
            ReadAttachment("photo.png", "image/png", b"PNG", inline=True, content_id="p1"),
            ReadAttachment("bill.pdf", "application/pdf", b"PDF!", inline=False),
        )
        ticket = first(desk, attachments=files)
        (message,) = messages(desk, ticket.ref)
        assert [(file.filename, file.size, file.inline, file.content_id) for file in message.attachments] == [
            ("photo.png", 3, True, "p1"),
            ("bill.pdf", 4, False, ""),
        ]
        assert [desk.files.kept[file.key] for file in message.attachments] == [b"PNG", b"PDF!"]

    def test_what_is_too_long_is_cut_with_a_mark_and_an_empty_subject_is_named(self, desk: FakeDesk) -> None:
        ticket = first(desk, subject="", text="x" * (TEXT_LIMIT + 1))
        assert ticket.subject == "(no subject)"
        (message,) = messages(desk, ticket.ref)
        assert message.text == "x" * TEXT_LIMIT + "\n[…]"
        second = receive_email(desk, desk.receive("second", subject="y" * 999, text="x" * TEXT_LIMIT))
        assert desk.ticket(second).subject == "y" * SUBJECT_LIMIT
        assert messages(desk, second)[0].text == "x" * TEXT_LIMIT

    def test_what_reading_it_met_is_kept_with_it(self, desk: FakeDesk) -> None:
        ticket = first(desk, problems=("unknown charset",), html="<p>Hi</p>")
        (message,) = messages(desk, ticket.ref)
        assert (message.problems, message.html) == (("unknown charset",), "<p>Hi</p>")

    def test_everybody_it_went_to_but_ourselves_takes_part(self, desk: FakeDesk) -> None:
        ticket = first(
            desk, to=(Address(HELP), Address("al@customer.example")), cc=(Address("HELP+x@shop.example"), JO)
        )
        assert ticket.thread.participants == ("jo@customer.example", "al@customer.example")

    def test_a_reply_to_within_the_senders_house_is_whom_we_answer(self, desk: FakeDesk) -> None:
        ticket = first(desk, reply_to=(Address("orders@customer.example", "Orders"),))
        assert ticket.requester.email == "orders@customer.example"

    def test_a_reply_to_elsewhere_is_not(self, desk: FakeDesk) -> None:
        assert first(desk, reply_to=(STRANGER,)).requester.email == "jo@customer.example"


class TestShelves:
    @pytest.mark.parametrize("verdict", ["spam", "virus", "dmarc"])
    def test_suspect_mail_lies_on_the_shelf_and_is_answered_by_nobody(self, desk: FakeDesk, verdict: str) -> None:
        ref = receive_email(desk, desk.receive("first", verdicts={verdict: "fail"}))
        assert desk.run(ref).shelf is Shelf.SPAM
        assert (desk.mailer.sent, [entry.task for entry in desk.ticket(ref).agenda]) == ([], [Task.INDEX])

    def test_other_verdicts_do_no_harm(self, desk: FakeDesk) -> None:
        assert (
            first(desk, verdicts={"spam": "pass", "dmarc": "gray", "spf": "fail", "dkim": "none"}).shelf is Shelf.NONE
        )

    def test_a_suspect_mail_joins_no_ticket_even_with_our_signature(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        address = reply_address(desk.signer.secret(), ticket.ref, HELP)
        ref = receive_email(desk, desk.receive("second", verdicts={"dmarc": "fail"}, **to(address)))
        assert (ref == ticket.ref, desk.ticket(ref).shelf) == (False, Shelf.SPAM)
        assert len(messages(desk, ticket.ref)) == 1

    def test_mail_of_nobody_waits_to_be_understood(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("first", sender=None))
        assert desk.run(ref).shelf is Shelf.UNPARSED
        assert desk.mailer.sent == []


class TestAutomaticMail:
    def test_it_opens_a_ticket_that_is_marked_and_not_acknowledged(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("first", automatic="out_of_office"))
        ticket = desk.run(ref)
        assert ticket.tags == ("automatic",)
        assert desk.mailer.to("jo@customer.example") == []

    def test_mail_from_our_own_address_is_not_acknowledged(self, desk: FakeDesk) -> None:
        desk.run(receive_email(desk, desk.receive("first", sender=Address("help+x@shop.example"))))
        assert all(mail.to[0].email == "ada@shop.example" for mail in desk.mailer.sent)

    @pytest.mark.parametrize("status", [Status.PENDING, Status.SOLVED, Status.CLOSED])
    def test_on_a_ticket_it_is_kept_and_changes_nothing(self, desk: FakeDesk, status: Status) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, status)
        desk.mailer.sent.clear()
        address = reply_address(desk.signer.secret(), ticket.ref, HELP)
        assert receive_email(desk, desk.receive("away", automatic="out_of_office", **to(address))) == ticket.ref
        after = desk.run(ticket.ref)
        assert (after.status, desk.mailer.sent) == (status, [])
        assert messages(desk, ticket.ref)[-1].kind is MessageKind.SYSTEM


Tells = Callable[[FakeDesk, Ticket], dict[str, Any]]

WAYS: dict[str, Tells] = {
    "our reply address in the envelope": lambda desk, ticket: to(reply_address(desk.signer.secret(), ticket.ref, HELP)),
    "our reply address in To": lambda desk, ticket: {
        "to": (Address(reply_address(desk.signer.secret(), ticket.ref, HELP)),)
    },
    "our reply address in Cc": lambda desk, ticket: {
        "cc": (Address(reply_address(desk.signer.secret(), ticket.ref, HELP)),)
    },
    "our Message-ID in In-Reply-To": lambda desk, ticket: {
        "in_reply_to": (message_id(desk.signer.secret(), ticket.ref, "m1", HELP),)
    },
    "our root in References, among many": lambda desk, ticket: {
        "in_reply_to": ("<010001-ses@amazonses.example>",),
        "references": (
            root_id(desk.signer.secret(), ticket.ref, HELP),
            *(f"<{n}@elsewhere.example>" for n in range(9)),
        ),
    },
    "their own first mail in References": lambda desk, ticket: {"references": ("<first@customer.example>",)},
    "the reference in the subject": lambda desk, ticket: {"subject": f"AW: My parcel [#{ticket.ref}]"},
}


class TestAnAnswer:
    @pytest.mark.parametrize("way", WAYS)
    def test_it_finds_its_ticket_by(self, desk: FakeDesk, way: str) -> None:
        ticket = first(desk)
        found = receive_email(desk, desk.receive("second", text="And now?", **WAYS[way](desk, ticket)))
        assert found == ticket.ref
        assert [message.text for message in messages(desk, ticket.ref)] == ["It did not arrive.", "And now?"]
        assert [to.email for mail in desk.mailer.sent for to in mail.to] == []
        desk.run(ticket.ref)
        assert [to.email for mail in desk.mailer.sent for to in mail.to] == ["ada@shop.example"]

    def test_a_later_mail_is_known_by_its_own_message_id_too(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        receive_email(desk, desk.receive("second", references=("<first@customer.example>",)))
        third = desk.receive("third", sender=Address("al@customer.example"), in_reply_to=("<second@customer.example>",))
        assert receive_email(desk, third) == ticket.ref

    def test_delivered_again_it_is_one_message(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        key = desk.receive("second", references=("<first@customer.example>",))
        for _ in range(3):
            receive_email(desk, key)
        assert len(happened(desk.ticket(ticket.ref), Happening.CUSTOMER_WROTE)) == 1
        assert len(messages(desk, ticket.ref)) == 2

    def test_delivered_twice_at_the_same_time_it_is_one_message(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        key = desk.receive("second", references=("<first@customer.example>",))
        desk.tickets.before_save.append(lambda: again(desk, key))
        receive_email(desk, key)
        assert len(happened(desk.ticket(ticket.ref), Happening.CUSTOMER_WROTE)) == 1

    def test_a_foreign_ticket_under_the_reference_that_a_mail_would_have_is_not_its_ticket(
        self, desk: FakeDesk
    ) -> None:
        other = desk.settled()
        ref = reference_for(desk.signer.secret(), "email:<lost@customer.example>")
        desk.put(replace(other, ref=ref, version=0))
        assert receive_email(desk, desk.receive("second", references=("<lost@customer.example>",))) != ref

    def test_when_the_ticket_could_not_be_saved_the_next_delivery_finishes_it(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        key = desk.receive("second", references=("<first@customer.example>",))

        def away() -> None:
            raise TryAgain("the table is away")

        desk.tickets.before_save.append(away)
        with pytest.raises(TryAgain):
            receive_email(desk, key)
        assert len(messages(desk, ticket.ref)) == 1
        receive_email(desk, key)
        assert len(messages(desk, ticket.ref)) == 2

    def test_it_threads_our_next_answer_after_it(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        receive_email(desk, desk.receive("second", references=("<first@customer.example>",)))
        thread = desk.ticket(ticket.ref).thread
        assert (thread.last_id, thread.chain) == (
            "<second@customer.example>",
            ("<first@customer.example>", "<second@customer.example>"),
        )

    def test_its_files_and_its_writer_are_kept(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        files = (ReadAttachment("photo.png", "image/png", b"PNG", inline=False),)
        receive_email(
            desk,
            desk.receive("second", sender=STRANGER, attachments=files, references=("<first@customer.example>",)),
        )
        message = messages(desk, ticket.ref)[-1]
        assert (message.author_name, message.kind, message.source) == ("Eve", MessageKind.CUSTOMER, "second")
        assert desk.files.kept[message.attachments[0].key] == b"PNG"


class TestStrangers:
    def test_quoting_a_reference_is_no_way_in(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        found = receive_email(desk, desk.receive("second", sender=STRANGER, subject=f"Re: [#{ticket.ref}]"))
        assert found != ticket.ref
        assert len(messages(desk, ticket.ref)) == 1

    def test_whoever_the_first_mail_went_to_may_quote_it(self, desk: FakeDesk) -> None:
        ticket = first(desk, cc=(STRANGER,))
        assert receive_email(desk, desk.receive("second", sender=STRANGER, subject=f"[#{ticket.ref}]")) == ticket.ref

    def test_another_address_of_the_customer_may_quote_it(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        merge_customers(desk, ticket.requester.customer_id, STRANGER.email, "agent:sam")
        assert receive_email(desk, desk.receive("second", sender=STRANGER, subject=f"[#{ticket.ref}]")) == ticket.ref

    def test_a_signature_for_one_ticket_opens_no_other(self, desk: FakeDesk) -> None:
        ticket, other = first(desk), desk.settled()
        address = reply_address(desk.signer.secret(), ticket.ref, HELP).replace(ticket.ref.lower(), other.ref.lower())
        found = receive_email(desk, desk.receive("second", sender=STRANGER, **to(address)))
        assert found not in (ticket.ref, other.ref)

    def test_what_we_signed_counts_before_what_the_subject_says(self, desk: FakeDesk) -> None:
        ticket, other = first(desk), desk.settled()
        address = reply_address(desk.signer.secret(), ticket.ref, HELP)
        key = desk.receive("second", subject=f"Re: [#{other.ref}]", references=("<x@y.example>",), **to(address))
        assert receive_email(desk, key) == ticket.ref

    def test_a_signed_ticket_that_is_gone_makes_a_new_one(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        del desk.tickets.kept[ticket.ref]
        key = desk.receive("second", **to(reply_address(desk.signer.secret(), ticket.ref, HELP)))
        assert receive_email(desk, key) in desk.tickets.kept

    def test_long_chains_of_foreign_mail_are_followed_a_few_steps_only(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        foreign = tuple(f"<{n}@elsewhere.example>" for n in range(4))
        lost = desk.receive("second", references=("<first@customer.example>", *foreign))
        assert receive_email(desk, lost) != ticket.ref
        near = desk.receive("third", references=("<first@customer.example>", *foreign[:3]))
        assert receive_email(desk, near) == ticket.ref


class TestAfterTheSolution:
    def answer(self, desk: FakeDesk, key: str = "second") -> str:
        return receive_email(desk, desk.receive(key, references=("<first@customer.example>",)))

    def test_a_solved_ticket_opens_again(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, Status.SOLVED)
        desk.clock.move(days=7)
        assert self.answer(desk) == ticket.ref
        assert desk.ticket(ticket.ref).status is Status.OPEN

    def test_after_the_time_for_that_a_linked_ticket_follows(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, Status.SOLVED)
        desk.clock.move(days=7, seconds=1)  # and nobody closed it yet
        ref = self.answer(desk)
        assert ref != ticket.ref
        assert desk.ticket(ref).follows == ticket.ref
        assert desk.ticket(ticket.ref).status is Status.SOLVED
        assert desk.ticket(ticket.ref).said(Happening.CONTINUED_AS, ticket=ref)

    def test_so_it_does_after_a_ticket_that_was_closed_by_hand(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, Status.CLOSED)
        desk.clock.move(minutes=1)
        assert desk.ticket(self.answer(desk)).follows == ticket.ref

    def test_delivered_again_one_ticket_follows(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, Status.CLOSED)
        desk.clock.move(minutes=1)
        assert len({self.answer(desk) for _ in range(3)}) == 1
        assert len(happened(desk.ticket(ticket.ref), Happening.CONTINUED_AS)) == 1

    def test_delivered_twice_at_the_same_time_one_ticket_follows_and_is_told_once(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, Status.CLOSED)
        desk.clock.move(minutes=1)
        key = desk.receive("second", references=("<first@customer.example>",))
        desk.tickets.before_save.append(lambda: again(desk, key))  # while the closed one is told what follows
        receive_email(desk, key)
        assert len(happened(desk.ticket(ticket.ref), Happening.CONTINUED_AS)) == 1
        assert len(desk.tickets.kept) == 2

    def test_where_what_followed_is_gone_another_follows_and_is_joined(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, Status.CLOSED)
        desk.clock.move(minutes=1)
        del desk.tickets.kept[self.answer(desk)]
        following = self.answer(desk, "third")
        assert desk.ticket(following).follows == ticket.ref
        assert self.answer(desk, "fourth") == following

    def test_a_further_answer_to_the_closed_one_joins_what_follows_it(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        set_status(desk, ticket.ref, Status.CLOSED)
        desk.clock.move(minutes=1)
        following = self.answer(desk)
        assert self.answer(desk, "third") == following
        assert len(messages(desk, following)) == 2

    def test_when_that_is_closed_too_the_next_one_follows_it(self, desk: FakeDesk) -> None:
        refs = [first(desk).ref]
        for key in ("second", "third"):
            set_status(desk, refs[-1], Status.CLOSED)
            desk.clock.move(minutes=1)
            refs.append(self.answer(desk, key))
        assert [desk.ticket(ref).follows for ref in refs] == ["", refs[0], refs[1]]
        assert self.answer(desk, "second") == refs[1]

    def test_an_answer_that_came_before_the_closing_is_known_after_it(self, desk: FakeDesk) -> None:
        ticket = first(desk)
        self.answer(desk)
        set_status(desk, ticket.ref, Status.CLOSED)
        assert self.answer(desk) == ticket.ref
        assert len(desk.tickets.kept) == 1
