"""Whether the work that blocks fits the people who must do it: days per window and group."""

from collections.abc import Iterable, Mapping

from bot.playbook.model import Playbook
from bot.playbook.rules import CAPACITY_WINDOW

Days = int | float
"""Working days; halves are fine."""


def blocking_effort(playbook: Playbook, blocking: Iterable[str]) -> dict[str, dict[str, Days]]:
    """Window to group to the days that closing these criteria takes; what is empty is left out."""
    effort: dict[str, dict[str, Days]] = {window.id: {} for window in playbook.windows}
    for name in blocking:
        remediation = playbook.by_id[name].remediation
        days = effort[remediation.window]
        days[remediation.owner] = days.get(remediation.owner, 0) + remediation.effort_days
    return {
        window: {group: days[group] for group in playbook.group_names if group in days}
        for window, days in effort.items()
        if days
    }


def over_capacity(effort: Mapping[str, Mapping[str, Days]], capacity: Mapping[str, Days]) -> dict[str, Days]:
    """Group to the days its blocking work exceeds its capacity, in the window that capacity is asked for.

    A group without a stated capacity is left out: nothing is known, so nothing is claimed.
    """
    needed = effort.get(CAPACITY_WINDOW, {})
    return {
        group: days - capacity[group]
        for group, days in needed.items()
        if group in capacity and days > capacity[group]
    }
