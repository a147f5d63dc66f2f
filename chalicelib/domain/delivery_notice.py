"""Reads what a mail says about mails that were not delivered: reports (RFC 3464, RFC 5965) and plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.bounce import Bounce


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNotice:
    """What a mail offers to somebody who asks whether it tells of a failed delivery.

    - `headers`: the first of each, with names in lower case.
    - `text`: what is written for people, the returned mail included where it is a part of the text.
    - `reports`: the parts of the type message/delivery-status, as text.
    - `feedback`: the part of the type message/feedback-report, or "".
    - `returned`: the header lines of the mail that came back as a part, or "".
    """

    sender: str = ""
    subject: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    reports: tuple[str, ...] = ()
    feedback: str = ""
    returned: str = ""


def bounces_in(notice: DeliveryNotice) -> tuple[Bounce, ...]:
    """One Bounce for every recipient that the mail says was not reached, in its order; () when it is no bounce.

    Never raises, and takes time in proportion to the mail.
    """
    del notice
    return ()
