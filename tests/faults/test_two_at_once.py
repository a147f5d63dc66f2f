"""Two at once: whatever somebody else does between any two AWS calls of a function, both are heard, and all adds up."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import pytest

from infra.local.lambda_events import sqs_event
from tests.faults import scenes
from tests.faults.faulty_aws import Failure, Plan, at_calls, is_read, undisturbed
from tests.faults.outcome import outcome
from tests.faults.scenes import FIRST_ID, MESSAGES, TICKET, a_mail, in_work, nothing, work
from tests.faults.stage import API, Snapshot, Stage

Act = Callable[[Stage], None]


def another_reply(stage: Stage) -> None:
    """A second agent answers too."""
    body = {"kind": "reply", "text": "Is it the blue one?", "author_id": "sam"}
    assert stage.insist("POST", MESSAGES + stage.ref, body, idempotency_key="another").status == 201


def given_to(agent: str) -> Act:
    """Somebody gives the ticket to an agent, and a worker settles that at once."""

    def act(stage: Stage) -> None:
        assert stage.insist("PATCH", TICKET + stage.ref, {"assignee_id": agent}).status == 200
        stage.deliver("on_work")

    return act


def solved_meanwhile(stage: Stage) -> None:
    """Somebody solves the ticket, and a worker settles that at once."""
    scenes.solve(stage)
    stage.deliver("on_work")


def the_same_work(stage: Stage) -> None:
    """A second worker was handed the same message."""
    message = {"MessageId": "again", "ReceiptHandle": "again", "Body": f'{{"ticket": "{stage.ref}"}}'}
    stage.cloud.invoke("on_work", sqs_event([message], "pennydesk-work"))


def the_same_request(stage: Stage) -> None:
    """An impatient client sends its request a second time."""
    body = {"subject": "By the API", "text": "Hello", "customer": {"email": "jo@customer.org", "name": "Jo"}}
    stage.ask("POST", "/v1/tickets", body, idempotency_key="create-1")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who are at work at once, and how many tickets and messages there are in the end."""

    name: str
    function: str
    before: Act
    act: Act
    meanwhile: Act
    tickets: int = 1
    messages: int = 1


PAIRS = (
    Pair("two replies", API, in_work, scenes.reply, another_reply, messages=3),
    Pair("a reply and a solution", API, in_work, scenes.reply, solved_meanwhile, messages=2),
    Pair("a solution and a reply", API, in_work, scenes.reply_and_solve, another_reply, messages=3),
    Pair("two assignments", API, in_work, given_to("sam"), given_to("")),
    Pair("two ratings", API, scenes.surveyed, scenes.rate, lambda stage: scenes.rate(stage, "5")),
    Pair("the same request twice", API, nothing, scenes.create, the_same_request),
    Pair("the same mail twice", "on_mail", nothing, a_mail(1), a_mail(1)),
    Pair("two mails", "on_mail", in_work, a_mail(2, answers=FIRST_ID), a_mail(3, answers=FIRST_ID), messages=3),
    Pair("a mail and a solution", "on_mail", in_work, a_mail(2, answers=FIRST_ID), solved_meanwhile, messages=2),
    Pair("the same work twice", "on_work", scenes.replied, work, the_same_work, messages=2),
    Pair("routing and a solution", "on_work", scenes.arrived, work, solved_meanwhile),
    Pair("routing and an assignment by hand", "on_work", scenes.arrived, work, given_to("sam")),
    Pair("routing and a wait", "on_work", scenes.arrived, work, scenes.put_off),
    Pair("settling and a further change of hands", "on_work", scenes.reassigned, work, given_to("ada")),
    Pair("settling and a solution", "on_work", scenes.reassigned, work, solved_meanwhile),
    Pair(
        "settling a solution and a reopening", "on_work", scenes.solved, work, a_mail(2, answers=FIRST_ID), messages=2
    ),
    Pair("routing a reopened ticket and a solution", "on_work", scenes.reopened, work, solved_meanwhile, messages=2),
)


def calls_of(stage: Stage, pair: Pair) -> tuple[Snapshot, list[str]]:
    """Give where the pair begins, and which calls the first of the two makes when left alone."""
    beginning = stage.at(pair.before)
    stage.restore(beginning)
    with stage.failing_by(undisturbed, pair.function):
        pair.act(stage)
    return beginning, stage.aws.operations


def trouble(stage: Stage, pair: Pair, beginning: Snapshot, plan: Plan) -> str:
    """Let both be at work by a plan, and give in words what doesn't add up in the end; empty when all does."""
    stage.restore(beginning)
    try:
        with stage.failing_by(plan, pair.function):
            pair.act(stage)
        stage.come_to_rest()
        outcome(stage)
        kept = [sk for _, sk in stage.keys("ticket#") if sk.startswith("message#")]
        assert (len(stage.refs()), len(kept)) == (pair.tickets, pair.messages)
        assert not stage.dead_letters()
    except AssertionError as error:
        return str(error) or repr(error)
    return ""


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_whatever_happens_in_between_is_heard_too(stage: Stage, pair: Pair) -> None:
    beginning, calls = calls_of(stage, pair)
    assert calls
    troubles = [
        f"before call {number}: {said}"
        for number in range(1, len(calls) + 1)
        if (said := trouble(stage, pair, beginning, at_calls({number: lambda: pair.meanwhile(stage)})))
    ]
    assert not troubles, "\n".join(troubles)


RACES = [pair for pair in PAIRS if pair.name.endswith(("by hand", "a wait", "change of hands"))]


@pytest.mark.parametrize("pair", RACES, ids=lambda pair: pair.name)
def test_nor_does_it_matter_when_the_first_of_the_two_then_dies(stage: Stage, pair: Pair) -> None:
    beginning, calls = calls_of(stage, pair)
    troubles = []
    for first, last in combinations(range(1, len(calls) + 1), 2):
        if not is_read(calls[last - 1]):
            said = trouble(stage, pair, beginning, at_calls({first: lambda: pair.meanwhile(stage), last: Failure.DIED}))
            troubles += [f"before call {first}, dead at {last}: {said}"] if said else []
    assert not troubles, "\n".join(troubles)
