"""Mail to several addresses of one desk: where it goes, who hears of it, and that every copy is the same mail."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.email import Address
from chalicelib.domain.message import Message
from chalicelib.domain.support_address import SupportAddress
from chalicelib.domain.ticket import Happening, Shelf, Status
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.receive_email import receive_email
from tests.usecases.fakes import FakeDesk, happened

JO, AL, EVE = (Address(f"{name}@customer.example", name.title()) for name in ("jo", "al", "eve"))
HELP, SALES = Address("help@shop.example"), Address("sales@shop.example")


@pytest.fixture
def shop(desk: FakeDesk) -> FakeDesk:
    """The desk, with an address for sales beside its main one."""
    sales = SupportAddress("sales@shop.example", "Sales", "sales", "zh", ("buying",))
    desk.settings.change(addresses=(sales,))
    return desk


def said(desk: FakeDesk, ref: str) -> list[str]:
    return [message.text for message in messages(desk, ref)]


def messages(desk: FakeDesk, ref: str) -> tuple[Message, ...]:
    found = desk.tickets.conversation(ref)
    assert found is not None
    return found[1]


def lay(desk: FakeDesk, key: str, **fields: Any) -> str:
    """Lay a mail into the mail store; unlike with `receive`, its Message-ID can be any."""
    desk.receive(key)
    desk.mail.kept[key] = replace(desk.mail.kept[key], **fields)
    return key


class TestTheAddress:
    def test_it_decides_on_team_tags_and_a_default_language(self, shop: FakeDesk) -> None:
        ticket = shop.run(receive_email(shop, shop.receive("a", to=(SALES,), subject="12", text="34", newly_said="34")))
        assert (ticket.team_id, ticket.tags, ticket.language) == ("sales", ("buying",), "zh")
        assert ticket.thread.address == "sales@shop.example"

    def test_a_text_that_tells_its_language_is_believed(self, shop: FakeDesk) -> None:
        assert shop.run(receive_email(shop, shop.receive("a", to=(SALES,)))).language == "en"

    def test_the_main_one_is_as_the_desk_is(self, shop: FakeDesk) -> None:
        ticket = shop.run(receive_email(shop, shop.receive("a")))
        assert (ticket.team_id, ticket.tags, ticket.thread.address) == ("support", (), "help@shop.example")

    def test_mail_to_nobody_of_ours_is_the_main_ones(self, shop: FakeDesk) -> None:
        ticket = shop.ticket(receive_email(shop, shop.receive("a", to=(Address("list@elsewhere.example"),))))
        assert ticket.thread.address == "help@shop.example"

    def test_a_blind_copy_went_to_whom_the_envelope_names(self, shop: FakeDesk) -> None:
        key = shop.receive("a", to=(AL,), envelope_recipients=("sales@shop.example",))
        assert shop.ticket(receive_email(shop, key)).thread.address == "sales@shop.example"

    def test_neither_of_ours_is_a_participant(self, shop: FakeDesk) -> None:
        ticket = shop.ticket(receive_email(shop, shop.receive("a", to=(HELP, SALES), cc=(AL,))))
        assert ticket.thread.participants == ("jo@customer.example", "al@customer.example")

    @pytest.mark.parametrize("ours", ["help@shop.example", "sales+x@shop.example"])
    def test_mail_from_one_of_ours_is_not_acknowledged(self, shop: FakeDesk, ours: str) -> None:
        shop.run(receive_email(shop, shop.receive("a", sender=Address(ours))))
        assert not shop.mailer.to(ours)


class TestTheSameMailToTwoOfUs:
    def copies(self, shop: FakeDesk) -> tuple[str, str]:
        both = {"to": (JO, SALES), "cc": (HELP,), "message_id": "<one@customer.example>"}
        first = lay(shop, "a", **both, envelope_recipients=("help@shop.example",))
        return first, lay(shop, "b", **both, envelope_recipients=("sales@shop.example",))

    @pytest.mark.parametrize("turned", [False, True])
    def test_it_is_one_ticket_of_the_address_named_first(self, shop: FakeDesk, turned: bool) -> None:
        keys = sorted(self.copies(shop), reverse=turned)
        refs = {receive_email(shop, key) for key in keys}
        (ref,) = refs
        assert (len(shop.tickets.kept), len(said(shop, ref))) == (1, 1)
        assert shop.ticket(ref).thread.address == "sales@shop.example"

    def test_as_an_answer_it_is_one_message(self, shop: FakeDesk) -> None:
        ref = receive_email(shop, shop.receive("first"))
        both = {"references": ("<first@customer.example>",), "message_id": "<one@customer.example>"}
        a, b = lay(shop, "a", **both), lay(shop, "b", **both)
        shop.tickets.before_save.append(lambda: _again(shop, b))
        assert receive_email(shop, a) == ref
        assert len(happened(shop.ticket(ref), Happening.CUSTOMER_WROTE)) == 1


def _told(desk: FakeDesk) -> int:
    return sum(1 for mail in desk.mailer.sent if "notice_customer_wrote" in mail.subject)


def _again(desk: FakeDesk, key: str) -> None:
    receive_email(desk, key)


class TestAMessageIdUsedTwice:
    """Some programs send every mail under the same Message-ID."""

    used = "<always@machine.example>"

    def mails(self, desk: FakeDesk, second: Address = JO) -> tuple[str, str]:
        first = lay(desk, "a", message_id=self.used, text="One", content_hash="1" * 64)
        return first, lay(desk, "b", message_id=self.used, text="Two", content_hash="2" * 64, sender=second)

    def test_by_the_same_people_the_second_is_a_message_of_its_own(self, desk: FakeDesk) -> None:
        refs = {receive_email(desk, key) for key in self.mails(desk)}
        (ref,) = refs
        assert said(desk, ref) == ["One", "Two"]

    def test_by_others_it_is_a_ticket_of_its_own(self, desk: FakeDesk) -> None:
        first, second = (receive_email(desk, key) for key in self.mails(desk, EVE))
        assert first != second
        assert (said(desk, first), said(desk, second)) == (["One"], ["Two"])

    @pytest.mark.parametrize("second", [JO, EVE])
    def test_delivered_again_nothing_changes(self, desk: FakeDesk, second: Address) -> None:
        keys = self.mails(desk, second)
        refs = [receive_email(desk, key) for key in (*keys, *keys, *reversed(keys))]
        assert refs[:2] == refs[2:4] == refs[5:3:-1]
        assert sorted(text for ref in set(refs) for text in said(desk, ref)) == ["One", "Two"]

    def test_at_the_same_moment_neither_is_lost(self, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
        a, b = self.mails(desk)
        add, meanwhile = desk.tickets.add, [b]

        def overtaken(*args: Any) -> Any:
            if meanwhile:
                receive_email(desk, meanwhile.pop())
            return add(*args)

        monkeypatch.setattr(desk.tickets, "add", overtaken)
        ref = receive_email(desk, a)
        assert sorted(said(desk, ref)) == ["One", "Two"]

    def test_when_the_first_is_closed_a_ticket_follows(self, desk: FakeDesk) -> None:
        a, b = self.mails(desk)
        ref = receive_email(desk, a)
        edit_ticket(desk, ref, TicketEdit(status=Status.CLOSED), "agent:ada", None)
        desk.clock.move(minutes=1)
        following = receive_email(desk, b)
        assert desk.ticket(following).follows == ref
        assert receive_email(desk, b) == following
        assert len(desk.tickets.kept) == 2


class TestWhoTakesPart:
    def test_what_another_participant_writes_is_theirs(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("first", cc=(AL,)))
        receive_email(desk, desk.receive("second", sender=AL, references=("<first@customer.example>",)))
        (fact,) = happened(desk.ticket(ref), Happening.CUSTOMER_WROTE)
        assert fact.by == f"customer:{desk.customers.id_of('al@customer.example')}"
        assert desk.customers.get(desk.customers.id_of("al@customer.example")) is not None
        assert messages(desk, ref)[-1].author == fact.by

    def test_whom_an_answer_brings_in_may_quote_the_reference_later(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("first"))
        receive_email(desk, desk.receive("second", cc=(EVE,), references=("<first@customer.example>",)))
        assert receive_email(desk, desk.receive("third", sender=EVE, subject=f"Re: [#{ref}]")) == ref

    def test_an_agent_may_quote_the_reference_without_having_been_named(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("first"))
        found = receive_email(desk, desk.receive("b", sender=Address("ada@shop.example"), subject=f"[#{ref}] look"))
        assert found == ref

    def test_an_automatic_mail_brings_nobody_in(self, desk: FakeDesk) -> None:
        ref = receive_email(desk, desk.receive("first"))
        away = {"references": ("<first@customer.example>",), "automatic": "out_of_office"}
        receive_email(desk, desk.receive("second", sender=EVE, **away))
        assert desk.ticket(ref).thread.participants == ("jo@customer.example",)
        assert desk.customers.get(desk.customers.id_of("eve@customer.example")) is None


class TestWhoIsNotHeard:
    def test_a_blocked_sender_goes_to_the_shelf_and_is_told_nothing(self, desk: FakeDesk) -> None:
        desk.settings.change(blocked_senders=("*.customer.example",))
        ticket = desk.run(receive_email(desk, desk.receive("a")))
        assert ticket.shelf is Shelf.SPAM
        assert happened(ticket, Happening.SHELVED)[0].detail == {"shelf": "spam", "reason": "blocked_sender"}
        assert desk.mailer.sent == []

    @pytest.mark.parametrize(
        ("verdicts", "reason"),
        [
            ({"dmarc": "fail"}, "dmarc"),
            ({"virus": "fail", "dmarc": "pass"}, "virus"),
            ({"spam": "fail"}, "spam_verdict"),
        ],
    )
    def test_what_was_judged_badly_says_so(self, desk: FakeDesk, verdicts: dict[str, str], reason: str) -> None:
        ticket = desk.run(receive_email(desk, desk.receive("a", verdicts=verdicts)))
        assert happened(ticket, Happening.SHELVED)[0].detail["reason"] == reason

    def test_an_allowed_sender_is_spared_a_verdict_of_spam_but_not_of_forgery(self, desk: FakeDesk) -> None:
        desk.settings.change(allowed_senders=("customer.example",))
        assert not desk.ticket(receive_email(desk, desk.receive("a", verdicts={"spam": "fail"}))).shelf
        assert desk.ticket(receive_email(desk, desk.receive("b", verdicts={"dmarc": "fail"}))).shelf is Shelf.SPAM

    def test_of_a_flood_on_a_ticket_agents_hear_so_often_and_no_more(self, desk: FakeDesk) -> None:
        desk.settings.change(notices_per_hour=3)
        ref = desk.run(receive_email(desk, desk.receive("first"))).ref
        desk.mailer.sent.clear()
        for number in range(8):
            receive_email(desk, desk.receive(f"n{number}", references=("<first@customer.example>",)))
            desk.run(ref)
        assert _told(desk) == 3
        assert len(said(desk, ref)) == 9
        desk.clock.move(hours=1, seconds=1)
        receive_email(desk, desk.receive("later", references=("<first@customer.example>",)))
        desk.run(ref)
        assert _told(desk) == 4
