"""A clock that can be moved, so that deadlines and surveys can be watched."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Tells the machine's time plus what it was moved by; begun at an instant, it stands still until it is moved."""

    def __init__(self, start: datetime | None = None) -> None:
        """`start` None follows the machine's clock."""
        self._start = start
        self._moved = timedelta(0)

    def now(self) -> datetime:
        """Give the present UTC instant, to the millisecond."""
        now = (self._start or datetime.now(UTC)) + self._moved
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    @property
    def moved(self) -> timedelta:
        """How far the clock is ahead of where it began, or behind."""
        return self._moved

    def move_by(self, span: timedelta) -> None:
        """Move by a span; back only before anything happened, to tell a story that ends now."""
        self._moved += span

    def move_to(self, instant: datetime) -> None:
        """Move forward to an instant; a clock that is there already stays."""
        self._moved += max(timedelta(0), instant - self.now())
