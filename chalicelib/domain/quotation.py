"""What an answer quotes under itself: the customer's message that it answers, shortened."""

from chalicelib.domain.message import Message
from chalicelib.domain.ticket import Happening, Ticket

QUOTED_LINES = 100
QUOTED_CHARACTERS = 5_000
"""Most that is quoted. Whoever wants more has the mail itself."""

CUT = "[…]"
_BY_THE_CUSTOMER = frozenset({Happening.OPENED, Happening.CUSTOMER_WROTE})


def answered_message(ticket: Ticket, message_id: str) -> str:
    """Give the id of the customer's last message before a reply, or "" where there is none."""
    answered = ""
    for fact in ticket.timeline:
        named = fact.detail.get("message", "")
        if named == message_id:
            break
        if fact.what in _BY_THE_CUSTOMER and named:
            answered = named
    return answered


def quotable(message: Message) -> str:
    """Give what a message newly said, as long as it is quoted: earlier words stand in earlier mails."""
    said = (message.newly_said or message.text).strip()
    lines = said[:QUOTED_CHARACTERS].split("\n")
    kept = "\n".join(lines[:QUOTED_LINES]).rstrip()
    return kept if kept == said else f"{kept}\n{CUT}"


def quote_in_text(attribution: str, text: str) -> str:
    """Give a quotation as plain text: "> " before each line (RFC 3676, 4.5), ">" before an empty one."""
    return "\n".join((attribution, *(f"> {line}".rstrip() for line in text.split("\n"))))
