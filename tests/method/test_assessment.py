"""What an assessment says of silence, of "does not apply", of disagreement, and why."""

from collections.abc import Mapping, Sequence

import pytest

from bot.method.answers import Answer, CriterionAnswers
from bot.method.assessment import Assessment, CriterionResult, assess
from bot.method.document import document_of
from bot.method.reconcile import within_group
from bot.playbook.load import load_playbook, parse_playbook
from tests.method.worked import answers_with, worked_case

PLAYBOOK = load_playbook()
PROFILE: dict[str, str] = worked_case()["profile"]


def said(
    by_group: Mapping[str, Sequence[Answer | None]],
    reason: str | None = None,
    name: str = "arc-observability",
) -> Assessment:
    return assess(PLAYBOOK, PROFILE, {name: CriterionAnswers(by_group, "verified", reason)})


def observed(by_group: Mapping[str, Sequence[Answer | None]], reason: str | None = None) -> CriterionResult:
    """`arc-observability`: authority it_ops, witnesses pilot_team, business; level 3 needed, compensable."""
    return said(by_group, reason).criteria["arc-observability"]


def test_a_group_that_has_not_answered_counts_as_dont_know() -> None:
    result = observed({"it_ops": [3, 3]})
    assert dict(result.groups) == {"it_ops": 3, "pilot_team": "dk", "business": "dk"}
    assert result.unheard == ("pilot_team", "business")
    assert result.reconciled == 3


def test_a_silent_authority_is_a_visibility_gap() -> None:
    result = observed({"pilot_team": [4], "business": [4]})
    assert result.flags == ("visibility_gap",)
    assert result.reconciled == 1
    assert result.why.startswith("IT operations has not answered, Pilot team says 4, so 1 counts")


def test_nobody_answering_leaves_everything_unknown_and_incomplete() -> None:
    assessment = assess(PLAYBOOK, PROFILE, {})
    assert assessment.counts["unknown"] == len(PLAYBOOK.criteria)
    assert not assessment.complete
    assert assessment.unheard_groups == ("business", "data_gov", "it_ops", "pilot_team")
    assert assessment.alignment is None
    assert assessment.overall_index == 0
    assert assessment.verdict == "not_ready"


def test_one_missing_criterion_makes_the_assessment_incomplete() -> None:
    answers = dict(answers_with())
    del answers["wfl-training"]
    assessment = assess(PLAYBOOK, PROFILE, answers)
    assert not assessment.complete
    assert assessment.unheard_groups == ()
    assert assessment.criteria["wfl-training"].status == "unknown"


def test_what_does_not_apply_need_not_be_answered() -> None:
    answers = dict(answers_with())
    del answers["mlo-vendor-change"]
    assessment = assess(PLAYBOOK, PROFILE | {"model_source": "in_house"}, answers)
    assert assessment.complete


def test_a_silent_group_is_named() -> None:
    answers = {
        name: CriterionAnswers({g: a for g, a in one.by_group.items() if g != "data_gov"}, one.evidence)
        for name, one in answers_with().items()
    }
    assessment = assess(PLAYBOOK, PROFILE, answers)
    assert assessment.unheard_groups == ("data_gov",)
    assert not assessment.complete


def test_a_partly_answered_group_uses_the_answers_given_and_is_not_complete() -> None:
    answers = {**answers_with(), "arc-observability": CriterionAnswers({"it_ops": [3, None]}, "verified")}
    assessment = assess(PLAYBOOK, PROFILE, answers)
    assert assessment.criteria["arc-observability"].groups["it_ops"] == 3
    assert not assessment.complete


@pytest.mark.parametrize(
    ("answers", "group_answer"),
    [
        (["na", "na"], "na"),
        (["na", None], "dk"),
        (["na", 2, 2], 2),
        (["na", 2], "dk"),
        (["na", "dk"], "dk"),
        ([None, None], "dk"),
        ([], "dk"),
    ],
)
def test_a_group_says_does_not_apply_only_when_all_its_members_do(
    answers: list[Answer | None], group_answer: Answer
) -> None:
    assert within_group(answers, PLAYBOOK.scoring).answer == group_answer


def test_does_not_apply_needs_the_facilitators_reason() -> None:
    result = observed({"it_ops": ["na", "na"], "pilot_team": [3]})
    assert result.status == "blocking"
    assert result.groups["it_ops"] == "dk"
    assert result.flags == ("visibility_gap",)


def test_a_confirmed_does_not_apply_takes_the_criterion_out() -> None:
    assessment = said({"it_ops": ["na", "na"], "pilot_team": [3]}, "nothing runs unattended")
    result = assessment.criteria["arc-observability"]
    assert result.status == "not_applicable"
    assert (result.required, result.effective, result.gap, result.flags) == (None, None, None, ())
    assert "nothing runs unattended" in result.why
    assert assessment.counts["not_applicable"] == 1


def test_a_reason_without_the_authority_has_no_effect() -> None:
    assert observed({"it_ops": [3, "na", 3], "pilot_team": ["na"]}, "not needed").status == "met"


def test_a_witness_for_whom_it_does_not_apply_weighs_nothing() -> None:
    result = observed({"it_ops": [3], "pilot_team": ["na"], "business": [3]})
    assert result.groups["pilot_team"] == "na"
    assert (result.reconciled, result.flags) == (3, ())


