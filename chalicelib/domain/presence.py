"""Who else has a ticket's page open, and who writes on it: told to those who look, so that two don't answer at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.draft import Draft

HERE_SECONDS = 75
"""Whoever said so within this time is looking: a page says so once a minute at most."""

WRITING_SECONDS = 90
"""Somebody whose draft was kept within this time is writing: it is, two seconds after the last key."""


@dataclass(frozen=True, slots=True)
class Presence:
    """An agent said at this instant that they look at a ticket."""

    agent_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Others:
    """The ids of those beside oneself who look at a ticket, and of those who write; who writes, looks, too."""

    looking: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()


def others(here: Iterable[Presence], drafts: Iterable[Draft], agent_id: str, now: datetime) -> Others:
    """Give who else is at a ticket, in the order of their ids."""
    wrote = {draft.agent_id for draft in drafts if now - draft.saved_at < timedelta(seconds=WRITING_SECONDS)}
    looked = {one.agent_id for one in here if now - one.at < timedelta(seconds=HERE_SECONDS)}
    return Others(tuple(sorted(looked - wrote - {agent_id})), tuple(sorted(wrote - {agent_id})))
