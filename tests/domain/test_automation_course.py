"""What rules make of a ticket: in their order, once for each event, and never of what a rule did."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Task
from chalicelib.domain.automation import Action, Automation, Condition, When
from chalicelib.domain.automation_course import Circumstances, Outcome, follow
from chalicelib.domain.automation_deeds import MOST_UNANSWERED
from chalicelib.domain.automation_event import Event, events_between, last_events
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.people import Agent, Roster
from chalicelib.domain.ticket import DONE, Happening, Priority, Requester, Shelf, Status, Ticket
from tests.domain.samples import OFFICE_HOURS, SETTINGS, in_work, later, law, opened, when

WROTE, ANSWERED = "customer_wrote", "agent_answered"


def rule(
    rule_id: str, *does: tuple[str, str], on: str = WROTE, only: tuple[Condition, ...] = (), **asks: Any
) -> Automation:
    """A rule that does these things."""
    actions = tuple(Action(*each) for each in does)
    return Automation(rule_id, rule_id.title(), When(on, **asks), only, actions)


def has(what: str, *values: str, negated: bool = False) -> Condition:
    return Condition(what, values, negated)


def desk_with(*rules: Automation, **changes: Any) -> DeskSettings:
    return replace(SETTINGS, automations=rules, **changes)


def about(settings: DeskSettings, *, text: str = "", at: float = 60) -> Circumstances:
    people = Roster((Agent("sam", "Sam", "sam@shop.example"), Agent("old", "Old", "old@shop.example", active=False)))
    return Circumstances(settings, later(at), lambda _event: text, lambda: people, lambda origin: f"m-{origin}")


def wrote(ticket: Ticket, settings: DeskSettings, number: int = 2, at: float = 60) -> Ticket:
    return lifecycle.customer_wrote(ticket, f"m{number}", later(at), settings)


def after_writing(*rules: Automation, text: str = "", ticket: Ticket | None = None, **changes: Any) -> Outcome:
    """What comes of the customer's writing."""
    settings = desk_with(*rules, **changes)
    before = ticket or in_work(settings)
    after = wrote(before, settings)
    return follow(after, events_between(before, after), about(settings, text=text))


def told(ticket: Ticket) -> list[tuple[str, str]]:
    """What rules did, by whom."""
    return [(fact.what.value, fact.detail["rule"]) for fact in ticket.timeline if "rule" in fact.detail]


def test_a_rule_changes_the_ticket_and_every_fact_names_it() -> None:
    done = after_writing(rule("hurry", ("priority", "high"), ("add_tags", "vip, gold"), ("category", "refund")))
    assert (done.ticket.priority, done.ticket.tags, done.ticket.category) == (Priority.HIGH, ("vip", "gold"), "refund")
    kinds = ["rule_fired", "priority_set", "tags_set", "category_set"]
    assert told(done.ticket) == [(kind, "hurry") for kind in kinds]


def test_a_rule_that_would_change_nothing_says_nothing() -> None:
    done = after_writing(rule("calm", ("priority", "normal"), ("remove_tags", "vip")))
    assert done.fired == ()
    assert told(done.ticket) == []


def test_later_rules_see_what_earlier_ones_did_and_earlier_ones_do_not() -> None:
    tag = rule("tag", ("add_tags", "vip"))
    hurry = rule("hurry", ("priority", "urgent"), only=(has("tag", "vip"),))
    assert [firing.rule.id for firing in after_writing(tag, hurry).fired] == ["tag", "hurry"]
    assert [firing.rule.id for firing in after_writing(hurry, tag).fired] == ["tag"]


def test_what_a_rule_did_wakes_no_rule() -> None:
    solve = rule("solve", ("status", "solved"))
    thank = rule("thank", ("answer", "sorry"), on="status_changed", status="solved")
    done = after_writing(solve, thank)
    assert done.ticket.status is Status.SOLVED
    assert [firing.rule.id for firing in done.fired] == ["solve"]
    assert events_between(in_work(), done.ticket)[0].what == WROTE
    assert len(events_between(in_work(), done.ticket)) == 1


def test_a_rule_that_is_switched_off_does_nothing() -> None:
    assert after_writing(replace(rule("off", ("priority", "low")), enabled=False)).fired == ()


