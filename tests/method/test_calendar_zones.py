"""What comes weekly, in every IANA zone over three years: once per local week, at the wall time asked for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.method.calendar import at_wall_time, next_weekly, week_key

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2029, 1, 1, tzinfo=UTC)
ZONES = sorted(available_timezones())


def offset(moment: datetime, zone: str) -> timedelta | None:
    return moment.astimezone(ZoneInfo(zone)).utcoffset()


def changes(zone: str) -> Iterator[tuple[datetime, datetime]]:
    """The local wall times just before and just after each clock change of the three years."""
    info, day = ZoneInfo(zone), FIRST
    while day < END:
        low, high = day, day + timedelta(days=1)
        if offset(low, zone) != offset(high, zone):
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                changed = offset(middle, zone) != offset(day, zone)
                low, high = (low, middle) if changed else (middle, high)
            yield low.astimezone(info).replace(tzinfo=None), high.astimezone(info).replace(tzinfo=None)
        day += timedelta(days=1)


def awkward(zone: str) -> set[tuple[int, time]]:
    """Monday 09:00, and the weekday and middle of every hour that a change skips or repeats."""
    found = {(0, time(9))}
    for before, after in changes(zone):
        middle = before + (after - before) / 2
        found.add((middle.weekday(), middle.time().replace(second=0, microsecond=0)))
    return found


def exists(day: date, clock: time, zone: str) -> bool:
    local = datetime.combine(day, clock, ZoneInfo(zone))
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


def faults(zone: str, weekday: int, clock: time) -> Iterator[str]:
    """Everything that is wrong with a weekly occurrence over three years."""
    info = ZoneInfo(zone)
    moment = next_weekly(weekday, clock, zone, FIRST)
    monday: date | None = None
    while moment < END:
        local = moment.astimezone(info)
        if local.weekday() != weekday:
            yield f"{local} is another day"
        if local.time() != clock and exists(local.date(), clock, zone):
            yield f"{local} is not at {clock}"
        week = local.date() - timedelta(days=local.weekday())
        if monday is not None and week - monday != timedelta(weeks=1):
            yield f"{local} leaves out or repeats a week"
        monday, following = week, next_weekly(weekday, clock, zone, moment)
        if following <= moment:
            yield f"{local} does not go on"
            return
        moment = following


def test_in_every_zone_it_comes_once_per_local_week_at_its_wall_time() -> None:
    wrong = {
        f"{zone} {weekday} {clock}": found
        for zone in ZONES
        for weekday, clock in awkward(zone)
        if (found := list(faults(zone, weekday, clock)))
    }
    assert len(ZONES) > 400
    assert wrong == {}


def test_some_of_these_zones_skip_and_repeat_hours() -> None:
    assert len(awkward("Europe/Berlin")) == 2
    assert len(awkward("Africa/Casablanca")) == 2
    assert awkward("Asia/Tokyo") == {(0, time(9))}


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("America/New_York", date(2027, 3, 14), time(2, 30), "2027-03-14T07:30"),  # skipped: 03:30 EDT
        ("America/New_York", date(2027, 11, 7), time(1, 30), "2027-11-07T05:30"),  # twice: the first, EDT
        (
            "America/Nuuk",
            date(2027, 3, 27),
            time(23, 30),
            "2027-03-28T00:30",
        ),  # skipped: 22:30, still Saturday
        ("Africa/Casablanca", date(2027, 2, 8), time(9), "2027-02-08T09:00"),  # Ramadan begins
        ("Africa/Casablanca", date(2027, 3, 15), time(9), "2027-03-15T08:00"),  # and is over
    ],
)
def test_wall_times_around_a_clock_change(zone: str, day: date, clock: time, utc: str) -> None:
    assert at_wall_time(day, clock, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_repeated_hour_does_not_bring_it_twice() -> None:
    sunday, clock, zone = 6, time(1, 30), "America/New_York"
    first = next_weekly(sunday, clock, zone, datetime(2027, 11, 6, tzinfo=UTC))
    assert first.isoformat() == "2027-11-07T05:30:00+00:00"
    between = first + timedelta(minutes=40)  # 01:10 for the second time, with 01:30 still ahead
    assert next_weekly(sunday, clock, zone, between).isoformat() == "2027-11-14T06:30:00+00:00"


def test_the_week_has_one_name_for_everything_in_it() -> None:
    late_sunday = datetime(2027, 1, 3, 23, tzinfo=UTC)
    assert week_key(late_sunday, "UTC") == "2026-W53"
    assert week_key(late_sunday, "Europe/Berlin") == "2027-W01"
