"""Reading a case file's text: what is taken, and which key is named when something is malformed."""

import copy
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.method.answers import CriterionAnswers
from bot.method.assessment import assess
from bot.method.case import Case, CaseError, parse_case
from bot.playbook.load import load_playbook
from tests.method.worked import FILE, at_gate, worked_case

PLAYBOOK = load_playbook()
TEXT = FILE.read_text(encoding="utf-8")


def small(**changes: Any) -> dict[str, Any]:
    """A case of two criteria with its keys changed."""
    answers = {
        "arc-observability": {"it_ops": [2, 3], "business": ["dk", 1, "na"], "evidence": "linked"},
        "mlo-versioning": {"it_ops": [1, "dk"]},
    }
    return {"profile": dict(worked_case()["profile"]), "answers": answers} | changes


def parsed(content: object) -> Case:
    return parse_case(yaml.safe_dump(content), PLAYBOOK)


def faults(content: object) -> list[str]:
    with pytest.raises(CaseError) as caught:
        parsed(content)
    return [str(fault) for fault in caught.value.faults]


def answering(**groups: Any) -> dict[str, Any]:
    return small(answers={"arc-observability": groups})


def test_the_worked_case_reads_as_its_expected_assessment() -> None:
    case = parse_case(TEXT, PLAYBOOK)
    assert assess(PLAYBOOK, case.profile, case.answers, case.capacity) == at_gate(0)


def test_answers_evidence_and_a_confirmed_reason_are_taken() -> None:
    content = answering(it_ops=["na", "na"], evidence="verified", na_confirmed=" batch only ")
    answers = parsed(content).answers
    assert answers == {
        "arc-observability": CriterionAnswers({"it_ops": ("na", "na")}, "verified", "batch only")
    }


def test_other_keys_are_not_looked_at() -> None:
    assert parsed(small(story="x", gate_1={"updates": 7})).answers == parsed(small()).answers


def test_evidence_left_out_is_none() -> None:
    assert parsed(small()).answers["mlo-versioning"].evidence == "none"


def test_no_answers_at_all_is_a_case_still() -> None:
    assert parsed(small(answers={})).answers == {}


def test_half_days_of_capacity_are_taken() -> None:
    assert parsed(small(capacity_days_weeks_5_8={"it_ops": 2.5})).capacity == {"it_ops": 2.5}
    assert parsed(small()).capacity is None


BAD_ANSWERS = [
    (5, "5"), (-1, "-1"), (True, "true"), (2.0, "2.0"), ("3", "'3'"), ("DK", "'DK'"), (None, "nothing"),
    ([1], "a list"), ({"a": 1}, "a mapping"), (float("nan"), "nan"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "found"), BAD_ANSWERS)
def test_an_answer_is_a_level_or_dk_or_na(answer: object, found: str) -> None:
    assert faults(answering(it_ops=[2, answer])) == [
        f"answers.arc-observability.it_ops[1]: expected 0 to 4, dk or na, found {found}"
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ([1], "the file: expected a mapping with profile and answers, found a list"),
        ({}, "profile: expected a mapping, which is missing"),
        (small(profile="x"), "profile: expected a mapping, found 'x'"),
        (small(answers=None), "answers: expected a mapping, found nothing"),
        (
            small(answers={"arc-nothing": {}}),
            "answers.arc-nothing: expected the id of a criterion of pilot-to",
        ),
        (small(answers={7: {}}), "answers.7: expected the id of a criterion"),
        (
            small(answers={"mlo-versioning": [1]}),
            "answers.mlo-versioning: expected a mapping of group to answers",
        ),
        (answering(it_ops=3), "answers.arc-observability.it_ops: expected a list of answers"),
        (answering(it_ops=[]), "answers.arc-observability.it_ops: expected 1 answer(s)"),
        (answering(data_gov=[1]), "answers.arc-observability.data_gov: expected a group that is asked this"),
        (answering(finance=[1]), "answers.arc-observability.finance: expected a group that is asked this"),
        (answering(evidence="maybe"), "answers.arc-observability.evidence: expected one of none, linked"),
        (answering(evidence=None), "answers.arc-observability.evidence: expected one of none, linked"),
        (answering(evidence=[1]), "answers.arc-observability.evidence: expected one of none, linked"),
        (answering(na_confirmed=True), "answers.arc-observability.na_confirmed: expected the reason"),
        (answering(na_confirmed=" "), "answers.arc-observability.na_confirmed: expected the reason"),
        (small(respondents=["A"]), "respondents: expected a mapping, found a list"),
        (small(respondents={"finance": ["A"]}), "respondents.finance: expected a group out of pilot_team"),
        (small(respondents={"it_ops": 2}), "respondents.it_ops: expected a list of at least one respondent"),
        (small(respondents={"it_ops": []}), "respondents.it_ops: expected a list of at least one respondent"),
        (small(capacity_days_weeks_5_8=8), "capacity_days_weeks_5_8: expected a mapping, found 8"),
        (small(capacity_days_weeks_5_8={"x": 8}), "capacity_days_weeks_5_8.x: expected a group out of"),
        (
            small(capacity_days_weeks_5_8={"it_ops": -1}),
            "capacity_days_weeks_5_8.it_ops: expected a number of",
        ),
        (
            small(capacity_days_weeks_5_8={"it_ops": float("nan")}),
            "capacity_days_weeks_5_8.it_ops: expected a",
        ),
        (
            small(capacity_days_weeks_5_8={"it_ops": float("inf")}),
            "capacity_days_weeks_5_8.it_ops: expected a",
        ),
        (
            small(capacity_days_weeks_5_8={"it_ops": True}),
            "capacity_days_weeks_5_8.it_ops: expected a number",
        ),
        (small(capacity_days_weeks_5_8={"it_ops": "8"}), "capacity_days_weeks_5_8.it_ops: expected a number"),
    ],
)
def test_what_is_malformed_is_named_by_its_key(content: object, fault: str) -> None:
    assert any(line.startswith(fault) for line in faults(content)), faults(content)


