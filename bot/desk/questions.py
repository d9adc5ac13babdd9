"""Which questions a person is asked, how long they take, and how an answer reads.

Pure look-ups over playbook, profile and answers; no session.
"""

import math
from collections.abc import Collection
from typing import Final

from bot.method.profile import Profile, applies
from bot.playbook.model import Criterion, Playbook
from bot.store.models import Answer, Said

# 28 questions take about 14 minutes (method, 3.1).
SECONDS_PER_QUESTION: Final = 30

# What a person has said something about; skipping and withdrawing leave a question open.
SETTLED: Final = frozenset({Said.LEVEL, Said.DONT_KNOW, Said.NOT_APPLICABLE, Said.HANDED_OVER})

_WORDS: Final = {
    Said.DONT_KNOW: "I don't know",
    Said.NOT_APPLICABLE: "Does not apply",
    Said.HANDED_OVER: "Handed to a colleague",
    Said.SKIPPED: "Left for later",
}


def questions_for(
    playbook: Playbook,
    profile: Profile,
    *,
    group: str,
    daily_user: bool,
    conditions: Collection[str] | None = None,
) -> list[str]:
    """The ids of what a member of a group is asked about this pilot, in the playbook's order.

    `conditions` narrows them (a check before a pilot asks two of the five).
    """
    return [
        criterion.id
        for criterion in playbook.questions(group, daily_user=daily_user)
        if applies(playbook, criterion, profile) and (conditions is None or criterion.condition in conditions)
    ]


def minutes_for(questions: int) -> int:
    """About how many minutes this many questions take, rounded up."""
    return math.ceil(questions * SECONDS_PER_QUESTION / 60)


def wording(criterion: Criterion, group: str) -> str:
    """The question in the group's own words.

    A colleague a question was handed to may belong to a group it was not written for; the authority's
    words are asked then.
    """
    return criterion.asks.get(group) or criterion.asks[criterion.authority]


def anchors(criterion: Criterion) -> list[str]:
    """The five anchors, level 0 first."""
    return [criterion.anchors[level] for level in sorted(criterion.anchors)]


def answer_words(criterion: Criterion, answer: Answer | None) -> str | None:
    """An answer as the person chose it; None where the question is open."""
    if answer is None or answer.said == Said.WITHDRAWN:
        return None
    if answer.said == Said.LEVEL and answer.level is not None:
        return criterion.anchors[answer.level]
    return _WORDS.get(Said(answer.said))


def is_settled(answer: Answer | None) -> bool:
    """Whether a question has been dealt with."""
    return answer is not None and answer.said in SETTLED