@pytest.mark.parametrize(
    ("condition", "fields", "met"),
    [
        (has("channel", "email", "chat"), {}, True),
        (has("channel", "chat"), {}, False),
        (has("priority", "high", negated=True), {}, True),
        (has("category", "none"), {}, True),
        (has("category", "refund"), {"category": "Refund"}, True),
        (has("tag", "VIP"), {"tags": ("vip",)}, True),
        (has("tag", "vip", negated=True), {"tags": ("vip",)}, False),
        (has("tier", "gold"), {"requester": Requester("c1", "Jo", "jo@customer.example", "gold")}, True),
        (has("language", "zh"), {"language": "zh"}, True),
        (has("team", "support"), {}, True),
        (has("assignee", "none"), {"assignee_id": ""}, True),
        (has("assignee", "none"), {}, False),
        (has("status", "open"), {"status": Status.OPEN}, True),
        (has("address", "HELP@shop.example"), {}, True),
        (has("words", "Refund"), {}, True),
        (has("words", "refunds"), {}, False),
        (has("words", "退款"), {}, True),
        (has("words", "PARCEL"), {}, True),
        (has("hours", "default"), {}, True),
        (has("hours", "default", negated=True), {}, False),
        (has("scenario", "sale"), {}, False),
    ],
)
def test_conditions(condition: Condition, fields: dict[str, Any], met: bool) -> None:
    ticket = in_work(**fields)
    done = after_writing(rule("r", ("note", "!"), only=(condition,)), text="I want my REFUND 我要退款", ticket=ticket)
    assert bool(done.fired) is met


def test_all_conditions_must_be_met() -> None:
    both = (has("channel", "email"), has("priority", "urgent"))
    assert after_writing(rule("r", ("note", "!"), only=both)).fired == ()


def test_words_are_looked_up_only_when_everything_else_is_met() -> None:
    asked: list[Event] = []
    settings = desk_with(rule("r", ("note", "!"), only=(has("words", "x"), has("channel", "chat"))))
    before = in_work(settings)
    after = wrote(before, settings)

    def text(event: Event) -> str:
        asked.append(event)
        return "x"

    follow(after, events_between(before, after), replace(about(settings), text=text))
    assert asked == []


def test_the_hours_are_those_when_it_happened() -> None:
    night = rule("night", ("add_tags", "night"), only=(has("hours", "default", negated=True),))
    settings = desk_with(night, calendar=OFFICE_HOURS)
    before = in_work(settings)
    after = lifecycle.customer_wrote(before, "m2", when("mon 20:00"), settings)
    assert follow(after, events_between(before, after), about(settings)).ticket.tags == ("night",)


def test_a_ticket_counts_as_opened_once_it_was_understood() -> None:
    settings = desk_with(rule("new", ("team", "billing"), on="opened", only=(has("category", "refund"),)))
    before = opened(settings)
    after = replace(before, agenda=(), category="refund")
    assert events_between(before, before) == ()
    assert follow(after, events_between(before, after), about(settings)).ticket.team_id == "billing"


def test_mail_on_a_shelf_and_parts_of_other_tickets_follow_no_rules() -> None:
    before = in_work()
    after = wrote(before, SETTINGS)
    assert events_between(before, replace(after, shelf=Shelf.SPAM)) == ()
    part = after.with_fact(later(70), Happening.MERGED_INTO, "agent:sam", ticket="AAAA-BBBB")
    assert events_between(before, part) == ()


@pytest.mark.parametrize(("rating", "fires"), [("1", True), ("2", True), ("3", False), ("5", False)])
def test_a_rating_of_at_most_so_many(rating: str, fires: bool) -> None:
    settings = desk_with(rule("sad", ("follow_up", "Call them"), on="rated", rating=2))
    before = in_work(settings)
    after = before.with_fact(later(60), Happening.RATED, "customer:c1", rating=rating, survey="1")
    done = follow(after, events_between(before, after), about(settings)).ticket
    assert [one.reason for one in done.follow_ups] == (["Call them"] if fires else [])


def test_a_status_that_somebody_set() -> None:
    settings = desk_with(
        rule("wait", ("add_tags", "waits"), on="status_changed", status="pending"),
        rule("back", ("add_tags", "back"), on="status_changed", status="open"),
    )
    before = in_work(settings, status=Status.OPEN)
    pending = lifecycle.with_status(before, Status.PENDING, later(60), "agent:sam", settings)
    waits = follow(pending, events_between(before, pending), about(settings)).ticket
    assert waits.tags == ("waits",)
    back = wrote(waits, settings)
    assert follow(back, events_between(waits, back), about(settings)).ticket.tags == ("waits", "back")


