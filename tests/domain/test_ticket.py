import pytest

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.ticket import NOTHING, FollowUp, Happening, Shelf, Status, Survey
from tests.domain.samples import MONDAY, a_ticket, later


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        (Status.NEW, True),
        (Status.OPEN, True),
        (Status.PENDING, False),
        (Status.ON_HOLD, False),
        (Status.SOLVED, False),
        (Status.CLOSED, False),
    ],
)
def test_a_ticket_fills_hands_only_while_it_is_the_desks_turn(status: Status, ours: bool) -> None:
    assert a_ticket(status=status).active is ours


@pytest.mark.parametrize("shelf", [Shelf.SPAM, Shelf.UNPARSED])
def test_what_lies_on_a_shelf_fills_nobodys_hands(shelf: Shelf) -> None:
    assert not a_ticket(shelf=shelf).active


def test_a_fact_is_added_at_the_end_and_nothing_before_is_rewritten() -> None:
    one = a_ticket().with_fact(MONDAY, Happening.OPENED, "customer:c1", message="m1")
    two = one.with_fact(later(5), Happening.NOTE_ADDED, "agent:sam", message="m2")
    assert two.timeline[:1] == one.timeline
    assert (two.timeline[1].at, two.timeline[1].by) == (later(5), "agent:sam")
    assert a_ticket().timeline == ()


def test_details_that_are_empty_are_left_out() -> None:
    ticket = a_ticket().with_fact(MONDAY, Happening.OPENED, "desk", message="m1", policy="")
    assert ticket.timeline[0].detail == {"message": "m1"}
    assert a_ticket().with_fact(MONDAY, Happening.CLOSED, "desk", reason="").timeline[0].detail is NOTHING


def test_a_fact_that_comes_to_light_late_keeps_its_time_and_does_not_make_the_ticket_look_older() -> None:
    ticket = a_ticket(updated_at=later(100)).with_fact(later(40), Happening.SLA_BREACHED, "desk")
    assert ticket.timeline[-1].at == later(40)
    assert ticket.updated_at == later(100)
    assert ticket.with_fact(later(160), Happening.CLOSED, "desk").updated_at == later(160)


def test_said_asks_for_a_fact_with_all_the_details() -> None:
    ticket = a_ticket().with_fact(MONDAY, Happening.SLA_WARNED, "desk", clock="resolution:1", target="60")
    assert ticket.said(Happening.SLA_WARNED)
    assert ticket.said(Happening.SLA_WARNED, clock="resolution:1")
    assert not ticket.said(Happening.SLA_WARNED, clock="resolution:2")
    assert not ticket.said(Happening.SLA_WARNED, clock="resolution:1", target="90")
    assert not ticket.said(Happening.SLA_BREACHED, clock="resolution:1")


def test_a_ticket_has_the_messages_that_its_history_mentions() -> None:
    ticket = a_ticket().with_fact(MONDAY, Happening.CUSTOMER_WROTE, "customer:c1", message="m1")
    assert ticket.has_message("m1")
    assert not ticket.has_message("m2")


def test_resolutions_count_how_often_it_was_solved() -> None:
    ticket = a_ticket()
    for what in (Happening.SOLVED, Happening.REOPENED, Happening.SOLVED):
        ticket = ticket.with_fact(MONDAY, what, "agent:sam")
    assert ticket.resolutions == 2


def test_the_survey_of_a_resolution_is_found_by_its_number() -> None:
    first, second = Survey(1, MONDAY, later(9)), Survey(2, later(5), later(14))
    ticket = a_ticket(surveys=(first, second))
    assert ticket.survey(2) == second
    assert ticket.survey(3) is None


def test_a_follow_up_is_open_until_somebody_did_it() -> None:
    done, still = FollowUp("a", "low_rating", MONDAY, later(9), "agent:sam"), FollowUp("b", "undelivered", MONDAY)
    assert a_ticket(follow_ups=(done, still)).open_follow_ups == (still,)


def test_next_due_is_that_of_the_agenda() -> None:
    assert a_ticket().next_due is None
    assert a_ticket(agenda=(Entry(later(9), Task.CLOSE),)).next_due == later(9)
