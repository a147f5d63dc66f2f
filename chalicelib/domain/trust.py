"""What may be believed of a mail's sender, by what Amazon SES judged and by the owner's lists."""

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.email import InboundEmail
from chalicelib.domain.sender_list import listed

FAILED = frozenset({"fail", "processing_failed"})

BLOCKED, VIRUS, DMARC, SPAM = "blocked_sender", "virus", "dmarc", "spam_verdict"
WORDS = "words"
"""Why mail is put on the shelf `spam`: the owner's list, what SES judged, or what was learnt of words."""


def allowed(mail: InboundEmail, settings: DeskSettings) -> bool:
    """Whether the owner vouches for the sender. A sender whom DMARC contradicts isn't the one that is vouched for."""
    return (
        mail.sender is not None
        and mail.verdicts.get("dmarc") not in FAILED
        and listed(mail.sender.email, settings.allowed_senders)
    )


def suspicion(mail: InboundEmail, settings: DeskSettings) -> str:
    """Give why this mail belongs on the shelf `spam` before anything else is asked, or an empty string.

    An allowed sender's mail is kept from nothing but a virus, a failed DMARC check, and the owner's own other list.
    """
    if mail.sender is not None and listed(mail.sender.email, settings.blocked_senders):
        return BLOCKED
    for check, reason in (("virus", VIRUS), ("dmarc", DMARC)):
        if mail.verdicts.get(check) in FAILED:
            return reason
    return SPAM if mail.verdicts.get("spam") in FAILED and not allowed(mail, settings) else ""


def proven(mail: InboundEmail) -> bool:
    """Whether the sender's address is proven enough to act in an agent's name.

    DMARC alone ties the address that people see to who sent the mail; SPF and DKIM by themselves may pass for
    somebody else's domain (RFC 7489, 3.1). Mail that nobody judged came by no way from outside: the local desk's.
    """
    return mail.verdicts.get("dmarc") == "pass" or not mail.verdicts
