"""A view of the inbox: a list, what of it is wanted, and the views that people keep under a name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from chalicelib.domain.card import Card
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.people import Roster
from chalicelib.domain.ticket import Priority, Status

SOON_SECONDS = 3600
DAY_SECONDS = 86400
DUE = ("overdue", "hour", "day", "none")
"""What may be asked of the deadline that presses: it has passed, comes within the hour, within a day; there is none."""

ME, NOBODY = "me", "nobody"
"""What may stand in place of an agent's id: whoever looks, and no one."""

MOST_VIEWS = 30
"""Views that one agent keeps, or that are kept for everybody."""

NAME_LIMIT, WORD_LIMIT = 60, 100

SAVED = "saved:"
TEAM = "team:"
MINE, UNASSIGNED, ALL, DUE_SOON, BREACHED, DONE = "mine", "unassigned", "all", "due-soon", "breached", "done"
ALONE = ("snoozed", "follow-ups", "spam", "unparsed")
"""Views that are one list of their own."""

VIEWS = (MINE, UNASSIGNED, ALL, DUE_SOON, BREACHED, "snoozed", "follow-ups", DONE, "spam", "unparsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What is wanted of a list; empty asks for any. `assignee` is an agent's id, ME or NOBODY, `due` one of DUE,
    `topic` a category, `language` an ISO 639-1 code."""

    team: str = ""
    assignee: str = ""
    status: str = ""
    priority: str = ""
    channel: str = ""
    tag: str = ""
    topic: str = ""
    tier: str = ""
    language: str = ""
    due: str = ""

    def __post_init__(self) -> None:
        for name, allowed in (("status", tuple(Status)), ("priority", tuple(Priority)), ("due", DUE)):
            value = getattr(self, name)
            if value and value not in allowed:
                raise InvalidInput(f"is none of {', '.join(allowed)}", name)
        for name, value in self.wanted.items():
            if len(value) > WORD_LIMIT:
                raise InvalidInput(f"must have at most {WORD_LIMIT} characters", name)

    @property
    def wanted(self) -> dict[str, str]:
        """What is asked for, by the names above, in their order."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    def without(self, name: str) -> "Criteria":
        """Give what is left when one thing is no longer asked for."""
        return replace(self, **{name: ""})

    def fits(self, card: Card, agent_id: str, now: datetime) -> bool:
        """Whether a card is wanted by this agent at `now`."""
        return (
            (not self.assignee or card.assignee_id == {ME: agent_id, NOBODY: ""}.get(self.assignee, self.assignee))
            and (not self.team or card.team_id == self.team)
            and (not self.status or card.status.value == self.status)
            and (not self.priority or card.priority.value == self.priority)
            and (not self.channel or card.channel == self.channel)
            and (not self.tag or self.tag.casefold() in (tag.casefold() for tag in card.tags))
            and (not self.topic or card.category.casefold() == self.topic.casefold())
            and (not self.tier or card.tier.casefold() == self.tier.casefold())
            and (not self.language or card.language == self.language)
            and (not self.due or _due_fits(card, self.due, now))
        )


NAMES: tuple[str, ...] = tuple(field.name for field in fields(Criteria))
"""What can be asked for."""


def _due_fits(card: Card, due: str, now: datetime) -> bool:
    if due == "none" or card.due_at is None:
        return due == "none" and card.due_at is None
    seconds = {"overdue": 0, "hour": SOON_SECONDS, "day": DAY_SECONDS}[due]
    return card.due_at <= now + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view kept under a name: the list `base` (one of VIEWS, or `team:<id>`), and what of it is wanted."""

    id: str
    name: str
    base: str
    criteria: Criteria = Criteria()

    @property
    def view(self) -> str:
        """What the inbox calls it."""
        return f"{SAVED}{self.id}"


@dataclass(frozen=True, slots=True)
class SavedViews:
    """The views of one agent, or with an empty `owner` those for everybody, in the order in which they are shown."""

    owner: str
    views: tuple[SavedView, ...] = ()
    version: int = 0

    def find(self, view_id: str) -> SavedView | None:
        """Give a view, if it is one of these."""
        return next((view for view in self.views if view.id == view_id), None)

    def with_view(self, view: SavedView) -> "SavedViews":
        """Give them with one more; one of the same name is replaced where it stands. Raises InvalidInput."""
        name = view.name.strip()
        if not 1 <= len(name) <= NAME_LIMIT:
            raise InvalidInput(f"give it a name of 1 to {NAME_LIMIT} characters", "name")
        known = next((one for one in self.views if one.name.casefold() == name.casefold()), None)
        kept = replace(view, name=name, id=known.id if known else view.id)
        if known:
            return replace(self, views=tuple(kept if one is known else one for one in self.views))
        if self.find(view.id):
            return self  # the same form, sent twice
        if len(self.views) >= MOST_VIEWS:
            raise InvalidInput(f"there are {MOST_VIEWS} views, which is the most; take one away first", "name")
        return replace(self, views=(*self.views, kept))

    def without_view(self, view_id: str) -> "SavedViews":
        """Give them without one, if it is there."""
        return replace(self, views=tuple(one for one in self.views if one.id != view_id))

    def moved(self, view_id: str, step: int) -> "SavedViews":
        """Give them with one moved by so many places, towards the end where `step` is positive."""
        rest = [one for one in self.views if one.id != view_id]
        view = self.find(view_id)
        if view is None:
            return self
        place = max(0, min(len(rest), self.views.index(view) + step))
        return replace(self, views=(*rest[:place], view, *rest[place:]))


def refuse_unknown_view(view: str, roster: Roster) -> None:
    """Raise InvalidInput for what is none of VIEWS and no team's list."""
    if view not in VIEWS and view not in {f"{TEAM}{team.id}" for team in roster.teams}:
        raise InvalidInput(f"is none of {', '.join(VIEWS)} and no team", "view")


def read_criteria(given: Mapping[str, str]) -> Criteria:
    """Give what is asked for by these names; others are left aside. Raises InvalidInput."""
    return Criteria(**{name: " ".join(given.get(name, "").split()) for name in NAMES})
