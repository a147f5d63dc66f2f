"""Reads the words in which mail servers tell people that a mail was not delivered, where no report says it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.delivery_report import MOST_RECIPIENTS, Failure, fields_of
from chalicelib.domain.email import mailbox_in, message_ids_in

_LONGEST_NOTICE: Final = 30_000  # characters of a notice that are read
_LONGEST_LINE: Final = 1_000
_EVIDENCE_LINES: Final = 14  # what is said of a recipient stands within so many lines after the address

_COPY_BEGINS = re.compile(
    r"[\W_]{0,80}(?:(?:below this line is|this is|here is|the following is|included is|attached is|"
    "what follows is) (?:a |the )?(?:copy|header)|(?:the |your )?(?:original|returned|undelivered|unsent|"
    "undeliverable|bounced|failed|rejected) (?:message|mail|e-?mail)(?: (?:text|header|content)s?)?(?: follows|"
    r" is (?:attached|below)| below)?\W{0,80}$|(?:message|mail) (?:header|headers|text|contents?|"
    r"copy)s?(?: follows?)?\W{0,80}$|(?:the )?(?:message )?headers?(?: of| follow|:)|(?:the )?(?:first|"
    "beginning|header|text|body) .{0,30}(?:of the|of your) (?:original |returned )?(?:message|mail)|"
    "your message (?:reads|began)|begin(?:ning)? of (?:original|returned)|unsent message below|原始邮件|元のメッセージ|"
    "исходное сообщение|ursprüngliche nachricht|message d'origine)",
    re.IGNORECASE,
)
_HEADER_BEGINS = re.compile(
    r"(?:received|return-path|message-id|mime-version|dkim-signature|arc-seal): ?\S", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]=*|：，；、。（）【】「」《》]{1,64}@\w(?:[\w.-]{0,250}\w)")
_NOT_RECIPIENTS = re.compile(
    "(?:post-?master|mailer-?daemon|mail-?daemon|abuse|root|admin(?:istrator)?|support|help(?:desk)?|no-?reply|"
    "bounces?|mail-?(?:system|admin)|hostmaster|webmaster)@",
    re.IGNORECASE,
)
_ABOUT_OTHERS = re.compile(
    "(?:please|kindly|can) (?:contact|send|e-?mail|mail|forward)|for (?:further )?(?:assistance|help)|"
    r"contact(?:ing)?\b|\bfrom:|sender|mail from|from <|your message from|message[- ]?id|\bid:|questions?|"
    "reporting-mta|received:|reply-to|return-path|complain|発信|差出|expéditeur",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"[\s>*+\-•·\"'<\[(]{0,12}(?:mailto:|to:|rcpt to:)?[\s<]{0,3}\S{1,320}@\S{1,255}?"
    r"[\s>\"')\].:;,]{0,12}(?:\(.{0,200}\)?)?[.:;]?",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(r"[\s<\"]{0,8}[^\s@<>\"]{1,64}@[^\s@<>\":]{1,255}[>\"]{0,2} ?:(?:\s|$)")
_LIST_BEGINS = re.compile(
    "(?:the following|did not reach|one or more|some|these)(?: of the| of its|"
    r" the)?(?: \w{1,12}){0,2} (?:recipient|address|destination)|^\s*in:\s+rcpt to:",
    re.IGNORECASE,
)
_RECIPIENT_LINE = re.compile(
    r"rcpt to:|recipients?\b|\bto\b|addressee|address|user|deliver|mailbox|宛|收件人|получател|empfänger|destinat|"
    r"\.\.\. |@\S{3,80}> ?:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A notice's own words, and the mail that it returns."""

    own: str
    returned: str


def notice_parts(text: str) -> Parts:
    """Divides a notice where the copy of the returned mail begins."""
    lines = text[:_LONGEST_NOTICE].split("\n")
    for at, line in enumerate(lines):
        if (_HEADER_BEGINS.match(line) or _COPY_BEGINS.match(line[:_LONGEST_LINE])) and any(
            each.strip() for each in lines[:at]
        ):
            return Parts("\n".join(lines[:at]), "\n".join(lines[at:]))
    return Parts("\n".join(lines), "")


