"""Every hand-derived expectation of the worked case: diagnosis, gentler profile, counts at each gate."""

from typing import Any

import pytest

from bot.method.assessment import Assessment, assess
from bot.playbook.load import load_playbook
from tests.method.worked import answers_with, at_gate, worked_case

EXPECTED = worked_case()["expected_diagnosis"]


@pytest.fixture(scope="module")
def diagnosis() -> Assessment:
    return at_gate(0)


@pytest.mark.parametrize("name", EXPECTED["per_criterion"])
def test_each_criterion_comes_out_as_derived_by_hand(diagnosis: Assessment, name: str) -> None:
    expected: dict[str, Any] = EXPECTED["per_criterion"][name]
    result = diagnosis.criteria[name]
    assert {
        "R": result.required,
        "C": result.criticality,
        "F": result.floor,
        "G": dict(result.groups),
        "X": result.reconciled,
        "E": result.effective,
        "status": result.status,
        "gap": result.gap,
        "flags": list(result.flags),
    } == {"flags": [], **expected}


def test_the_diagnosis_covers_every_criterion_of_the_playbook(diagnosis: Assessment) -> None:
    assert list(diagnosis.criteria) == list(load_playbook().by_id)
    assert set(diagnosis.criteria) == set(EXPECTED["per_criterion"])


def test_counts_of_the_diagnosis(diagnosis: Assessment) -> None:
    assert diagnosis.counts == EXPECTED["counts"]


@pytest.mark.parametrize("name", EXPECTED["conditions"])
def test_colour_and_index_of_each_condition(diagnosis: Assessment, name: str) -> None:
    expected = EXPECTED["conditions"][name]
    condition = diagnosis.conditions[name]
    assert condition.colour == expected["colour"]
    assert (condition.reached, condition.needed) == (expected["index_num"], expected["index_den"])
    assert condition.index == pytest.approx(expected["index"], abs=0.00006)


def test_the_whole_is_as_good_as_its_worst_condition(diagnosis: Assessment) -> None:
    assert diagnosis.overall_index == pytest.approx(EXPECTED["overall_index"], abs=0.00006)
    assert diagnosis.verdict == EXPECTED["verdict"]
    assert diagnosis.purgatory_flag is EXPECTED["purgatory_flag"]


def test_alignment_perception_and_visibility_gaps(diagnosis: Assessment) -> None:
    assert diagnosis.alignment == pytest.approx(EXPECTED["alignment"]["value"], abs=0.00006)
    assert list(diagnosis.perception_gaps) == EXPECTED["perception_gaps"]
    assert list(diagnosis.visibility_gaps) == EXPECTED["visibility_gaps"]


def test_failure_patterns(diagnosis: Assessment) -> None:
    assert diagnosis.patterns == EXPECTED["patterns"]


def test_blocking_criteria_in_order_of_priority(diagnosis: Assessment) -> None:
    listed = [{"id": one.criterion, "priority": one.priority} for one in diagnosis.blocking_in_priority_order]
    assert listed == EXPECTED["blocking_in_priority_order"]


def test_effort_against_capacity(diagnosis: Assessment) -> None:
    assert diagnosis.blocking_effort_days == EXPECTED["blocking_effort_days"]
    assert diagnosis.over_capacity == EXPECTED["over_capacity_weeks_5_8"]


def test_everybody_was_heard(diagnosis: Assessment) -> None:
    assert diagnosis.complete
    assert diagnosis.unheard_groups == ()


def test_fewer_criteria_block_when_a_person_approves_each_action(diagnosis: Assessment) -> None:
    nearest = diagnosis.lower_autonomy[0]
    assert (nearest.value, nearest.counts["blocking"]) == ("acts_with_approval", 11)


def test_each_lower_autonomy_says_what_a_new_assessment_would(diagnosis: Assessment) -> None:
    for alternative in diagnosis.lower_autonomy:
        profile = worked_case()["profile"] | {"autonomy": alternative.value}
        again = assess(load_playbook(), profile, answers_with())
        assert alternative.counts == again.counts
        assert list(alternative.blocking) == [one.criterion for one in again.blocking_in_priority_order]


def test_the_same_answers_judged_by_a_gentler_profile() -> None:
    variant = worked_case()["profile_variant"]
    expected = variant["expected"]
    assessment = assess(load_playbook(), variant["profile"], answers_with())
    for status in ("blocking", "manageable", "proof_gap", "unknown", "not_applicable"):
        found = sorted(r.id for r in assessment.criteria.values() if r.status == status)
        assert found == expected[status], status
    assert assessment.counts == expected["counts"]
    assert assessment.lower_autonomy == ()


@pytest.mark.parametrize("gate", [1, 2, 3])
def test_the_assessment_at_each_gate(gate: int) -> None:
    expected = worked_case()[f"gate_{gate}"]["expected"]
    assessment = at_gate(gate)
    assert assessment.counts == expected["counts"]
    indices = {name: condition.index for name, condition in assessment.conditions.items()}
    assert indices == pytest.approx(expected["condition_index"], abs=0.00006)
    assert assessment.overall_index == pytest.approx(expected["overall_index"], abs=0.00006)
    for status in ("blocking", "manageable"):
        if status in expected:
            assert (
                sorted(r.id for r in assessment.criteria.values() if r.status == status) == expected[status]
            )
    if "colours" in expected:
        assert {n: c.colour for n, c in assessment.conditions.items()} == expected["colours"]
        assert assessment.verdict == expected["verdict"]
    if "perception_gaps" in expected:
        assert list(assessment.perception_gaps) == expected["perception_gaps"]
