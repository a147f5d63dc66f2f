"""A request comes in by the public form: counted, weighed, and never lost."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.errors import TooManyRequests
from chalicelib.domain.help_form import MOST_LINKS, Proof, judged, links_in
from chalicelib.domain.network import site_of
from chalicelib.domain.reference import reference_for
from chalicelib.domain.ticket import Priority, Shelf, Ticket
from chalicelib.domain.trust import WORDS
from chalicelib.usecases.judge_spam import words_of_spam
from chalicelib.usecases.offer_upload import Enclosed, claim_uploads
from chalicelib.usecases.open_ticket import NewTicket, message_id_for, open_ticket
from chalicelib.usecases.ports import Desk

PURPOSE = "help-form"
HOUR = 3600
UNPROVEN = "unproven"
"""Why a request is on the shelf that holds many links, and of which nothing shows that somebody wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRequest:
    """What the public form sent. `form` is the page's own id, so that what is sent twice is one; `stamp` says when it
    was shown, `numbers` solve its puzzles, `network` is where it came from. `fields` holds what stands in the desk's
    own ticket fields, by their ids.
    """

    form: str
    stamp: str
    numbers: str
    network: str
    email: str
    name: str
    subject: str
    text: str
    topic: str = ""
    language: str = ""
    attachments: tuple[Enclosed, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Where it comes from: sent twice by the same page it is one, changed in between it is another."""
        said = [self.form, self.name, self.email, self.subject, self.text]
        more = [self.topic, *(file.upload for file in self.attachments), *sorted(self.fields.items())]
        told = repr([*said, *more] if any(more) else said)
        return f"form:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def stamp_form(desk: Desk, form: str) -> str:
    """Give the stamp of a form that is shown now. `form` is its id."""
    return desk.signer.seal(PURPOSE, {"form": form, "at": desk.clock.now().isoformat()})


def form_shown_at(desk: Desk, form: str, stamp: str) -> datetime | None:
    """Give when a form was shown, or None where its stamp isn't genuine, or another form's."""
    told = desk.signer.unseal(PURPOSE, stamp) if stamp else None
    return datetime.fromisoformat(told["at"]) if told and told["form"] == form else None


def weigh_request(desk: Desk, request: FormRequest) -> Proof:
    """Give what shows that somebody is behind a request; nothing is read."""
    shown_at = form_shown_at(desk, request.form, request.stamp)
    return judged(desk.settings.load().help_form, request.stamp, shown_at, request.numbers, desk.clock.now())


def take_request(desk: Desk, request: FormRequest) -> Ticket:
    """Give the ticket that a request became; one that looks like spam goes to that shelf, where agents see it.

    It is counted first, unless there is no limit. Raises TooManyRequests, or InvalidInput for files that never arrived.
    """
    settings = desk.settings.load()
    refuse_too_often(desk, "help", request.network, 1)
    why, words = _suspicion(desk, request)
    topic = settings.help_form.topic(request.topic)
    secret = desk.signer.secret()
    ref, message_id = reference_for(secret, request.origin), message_id_for(secret, request.origin)
    new = NewTicket(
        origin=request.origin,
        message_id=message_id,
        channel="form",
        subject=request.subject,
        text=request.text,
        email=request.email,
        name=request.name,
        attachments=claim_uploads(desk, ref, message_id, request.attachments),
        category=topic.category or topic.id if topic else "",
        team_id=topic.team_id if topic else "",
        priority=Priority(topic.priority) if topic and topic.priority else Priority.NORMAL,
        fields=request.fields,
        shelf=Shelf.SPAM if why else Shelf.NONE,
        shelved_for=why,
        shelved_by_words=words,
    )
    ticket, _ = open_ticket(desk, new)
    return ticket


def refuse_too_often(desk: Desk, what: str, network: str, share: int) -> None:
    """Raise TooManyRequests where a machine, or those around it, did more within an hour than the desk allows.

    `share` is how many of `what` belong to one request. One write for each limit that is set. What is counted is known
    by a keyed hash that is another each day.
    """
    form, now = desk.settings.load().help_form, desk.clock.now()
    limits = ((network, form.per_address_hourly), (site_of(network), form.per_network_hourly))
    for who, most in limits:
        if most and not desk.allowances.take(what, f"{now:%Y-%m-%d} {who}", most * share, HOUR, now):
            raise TooManyRequests("too many requests came from there; try again in an hour, or write a mail")


def _suspicion(desk: Desk, request: FormRequest) -> tuple[str, tuple[str, ...]]:
    """Why a request goes to the shelf, and for what words; less is enough where nothing proves that somebody wrote."""
    unproven = weigh_request(desk, request) is not Proof.PROVEN
    if desk.settings.load().learn_spam:
        words = words_of_spam(desk, request.subject, request.text, request.email, strictly=unproven)
        if words:
            return WORDS, words
    links = links_in(f"{request.subject}\n{request.text}") if unproven else 0
    return (UNPROVEN, ()) if links > MOST_LINKS else ("", ())
