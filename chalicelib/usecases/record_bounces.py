"""Mail that didn't arrive, or was complained of: the address is marked, and its ticket shows it."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.bounce import Bounce
from chalicelib.domain.deliverability import AddressMark, marked, undelivered
from chalicelib.domain.errors import MailRefused, NotFound, StaleVersion, TryAgain
from chalicelib.domain.mail_thread import ticket_in_message_id
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.match_mail import takes_part
from chalicelib.usecases.ports import Desk

MOST_TRIES = 4


def record_bounces(desk: Desk, bounces: Iterable[Bounce], report: str, *, told_by: Ticket | None = None) -> None:
    """Remember whom mail didn't reach. `report` names the event or mail that told it: told again, it counts once.

    Amazon SES is believed in everything. A mail is believed only about a mail of ours that it shows, signed, and that
    went to this address: it is `told_by` that ticket's mail, and anybody can write that somebody isn't there.
    Raises TryAgain.
    """
    for bounce in bounces:
        ref = _ticket_of(desk, bounce)
        if told_by is not None:
            ours = [each for each in (bounce.address, *bounce.also) if takes_part(told_by, each)]
            if ref != told_by.ref or not ours:
                continue
            bounce = replace(bounce, address=ours[0])
        if bounce.address:
            _mark(desk, bounce, report)
        if ref:
            _show(desk, ref, bounce, report)


def _ticket_of(desk: Desk, bounce: Bounce) -> str:
    secret = desk.signer.secret()
    ids = (bounce.original_id, *bounce.original_references)
    return next((ref for each in ids if each and (ref := ticket_in_message_id(secret, each))), "")


def _mark(desk: Desk, bounce: Bounce, report: str) -> None:
    for _ in range(MOST_TRIES):
        known = desk.deliverability.mark_of(bounce.address)
        after = marked(known, bounce.address, bounce, report, desk.clock.now())
        if after is known:
            return
        try:
            desk.deliverability.keep(after)
            return
        except StaleVersion:
            continue
    raise TryAgain("the address is being marked by others; it is told again")


def _show(desk: Desk, ref: str, bounce: Bounce, report: str) -> None:
    try:
        change_ticket(desk, ref, lambda ticket: undelivered(ticket, bounce, report, desk.clock.now()))
    except NotFound:
        return


def refuse_unreachable(desk: Desk, email: str) -> None:
    """Raise MailRefused where an address takes no mail: one small read."""
    mark = desk.deliverability.mark_of(email)
    if mark is not None and not mark.takes_mail(desk.clock.now()):
        raise MailRefused(f"{email} takes no mail ({mark.reason}, {mark.at:%Y-%m-%d}); lift the mark to try again")


def wants_unasked_mail(desk: Desk, email: str) -> bool:
    """Whether acknowledgements and surveys may go to an address: one small read."""
    mark: AddressMark | None = desk.deliverability.mark_of(email)
    return mark is None or mark.takes_unasked(desk.clock.now())
