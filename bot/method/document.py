"""An assessment as a JSON document for other programs: its keys are a promise. Knows no words for people."""

from collections.abc import Mapping

from bot.method.assessment import Assessment, CriterionResult

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

DECIMALS = 4
"""Of indices and alignment: enough to compare, short enough to read."""


def document_of(assessment: Assessment) -> dict[str, Json]:
    """The document; what does not apply stays in with nulls, lists of ids are sorted."""
    return {
        "playbook": {
            "id": assessment.playbook_id,
            "version": assessment.playbook_version,
            "sha256": assessment.playbook_sha256,
        },
        "complete": assessment.complete,
        "unheard_groups": list(assessment.unheard_groups),
        "criteria": {name: _criterion(result) for name, result in assessment.criteria.items()},
        "counts": {status: count for status, count in assessment.counts.items()},
        "conditions": {
            name: {"colour": condition.colour, "index": _rounded(condition.index)}
            for name, condition in assessment.conditions.items()
        },
        "overall_index": _rounded(assessment.overall_index),
        "verdict": assessment.verdict,
        "purgatory_flag": assessment.purgatory_flag,
        "alignment": _rounded(assessment.alignment),
        "perception_gaps": list(assessment.perception_gaps),
        "visibility_gaps": list(assessment.visibility_gaps),
        "patterns": dict(assessment.patterns),
        "blocking_in_priority_order": [
            {"criterion": one.criterion, "priority": one.priority}
            for one in assessment.blocking_in_priority_order
        ],
        "blocking_effort_days": {
            window: _plain(days) for window, days in assessment.blocking_effort_days.items()
        },
        "over_capacity": _plain(assessment.over_capacity),
    }


def _criterion(result: CriterionResult) -> Json:
    applies = result.bar is not None
    return {
        "required": result.required,
        "criticality": result.criticality,
        "floor": result.floor,
        "groups": _plain(result.groups) if applies else None,
        "reconciled": result.reconciled,
        "effective": result.effective,
        "status": result.status,
        "gap": result.gap,
        "flags": list(result.flags),
        "why": result.why,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DECIMALS)


def _plain(values: Mapping[str, int | float | str]) -> dict[str, Json]:
    return dict(values)
