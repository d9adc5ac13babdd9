"""The worked case's expectations, and an assessment in the same form, to be compared as a whole."""

from bot.method.assessment import Assessment
from tests.method.worked import worked_case


def expected() -> dict[str, object]:
    """What the case says the diagnosis comes to, as derived by hand."""
    derived = worked_case()["expected_diagnosis"]
    return {
        **derived,
        "per_criterion": {name: {"flags": [], **one} for name, one in derived["per_criterion"].items()},
        "conditions": {
            name: (one["colour"], one["index_num"], one["index_den"])
            for name, one in derived["conditions"].items()
        },
        "alignment": derived["alignment"]["value"],
    }


def as_derived(assessment: Assessment) -> dict[str, object]:
    """An assessment in the words of the case."""
    return {
        "per_criterion": {
            one.id: {
                "R": one.required,
                "C": one.criticality,
                "F": one.floor,
                "G": dict(one.groups),
                "X": one.reconciled,
                "E": one.effective,
                "status": one.status,
                "gap": one.gap,
                "flags": list(one.flags),
            }
            for one in assessment.criteria.values()
        },
        "counts": dict(assessment.counts),
        "conditions": {
            name: (one.colour, one.reached, one.needed) for name, one in assessment.conditions.items()
        },
        "overall_index": _rounded(assessment.overall_index),
        "verdict": assessment.verdict,
        "purgatory_flag": assessment.purgatory_flag,
        "alignment": _rounded(assessment.alignment),
        "perception_gaps": list(assessment.perception_gaps),
        "visibility_gaps": list(assessment.visibility_gaps),
        "patterns": dict(assessment.patterns),
        "blocking_in_priority_order": [
            {"id": one.criterion, "priority": one.priority} for one in assessment.blocking_in_priority_order
        ],
        "blocking_effort_days": {
            window: dict(groups) for window, groups in assessment.blocking_effort_days.items()
        },
        "over_capacity_weeks_5_8": dict(assessment.over_capacity),
    }


def _rounded(index: float | None) -> float | None:
    return None if index is None else round(index, 4)
