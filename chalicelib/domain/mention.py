"""Who is called upon in a note: `@ada`, `@Ada Lovelace`, `@support`, or `@team` for the ticket's own team."""

from collections.abc import Iterator

from chalicelib.domain.people import Agent, Roster

OWN_TEAM = ("team", "团队")
MOST_MENTIONED = 40
"""As many ids as one fact can tell."""

_PART_OF_A_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_BEFORE_A_DOMAIN = _PART_OF_A_WORD | frozenset(".%+-")


def mentioned(text: str, roster: Roster, team_id: str) -> tuple[str, ...]:
    """Give the ids of the agents at work whom a text calls upon, in order, each once.

    An agent goes by id, full name, or a first name that nobody else has; a team by id or name, or as the ticket's own
    (`team_id`). The longest name that fits counts. A mail address (`jo@support.example`) calls upon nobody, and neither
    does a longer word; Chinese names need no space after them.
    """
    names = _names(roster, team_id)
    longest_first = sorted(names, key=len, reverse=True)
    folded, found = text.casefold(), dict[str, None]()
    for place in _signs(folded):
        rest = folded[place + 1 :]
        name = next((one for one in longest_first if rest.startswith(one) and _ends(one, rest)), "")
        found.update(dict.fromkeys(names.get(name, ())))
    return tuple(found)[:MOST_MENTIONED]


def _names(roster: Roster, team_id: str) -> dict[str, tuple[str, ...]]:
    at_work = [agent for agent in roster.agents if agent.active]
    first = [agent.name.casefold().partition(" ")[0] for agent in at_work]
    found: dict[str, tuple[str, ...]] = {}
    if team_id:
        found |= dict.fromkeys(OWN_TEAM, _members(at_work, team_id))
    for team in roster.teams:
        found |= dict.fromkeys((team.id.casefold(), team.name.casefold()), _members(at_work, team.id))
    for agent in at_work:
        alone = (agent.name.casefold().partition(" ")[0],)
        known = (*(alone if first.count(alone[0]) == 1 else ()), agent.name.casefold(), agent.id.casefold())
        found |= dict.fromkeys(known, (agent.id,))
    return {name: ids for name, ids in found.items() if name.strip()}


def _members(agents: list[Agent], team_id: str) -> tuple[str, ...]:
    return tuple(agent.id for agent in agents if team_id in agent.team_ids)


def _signs(text: str) -> Iterator[int]:
    """Where an `@` stands that no mail address holds."""
    for place, sign in enumerate(text):
        if sign in "@＠" and (place == 0 or text[place - 1] not in _BEFORE_A_DOMAIN):
            yield place


def _ends(name: str, rest: str) -> bool:
    after = rest[len(name) : len(name) + 2]
    if name[-1] not in _PART_OF_A_WORD or not after:
        return True
    if after[0] in ".-":
        return len(after) < 2 or after[1] not in _PART_OF_A_WORD
    return after[0] not in _PART_OF_A_WORD
