"""Gates: the worked case's four decisions, and what each kind of check takes and refuses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.method.assessment import Assessment, assess
from bot.method.gates import GateInputs, GateResult, MetricReading, OfferedCondition, evaluate_gate, recommend
from bot.playbook.load import load_playbook, parse_playbook
from tests.method.worked import answers_with, at_gate, worked_case


def _conditions(gate: Mapping[str, Any]) -> dict[str, OfferedCondition]:
    return {
        name: OfferedCondition(offer["owner"], offer["due_in_working_days"])
        for name, offer in gate.get("conditions_offered", {}).items()
    }


def _respondents() -> dict[str, int]:
    return {group: len(people) for group, people in worked_case()["respondents"].items()}


def _inputs(number: int) -> GateInputs:
    gate = worked_case()[f"gate_{number}"]
    return GateInputs(
        facts=gate["facts"],
        approvals=gate.get("approvals", []),
        flags=gate["flags"],
        complete_respondents=_respondents(),
        conditions=_conditions(gate),
    )


def _live(too_few: tuple[str, ...] = ()) -> GateInputs:
    """Gate 4's inputs, with the case's expected measures as if they had been computed."""
    case = worked_case()
    metrics = {
        name: MetricReading(one["value"], one.get("ci_low"), one.get("ci_high"), too_few=name in too_few)
        for name, one in case["expected_metrics"].items()
    }
    live = case["live_metrics"]
    reached = metrics["time_saved"].value
    assert reached is not None
    promise_kept = reached >= live["time_saved"]["promised_saving_seconds"]
    targets = {
        "adoption_work_target": live["adoption_work"]["target"],
        "cost_per_outcome_ceiling": live["cost_per_outcome"]["ceiling"],
    }
    facts = case["gate_4"]["facts"] | {"time_saved_target_met": promise_kept}
    return GateInputs(facts=facts, flags=case["gate_4"]["flags"], metrics=metrics, targets=targets)


def _expect(result: GateResult, expected: Mapping[str, Any]) -> None:
    assert list(result.failed_must) == expected["failed_must"]
    assert list(result.failed_should) == expected["failed_should"]
    assert result.should_share == pytest.approx(expected["should_share"], abs=0.00006)
    assert result.recommendation == expected["recommendation"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_worked_case_at_its_gates(number: int) -> None:
    result = evaluate_gate(load_playbook(), f"G{number}", at_gate(number), _inputs(number))
    _expect(result, worked_case()[f"gate_{number}"]["expected"])


def test_the_worked_case_is_a_proof_point_at_gate_4() -> None:
    result = evaluate_gate(load_playbook(), "G4", at_gate(3), _live())
    _expect(result, worked_case()["gate_4"]["expected"])


@pytest.fixture(scope="module")
def ready() -> Assessment:
    return at_gate(3)


@pytest.mark.parametrize(
    ("fact", "value", "item"),
    [("finance_confirmed", False, "G4.m4"), ("open_severity1", 1, "G4.m6"), ("ops_alone_weeks", 1, "G4.m6")],
)
def test_every_also_must_hold_beside_the_check(ready: Assessment, fact: str, value: Any, item: str) -> None:
    inputs = _live()
    worse = replace(inputs, facts={**inputs.facts, fact: value})
    assert evaluate_gate(load_playbook(), "G4", ready, worse).failed_must == (item,)


def test_a_measure_with_too_few_cases_never_passes(ready: Assessment) -> None:
    result = evaluate_gate(load_playbook(), "G4", ready, _live(too_few=("time_saved",)))
    assert result.failed_must == ("G4.m2",)
    assert result.recommendation == "recycle"


def test_what_nobody_stated_does_not_hold() -> None:
    result = evaluate_gate(load_playbook(), "G0", at_gate(0), GateInputs())
    assert result.failed_must == ("G0.m1", "G0.m2", "G0.m3")
    assert result.failed_should == ("G0.s1",)
    assert result.recommendation == "recycle"


def test_the_entry_gate_lets_a_stalled_pilot_in() -> None:
    facts = {
        "pilot_met_controlled_target": True,
        "meant_for_production_and_stalled": True,
        "leads_accepted": 4,
        "spend_and_reason_recorded": True,
    }
    result = evaluate_gate(load_playbook(), "G0", at_gate(0), GateInputs(facts=facts))
    assert result.recommendation == "go"


def test_a_number_is_not_taken_for_yes() -> None:
    facts = {"pilot_met_controlled_target": 1, "leads_accepted": True}
    result = evaluate_gate(load_playbook(), "G0", at_gate(0), GateInputs(facts=facts))
    assert {"G0.m1", "G0.m3"} <= set(result.failed_must)


def test_only_the_flags_of_a_gate_stop_it(ready: Assessment) -> None:
    def decision(*flags: str) -> str:
        return evaluate_gate(load_playbook(), "G4", ready, replace(_live(), flags=flags)).recommendation

    assert decision("harm_exceeds_limits") == "kill"
    assert decision("owner_left") == "go"


def test_all_of_several_roles_must_approve(ready: Assessment) -> None:
    inputs = replace(_inputs(3), approvals=["business_owner", "it_ops_lead"])
    assert evaluate_gate(load_playbook(), "G3", ready, inputs).failed_must == ("G3.m8",)


def test_a_criterion_that_does_not_apply_can_not_stop_a_gate() -> None:
    text = load_playbook().text.replace(
        'ids: ["str-outcome-defined", "str-named-owner"]', 'ids: ["mlo-vendor-change"]'
    )
    playbook = parse_playbook(text)
    profile = worked_case()["profile"] | {"model_source": "in_house"}
    result = evaluate_gate(playbook, "G1", assess(playbook, profile, answers_with()), _inputs(1))
    assert "G1.m4" not in result.failed_must


def test_a_gate_without_should_meets_is_passed_by_its_must_meets() -> None:
    assert recommend(load_playbook().gate_rules, [], 0, 0) == "go"


def test_seven_of_ten_should_meets_are_enough_to_the_point() -> None:
    rules = load_playbook().gate_rules
    assert recommend(rules, [], 7, 10) == "go"
    assert recommend(rules, [], 69, 100) == "conditional_go"
