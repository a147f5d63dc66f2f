"""Automations at work: within the write that saves what they answer to, and on time where they wait for silence."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.automation import Action, Automation, Condition, When
from chalicelib.domain.draft import Draft
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Happening, Priority, Status
from chalicelib.usecases.answer_automatically import TOO_OFTEN
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.run_agenda import run_agenda
from chalicelib.usecases.send_draft import send_soon
from tests.domain.samples import DAY
from tests.usecases.fakes import FakeDesk, happened


def rule(rule_id: str, event: str, *does: tuple[str, str], only: tuple[Condition, ...] = (), **asks: Any) -> Automation:
    return Automation(rule_id, rule_id.title(), When(event, **asks), only, tuple(Action(*each) for each in does))


def having(desk: FakeDesk, *rules: Automation) -> FakeDesk:
    desk.settings.change(automations=rules)
    return desk


def reply(desk: FakeDesk, ref: str, **more: Any) -> None:
    new = NewMessage(
        origin=f"r:{len(desk.ticket(ref).timeline)}", kind=MessageKind.REPLY, text="Hi", author="agent:ada",
        author_name="Ada", **more,
    )  # fmt: skip
    answer_ticket(desk, ref, new)


def test_a_new_ticket_is_changed_before_it_finds_its_agent(desk: FakeDesk) -> None:
    words = Condition("words", ("arrive",))
    having(desk, rule("sam", "opened", ("assign", "sam"), ("priority", "high"), only=(words,)))
    ticket = desk.settled()
    assert (ticket.assignee_id, ticket.priority) == ("sam", Priority.HIGH)
    assert desk.people.roster().agent("sam").holding == {ticket.ref}  # type: ignore[union-attr]
    assert desk.people.roster().agent("ada").holding == frozenset()  # type: ignore[union-attr]


def test_what_happened_and_what_followed_are_one_write(desk: FakeDesk) -> None:
    having(desk, rule("wait", "status_changed", ("add_tags", "waits"), ("note", "We wait."), status="pending"))
    ref = desk.settled().ref
    version = desk.ticket(ref).version
    after = edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    assert (after.version, after.tags) == (version + 1, ("waits",))
    note = desk.tickets.message(ref, happened(after, Happening.NOTE_ADDED)[0].detail["message"])
    assert note
    assert (note.kind, note.author, note.author_name, note.text) == (MessageKind.NOTE, "desk", "Wait", "We wait.")


def test_an_answer_by_the_agenda_wakes_rules_in_the_same_write(desk: FakeDesk) -> None:
    having(desk, rule("told", "agent_answered", ("add_tags", "told")))
    ref = desk.settled().ref
    draft = Draft(id="d1", agent_id="ada", kind=MessageKind.REPLY, text="Hi", saved_at=desk.clock.now())
    send_soon(desk, ref, draft)
    version = desk.ticket(ref).version
    desk.clock.move(seconds=11)
    run_agenda(desk, ref)
    assert desk.ticket(ref).tags == ("told",)
    assert desk.ticket(ref).version == version + 2  # claimed, and closed: no write more than without rules


def test_a_desk_without_rules_asks_for_nothing_more(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = desk.settled().ref
    asked: list[str] = []
    monkeypatch.setattr(desk.people, "roster", lambda: asked.append("roster"))
    monkeypatch.setattr(desk.tickets, "message", lambda *_: asked.append("message"))
    edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    having(desk, rule("other", "customer_wrote", ("note", "!")))
    edit_ticket(desk, ref, TicketEdit(status=Status.OPEN), "agent:ada", None)
    assert asked == []


def test_an_automatic_answer_leaves_once_marked_as_such(desk: FakeDesk) -> None:
    having(desk, rule("ask", "opened", ("answer", "ask-order")))
    ref = desk.open().ref
    desk.run(ref)
    (mail,) = [mail for mail in desk.mailer.to("jo@customer.example") if "order number" in mail.text]
    assert mail.headers["Auto-Submitted"] == "auto-replied"
    ticket = desk.ticket(ref)
    assert ticket.status is Status.PENDING
    message_id = happened(ticket, Happening.AUTO_ANSWERED)[0].detail["message"]
    assert ticket.said(Happening.DELIVERED, message=message_id)
    assert mail.text.count(desk.settings.load().name) == 1
    run_agenda(desk, ref)
    assert len([one for one in desk.mailer.sent if "order number" in one.text]) == 1


def test_it_is_no_first_response(desk: FakeDesk) -> None:
    having(desk, rule("ask", "opened", ("answer", "ask-order")))
    ref = desk.settled().ref
    assert desk.tickets.cards[ref].first_response_seconds is None


def test_somebody_who_opens_many_tickets_is_left_alone(desk: FakeDesk) -> None:
    having(desk, rule("ask", "opened", ("answer", "ask-order")))
    refs = [desk.open().ref for _ in range(7)]
    for ref in refs:
        desk.run(ref)
    held = [fact for ref in refs for fact in happened(desk.ticket(ref), Happening.HELD_BACK)]
    assert {fact.detail["reason"] for fact in held} == {TOO_OFTEN}


def test_silence_is_broken_on_time_and_ends_in_a_solution(desk: FakeDesk) -> None:
    remind = rule("remind", "silent", ("answer", "sorry"), status="pending", seconds=3 * DAY)
    solve = rule("solve", "silent", ("status", "solved"), status="pending", seconds=7 * DAY)
    having(desk, remind, solve)
    ref = desk.settled().ref
    reply(desk, ref, status=Status.PENDING)
    desk.run(ref)
    began = desk.clock.now()
    desk.pass_time(days=10)
    fired = happened(desk.ticket(ref), Happening.RULE_FIRED)
    assert [(fact.detail["rule"], (fact.at - began).days) for fact in fired] == [("remind", 3), ("solve", 7)]
    assert desk.ticket(ref).status is Status.SOLVED
    assert len([mail for mail in desk.mailer.sent if "sorry for the trouble" in mail.text]) == 1


def test_a_word_in_time_is_no_silence(desk: FakeDesk) -> None:
    having(desk, rule("solve", "silent", ("status", "solved"), status="pending", seconds=DAY))
    ref = desk.settled().ref
    reply(desk, ref, status=Status.PENDING)
    desk.pass_time(hours=20)
    edit_ticket(desk, ref, TicketEdit(status=Status.OPEN), "agent:ada", None)
    desk.pass_time(days=2)
    assert desk.ticket(ref).status is Status.OPEN


def test_a_broken_promise_wakes_a_rule(desk: FakeDesk) -> None:
    having(desk, rule("late", "sla_breached", ("follow_up", "Call them"), ("priority", "urgent")))
    ref = desk.settled().ref
    desk.mailer.sent.clear()
    desk.pass_time(days=1)
    ticket = desk.ticket(ref)
    assert ticket.priority is Priority.URGENT
    assert {one.reason for one in ticket.follow_ups} == {"Call them"}
    assert any("follow_up" in mail.subject and "Call them" in mail.text for mail in desk.mailer.sent)


def test_another_system_is_told(desk: FakeDesk) -> None:
    having(desk, rule("tell", "opened", ("webhook", "https://hooks.example.com/new")))
    ref = desk.settled().ref
    ((hook, headers),) = desk.webhooks.posted
    told = json.loads(hook.body)
    assert (told["type"], told["data"]["ref"], told["data"]["rule"]) == ("automation.fired", ref, "tell")
    assert headers["Webhook-Id"] == hook.id
    assert desk.ticket(ref).said(Happening.WEBHOOK_SENT, rule="tell", host="hooks.example.com")
    assert "customer" not in hook.body.decode()


def test_a_webhook_of_a_rule_that_is_gone_is_given_up_visibly(desk: FakeDesk) -> None:
    having(desk, rule("tell", "status_changed", ("webhook", "https://hooks.example.com/new"), status="pending"))
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    having(desk)
    assert desk.run(ref).said(Happening.DELIVERY_FAILED, task="webhook")
    assert desk.webhooks.posted == []


def test_a_policy_follows_what_rules_set(desk: FakeDesk) -> None:
    having(desk, rule("sort", "status_changed", ("category", "complaint"), status="pending"))
    known = desk.settings.load().sla_policies[0]
    desk.settings.change(sla_policies=(replace(known, id="angry", match={"category": ("complaint",)}), known))
    ref = desk.settled().ref
    after = edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    assert after.policy_id == "angry"
