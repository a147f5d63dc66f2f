"""What came with a message: the mail as it looked, and its attachments."""

from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.message import Message
from chalicelib.domain.reference import parse_reference
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import HEADERS

MAIL_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
"""No script, no form, nothing loaded. `allow-same-origin` lets the page around the frame measure it."""

HEAD = '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light"><base target="_blank">'


def show(call: Call) -> Answer:
    """Give a mail as it looked, for a frame in which nothing runs and nothing is loaded."""
    headers = {**HEADERS, "Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Answer(HEAD + _message(call).html, 200, headers, html=True)


def file(call: Call) -> Answer:
    """Lead to an attachment, by a link that works for some minutes."""
    message, number = _message(call), call.path["number"]
    if not number.isdecimal() or int(number) >= len(message.attachments):
        raise NotFound("there is no such attachment", "number")
    return Answer("", 302, {**HEADERS, "Location": call.desk.files.link(message.attachments[int(number)])}, html=True)


def asked_ref(call: Call) -> str:
    """Give the reference that a ticket's address names. Raises NotFound for what can't be one."""
    try:
        return parse_reference(call.path["ref"])
    except InvalidInput:
        raise NotFound("there is no such ticket", "ref") from None


def _message(call: Call) -> Message:
    message = call.desk.tickets.message(asked_ref(call), call.path["message"])
    if message is None:
        raise NotFound("there is no such message", "message")
    return message
