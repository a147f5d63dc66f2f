"""What a desk came to: everything that must be the same whatever failed on the way, and nothing else."""

from email import message_from_bytes
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.agenda import Task
from chalicelib.domain.ticket import Fact, Happening, Ticket
from tests.faults.stage import Stage

TIMED_TASKS = frozenset({Task.SLA_WARNING, Task.SLA_BREACH, Task.SILENCE, Task.CLOSE})
TIMED_FACTS = frozenset({Happening.SLA_WARNED, Happening.SLA_BREACHED})
"""What has one true time; when a mail left, say, depends on what failed before it."""


WRITING = frozenset(
    {
        Happening.OPENED,
        Happening.CUSTOMER_WROTE,
        Happening.AUTOMATIC_MAIL,
        Happening.AGENT_ANSWERED,
        Happening.AUTO_ANSWERED,
        Happening.NOTE_ADDED,
    }
)
"""What tells of a message."""


def outcome(stage: Stage) -> dict[str, Any]:
    """Give what the desk came to, having made sure that it fits together."""
    tickets = [told_ticket(stage, ref) for ref in stage.refs()]
    for ticket in tickets:
        check_future(stage, ticket)
    hands = {agent.id: sorted(agent.holding) for agent in stage.desk.people.roster().agents}
    check_hands(hands, tickets)
    return {
        "tickets": {ticket.ref: _ticket(ticket) for ticket in tickets},
        "hands": hands,
        "mails": sorted(sent(stage)),
        "marks": sorted(pk for pk, _ in stage.keys("address#")),
        "taught": dict(stage.desk.spam.latest().taught),
        "dead letters": stage.dead_letters(),
    }


def sent(stage: Stage) -> set[tuple[str, str, str]]:
    """Give the mails that left, the same one once: Message-ID, recipients, subject."""
    found = set()
    for mail in stage.cloud.sent_mail():
        headers = message_from_bytes(mail.raw)
        found.add((str(headers["Message-ID"]).strip(), ",".join(sorted(mail.recipients)), str(headers["Subject"])))
    return found


def told_ticket(stage: Stage, ref: str) -> Ticket:
    """Give a ticket, having made sure that every message kept is told of once, and every one told of is kept."""
    kept = [sk.removeprefix("message#") for _, sk in stage.keys(f"ticket#{ref}") if sk.startswith("message#")]
    conversation = stage.desk.tickets.conversation(ref)
    assert conversation is not None
    ticket, messages = conversation
    told = [fact.detail["message"] for fact in ticket.timeline if fact.what in WRITING]
    assert sorted(told) == sorted(kept), f"{ref} tells of {told} and keeps {kept}"
    assert len(messages) == len(kept), f"{ref} shows {len(messages)} of {len(kept)} messages"
    if ticket.archived:
        assert stage.desk.tickets.get(ref) == ticket, f"{ref} is another ticket when it is read alone"
    return ticket


def check_future(stage: Stage, ticket: Ticket) -> None:
    """Make sure that a ticket in work has clocks, each with its alarm, and an agent, or is looking for one."""
    now = stage.cloud.clock.now()
    overdue = [entry for entry in ticket.agenda if entry.at <= now]
    assert not overdue, f"{ticket.ref} was left with {overdue}"
    clocks = sla.of_ticket(ticket, stage.desk.settings.load(), now)
    assert clocks or ticket.shelf, f"{ticket.ref} has no clocks"
    tasks = {entry.key for entry in ticket.agenda}
    for clock in clocks:
        if clock.state == "running":
            assert (Task.SLA_BREACH, clock.key) in tasks, f"{ticket.ref}: nobody watches {clock.key}"
    if ticket.active:
        assert ticket.assignee_id or (Task.ASSIGN, "") in tasks, f"{ticket.ref} waits for nobody"
        assert ticket.team_id, f"{ticket.ref} was never triaged"


def check_hands(hands: dict[str, list[str]], tickets: list[Ticket]) -> None:
    """Make sure that agents hold exactly the active tickets that are theirs."""
    for agent, holding in hands.items():
        theirs = sorted(ticket.ref for ticket in tickets if ticket.assignee_id == agent and ticket.active)
        assert holding == theirs, f"{agent} holds {holding} and should hold {theirs}"


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "subject": ticket.subject,
        "status": ticket.status.value,
        "priority": ticket.priority.value,
        "of": (ticket.requester.email, ticket.assignee_id, ticket.team_id, ticket.policy_id, ticket.shelf.value),
        "understood": (ticket.category, ticket.language, ticket.tags, dict(ticket.fields), ticket.follows),
        "solved_at": ticket.solved_at,
        "thread": ticket.thread,
        "facts": sorted(_fact(fact) for fact in ticket.timeline),
        "agenda": sorted(
            (entry.task.value, entry.about, str(entry.at) if entry.task in TIMED_TASKS else "")
            for entry in ticket.agenda
            if entry.task is not Task.INDEX  # how far the index of words has come is a matter of time
        ),
        "surveys": [
            (one.number, one.rating, one.nps, one.ces, one.comment, one.reminded_at is not None)
            for one in ticket.surveys
        ],
        "follow_ups": sorted((one.id, one.reason, one.done_at is not None) for one in ticket.follow_ups),
    }


def _fact(fact: Fact) -> tuple[str, str, str, str]:
    at = str(fact.at) if fact.what in TIMED_FACTS else ""
    return fact.what.value, fact.by, str(sorted(fact.detail.items())), at