def test_everyone_but_the_authority_seeing_more_is_the_builders_silo() -> None:
    answers = {
        name: CriterionAnswers({PLAYBOOK.criterion(name).authority: [2], "pilot_team": [4]}, "verified")
        for name in ("str-tradeoffs-explicit", "wfl-business-led")
    }
    assessment = assess(PLAYBOOK, PROFILE, answers)
    assert assessment.patterns["pilot-owner-silo"] == "likely"


def test_no_capacity_stated_means_none_is_exceeded() -> None:
    assert assess(PLAYBOOK, PROFILE, answers_with()).over_capacity == {}
    assert assess(PLAYBOOK, PROFILE, answers_with(), {"it_ops": 34.5}).over_capacity == {"it_ops": 0.5}


def everything_at(level: int) -> Assessment:
    answers = {
        criterion.id: CriterionAnswers({group: [level] for group in criterion.asks}, "verified")
        for criterion in PLAYBOOK.criteria
    }
    return assess(PLAYBOOK, PROFILE, answers)


def test_everything_managed_and_verified_is_ready() -> None:
    assessment = everything_at(4)
    assert assessment.verdict == "ready"
    assert assessment.overall_index == 1
    assert assessment.alignment == 1
    assert not assessment.purgatory_flag
    assert set(assessment.patterns.values()) == {"not_seen"}


def test_everything_proven_is_ready_with_mitigations_where_more_is_needed() -> None:
    assert everything_at(3).verdict == "ready_with_mitigations"


def test_an_unknown_hard_criterion_is_red_and_a_compensable_one_is_not() -> None:
    def colours(name: str) -> str:
        answers = {
            c.id: CriterionAnswers({g: [4] for g in c.asks}, "verified")
            for c in PLAYBOOK.criteria
            if c.id != name
        }
        result = assess(PLAYBOOK, PROFILE, answers)
        return result.conditions[PLAYBOOK.criterion(name).condition].colour

    assert colours("str-outcome-defined") == "red"
    assert colours("mlo-vendor-change") == "amber"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "arc-control-boundaries",
            "IT operations can't see it, Business function says 1, so 1 counts, "
            "3 is needed because it acts alone inside limits; hard, so below 3 blocks",
        ),
        (
            "dat-representative-test",
            "Pilot team says 3, Business function says 1, so 2 counts, "
            "3 is needed in any pilot; hard, so below 3 blocks",
        ),
        (
            "arc-rollback-stop",
            "IT operations says 3, with nothing linked at most 2 counts, "
            "3 is needed because it acts alone inside limits; hard, so below 3 blocks",
        ),
        (
            "mlo-vendor-change",
            "Nobody who was asked can say, 2 is needed in any pilot; compensable, so below 1 blocks",
        ),
        (
            "wfl-user-trust",
            "Business function says 1, 2 is needed in any pilot; supporting, so it never blocks",
        ),
    ],
)
def test_why_says_the_rule_in_a_sentence(name: str, sentence: str) -> None:
    assert assess(PLAYBOOK, PROFILE, answers_with()).criteria[name].why == sentence


def test_every_value_that_can_raise_or_harden_reads_after_because() -> None:
    most = {name: list(ranks)[-1] for name, ranks in PLAYBOOK.ranks.items()}
    for profile in (PROFILE, most):
        for result in assess(PLAYBOOK, profile, answers_with()).criteria.values():
            assert "“" not in result.why, result.why


def test_a_value_of_another_playbook_reads_by_its_label() -> None:
    text = PLAYBOOK.text.replace('"acts_within_limits"', '"roams"')
    playbook = parse_playbook(text)
    result = assess(playbook, PROFILE | {"autonomy": "roams"}, {}).criteria["arc-control-boundaries"]
    assert "because autonomy is “Acts alone inside set limits; people handle the rest”" in result.why


def test_the_assessment_names_the_playbook_it_was_made_by() -> None:
    document = document_of(assess(PLAYBOOK, PROFILE, {}))
    assert document["playbook"] == {
        "id": "pilot-to-production",
        "version": PLAYBOOK.version,
        "sha256": PLAYBOOK.sha256,
    }


def test_a_check_before_a_pilot_looks_at_some_conditions_alone() -> None:
    narrow = ("architecture", "data_stewardship")
    whole = assess(PLAYBOOK, PROFILE, answers_with())
    some = {c.id: answers_with()[c.id] for c in PLAYBOOK.criteria if c.condition in narrow}
    checked = assess(PLAYBOOK, PROFILE, some, conditions=narrow)
    assert checked.complete
    assert checked.criteria == {name: whole.criteria[name] for name in some}
    assert sum(checked.counts.values()) == len(some)
    assert checked.overall_index == 0.5
    assert {n: c.index for n, c in checked.conditions.items() if n not in narrow} == {
        "strategy": None,
        "mlops": None,
        "workflow": None,
    }


def test_gaps_come_the_most_pressing_first() -> None:
    assessment = assess(PLAYBOOK, PROFILE, answers_with())
    listed = [result.id for result in assessment.gaps("blocking")]
    assert listed == [one.criterion for one in assessment.blocking_in_priority_order]
    assert len(assessment.gaps("blocking", "unknown")) == 15
