"""The counted pieces of a ticket's life as a file in the repository, which estimates are reckoned from."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.ticket_life import as_json, count_pieces

COUNTED = Path(__file__).with_name("counted.json")


def fresh() -> dict[str, Any]:
    """Count anew, and give the pieces as the file holds them."""
    return as_json(count_pieces())


def kept(path: Path = COUNTED) -> dict[str, Any]:
    """Give the pieces that the file holds."""
    pieces: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["pieces"]
    return pieces


def agree(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two counts come to the same: calls and units to the last one, stored bytes to a twentieth.

    A field more in an item changes no bill, and no file.
    """
    near = all(
        abs(piece["stored_bytes"] - other[name]["stored_bytes"]) <= max(50, abs(piece["stored_bytes"]) // 20)
        for name, piece in one.items()
        if name in other
    )
    return near and _unsized(one) == _unsized(other)


def _unsized(pieces: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in piece.items() if key != "stored_bytes"} for name, piece in pieces.items()
    }


def write(path: Path, pieces: dict[str, Any]) -> bool:
    """Write what was counted; gives whether anything changed. Where nothing did, the file's date stays too."""
    if path.exists() and agree(kept(path), pieces):
        return False
    content = {"counted_on": f"{datetime.now(UTC):%Y-%m-%d}", "pieces": pieces}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return True
