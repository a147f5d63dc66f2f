"""Satisfaction surveys: asked once after each resolution, reminded once, and followed up where it went wrong."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput, LinkExpired, NotFound
from chalicelib.domain.lifecycle import DESK, follow_up_done, followed_up, with_tasks, without_tasks
from chalicelib.domain.ticket import DONE, Happening, Survey, Ticket

COMMENT_LIMIT = 2_000
"""Most characters of a survey's comment."""

RATINGS = range(1, 6)
"""CSAT: from very bad to very good."""
NPS_SCORES = range(11)
"""How likely they recommend the company: detractors to 6, promoters from 9 (Reichheld, "The One Number You Need to
Grow", Harvard Business Review 12/2003)."""
CES_SCORES = range(1, 8)
"""How far they agree that the company made it easy (CES 2.0; Dixon, Toman and DeLisi, "The Effortless Experience",
2013)."""


def sent(ticket: Ticket, number: int, now: datetime, settings: DeskSettings) -> Ticket:
    """Note that the survey of the `number`-th resolution was sent; its reminder and the end of patience are due later.

    The same one twice is one.
    """
    if ticket.survey(number):
        return ticket
    ask = settings.survey
    survey = Survey(number, now, now + timedelta(seconds=ask.expires_seconds), ticket.assignee_id)
    after = replace(ticket, surveys=(*ticket.surveys, survey))
    after = after.with_fact(now, Happening.SURVEY_SENT, DESK, survey=str(number))
    if ticket.status not in DONE:
        return after  # it opened again while the mail left
    return with_tasks(
        after,
        Entry(now + timedelta(seconds=ask.reminder_seconds), Task.SURVEY_REMINDER, str(number)),
        Entry(now + timedelta(seconds=ask.follow_up_seconds), Task.SURVEY_SILENCE, str(number)),
    )


def reminded(ticket: Ticket, number: int, now: datetime) -> Ticket:
    """Note that the one reminder of a survey was sent."""
    survey = ticket.survey(number)
    if survey is None or survey.reminded_at is not None:
        return ticket
    after = _with_survey(ticket, replace(survey, reminded_at=now))
    return after.with_fact(now, Happening.SURVEY_REMINDED, DESK, survey=str(number))


def unanswered(ticket: Ticket, number: int, now: datetime) -> Ticket:
    """Give up waiting for an answer: a person should ask."""
    survey = ticket.survey(number)
    if survey is None or survey.rating is not None or ticket.said(Happening.SURVEY_UNANSWERED, survey=str(number)):
        return ticket
    after = ticket.with_fact(now, Happening.SURVEY_UNANSWERED, DESK, survey=str(number))
    return followed_up(after, f"survey_{number}_unanswered", "survey_unanswered", now)


def asked(ticket: Ticket, number: int, now: datetime) -> Survey:
    """Give the survey that may be answered now. Raises NotFound where none was sent, LinkExpired after its end."""
    survey = ticket.survey(number)
    if survey is None:
        raise NotFound("this survey does not exist", "survey")
    if now >= survey.expires_at:
        raise LinkExpired("this survey is closed; thank you all the same", "survey")
    return survey


def rated(
    ticket: Ticket,
    number: int,
    rating: int,
    comment: str,
    now: datetime,
    settings: DeskSettings,
    *,
    nps: int | None = None,
    ces: int | None = None,
) -> Ticket:
    """Record what the customer thinks; they may change it until the survey expires, the same answer twice is one.

    `rating` is 1 (very bad) to 5 (very good). A low one becomes a follow-up for a person, a low `nps` or `ces` alone
    doesn't. Those two may be left out, which takes back what was said where they are asked; where they are not, what
    was said stays. Raises InvalidInput, NotFound or LinkExpired.
    """
    for name, score, scores in (("rating", rating, RATINGS), ("nps", nps, NPS_SCORES), ("ces", ces, CES_SCORES)):
        if score is not None and score not in scores:
            raise InvalidInput(f"must be a whole number from {scores[0]} to {scores[-1]}", name)
    if len(comment) > COMMENT_LIMIT:
        raise InvalidInput(f"must have at most {COMMENT_LIMIT} characters", "comment")
    survey = asked(ticket, number, now)
    nps = survey.nps if nps is None and not settings.survey.ask_nps else nps
    ces = survey.ces if ces is None and not settings.survey.ask_ces else ces
    if (survey.rating, survey.comment, survey.nps, survey.ces) == (rating, comment, nps, ces):
        return ticket
    after = _with_survey(ticket, replace(survey, rating=rating, comment=comment, rated_at=now, nps=nps, ces=ces))
    author = f"customer:{ticket.requester.customer_id}"
    given = {"rating": rating, "nps": nps, "ces": ces}
    scores_given = {name: str(score) for name, score in given.items() if score is not None}
    after = after.with_fact(now, Happening.RATED, author, survey=str(number), **scores_given)
    after = without_tasks(after, Task.SURVEY_REMINDER, Task.SURVEY_SILENCE, about=str(number))
    after = follow_up_done(after, f"survey_{number}_unanswered", now, author)
    if rating <= settings.survey.low_rating:
        after = followed_up(after, f"survey_{number}_low", "low_rating", now)
    return after


def _with_survey(ticket: Ticket, survey: Survey) -> Ticket:
    surveys = tuple(survey if known.number == survey.number else known for known in ticket.surveys)
    return replace(ticket, surveys=surveys)
