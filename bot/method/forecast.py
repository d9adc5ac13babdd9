"""Whether the plan fits, what could be done if it does not, and which gate it will miss.

Two checks per window: each group's effort against its days, and the longest chain of dependencies against
the window's working days. More people shorten the first, never the second. Pure; recommends nothing by
itself, the options are laid side by side (method 3.9).
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.method.assessment import Alternative, Assessment
from bot.method.chains import Chain, longest_chain
from bot.method.effort import Days
from bot.method.plan import close_tasks
from bot.method.programme import PER_WEEK, ProgrammeClock, gate_week, window_weeks
from bot.method.scheduling import Capacity, Pace, window_days
from bot.method.tasks import Task
from bot.playbook.model import Playbook

_DAY = timedelta(days=1)

E5_DAYS = 5
"""Working days late from beyond which rule E5 tells business owner and sponsor."""


@dataclass(frozen=True, slots=True)
class Load:
    """A group's blocking work left in a window, against its days left; None where nobody stated them."""

    window: str
    group: str
    effort: Days
    capacity: Days | None

    @property
    def over(self) -> Days:
        """Days too many; nothing is claimed where the capacity is not known."""
        return 0 if self.capacity is None else max(self.effort - self.capacity, 0)


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """A window's longest chain of blocking work, against the working days left in the window."""

    window: str
    chain: Chain
    days: int

    @property
    def over(self) -> Days:
        """Days too many, however many people there are."""
        return max(self.chain.days - self.days, 0)


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the blocking work fits: by group and window, and by the longest chain of each window."""

    loads: tuple[Load, ...]
    chains: tuple[ChainCheck, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing is known to be too much."""
        return not (any(load.over for load in self.loads) or any(one.over for one in self.chains))


def fit(
    playbook: Playbook,
    tasks: Iterable[Task],
    clock: ProgrammeClock,
    today: date,
    capacity: Capacity | None = None,
) -> Fit:
    """Check the blocking work that is left against what is left of each window.

    A group's stated days shrink with the window: half of them are left in its middle.
    """
    blocking = [task for task in tasks if task.open and task.blocking and task.kind in ("close_gap", "own")]
    loads: list[Load] = []
    chains: list[ChainCheck] = []
    for window in playbook.windows:
        inside = [task for task in blocking if task.window == window.id]
        if inside:
            share = _share_left(window.id, clock, today)
            known = (capacity or {}).get(window.id, {})
            loads.extend(_loads(playbook, window.id, inside, known, share))
            chains.append(ChainCheck(window.id, longest_chain(inside), _days_left(window.id, clock, today)))
    return Fit(tuple(loads), tuple(chains))


def _loads(
    playbook: Playbook, window: str, tasks: Collection[Task], known: Mapping[str, Days], share: float
) -> Iterable[Load]:
    for group in playbook.group_names:
        effort = sum(task.left for task in tasks if task.group == group)
        if effort:
            yield Load(window, group, effort, known[group] * share if group in known else None)


def _share_left(window: str, clock: ProgrammeClock, today: date) -> float:
    """The part of a window's programme days that is still to come."""
    last = window_weeks(window)[1] * PER_WEEK
    left = last - clock.number(today, today)
    return min(max(left / window_days(window), 0), 1)


def _days_left(window: str, clock: ProgrammeClock, today: date) -> int:
    first, last = window_weeks(window)
    start = max(clock.start_of_week(first, today), today)
    return clock.working_days(start, clock.end_of_week(last, today), today)


@dataclass(frozen=True, slots=True)
class MorePeople:
    """Add so many days of a group in a window. `enough` is False where a chain is too long as well."""

    window: str
    group: str
    days: Days
    enough: bool


@dataclass(frozen=True, slots=True)
class LessScope:
    """Launch with a lower value of one profile factor: what would then still block, and whether it fits."""

    factor: str
    value: str
    label: str
    blocking: int
    fit: Fit


