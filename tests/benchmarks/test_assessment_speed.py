"""How long one assessment takes, with 40 and with 1,000 respondents. Prints figures, asserts no time."""

import random
from statistics import median
from time import perf_counter

import pytest

from bot.method.answers import Answer, Answers, CriterionAnswers
from bot.method.assessment import assess
from bot.playbook.load import load_playbook
from bot.playbook.model import Playbook
from tests.method.worked import worked_case

ROUNDS = 50


def _answers(playbook: Playbook, respondents: int) -> Answers:
    """Everything answered by a quarter of the respondents in each group; the same every time."""
    drawn = random.Random(7)
    choices: list[Answer] = [0, 1, 2, 3, 4, "dk"]
    size = respondents // len(playbook.groups)
    return {
        criterion.id: CriterionAnswers({g: drawn.choices(choices, k=size) for g in criterion.asks}, "linked")
        for criterion in playbook.criteria
    }


@pytest.mark.benchmark
@pytest.mark.parametrize(("respondents", "target_ms"), [(40, 5), (1000, 50)])
def test_one_assessment(respondents: int, target_ms: int, capsys: pytest.CaptureFixture[str]) -> None:
    playbook = load_playbook()
    profile = worked_case()["profile"]
    answers = _answers(playbook, respondents)
    taken = []
    for _ in range(ROUNDS):
        started = perf_counter()
        assessment = assess(playbook, profile, answers)
        taken.append((perf_counter() - started) * 1000)
    assert assessment.complete
    with capsys.disabled():
        print(
            f"\none assessment of {len(playbook.criteria)} criteria by {respondents} respondents: "
            f"median {median(taken):.2f} ms, slowest {max(taken):.2f} ms (wanted: under {target_ms} ms)"
        )
