"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

# A Tuesday morning in a week without holidays.
START = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)


class FakeClock:
    """Tells the time a test set."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        """The time last set."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Jump to a moment."""
        self._now = moment

    def advance(self, **duration: float) -> None:
        """Move on by a duration, in timedelta's words."""
        self._now += timedelta(**duration)
