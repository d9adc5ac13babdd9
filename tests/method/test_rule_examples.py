"""The small examples worked out by hand beside the case, one rule at a time."""

from typing import Any

import pytest

from bot.method.gates import FailedMust, OfferedCondition, recommend
from bot.method.profile import Bar, blocking_floor
from bot.method.reconcile import across_groups, effective_level, within_group
from bot.method.rollup import condition_result, verdict_of
from bot.method.status import gap_of, status_of
from bot.playbook.load import load_playbook
from tests.method.worked import worked_case

EXAMPLES: dict[str, Any] = worked_case()["rule_examples"]
SCORING = load_playbook().scoring


@pytest.mark.parametrize("example", EXAMPLES["within_group"], ids=str)
def test_within_a_group_the_lower_median_counts(example: dict[str, Any]) -> None:
    view = within_group(example["answers"], SCORING)
    assert (view.answer, view.split) == (example["value"], example["split"])


@pytest.mark.parametrize("example", EXAMPLES["across_groups"], ids=str)
def test_across_groups_the_authority_counts_within_limits(example: dict[str, Any]) -> None:
    reconciled = across_groups(example["authority"], example["witnesses"], SCORING)
    assert reconciled.level == example["reconciled"]
    assert reconciled.perception_gap is example["perception_gap"]
    assert reconciled.visibility_gap is example.get("visibility_gap", False)


@pytest.mark.parametrize("example", EXAMPLES["evidence_cap"], ids=str)
def test_a_level_counts_as_far_as_its_evidence_carries(example: dict[str, Any]) -> None:
    assert effective_level(example["reconciled"], example["evidence"], SCORING) == example["effective"]


@pytest.mark.parametrize("required", EXAMPLES["floor"])
def test_the_floor_below_which_a_gap_blocks(required: int) -> None:
    for criticality, floor in EXAMPLES["floor"][required].items():
        assert blocking_floor(required, criticality) == floor


@pytest.mark.parametrize("example", EXAMPLES["status"], ids=str)
def test_status_and_gap(example: dict[str, Any]) -> None:
    required, criticality = example["required"], example["criticality"]
    bar = Bar(required, criticality, blocking_floor(required, criticality), None, None)
    effective = effective_level(example["reconciled"], example["evidence"], SCORING)
    assert status_of(example["reconciled"], effective, bar) == example["status"]
    assert gap_of(effective, bar) == example["gap"]


def test_seven_perfect_criteria_do_not_average_a_blocker_away() -> None:
    example = EXAMPLES["no_averaging"]
    criteria = []
    for required, effective in zip(example["required"], example["effective"], strict=True):
        bar = Bar(required, "hard", blocking_floor(required, "hard"), None, None)
        criteria.append((status_of(effective, effective, bar), effective, bar))
    condition = condition_result(criteria)
    assert condition.colour == example["colour"]
    assert condition.index == pytest.approx(example["index"], abs=0.00006)
    assert verdict_of([condition]) == "not_ready"


@pytest.mark.parametrize("example", EXAMPLES["gate_decisions"], ids=str)
def test_gate_decisions(example: dict[str, Any]) -> None:
    failed, total = example["failed_should_of"]
    decision = recommend(
        load_playbook().gate_rules,
        [_failed_must(one) for one in example["failed_must"]],
        total - failed,
        total,
        kill="kill" in example["flags"],
        hold="hold" in example["flags"],
    )
    assert decision == example["recommendation"]


def _failed_must(example: dict[str, Any]) -> FailedMust:
    offered = OfferedCondition("it_ops lead", example["days"]) if example.get("owner") else None
    return FailedMust(example["conditionable"], offered)