def test_who_left_is_given_nothing() -> None:
    ticket = in_work(assignee_id="")
    assert after_writing(rule("r", ("assign", "old")), ticket=ticket).fired == ()
    assert after_writing(rule("r", ("assign", "gone")), ticket=ticket).fired == ()
    assert after_writing(rule("r", ("assign", "sam")), ticket=ticket).ticket.assignee_id == "sam"


def test_a_macro_answers_and_sets_what_it_sets() -> None:
    done = after_writing(rule("ask", ("answer", "ask-order")), ticket=in_work(language="zh"))
    (words,) = done.fired[0].words
    assert words.text.startswith("Jo，您好！")
    assert done.ticket.status is Status.PENDING
    assert [entry.about for entry in done.ticket.agenda if entry.task is Task.AUTO_ANSWER] == [words.id]
    assert done.ticket.said(Happening.AUTO_ANSWERED, message=words.id, rule="ask")


def test_a_program_gets_no_answer() -> None:
    by_program = opened(tags=("automatic",))
    answer = rule("hello", ("answer", "sorry"), on="opened")
    settings = desk_with(answer)
    done = follow(
        replace(by_program, agenda=()), events_between(by_program, replace(by_program, agenda=())), about(settings)
    )
    assert done.fired == ()


def test_two_machines_stop_talking() -> None:
    """A robot that passes for a customer answers each of our answers at once, from one day to the next."""
    rules = [rule(f"r{number}", ("answer", "sorry")) for number in range(5)]
    settings, day = desk_with(*rules), 86_400
    ticket = in_work(settings)
    for number in range(40):
        after = wrote(ticket, settings, number + 10, at=number * day)
        ticket = follow(after, events_between(ticket, after), about(settings, at=number * day)).ticket
    assert sum(fact.what is Happening.AUTO_ANSWERED for fact in ticket.timeline) == MOST_UNANSWERED
    answered = lifecycle.answered(ticket, "by-hand", later(41 * day), "agent:sam")
    again = wrote(answered, settings, 99, at=42 * day)
    assert follow(again, events_between(answered, again), about(settings, at=42 * day)).fired != ()


def test_one_rule_answers_once_a_day() -> None:
    settings = desk_with(rule("away", ("answer", "sorry")))
    first = after_writing(rule("away", ("answer", "sorry"))).ticket
    second = wrote(first, settings, 3, at=600)
    assert follow(second, events_between(first, second), about(settings, at=600)).fired == ()
    third = wrote(second, settings, 4, at=90_000)
    assert follow(third, events_between(second, third), about(settings, at=90_000)).fired != ()


def test_a_closed_ticket_is_left_as_it_is() -> None:
    settings = desk_with(
        rule("late", ("priority", "high"), ("assign", "sam"), ("note", "Closed."), on="status_changed", status="closed")
    )
    before = in_work(settings)
    after = lifecycle.closed(before, later(60), "agent:sam")
    done = follow(after, events_between(before, after), about(settings)).ticket
    assert done.priority is Priority.NORMAL
    assert [kind for kind, _ in told(done)] == ["rule_fired", "note_added"]


def test_what_is_done_about_a_broken_promise_promises_nothing() -> None:
    settings = desk_with(rule("late", ("priority", "urgent"), on="sla_breached"))
    before = in_work(settings)
    after = before.with_fact(later(3600), Happening.SLA_BREACHED, "desk", clock="first_response:1")
    done = follow(after, events_between(before, after), about(settings, at=3600)).ticket
    (fact,) = [fact for fact in done.timeline if fact.what is Happening.PRIORITY_SET]
    assert (fact.detail["escalation"], fact.detail["was"]) == ("first_response:1", "normal")


def test_the_latest_of_each_kind_can_be_tried() -> None:
    ticket = wrote(wrote(in_work(), SETTINGS, 2), SETTINGS, 3)
    found = {(event.what.value, event.fact.detail.get("message", "")) for event in last_events(ticket)}
    assert found == {("opened", "m1"), (WROTE, "m3")}


