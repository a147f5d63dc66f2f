"""Drafts in the table, under their ticket; DynamoDB forgets them after a while by itself."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from chalicelib.adapters.table import Item, Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.draft import KEPT_SECONDS, Draft
from chalicelib.domain.message import MessageKind
from chalicelib.domain.presence import HERE_SECONDS, Presence
from chalicelib.domain.ticket import Status


class DynamoDrafts:
    """Keeps what each agent writes on each ticket, and beside it what they sent that hasn't left yet."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table

    def get(self, ref: str, key: str) -> Draft | None:
        """See ports.Drafts."""
        item = self._table.get(f"ticket#{ref}", f"draft#{key}")
        return unpack_draft(key, item) if item else None

    def every(self, ref: str) -> tuple[Draft, ...]:
        """See ports.Drafts."""
        found = self._table.query(
            "pk = :pk AND begins_with(sk, :sk)", {":pk": f"ticket#{ref}", ":sk": "draft#"}, ConsistentRead=True
        )
        return tuple(unpack_draft(item["sk"].removeprefix("draft#"), item) for item in found)

    def around(self, ref: str) -> tuple[tuple[Draft, ...], tuple[Presence, ...]]:
        """See ports.Drafts. One Query: who looks lies right behind what is being written."""
        values = {":pk": f"ticket#{ref}", ":first": "draft#", ":last": "here#~"}
        items = list(self._table.query("pk = :pk AND sk BETWEEN :first AND :last", values, ConsistentRead=True))
        drafts = (unpack_draft(name, item) for item, name in _named(items, "draft#"))
        return tuple(drafts), tuple(Presence(name, from_ms(item["at"])) for item, name in _named(items, "here#"))

    def look(self, ref: str, presence: Presence) -> None:
        """See ports.Drafts."""
        forgotten = int((presence.at + timedelta(seconds=HERE_SECONDS)).timestamp())
        key = {"pk": f"ticket#{ref}", "sk": f"here#{presence.agent_id}"}
        self._table.put({**key, "at": to_ms(presence.at), "expires_at": forgotten})

    def leave(self, ref: str, agent_id: str) -> None:
        """See ports.Drafts."""
        self._table.delete(f"ticket#{ref}", f"here#{agent_id}")

    def save(self, ref: str, draft: Draft, *, sent: bool = False) -> None:
        """See ports.Drafts."""
        forgotten = draft.saved_at + timedelta(seconds=KEPT_SECONDS)
        self._table.put(
            {
                "pk": f"ticket#{ref}",
                "sk": f"draft#{draft.sent_key if sent else draft.agent_id}",
                "id": draft.id,
                "kind": draft.kind.value,
                "text": draft.text,
                "status": draft.status.value if draft.status else "",
                "cc": list(draft.cc),
                "attachments": list(draft.attachments),
                "macro": draft.macro,
                "at": to_ms(draft.saved_at),
                "expires_at": int(forgotten.timestamp()),
            }
        )

    def discard(self, ref: str, key: str) -> None:
        """See ports.Drafts."""
        self._table.delete(f"ticket#{ref}", f"draft#{key}")


def _named(items: Iterable[Item], prefix: str) -> Iterator[tuple[Item, str]]:
    return ((item, item["sk"].removeprefix(prefix)) for item in items if item["sk"].startswith(prefix))


def unpack_draft(key: str, item: Item) -> Draft:
    """Give the draft of an item, kept by its agent's id, or by its `sent_key`."""
    return Draft(
        id=item["id"],
        agent_id=key.partition("/")[0],
        kind=MessageKind(item["kind"]),
        text=item.get("text", ""),
        saved_at=from_ms(item["at"]),
        status=Status(item["status"]) if item.get("status") else None,
        cc=tuple(item.get("cc", ())),
        attachments=tuple(item.get("attachments", ())),
        macro=item.get("macro", ""),
    )