def test_every_profile_factor_must_have_one_of_its_values() -> None:
    profile = dict(worked_case()["profile"])
    del profile["tempo"]
    profile["volume"] = "huge"
    profile["autonomy"] = True
    profile["mood"] = "good"
    assert faults(small(profile=profile)) == [
        "profile.autonomy: expected one of suggests, acts_with_approval, acts_within_limits, acts_alone, "
        "found true",
        "profile.volume: expected one of low, medium, high, found 'huge'",
        "profile.tempo: expected one of batch, same_day, real_time; it is missing",
        "profile.mood: expected a factor out of " + ", ".join(PLAYBOOK.factors),
    ]


def test_a_list_must_be_as_long_as_the_group() -> None:
    content = small(respondents={"it_ops": ["A", "B", "C"]})
    assert faults(content) == [
        "answers.arc-observability.it_ops: expected 3 answer(s), one per respondent of it_ops, found 2",
        "answers.mlo-versioning.it_ops: expected 3 answer(s), one per respondent of it_ops, found 2",
    ]


def test_where_respondents_are_not_listed_the_odd_list_out_is_malformed() -> None:
    content = copy.deepcopy(worked_case())
    del content["respondents"]
    content["answers"]["arc-observability"]["it_ops"] = [1]
    assert faults(content) == [
        "answers.arc-observability.it_ops: expected 2 answer(s), one per respondent of it_ops, found 1"
    ]


def test_a_doubled_key_is_malformed() -> None:
    with pytest.raises(CaseError, match="expected every key once, found 'answers' again"):
        parse_case(TEXT + "\nanswers: {}\n", PLAYBOOK)


def bomb(pattern: str) -> str:
    """Sixty lines of which each holds the one before twice."""
    lines = [f"a{n}: &a{n} " + pattern.format(before=f"*a{n - 1}") for n in range(1, 60)]
    return "\n".join(["a0: &a0 {x: 1}", *lines, ""])


def test_values_may_stand_for_each_other() -> None:
    shared = [2, 3]
    content = answering(it_ops=shared, pilot_team=shared)
    assert "*id001" in yaml.safe_dump(content)
    assert parsed(content).answers["arc-observability"].by_group["pilot_team"] == (2, 3)


def test_an_alias_bomb_does_not_go_off() -> None:
    text = bomb("[{before}, {before}]") + "profile: *a59\nanswers: {mlo-versioning: {it_ops: *a59}}\n"
    with pytest.raises(CaseError, match="profile: expected a mapping, found a list"):
        parse_case(text, PLAYBOOK)


def test_a_merge_bomb_is_refused() -> None:
    with pytest.raises(CaseError, match="expected every key written out"):
        parse_case(bomb("{{<<: [{before}, {before}]}}"), PLAYBOOK)


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=5) | st.just("dk"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(["profile", "answers", "respondents", "capacity_days_weeks_5_8"]),
    st.sampled_from([None, "it_ops", "arc-observability", "autonomy"]),
    anything,
)
def test_whatever_stands_in_a_case_it_is_taken_or_its_faults_are_named(
    key: str, inner: str | None, value: object
) -> None:
    content = small(**{key: value if inner is None else {inner: value}})
    with suppress(CaseError):
        case = parsed(content)
        assess(PLAYBOOK, case.profile, case.answers, case.capacity)
