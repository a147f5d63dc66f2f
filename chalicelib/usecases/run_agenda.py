"""A ticket's agenda is run: what is due is decided, saved by one write, and what reaches outside is then done.

Entries that only change the ticket are decided in order. Entries with an effect outside are claimed by that same
write, performed, and closed by another; whoever dies in between leaves the claim to run out, and the entry is due
again. Every step is safe to run twice.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import agenda, lifecycle, snoozing, survey
from chalicelib.domain.agenda import EFFECTS, MOST_ATTEMPTS, Entry, Task
from chalicelib.domain.errors import MailHeldUp, MailRefused, StaleVersion, TryAgain, WebhookRefused
from chalicelib.domain.spending import Saving
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases import (
    answer_automatically,
    deliver_message,
    learn_spam,
    link_tickets,
    merge_tickets,
    notify_agents,
    send_survey,
    send_webhook,
    settle_load,
    split_ticket,
)
from chalicelib.usecases.assign_ticket import assign_ticket
from chalicelib.usecases.change_ticket import MOST_TRIES, change_ticket, keep_ticket, nudge
from chalicelib.usecases.follow_rules import break_silence, follow_rules
from chalicelib.usecases.note_change import note_change
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.send_draft import send_draft
from chalicelib.usecases.triage_ticket import triage_ticket
from chalicelib.usecases.watch_clocks import watch_clock
from chalicelib.usecases.watch_spending import within_cap

Step = Callable[[Desk, Ticket, Entry], Ticket]
Close = Callable[[Ticket], Ticket]
Effect = Callable[[Desk, Ticket, Entry], Close]

STEPS: Mapping[Task, Step] = {
    Task.TRIAGE: triage_ticket,
    Task.ASSIGN: assign_ticket,
    Task.SEND_DRAFT: send_draft,
    Task.WAKE: lambda desk, ticket, entry: snoozing.woken_by_time(ticket, entry),
    Task.SILENCE: break_silence,
    Task.SLA_WARNING: watch_clock,
    Task.SLA_BREACH: watch_clock,
    Task.SLA_ESCALATION: watch_clock,
    Task.SURVEY_SILENCE: lambda desk, ticket, entry: survey.unanswered(ticket, int(entry.about), entry.at),
    Task.CLOSE: lambda desk, ticket, entry: lifecycle.closed(ticket, entry.at),
}
"""What changes the ticket only: each gives the ticket after its entry."""

PERFORM: Mapping[Task, Effect] = {
    Task.SETTLE_LOAD: settle_load.settle_load,
    Task.ACKNOWLEDGE: within_cap(Saving.ACKNOWLEDGEMENTS, deliver_message.acknowledge),
    Task.DELIVER: deliver_message.deliver_message,
    Task.AUTO_ANSWER: within_cap(Saving.BOT, answer_automatically.answer_automatically),
    Task.NOTIFY: notify_agents.notify_agents,
    Task.WEBHOOK: send_webhook.send_webhook,
    Task.SURVEY: within_cap(Saving.SURVEYS, send_survey.send_survey),
    Task.SURVEY_REMINDER: within_cap(Saving.SURVEYS, send_survey.send_reminder),
    Task.TELL_MERGE: merge_tickets.tell_merge,
    Task.TELL_LINK: link_tickets.tell_link,
    Task.TELL_SPLIT: split_ticket.tell_split,
    Task.LEARN_SPAM: learn_spam.learn_spam,
}
"""What reaches outside: each does it, and gives what the ticket should remember of it."""

_UNREACHABLE = ("the mail service could not be reached", "the webhook's address could not be reached")
MOST_STEPS = 50
HELD_UP_AT_MOST = timedelta(days=4)
"""How long mail waits for the mail service to take any again: a long weekend, until somebody looks."""

CLOCK_SKEW_SECONDS = 5
"""A worker whose clock is behind comes too early by less than this, and asks to be called again."""


def run_agenda(desk: Desk, ref: str, *, assign: bool = False) -> None:
    """Do what is due on a ticket. With `assign`, a ticket that waits for an agent looks for one now.

    Raises TryAgain or StaleVersion when it should be delivered again; a ticket that is gone is nothing to do.
    """
    unsettled = False
    for _ in range(MOST_TRIES):
        ticket = desk.tickets.get(ref)
        if ticket is None:
            return
        now = desk.clock.now()
        decided, effects = _decide(desk, _prepared(ticket, now, hurry=assign, settle=unsettled), now)
        decided = note_change(desk, ticket, decided, now)
        if not effects and decided.agenda == ticket.agenda and decided.timeline == ticket.timeline:
            nudge(desk, ticket, now, CLOCK_SKEW_SECONDS)
            return
        try:
            kept = keep_ticket(desk, decided, ask=not effects)
        except StaleVersion:
            unsettled = unsettled or decided.assignee_id != ticket.assignee_id
            continue
        if effects:
            _perform(desk, kept, effects)
        return
    raise StaleVersion(f"ticket {ref} keeps changing; it will be run again", "ref")


def _prepared(ticket: Ticket, now: datetime, *, hurry: bool, settle: bool) -> Ticket:
    """Bring a waiting ticket's turn forward; have places put right that an attempt took which could not be saved."""
    waiting = [replace(entry, at=now) for entry in ticket.agenda if hurry and entry.task is Task.ASSIGN]
    hurried = lifecycle.with_tasks(ticket, *waiting)
    return lifecycle.unsettled(hurried, now) if settle else hurried


