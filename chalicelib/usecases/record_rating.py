"""The customer rates: the page shows the question and records nothing; what they send is recorded."""

from dataclasses import dataclass

from chalicelib.domain import survey
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ticket import Survey, Ticket
from chalicelib.usecases.change_ticket import change_ticket, load_ticket
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.send_survey import PURPOSE


@dataclass(frozen=True, slots=True)
class AskedSurvey:
    """A survey as its page shows it."""

    ticket: Ticket
    survey: Survey


def show_survey(desk: Desk, token: str) -> AskedSurvey:
    """Give the survey behind a signed link, recording nothing: mail scanners follow links.

    Raises NotFound for a link that isn't genuine, LinkExpired after its end.
    """
    ref, number = _named(desk, token)
    ticket = load_ticket(desk, ref)
    return AskedSurvey(ticket, survey.asked(ticket, number, desk.clock.now()))


def record_rating(
    desk: Desk, token: str, rating: int, comment: str, nps: int | None = None, ces: int | None = None
) -> AskedSurvey:
    """Record a rating (1 to 5) and a comment, and where given NPS (0 to 10) and CES (1 to 7).

    Until the survey expires they may be changed. Raises InvalidInput, NotFound or LinkExpired.
    """
    ref, number = _named(desk, token)
    after = change_ticket(
        desk,
        ref,
        lambda ticket: survey.rated(
            ticket, number, rating, comment, desk.clock.now(), desk.settings.load(), nps=nps, ces=ces
        ),
    )
    return AskedSurvey(after, survey.asked(after, number, desk.clock.now()))


def _named(desk: Desk, token: str) -> tuple[str, int]:
    content = desk.signer.unseal(PURPOSE, token)
    if content is None:
        raise NotFound("this link is not one of ours, or was cut short; open it from the mail again", "token")
    return content["ref"], int(content["survey"])
