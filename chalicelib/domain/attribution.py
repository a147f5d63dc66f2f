"""The line by which a mail program introduces what it quotes: "On 5 May 2026, Ann wrote:", in its user's language."""

import re
from collections.abc import Sequence
from typing import Final

LONGEST_LINE: Final = 400  # characters: a longer line is somebody's paragraph, never a program's
_MOST_LINES: Final = 6  # an attribution is wrapped over so many lines at most, blank ones included

_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|schreibt|a écrit|escribi[óo]|escreveu|va escriure|ha scritto|scrive|"
    r"schreef|geschreven|napisał(?:a|\(a\))?|pisze|skrev|kirjoitti|пишет|пише|писала?|написала?(?:\(а\))?|"
    r"написав(?:\(ла\))?|написа|napsala?|napsal\(a\)|napísala?|napísal\(a\)|je napisa[ol](?:la)?|şunları yazdı|"
    r"yazdı|írta|a scris|έγραψε|đã viết|menulis|rašė|kirjutas)\b|写道|"
    r"寫道|写到|撰寫|写了|のメール|さんは書きました|が書きました|님이 작성|님이 쓴|"
    "작성:|כתב|كتب|เขียนว่า|ने लिखा"
)
_SENT = re.compile(r"(?:on|am) .{0,60}\d{4}.{0,120}\b(?:sent|gesendet):", re.IGNORECASE)
_STARTER = re.compile(
    r"(?:on|at|am|le|el|em|il|op|dnia|w dniu|den|på|fra|von|from|date|a|alle|het|den|dne|ma|vào|pada|în|на|"
    r"в|от|在|於|于)[\s,:(]",
    re.IGNORECASE,
)
_DATED_STARTER = re.compile(r"(?:on|am|le|el|em|il|op|den|dne) .{0,20}\d", re.IGNORECASE)
_DATE = re.compile(r"\d{4}|\d{1,2}[:.h]\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d{1,2}\s?[年月日]")
_WHOLE_DATE = re.compile(
    r"\b\d{1,2}\.? [^\W\d]{3,12}\.?,? \d{4}\b|"
    r"\b[^\W\d]{3,12}\.? \d{1,2},? \d{4}\b|\d{4}年|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
)
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_MAILBOX = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_MAILBOX_AT_END = re.compile(r"[<(\[]\s?(?:mailto:)?[^\s@<>()\[\]]{1,64}@[^\s@<>()\[\]]{1,255}\s?[>)\]]\s?[:：]$")
_WITHOUT_VERB = re.compile(
    r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d [^:]{1,120}|"
    r"\d{4}/\d{1,2}/\d{1,2} [^<>:]{1,100} ?<[^\s@<>]{1,64}@[^\s@<>]{1,255}>"
)
_BETWEEN_DASHES = re.compile(r"-{2,12} ?([^-].{1,200}?) ?-{2,12}")
_AFTER_WORDS = re.compile(
    r"(?:\s|-{2,12})\s?(?:On (?:\w{2,9}, )?\w{3,9}\.? \d{1,2}, \d{4}|On (?:\w{3}, )?\d{1,2} \w{3,9} \d{4}|"
    r"On \d{1,2}/\d{1,2}/\d{2,4}|Am \d{1,2}\.\d{1,2}\.\d{2,4}).{0,200}(?:wrote|schrieb).{0,60}:$"
)
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("\xa0", " "), ("&amp;", "&"))
_ENDS: Final = (":", "：", "wrote", "schrieb")
_NEW_SENTENCE_AFTER: Final = ("!", "?", "。", "！", "？")


def attribution_length(lines: Sequence[str], at: int) -> int:
    """How many lines the attribution that begins at the line `at` takes; 0 when none does."""
    first = _plain(lines[at])
    if not first or first.startswith((">", "＞")) or len(first) > LONGEST_LINE:
        return 0
    if (first[0] in "12" and _WITHOUT_VERB.fullmatch(first)) or (first[0] == "-" and _is_between_dashes(first)):
        return 1
    if not any(line.rstrip("*_ \t\xa0").endswith(_ENDS) for line in lines[at : at + _MOST_LINES]):
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + _MOST_LINES], start=1):
        bare = _plain(line)
        if not bare and _goes_on(lines, at + count, joined):
            continue
        if not bare or len(bare) > LONGEST_LINE or (count > 1 and _begins_anew(bare)):
            return 0
        joined = f"{joined} {bare}".strip()
        if _is_attribution(joined) or (_has_the_form(joined) and _is_followed_by_quote(lines, at + count)):
            return count if count == 1 or _may_begin(first) else 0
        if bare.endswith(_NEW_SENTENCE_AFTER):
            return 0
    return 0


def words_before_attribution(line: str) -> str:
    """What stands before an attribution that shares its line with what was said; "" where none does."""
    if len(line) > LONGEST_LINE or not line.rstrip().endswith(":"):
        return ""
    found = _AFTER_WORDS.search(line.rstrip())
    return line[: found.start()].rstrip(" -") if found else ""


def _has_the_form(text: str) -> bool:
    """Whether it may be an attribution in a language that isn't known here: somebody or some time, and a colon."""
    timed = bool(_TIME.search(text) and (_WHOLE_DATE.search(text) or re.search(r"\d[./-]\d", text)))
    return text.endswith((":", "：")) and len(text) <= 200 and (timed or _MAILBOX.search(text) is not None)


def _is_followed_by_quote(lines: Sequence[str], at: int) -> bool:
    return next((line for line in lines[at : at + 3] if line.strip()), "").lstrip().startswith((">", "＞"))


def _plain(line: str) -> str:
    if "&" in line or "\xa0" in line:
        for entity, character in _ENTITIES:
            line = line.replace(entity, character)
    return line.strip()


def _goes_on(lines: Sequence[str], after: int, joined: str) -> bool:
    """Some programs put the address into lines of its own, with blank ones before it."""
    following = next((line.strip() for line in lines[after : after + 2] if line.strip()), "")
    return bool(_DATED_STARTER.match(joined)) and following.startswith(("<", "mailto:"))


def _begins_anew(line: str) -> bool:
    """A line that is so clearly the beginning of an attribution that the one before it cannot be."""
    quoted = line.startswith((">", "＞")) and not re.fullmatch(r"> ?[:：]?|> \w{3,12}:", line)
    return quoted or bool(_DATED_STARTER.match(line) and _DATE.search(line))


def _may_begin(line: str) -> bool:
    bare = line.lstrip(" \t*_")
    return bool((_STARTER.match(bare) and re.search(r"\d", bare)) or _DATE.search(bare) or _MAILBOX.search(bare))


def _is_between_dashes(line: str) -> bool:
    found = _BETWEEN_DASHES.fullmatch(line)
    return found is not None and _WROTE.search(found[1][-40:]) is not None


def _is_attribution(text: str) -> bool:
    plain = text.strip("*_ ")
    if not plain.endswith(_ENDS):
        return False
    dated = bool(_DATE.search(plain))
    if not plain.endswith((":", "：")):
        return bool(_DATED_STARTER.match(plain) and _MAILBOX.search(plain) and plain.endswith(("> wrote", "> schrieb")))
    if (dated and _MAILBOX_AT_END.search(plain)) or _SENT.fullmatch(plain):
        return True
    if not _WROTE.search(plain):
        return False
    timed = bool(_STARTER.match(plain) or _TIME.search(plain) or _WHOLE_DATE.search(plain))
    return bool(_MAILBOX.search(plain)) or (dated and timed)
