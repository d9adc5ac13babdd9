"""What holds for any answers and profile: more is never worse, asking for more never lets through."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.method.answers import EVIDENCE, Answer, CriterionAnswers
from bot.method.assessment import CriterionResult, assess
from bot.method.profile import bar
from bot.playbook.base import STATUSES, Evidence
from bot.playbook.load import load_playbook

PLAYBOOK = load_playbook()
BETTER_EVIDENCE: tuple[Evidence, ...] = ("rejected", "expired", "none", "linked", "verified")

Said = tuple[str, CriterionAnswers]

answer: st.SearchStrategy[Answer] = st.sampled_from([0, 1, 2, 3, 4, "dk", "na"])
profiles = st.fixed_dictionaries(
    {name: st.sampled_from(list(ranks)) for name, ranks in PLAYBOOK.ranks.items()}
)


@st.composite
def said(draw: st.DrawFn) -> Said:
    """Answers to one criterion, from some of the groups that it asks."""
    criterion = draw(st.sampled_from(PLAYBOOK.criteria))
    groups = draw(st.lists(st.sampled_from(list(criterion.asks)), unique=True, min_size=1))
    by_group = {group: tuple(draw(st.lists(answer, min_size=1, max_size=5))) for group in groups}
    reason = draw(st.sampled_from([None, "no such thing here"]))
    return criterion.id, CriterionAnswers(by_group, draw(st.sampled_from(EVIDENCE)), reason)


@st.composite
def profiles_in_order(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """A profile and one that is at least as demanding in every factor."""
    gentle = draw(profiles)
    demanding = {
        name: draw(st.sampled_from(list(PLAYBOOK.ranks[name])[PLAYBOOK.ranks[name][value] :]))
        for name, value in gentle.items()
    }
    return gentle, demanding


def judged(profile: dict[str, str], name: str, answers: CriterionAnswers) -> CriterionResult:
    return assess(PLAYBOOK, profile, {name: answers}).criteria[name]


@given(profiles, said(), st.data())
def test_raising_an_answer_never_worsens_a_status(
    profile: dict[str, str], one: Said, data: st.DataObject
) -> None:
    name, before = one
    group = data.draw(st.sampled_from(sorted(before.by_group)))
    answers: list[Answer | None] = list(before.by_group[group])
    low = [index for index, said in enumerate(answers) if isinstance(said, int) and said < 4]
    assume(low)
    index = data.draw(st.sampled_from(low))
    level = answers[index]
    assert isinstance(level, int)
    answers[index] = data.draw(st.integers(level + 1, 4))
    after = replace(before, by_group={**before.by_group, group: answers})
    was, now = judged(profile, name, before), judged(profile, name, after)
    assert STATUSES.index(now.status) >= STATUSES.index(was.status)
    assert (now.effective or 0) >= (was.effective or 0)


@given(profiles, said(), st.integers(0, 4), st.integers(0, 4))
def test_better_evidence_never_lowers_the_effective_level(
    profile: dict[str, str], one: Said, worse: int, better: int
) -> None:
    assume(worse < better)
    name, answers = one
    was = judged(profile, name, replace(answers, evidence=BETTER_EVIDENCE[worse]))
    now = judged(profile, name, replace(answers, evidence=BETTER_EVIDENCE[better]))
    assert (now.effective is None) is (was.effective is None)
    assert (now.effective or 0) >= (was.effective or 0)
    assert STATUSES.index(now.status) >= STATUSES.index(was.status)


@given(profiles_in_order(), said())
def test_a_more_demanding_profile_never_lets_a_blocking_criterion_through(
    profiles: tuple[dict[str, str], dict[str, str]], one: Said
) -> None:
    gentle, demanding = profiles
    if judged(gentle, *one).status == "blocking":
        assert judged(demanding, *one).status == "blocking"


@given(profiles_in_order())
def test_a_more_demanding_profile_never_asks_for_less(
    profiles: tuple[dict[str, str], dict[str, str]],
) -> None:
    gentle, demanding = profiles
    for criterion in PLAYBOOK.criteria:
        lower, higher = bar(PLAYBOOK, criterion, gentle), bar(PLAYBOOK, criterion, demanding)
        assert lower.required <= higher.required
        assert lower.floor <= higher.floor


@given(profiles, said())
def test_the_sum_of_all_counts_is_the_number_of_criteria(profile: dict[str, str], one: Said) -> None:
    name, answers = one
    assessment = assess(PLAYBOOK, profile, {name: answers})
    assert sum(assessment.counts.values()) == len(PLAYBOOK.criteria)
    assert all(result.why for result in assessment.criteria.values())


@given(profiles, said())
def test_the_order_of_people_in_a_group_does_not_matter(profile: dict[str, str], one: Said) -> None:
    name, answers = one
    shuffled = {group: sorted(said, key=str, reverse=True) for group, said in answers.by_group.items()}
    assert judged(profile, name, answers) == judged(profile, name, replace(answers, by_group=shuffled))
