"""The dated plan: from an assessment and the playbook's weeks to tasks (method 3.9 and 4).

A blocking gap becomes its remediation, inside its window and after what it depends on; an unproven one a
"show it", an unknown one a "find out"; a week's deliverables are due in that week. The same input gives the
same tasks with the same keys, so that a plan can be made again and compared. Knows no people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bot.method.assessment import Assessment, CriterionResult
from bot.method.programme import ProgrammeClock
from bot.method.scheduling import Capacity, Pace, dated
from bot.method.tasks import Task
from bot.playbook.model import Criterion, Playbook

PROOF_DAYS = 5
"""Programme days in which existing work is shown (method 3.5)."""

FIND_OUT_DAYS = 5
"""Programme days in which an unknown is found out: then rule E7 tells the owner."""

FIND_OUT_EFFORT = 1


def gap_tasks(
    playbook: Playbook,
    assessment: Assessment,
    clock: ProgrammeClock,
    today: date,
    capacity: Capacity | None = None,
) -> tuple[Task, ...]:
    """The tasks that an assessment asks for: close what blocks, show what is unproven, find out the rest.

    A visibility gap that nothing else closes is found out too (rule E7). Mitigations are asked for elsewhere.
    """
    blocking = {one.criterion: one.priority for one in assessment.blocking_in_priority_order}
    shown = assessment.gaps("proof_gap")
    unseen = [
        result
        for result in assessment.gaps("unknown", "manageable")
        if result.status == "unknown" or "visibility_gap" in result.flags
    ]
    return (
        *close_tasks(playbook, blocking, clock, today, capacity),
        *(_show_it(playbook, result, clock, today) for result in shown),
        *(_find_out(playbook, result, clock, today) for result in unseen),
    )


def close_tasks(
    playbook: Playbook,
    blocking: Mapping[str, int],
    clock: ProgrammeClock,
    today: date,
    capacity: Capacity | None = None,
) -> tuple[Task, ...]:
    """The dated remediation tasks of these criteria (id to priority, most pressing first).

    How they are dated: see `scheduling.dated`. What does not fit is what `forecast.fit` tells.
    """
    tasks = [_close(playbook.criterion(name), blocking) for name in blocking]
    return dated(tasks, clock, today, Pace(capacity or {}))


def deliverable_tasks(
    playbook: Playbook, clock: ProgrammeClock, today: date, weeks: Iterable[int] | None = None
) -> tuple[Task, ...]:
    """The deliverables of the playbook's weeks as tasks, all from week 1 on if no weeks are named.

    The week's first group owns them, all its groups take part; they are due on the week's last day.
    """
    wanted = None if weeks is None else set(weeks)
    return tuple(
        Task(
            key=f"week:{week.week}:{index}",
            kind="deliverable",
            title=text,
            group=week.who[0],
            groups=week.who,
            due=clock.end_of_week(week.week, today),
            start=clock.start_of_week(week.week, today),
            effort_days=0,
            done="It is linked here, and somebody from another group has looked at it",
            week=week.week,
        )
        for week in playbook.plan.weeks
        if week.week > 0 and (wanted is None or week.week in wanted)
        for index, text in enumerate(week.deliverables)
    )


def redated(tasks: Iterable[Task], clock: ProgrammeClock, before: ProgrammeClock, today: date) -> list[Task]:
    """The tasks moved from one clock to another after a hold came or went: each keeps its programme day.

    What is done, cancelled or was due before today stays where it is.
    """

    def moved(day: date) -> date:
        return clock.date_of(before.number(day, today), today) if day >= today else day

    return [
        replace(task, due=moved(task.due), start=task.start and moved(task.start)) if task.open else task
        for task in tasks
    ]


def _show_it(playbook: Playbook, result: CriterionResult, clock: ProgrammeClock, today: date) -> Task:
    criterion = playbook.criterion(result.id)
    group = playbook.group_names[criterion.authority]
    what = "; ".join(item.what for item in criterion.evidence) or criterion.title
    return Task(
        key=f"proof:{criterion.id}",
        kind="show_it",
        title=f"Show it: {criterion.title}",
        group=criterion.authority,
        groups=(criterion.authority,),
        start=today,
        due=_in_days(clock, today, PROOF_DAYS),
        effort_days=PROOF_DAYS,
        done=f"{what}: linked here and checked by somebody outside {group}",
        criterion=criterion.id,
        window=criterion.remediation.window,
        blocking=result.criticality == "hard",
        priority=result.priority,
    )


def _find_out(playbook: Playbook, result: CriterionResult, clock: ProgrammeClock, today: date) -> Task:
    criterion = playbook.criterion(result.id)
    return Task(
        key=f"find:{criterion.id}",
        kind="find_out",
        title=f"Find out: {criterion.title}",
        group=criterion.authority,
        groups=tuple(criterion.asks),
        start=today,
        due=_in_days(clock, today, FIND_OUT_DAYS),
        effort_days=FIND_OUT_EFFORT,
        done=f"Somebody can see it and has answered: {criterion.asks[criterion.authority]}",
        criterion=criterion.id,
        window=playbook.windows[0].id,
        blocking=result.status == "unknown",
        priority=result.priority,
    )


def _in_days(clock: ProgrammeClock, today: date, days: int) -> date:
    return clock.date_of(clock.number(today, today) + days, today)


def _close(criterion: Criterion, blocking: Mapping[str, int]) -> Task:
    """The remediation as a task, not dated yet."""
    remedy = criterion.remediation
    return Task(
        key=_gap_key(criterion.id),
        kind="close_gap",
        title=remedy.task,
        group=remedy.owner,
        groups=tuple(criterion.asks),
        due=date.max,
        effort_days=remedy.effort_days,
        done=remedy.done,
        criterion=criterion.id,
        window=remedy.window,
        after=tuple(_gap_key(name) for name in remedy.depends_on if name in blocking),
        blocking=True,
        priority=blocking[criterion.id],
    )


def _gap_key(criterion: str) -> str:
    return f"gap:{criterion}"
