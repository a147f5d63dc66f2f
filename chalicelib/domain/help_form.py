"""The public form: what it asks, and what tells that somebody is behind it without asking them riddles.

A form is stamped when it is shown. A browser that runs its script finds numbers whose hashes with the stamp begin with
so many zero bits, which takes it a second and us a few hashes (Dwork and Naor, "Pricing via Processing or Combatting
Junk Mail", 1992; Back, "Hashcash", 2002). Several small puzzles take more even a time than one large.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.sla_policy import PRIORITIES

STRICT: dict[str, Any] = {"extra": "forbid"}

PUZZLES = 4
"""How many numbers are to be found."""

MOST_TOPICS = 30
MOST_LINKS = 2
"""How many links a message may hold of which nothing proves that somebody wrote it."""

_NUMBER = re.compile(r"[0-9]{1,12}")
_LINK = re.compile(r"(?i)\bhttps?://|\bwww\.|\[url[=\]]|<a\s")
_TOPIC_ID = re.compile(r"[a-z0-9_-]{1,40}")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,480}")


@dataclass(frozen=True)
class Topic:
    """What a request may be about: its name in each language, and what it sets on the ticket.

    `id` is what a link names it by (`/help?topic=refund`).
    """

    __pydantic_config__ = STRICT
    id: str
    names: dict[str, str] = field(default_factory=dict)
    category: str = ""
    team_id: str = ""
    priority: str = ""

    def __post_init__(self) -> None:
        if not _TOPIC_ID.fullmatch(self.id):
            raise InvalidInput("must be 1 to 40 of a to z, 0 to 9, - and _", "help_form.topics[].id")
        named = [name for name in self.names.values() if name.strip()]
        if not named or any(len(name) > 100 for name in self.names.values()) or self.names.keys() - {"en", "zh"}:
            raise InvalidInput("must name it in en, zh or both, in at most 100 characters", "help_form.topics[].names")
        if self.priority not in ("", *PRIORITIES):
            raise InvalidInput(f"is not one of {', '.join(PRIORITIES)}", "help_form.topics[].priority")

    def name(self, language: str) -> str:
        """Give its name in a language, or in the one it has."""
        return self.names.get(language) or next(name for name in self.names.values() if name.strip())


@dataclass(frozen=True)
class HelpForm:
    """How the public form asks, and how it defends itself. Lengths of time are in seconds.

    `fields` are the ids of those of the desk's own ticket fields that it asks for, each of which may stay empty.

    `proof_bits` says how hard each puzzle is: one more doubles the time; 0 sets none. What comes sooner than
    `least_seconds` after the form was shown without a proof, or later than `most_seconds`, is asked for again.
    `per_address_hourly` and `per_network_hourly` are how many requests an address of the net, and those around it, may
    send in an hour; 0 for any number.
    """

    __pydantic_config__ = STRICT
    topics: tuple[Topic, ...] = ()
    fields: tuple[str, ...] = ()
    privacy_url: str = ""
    proof_bits: int = 16
    least_seconds: int = 3
    most_seconds: int = 86_400
    per_address_hourly: int = 20
    per_network_hourly: int = 200

    def __post_init__(self) -> None:
        topics = tuple(one if isinstance(one, Topic) else _topic(one) for one in self.topics)
        object.__setattr__(self, "topics", topics)
        ids = [topic.id for topic in topics]
        if len(set(ids)) < len(ids) or len(ids) > MOST_TOPICS:
            raise InvalidInput(f"must be at most {MOST_TOPICS}, each with an id of its own", "help_form.topics")
        if self.privacy_url and not _ADDRESS.fullmatch(self.privacy_url):
            raise InvalidInput("must be the https:// address of a page", "help_form.privacy_url")
        ranges = {
            "proof_bits": (0, 22),
            "least_seconds": (0, 60),
            "most_seconds": (600, 30 * 86_400),
            "per_address_hourly": (0, 10_000),
            "per_network_hourly": (0, 100_000),
        }
        for name, (least, most) in ranges.items():
            if not least <= getattr(self, name) <= most:
                raise InvalidInput(f"must be from {least} to {most:,}", f"help_form.{name}")

    def topic(self, topic_id: str) -> Topic | None:
        """Give the topic of this id, if there is one."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)


def _topic(saved: Mapping[str, Any]) -> Topic:
    """A topic as it was saved; names that a later version gave it are passed over."""
    return Topic(**{name: saved[name] for name in saved.keys() & Topic.__dataclass_fields__.keys()})


class Proof(StrEnum):
    """What a form that was sent shows of who sent it."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    TOO_FAST = "too_fast"
    TOO_OLD = "too_old"


def judged(form: HelpForm, stamp: str, shown_at: datetime | None, numbers: str, now: datetime) -> Proof:
    """Give what a form that was sent shows: `shown_at` is what its genuine stamp says, None where it has none.

    A form without a stamp is a browser's or a program's that made its own: that is unproven, not refused. One with a
    proof may be quick; one that is too old is not, since its stamp may have been passed around.
    """
    if shown_at is None:
        return Proof.UNPROVEN
    age = (now - shown_at).total_seconds()
    if not -60 <= age <= form.most_seconds:
        return Proof.TOO_OLD
    if form.proof_bits and solves(stamp, numbers.split(","), form.proof_bits):
        return Proof.PROVEN
    if age < form.least_seconds:
        return Proof.TOO_FAST
    return Proof.UNPROVEN if form.proof_bits else Proof.PROVEN


def solves(stamp: str, numbers: Iterable[str], bits: int) -> bool:
    """Whether these are the numbers asked for: the SHA-256 of `stamp:puzzle:number` begins with so many zero bits."""
    given = list(numbers)
    return len(given) == PUZZLES and all(
        _NUMBER.fullmatch(number) and _zero_bits(f"{stamp}:{puzzle}:{number}") >= bits
        for puzzle, number in enumerate(given)
    )


def links_in(text: str) -> int:
    """Give how many links a text holds, written in any of the ways that programs try."""
    return len(_LINK.findall(text))


def _zero_bits(said: str) -> int:
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
    return 256 - int.from_bytes(digest, "big").bit_length()
