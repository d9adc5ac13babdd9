"""Working time: days and hours that count, in the zone of the person or channel addressed.

Wall time and IANA zone go in, moments come out (aware, UTC). Knows working weeks, public holidays and leave;
knows no programme, no task and no message, and never asks what time it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MONDAY, FRIDAY, SATURDAY = 0, 4, 5
DAYS_PER_WEEK = 7

HORIZON = 1000
"""Days in a row without work after which nobody waits any longer: more than any leave has."""

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


class NeverAtWork(ValueError):
    """There is no work for `HORIZON` days: somebody else must be asked."""


class UnknownPlace(ValueError):
    """No public holidays are known for this place."""


def is_working_day(day: date) -> bool:
    """Whether people are at work on this day, when nothing more is known than Monday to Friday."""
    return day.weekday() < SATURDAY


def add_working_days(moment: datetime, days: int, zone: str) -> datetime:
    """The moment `days` working days later, at the same local wall time, Monday to Friday.

    Counting starts on the next working day: two working days after Friday noon are Tuesday noon, and
    after Saturday noon too. A wall time that a clock change skips moves forward past the gap.
    """
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date()
    for _ in range(days):
        day = _next_working_day(day)
    return at_wall_time(day, local.timetz().replace(tzinfo=None), zone)


def at_wall_time(day: date, clock: time, zone: str) -> datetime:
    """A local wall time as a moment, always on `day` by the local calendar.

    The first of the two where it exists twice. Where a clock change skips it, as much later as the clock
    jumps; where that would be the next day already (Nuuk jumps at 23:00), as much earlier.
    """
    local = datetime.combine(day, clock, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).date() > day:
        return local.replace(fold=1).astimezone(UTC)
    return moment


def next_weekly(weekday: int, clock: time, zone: str, after: datetime) -> datetime:
    """The first moment after `after` at which it is `clock` on `weekday` (0 is Monday) in `zone`.

    Exactly one in each local week: see `at_wall_time` for hours that a clock change skips or repeats.
    """
    local = after.astimezone(ZoneInfo(zone)).date()
    day = local + timedelta(days=weekday - local.weekday())
    moment = at_wall_time(day, clock, zone)
    while moment <= after:
        day += timedelta(days=DAYS_PER_WEEK)
        moment = at_wall_time(day, clock, zone)
    return moment


def week_key(moment: datetime, zone: str) -> str:
    """The local ISO week, as in `2027-W12`: names the one occurrence of what comes weekly."""
    year, week, _ = moment.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02}"


@lru_cache(maxsize=512)
def public_holidays(place: str, year: int) -> Mapping[date, str]:
    """Day to name of the public holidays of a year; `UnknownPlace` where none are known.

    `place` is an ISO country ("DE") or one of its parts ("DE-BY").
    """
    import holidays

    country, _, part = place.partition("-")
    try:
        return dict(holidays.country_holidays(country, subdiv=part or None, years=year, expand=False))
    except NotImplementedError:
        raise UnknownPlace(f"no public holidays are known for {place!r}") from None


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """When a person works: these weekdays (0 is Monday), from `start` to `end`, in an IANA zone.

    Raises ValueError for a week without days or hours, and `ZoneInfoNotFoundError` for an unknown zone.
    """

    zone: str
    days: frozenset[int] = frozenset(range(SATURDAY))
    start: time = time(9)
    end: time = time(17)

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(DAYS_PER_WEEK)):
            raise ValueError("weekdays are 0 (Monday) to 6, at least one of them")
        if self.start >= self.end:
            raise ValueError("a working day ends after it starts")
        ZoneInfo(self.zone)

    @property
    def day_length(self) -> timedelta:
        """The working time of an ordinary day."""
        return datetime.combine(date.min, self.end) - datetime.combine(date.min, self.start)


@dataclass(frozen=True, slots=True)
class Leave:
    """Days away, the last one included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """One person's working time: the week, without public holidays, other days off and leave.

    `country` is a place for `public_holidays`, None where none are observed. `days_off` are those of the
    whole organisation. Moments are aware; those given back are in UTC.
    """

    week: WorkWeek
    country: str | None = None
    days_off: frozenset[date] = frozenset()
    leave: tuple[Leave, ...] = ()

    def local_day(self, moment: datetime) -> date:
        """The date it is for the person."""
        return moment.astimezone(ZoneInfo(self.week.zone)).date()

    def works_on(self, day: date) -> bool:
        """Whether the person is at work on this day."""
        return day.weekday() in self.week.days and not self.excused_on(day)

    def excused_on(self, day: date) -> bool:
        """Whether the person is away for a reason: then silence is no silence, and a deputy is asked."""
        if day in self.days_off or any(leave.covers(day) for leave in self.leave):
            return True
        return self.country is not None and day in public_holidays(self.country, day.year)

    def hours_on(self, day: date) -> tuple[datetime, datetime] | None:
        """The start and the end of work on this day, None when the person is not at work."""
        if not self.works_on(day):
            return None
        start = at_wall_time(day, self.week.start, self.week.zone)
        return start, max(start, at_wall_time(day, self.week.end, self.week.zone))

    def is_working(self, moment: datetime) -> bool:
        """Whether the person is at work now; at the end of a day no longer."""
        hours = self.hours_on(self.local_day(moment))
        return hours is not None and hours[0] <= moment < hours[1]

    def next_moment(self, moment: datetime) -> datetime:
        """This moment if the person is at work, otherwise when they next are; `NeverAtWork` if never."""
        return next(self._stretches(moment))[0]

    def add(self, moment: datetime, working: timedelta) -> datetime:
        """The earliest moment by which the person has worked so long since `moment`; `NeverAtWork` if never.

        Eight hours after nine in the morning are five in the afternoon of the same day.
        """
        left = working
        for start, end in self._stretches(moment):
            if left <= end - start:
                return start + left
            left -= end - start
        raise AssertionError("stretches go on until NeverAtWork is raised")

    def add_days(self, moment: datetime, days: int) -> datetime:
        """So many working days later, at the same wall time; counts from `next_moment`.

        Two working days after Monday 14:00 are Wednesday 14:00; after Saturday, Wednesday when work starts.
        """
        start = self.next_moment(moment).astimezone(ZoneInfo(self.week.zone))
        day = start.date()
        for _ in range(days):
            day = self.next_day(day)
        return at_wall_time(day, start.time(), self.week.zone)

    def next_day(self, day: date) -> date:
        """The next working day after `day`; `NeverAtWork` if there is none."""
        return next(self._working_days(day + _DAY))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the person has worked from `start` to `end`; nothing when `end` is not later."""
        total = _NOTHING
        day, last = self.local_day(start), self.local_day(end)
        while day <= last:
            if hours := self.hours_on(day):
                total += max(_NOTHING, min(hours[1], end) - max(hours[0], start))
            day += _DAY
        return total

    def days_in(self, first: date, last: date) -> int:
        """The number of working days from `first` to `last`, both included."""
        return sum(self.works_on(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def _stretches(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working hours from `moment` on, day by day; empty ones are left out."""
        for day in self._working_days(self.local_day(moment)):
            hours = self.hours_on(day)
            if hours and hours[1] > moment and hours[1] > hours[0]:
                yield max(hours[0], moment).astimezone(UTC), hours[1]

    def _working_days(self, day: date) -> Iterator[date]:
        """The working days from `day` on."""
        idle = 0
        while idle < HORIZON:
            if self.works_on(day):
                yield day
                idle = -1
            day += _DAY
            idle += 1
        raise NeverAtWork(f"no work in the {HORIZON} days before {day}")


def _next_working_day(day: date) -> date:
    following = day + _DAY
    while not is_working_day(following):
        following += _DAY
    return following
