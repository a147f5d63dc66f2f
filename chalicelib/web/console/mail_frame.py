"""What came with a message: the mail as it looked, and its attachments."""

from urllib.parse import urlsplit

from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.mail_html import with_own_pictures, with_remote_pictures
from chalicelib.domain.message import Message
from chalicelib.domain.reference import parse_reference
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import HEADERS
from chalicelib.web.pages.typed import typed_count

MAIL_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'; img-src data: {pictures}"
)
"""No script, no form, nothing loaded but pictures. `allow-same-origin` lets the page around the frame measure it."""

HEAD = '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light"><base target="_blank">'


def show(call: Call) -> Answer:
    """Give a mail as it looked, for a frame in which nothing runs; pictures from elsewhere only when asked for."""
    message, remote = _message(call), call.query.get("pictures") == "remote"
    links = {one.content_id: call.desk.files.link(one) for one in message.attachments if one.content_id}
    html = with_own_pictures(message.html, links)
    hosts = {f"{urlsplit(link).scheme}://{urlsplit(link).netloc}" for link in links.values()}
    policy = MAIL_POLICY.format(pictures="https: http:" if remote else " ".join(sorted(hosts)))
    headers = {**HEADERS, "Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}
    return Answer(HEAD + (with_remote_pictures(html) if remote else html), 200, headers, html=True)


def file(call: Call) -> Answer:
    """Lead to an attachment, by a link that works for some minutes."""
    message, number = _message(call), typed_count(call.path["number"])
    if number is None or number >= len(message.attachments):
        raise NotFound("there is no such attachment", "number")
    return Answer("", 302, {**HEADERS, "Location": call.desk.files.link(message.attachments[number])}, html=True)


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
