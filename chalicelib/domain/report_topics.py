"""What customers wrote about, and what they write about more than before."""

from collections.abc import Collection
from math import sqrt

from chalicelib.domain.report_stretch import Stretch, Tally, tallied

LEAST_RISING = 3
"""Fewer tickets than these are no topic yet."""

UNLIKELY = 1.645
"""The 95th percentile of the normal distribution: of topics that stay as frequent as they were, one in twenty is seen
to rise so much by chance."""


def by_topic(now: Stretch, before: Stretch) -> tuple[Tally, ...]:
    """Count what was opened by its topic (the ticket's category)."""
    return tallied(now.opened, before.opened, lambda card: card.category)


def rising(topics: Collection[Tally]) -> tuple[Tally, ...]:
    """Give the topics that rose by more than chance would, the surest first; none where nothing came in before.

    Both ranges are equally long, so the difference of two Poisson counts over the root of their sum is nearly normal.
    """
    if not any(topic.before for topic in topics):
        return ()
    named = (topic for topic in topics if topic.name and topic.now >= LEAST_RISING)
    return tuple(sorted((topic for topic in named if _surprise(topic) > UNLIKELY), key=_surprise, reverse=True))


def _surprise(topic: Tally) -> float:
    return (topic.now - topic.before) / sqrt(topic.now + topic.before)
