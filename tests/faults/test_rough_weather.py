"""A whole story in rough weather: messages that come twice, in any order or never, stale indexes, calls that fail."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.card import Page
from tests.faults import scenes
from tests.faults.faulty_aws import Failure
from tests.faults.outcome import outcome
from tests.faults.scenes import DAY, FIRST_ID, MESSAGES, a_mail, customer_mail
from tests.faults.stage import API, Snapshot, Stage

MINUTES = timedelta(minutes=2, seconds=10)
MOST_WAITS = 20


def alone(stage: Stage) -> None:
    """Only Ada takes tickets, so that it can't matter in which order they come."""
    sam = stage.desk.people.roster().agent("sam")
    assert sam
    stage.desk.people.save_agent(replace(sam, available=False))


def story(stage: Stage, between: Callable[[], None] = lambda: None) -> None:
    """Play one ticket's life, from three customers' first words to a bad rating; `between` comes after each step."""

    def step(act: Callable[[Stage], None], *waits: timedelta) -> None:
        act(stage)
        for wait in (*waits, MINUTES, MINUTES, MINUTES):
            between()
            stage.wait(wait)

    alone(stage)
    step(a_mail(1))
    step(scenes.reply)
    step(a_mail(2, answers=FIRST_ID))
    step(scenes.note)
    step(scenes.reply_and_solve)
    step(lambda stage: None, DAY)
    for _ in range(MOST_WAITS):
        ticket = stage.desk.tickets.get(stage.ref)
        if ticket and ticket.surveys:
            break
        stage.wait(MINUTES)
    step(scenes.rate)


@pytest.fixture(scope="module")
def calm(theatre: tuple[Stage, Snapshot]) -> dict[str, Any]:
    """What the story comes to when nothing goes wrong."""
    stage, beginning = theatre
    stage.restore(beginning)
    story(stage)
    return outcome(stage)


def test_every_message_delivered_twice_comes_to_the_same(stage: Stage, calm: dict[str, Any]) -> None:
    stage.copies = 2
    story(stage)
    assert outcome(stage) == calm


def test_the_schedule_alone_brings_it_about_when_every_message_for_workers_is_lost(
    stage: Stage, calm: dict[str, Any]
) -> None:
    story(stage, stage.lose_work)
    assert outcome(stage) == calm


class StaleIndexes:
    """Tickets whose indexes show what they showed when they were asked the time before."""

    def __init__(self, tickets: Any, seen: dict[str, Any]) -> None:
        """`seen` outlives the process: it is the index that is behind."""
        self._tickets = tickets
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tickets, name)

    def queue(self, names: Sequence[str], limit: int, after: str = "", *, newest_first: bool = False) -> Page:
        """See ports.Tickets."""
        now = self._tickets.queue(names, limit, after, newest_first=newest_first)
        before: Page = self._seen.get(str(names), Page(()))
        self._seen[str(names)] = now
        return before

    def due(self, until: datetime) -> Iterator[tuple[str, datetime]]:
        """See ports.Tickets."""
        now = list(self._tickets.due(until))
        before: list[tuple[str, datetime]] = self._seen.get("due", [])
        self._seen["due"] = now
        return iter(before)


def test_indexes_that_lag_behind_only_delay(stage: Stage, calm: dict[str, Any]) -> None:
    seen: dict[str, Any] = {}

    def dress(desk: wiring.WiredDesk) -> None:
        desk.__dict__["tickets"] = StaleIndexes(desk.tickets, seen)

    stage.dress = dress
    stage.begin_process()
    story(stage, stage.lose_work)
    assert outcome(stage) == calm


@pytest.mark.parametrize("seed", range(2))
def test_messages_in_any_order_come_to_the_same(stage: Stage, seed: int) -> None:
    alone(stage)
    beginning = stage.snapshot()
    mails = [customer_mail(number, f"Matter {number}") for number in range(1, 5)]

    def play() -> dict[str, Any]:
        for mail in mails:
            stage.mail(mail)
        stage.settle()
        for number, ref in enumerate(stage.refs()):
            body = {"kind": "reply", "text": f"Answer to {ref}", "author_id": "ada"}
            assert stage.insist("POST", MESSAGES + ref, body, idempotency_key=f"reply-{number}").status == 201
        for number in range(1, 5):
            stage.mail(customer_mail(number + 10, answers=f"<mail-{number}@customer.org>"))
        stage.come_to_rest()
        return outcome(stage)

    expected = play()
    stage.restore(beginning)
    dice = random.Random(seed)
    dice.shuffle(mails)
    stage.shuffle, stage.copies = dice.shuffle, 2
    assert play() == expected


def test_an_answer_that_overtakes_the_mail_it_answers_is_kept_once(stage: Stage) -> None:
    answer = customer_mail(2, answers=FIRST_ID)
    for mail in (answer, customer_mail(1), answer):
        stage.mail(mail)
        stage.settle()
    stage.come_to_rest()
    found = outcome(stage)
    facts = [fact for ticket in found["tickets"].values() for fact in ticket["facts"]]
    assert sum(what in ("opened", "customer_wrote") for what, *_ in facts) == 2


def test_a_mail_delivered_again_after_its_ticket_was_closed_opens_no_other(stage: Stage) -> None:
    stage.at(scenes.in_work)
    a_mail(2, answers=FIRST_ID)(stage)
    scenes.solve(stage)
    stage.wait(timedelta())
    stage.wait(8 * DAY)
    for number in (1, 2):
        a_mail(number, answers=FIRST_ID)(stage)
    stage.come_to_rest()
    assert len(outcome(stage)["tickets"]) == 1


WORST = (Failure.REFUSED, Failure.REFUSED, Failure.TIMED_OUT, Failure.DIED, Failure.REPEATED)


@pytest.mark.parametrize("seed", range(5))
def test_a_storm_delays_the_story_and_changes_nothing(stage: Stage, calm: dict[str, Any], seed: int) -> None:
    dice, struck = random.Random(seed), []

    def storm(count: int, operation: str) -> Failure | None:
        if dice.random() > 0.08:
            return None
        struck.append(operation)
        return dice.choice(WORST)

    with stage.failing_by(storm, API, "on_mail", "on_work", "every_minute"):
        story(stage, stage.redrive)
    stage.redrive()
    stage.come_to_rest(rounds=6)
    assert len(struck) > 2
    assert outcome(stage) == calm
