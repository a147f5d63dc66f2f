"""What the functions' processes noted of their AWS calls; see watch/sitecustomize.py, which writes it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})


@dataclass(frozen=True)
class Note:
    """One AWS call of a function; `mail` is the source (base64) of the mail it sent, if it did."""

    function: str
    service: str = ""
    call: str = ""
    error: str = ""
    units: float = 0
    mail: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consumed:
    """What some calls came to."""

    calls: int
    read_units: float
    write_units: float


def read_notes(file: Path) -> list[Note]:
    """Give what was noted so far; a line that is just being written counts the next time."""
    if not file.exists():
        return []
    whole, _, _ = file.read_text(encoding="utf-8").rpartition("\n")
    return [_note(json.loads(line)) for line in whole.splitlines()]


def _note(entry: dict[str, object]) -> Note:
    known = {name: entry[name] for name in Note.__dataclass_fields__ if name in entry}
    return Note(**{**known, "to": tuple(known.get("to", ()))})  # type: ignore[arg-type]


def consumed(notes: Iterable[Note]) -> Consumed:
    """Give how many calls these were, and the DynamoDB units they consumed."""
    calls = [note for note in notes if note.call]
    reads = sum(note.units for note in calls if note.call in READS)
    return Consumed(len(calls), reads, sum(note.units for note in calls) - reads)
