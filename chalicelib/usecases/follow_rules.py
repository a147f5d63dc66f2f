"""The desk's automations are followed within the write that saves what they answer to."""

from collections.abc import Sequence
from functools import cache

from chalicelib.domain import lifecycle, silence
from chalicelib.domain.agenda import Entry
from chalicelib.domain.automation_course import Circumstances, Firing, follow
from chalicelib.domain.automation_event import Event, events_between
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.reference import derived_code
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.ports import Desk


def follow_rules(desk: Desk, before: Ticket, after: Ticket) -> Ticket:
    """Give a ticket that is about to be saved after what the desk's rules make of what happened to it since `before`.

    Without rules, or where no rule answers to it, this costs nothing. What rules write is kept before the ticket
    mentions it, under ids that follow from what it answers to: decided again, it is the same.
    """
    settings = desk.settings.load()
    if not settings.automations or after is before:
        return after
    events = [
        event for event in events_between(before, after) if any(event.wakes(rule) for rule in settings.automations)
    ]
    if not events:
        return after
    outcome = follow(after, events, circumstances(desk, after, settings))
    _write(desk, after.ref, outcome.fired)
    return outcome.ticket


def break_silence(desk: Desk, ticket: Ticket, entry: Entry) -> Ticket:
    """Give the ticket after the rule about silence that `entry.about` names, if it is still due."""
    settings = desk.settings.load()
    firing = silence.broken(ticket, entry.about, circumstances(desk, ticket, settings))
    if firing is None:
        return ticket
    _write(desk, ticket.ref, [firing])
    return lifecycle.repoliced(firing.after, settings, desk.clock.now())


def circumstances(desk: Desk, ticket: Ticket, settings: DeskSettings) -> Circumstances:
    """Give what rules may ask; messages and the roster are read once, and only where a rule comes to them."""

    @cache
    def words(message_id: str) -> str:
        message = desk.tickets.message(ticket.ref, message_id)
        return (message.newly_said or message.text) if message else ""

    def text(event: Event) -> str:
        if event.fact.what is Happening.RATED:
            survey = ticket.survey(int(event.fact.detail.get("survey", "0")))
            return survey.comment if survey else ""
        return words(event.fact.detail["message"]) if "message" in event.fact.detail else ""

    return Circumstances(
        settings=settings,
        now=desk.clock.now(),
        text=text,
        roster=cache(desk.people.roster),
        message_id=lambda origin: derived_code(desk.signer.secret(), "message", origin, 10).lower(),
    )


def _write(desk: Desk, ref: str, fired: Sequence[Firing]) -> None:
    settings, now = desk.settings.load(), desk.clock.now()
    messages = [
        Message(words.id, words.kind, lifecycle.DESK, _author(firing, words.kind, settings), words.text, now)
        for firing in fired
        for words in firing.words
    ]
    if messages:
        desk.tickets.write_messages(ref, messages)


def _author(firing: Firing, kind: MessageKind, settings: DeskSettings) -> str:
    return firing.rule.name if kind is MessageKind.NOTE else settings.name
