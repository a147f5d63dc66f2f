"""How much came in: by channel, by day, and by hour of the week."""

from chalicelib.domain.report_range import Period
from chalicelib.domain.report_stretch import Stretch, Tally, tallied

HOURS, WEEKDAYS = 24, 7


def by_channel(now: Stretch, before: Stretch) -> tuple[Tally, ...]:
    """Count what was opened by the channel that it came by."""
    return tallied(now.opened, before.opened, lambda card: card.channel)


def by_hour(stretch: Stretch) -> tuple[tuple[int, ...], ...]:
    """Count what was opened by weekday (Monday first) and hour of the day, by the wall clock of the range's zone.

    An hour that a clock shows twice counts both times; one that it skips has nothing.
    """
    counts = [[0] * HOURS for _ in range(WEEKDAYS)]
    for card in stretch.opened:
        local = card.created_at.astimezone(stretch.range.zone)
        counts[local.weekday()][local.hour] += 1
    return tuple(tuple(day) for day in counts)


def by_period(stretch: Stretch) -> tuple[tuple[Period, int, int], ...]:
    """Give, for each period, how many were opened and how many solved in it."""
    opened = stretch.range.by_period(stretch.opened, lambda card: card.created_at)
    solved = stretch.range.by_period(stretch.solved, lambda card: card.solved_at or card.updated_at)
    return tuple((period, len(opened[period]), len(solved[period])) for period in opened)
