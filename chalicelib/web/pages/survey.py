"""A survey's page behind its signed link. Showing it records nothing: mail scanners follow links."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.survey import CES_SCORES, COMMENT_LIMIT, NPS_SCORES, RATINGS
from chalicelib.usecases.record_rating import AskedSurvey, record_rating, show_survey
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import language_of, page
from chalicelib.web.pages.typed import typed

SCORES = {"rating": RATINGS, "nps": NPS_SCORES, "ces": CES_SCORES}


def show(call: Call) -> Answer:
    """Ask the questions."""
    asked = show_survey(call.desk, call.path["token"])
    survey = asked.survey
    values = {"rating": survey.rating, "nps": survey.nps, "ces": survey.ces, "comment": survey.comment}
    return _questions(call, asked, frozenset(), 200, values)


def rate(call: Call) -> Answer:
    """Record the answer, and thank for it."""
    form = call.form()
    chosen, wrong = _chosen(form)
    comment = typed(form.get("comment", ""))
    if len(comment) > COMMENT_LIMIT:
        wrong.add("comment")
    rating = chosen["rating"]
    if wrong or rating is None:
        asked = show_survey(call.desk, call.path["token"])
        kept = {**chosen, "comment": comment[: 2 * COMMENT_LIMIT]}
        return _questions(call, asked, frozenset(wrong), 422, kept)
    answered = record_rating(call.desk, call.path["token"], rating, comment, chosen["nps"], chosen["ces"])
    until = f"{answered.survey.expires_at:%Y-%m-%d}"
    return page(call, "survey_thanks.html", _language(call, answered), rating=rating, until=until)


def _chosen(form: Mapping[str, str]) -> tuple[dict[str, int | None], set[str]]:
    """Give the scores of a form, and the names of those that are none; all but the rating may be left out."""
    chosen: dict[str, int | None] = {}
    wrong: set[str] = set()
    for name, scores in SCORES.items():
        said = form.get(name, "").strip()
        chosen[name] = next((score for score in scores if said == str(score)), None)
        if chosen[name] is None and (said or name == "rating"):
            wrong.add(name)
    return chosen, wrong


def _language(call: Call, asked: AskedSurvey) -> str:
    if call.query.get("lang"):
        return language_of(call, "en")
    return asked.ticket.language or call.desk.settings.load().language


def _questions(call: Call, asked: AskedSurvey, wrong: frozenset[str], status: int, values: Mapping[str, Any]) -> Answer:
    ask = call.desk.settings.load().survey
    more = [name for name, wanted in (("nps", ask.ask_nps), ("ces", ask.ask_ces)) if wanted]
    return page(
        call,
        "survey.html",
        _language(call, asked),
        status,
        subject=asked.ticket.subject,
        wrong=wrong,
        more=[(name, SCORES[name], values[name]) for name in more],
        **{name: values[name] for name in ("rating", "comment")},
    )
