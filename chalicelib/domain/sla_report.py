"""Promises kept and broken, by everything that an owner may want to tell them apart by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from chalicelib.domain.card import Card
from chalicelib.domain.report import Attainment
from chalicelib.domain.sla_policy import METRICS

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Group:
    """The tickets that have one thing in common, `value`, and how their promises went, by metric and altogether."""

    value: str
    tickets: int
    by_metric: Mapping[str, Attainment]

    @property
    def overall(self) -> Attainment:
        """Kept and broken promises of every metric."""
        every = self.by_metric.values()
        return Attainment(sum(one.met for one in every), sum(one.breached for one in every))


@dataclass(frozen=True, slots=True)
class SlaReport:
    """How promises went on the tickets opened from `start` up to, not including, `end`.

    `by` holds the groups of each trait: policy, team, channel, priority, and hour_of_week (`mon 09`, when the ticket
    was opened by the desk's own clock).
    """

    start: datetime
    end: datetime
    everything: Group
    by: Mapping[str, Sequence[Group]]


def report_promises(cards: Iterable[Card], start: datetime, end: datetime, zone: tzinfo) -> SlaReport:
    """Give the report from the cards of all tickets that were opened in the time, and any others.

    A promise counts where its ticket was opened, by what the ticket is now; mail on a shelf has none.
    """
    opened = [card for card in cards if not card.shelf and start <= card.created_at < end]
    traits: Mapping[str, Callable[[Card], str]] = {
        "policy": lambda card: card.policy_id,
        "team": lambda card: card.team_id,
        "channel": lambda card: card.channel,
        "priority": lambda card: card.priority.value,
        "hour_of_week": lambda card: hour_of_week(card.created_at, zone),
    }
    by = {name: _groups(opened, trait) for name, trait in traits.items()}
    return SlaReport(start, end, _group("", opened), by)


def hour_of_week(at: datetime, zone: tzinfo) -> str:
    """Give the day and hour that a zone's clocks show at an instant: `mon 09`."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local:%H}"


def _groups(cards: Sequence[Card], trait: Callable[[Card], str]) -> tuple[Group, ...]:
    sorted_out: dict[str, list[Card]] = {}
    for card in cards:
        sorted_out.setdefault(trait(card), []).append(card)
    return tuple(_group(value, sorted_out[value]) for value in sorted(sorted_out, key=_in_week))


def _in_week(value: str) -> tuple[int, str]:
    """Hours of the week in the order of the week, everything else by its name."""
    day = value[:3]
    return (DAYS.index(day) if day in DAYS and len(value) == 6 else 0, value)


def _group(value: str, cards: Sequence[Card]) -> Group:
    found = {}
    for metric in METRICS:
        verdicts = [card.verdicts.get(metric, (0, 0)) for card in cards]
        found[metric] = Attainment(sum(met for met, _ in verdicts), sum(broken for _, broken in verdicts))
    return Group(value, len(cards), found)
