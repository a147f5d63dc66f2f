"""Who else is at a ticket: whoever said so lately, and whoever's draft was kept lately."""

from datetime import timedelta

from chalicelib.domain.draft import Draft
from chalicelib.domain.message import MessageKind
from chalicelib.domain.presence import HERE_SECONDS, WRITING_SECONDS, Others, Presence, others
from tests.domain.samples import MONDAY


def here(agent_id: str, ago: float) -> Presence:
    return Presence(agent_id, MONDAY - timedelta(seconds=ago))


def draft(agent_id: str, ago: float) -> Draft:
    at = MONDAY - timedelta(seconds=ago)
    return Draft(id="1", agent_id=agent_id, kind=MessageKind.REPLY, text="x", saved_at=at)


def test_one_is_no_other_to_oneself() -> None:
    assert others([here("sam", 0)], [draft("sam", 0)], "sam", MONDAY) == Others()


def test_whoever_writes_is_not_told_twice() -> None:
    found = others([here("ada", 5), here("lin", 5)], [draft("ada", 5)], "sam", MONDAY)
    assert found == Others(looking=("lin",), writing=("ada",))


def test_who_said_nothing_for_a_while_is_gone() -> None:
    assert others([here("ada", HERE_SECONDS)], [draft("lin", WRITING_SECONDS)], "sam", MONDAY) == Others()
    assert others([here("ada", HERE_SECONDS - 1)], [], "sam", MONDAY).looking == ("ada",)