@dataclass(frozen=True, slots=True)
class LaterDate:
    """Move a gate, and all after it, by so many working days to `day`."""

    gate: str
    days: int
    day: date


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop for good, with reason, lessons and what can be used again (S3)."""


Option = MorePeople | LessScope | LaterDate | Stop


def options(
    playbook: Playbook,
    assessment: Assessment,
    found: Fit,
    clock: ProgrammeClock,
    today: date,
    capacity: Capacity | None = None,
) -> tuple[Option, ...]:
    """The honest options when the plan does not fit; none when it does.

    Less scope is computed anew from the same answers for each lower autonomy, the nearest first.
    """
    if found.fits:
        return ()
    chained = any(one.over for one in found.chains)
    people = (
        MorePeople(load.window, load.group, load.over, enough=not chained)
        for load in found.loads
        if load.over
    )
    scope = (
        _less_scope(playbook, lower, clock, today, capacity)
        for lower in assessment.lower_autonomy
        if len(lower.blocking) < assessment.counts["blocking"]
    )
    later = _later(playbook, found, clock, today, Pace(capacity or {}))
    return (*people, *scope, *later, Stop())


def _less_scope(
    playbook: Playbook, lower: Alternative, clock: ProgrammeClock, today: date, capacity: Capacity | None
) -> LessScope:
    tasks = close_tasks(playbook, dict.fromkeys(lower.blocking, 0), clock, today, capacity)
    found = fit(playbook, tasks, clock, today, capacity)
    return LessScope(lower.factor, lower.value, lower.label, len(lower.blocking), found)


def _later(
    playbook: Playbook, found: Fit, clock: ProgrammeClock, today: date, pace: Pace
) -> Iterable[LaterDate]:
    """For the first window that is too full, its gate later by what is missing at the groups' own pace."""
    for window in playbook.windows:
        missing = [one.over / pace.of(one.group, window.id) for one in found.loads if one.window == window.id]
        missing += [float(one.over) for one in found.chains if one.window == window.id]
        days = math.ceil(max(missing, default=0))
        week = window_weeks(window.id)[1]
        gate = next((one.id for one in playbook.gates if gate_week(one) == week), None)
        if days and gate:
            yield LaterDate(gate, days, clock.date_of(week * PER_WEEK - 1 + days, today))
            return


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a gate can be held, by the effort left on the longest chain (method 4.4).

    `late` is in working days, below 0 where there is room. `expected` is never before `planned`.
    """

    gate: str
    planned: date
    expected: date
    chain: Chain
    days_left: int
    late: Days

    @property
    def escalates(self) -> bool:
        """Whether rule E5 fires."""
        return self.late > E5_DAYS


def forecast_gate(
    playbook: Playbook, gate_id: str, tasks: Iterable[Task], clock: ProgrammeClock, today: date
) -> Forecast:
    """Forecast a gate from what has to be done before it: blocking work of the windows that end by then.

    To be asked after every check-in and every hold. `KeyError` for an unknown gate.
    """
    week = gate_week(playbook.gates_by_id[gate_id])
    before = [
        task for task in tasks if task.blocking and task.window and window_weeks(task.window)[1] <= week
    ]
    chain = longest_chain(before)
    planned = clock.end_of_week(week, today)
    left = clock.working_days(today, planned, today) - clock.working_days(planned + _DAY, today, today)
    late = chain.days - left
    expected = planned
    if late > 0:
        expected = _after_working_days(clock, today, max(math.ceil(chain.days), 1))
    return Forecast(gate_id, planned, max(planned, expected), chain, left, late)


def _after_working_days(clock: ProgrammeClock, today: date, days: int) -> date:
    """The day on which so many working days, today included, are over."""
    number = clock.number(today, today) + days - 1
    day = clock.date_of(number, today)
    while clock.working_days(today, day, today) < days:
        number += 1
        day = clock.date_of(number, today)
    return day
