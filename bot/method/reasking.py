"""Putting criteria again to those who answered them, once the work on them is verified.

Levels move by answers only: the work proposes the level, each answerer says *Agree*, *Other* or *Can't see*.
One card per person, at most once a week. Pure; people are ids.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.method.answers import GroupAnswer
from bot.method.assessment import Assessment, CriterionResult
from bot.method.tasks import Task
from bot.playbook.model import Playbook

AT_MOST_EVERY = timedelta(weeks=1)

SAID_AFTER = 3
"""Working days after which it is said which group's old answer holds a criterion down."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A criterion to answer again, prefilled with the level that the verified work should have reached."""

    criterion: str
    level: int


def ripe(tasks: Iterable[Task]) -> tuple[str, ...]:
    """The criteria whose tasks are all verified, apart from cancelled ones, in the order of the tasks."""
    states: dict[str, set[str]] = {}
    for task in tasks:
        if task.criterion is not None and task.state != "cancelled":
            states.setdefault(task.criterion, set()).add(task.state)
    return tuple(criterion for criterion, found in states.items() if found == {"done_verified"})


def proposals(assessment: Assessment, verified: Iterable[str]) -> tuple[Proposal, ...]:
    """What to propose for these criteria: the required level, where it is not met yet."""
    results = (assessment.criteria[name] for name in verified)
    return tuple(
        Proposal(result.id, result.required)
        for result in results
        if result.required is not None and result.status != "met"
    )


def cards(
    proposed: Iterable[Proposal],
    answered_by: Mapping[str, Collection[str]],
    last_asked: Mapping[str, datetime],
    now: datetime,
) -> dict[str, tuple[Proposal, ...]]:
    """Person to what is on their card now. Who got a card within the last week waits for the next one.

    `answered_by` maps a criterion to the people who answered it; `last_asked` a person to their last card.
    """
    found: dict[str, list[Proposal]] = {}
    for proposal in proposed:
        for person in answered_by.get(proposal.criterion, ()):
            last = last_asked.get(person)
            if last is None or now - last >= AT_MOST_EVERY:
                found.setdefault(person, []).append(proposal)
    return {person: tuple(on_card) for person, on_card in found.items()}


def held_down_by(playbook: Playbook, result: CriterionResult, level: int) -> tuple[str, ...]:
    """The groups whose answer keeps a criterion below `level`, in the playbook's order; never a person.

    The authority by a lower answer or none, a witness by one that is too far below (method 3.3).
    """
    above = playbook.scoring.across_groups.max_levels_above_lowest_witness
    return tuple(
        group
        for group, answer in result.groups.items()
        if _holds_down(answer, level, 0 if group == result.authority else above, group == result.authority)
    )


def _holds_down(answer: GroupAnswer, level: int, allowed: int, authority: bool) -> bool:
    return answer + allowed < level if isinstance(answer, int) else authority
