"""What somebody typed into the search field, read: words, phrases, what must not be there, and filters.

Any text at all is a question: what isn't a filter is words, and what holds none of these asks for nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum

from chalicelib.domain.search.words import is_unspaced, words
from chalicelib.domain.ticket import DONE, Priority, Shelf, Status

MOST_TERMS = 20
MOST_WORDS = 40
"""Most terms of a question, and most words of a term; what is beyond them is passed over."""

SHORTEST_STEM = 4
_ENDINGS = ("ing", "ed", "es", "s")


class Part(StrEnum):
    """Where words are looked for: anywhere, in the subject, among the people of a ticket."""

    ANYWHERE = ""
    SUBJECT = "subject"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another. With `open_ended` the last may go on: `refund` finds `refunded`."""

    words: tuple[str, ...]
    open_ended: bool = False
    part: Part = Part.ANYWHERE


@dataclass(frozen=True, slots=True)
class Query:
    """A question: every term must be there, none of `without`, and each filter that is set must hold.

    `agent` and `team` are as they were typed. `since` is the first instant, `until` the first one after the last.
    """

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    statuses: frozenset[Status] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    channel: str = ""
    tags: tuple[str, ...] = ()
    agent: str = ""
    team: str = ""
    shelf: Shelf | None = None
    with_files: bool = False
    since: datetime | None = None
    until: datetime | None = None
    filters: int = field(default=0, compare=False)

    @property
    def asks(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.terms or self.without or self.filters)


_SIGNS = str.maketrans({**dict.fromkeys("“”„‟«»＂「」『』", '"'), "：": ":", "－": "-", "\u3000": " ", "\0": " "})
_PIECE = re.compile(r'(?P<no>-)?(?:(?P<name>[^\s":]+):)?(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))')

_STATUSES: Mapping[str, frozenset[Status]] = {
    **{status.value: frozenset({status}) for status in Status},
    "unsolved": frozenset(Status) - DONE,
    "done": DONE,
    "新建": frozenset({Status.NEW}),
    "处理中": frozenset({Status.OPEN}),
    "等待客户": frozenset({Status.PENDING}),
    "等待第三方": frozenset({Status.ON_HOLD}),
    "已解决": frozenset({Status.SOLVED}),
    "已关闭": frozenset({Status.CLOSED}),
    "未解决": frozenset(Status) - DONE,
}
_PRIORITIES: Mapping[str, Priority] = {
    **{priority.value: priority for priority in Priority},
    "低": Priority.LOW,
    "普通": Priority.NORMAL,
    "高": Priority.HIGH,
    "紧急": Priority.URGENT,
}
_SHELVES: Mapping[str, Shelf] = {
    "spam": Shelf.SPAM,
    "垃圾邮件": Shelf.SPAM,
    "unparsed": Shelf.UNPARSED,
    "unreadable": Shelf.UNPARSED,
    "无法解析": Shelf.UNPARSED,
}
_FILES = frozenset({"attachment", "attachments", "file", "files", "附件"})


def parse_query(text: str, zone: tzinfo = UTC) -> Query:
    """Give the question that a text asks; days are those of `zone`. Every text is one."""
    query = Query()
    for piece in _PIECE.finditer(text.translate(_SIGNS)):
        query = _with_piece(query, piece, zone)
    return replace(query, terms=query.terms[:MOST_TERMS], without=query.without[:MOST_TERMS])


def _with_piece(query: Query, piece: "re.Match[str]", zone: tzinfo) -> Query:
    name, quoted = (piece["name"] or "").lower(), piece["quoted"] is not None
    value = piece["quoted"] if quoted else piece["plain"]
    if name in _PARTS:
        return _with_term(query, _term(value, quoted=quoted, part=_PARTS[name]), no=bool(piece["no"]))
    if name in _FILTERS and not piece["no"]:
        filtered = _FILTERS[name](query, value.strip(), zone)
        if filtered is not None:
            return replace(filtered, filters=query.filters + 1)
    named = _term(f"{name} {value}" if name else value, quoted=quoted or bool(name))
    return _with_term(query, named, no=bool(piece["no"]))


def _with_term(query: Query, term: Term | None, *, no: bool) -> Query:
    if term is None:
        return query
    if no:
        return replace(query, without=(*query.without, term))
    return replace(query, terms=(*query.terms, term))


def _term(text: str, *, quoted: bool, part: Part = Part.ANYWHERE) -> Term | None:
    found = tuple(word.text for word in words(text))[:MOST_WORDS]
    if not found:
        return None
    last = found[-1]
    if quoted or is_unspaced(last) or len(last) < 2:
        return Term(found, part=part)
    return Term((*found[:-1], _stem(last) if len(found) == 1 else last), open_ended=True, part=part)


def _stem(word: str) -> str:
    """Take an English ending off, so that `refunds` finds `refund` and `charged` finds `charging`."""
    if not (word.isascii() and word.isalpha()):
        return word
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= SHORTEST_STEM), "")
    return word.removesuffix(ending)


def _status(query: Query, value: str, zone: tzinfo) -> Query | None:
    found = _STATUSES.get(value.lower().replace("-", "_"))
    return replace(query, statuses=query.statuses | found) if found else None


def _priority(query: Query, value: str, zone: tzinfo) -> Query | None:
    found = _PRIORITIES.get(value.lower())
    return replace(query, priorities=query.priorities | {found}) if found else None


def _shelf(query: Query, value: str, zone: tzinfo) -> Query | None:
    found = _SHELVES.get(value.lower())
    return replace(query, shelf=found) if found else None


def _files(query: Query, value: str, zone: tzinfo) -> Query | None:
    return replace(query, with_files=True) if value.lower() in _FILES else None


def _since(query: Query, value: str, zone: tzinfo) -> Query | None:
    begins = _day(value, zone)
    return replace(query, since=begins) if begins else None


def _until(query: Query, value: str, zone: tzinfo) -> Query | None:
    begins = _day(value, zone)
    return replace(query, until=begins) if begins else None


def _day(value: str, zone: tzinfo) -> datetime | None:
    """Give when a day begins: `2026-11-23`; `2026-11` and `2026` mean the first one."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{1,2}){0,2}", value):
        return None
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    try:
        return datetime.combine(date(year, month, day), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


Reading = Callable[[Query, str, tzinfo], Query | None]
"""Gives the question with a filter set, or None where the value is none of it: then it is words."""

_PARTS: Mapping[str, Part] = {
    **dict.fromkeys(("subject", "主题"), Part.SUBJECT),
    **dict.fromkeys(("from", "customer", "客户", "来自"), Part.PEOPLE),
}
_FILTERS: Mapping[str, Reading] = {
    **dict.fromkeys(("status", "状态"), _status),
    **dict.fromkeys(("priority", "优先级"), _priority),
    **dict.fromkeys(("in", "位于"), _shelf),
    **dict.fromkeys(("has", "包含"), _files),
    **dict.fromkeys(("since", "after", "自"), _since),
    **dict.fromkeys(("until", "before", "早于"), _until),
    **dict.fromkeys(("channel", "渠道"), lambda query, value, zone: replace(query, channel=value.lower())),
    **dict.fromkeys(("tag", "标签"), lambda query, value, zone: replace(query, tags=(*query.tags, value.lower()))),
    **dict.fromkeys(("agent", "assignee", "客服", "负责人"), lambda query, value, zone: replace(query, agent=value)),
    **dict.fromkeys(("team", "团队"), lambda query, value, zone: replace(query, team=value)),
}
