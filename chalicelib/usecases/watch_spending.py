"""The month's account is kept, its owner warned as it nears the cap, and what can be done without is held back then.

Without a cap nothing of this reads or writes anything but the booking itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.agenda import CLAIM_SECONDS, Entry
from chalicelib.domain.errors import MailRefused, TryAgain
from chalicelib.domain.lifecycle import DESK
from chalicelib.domain.spending import Account, Saving, economy, spent_in, step_reached
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.ports import Desk

if TYPE_CHECKING:
    from chalicelib.domain.email import OutboundEmail

Effect = Callable[[Desk, Ticket, Entry], Callable[[Ticket], Ticket]]
REASON = "monthly cap"


def book_spending(desk: Desk, *, tells: bool) -> None:
    """Add what this process used to the month's account, if it is time, and tell admins of a step that was reached.

    A process that may not send mail (`tells` is false) leaves that to the next that may. Raises TryAgain where the
    account or the mail can't be written now: the next booking does it again.
    """
    account = desk.spending.book(desk.clock.now())
    if account is not None and tells:
        _tell(desk, account)


def _tell(desk: Desk, account: Account) -> None:
    """Tell once a month and step, claimed before and closed after; who dies between leaves it to the next booking.

    Where several steps are reached at once, the highest says all. A raised cap begins anew.
    """
    settings, now = desk.settings.load().spending, desk.clock.now()
    cap = settings.monthly_cap_cents
    step = step_reached(spent_in(account, now), settings)
    if not step or (account.told >= step and account.told_cap == cap):
        return
    until = now + timedelta(seconds=CLAIM_SECONDS)
    if not desk.spending.claim_telling(account.month, step, cap, now, until):
        return
    try:
        _send(desk, account, step)
    except TryAgain:
        desk.spending.release_telling(account.month)
        raise
    desk.spending.close_telling(account.month, step, cap)


def _send(desk: Desk, account: Account, step: int) -> None:
    from chalicelib.usecases.warn_of_spending import warning

    mail: OutboundEmail | None = warning(desk, account, step)
    if mail is None:
        return
    try:
        desk.mailer.send(mail)
    except MailRefused:
        return  # nobody can be told; a mail that will never be taken is not tried again all month


def within_cap(saving: Saving, effect: Effect) -> Effect:
    """Give an effect that is held back while the month's cap wants this saving; the ticket then says so."""

    def unless_off(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
        if not _off(desk, saving):
            return effect(desk, ticket, entry)
        return lambda current: _held_back(current, entry, desk.clock.now())

    return unless_off


def _held_back(ticket: Ticket, entry: Entry, now: datetime) -> Ticket:
    about = {"about": entry.about} if entry.about else {}
    if ticket.said(Happening.HELD_BACK, task=entry.task.value, **about):
        return ticket
    return ticket.with_fact(now, Happening.HELD_BACK, DESK, task=entry.task.value, **about, reason=REASON)


def _off(desk: Desk, saving: Saving) -> bool:
    cap = desk.settings.load().spending.monthly_cap_cents
    if not cap:
        return False
    now = desk.clock.now()
    try:
        account = desk.spending.known(now)
    except TryAgain:
        return False  # an account that can't be read keeps nobody waiting
    return saving in economy(spent_in(account, now), cap)
