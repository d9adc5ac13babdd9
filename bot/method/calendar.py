"""Working time: days that count, in the zone of the person or channel addressed.

Wall time and IANA zone go in, moments come out. Monday to Friday are working days here; personal
working hours, holidays and leave are not known to this module.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < _SATURDAY


def add_working_days(moment: datetime, days: int, zone: str) -> datetime:
    """The moment `days` working days later, at the same local wall time.

    Counting starts on the next working day: two working days after Friday noon are Tuesday noon, and
    after Saturday noon too. A wall time that a clock change skips moves forward past the gap.
    """
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date()
    for _ in range(days):
        day = _next_working_day(day)
    return at_wall_time(day, local.timetz().replace(tzinfo=None), zone)


def at_wall_time(day: date, clock: time, zone: str) -> datetime:
    """A local wall time as a moment.

    Past the gap where it does not exist, the first of the two where it exists twice.
    """
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def _next_working_day(day: date) -> date:
    following = day + timedelta(days=1)
    while not is_working_day(following):
        following += timedelta(days=1)
    return following