def addresses_in(text: str) -> tuple[str, ...]:
    """The mailboxes in `text`, in order, each once."""
    found = (mailbox_in(each.strip(".-")) for each in _ADDRESS.findall(text[:_LONGEST_NOTICE]))
    return tuple(dict.fromkeys(filter(None, found)))[:MOST_RECIPIENTS]


def returned_recipients(returned: str) -> tuple[str, ...]:
    """Whom the returned mail was for, from its header lines."""
    fields = fields_of(returned)
    return addresses_in(" ".join(fields.get(name, "") for name in ("x-failed-recipients", "to", "cc", "bcc")))


def told_failures(
    own: str, failed: Sequence[str], expected: Sequence[str], others: Sequence[str]
) -> tuple[Failure, ...]:
    """The recipients whom the notice's own words name, each with what is said of them.

    `failed` are those that a header names (X-Failed-Recipients), `expected` those of the returned mail, and `others`
    addresses that are no recipients: who was told, and who tells.
    """
    lines = _from_the_list(own)
    named = list(_named(lines, expected, others))
    chosen = [address for address in failed if _place(lines, address) >= 0 or not named]
    if not chosen:
        chosen = [address for address, certain in named if certain]
        chosen = chosen or [address for address, _ in named][:1] or list(expected)
    return tuple(
        Failure(address=address, said=_said(lines, address))
        for address in list(dict.fromkeys(chosen))[:MOST_RECIPIENTS]
    )


def _from_the_list(own: str) -> list[str]:
    """The lines, from the list of recipients on where one is announced: what stands above tells of the mail itself."""
    lines = [line[:_LONGEST_LINE] for line in own.split("\n")]
    at = next((at for at, line in enumerate(lines) if _LIST_BEGINS.search(line)), 0)
    return lines[at:] if any("@" in line for line in lines[at:]) else lines


def _named(lines: Sequence[str], expected: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Every address that may be a recipient, and whether its line leaves no doubt."""
    for line in lines:
        for address in addresses_in(line) if "@" in line else ():
            if address in expected or _INTRODUCED.match(line):
                yield address, True
            elif address in others or _NOT_RECIPIENTS.match(address):
                continue
            elif _ALONE.fullmatch(line) or line.lstrip(" \t<>*-").lower().startswith(address):
                yield address, True
            elif not _ABOUT_OTHERS.search(line):
                yield address, bool(_RECIPIENT_LINE.search(line))


def _place(lines: Sequence[str], address: str) -> int:
    return next((at for at, line in enumerate(lines) if address in line.lower()), -1)


def _begins_with_another(line: str, address: str) -> bool:
    found = _ADDRESS.match(line.lstrip(' \t<"'))
    return found is not None and mailbox_in(found[0]) != address


def _said(lines: Sequence[str], address: str) -> str:
    """What is said of the address: what follows it up to the next one, or everything where it is not named."""
    at = _place(lines, address)
    if at < 0:
        return "\n".join(lines)
    end = next(
        (later for later in range(at + 1, len(lines)) if _begins_with_another(lines[later], address)), len(lines)
    )
    return "\n".join(lines[at : min(end, at + _EVIDENCE_LINES)])


def returned_ids(returned: str) -> tuple[str, tuple[str, ...]]:
    """The Message-ID of the returned mail, or "", and the identifiers that it answered, from the latest on.

    Who sent it for us may have given it one of their own: then ours stands in a header beside it.
    """
    fields = fields_of(returned)
    named = (fields.get("x-pennydesk-message-id", ""), fields.get("message-id", ""))
    own = next((each for value in named for each in message_ids_in(value)), "")
    before = (*message_ids_in(fields.get("in-reply-to", "")), *reversed(message_ids_in(fields.get("references", ""))))
    return own, tuple(dict.fromkeys(before))[:MOST_RECIPIENTS]