def _decide(desk: Desk, ticket: Ticket, now: datetime) -> tuple[Ticket, Sequence[Entry]]:
    for _ in range(MOST_STEPS):
        step = next((entry for entry in agenda.due(ticket.agenda, now) if entry.task in STEPS), None)
        if step is None:
            break
        without = lifecycle.without_tasks(ticket, step.task, about=step.about)
        ticket = follow_rules(desk, ticket, STEPS[step.task](desk, without, step))
    for entry in agenda.due(ticket.agenda, now):
        if entry.task in EFFECTS and entry.attempts >= MOST_ATTEMPTS:
            ticket = _given_up(_closed(ticket, entry), entry, "it was begun again and again, and never finished", now)
    effects = [agenda.claim(entry, now) for entry in agenda.due(ticket.agenda, now) if entry.task in EFFECTS]
    return lifecycle.with_tasks(ticket, *effects), effects


def _perform(desk: Desk, ticket: Ticket, effects: Sequence[Entry]) -> None:
    """Do each effect, then close what was done; one that fails in a way nobody foresaw keeps no other from either."""
    closings: list[Close] = []

    def attempt(entry: Entry) -> None:
        closings.append(_attempt(desk, ticket, entry))

    def close(current: Ticket) -> Ticket:
        after = current
        for closing in closings:
            after = closing(after)
        return after

    with ExitStack() as stack:
        stack.callback(change_ticket, desk, ticket.ref, close)
        for entry in reversed(effects):
            stack.callback(attempt, entry)


def _attempt(desk: Desk, ticket: Ticket, entry: Entry) -> Close:
    try:
        remember = PERFORM[entry.task](desk, ticket, entry)
    except MailHeldUp as trouble:
        held_up = trouble
        return lambda current: _held_up(current, entry, held_up, desk.clock.now())
    except TryAgain:
        return lambda current: _put_off(current, entry, desk.clock.now())
    except (MailRefused, WebhookRefused) as refusal:
        reason = refusal.message
        return lambda current: _given_up(_closed(current, entry), entry, reason, desk.clock.now())
    return lambda current: remember(_closed(current, entry))


def _closed(ticket: Ticket, entry: Entry) -> Ticket:
    """Take the entry off as it was claimed; one that was put anew meanwhile stays."""
    return replace(ticket, agenda=tuple(known for known in ticket.agenda if known != entry))


def _put_off(ticket: Ticket, entry: Entry, now: datetime) -> Ticket:
    if entry not in ticket.agenda:
        return ticket  # it was put anew, or taken off, while it was tried
    later = agenda.retry(entry, now)
    if later is None:
        return _given_up(_closed(ticket, entry), entry, _UNREACHABLE[entry.task is Task.WEBHOOK], now)
    return lifecycle.with_tasks(_closed(ticket, entry), later)


def _held_up(ticket: Ticket, entry: Entry, trouble: MailHeldUp, now: datetime) -> Ticket:
    """Put an effect off until the mail service may take mail again, and say so once; days later it is given up.

    Such an attempt isn't counted: it fails for all mail alike, and a person has to mend it.
    """
    if entry not in ticket.agenda:
        return ticket
    about = {"task": entry.task.value, "about": entry.about}
    if not ticket.said(Happening.DELIVERY_HELD, **about):
        ticket = ticket.with_fact(now, Happening.DELIVERY_HELD, lifecycle.DESK, **about, reason=trouble.message)
    since = next(fact.at for fact in ticket.timeline if fact.tells(Happening.DELIVERY_HELD, **about))
    if now - since > HELD_UP_AT_MOST:
        return _given_up(_closed(ticket, entry), entry, trouble.message, now)
    later = replace(entry, at=now + timedelta(seconds=trouble.wait_seconds), attempts=max(0, entry.attempts - 1))
    return lifecycle.with_tasks(_closed(ticket, entry), later)


def _given_up(ticket: Ticket, entry: Entry, reason: str, now: datetime) -> Ticket:
    """Say visibly that an effect will not happen; where a customer waits for it, a person should know."""
    after = ticket.with_fact(
        now, Happening.DELIVERY_FAILED, lifecycle.DESK, task=entry.task.value, about=entry.about, reason=reason
    )
    if entry.task is Task.DELIVER:
        after = lifecycle.followed_up(after, f"undelivered_{entry.about}", "undelivered", now)
    return after
