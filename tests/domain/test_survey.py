"""Asked once after each resolution, reminded once, answered until its end, and followed up where it went wrong."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle, survey
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput, LinkExpired, NotFound
from chalicelib.domain.ticket import Happening, Status, Ticket
from tests.domain.samples import DAY, MONDAY, SETTINGS, in_work, later, law

SENT = later(DAY)
ALL_ASKED = replace(SETTINGS, survey=replace(SETTINGS.survey, ask_nps=True, ask_ces=True))
LATER = later(2 * DAY)


def solved() -> Ticket:
    return replace(in_work(status=Status.SOLVED, solved_at=MONDAY), agenda=())


def asked() -> Ticket:
    return survey.sent(solved(), 1, SENT, SETTINGS)


def rated(ticket: Ticket, rating: int, comment: str = "") -> Ticket:
    return survey.rated(ticket, 1, rating, comment, LATER, SETTINGS)


def scored(ticket: Ticket, nps: int | None, ces: int | None, settings: DeskSettings, rating: int = 4) -> Ticket:
    return survey.rated(ticket, 1, rating, "", LATER, settings, nps=nps, ces=ces)


def scores(ticket: Ticket) -> tuple[int | None, int | None]:
    return ticket.surveys[0].nps, ticket.surveys[0].ces


class TestAsking:
    def test_a_sent_survey_has_its_end_and_names_who_solved_it(self) -> None:
        found = asked().survey(1)
        assert found is not None
        assert (found.sent_at, found.expires_at, found.agent_id) == (SENT, later(15 * DAY), "sam")
        assert asked().timeline[-1].what is Happening.SURVEY_SENT
        assert asked().timeline[-1].detail == {"survey": "1"}

    def test_a_reminder_and_the_end_of_patience_are_due_later(self) -> None:
        assert asked().agenda == (
            Entry(later(4 * DAY), Task.SURVEY_REMINDER, "1"),
            Entry(later(8 * DAY), Task.SURVEY_SILENCE, "1"),
        )

    def test_the_same_survey_twice_is_one(self) -> None:
        once = asked()
        assert survey.sent(once, 1, LATER, SETTINGS) is once
        assert len(survey.sent(once, 2, LATER, SETTINGS).surveys) == 2

    def test_a_ticket_that_opened_again_while_the_mail_left_is_not_reminded(self) -> None:
        after = survey.sent(lifecycle.reopened(solved(), SENT, "customer:c1"), 1, SENT, SETTINGS)
        assert after.survey(1) is not None
        assert all(entry.task is Task.SETTLE_LOAD for entry in after.agenda)

    def test_one_reminder_and_no_more(self) -> None:
        once = survey.reminded(asked(), 1, LATER)
        assert once.surveys[0].reminded_at == LATER
        assert once.timeline[-1].what is Happening.SURVEY_REMINDED
        assert survey.reminded(once, 1, later(3 * DAY)) is once

    def test_what_was_never_sent_is_not_reminded_of(self) -> None:
        ticket = solved()
        assert survey.reminded(ticket, 1, LATER) is ticket


class TestSilence:
    def test_a_person_should_ask_whoever_did_not_answer(self) -> None:
        after = survey.unanswered(asked(), 1, LATER)
        (task,) = after.open_follow_ups
        assert (task.id, task.reason) == ("survey_1_unanswered", "survey_unanswered")
        assert after.said(Happening.SURVEY_UNANSWERED, survey="1")

    def test_that_is_found_once(self) -> None:
        once = survey.unanswered(asked(), 1, LATER)
        assert survey.unanswered(once, 1, later(9 * DAY)) is once

    def test_an_answer_is_no_silence_and_nor_is_a_survey_that_never_left(self) -> None:
        for ticket in (rated(asked(), 5), solved()):
            assert survey.unanswered(ticket, 1, LATER) is ticket


class TestRating:
    @pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
    def test_an_answer_is_recorded_with_its_comment(self, rating: int) -> None:
        found = rated(asked(), rating, "so-so").surveys[0]
        assert (found.rating, found.comment, found.rated_at) == (rating, "so-so", LATER)

    def test_its_fact_names_the_customer_and_leaves_the_comment_out(self) -> None:
        fact = rated(asked(), 4, "secret").timeline[-1]
        assert (fact.what, fact.by, fact.detail) == (Happening.RATED, "customer:c1", {"survey": "1", "rating": "4"})

    def test_nobody_is_reminded_of_what_they_answered(self) -> None:
        assert rated(asked(), 4).agenda == ()

    def test_another_surveys_reminder_stays(self) -> None:
        both = survey.sent(asked(), 2, SENT, SETTINGS)
        assert {entry.about for entry in rated(both, 4).agenda} == {"2"}

    @pytest.mark.parametrize(("rating", "low"), [(1, True), (2, True), (3, False), (5, False)])
    def test_a_low_rating_becomes_a_follow_up(self, rating: int, low: bool) -> None:
        assert [task.id for task in rated(asked(), rating).open_follow_ups] == (["survey_1_low"] if low else [])

    def test_the_same_answer_twice_is_one(self) -> None:
        once = rated(asked(), 4, "good")
        assert rated(once, 4, "good") is once

    def test_an_answer_may_be_changed(self) -> None:
        after = rated(rated(asked(), 4, "good"), 2, "after all not")
        assert (after.surveys[0].rating, after.surveys[0].comment) == (2, "after all not")
        assert [task.id for task in after.open_follow_ups] == ["survey_1_low"]

    def test_whoever_answers_after_all_need_not_be_asked(self) -> None:
        after = rated(survey.unanswered(asked(), 1, LATER), 5)
        assert after.open_follow_ups == ()

    @pytest.mark.parametrize("rating", [0, 6, -1])
    def test_a_rating_is_from_one_to_five(self, rating: int) -> None:
        with pytest.raises(InvalidInput) as refusal:
            rated(asked(), rating)
        assert refusal.value.field == "rating"

    def test_a_comment_has_an_end(self) -> None:
        assert rated(asked(), 4, "x" * 2000).surveys[0].comment
        with pytest.raises(InvalidInput) as refusal:
            rated(asked(), 4, "x" * 2001)
        assert refusal.value.field == "comment"

    def test_a_survey_that_was_never_sent_cannot_be_answered(self) -> None:
        with pytest.raises(NotFound):
            rated(solved(), 4)

    def test_at_its_end_a_survey_is_closed(self) -> None:
        survey.asked(asked(), 1, later(15 * DAY - 1))
        with pytest.raises(LinkExpired):
            survey.asked(asked(), 1, later(15 * DAY))
        with pytest.raises(LinkExpired):
            survey.rated(asked(), 1, 5, "", later(15 * DAY), SETTINGS)

    @law
    @given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["", "good", "bad"])), min_size=1))
    def test_whatever_was_answered_before_the_last_answer_stands(self, answers: list[tuple[int, str]]) -> None:
        ticket = asked()
        for rating, comment in answers:
            ticket = rated(ticket, rating, comment)
        assert (ticket.surveys[0].rating, ticket.surveys[0].comment) == answers[-1]
        assert len(ticket.surveys) == 1
        assert len(ticket.open_follow_ups) == (1 if min(answers)[0] <= 2 else 0)


class TestRecommendationAndEffort:
    @pytest.mark.parametrize(("nps", "ces"), [(0, 1), (10, 7), (6, None), (None, 4), (None, None)])
    def test_what_was_answered_is_recorded_and_its_fact_says_so(self, nps: int | None, ces: int | None) -> None:
        after = scored(asked(), nps, ces, ALL_ASKED)
        assert scores(after) == (nps, ces)
        said = {name: str(score) for name, score in (("nps", nps), ("ces", ces)) if score is not None}
        assert after.timeline[-1].detail == {"survey": "1", "rating": "4", **said}

    @pytest.mark.parametrize(("nps", "ces", "field"), [(-1, 4, "nps"), (11, 4, "nps"), (5, 0, "ces"), (5, 8, "ces")])
    def test_each_has_its_scale(self, nps: int, ces: int, field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            scored(asked(), nps, ces, ALL_ASKED)
        assert refusal.value.field == field

    def test_a_detractor_who_is_satisfied_makes_no_follow_up(self) -> None:
        assert scored(asked(), 0, 1, ALL_ASKED).open_follow_ups == ()

    def test_the_same_answer_twice_is_one_and_another_score_is_another_answer(self) -> None:
        once = scored(asked(), 9, 6, ALL_ASKED)
        assert scored(once, 9, 6, ALL_ASKED) is once
        assert scores(scored(once, 9, 5, ALL_ASKED)) == (9, 5)

    def test_what_is_asked_may_be_taken_back(self) -> None:
        assert scores(scored(scored(asked(), 9, 6, ALL_ASKED), None, 6, ALL_ASKED)) == (None, 6)

    def test_what_is_no_longer_asked_stays_as_it_was_said(self) -> None:
        once = scored(asked(), 9, 6, ALL_ASKED)
        assert scores(scored(once, None, None, SETTINGS, rating=5)) == (9, 6)
        assert scores(scored(once, 8, None, SETTINGS)) == (8, 6)
