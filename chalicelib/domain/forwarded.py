"""Reads a mail that somebody passed on: who wrote the original, what it said, and what was put on top of it.

A forwarding program copies the header of the original into the text, in its own language, below a line of dashes, a
few words or nothing at all. What counts is the block itself: a line that names the sender, among others that name
date, subject or recipient.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.email import Address, mailbox_in

MOST_LINES, LONGEST_BLOCK = 2_000, 30
"""How many lines down a block is looked for, and how many it may have."""

_SUBJECT = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vb|vs|pd|пересл|転送|转发|轉寄|轉發)\s?(?:\[\d+\])?\s?[:：]\s*", re.IGNORECASE
)
_SENDERS = "from|von|de|da|van|od|från|fra|от|от кого|发件人|發件人|寄件者|寄件人|差出人|送信者"
_SUBJECTS = "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|temat|ämne|emne|тема|主题|主旨|主題|件名"
_OTHERS = (
    "date|sent|to|cc|reply-to|datum|gesendet|an|envoyé|à|copie à|fecha|enviado|enviado el|enviado em|para|data|inviato|"
    "a|verzonden|aan|wysłano|do|wysłane|skickat|till|sendt|til|дата|отправлено|кому|копия|时间|日期|发送时间|发送日期|時間|"
    "傳送時間|寄件日期|收件人|收件者|抄送|副本|日時|送信日時|宛先"
)
_NAMES = sorted(f"{_SENDERS}|{_SUBJECTS}|{_OTHERS}".split("|"), key=len, reverse=True)
_NAMED = re.compile(rf"[\s>|*]{{0,20}}({'|'.join(_NAMES)})\*?\s{{0,3}}[:：]\*?\s{{0,20}}(.*)", re.IGNORECASE)
_WORDS = (
    "forwarded|weitergeleitete|transféré|réexpédié|reenviado|encaminhada|reencaminhada|inoltrato|doorgestuurd|"
    "przekazan|przekazywan|vidarebefordra|videresendt|пересла|переадресова|转发|轉寄|轉發|転送"
)
_PASSED_ON = re.compile(
    rf"[\s>|*]{{0,20}}(?:[-_=]{{2,}}.{{0,60}}(?:{_WORDS}).{{0,60}}|.{{0,40}}(?:{_WORDS}).{{0,40}}[:：])\s*",
    re.IGNORECASE,
)
_BRACKETS = str.maketrans("[]", "  ")
_NAME_ENDS = re.compile(r"[<\[(]")


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail as it was passed on: `sender` wrote `text`, and whoever passed it on wrote `note` on top."""

    sender: Address
    text: str
    subject: str = ""
    note: str = ""


def says_forwarded(subject: str) -> bool:
    """Whether a subject begins as mail programs begin it when they pass a mail on (`Fwd:`, `WG:`, `转发：`…)."""
    return _SUBJECT.match(subject[:200]) is not None


def without_prefix(subject: str) -> str:
    """Give a subject without what passing on put before it."""
    while match := _SUBJECT.match(subject):
        subject = subject[match.end() :]
    return subject.strip()


def forwarded_in(subject: str, text: str) -> Forwarded | None:
    """Give the original that a mail passes on, or None where it says of nothing that it was passed on.

    An answer quotes such a block as well: either the subject or the line above the block must say that it was passed
    on. The first block that names an address counts, since what lies below it is quoted by the original.
    """
    lines = text.splitlines()[:MOST_LINES]
    for at, line in enumerate(lines):
        if _name_of(line).casefold() in _SENDERS.split("|") and (end := _end_of_block(lines, at)):
            start = _start_of_block(lines, at)
            if says_forwarded(subject) or any(
                _PASSED_ON.fullmatch(above) for above in lines[max(0, start - 3) : start]
            ):
                return _read(lines, start, at, end, text)
            return None
    return None


def _name_of(line: str) -> str:
    match = _NAMED.match(line[:400])
    return match[1] if match else ""


def _value(line: str) -> str:
    match = _NAMED.match(line[:2_000])
    return match[2].strip() if match else ""


def _start_of_block(lines: Sequence[str], at: int) -> int:
    while at and _name_of(lines[at - 1]):
        at -= 1
    return at


def _end_of_block(lines: Sequence[str], at: int) -> int:
    """Give where the text begins, or 0 where this is no block: the sender alone is a sentence like any other."""
    start, end = _start_of_block(lines, at), at + 1
    named = at - start + 1
    for place in range(at + 1, min(at + LONGEST_BLOCK, len(lines))):
        if _name_of(lines[place]):
            named, end = named + 1, place + 1
        elif not lines[place].strip(" \t>|*") and place > end:
            break
        elif lines[place].strip(" \t>|*") and place == end and ("@" in lines[place] or lines[place][0] in " \t"):
            end = place + 1
        elif lines[place].strip(" \t>|*"):
            break
    return end if named > 1 else 0


def _read(lines: Sequence[str], start: int, at: int, end: int, text: str) -> Forwarded | None:
    value = _value(lines[at]) or (lines[at + 1] if at + 1 < len(lines) else "")
    email = mailbox_in(value.replace("mailto:", " ").translate(_BRACKETS))
    if not email:
        return None
    name = _NAME_ENDS.split(value)[0].strip(" \t\"'*")
    subject = next((_value(line) for line in lines[start:end] if _name_of(line).casefold() in _SUBJECTS.split("|")), "")
    rest = [*lines[end:], *text.splitlines()[MOST_LINES:]]
    return Forwarded(Address(email, "" if "@" in name else name), _unquoted(rest), subject, _above(lines[:start]))


def _above(lines: Sequence[str]) -> str:
    kept = list(lines)
    while kept and (not kept[-1].strip() or _is_separator(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()


def _is_separator(line: str) -> bool:
    return line.strip(" \t>|*")[:2] in ("--", "__", "==") or _PASSED_ON.fullmatch(line) is not None


def _unquoted(lines: Sequence[str]) -> str:
    said = [line for line in lines if line.strip()]
    if said and all(line.startswith(">") for line in said):
        lines = [line.removeprefix(">").removeprefix(" ") for line in lines]
    return "\n".join(lines).strip()
