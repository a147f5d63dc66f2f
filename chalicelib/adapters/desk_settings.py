"""The desk's settings in the table, read at most once a minute."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.table import ConditionFailed, Put, Table, next_of
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import StaleVersion

if TYPE_CHECKING:
    from chalicelib.adapters.audit import DynamoAudit

MOST_AGE_SECONDS = 60


class DynamoSettings:
    """Keeps the settings in the table `desk`; a desk that saved none has the defaults."""

    def __init__(self, table: Table, defaults: DeskSettings, audit: "Callable[[], DynamoAudit]") -> None:
        """`defaults` are what an owner sees before saving anything."""
        self._table = table
        self._defaults = defaults
        self._audit = audit
        self._cached: DeskSettings | None = None
        self._read_at = 0.0

    def load(self) -> DeskSettings:
        """See ports.Settings."""
        if self._cached is None or time.monotonic() - self._read_at > MOST_AGE_SECONDS:
            return self.latest()
        return self._cached

    def latest(self) -> DeskSettings:
        """See ports.Settings."""
        item = self._table.get("desk", "settings")
        saved = json.loads(item["settings"]) | {"version": int(item["version"])} if item else {}
        self._cached = DeskSettings.from_dict(asdict(self._defaults) | saved)
        self._read_at = time.monotonic()
        return self._cached

    def save(self, settings: DeskSettings) -> DeskSettings:
        """See ports.Settings. What is as the defaults are isn't kept, so that later defaults apply."""
        before, after = self._known(settings.version), replace(settings, version=settings.version + 1)
        defaults = _plain(self._defaults)
        own = {name: value for name, value in _plain(after).items() if value != defaults[name] and name != "version"}
        item = {"pk": "desk", "sk": "settings", "settings": json.dumps(own), "version": after.version}
        try:
            self._note(next_of(item), before, after)
        except ConditionFailed:
            raise _stale() from None
        self._cached, self._read_at = after, time.monotonic()
        return after

    def _known(self, version: int) -> DeskSettings:
        """Give the settings as they were at this version, which the next one is noted as a change of."""
        known = self.load()
        if known.version != version:
            self._cached = None
            known = self.load()
        if known.version != version:
            raise _stale()
        return known

    def _note(self, write: Put, before: DeskSettings, after: DeskSettings) -> None:
        from chalicelib.domain.audit import Deed, Kind

        self._audit().audited(
            [write],
            Deed.CHANGED,
            Kind.SETTINGS,
            "settings",
            str(after.version),
            before=_plain(before),
            after=_plain(after),
        )


def _plain(settings: DeskSettings) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(settings)))
    return plain


def _stale() -> StaleVersion:
    return StaleVersion("somebody else changed the settings; read them again", "version")