PRIORITIES = st.sampled_from(["low", "normal", "high", "urgent"])
TAGS = st.sampled_from(["a", "b", "c"])
DEEDS = st.one_of(
    st.tuples(st.just("priority"), PRIORITIES),
    st.tuples(st.just("add_tags"), TAGS),
    st.tuples(st.just("remove_tags"), TAGS),
    st.tuples(st.just("category"), st.sampled_from(["refund", "defect"])),
    st.tuples(st.just("status"), st.sampled_from(["open", "pending", "on_hold", "solved"])),
    st.tuples(st.just("team"), st.sampled_from(["support", "billing"])),
    st.tuples(st.just("assign"), st.sampled_from(["sam", "old"])),
    st.tuples(st.just("answer"), st.sampled_from(["ask-order", "done"])),
    st.tuples(st.just("note"), st.just("look")),
)
CONDITIONS = st.one_of(
    st.builds(has, st.just("tag"), TAGS, negated=st.booleans()),
    st.builds(has, st.just("priority"), PRIORITIES, negated=st.booleans()),
    st.builds(has, st.just("status"), st.sampled_from(["new", "open", "pending", "solved"]), negated=st.booleans()),
)
EVENTS = st.sampled_from(
    [
        (WROTE, ""),
        (ANSWERED, ""),
        ("status_changed", "open"),
        ("status_changed", "solved"),
        ("status_changed", "pending"),
    ]
)


@st.composite
def rule_lists(draw: st.DrawFn) -> tuple[Automation, ...]:
    return tuple(
        rule(f"r{number}", *draw(st.lists(DEEDS, min_size=1, max_size=3)), on=on, only=tuple(only), status=status)
        for number in range(draw(st.integers(1, 6)))
        for on, status in [draw(EVENTS)]
        for only in [draw(st.lists(CONDITIONS, max_size=2))]
    )


def happens(ticket: Ticket, what: str, settings: DeskSettings, number: int) -> Ticket:
    """Let a person do something."""
    at = later(number * 100)
    if what == WROTE:
        return ticket if ticket.status is Status.CLOSED else wrote(ticket, settings, number + 10, at=number * 100)
    if what == ANSWERED:
        return lifecycle.answered(ticket, f"a{number}", at, "agent:sam")
    return lifecycle.with_status(ticket, Status(what), at, "agent:sam", settings)


def lived(rules: tuple[Automation, ...], story: list[str]) -> tuple[Ticket, int]:
    """A ticket after a story, and how many events it had."""
    settings = desk_with(*rules)
    ticket, events = in_work(settings), 0
    for number, what in enumerate(story):
        after = happens(ticket, what, settings, number)
        found = events_between(ticket, after)
        events += len(found)
        ticket = follow(after, found, about(settings, at=number * 100)).ticket
    return ticket, events


STORIES = st.lists(st.sampled_from([WROTE, ANSWERED, "open", "pending", "solved"]), max_size=6)


@law
@given(rule_lists(), STORIES)
def test_rules_end_each_at_most_once_for_each_event(rules: tuple[Automation, ...], story: list[str]) -> None:
    ticket, events = lived(rules, story)
    fired = [(fact.detail["rule"], fact.detail["event"]) for fact in ticket.timeline if fact.what == "rule_fired"]
    assert len(fired) == len(set(fired)) <= len(rules) * events


@law
@given(rule_lists(), EVENTS)
def test_the_same_event_again_does_nothing_more(rules: tuple[Automation, ...], event: tuple[str, str]) -> None:
    settings = desk_with(*rules)
    before = in_work(settings)
    after = happens(before, event[1] or event[0], settings, 1)
    found = events_between(before, after)
    once = follow(after, found, about(settings)).ticket
    assert follow(once, found, about(settings)).ticket == once
    assert events_between(after, once) == ()


@law
@given(rule_lists(), rule_lists(), STORIES, st.randoms(use_true_random=False))
def test_rules_that_do_not_fire_may_stand_anywhere(
    rules: tuple[Automation, ...], others: tuple[Automation, ...], story: list[str], chance: Any
) -> None:
    idle = [replace(one, id=f"idle-{one.id}", enabled=False) for one in others]
    mixed = list(rules)
    for one in idle:
        mixed.insert(chance.randint(0, len(mixed)), one)
    assert lived(tuple(mixed), story)[0] == lived(rules, story)[0]


@law
@given(rule_lists(), STORIES)
def test_no_rule_brings_a_ticket_into_a_state_that_people_cannot(
    rules: tuple[Automation, ...], story: list[str]
) -> None:
    ticket, _ = lived(rules, story)
    assert (ticket.solved_at is not None) is (ticket.status in DONE)
    assert all("rule" in fact.detail for fact in ticket.timeline if fact.what is Happening.AUTO_ANSWERED)
