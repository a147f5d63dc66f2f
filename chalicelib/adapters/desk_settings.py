"""The desk's settings in the table, read at most once a minute."""

import json
import time
from dataclasses import asdict, replace

from chalicelib.adapters.table import Table
from chalicelib.domain.desk import DeskSettings

MOST_AGE_SECONDS = 60


class DynamoSettings:
    """Keeps the settings in the table `desk`; a desk that saved none has the defaults."""

    def __init__(self, table: Table, defaults: DeskSettings) -> None:
        """`defaults` are what an owner sees before saving anything."""
        self._table = table
        self._defaults = defaults
        self._cached: DeskSettings | None = None
        self._read_at = 0.0

    def load(self) -> DeskSettings:
        """See ports.Settings."""
        if self._cached is None or time.monotonic() - self._read_at > MOST_AGE_SECONDS:
            item = self._table.get("desk", "settings")
            saved = json.loads(item["settings"]) | {"version": int(item["version"])} if item else {}
            self._cached = DeskSettings.from_dict(asdict(self._defaults) | saved)
            self._read_at = time.monotonic()
        return self._cached

    def save(self, settings: DeskSettings) -> DeskSettings:
        """See ports.Settings. What is as the defaults are isn't kept, so that later defaults apply."""
        after = replace(settings, version=settings.version + 1)
        defaults = json.loads(json.dumps(asdict(self._defaults)))
        plain = json.loads(json.dumps(asdict(after)))
        own = {name: value for name, value in plain.items() if value != defaults[name] and name != "version"}
        body = json.dumps(own)
        item = {"pk": "desk", "sk": "settings", "settings": body, "version": after.version}
        self._table.put_next(item, "somebody else changed the settings; read them again")
        self._cached, self._read_at = after, time.monotonic()
        return after
