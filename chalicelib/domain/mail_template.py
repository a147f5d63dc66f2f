"""The words around what is said in mails, which an owner may change: which there are, and what fills them.

A template names what it is filled with as `{{ customer.name }}`. The desk's own templates use nothing beyond that, so
that they are filled in here; conditions and filters of a customised one are the business of its sandbox.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

LANGUAGES = ("en", "zh")
PARTS = ("subject", "text", "html")
SUBJECT_LIMIT, BODY_LIMIT = 500, 50_000
"""Most characters of a template's subject, and of its text and its HTML each."""

OUTPUT_LIMIT = 400_000
"""Most characters that a part may come to: an answer has 100,000, and its HTML some more."""

_DESK = ("desk.name",)
_TICKET = (*_DESK, "customer.name", "ticket.ref", "ticket.subject")
_REPLY = (*_TICKET, "reply.subject", "ticket.link", "link.text", "link.html")
_SURVEY = (*_TICKET, "survey.link", "survey.until", "unsubscribe.link")
_NOTICE = (*_TICKET, "notice.what")

PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "acknowledgement": _REPLY,
    "answer": (*_REPLY, "agent.name", "message.text", "message.html", "signature.text", "signature.html"),
    "survey": _SURVEY,
    "survey_reminder": _SURVEY,
    "notice_assigned": _NOTICE,
    "notice_customer_wrote": _NOTICE,
    "notice_sla_warned": _NOTICE,
    "notice_sla_breached": _NOTICE,
    "notice_sla_escalated": _NOTICE,
    "notice_follow_up": _NOTICE,
    "notice_mentioned": _NOTICE,
}
"""What each template may name. Placeholders that end in `.html` are HTML already, and fill the HTML part only."""

MUST_SAY: Mapping[str, Mapping[str, str]] = {
    "answer": {"text": "message.text", "html": "message.html"},
    "survey": {"text": "survey.link", "html": "survey.link"},
    "survey_reminder": {"text": "survey.link", "html": "survey.link"},
}
"""Without which placeholder, by part, a mail of this template would be in vain."""

_PLACEHOLDER = re.compile(r"(?<!\{)\{\{ *([a-z]+\.[a-z]+) *\}\}")


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """A mail's words in one language. Where `html` is empty, it is made from the text. Version 0: the desk's own."""

    name: str
    language: str
    subject: str
    text: str
    html: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A template, filled: the subject on one line, the text, and a fragment of HTML ("" where there is none)."""

    subject: str
    text: str
    html: str


def known_in(name: str, part: str) -> tuple[str, ...]:
    """Give the placeholders that a part of a template may name."""
    return tuple(each for each in PLACEHOLDERS[name] if part == "html" or not each.endswith(".html"))


def is_plain(source: str) -> bool:
    """Whether a template's part has placeholders only: neither conditions nor filters nor comments."""
    rest = _PLACEHOLDER.sub("\0", source)
    return not any(sign in rest for sign in ("{{", "{%", "{#"))


def filled(source: str, values: Mapping[str, str], part: str) -> str:
    """Give a plain part with its placeholders filled; in HTML, what isn't HTML yet is escaped.

    Raises KeyError for a placeholder that has no value.
    """
    shown: Callable[[str], str] = (lambda name: in_html(name, values[name])) if part == "html" else values.__getitem__
    return _PLACEHOLDER.sub(lambda found: shown(found[1]), source)


def in_html(name: str, value: str) -> str:
    """Give a placeholder's value as HTML, in the very characters that the sandbox would write."""
    return value if name.endswith(".html") else escape(value).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def one_line(subject: str) -> str:
    """Give a subject without line breaks."""
    return " ".join(subject.split())
