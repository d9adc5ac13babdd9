"""From what has to be done to when: each group one task after the other, at its pace, after what it needs.

Counts in programme days: position 20.0 is the first moment of the day with number 20. Knows tasks and the
programme clock, no people and no assessment.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.method.chains import waiting_behind
from bot.method.effort import Days
from bot.method.programme import PER_WEEK, ProgrammeClock, window_weeks
from bot.method.tasks import Task
from bot.playbook.rules import CAPACITY_WINDOW

Capacity = Mapping[str, Mapping[str, Days]]
"""Window to group to the working days its people have in it; what is not known is left out."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many days of effort each group does on a programme day, from the capacity that is known.

    A group of which nothing is known in a window keeps its pace of weeks 5-8; without that, one person works
    full time.
    """

    capacity: Capacity

    def of(self, group: str, window: str) -> float:
        """Effort days per programme day, above 0."""
        for known in (window, CAPACITY_WINDOW):
            if days := self.capacity.get(known, {}).get(group):
                return days / window_days(known)
        return 1.0


def window_days(window: str) -> int:
    """The programme days of a window."""
    first, last = window_weeks(window)
    return (last - first + 1) * PER_WEEK


def dated(tasks: Sequence[Task], clock: ProgrammeClock, today: date, pace: Pace) -> tuple[Task, ...]:
    """The tasks with start and due dates, in the order in which they are begun.

    A group takes what it can begin first; of several on the same day, what has the higher priority, then
    what more waits behind. No task is due before one it comes after, and none after its window unless that
    is over already. Windows are taken one after the other. Tasks must not make a circle.
    """
    behind = waiting_behind(tasks)
    order = {task.key: index for index, task in enumerate(tasks)}
    scheduler = _Scheduler(clock, today, pace)
    waiting = list(tasks)
    placed: list[Task] = []
    while waiting:
        left = {task.key for task in waiting}
        task = min(
            (task for task in waiting if left.isdisjoint(task.after)),
            key=lambda one: (
                window_weeks(_window(one)),
                math.floor(scheduler.start(one)),
                -one.priority,
                -behind.get(one.key, 0),
                order[one.key],
            ),
        )
        waiting.remove(task)
        placed.append(scheduler.place(task))
    return tuple(placed)


def _window(task: Task) -> str:
    return task.window or CAPACITY_WINDOW


class _Scheduler:
    """Remembers until when each group is busy and when each placed task ends."""

    def __init__(self, clock: ProgrammeClock, today: date, pace: Pace) -> None:
        self._clock = clock
        self._today = today
        self._now = clock.number(today, today)
        self._pace = pace
        self._free: dict[str, float] = {}
        self._finished: dict[str, float] = {}
        self._due: dict[str, int] = {}

    def start(self, task: Task) -> float:
        """When its group can begin it; everything it comes after has been placed."""
        opens = (window_weeks(_window(task))[0] - 1) * PER_WEEK
        before = (self._finished.get(key, 0) for key in task.after)
        return max(opens, self._now, self._free.get(task.group, 0), *before)

    def place(self, task: Task) -> Task:
        """The task with its dates; its group is busy until it ends."""
        start = self.start(task)
        finish = start + task.left / self._pace.of(task.group, _window(task))
        self._free[task.group] = self._finished[task.key] = finish
        due = self._due_number(task, start, finish)
        self._due[task.key] = due
        return replace(task, start=self._date(min(math.floor(start), due)), due=self._date(due))

    def _due_number(self, task: Task, start: float, finish: float) -> int:
        """The programme day it is due: when it ends, by the end of its window, not before what it needs."""
        closes = window_weeks(_window(task))[1] * PER_WEEK
        latest = closes if closes > self._now else math.inf
        last_day = max(math.ceil(finish) - 1, math.floor(start))
        return max(int(min(last_day, latest - 1)), *(self._due.get(key, 0) for key in task.after), 0)

    def _date(self, number: int) -> date:
        return self._clock.date_of(number, self._today)
