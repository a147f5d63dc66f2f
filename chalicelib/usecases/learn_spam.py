"""What agents put on the shelf `spam`, or take off it, teaches the desk; answered mail shows what isn't spam."""

from collections.abc import Callable, Iterator

from chalicelib.domain import spam
from chalicelib.domain.agenda import Entry
from chalicelib.domain.card import done_in
from chalicelib.domain.errors import StaleVersion, TryAgain
from chalicelib.domain.message import Message
from chalicelib.domain.spam import HAM, SPAM, SpamModel
from chalicelib.domain.ticket import Happening, Shelf, Ticket
from chalicelib.usecases.ports import Desk

MOST_TRIES = 4
HAM_TAUGHT = 2
"""How many answered mails are shown beside one that was called spam, until there are as many: else the desk would
only ever hear of spam."""

LOOKED_AT = 20


def learn_spam(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Teach the desk what the ticket is now; taught again, or by two at once, it counts once.

    Reads the ticket's first message and the model, and, while the desk knows fewer good mails than bad ones, some that
    were lately answered; writes the model once. Raises TryAgain where others keep writing it.
    """
    settings = desk.settings.load()
    lessons = _lessons_of(desk, ticket) if settings.learn_spam else []
    for _ in range(MOST_TRIES if lessons else 0):
        known = desk.spam.latest()
        after = known
        for ref, label, tokens in (*lessons, *_answered(desk, known, ticket)):
            after = spam.taught(after, ref, label, tokens)
        if after is known:
            break
        try:
            desk.spam.save(after)
            break
        except StaleVersion:
            continue
    else:
        if lessons:
            raise TryAgain("others are teaching the desk as well; this lesson comes again")
    return lambda current: current


Lesson = tuple[str, str, frozenset[str]]


def _lessons_of(desk: Desk, ticket: Ticket) -> list[Lesson]:
    message = _first(desk, ticket)
    label = SPAM if ticket.shelf is Shelf.SPAM else HAM
    return [(ticket.ref, label, _tokens(ticket, message))] if message else []


def _answered(desk: Desk, model: SpamModel, ticket: Ticket) -> Iterator[Lesson]:
    """Give some mails that were answered and solved this month or last, which nobody taught yet."""
    if ticket.shelf is not Shelf.SPAM or model.ham > model.spam:
        return
    left = HAM_TAUGHT
    for card in desk.tickets.queue([done_in(desk.clock.now())], LOOKED_AT, newest_first=True).cards:
        answered = card.channel == "email" and card.first_response_seconds is not None
        if not left or not answered or card.ref in model.taught:
            continue
        other = desk.tickets.get(card.ref)
        message = _first(desk, other) if other else None
        if other and message:
            left -= 1
            yield other.ref, HAM, _tokens(other, message)


def _first(desk: Desk, ticket: Ticket) -> Message | None:
    opening = next((fact for fact in ticket.timeline if fact.what is Happening.OPENED), None)
    return desk.tickets.message(ticket.ref, opening.detail.get("message", "")) if opening else None


def _tokens(ticket: Ticket, message: Message) -> frozenset[str]:
    return spam.tokens_of(ticket.subject, message.text, ticket.requester.email)
