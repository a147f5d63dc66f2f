"""One file of the search index: tickets and their words, in SQLite with FTS5.

The words come in folded and apart (domain/search/words.py), so the simplest tokenizer, which only cuts at spaces, keeps
them as they are. FTS5 keeps no text (`content=''`): what a result shows lies beside it, compressed. Rows are numbered
by when their ticket was created, so that the newest come first without sorting (sqlite.org/fts5.html, 4.4.2 and 5).
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import apsw

from chalicelib.adapters.ticket_items import EPOCH, from_ms, to_ms
from chalicelib.domain.search.document import Document
from chalicelib.domain.search.query import Part, Query, Term
from chalicelib.domain.search.words import indexed
from chalicelib.domain.ticket import Priority, Shelf, Status

SCHEMA = """
CREATE TABLE IF NOT EXISTS docs (
  number INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, month TEXT NOT NULL, status TEXT NOT NULL,
  priority TEXT NOT NULL, channel TEXT NOT NULL, shelf TEXT NOT NULL, agent TEXT NOT NULL, team TEXT NOT NULL,
  tags TEXT NOT NULL, files INTEGER NOT NULL, shown TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS texts (number INTEGER PRIMARY KEY, text BLOB NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
  subject, people, body, content='', contentless_delete=1, tokenize='ascii'
);
"""
SHARE = 20
"""Bits of a row's number that tell tickets of the same millisecond apart."""

LAST = (1 << 63) - 1
_COLUMNS = {Part.ANYWHERE: "", Part.SUBJECT: "subject : ", Part.PEOPLE: "people : "}
_SHOWN = ("version", "subject", "customer_id", "customer_name", "merged_into", "people", "tags")
_PAUSE = 20_000
"""Steps of SQLite's machine between two looks at the time."""


class OutOfTime(Exception):
    """The time for a search is over."""


class IndexFile:
    """A file, open for as long as a `with` lasts; what is written is there at its end, or not at all."""

    def __init__(self, path: Path | None, *, writable: bool = False) -> None:
        """`path` is made where it isn't there and `writable`; None is a file in memory."""
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE if writable else apsw.SQLITE_OPEN_READONLY
        self.connection = apsw.Connection(str(path or ":memory:"), flags=flags)
        self._writable = writable
        if writable:  # a scratch copy: what a crash leaves of it is never read
            self.connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            self.connection.execute(SCHEMA)
            self.connection.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writable and kind is None:
            self.connection.execute("COMMIT")
        self.connection.close()

    # ---- writing

    def put(self, document: Document) -> None:
        """Keep a document in place of what was known of its ticket."""
        self.remove(document.ref)
        number = self._free(number_of(document))
        shown = {name: value for name, value in asdict(document).items() if name in _SHOWN and value}
        shown |= {"created_at": to_ms(document.created_at), "updated_at": to_ms(document.updated_at)}
        self.connection.execute(
            "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, document.ref, month_of(document), document.status.value, document.priority.value,
             document.channel, document.shelf.value, document.assignee_id, document.team_id,
             "\n".join(("", *document.tags, "")).lower(), document.with_files, _json(shown)),
        )  # fmt: skip
        text = document.text.encode("utf-8", "replace")
        self.connection.execute("INSERT INTO texts VALUES (?, ?)", (number, zlib.compress(text, 6)))
        people = " ".join(map(indexed, document.people))
        body = f"{indexed(document.ref)} {indexed(document.text)}"
        row = (number, indexed(document.subject), people, body)
        self.connection.execute("INSERT INTO words (rowid, subject, people, body) VALUES (?, ?, ?, ?)", row)

    def _free(self, number: int) -> int:
        """Two tickets of one millisecond may want one number: the second takes the next."""
        taken = "SELECT 1 FROM docs WHERE number = ?"
        while self.connection.execute(taken, (number,)).fetchone():
            number += 1
        return number

    def remove(self, ref: str) -> bool:
        """Forget a ticket; False where it isn't known."""
        row = self.connection.execute("SELECT number FROM docs WHERE ref = ?", (ref,)).fetchone()
        if row is None:
            return False
        self.connection.execute("DELETE FROM docs WHERE number = ?", row)
        self.connection.execute("DELETE FROM texts WHERE number = ?", row)
        self.connection.execute("DELETE FROM words WHERE rowid = ?", row)
        return True

    def erase(self, refs: Iterable[str]) -> None:
        """Forget tickets so that no byte of them stays: rows that are only deleted leave their words behind."""
        removed = [ref for ref in refs if self.remove(ref)]
        if removed:
            self.compact()

    def compact(self) -> None:
        """Write the file anew, without what was deleted in it."""
        self.connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self.connection.execute("COMMIT")
        self.connection.execute("VACUUM")
        self.connection.execute("BEGIN")

    # ---- reading

    def count(self) -> int:
        """Give how many tickets are known."""
        found: int = self.connection.execute("SELECT count(*) FROM docs").get
        return found

    def refs(self) -> tuple[str, ...]:
        """Give the references of all tickets that are known."""
        return tuple(ref for (ref,) in self.connection.execute("SELECT ref FROM docs"))

    def of_month(self, month: str) -> Iterator[Document]:
        """Give what is known of the tickets that were opened in a month."""
        yield from map(_document, self.connection.execute(f"{_SELECT} WHERE month = ?", (month,)))

    def find(
        self, query: Query, limit: int, below: int, without: Sequence[str] = (), *, stop: Any = None
    ) -> list[tuple[int, Document]]:
        """Give the newest documents that a question finds, their numbers being under `below`, but none of `without`.

        `stop` is asked now and then whether it is time to end. Raises OutOfTime.
        """
        sql, values = _asked(query, below, without)
        if stop is not None:
            self.connection.set_progress_handler(stop, _PAUSE)
        try:
            rows: list[Any] = self.connection.execute(f"{sql} LIMIT ?", (*values, limit)).fetchall()
        except apsw.InterruptError:
            raise OutOfTime from None
        return [(row[0], _document(row)) for row in rows]


