"""Who is called upon in a note."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.mention import mentioned
from chalicelib.domain.people import Agent, Roster, Team
from tests.domain.samples import law

ROSTER = Roster(
    (
        Agent("ada", "Ada Lovelace", "ada@desk.example", team_ids=("support",)),
        Agent("a2", "Ada Byron", "byron@desk.example"),
        Agent("lin", "林小雨", "lin@desk.example", team_ids=("support", "billing")),
        Agent("sam", "Sam Poe", "sam@desk.example", team_ids=("billing",)),
        Agent("gone", "Greta Gone", "gone@desk.example", team_ids=("support",), active=False),
    ),
    (Team("support", "Support"), Team("billing", "Billing & Refunds")),
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("@ada, can you look?", ("ada",)),
        ("@Ada Lovelace and @SAM", ("ada", "sam")),
        ("(@Ada Byron)", ("a2",)),
        ("@林小雨请看一下", ("lin",)),
        ("请@林小雨 看", ("lin",)),
        ("＠sam", ("sam",)),
        ("@sam. Thanks", ("sam",)),
        ("@sam @Sam Poe @sam", ("sam",)),
        ("@support", ("ada", "lin")),
        ("@Billing & Refunds!", ("lin", "sam")),
        ("@team", ("lin", "sam")),
        ("@团队看一下", ("lin", "sam")),
        ("@team and @ada", ("lin", "sam", "ada")),
        ("@samantha", ()),
        ("@sam.example.com", ()),
        ("@sam-poe", ()),
        ("write to jo@sam and to jo@support.example", ()),
        ("@gone @Greta", ()),
        ("@ sam @", ()),
        ("nobody", ()),
    ],
)
def test_names_after_an_at_sign_call_upon_people(text: str, ids: tuple[str, ...]) -> None:
    assert mentioned(text, ROSTER, "billing") == ids


def test_a_first_name_that_two_have_calls_upon_nobody_but_an_id_does() -> None:
    roster = Roster((Agent("x1", "Kim Roe", ""), Agent("x2", "Kim Doe", "")))
    assert mentioned("@kim", roster, "") == ()
    assert mentioned("@x2 @Kim Roe", roster, "") == ("x2", "x1")


@law
@given(st.text(max_size=60))
def test_whatever_is_written_calls_upon_people_at_work_only_and_each_once(text: str) -> None:
    found = mentioned(f"@{text}@sam {text}", ROSTER, "billing")
    assert len(set(found)) == len(found)
    assert set(found) <= {"ada", "a2", "lin", "sam"}
