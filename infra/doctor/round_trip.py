"""A mail to the desk itself, all the way: out through SES, in through MX, bucket, queue and function, to a ticket."""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.email import Address, OutboundEmail
from chalicelib.domain.errors import DeskError
from chalicelib.domain.ticket import Shelf, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.wiring import WiredDesk
from infra.doctor.finding import Finding, Side, State
from infra.stage import in_one_line

NAME = "round trip"
PATIENCE_SECONDS, POLL_SECONDS = 120, 3

Sleep = Callable[[float], None]


def travel(desk: WiredDesk, sleep: Sleep = time.sleep, patience: float = PATIENCE_SECONDS) -> Finding:
    """Send the desk a mail, wait for its ticket, and put that on the spam shelf, where no report counts it."""
    address = desk.settings.load().support_address
    code = secrets.token_hex(6)
    try:
        desk.mailer.send(letter(address, code))
    except DeskError as error:
        fix = "mend what the lines above name, then try again"
        return Finding(NAME, Side.SEND, State.FAIL, f"the test mail was not taken: {in_one_line(error)}", fix)
    for waited in range(0, int(patience), POLL_SECONDS):
        sleep(POLL_SECONDS)
        ref = _arrived(desk, address, code)
        if ref is not None:
            shelf = put_away(desk, ref)
            return _told(ref, waited + POLL_SECONDS, shelf)
    says = f"the test mail left, and no ticket came of it within {patience:g} s"
    fix = "see MX and the receipt rule above; then the bucket's inbound/, the queue intake, the log of on_mail"
    return Finding(NAME, Side.RECEIVE, State.FAIL, says, fix)


def _told(ref: str, seconds: int, shelf: Shelf) -> Finding:
    if shelf:
        says = f"the mail became {ref} after {seconds} s, but on the shelf “{shelf}”: SES took it for spam or forged"
        return Finding(NAME, Side.RECEIVE, State.FAIL, says, "see DKIM, SPF and DMARC above")
    return Finding(NAME, Side.RECEIVE, State.OK, f"a mail became a ticket ({ref}) within {seconds} s")


def letter(address: str, code: str) -> OutboundEmail:
    """Give the mail: from the support address to itself, and marked as automatic, so that nobody answers it."""
    return OutboundEmail(
        sender=Address(address, "Pennydesk doctor"),
        to=(Address(address),),
        subject=f"Test by the doctor {code}",
        text="This mail tries whether the desk can send and receive. Nothing needs to be done.\n",
        message_id=f"<doctor.{code}@{address.rpartition('@')[2]}>",
        headers={"Auto-Submitted": "auto-generated"},
        date=datetime.now(UTC),
    )


def _arrived(desk: WiredDesk, address: str, code: str) -> str | None:
    cards = desk.tickets.of_customer(desk.customers.id_of(address), 20).cards
    return next((card.ref for card in cards if code in card.subject), None)


def put_away(desk: WiredDesk, ref: str) -> Shelf:
    """Put the test ticket on the spam shelf, out of its agent's hands; gives the shelf where it stood before."""
    found: list[Shelf] = []

    def decide(ticket: Ticket) -> Ticket:
        found[:] = [ticket.shelf]
        return replace(ticket, shelf=Shelf.SPAM, agenda=(Entry(desk.clock.now(), Task.SETTLE_LOAD),))

    change_ticket(desk, ref, decide)
    return found[0]