_SELECT = (
    "SELECT docs.number, ref, status, priority, channel, shelf, agent, team, files, shown, "
    "(SELECT text FROM texts WHERE texts.number = docs.number) FROM docs"
)


def _asked(query: Query, below: int, without: Sequence[str]) -> tuple[str, list[Any]]:
    """Give a question as SQL with its values; what somebody typed is never part of the SQL itself."""
    wanted, unwanted = _match(query.terms, " AND "), _match(query.without, " OR ")
    places: list[tuple[str, Sequence[Any]]] = []
    source, order = "", "docs.number"
    if wanted:
        source, order = " JOIN words ON words.rowid = docs.number", "words.rowid"
        places.append(("words MATCH ?", [f"({wanted}) NOT ({unwanted})" if unwanted else wanted]))
    elif unwanted:
        places.append(("docs.number NOT IN (SELECT rowid FROM words WHERE words MATCH ?)", [unwanted]))
    places.append((f"{order} >= ? AND {order} < ?", asked_numbers(query, below)))
    places += _filters(query)
    if without:
        places.append(("ref NOT IN (SELECT value FROM json_each(?))", [_json(list(without))]))
    sql = f"{_SELECT}{source} WHERE {' AND '.join(place for place, _ in places)} ORDER BY {order} DESC"
    return sql, [value for _, values in places for value in values]


def _filters(query: Query) -> Iterator[tuple[str, Sequence[Any]]]:
    for column, values in (("status", query.statuses), ("priority", query.priorities)):
        if values:
            yield f"{column} IN ({', '.join('?' * len(values))})", [value.value for value in values]
    for column, value in (("channel", query.channel), ("team", query.team)):
        if value:
            yield f"{column} = ?", [value]
    if query.agent:
        yield "agent = ?", ["" if query.agent == "none" else query.agent]
    for tag in query.tags:
        yield "instr(tags, ?)", [f"\n{tag}\n"]
    if query.with_files:
        yield "files", []
    if query.shelf:
        yield "shelf = ?", [query.shelf.value]
    else:
        yield "shelf != ?", [Shelf.SPAM.value]


def _match(terms: Sequence[Term], between: str) -> str:
    """Give terms as FTS5 reads them: each a phrase in quotes, in which nothing but letters and digits can be."""
    phrases = (f'{_COLUMNS[term.part]}"{" ".join(term.words)}"{"*" if term.open_ended else ""}' for term in terms)
    return between.join(f"({phrase})" for phrase in phrases)


def number_of(document: Document) -> int:
    """Give the number that a ticket's row should have: later ones are greater."""
    share = int.from_bytes(blake2b(document.ref.encode(), digest_size=4).digest()) >> (32 - SHARE)
    return _number_at(document.created_at) + share


def _number_at(at: datetime | None) -> int:
    """Give the least number of a ticket that was created at an instant or later; None is the end of time."""
    return LAST if at is None else max(0, min(LAST, ((at - EPOCH) // timedelta(milliseconds=1)) << SHARE))


def created_at(number: int) -> datetime:
    """Give when the ticket of a number was created."""
    return from_ms(number >> SHARE)


def month_of(document: Document) -> str:
    """Give the month, in UTC, of the file that a ticket lies in: that of its creation, whatever becomes of it."""
    return f"{document.created_at:%Y-%m}"


def numbers_of(month: str) -> tuple[int, int]:
    """Give the least number that a ticket of a month has, and the least one of the next month."""
    year, number = map(int, month.split("-"))
    begins = datetime(year, number, 1, tzinfo=UTC)
    return _number_at(begins), _number_at((begins + timedelta(days=31)).replace(day=1))


def asked_numbers(query: Query, below: int) -> tuple[int, int]:
    """Give the least number that a question is about, and the one at which it ends."""
    return _number_at(query.since) if query.since else 0, min(below, _number_at(query.until))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _document(row: Sequence[Any]) -> Document:
    _, ref, status, priority, channel, shelf, agent, team, files, shown, text = row
    known = json.loads(shown)
    document = Document(
        ref=ref,
        version=known.get("version", 0),
        created_at=from_ms(known["created_at"]),
        updated_at=from_ms(known["updated_at"]),
        subject=known.get("subject", ""),
        customer_id=known.get("customer_id", ""),
        customer_name=known.get("customer_name", ""),
        status=Status(status),
        priority=Priority(priority),
        channel=channel,
        shelf=Shelf(shelf),
        merged_into=known.get("merged_into", ""),
        people=tuple(known.get("people", ())),
    )
    return replace(
        document,
        assignee_id=agent,
        team_id=team,
        tags=tuple(known.get("tags", ())),
        with_files=bool(files),
        text=zlib.decompress(text).decode("utf-8", "replace"),
    )
