"""What people answered, as the method takes it: plain values, whoever collected them. Knows no person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.playbook.base import Evidence

DONT_KNOW: Literal["dk"] = "dk"
NOT_APPLICABLE: Literal["na"] = "na"

Answer = int | Literal["dk", "na"]
"""A level from 0 to 4, "don't know", or "does not apply"."""

GroupAnswer = Answer
"""The same values, said by a whole group."""

EVIDENCE: tuple[Evidence, ...] = ("none", "linked", "verified", "rejected", "expired")


@dataclass(frozen=True, slots=True)
class CriterionAnswers:
    """All that was said about one criterion.

    `by_group` holds one entry per member who was asked. None stands for a member who has not answered yet:
    the group's answer is made of the answers given, but "does not apply" needs all. A group that is absent,
    empty or all None has not answered. Whoever was not asked (a daily user, a colleague after "not my
    part") has no entry.

    `na_confirmed` is the facilitator's reason why a criterion does not apply; it has an effect only where the
    authority group says the same.
    """

    by_group: Mapping[str, Sequence[Answer | None]] = field(default_factory=dict)
    evidence: Evidence = "none"
    na_confirmed: str | None = None


Answers = Mapping[str, CriterionAnswers]
"""Criterion id to what was said; a criterion that is absent was not answered by anyone."""

NO_ANSWERS = CriterionAnswers()
