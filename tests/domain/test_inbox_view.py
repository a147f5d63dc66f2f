"""What of a list is wanted, and the views that people keep."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.card import Card
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.inbox_view import MOST_VIEWS, Criteria, SavedView, SavedViews, read_criteria
from chalicelib.domain.ticket import Priority, Status
from tests.domain.samples import MONDAY

CARD = Card(
    ref="7K3F-92QX",
    subject="A lamp",
    status=Status.OPEN,
    priority=Priority.HIGH,
    channel="email",
    customer_id="c1",
    created_at=MONDAY,
    updated_at=MONDAY,
    version=1,
    category="Billing",
    language="de",
    tier="Gold",
    assignee_id="sam",
    team_id="support",
    tags=("VIP", "lamp"),
    due_at=MONDAY + timedelta(minutes=30),
)


def fits(card: Card = CARD, /, *, agent: str = "sam", **wanted: str) -> bool:
    return Criteria(**wanted).fits(card, agent, MONDAY)


def test_nothing_asked_for_fits_everything() -> None:
    assert fits()


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("team", "support", "sales"),
        ("assignee", "sam", "ada"),
        ("assignee", "me", "nobody"),
        ("status", "open", "pending"),
        ("priority", "high", "low"),
        ("channel", "email", "form"),
        ("tag", "vip", "vi"),
        ("topic", "billing", "bill"),
        ("tier", "gold", "silver"),
        ("language", "de", "en"),
        ("due", "hour", "overdue"),
        ("due", "day", "none"),
    ],
)
def test_each_criterion_lets_through_what_is_so_and_nothing_else(name: str, right: str, wrong: str) -> None:
    assert fits(**{name: right})
    assert not fits(**{name: wrong})


def test_all_criteria_have_to_fit() -> None:
    assert fits(status="open", tag="lamp")
    assert not fits(status="open", tag="sofa")


def test_nobody_s_tickets_are_those_without_assignee_and_mine_depend_on_who_looks() -> None:
    assert fits(replace(CARD, assignee_id=""), assignee="nobody")
    assert not fits(agent="ada", assignee="me")


def test_a_ticket_without_deadline_is_never_due() -> None:
    timeless = replace(CARD, due_at=None)
    assert [fits(timeless, due=due) for due in ("overdue", "hour", "day", "none")] == [False, False, False, True]


@pytest.mark.parametrize("wrong", [{"status": "asleep"}, {"priority": "9"}, {"due": "soon"}, {"tag": "x" * 101}])
def test_a_criterion_that_can_not_be_is_refused_by_its_name(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_criteria(wrong)
    assert refusal.value.field in wrong


def test_what_was_read_is_what_was_asked_for_in_order_and_nothing_else() -> None:
    asked = read_criteria({"tag": " a  b ", "view": "mine", "cursor": "x", "assignee": "me", "team": ""})
    assert asked.wanted == {"assignee": "me", "tag": "a b"}
    assert asked.without("tag").wanted == {"assignee": "me"}


def named(*names: str) -> SavedViews:
    views = SavedViews("sam")
    for number, name in enumerate(names):
        views = views.with_view(SavedView(f"v{number}", name, "all"))
    return views


def names(views: SavedViews) -> list[str]:
    return [view.name for view in views.views]


def test_views_stand_in_the_order_in_which_they_were_kept_until_they_are_moved() -> None:
    views = named("a", "b", "c")
    assert names(views.moved("v2", -1)) == ["a", "c", "b"]
    assert names(views.moved("v0", 5)) == ["b", "c", "a"]
    assert names(views.moved("v0", -1)) == ["a", "b", "c"]
    assert views.moved("gone", 1) is views
    assert names(views.without_view("v1")) == ["a", "c"]


def test_one_of_the_same_name_is_replaced_where_it_stands() -> None:
    views = named("Lamps", "Sofas").with_view(SavedView("v9", " lamps ", "mine"))
    assert [(view.id, view.name, view.base) for view in views.views] == [
        ("v0", "lamps", "mine"),
        ("v1", "Sofas", "all"),
    ]


def test_the_same_view_kept_twice_is_one() -> None:
    views = named("a")
    assert views.with_view(SavedView("v0", "other", "all")) is views


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_name(name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        named(name)
    assert refusal.value.field == "name"


def test_there_is_an_end_to_views() -> None:
    full: Any = named(*(str(number) for number in range(MOST_VIEWS)))
    with pytest.raises(InvalidInput, match="most"):
        full.with_view(SavedView("new", "one more", "all"))
