"""From level and bar to status, gap and priority: what blocks, what can be carried, what is unproven."""

from bot.method.profile import Bar
from bot.playbook.base import Criticality, Status

WEIGHTS: dict[Criticality, int] = {"hard": 3, "compensable": 2, "supporting": 1}


def status_of(reconciled: int | None, effective: int | None, bar: Bar) -> Status:
    """The status of a criterion that applies; the rules are tried in this order."""
    if reconciled is None or effective is None:
        return "unknown"
    if effective >= bar.required:
        return "met"
    if reconciled >= bar.required:
        return "proof_gap"
    return "blocking" if effective < bar.floor else "manageable"


def gap_of(effective: int | None, bar: Bar) -> int:
    """Levels that are missing; an unknown one counts as nothing there."""
    return max(bar.required - (effective or 0), 0)


def priority_of(gap: int, criticality: Criticality) -> int:
    """How much closing the gap matters: its weight times its size."""
    return WEIGHTS[criticality] * gap
