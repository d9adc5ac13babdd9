"""The worked case's plan, and generated tasks, for the tests of planning."""

from datetime import date
from functools import cache

from hypothesis import strategies as st

from bot.method.plan import gap_tasks
from bot.method.programme import ProgrammeClock
from bot.method.scheduling import Capacity
from bot.method.tasks import Task, TaskState
from bot.playbook.load import load_playbook
from tests.method.worked import at_gate, worked_case

PLAYBOOK = load_playbook()
CLOCK = ProgrammeClock(date(2027, 1, 4), "Europe/Berlin")
TODAY = date(2027, 1, 28)
"""Thursday of week 4, when the diagnosis has closed."""

CAPACITY: Capacity = {"5-8": worked_case()["capacity_days_weeks_5_8"]}

GROUPS = list(PLAYBOOK.group_names)


@cache
def worked_tasks() -> dict[str, Task]:
    """Key to task of the worked case's diagnosis."""
    tasks = gap_tasks(PLAYBOOK, at_gate(0), CLOCK, TODAY, CAPACITY)
    return {task.key: task for task in tasks}


def task(
    key: str,
    effort: float = 1,
    after: tuple[str, ...] = (),
    *,
    group: str = "it_ops",
    window: str = "5-8",
    state: TaskState = "not_started",
    blocking: bool = True,
    priority: int = 0,
    due: date = TODAY,
) -> Task:
    """A task that closes a gap, with only what a test cares for."""
    return Task(
        key=key,
        kind="close_gap",
        title=f"Do {key}",
        group=group,
        due=due,
        effort_days=effort,
        done="It is done",
        window=window,
        after=after,
        blocking=blocking,
        priority=priority,
        state=state,
    )


@st.composite
def task_graphs(draw: st.DrawFn) -> list[Task]:
    """Up to eight tasks; each may come after earlier ones whose window is not later."""
    windows = [window.id for window in PLAYBOOK.windows]
    made: list[Task] = []
    for index in range(draw(st.integers(0, 8))):
        window = draw(st.sampled_from(windows))
        earlier = [
            one.key for one in made if one.window and windows.index(one.window) <= windows.index(window)
        ]
        after = draw(st.sets(st.sampled_from(earlier), max_size=3)) if earlier else ()
        made.append(
            task(
                f"t{index}",
                draw(st.integers(0, 30)) / 2,
                tuple(sorted(after)),
                group=draw(st.sampled_from(GROUPS)),
                window=window,
                priority=draw(st.integers(0, 9)),
            )
        )
    return made
