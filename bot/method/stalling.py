"""Signs that a programme stalls, and three ways out of each (S7, S128, rules E2 and E14).

Looks at check-ins, dates and statuses that are handed in; says which sign, where, and which ways out, as
data. The words are elsewhere.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

BUSY_WITHIN = timedelta(weeks=2)
BUSY_TASKS = 5
"""So many tasks done within `BUSY_WITHIN`, and no criterion moved: rule E14."""

ALIKE = 80
"""From this likeness in percent on, two blockers are the same."""

TWICE = 2

Sign = Literal["no_movement", "same_blocker", "silent_owner", "date_moved"]

WayOut = Literal[
    "ask_who_is_waited_for",
    "decide_above",
    "plan_around",
    "hand_over",
    "split_task",
    "talk",
    "add_people",
    "cut_scope",
    "move_gate",
    "ask_answerers_again",
    "pick_blocking_work",
    "stop",
]

WAYS_OUT: Mapping[Sign, tuple[WayOut, WayOut, WayOut]] = {
    "no_movement": ("ask_answerers_again", "pick_blocking_work", "stop"),
    "same_blocker": ("ask_who_is_waited_for", "decide_above", "plan_around"),
    "silent_owner": ("talk", "hand_over", "split_task"),
    "date_moved": ("add_people", "cut_scope", "move_gate"),
}


@dataclass(frozen=True, slots=True)
class Blocker:
    """What stops a task, and on whom it waits if that is a person."""

    text: str
    waits_for: str | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What one week's check-in said about a task. `excused` is whether its owner was away that day."""

    answered: bool
    due: date
    blocker: Blocker | None = None
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Stall:
    """One sign of stalling, the task it shows on (None: the whole), and the ways out."""

    sign: Sign
    task: str | None

    @property
    def ways_out(self) -> tuple[WayOut, WayOut, WayOut]:
        """What could be done."""
        return WAYS_OUT[self.sign]


def stalls(
    checkins: Mapping[str, Sequence[CheckIn]],
    done: Iterable[datetime],
    status_changes: Collection[datetime],
    now: datetime,
) -> tuple[Stall, ...]:
    """Every sign there is now: for the whole first, then task by task.

    `checkins` maps each open task to its check-ins, oldest first; `done` and `status_changes` are the moments
    at which tasks were done and criteria changed their status.
    """
    whole = (Stall("no_movement", None),) if activity_without_movement(done, status_changes, now) else ()
    return (*whole, *(Stall(sign, task) for task, history in checkins.items() for sign in signs_of(history)))


def activity_without_movement(
    done: Iterable[datetime], status_changes: Iterable[datetime], now: datetime
) -> bool:
    """Rule E14: five or more tasks done in two weeks while no criterion changed its status."""
    since = now - BUSY_WITHIN
    busy = sum(since < moment <= now for moment in done) >= BUSY_TASKS
    return busy and not any(since < moment <= now for moment in status_changes)


def signs_of(history: Sequence[CheckIn]) -> Iterator[Sign]:
    """The signs that a task's check-ins show, oldest first."""
    if _same_blocker(history):
        yield "same_blocker"
    if missed_in_a_row(history) >= TWICE:
        yield "silent_owner"
    if _moves(history) >= TWICE:
        yield "date_moved"


def missed_in_a_row(history: Sequence[CheckIn]) -> int:
    """The check-ins missed since the last answer (rule E2); being away is no missing."""
    missed = 0
    for one in reversed(history):
        if one.answered:
            break
        missed += not one.excused
    return missed


def same(one: Blocker, other: Blocker) -> bool:
    """Whether two blockers are the same: they wait for the same person, or say much the same."""
    if one.waits_for is not None and one.waits_for == other.waits_for:
        return True
    return fuzz.token_sort_ratio(one.text, other.text, processor=default_process) >= ALIKE


def _same_blocker(history: Sequence[CheckIn]) -> bool:
    """Whether the two latest answers name the same blocker."""
    answers = [one for one in history if one.answered][-TWICE:]
    blockers = [one.blocker for one in answers if one.blocker is not None]
    return len(blockers) == TWICE and same(*blockers)


def _moves(history: Sequence[CheckIn]) -> int:
    """How often the due date moved back."""
    return sum(after.due > before.due for before, after in pairwise(history))
