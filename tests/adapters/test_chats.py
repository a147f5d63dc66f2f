"""How far a visitor has read only grows, and is forgotten by itself."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.chats import KEPT, DynamoChats
from chalicelib.adapters.table import Table
from tests.conftest import MONDAY


@pytest.fixture
def table(any_cloud_table: tuple[Any, str]) -> Table:
    return Table(*any_cloud_table)


def test_what_was_read_is_never_unread(table: Table) -> None:
    chats = DynamoChats(table)
    assert chats.seen("7K3F-92QX") == 0
    for place in (3, 5, 4):
        chats.mark_seen("7K3F-92QX", place, MONDAY)
    assert chats.seen("7K3F-92QX") == 5


def test_the_mark_ends(table: Table) -> None:
    DynamoChats(table).mark_seen("7K3F-92QX", 3, MONDAY)
    item = table.get("ticket#7K3F-92QX", "chat")
    assert item
    assert int(item["expires_at"]) == (MONDAY + KEPT).timestamp() > (MONDAY + timedelta(days=1)).timestamp()


def test_a_ticket_that_is_not_there_is_not_glanced_at(table: Table) -> None:
    assert DynamoChats(table).glance("7K3F-92QX") is None
