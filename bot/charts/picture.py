"""What the assessment's picture shows: five conditions, and who answered what to which criterion.

Plain values that a worker process can be sent. Holds no drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.method.assessment import Assessment, CriterionResult
from bot.playbook.base import STATUSES, Status
from bot.playbook.model import Playbook

Colour = Literal["red", "amber", "green"]
Says = int | Literal["dk", "na", "not_asked"] | None
"""A group's answer: a level, don't know, does not apply, was not asked, or None: has not answered."""

_WORST_FIRST: Final[Sequence[Colour]] = ("red", "amber", "green")


@dataclass(frozen=True, slots=True)
class Bar:
    """One condition. `index` is the share of what is needed, 0 to 1; None where nothing applies."""

    name: str
    colour: Colour
    blocking: int
    total: int
    index: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion with each group's answer, in the order of the picture's groups."""

    title: str
    status: Status
    needed: int | None
    answers: Sequence[Says]
    remark: str = ""
    """Why this row stands out, in words: `2 levels apart`; empty for a row that does not."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one condition."""

    name: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything on the picture, in the order in which it is drawn."""

    headline: str
    initiative: str
    bars: Sequence[Bar]
    groups: Sequence[str]
    parts: Sequence[Part]


def picture_of(assessment: Assessment, playbook: Playbook, initiative: str, headline: str) -> Picture:
    """The picture of an assessment, the worst condition first; `headline` is its verdict in a sentence."""
    bars = {condition.id: _bar(assessment, playbook, condition.id) for condition in playbook.conditions}
    order = sorted(bars, key=lambda condition: _badness(bars[condition]))
    return Picture(
        headline=headline,
        initiative=initiative,
        bars=[bars[condition] for condition in order],
        groups=[group.name for group in playbook.groups],
        parts=[Part(bars[each].name, _rows(assessment, playbook, each)) for each in order],
    )


def _badness(bar: Bar) -> tuple[int, int, float]:
    return _WORST_FIRST.index(bar.colour), -bar.blocking, 2.0 if bar.index is None else bar.index


def _bar(assessment: Assessment, playbook: Playbook, condition: str) -> Bar:
    result = assessment.conditions[condition]
    applying = [each for each in assessment.criteria.values() if each.condition == condition and each.bar]
    name = playbook.condition_names[condition]
    return Bar(name, result.colour, result.blocking, len(applying), result.index)


def _rows(assessment: Assessment, playbook: Playbook, condition: str) -> list[Row]:
    """A condition's rows, the worst first, otherwise in the playbook's order."""
    results = [each for each in assessment.criteria.values() if each.condition == condition]
    return [_row(playbook, each) for each in sorted(results, key=lambda each: STATUSES.index(each.status))]


def _row(playbook: Playbook, result: CriterionResult) -> Row:
    return Row(
        title=playbook.criterion(result.id).title,
        status=result.status,
        needed=result.required,
        answers=[_says(result, group.id) for group in playbook.groups],
        remark=_remark(playbook, result),
    )


def _says(result: CriterionResult, group: str) -> Says:
    if group not in result.groups:
        return "not_asked"
    return None if group in result.unheard else result.groups[group]


def _remark(playbook: Playbook, result: CriterionResult) -> str:
    levels = [answer for answer in result.groups.values() if isinstance(answer, int)]
    remarks = []
    if "perception_gap" in result.flags:
        remarks.append(f"{max(levels) - min(levels)} levels apart")
    if "visibility_gap" in result.flags:
        remarks.append(f"{playbook.group_names[result.authority]} can't see it")
    return ", ".join(remarks)
