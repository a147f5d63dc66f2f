"""Why a ticket was found: the place in its text where most of the words stand, and the words to be shown as found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.domain.search.query import Part, Query, Term
from chalicelib.domain.search.words import Word, words

LENGTH = 240
BEFORE = 60
"""Characters of an excerpt, and of these before the first word that was found."""

MOST_READ = 20_000
"""Words of a text that are looked through; a ticket that is longer shows its beginning if need be."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some text, and in it the places of what was found: `(start, end)`, in order, apart from one another."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The text cut at the marks: each piece, and whether it is one of what was found."""
        return tuple(piece for piece in self._pieces() if piece[0])

    def _pieces(self) -> Iterator[tuple[str, bool]]:
        at = 0
        for start, end in self.marks:
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False


def marked(text: str, query: Query, part: Part = Part.ANYWHERE) -> Excerpt:
    """Give a short text, whole, with what was found in it; `part` says which that is."""
    terms = [term for term in query.terms if term.part in (Part.ANYWHERE, part)]
    return Excerpt(text, _joined([place for _, place in _places(text, terms)]))


def excerpt(text: str, query: Query) -> Excerpt:
    """Give the stretch of a text that shows the most of what was asked; without any, the text's beginning."""
    terms = [term for term in query.terms if term.part is Part.ANYWHERE]
    found = _places(text, terms)
    start, end = _stretch(text, _best(found))
    inside = [(max(first, start), min(last, end)) for _, (first, last) in found if first < end and last > start]
    cut, ahead = text[start:end], "…" if start else ""
    shown = f"{ahead}{_on_one_line(cut)}{'…' if end < len(text) else ''}"
    return Excerpt(shown, _joined([(a - start + len(ahead), b - start + len(ahead)) for a, b in inside]))


def _on_one_line(text: str) -> str:
    """Put a space in place of each line's end, one for one, so that places stay where they are."""
    return "".join(" " if sign.isspace() else sign for sign in text)


Place = tuple[int, int]


def _places(text: str, terms: Sequence[Term]) -> list[tuple[int, Place]]:
    """Give where which term stands, in the order of the text."""
    found = list(islice(words(text), MOST_READ)) if terms else []
    return [
        (number, (found[at].start, found[at + len(term.words) - 1].end))
        for at in range(len(found))
        for number, term in enumerate(terms)
        if found[at].text.startswith(term.words[0]) and _stands(found, at, term)
    ]


def _stands(found: Sequence[Word], at: int, term: Term) -> bool:
    if at + len(term.words) > len(found):
        return False
    last = len(term.words) - 1
    for offset, wanted in enumerate(term.words):
        known = found[at + offset].text
        if known != wanted and not (term.open_ended and offset == last and known.startswith(wanted)):
            return False
    return True


def _best(found: Sequence[tuple[int, Place]]) -> int:
    """Give where the stretch should begin: at the place after which most different terms follow soon."""
    best, most = 0, 0
    for at, (_, (start, _)) in enumerate(found):
        near = {number for number, (first, _) in islice(found, at, at + 50) if first < start + LENGTH - BEFORE}
        if len(near) > most:
            best, most = start, len(near)
    return best


def _stretch(text: str, at: int) -> Place:
    start = 0 if at <= BEFORE else at - BEFORE
    if start:
        gap = next((place for place in range(start, at) if text[place].isspace()), start)
        start = gap + 1 if gap > start or text[start].isspace() else start
    return start, min(len(text), start + LENGTH)


def _joined(places: Sequence[Place]) -> tuple[Place, ...]:
    """Give places in order, those that touch or overlap made one."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
