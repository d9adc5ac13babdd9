"""Mitigations: what makes a manageable gap bearable, for how long, and what follows when it no longer does.

A mitigation without an expiry is none (S98). On its expiry, or when its trigger fires, the gap counts as
blocking. Pure: days are handed in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.method.assessment import Assessment, Blocking, CriterionResult
from bot.method.effort import blocking_effort
from bot.method.rollup import ConditionResult, condition_result, overall_index, verdict_of
from bot.playbook.base import STATUSES, Status
from bot.playbook.model import Playbook

LONGEST = timedelta(days=90)
"""How long a mitigation may carry a gap (method 3.7)."""

Fault = Literal["text", "owner", "watched", "approver", "expiry_missing", "expiry_passed", "expiry_too_late"]


@dataclass(frozen=True, slots=True)
class Mitigation:
    """How a manageable gap is carried until `expires` (that day included).

    `watched` says what would show that it no longer holds; `fired` whether that has happened. `accepted` is
    whether the approver has agreed; a drafted one carries the gap too, until the launch gate asks for more.
    """

    criterion: str
    text: str
    owner: str | None
    watched: str
    approver: str | None
    expires: date | None
    fired: bool = False
    accepted: bool = False

    def lapsed(self, today: date) -> bool:
        """Whether it carries the gap no longer."""
        return self.fired or self.expires is None or today > self.expires


@dataclass(frozen=True, slots=True)
class Request:
    """A manageable gap for which a mitigation is asked of `group`, to expire on `latest` at the latest."""

    criterion: str
    group: str
    latest: date


def faults(mitigation: Mitigation, today: date) -> tuple[Fault, ...]:
    """What a mitigation lacks, on the day it is written."""
    said: dict[Fault, str | None] = {
        "text": mitigation.text,
        "owner": mitigation.owner,
        "watched": mitigation.watched,
        "approver": mitigation.approver,
    }
    missing = [name for name, value in said.items() if not value or not value.strip()]
    return (*missing, *_expiry_faults(mitigation.expires, today))


def _expiry_faults(expires: date | None, today: date) -> tuple[Fault, ...]:
    if expires is None:
        return ("expiry_missing",)
    if expires < today:
        return ("expiry_passed",)
    return ("expiry_too_late",) if expires > today + LONGEST else ()


def requests(
    playbook: Playbook, assessment: Assessment, mitigations: Iterable[Mitigation], today: date
) -> tuple[Request, ...]:
    """The manageable gaps that nothing carries, most pressing first, asked of who must live with them."""
    carried = {one.criterion for one in mitigations if not one.lapsed(today)}
    return tuple(
        Request(gap.id, playbook.criterion(gap.id).authority, today + LONGEST)
        for gap in assessment.gaps("manageable")
        if gap.id not in carried
    )


def lapsed_gaps(assessment: Assessment, mitigations: Iterable[Mitigation], today: date) -> tuple[str, ...]:
    """The manageable gaps whose every mitigation has lapsed. One that never had any is asked for instead."""
    had: dict[str, bool] = {}
    for one in mitigations:
        had[one.criterion] = had.get(one.criterion, True) and one.lapsed(today)
    return tuple(gap.id for gap in assessment.gaps("manageable") if had.get(gap.id, False))


def counting_as_blocking(playbook: Playbook, assessment: Assessment, lapsed: Collection[str]) -> Assessment:
    """The assessment as a gate sees it: manageable gaps in `lapsed` block (playbook rule E8).

    Days over capacity stay those of the diagnosis: the plan's own check counts the tasks that follow.
    """
    criteria = {
        name: replace(one, status="blocking") if name in lapsed and one.status == "manageable" else one
        for name, one in assessment.criteria.items()
    }
    blocking = sorted((one for one in criteria.values() if one.status == "blocking"), key=_rank)
    conditions = _conditions(assessment, criteria)
    return replace(
        assessment,
        criteria=criteria,
        counts={status: _count(criteria, status) for status in STATUSES},
        conditions=conditions,
        overall_index=overall_index(conditions.values()),
        verdict=verdict_of(conditions.values()),
        blocking_in_priority_order=tuple(Blocking(one.id, one.priority) for one in blocking),
        blocking_effort_days=blocking_effort(playbook, (one.id for one in blocking)),
    )


def _rank(result: CriterionResult) -> tuple[int, int, str]:
    return result.rank


def _count(criteria: Mapping[str, CriterionResult], status: Status) -> int:
    return sum(one.status == status for one in criteria.values())


def _conditions(
    assessment: Assessment, criteria: Mapping[str, CriterionResult]
) -> dict[str, ConditionResult]:
    return {
        name: condition_result(
            [(c.status, c.effective, c.bar) for c in criteria.values() if c.condition == name and c.bar]
        )
        for name in assessment.conditions
    }
