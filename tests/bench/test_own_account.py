"""The desk meters itself: a ticket's account is what an independent listener counts, the month's the sum of it all."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.utils import getaddresses

import pytest

from bench.desk import MeteredDesk, metered_desk
from bench.meter import Call, Tally
from bench.playback import API
from bench.quiet import quiet
from bench.story import MESSAGES, TICKET, mail
from chalicelib.domain.prices import USD
from chalicelib.domain.spending import Account
from chalicelib.domain.ticket import Ticket
from chalicelib.domain.usage import Usage, cost_of
from chalicelib.usecases.send_survey import survey_link
from infra.local.cloud import SentMail
from tests.conftest import quicken_moto
from tests.story.narrator import DAY, HOUR

CUSTOMER = "jo1@customer.example"
SECOND_MAIL = (
    b"From: Jo <jo1@customer.example>\r\nTo: support@example.com\r\nSubject: Re: The label printer\r\n"
    b"Message-ID: <second@customer.example>\r\nIn-Reply-To: <mail-1@customer.example>\r\n\r\nIt still stops.\r\n"
)


class Lived:
    """What a ticket's whole life came to: as the desk accounts for it, and as the bench's meter counted."""

    def __init__(self, desk: MeteredDesk, *, indexes_told: bool = False) -> None:
        """`indexes_told` says whether the table tells what a write consumed in its indexes too: Moto doesn't."""
        before = desk.desk.meter.pending
        live(desk)
        whole = desk.meter.take()
        parts = [whole.of(function) for function in ("on_mail", "on_work", API)]
        # what the schedule uses is reckoned, not metered
        self.counted = Tally(
            tuple(call for part in parts for call in part.calls),
            tuple(name for part in parts for name in part.invocations),
        )
        [card] = desk.desk.tickets.of_customer(desk.desk.customers.id_of(CUSTOMER), 9).cards
        found = desk.desk.tickets.get(card.ref)
        assert found is not None
        self.ticket: Ticket = found
        self.months: list[Account] = [desk.desk.spending.account(month) for month in ("2026-11", "2026-12")]
        self.pending = desk.desk.meter.pending
        self.recipients = sum(map(_recipients, desk.sent_mail()))
        updates = [call for call in self.counted.calls if call.operation == "UpdateItem"]
        self.untold = 0 if indexes_told else sum(call.write_units - 1 for call in updates)
        runs = [name for name in self.counted.invocations if name != API]
        self.expected = before + Usage(
            table_calls=self.calls("dynamodb"),
            read_half_units=round(2 * self.counted.read_units) - sum(map(_found_nothing, self.counted.calls)),
            write_units=self.counted.write_units - self.untold,
            lambda_requests=len(self.counted.invocations),
            sqs_requests=self.calls("sqs") + 2 * len(runs),
            mails_out=self.recipients,
            api_requests=len(self.counted.invocations) - len(runs),
            mails_in=2,
            s3_gets=self.calls("s3"),
            key_reads=self.calls("ssm"),
        )

    @property
    def bookings(self) -> int:
        return sum(month.bookings for month in self.months)

    @property
    def accounted(self) -> Usage:
        """Everything: booked, riding on the ticket, and waiting in the process."""
        return sum((month.usage for month in self.months), self.ticket.unbooked + self.pending)

    def told(self, *, reads: bool) -> Usage:
        """What the desk accounts for of what the bench counts too, with or without what reads consumed."""
        return _comparable(self.accounted, reads=reads)

    def counted_up(self, *, reads: bool) -> Usage:
        """The same, as counted."""
        return _comparable(self.expected, reads=reads)

    def calls(self, service: str) -> int:
        return sum(call.service == service for call in self.counted.calls)


def _comparable(used: Usage, *, reads: bool) -> Usage:
    uncounted = ("lambda_ms", "lambda_mb_ms", "stored_bytes", *(() if reads else ("read_half_units",)))
    return replace(used, **dict.fromkeys(uncounted, 0))


def _recipients(sent: SentMail) -> int:
    headers = message_from_bytes(sent.raw)
    return len(getaddresses([*headers.get_all("To", []), *headers.get_all("Cc", [])]))


def _found_nothing(call: Call) -> bool:
    """A Query that finds nothing costs half a unit on AWS, and nothing on DynamoDB Local."""
    return call.operation == "Query" and call.told is not None and not call.told["CapacityUnits"]


def live(desk: MeteredDesk) -> None:
    """Let a mail become a ticket that is answered, answered again, solved, rated and closed."""
    desk.receive_mail(mail(1), CUSTOMER, ["support@example.com"])
    desk.settle()
    path = {"ref": next(iter(desk.desk.tickets.of_customer(desk.desk.customers.id_of(CUSTOMER), 1).cards)).ref}
    desk.advance(HOUR)
    desk.ask("POST", MESSAGES, 201, path, json={"kind": "reply", "text": "Blow the dust away."})
    desk.advance(2 * DAY)
    desk.receive_mail(SECOND_MAIL, CUSTOMER, ["support@example.com"])
    desk.advance(HOUR)
    desk.ask("PATCH", TICKET, 200, path, json={"tags": ["printer"]})
    desk.ask("POST", MESSAGES, 201, path, json={"kind": "reply", "text": "A new one leaves.", "status": "solved"})
    desk.advance(DAY)
    token = survey_link(desk.desk, path["ref"], 1).rpartition("/")[2]
    desk.fill_in("/s/{token}", 200, {"token": token}, {"rating": "5", "comment": "Thank you."})
    desk.advance(8 * DAY)


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    """A life on Moto, which tells of any call but a ticket's own writes that it consumed one unit, or a half."""
    with pytest.MonkeyPatch.context() as patch, quiet(), metered_desk() as desk:
        quicken_moto(patch)
        yield Lived(desk)


def test_a_ticket_accounts_for_every_unit_that_was_written_for_it(lived: Lived) -> None:
    assert lived.ticket.status == "closed"
    assert lived.ticket.cost.write_units == lived.counted.write_units - lived.untold - lived.bookings


def test_a_ticket_accounts_for_its_calls_but_the_few_after_its_last_save(lived: Lived) -> None:
    told, whole = lived.ticket.cost, lived.expected
    assert whole.table_calls - lived.bookings - 4 <= told.table_calls <= whole.table_calls - lived.bookings
    assert whole.sqs_requests - 4 <= told.sqs_requests <= whole.sqs_requests
    assert whole.lambda_requests - 2 <= told.lambda_requests <= whole.lambda_requests
    assert (told.mails_out, told.mails_in, told.api_requests) == (lived.recipients, 2, 4)
    assert told.lambda_ms >= told.lambda_requests


def test_what_the_desk_accounts_for_in_all_is_what_was_counted_to_the_last_call(lived: Lived) -> None:
    assert lived.told(reads=False) == lived.counted_up(reads=False)


def test_the_months_account_is_the_sum_of_what_was_booked(lived: Lived) -> None:
    november, december = lived.months
    assert november.bookings > 5
    assert december.bookings >= 1
    riding = lived.accounted.write_units - november.usage.write_units - december.usage.write_units
    assert 0 <= riding < lived.accounted.write_units / 10


def test_a_whole_life_costs_less_than_a_cent_most_of_it_mail(lived: Lived) -> None:
    cost = cost_of(lived.ticket.cost)
    assert cost_of(Usage(mails_out=lived.ticket.cost.mails_out)) > cost / 2
    assert USD // 1_000 < cost < USD // 100
