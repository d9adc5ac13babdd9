"""The programme clock: weeks as the programme counts them, and the dates of gates and windows.

A programme day is a Monday to Friday on which the clock runs. Week 1 starts on the Monday the owner chose;
what holds the clock moves everything after it by as many programme days. Everything is counted anew from the
holds, nothing is stored. Knows no tasks and no messages.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.method.calendar import DAYS_PER_WEEK, MONDAY, is_working_day, public_holidays
from bot.playbook.model import Playbook
from bot.playbook.programme import Gate, Phase, Week

PER_WEEK = 5
"""Programme days in a week (playbook `plan.working_days_per_week`)."""

ASK_AGAIN_EVERY = timedelta(weeks=2)
"""A hold is asked about again (playbook `gate_rules.effects.hold`)."""

DECIDE_AFTER = timedelta(weeks=6)
"""A hold this long needs a decision: go on or stop for good (playbook `gate_rules.effects.hold`)."""

_DAY = timedelta(days=1)
_WEEKS = re.compile(r"(\d+)-(\d+)")
_END_OF_WEEK = re.compile(r"end of week (\d+)")

HoldKind = Literal["hold", "freeze", "repair"]
"""The clock stands because of a hold; because of a freeze agreed beforehand; for a recycled gate's repair."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Days on which the clock stands, `first` and `last` included; None while nobody knows the end.

    `review` is the day on which somebody looks at it again.
    """

    kind: HoldKind
    first: date
    last: date | None
    reason: str
    owner: str
    review: date

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("a hold ends on its first day or later")

    def covers(self, day: date, today: date) -> bool:
        """Whether the clock stands on this day, as far as is known today."""
        return self.first <= day <= self.known_last(today)

    def known_last(self, today: date) -> date:
        """The last day; of an open hold today, or the day before its review if that is still to come."""
        return max(today, self.review - _DAY) if self.last is None else self.last

    def ask_on(self, today: date) -> date:
        """The next day, from today on, on which the owner is asked whether it goes on."""
        passed = max(today - self.first, _DAY)
        return self.first + ASK_AGAIN_EVERY * -(-passed // ASK_AGAIN_EVERY)

    @property
    def decide_by(self) -> date:
        """The day on which going on or stopping for good has to be decided."""
        return self.first + DECIDE_AFTER


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """Where the programme stands: "week 6 of 12 (calendar week 8)".

    `week` is 0 before the start; `of` is None after the last week of the plan to production. `calendar_week`
    counts weeks since the start as a wall calendar would. `hold` is what stops the clock today.
    """

    week: int
    of: int | None
    calendar_week: int
    hold: Hold | None

    @property
    def calendar_differs(self) -> bool:
        """Whether the calendar week has to be said too."""
        return self.week != self.calendar_week


@dataclass(frozen=True)
class ProgrammeClock:
    """Counts the programme's days and weeks, in the initiative's zone.

    `start` is the Monday of week 1; ValueError for another day. `country` is the place whose public holidays
    are no working days; they don't stop the clock.
    """

    start: date
    zone: str = "UTC"
    holds: tuple[Hold, ...] = ()
    weeks: int = 12
    country: str | None = None

    def __post_init__(self) -> None:
        if self.start.weekday() != MONDAY:
            raise ValueError("week 1 starts on a Monday")

    def today(self, now: datetime) -> date:
        """The date in the initiative's zone."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def week_at(self, now: datetime) -> WeekPoint:
        """Where the programme stands at this moment."""
        today = self.today(now)
        week = self.week_on(today, today)
        return WeekPoint(
            week=week,
            of=self.weeks if week <= self.weeks else None,
            calendar_week=max((today - self.start).days // DAYS_PER_WEEK + 1, 0),
            hold=self.held_on(today, today),
        )

    def week_on(self, day: date, today: date) -> int:
        """The programme week of a day, 0 before the start; on a weekend or a held day the week before it."""
        if day < self.start:
            return 0
        return max((self.number(day + _DAY, today) - 1) // PER_WEEK + 1, 1)

    def held_on(self, day: date, today: date) -> Hold | None:
        """What stops the clock on this day, None when it runs."""
        return next((hold for hold in self.holds if hold.covers(day, today)), None)

    def runs_on(self, day: date, today: date) -> bool:
        """Whether this is a programme day."""
        return is_working_day(day) and self.held_on(day, today) is None

    def number(self, day: date, today: date) -> int:
        """How many programme days lie before this day: the first Monday's number is 0, before it less."""
        if day < self.start:
            return -sum(is_working_day(before) for before in _days(day, self.start))
        return sum(self.runs_on(before, today) for before in _days(self.start, day))

    def date_of(self, number: int, today: date) -> date:
        """The date of a programme day by its number; days before the start are plain working days."""
        day, left = self.start, number
        while left < 0:
            day -= _DAY
            left += is_working_day(day)
        while number >= 0 and (left or not self.runs_on(day, today)):
            left -= self.runs_on(day, today)
            day += _DAY
        return day

    def end_of_week(self, week: int, today: date) -> date:
        """The last programme day of a week: its Friday, moved by what held the clock up to then."""
        return self.date_of(week * PER_WEEK - 1, today)

    def start_of_week(self, week: int, today: date) -> date:
        """The first programme day of a week: its Monday, moved likewise."""
        return self.date_of((week - 1) * PER_WEEK, today)

    def working_days(self, first: date, last: date, today: date) -> int:
        """Programme days from `first` to `last`, both included, that are no public holidays."""
        days = _days(first, last + _DAY)
        return sum(self.runs_on(day, today) and not self._holiday(day) for day in days)

    def _holiday(self, day: date) -> bool:
        return self.country is not None and day in public_holidays(self.country, day.year)


def _days(first: date, end: date) -> Iterator[date]:
    """The days from `first` up to but without `end`."""
    return (first + timedelta(days=n) for n in range((end - first).days))


def window_weeks(window: str) -> tuple[int, int]:
    """The first and the last week of a window ("5-8"); ValueError for a name that holds no weeks."""
    match = _WEEKS.fullmatch(window)
    if match is None:
        raise ValueError(f"window {window!r} does not say its weeks, as 5-8 does")
    return int(match[1]), int(match[2])


def gate_week(gate: Gate) -> int:
    """The week at whose end a gate is held (playbook `gates.when`); ValueError if it names none."""
    match = _END_OF_WEEK.search(gate.when)
    if match is None:
        raise ValueError(f"gate {gate.id} says {gate.when!r}, not at the end of which week it is held")
    return int(match[1])


def gate_dates(playbook: Playbook, clock: ProgrammeClock, today: date) -> dict[str, date]:
    """Gate to the day it is held, as far as is known today."""
    return {gate.id: clock.end_of_week(gate_week(gate), today) for gate in playbook.gates}


def next_gate(playbook: Playbook, decided: Collection[str]) -> Gate | None:
    """The first gate, in the playbook's order, that has not been decided; None when all have."""
    return next((gate for gate in playbook.gates if gate.id not in decided), None)


def phase_of(playbook: Playbook, week: int) -> Phase | None:
    """The phase that a week lies in."""
    for phase in playbook.plan.phases:
        first, last = phase.weeks
        if first <= week and (last is None or week <= last):
            return phase
    return None


def plan_week(playbook: Playbook, week: int) -> Week | None:
    """What the playbook says about a week: theme, deliverables, questions; None after its last."""
    return next((one for one in playbook.plan.weeks if one.week == week), None)


def released_by(playbook: Playbook, gate: str) -> Mapping[str, int]:
    """The slices of funding that a go at this gate releases, in percent (playbook `funding`)."""
    funding = playbook.funding
    return {
        slice_: funding.default_slices_percent[slice_]
        for slice_, by in funding.released_by.items()
        if by == gate
    }
