"""Views of the inbox that people keep: one small item for each agent, and one for everybody."""

import json
from collections.abc import Iterable
from dataclasses import replace

from chalicelib.adapters.table import Item, Table
from chalicelib.domain.inbox_view import SavedView, SavedViews, read_criteria

PARTITION, AGENT = "views", "agent#"


class DynamoSavedViews:
    """Keeps views of the inbox in the table `desk`."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table

    def of(self, owners: Iterable[str]) -> tuple[SavedViews, ...]:
        """See ports.SavedViews. One call."""
        asked = tuple(owners)
        items = self._table.get_many(((PARTITION, _key(owner)) for owner in asked), consistent=True)
        found = {str(item["sk"]): item for item in items}
        return tuple(_views(owner, found.get(_key(owner))) for owner in asked)

    def save(self, views: SavedViews) -> SavedViews:
        """See ports.SavedViews."""
        after = replace(views, version=views.version + 1)
        self._table.put_next(pack_views(after), "somebody else changed the views; try again")
        return after


def pack_views(views: SavedViews) -> Item:
    """Give an owner's views as they lie in the table."""
    kept = [[view.id, view.name, view.base, view.criteria.wanted] for view in views.views]
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return {"pk": PARTITION, "sk": _key(views.owner), "views": text, "version": views.version}


def _key(owner: str) -> str:
    return f"{AGENT}{owner}"


def _views(owner: str, item: Item | None) -> SavedViews:
    if item is None:
        return SavedViews(owner)
    kept = json.loads(item["views"])
    views = (SavedView(view_id, name, base, read_criteria(wanted)) for view_id, name, base, wanted in kept)
    return SavedViews(owner, tuple(views), int(item["version"]))
