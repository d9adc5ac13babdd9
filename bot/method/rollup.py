"""From criteria to conditions to a verdict, so that nothing that blocks can be averaged away.

A condition is as good as its worst criterion, the whole as its worst condition; an index stands beside,
never for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.method.profile import Bar
from bot.playbook.base import Status

Colour = Literal["red", "amber", "green"]

Verdict = Literal["not_ready", "ready_with_mitigations", "ready"]


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """A condition's colour, the levels `reached` out of those `needed`, and how many criteria block.

    Levels above what is needed do not count. Where nothing applies, nothing is needed and the colour is
    green.
    """

    colour: Colour
    reached: int
    needed: int
    blocking: int

    @property
    def index(self) -> float | None:
        """The share of the needed levels that is reached; None where nothing applies."""
        return self.reached / self.needed if self.needed else None


def condition_result(criteria: Sequence[tuple[Status, int | None, Bar]]) -> ConditionResult:
    """The result of a condition out of status, effective level and bar of each criterion that applies."""
    return ConditionResult(
        colour=_colour([(status, bar) for status, _, bar in criteria]),
        reached=sum(min(effective or 0, bar.required) for _, effective, bar in criteria),
        needed=sum(bar.required for *_, bar in criteria),
        blocking=sum(status == "blocking" for status, *_ in criteria),
    )


def _colour(criteria: Sequence[tuple[Status, Bar]]) -> Colour:
    if any(status == "blocking" or _blind_spot(status, bar) for status, bar in criteria):
        return "red"
    return "green" if all(status == "met" for status, _ in criteria) else "amber"


def _blind_spot(status: Status, bar: Bar) -> bool:
    return status == "unknown" and bar.criticality == "hard"


def overall_index(conditions: Iterable[ConditionResult]) -> float | None:
    """The lowest index of all, never the mean; None where nothing applies anywhere."""
    return min((c.index for c in conditions if c.index is not None), default=None)


def verdict_of(conditions: Iterable[ConditionResult]) -> Verdict:
    """Whether the pilot may go to production, by its worst condition."""
    colours = {condition.colour for condition in conditions}
    if "red" in colours:
        return "not_ready"
    return "ready_with_mitigations" if "amber" in colours else "ready"
