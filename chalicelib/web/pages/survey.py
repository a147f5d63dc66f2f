"""A survey's page behind its signed link. Showing it records nothing: mail scanners follow links."""

from typing import Any

from chalicelib.domain.survey import COMMENT_LIMIT
from chalicelib.usecases.record_rating import AskedSurvey, record_rating, show_survey
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import language_of, page
from chalicelib.web.pages.typed import typed


def show(call: Call) -> Answer:
    """Ask the question."""
    asked = show_survey(call.desk, call.path["token"])
    values: dict[str, Any] = {"rating": asked.survey.rating, "comment": asked.survey.comment}
    return _question(call, asked, frozenset(), 200, values)


def rate(call: Call) -> Answer:
    """Record the answer, and thank for it."""
    form = call.form()
    rating, comment = form.get("rating", "").strip(), typed(form.get("comment", ""))
    right = {"rating": rating in ("1", "2", "3", "4", "5"), "comment": len(comment) <= COMMENT_LIMIT}
    wrong = frozenset(name for name, fits in right.items() if not fits)
    if wrong:
        asked = show_survey(call.desk, call.path["token"])
        given = int(rating) if right["rating"] else None
        return _question(call, asked, wrong, 422, {"rating": given, "comment": comment[: 2 * COMMENT_LIMIT]})
    answered = record_rating(call.desk, call.path["token"], int(rating), comment)
    until = f"{answered.survey.expires_at:%Y-%m-%d}"
    return page(call, "survey_thanks.html", _language(call, answered), rating=rating, until=until)


def _language(call: Call, asked: AskedSurvey) -> str:
    if call.query.get("lang"):
        return language_of(call, "en")
    return asked.ticket.language or call.desk.settings.load().language


def _question(call: Call, asked: AskedSurvey, wrong: frozenset[str], status: int, values: dict[str, Any]) -> Answer:
    language = _language(call, asked)
    return page(call, "survey.html", language, status, subject=asked.ticket.subject, wrong=wrong, **values)
