"""From many answers to one level: within each group, across the groups, under the cap of the evidence.

Ratings are ordinal and groups are tiny, so the lower median is taken and nothing is averaged. One group, the
authority, lives with the criterion in production; the others are witnesses who can hold its answer down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.method.answers import DONT_KNOW, NOT_APPLICABLE, Answer, GroupAnswer
from bot.playbook.base import Evidence
from bot.playbook.model import Scoring


@dataclass(frozen=True, slots=True)
class GroupView:
    """What one group says: its answer, whether its members are `split`, and how far it was heard.

    `heard` is whether anyone answered, `whole` whether everyone did. A group that was not heard counts as
    "dk".
    """

    answer: GroupAnswer
    split: bool
    heard: bool
    whole: bool


UNHEARD = GroupView(DONT_KNOW, split=False, heard=False, whole=False)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The level that the groups' answers make (None: nobody has a number), and where they disagree."""

    level: int | None
    visibility_gap: bool
    perception_gap: bool
    held_down: bool


def within_group(answers: Sequence[Answer | None], scoring: Scoring) -> GroupView:
    """One group's view out of its members' answers; None is a member who has not answered yet.

    "na" counts only when all members say it, otherwise as "dk". From a share of "dk" on, the group does not
    know.
    """
    given = [answer for answer in answers if answer is not None]
    if not given:
        return UNHEARD
    whole = len(given) == len(answers)
    numbers = sorted(answer for answer in given if isinstance(answer, int))
    if not numbers and whole and all(answer == NOT_APPLICABLE for answer in given):
        return GroupView(NOT_APPLICABLE, split=False, heard=True, whole=True)
    rule = scoring.within_group
    unknown = len(given) - len(numbers)
    split = bool(numbers) and numbers[-1] - numbers[0] >= rule.split_flag_range
    if unknown and unknown >= rule.dont_know_share_for_group_dk * len(given):
        return GroupView(DONT_KNOW, split, heard=True, whole=whole)
    return GroupView(numbers[(len(numbers) - 1) // 2], split, heard=True, whole=whole)


def across_groups(authority: GroupAnswer, witnesses: Iterable[GroupAnswer], scoring: Scoring) -> Reconciled:
    """The level that counts, and the gaps between the groups.

    A witness never raises the authority's answer; it holds it down to one level above the most sceptical
    view. What the authority can't see counts as at most the cap. "na" is no number, so it weighs as "dk"
    does.
    """
    rule = scoring.across_groups
    seen = [answer for answer in witnesses if isinstance(answer, int)]
    lowest = min(seen, default=None)
    if not isinstance(authority, int):
        level = None if lowest is None else min(lowest, rule.authority_dk_cap)
        return Reconciled(level, True, _apart(seen, rule.perception_gap_range), held_down=False)
    ceiling = authority if lowest is None else lowest + rule.max_levels_above_lowest_witness
    level = min(authority, ceiling)
    gap = _apart([authority, *seen], rule.perception_gap_range)
    return Reconciled(level, False, gap, held_down=level < authority)


def _apart(numbers: Sequence[int], distance: int) -> bool:
    return bool(numbers) and max(numbers) - min(numbers) >= distance


def effective_level(level: int | None, evidence: Evidence, scoring: Scoring) -> int | None:
    """The level that the evidence can carry: no more than its cap."""
    return None if level is None else min(level, evidence_cap(evidence, scoring))


def evidence_cap(evidence: Evidence, scoring: Scoring) -> int:
    """The highest level that evidence in this state carries."""
    caps = scoring.evidence_caps
    match evidence:
        case "none":
            return caps.none
        case "linked":
            return caps.linked
        case "verified":
            return caps.verified
        case "rejected":
            return caps.rejected
        case "expired":
            return caps.expired


def spread(groups: Mapping[str, GroupAnswer]) -> int | None:
    """How far the groups' numbers lie apart; None where fewer than two groups gave a number."""
    numbers = [answer for answer in groups.values() if isinstance(answer, int)]
    return max(numbers) - min(numbers) if len(numbers) > 1 else None
