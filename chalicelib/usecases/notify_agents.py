"""Agents and leads are told by mail what needs them: an assignment, an answer, a nearing or broken promise."""

from collections.abc import Callable, Iterable

from chalicelib.domain.agenda import Entry
from chalicelib.domain.email import Address, OutboundEmail
from chalicelib.domain.mail_thread import message_id, root_id
from chalicelib.domain.people import Agent, Roster
from chalicelib.domain.sla_alarms import wanted
from chalicelib.domain.sla_policy import ASSIGNEE, LEADS
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.compose_mail import AUTOMATIC, bodies, ticket_values
from chalicelib.usecases.ports import Desk

FOR_LEADS_TOO = frozenset({"follow_up"})
MENTIONED = "mentioned"
SHOWN_OF_NOTE = 500
"""Characters of a note that the mail about it shows."""


def notify_agents(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send one mail about `entry.about` (`sla_breached:resolution:1`) to whom it concerns; nobody there, no mail."""
    occasion, _, what = entry.about.partition(":")
    if occasion == MENTIONED:
        _mark(desk, ticket, what)
    recipients = _concerned(desk, ticket, occasion, what)
    if recipients:
        desk.mailer.send(_notice(desk, ticket, entry, occasion, what, recipients))
    return lambda current: current


def _concerned(desk: Desk, ticket: Ticket, occasion: str, what: str) -> tuple[Agent, ...]:
    roster = desk.people.roster()
    if occasion.startswith("sla_"):
        return _hearing(roster, ticket, wanted(ticket, occasion, what))
    if occasion == MENTIONED:
        return _hearing(roster, ticket, (f"agent:{agent_id}" for agent_id in _called_upon(ticket, what)))
    first = roster.agent(what.partition(":")[0] if occasion == "assigned" else ticket.assignee_id)
    everybody = ((first,) if first and first.active else ()) + (
        roster.leads_of(ticket.team_id) if occasion in FOR_LEADS_TOO else ()
    )
    return tuple({agent.id: agent for agent in everybody if agent.email}.values())


def _called_upon(ticket: Ticket, note: str) -> tuple[str, ...]:
    facts = (fact for fact in ticket.timeline if fact.tells(Happening.MENTIONED, note=note))
    return tuple(agent_id for fact in facts for agent_id in fact.detail["agents"].split(","))


def _mark(desk: Desk, ticket: Ticket, note: str) -> None:
    for agent_id in _called_upon(ticket, note):
        desk.people.mention(agent_id, ticket.ref)


def _hearing(roster: Roster, ticket: Ticket, names: Iterable[str]) -> tuple[Agent, ...]:
    """Give the people whom a policy's step names, as they stand now: who has left hears nothing."""
    found: dict[str, Agent] = {}
    for name in names:
        kind, _, named = name.partition(":")
        if kind == LEADS:
            people = roster.leads_of(named or ticket.team_id)
        else:
            one = roster.agent(ticket.assignee_id if kind == ASSIGNEE else named)
            people = (one,) if one else ()
        found.update({agent.id: agent for agent in people if agent.email and agent.active})
    return tuple(found.values())


def _notice(
    desk: Desk, ticket: Ticket, entry: Entry, occasion: str, what: str, recipients: tuple[Agent, ...]
) -> OutboundEmail:
    settings = desk.settings.load()
    secret = desk.signer.secret()
    values = {**ticket_values(desk, ticket), "notice.what": _in_words(desk, ticket, occasion, what, settings.language)}
    written = desk.templates.write(f"notice_{occasion}", settings.language, values)
    text, html = bodies(written, settings.language)
    address = ticket.thread.address or settings.support_address
    return OutboundEmail(
        sender=Address(settings.support_address, settings.name),
        to=tuple(Address(agent.email, agent.name) for agent in recipients),
        subject=written.subject,
        text=text,
        html=html,
        message_id=message_id(secret, ticket.ref, f"notice-{entry.about}", address),
        references=(root_id(secret, ticket.ref, address),),
        headers=AUTOMATIC,
        date=desk.clock.now(),
    )


def _in_words(desk: Desk, ticket: Ticket, occasion: str, what: str, language: str) -> str:
    if occasion.startswith("sla_"):
        return desk.texts.text(f"metric.{what.partition(':')[0]}", language)
    if occasion == MENTIONED:
        note = desk.tickets.message(ticket.ref, what)
        return f"{note.author_name}: {_beginning(note.text)}" if note else ""
    if occasion == "follow_up" and what.startswith("rule_"):
        return next((one.reason for one in ticket.follow_ups if one.id == what), "")
    if occasion == "follow_up":
        return _to_follow_up(desk, ticket, what, language)
    return ""


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_OF_NOTE else f"{line[: SHOWN_OF_NOTE - 1]}…"


def _to_follow_up(desk: Desk, ticket: Ticket, what: str, language: str) -> str:
    """What is to be done: in the words of whoever asked for it, or in ours."""
    asked = next((one.reason for one in ticket.follow_ups if one.id == what and what.startswith("hand_")), "")
    if asked:
        return asked
    kind, _, rest = what.partition("_")
    return desk.texts.text(f"follow_up.{rest.rpartition('_')[2] if kind == 'survey' else kind}", language)
