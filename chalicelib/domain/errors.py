"""Everything that can be wrong with a request, as one tree.

    DeskError
    ├── InvalidInput              a field holds what it can't hold; names the field and the remedy
    │   ├── InvalidCalendar       business hours that can never be, or never open
    │   └── MalformedRequest      the request as a whole can't be read (broken JSON, say)
    ├── Unauthenticated           nobody we know
    ├── Forbidden                 somebody we know, who may not
    ├── NotFound                  no such ticket, agent, survey…
    ├── LinkExpired               a signed link after its end
    ├── Conflict                  the desk's state doesn't allow it
    │   ├── AlreadyExists         the name or key is taken
    │   ├── StaleVersion          somebody else changed it since it was read
    │   └── RequestInProgress     the same Idempotency-Key is being worked on
    ├── MailRefused               the mail service will never take this mail
    ├── WebhookRefused            another system will never take what we tell it, or may not be told
    ├── TooManyRequests           more often than is meant for people; again later
    ├── TooLarge                  longer than the stated limit
    ├── UnsupportedMediaType      a body in a form nobody reads here
    └── TryAgain                  the cloud is briefly unable; nothing was changed
        └── MailHeldUp            the mail service takes nothing until its owner or the clock mends that

`chalicelib/web/problems.py` is the one place that turns these into HTTP.
"""


class DeskError(Exception):
    """A refusal that can be explained to whoever asked.

    `message` is one plain sentence with the remedy; `field` is the path of the offending input
    (`customer.email`, `sla_policies[2].targets`), empty where no single one is to blame.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.message = message
        self.field = field


class InvalidInput(DeskError, ValueError):
    """A field holds what it can't hold."""


class MalformedRequest(InvalidInput):
    """The request as a whole can't be read."""


class Unauthenticated(DeskError):
    """The request carries no key, or one the desk doesn't know."""


class SignInRefused(Unauthenticated):
    """Address and password, or what was asked beside them, don't fit together."""


class SignInNeeded(Unauthenticated):
    """The page is for the desk's people, and nobody is signed in."""


class Forbidden(DeskError):
    """Whoever asks is known, and may not: the key lacks the scope, the agent the role, the form its session's token."""


class NotFound(DeskError):
    """What was named doesn't exist."""


class LinkExpired(DeskError):
    """A signed link was genuine, and its time is over."""


class Conflict(DeskError):
    """The desk's present state doesn't allow the change."""


class AlreadyExists(Conflict):
    """Something else has that name or key."""


class StaleVersion(Conflict):
    """Somebody else changed the thing since it was read; load it and decide again."""


class RequestInProgress(Conflict):
    """A request with the same Idempotency-Key is being worked on at this moment."""


class TooManyRequests(DeskError):
    """Whoever asks did so more often than people do; nothing was changed, and later it is welcome again."""


class TooLarge(DeskError):
    """The input is longer than the limit that the message states."""


class UnsupportedMediaType(DeskError):
    """The body came in a media type that this address doesn't read."""


class TryAgain(DeskError):
    """The cloud throttled or failed briefly; the same request may succeed in a moment."""


class MailHeldUp(TryAgain):
    """The mail service takes no mail from this account for now; `message` says to its owner what to mend.

    Asking again sooner than in `wait_seconds` is in vain.
    """

    def __init__(self, message: str, wait_seconds: int) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class MailRefused(DeskError):
    """The mail service will never take this mail: a bad address, or one that bounced for good."""


class WebhookRefused(DeskError):
    """Another system will never take what we tell it, or lies where we may not reach."""
