"""Searching among many tickets: made-up ones, three in ten Chinese, in one month's file on Moto's S3.

What Moto takes to hand over a file is part of the first search and of taking over, and is not what S3 takes.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from moto import mock_aws

from bench.desk import made_up_account
from chalicelib.adapters.aws import Aws
from chalicelib.adapters.search_index import FOLD_AT, S3SearchIndex
from chalicelib.domain.search.document import Document
from chalicelib.domain.search.query import parse_query
from chalicelib.domain.ticket import Priority, Status

MONTH = datetime(2026, 11, 1, tzinfo=UTC)
BUCKET, DAYS, PAGE = "files", 30, 25
WORDS, SIGNS = 20_000, 3_000
ROUNDS = 5


@dataclass(frozen=True)
class Searched:
    """One thing that was tried: how long it took in milliseconds of processor, the calls to S3, how many were found."""

    name: str
    milliseconds: float
    calls: int
    found: int


def measure(tickets: int) -> list[Searched]:
    """Build an index of so many tickets, and search it."""
    with made_up_account(), mock_aws():
        client = Aws(region="us-east-1").client("s3")
        client.create_bucket(Bucket=BUCKET)
        return list(_tried(client, tickets))


def _tried(client: Any, tickets: int) -> Iterator[Searched]:
    written = _Writer(tickets)
    index = S3SearchIndex(client, BUCKET)
    yield _once(client, f"building all {tickets:,} anew", lambda: index.rebuild(map(written.ticket, range(tickets))))
    size = max(stored["Size"] for stored in client.list_objects_v2(Bucket=BUCKET)["Contents"])
    yield Searched(f"the month's file, in bytes a ticket: {size // tickets:,}", 0, 0, 0)
    reader = S3SearchIndex(client, BUCKET)
    yield _once(client, "first search of a process", lambda: _hits(reader, written.word(40)))
    for name, asked in (
        ("a common word", written.word(2)),
        ("a rare word", written.word(9_000)),
        ("three words", f"{written.word(3)} {written.word(5)} {written.word(8)}"),
        ("a word's beginning", written.word(60)[:2]),
        ("two Chinese characters", written.text(0)[:2]),
        ("a word that nobody wrote", "qqqqqq"),
        ("a filter alone", "status:pending"),
    ):
        times = [_once(client, name, partial(_hits, reader, asked)) for _ in range(ROUNDS)]
        yield sorted(times, key=lambda one: one.milliseconds)[ROUNDS // 2]
    changed = [written.ticket(at) for at in range(0, tickets, max(1, tickets // FOLD_AT))]
    yield _once(client, "building in 25 changed tickets", lambda: len(changed[:25]) * index.build(changed[:25], ()))
    yield _once(client, f"taking {len(changed)} over into the month's file", lambda: int(index.build(changed, ())))


def _hits(index: S3SearchIndex, asked: str) -> int:
    return len(index.search(parse_query(asked), PAGE, newer={}).hits)


def _once(client: Any, name: str, do: Callable[[], int]) -> Searched:
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    client.meta.events.register("before-call", note)
    started = time.process_time()
    found = do()
    spent = time.process_time() - started
    client.meta.events.unregister("before-call", note)
    return Searched(name, 1000 * spent, len(calls), found)


class _Writer:
    """Writes tickets of some 2,000 bytes, the same ones each time; words are as unequally common as people's."""

    def __init__(self, tickets: int) -> None:
        self._tickets = tickets
        chance = random.Random(1)
        letters = "abcdefghijklmnoprstuvwy"
        self._words = ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(WORDS)]

    def word(self, rank: int) -> str:
        """Give the word of a rank, 0 being the most common."""
        return self._words[rank]

    def text(self, number: int) -> str:
        """Give what a ticket says."""
        chance = random.Random(number)
        if number % 10 < 3:
            return "".join(chr(0x4E00 + min(SIGNS, int(chance.paretovariate(0.8)))) for _ in range(500))
        return " ".join(self._words[min(WORDS, int(chance.paretovariate(0.7))) - 1] for _ in range(250))

    def ticket(self, number: int) -> Document:
        """Give the ticket of a number, from 0 on: the month goes by evenly."""
        at = MONTH + timedelta(days=DAYS) * number / self._tickets
        status = list(Status)[number % len(Status)]
        people = (f"Customer {number}", f"c{number}@customer.example")
        return Document(
            f"{number:08}", 3, at, at, f"{self._words[number % 999]} {number}", f"c{number}", people[0], status,
            Priority.NORMAL, "email", people=people, text=self.text(number),
        )  # fmt: skip
