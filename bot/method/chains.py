"""Which tasks wait for which: chains, circles, and what doing a task sets free.

A dependency on a task that is done, or that is not among those given, holds nothing up. Pure graph work over
`Task.key` and `Task.after`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from bot.method.effort import Days
from bot.method.tasks import Task


@dataclass(frozen=True, slots=True)
class Chain:
    """Tasks that wait for each other, the first one first, and the days of effort left on them."""

    keys: tuple[str, ...]
    days: Days


NO_CHAIN = Chain((), 0)


def makes_a_circle(tasks: Iterable[Task], key: str, after: Collection[str]) -> bool:
    """Whether tasks would wait for each other if `key` came after these."""
    graph: dict[str, Collection[str]] = {task.key: task.after for task in tasks}
    try:
        TopologicalSorter({**graph, key: after}).prepare()
    except CycleError:
        return True
    return False


def longest_chain(tasks: Iterable[Task]) -> Chain:
    """The chain of open tasks with the most effort left; `graphlib.CycleError` if tasks make a circle."""
    open_ = {task.key: task for task in tasks if task.open}
    graph = {key: [name for name in task.after if name in open_] for key, task in open_.items()}
    best: dict[str, Chain] = {}
    for key in TopologicalSorter(graph).static_order():
        before = max((best[name] for name in graph[key]), key=_days_of, default=NO_CHAIN)
        best[key] = Chain((*before.keys, key), before.days + open_[key].left)
    return max(best.values(), key=_days_of, default=NO_CHAIN)


def waiting_behind(tasks: Iterable[Task]) -> dict[str, Days]:
    """Open task to the days of effort that can't go on before it is done: what doing it unblocks."""
    open_ = {task.key: task for task in tasks if task.open}
    followers: dict[str, set[str]] = {key: set() for key in open_}
    for task in open_.values():
        for name in task.after:
            followers.get(name, set()).add(task.key)
    return {key: sum(open_[name].left for name in _reach(followers, key)) for key in open_}


def _reach(followers: Mapping[str, set[str]], key: str) -> set[str]:
    """Everything that comes after a task, directly or not, without the task itself."""
    found: set[str] = set()
    ahead = list(followers[key])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(followers[name])
    return found - {key}


def _days_of(chain: Chain) -> Days:
    return chain.days
