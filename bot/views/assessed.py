"""From the method's assessment to the figures people read: names for ids, worst first. Scores nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.method.assessment import Alternative as LowerValue
from bot.method.assessment import Assessment, CriterionResult
from bot.playbook.base import Status
from bot.playbook.model import Playbook
from bot.views.figures import Alternative, ConditionFigures, Figures, Gap, GroupSays, Pattern

SHORT_OF: Final[tuple[Status, ...]] = ("blocking", "unknown", "manageable", "proof_gap")
"""Everything that is not met, in the order in which it is listed."""

_IF: Final[Mapping[str, str]] = {
    "suggests": "it only suggests and a person does the work",
    "acts_with_approval": "a person approves each action",
    "acts_within_limits": "it acts alone only inside set limits",
}
"""How the built-in playbook's degrees of autonomy read after “If”."""


def figures_of(
    assessment: Assessment,
    playbook: Playbook,
    round_id: str,
    initiative: str,
    *,
    round_two_until: datetime | None = None,
) -> Figures:
    """One round's assessment in people's words. `round_two_until` is set while round 2 is open."""
    results = assessment.criteria
    return Figures(
        round=round_id,
        initiative=initiative,
        verdict=assessment.verdict,
        counts=assessment.counts,
        conditions=_conditions(assessment, playbook),
        gaps=_gaps(playbook, (each for status in SHORT_OF for each in assessment.gaps(status))),
        perception_gaps=_gaps(playbook, (results[each] for each in assessment.perception_gaps)),
        visibility_gaps=_gaps(playbook, (results[each] for each in assessment.visibility_gaps)),
        patterns=[
            Pattern(each.name, each.plain, assessment.patterns[each.id]) for each in playbook.failure_patterns
        ],
        alternatives=[_alternative(each) for each in assessment.lower_autonomy[:1]],
        overall_index=assessment.overall_index,
        alignment=assessment.alignment,
        unheard_groups=[each.name for each in playbook.groups if each.id in assessment.unheard_groups],
        complete=assessment.complete,
        round_two_until=round_two_until,
    )


def _conditions(assessment: Assessment, playbook: Playbook) -> list[ConditionFigures]:
    applies = [each.condition for each in assessment.criteria.values() if each.bar is not None]
    return [
        ConditionFigures(
            name=condition.short,
            colour=assessment.conditions[condition.id].colour,
            blocking=assessment.conditions[condition.id].blocking,
            total=applies.count(condition.id),
            index=assessment.conditions[condition.id].index,
        )
        for condition in playbook.conditions
    ]


def _gaps(playbook: Playbook, results: Iterable[CriterionResult]) -> list[Gap]:
    shorts = {condition.id: condition.short for condition in playbook.conditions}
    return [_gap(playbook, shorts, result) for result in results if result.required is not None]


def _gap(playbook: Playbook, shorts: Mapping[str, str], result: CriterionResult) -> Gap:
    criterion = playbook.criterion(result.id)
    return Gap(
        criterion=result.id,
        title=criterion.title,
        condition=shorts[result.condition],
        status=result.status,
        required=result.required or 0,
        effective=result.effective,
        groups=groups_of(playbook, result),
        why=result.why,
        remedy=criterion.remediation.task,
    )


def groups_of(playbook: Playbook, result: CriterionResult) -> list[GroupSays]:
    """What each asked group says to one criterion; a group that was not heard says nothing."""
    return [
        GroupSays(
            group=playbook.group_names[group],
            says=None if group in result.unheard else says,
            decides=group == result.authority,
        )
        for group, says in result.groups.items()
    ]


def _alternative(lower: LowerValue) -> Alternative:
    return Alternative(label=_IF.get(lower.value, lower.label), blocking=len(lower.blocking))
