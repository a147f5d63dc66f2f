"""The API's marks on addresses: what is known of one that mail doesn't reach, and how it is forgotten."""

from chalicelib.domain.deliverability import AddressMark
from chalicelib.domain.errors import NotFound
from chalicelib.web.api.views import Json, instant
from chalicelib.web.call import Answer, Call


def read(call: Call) -> Answer:
    """Read what is known of an address."""
    email = _email(call)
    mark = call.desk.deliverability.mark_of(email)
    if mark is None or not mark.stands(call.desk.clock.now()):
        raise NotFound("nothing is known against this address", "email")
    return Answer(_view(call, mark))


def lift(call: Call) -> Answer:
    """Forget what is known of an address; mail goes there again."""
    if not call.desk.deliverability.lift(_email(call)):
        raise NotFound("nothing is known against this address", "email")
    return Answer(None, 204)


def _email(call: Call) -> str:
    return call.path["email"].strip().lower()[:320]


def _view(call: Call, mark: AddressMark) -> Json:
    now = call.desk.clock.now()
    return {
        "email": mark.email,
        "trouble": mark.trouble.value,
        "reason": mark.reason,
        "status": mark.status,
        "count": mark.count,
        "at": instant(mark.at),
        "expires_at": instant(mark.expires_at),
        "takes_answers": mark.takes_mail(now),
        "takes_unasked": mark.takes_unasked(now),
    }
