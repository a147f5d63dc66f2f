"""What the desk was taught of spam, in one item of the table, compressed; read at most every five minutes."""

import json
import time
import zlib
from dataclasses import replace
from typing import Any

from chalicelib.adapters.table import Item, Table
from chalicelib.domain.spam import SpamModel

PK, SK = "desk", "spam"
KEY = {"pk": PK, "sk": SK}
MOST_AGE_SECONDS = 300


class DynamoSpamMemory:
    """Keeps the model in the table `desk`."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table
        self._cached: SpamModel | None = None
        self._read_at = 0.0

    def load(self) -> SpamModel:
        """See ports.SpamMemory."""
        if self._cached is None or time.monotonic() - self._read_at > MOST_AGE_SECONDS:
            return self.latest()
        return self._cached

    def latest(self) -> SpamModel:
        """See ports.SpamMemory."""
        item = self._table.get(PK, SK)
        return self._remember(unpack_model(item) if item else SpamModel())

    def save(self, model: SpamModel) -> SpamModel:
        """See ports.SpamMemory."""
        after = replace(model, version=model.version + 1)
        item = {**KEY, **pack_model(after)}
        self._table.put_next(item, "others taught the desk meanwhile")
        return self._remember(after)

    def _remember(self, model: SpamModel) -> SpamModel:
        self._cached, self._read_at = model, time.monotonic()
        return model


def pack_model(model: SpamModel) -> Item:
    """Give the model's item without its keys."""
    content = {
        "spam": model.spam,
        "ham": model.ham,
        "tokens": {token: list(counts) for token, counts in model.tokens.items()},
        "taught": dict(model.taught),
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return {"model": zlib.compress(body, 9), "version": model.version}


def unpack_model(item: Item) -> SpamModel:
    """Give the model of an item."""
    content: dict[str, Any] = json.loads(zlib.decompress(bytes(item["model"])))
    return SpamModel(
        spam=content["spam"],
        ham=content["ham"],
        tokens={token: (spam, ham) for token, (spam, ham) in content["tokens"].items()},
        taught=content["taught"],
        version=int(item["version"]),
    )
