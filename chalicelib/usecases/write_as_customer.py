"""A customer writes on their ticket's page, or says there that it is solved."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import Conflict, TooManyRequests
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.reference import reference_for
from chalicelib.domain.ticket import DONE, EmailThread, Happening, Status, Ticket
from chalicelib.usecases.change_ticket import MOST_TRIES, change_ticket, load_ticket
from chalicelib.usecases.continue_ticket import closed_for_good, continuation, link_continuation
from chalicelib.usecases.hear_customer import hear_customer
from chalicelib.usecases.offer_upload import Enclosed, claim_uploads
from chalicelib.usecases.open_ticket import NewTicket, message_id_for, open_ticket
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.show_ticket import Reading, admitted, named

MOST_AN_HOUR = 20
"""How often one customer may write on one ticket's page within an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a customer sends of their ticket's page. `form` is the page's own, so that what is sent twice is one.

    With `solved` they say, with or without a word more, that nothing is left to do.
    """

    form: str
    text: str
    attachments: tuple[Enclosed, ...] = ()
    solved: bool = False

    @property
    def origin(self) -> str:
        """What the message comes from: changed in between, it is another."""
        told = repr((self.form, self.text, [file.upload for file in self.attachments]))
        return f"page:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def write_as_customer(desk: Desk, token: str, words: Words) -> tuple[Ticket, bool]:
    """Take in what a customer sent of their ticket's page; gives the ticket on which it stands, and whether that is
    another than the link leads to.

    A solved ticket opens again; one that is closed for good goes on as another, which their words begin. Two reads, the
    message and the ticket; for each file two calls more. Raises NotFound and LinkExpired as the page does,
    TooManyRequests, InvalidInput for files that never arrived, and Conflict while the ticket keeps changing.
    """
    for attempt in range(MOST_TRIES):
        reading = _reading(desk, token)
        try:
            after = _written(desk, reading, words)
            return after, after.ref != reading.ticket.ref
        except Conflict:  # it was closed or merged in this very moment
            if attempt == MOST_TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _reading(desk: Desk, token: str) -> Reading:
    ref, customer_id = named(desk, token)
    return admitted(desk, load_ticket(desk, ref), customer_id)


def _written(desk: Desk, reading: Reading, words: Words) -> Ticket:
    ticket = reading.ticket
    if not words.text and not words.attachments:
        return _solved(desk, reading)
    if closed_for_good(desk, ticket):
        further = continuation(desk, ticket)
        if further is None or not _goes_on_there(further, reading):
            return _begun(desk, reading, words)
        reading, ticket = Reading(reading.own, further), further
    message_id = message_id_for(desk.signer.secret(), f"{reading.own.ref}:{words.origin}")
    if ticket.has_message(message_id):
        return ticket
    _refuse_too_often(desk, reading)
    message = _message(desk, reading, message_id, words)
    desk.tickets.write_messages(ticket.ref, [message])
    solves = words.solved and reading.is_requester
    return hear_customer(desk, ticket.ref, message, also=(lambda after: _as_solved(desk, after)) if solves else _as_is)


def _goes_on_there(further: Ticket, reading: Reading) -> bool:
    theirs = further.requester.customer_id == reading.customer_id
    return theirs and further.status is not Status.CLOSED and not further.shelf


def _as_is(ticket: Ticket) -> Ticket:
    return ticket


def _as_solved(desk: Desk, ticket: Ticket) -> Ticket:
    if ticket.status in DONE:
        return ticket
    by = f"customer:{ticket.requester.customer_id}"
    return lifecycle.with_status(ticket, Status.SOLVED, desk.clock.now(), by, desk.settings.load())


def _solved(desk: Desk, reading: Reading) -> Ticket:
    if not reading.is_requester:
        raise Conflict("only who asked can say that it is solved", "status")
    return change_ticket(desk, reading.ticket.ref, lambda ticket: _as_solved(desk, ticket))


def _refuse_too_often(desk: Desk, reading: Reading) -> None:
    an_hour_ago = desk.clock.now() - timedelta(hours=1)
    written = sum(
        1
        for fact in reading.ticket.timeline
        if fact.at > an_hour_ago
        and fact.tells(Happening.CUSTOMER_WROTE)
        and fact.by == f"customer:{reading.customer_id}"
    )
    if written >= MOST_AN_HOUR:
        raise TooManyRequests("you wrote a lot within this hour; go on in a while, or by mail", "text")


def _message(desk: Desk, reading: Reading, message_id: str, words: Words) -> Message:
    who = reading.own.requester
    return Message(
        id=message_id,
        kind=MessageKind.CUSTOMER,
        author=f"customer:{who.customer_id}",
        author_name=who.name or who.email,
        text=words.text,
        attachments=claim_uploads(desk, reading.ticket.ref, message_id, words.attachments),
        created_at=desk.clock.now(),
    )


def _begun(desk: Desk, reading: Reading, words: Words) -> Ticket:
    """Begin the ticket as which a closed one goes on. It was solved once: `solved` alone begins nothing."""
    before, who = reading.ticket, reading.own.requester
    secret, origin = desk.signer.secret(), f"{reading.own.ref}:{words.origin}"
    ref, message_id = reference_for(secret, origin), message_id_for(secret, origin)
    new = NewTicket(
        origin=origin,
        channel="form",
        subject=before.subject,
        text=words.text,
        email=who.email,
        name=who.name,
        message_id=message_id,
        attachments=claim_uploads(desk, ref, message_id, words.attachments),
        language=reading.own.language,
        follows=before.ref,
        thread=EmailThread(address=reading.own.thread.address, participants=(who.email,)),
    )
    ticket, _ = open_ticket(desk, new)
    link_continuation(desk, before.ref, ticket.ref)
    return ticket
