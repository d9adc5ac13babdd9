"""The whole assessment: one pure function of playbook, profile, answers and capacity.

Fast enough to be computed again whenever something changed. The answers are reconciled once; judging them
by a profile is cheap, so that gentler profiles can be judged beside the pilot's own. Knows no file, channel
or clock.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.method.answers import DONT_KNOW, NO_ANSWERS, NOT_APPLICABLE, Answers, CriterionAnswers, GroupAnswer
from bot.method.effort import Days, blocking_effort, over_capacity
from bot.method.patterns import PatternState, pattern_states
from bot.method.profile import Bar, Profile, applies, bar, lower_values
from bot.method.reconcile import (
    UNHEARD,
    GroupView,
    Reconciled,
    across_groups,
    effective_level,
    spread,
    within_group,
)
from bot.method.rollup import ConditionResult, Verdict, condition_result, overall_index, verdict_of
from bot.method.status import WEIGHTS, gap_of, priority_of, status_of
from bot.method.why import why, why_not_applicable
from bot.playbook.base import STATUSES, Criticality, Evidence, Status
from bot.playbook.model import Criterion, Playbook

AUTONOMY = "autonomy"
"""The profile factor that a pilot can most easily lower: let people do more, launch sooner."""

PURGATORY = 2
"""From this many red conditions on, a pilot is stuck between trying and running."""

Flag = str
"""`visibility_gap`, `perception_gap`, `held_down`, or `split_in_` and a group, in this order."""


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion, judged. Where it does not apply, every level, `bar` and `gap` are None.

    `groups` has each asked group's answer in the playbook's order; a group in `unheard` has not answered and
    counts as "dk". `reconciled` is the level before, `effective` the one after the cap of the evidence (both
    None where nobody has a number). `priority` is 0 where there is no gap.
    """

    id: str
    condition: str
    authority: str
    groups: Mapping[str, GroupAnswer]
    unheard: tuple[str, ...]
    evidence: Evidence
    bar: Bar | None
    reconciled: int | None
    effective: int | None
    status: Status
    gap: int | None
    priority: int
    flags: tuple[Flag, ...]
    why: str

    @property
    def required(self) -> int | None:
        """The level this pilot needs."""
        return self.bar.required if self.bar else None

    @property
    def criticality(self) -> Criticality | None:
        """Whether anything can stand in for it."""
        return self.bar.criticality if self.bar else None

    @property
    def floor(self) -> int | None:
        """The level below which it blocks."""
        return self.bar.floor if self.bar else None

    @property
    def rank(self) -> tuple[int, int, str]:
        """Sorts by priority, highest first; ties: hard first, then id."""
        weight = WEIGHTS[self.bar.criticality] if self.bar else 0
        return (-self.priority, -weight, self.id)


@dataclass(frozen=True, slots=True)
class Blocking:
    """A blocking criterion and its priority."""

    criterion: str
    priority: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same answers, judged with a lower value of one profile factor; `blocking` by priority."""

    factor: str
    value: str
    label: str
    counts: Mapping[Status, int]
    blocking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that follows from one set of answers under one profile and one version of the playbook.

    `complete` is whether everyone who was asked has answered everything that applies; `unheard_groups` have
    answered nothing at all. `alignment` is None where no two groups gave a number to the same criterion,
    `overall_index` where nothing applies. Days over capacity are those of weeks 5-8.
    """

    playbook_id: str
    playbook_version: str
    playbook_sha256: str
    profile: Profile
    complete: bool
    unheard_groups: tuple[str, ...]
    criteria: Mapping[str, CriterionResult]
    counts: Mapping[Status, int]
    conditions: Mapping[str, ConditionResult]
    overall_index: float | None
    verdict: Verdict
    purgatory_flag: bool
    alignment: float | None
    perception_gaps: tuple[str, ...]
    visibility_gaps: tuple[str, ...]
    patterns: Mapping[str, PatternState]
    blocking_in_priority_order: tuple[Blocking, ...]
    blocking_effort_days: Mapping[str, Mapping[str, Days]]
    over_capacity: Mapping[str, Days]
    lower_autonomy: tuple[Alternative, ...]

    def gaps(self, *statuses: Status) -> tuple[CriterionResult, ...]:
        """The criteria in these statuses, the most pressing first."""
        return tuple(sorted((r for r in self.criteria.values() if r.status in statuses), key=_rank))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was said about one criterion, reconciled; nothing in it depends on the profile."""

    criterion: Criterion
    views: Mapping[str, GroupView]
    groups: Mapping[str, GroupAnswer]
    reconciled: Reconciled
    evidence: Evidence
    effective: int | None
    not_applicable_because: str | None


def assess(
    playbook: Playbook,
    profile: Profile,
    answers: Answers,
    capacity: Mapping[str, Days] | None = None,
    *,
    conditions: Collection[str] | None = None,
) -> Assessment:
    """Assess a pilot.

    `profile` names a value for every factor (see `profile_faults`), `answers` know only criteria and asked
    groups of the playbook: what else they hold is not looked at. `capacity` is each group's working days in
    weeks 5-8.

    `conditions` narrows it to the criteria of some: the others are then no part of it, and their results in
    `Assessment.conditions` need nothing. A check before a pilot looks at two of the five.
    """
    inside = (c for c in playbook.criteria if conditions is None or c.condition in conditions)
    heard = [_hear(playbook, c, answers.get(c.id, NO_ANSWERS)) for c in inside]
    results = {one.criterion.id: _judge(playbook, profile, one) for one in heard}
    applicable = [one for one in heard if results[one.criterion.id].bar is not None]
    rolled_up = _conditions(playbook, results.values())
    red = sum(condition.colour == "red" for condition in rolled_up.values())
    blocking = sorted((r for r in results.values() if r.status == "blocking"), key=_rank)
    effort = blocking_effort(playbook, (result.id for result in blocking))
    return Assessment(
        playbook_id=playbook.id,
        playbook_version=playbook.version,
        playbook_sha256=playbook.sha256,
        profile=dict(profile),
        complete=all(view.whole for one in applicable for view in one.views.values()),
        unheard_groups=_unheard_groups(applicable),
        criteria=results,
        counts=_counts(result.status for result in results.values()),
        conditions=rolled_up,
        overall_index=overall_index(rolled_up.values()),
        verdict=verdict_of(rolled_up.values()),
        purgatory_flag=red >= PURGATORY,
        alignment=_alignment(playbook, applicable),
        perception_gaps=_flagged(results.values(), "perception_gap"),
        visibility_gaps=_flagged(results.values(), "visibility_gap"),
        patterns=pattern_states(
            playbook,
            {result.id: result.status for result in results.values()},
            {one.criterion.id: one.groups for one in applicable},
        ),
        blocking_in_priority_order=tuple(Blocking(result.id, result.priority) for result in blocking),
        blocking_effort_days=effort,
        over_capacity=over_capacity(effort, capacity or {}),
        lower_autonomy=_alternatives(playbook, profile, heard, AUTONOMY),
    )


def _hear(playbook: Playbook, criterion: Criterion, said: CriterionAnswers) -> _Heard:
    scoring = playbook.scoring
    by_group = said.by_group
    views = {
        group: within_group(by_group[group], scoring) if group in by_group else UNHEARD
        for group in criterion.asks
    }
    groups = {group: view.answer for group, view in views.items()}
    reason = said.na_confirmed if groups[criterion.authority] == NOT_APPLICABLE else None
    if groups[criterion.authority] == NOT_APPLICABLE and not reason:
        groups[criterion.authority] = DONT_KNOW
    witnesses = (groups[group] for group in criterion.witnesses)
    reconciled = across_groups(groups[criterion.authority], witnesses, scoring)
    effective = effective_level(reconciled.level, said.evidence, scoring)
    return _Heard(criterion, views, groups, reconciled, said.evidence, effective, reason or None)


def _judge(playbook: Playbook, profile: Profile, heard: _Heard) -> CriterionResult:
    criterion, reconciled = heard.criterion, heard.reconciled
    unheard = tuple(group for group, view in heard.views.items() if not view.heard)
    bar_ = _bar(playbook, profile, heard)
    if bar_ is None:
        return _not_applicable(playbook, heard, unheard)
    gap = gap_of(heard.effective, bar_)
    sentence = why(playbook, criterion, profile, bar_, heard.groups, unheard, reconciled, heard.evidence)
    return CriterionResult(
        id=criterion.id,
        condition=criterion.condition,
        authority=criterion.authority,
        groups=heard.groups,
        unheard=unheard,
        evidence=heard.evidence,
        bar=bar_,
        reconciled=reconciled.level,
        effective=heard.effective,
        status=status_of(reconciled.level, heard.effective, bar_),
        gap=gap,
        priority=priority_of(gap, bar_.criticality),
        flags=_flags(heard),
        why=sentence,
    )


def _bar(playbook: Playbook, profile: Profile, heard: _Heard) -> Bar | None:
    """The bar of a criterion, None where it does not apply."""
    if heard.not_applicable_because or not applies(playbook, heard.criterion, profile):
        return None
    return bar(playbook, heard.criterion, profile)


def _not_applicable(playbook: Playbook, heard: _Heard, unheard: tuple[str, ...]) -> CriterionResult:
    criterion = heard.criterion
    return CriterionResult(
        id=criterion.id,
        condition=criterion.condition,
        authority=criterion.authority,
        groups=heard.groups,
        unheard=unheard,
        evidence=heard.evidence,
        bar=None,
        reconciled=None,
        effective=None,
        status="not_applicable",
        gap=None,
        priority=0,
        flags=(),
        why=why_not_applicable(playbook, criterion, heard.not_applicable_because),
    )


def _flags(heard: _Heard) -> tuple[Flag, ...]:
    reconciled = heard.reconciled
    raised = {
        "visibility_gap": reconciled.visibility_gap,
        "perception_gap": reconciled.perception_gap,
        "held_down": reconciled.held_down,
        **{f"split_in_{group}": view.split for group, view in heard.views.items()},
    }
    return tuple(flag for flag, up in raised.items() if up)


def _rank(result: CriterionResult) -> tuple[int, int, str]:
    return result.rank


def _flagged(results: Iterable[CriterionResult], flag: Flag) -> tuple[str, ...]:
    return tuple(sorted(result.id for result in results if flag in result.flags))


def _counts(statuses: Iterable[Status]) -> dict[Status, int]:
    counts: dict[Status, int] = dict.fromkeys(STATUSES, 0)
    for status in statuses:
        counts[status] += 1
    return counts


def _conditions(playbook: Playbook, results: Iterable[CriterionResult]) -> dict[str, ConditionResult]:
    gathered: dict[str, list[CriterionResult]] = {name: [] for name in playbook.condition_names}
    for result in results:
        gathered[result.condition].append(result)
    return {
        name: condition_result([(r.status, r.effective, r.bar) for r in inside if r.bar is not None])
        for name, inside in gathered.items()
    }


def _unheard_groups(heard: Iterable[_Heard]) -> tuple[str, ...]:
    """Groups, by id, that were asked something that applies and have answered nothing."""
    asked: set[str] = set()
    answered: set[str] = set()
    for one in heard:
        asked.update(one.views)
        answered.update(group for group, view in one.views.items() if view.heard)
    return tuple(sorted(asked - answered))


def _alignment(playbook: Playbook, heard: Iterable[_Heard]) -> float | None:
    """How far the groups share one picture, 1.0 being all of it; a trend to show, never a gate."""
    spreads = [distance for one in heard if (distance := spread(one.groups)) is not None]
    widest = playbook.scale.levels[-1].level
    return 1 - sum(spreads) / (len(spreads) * widest) if spreads else None


def _alternatives(
    playbook: Playbook, profile: Profile, heard: list[_Heard], factor: str
) -> tuple[Alternative, ...]:
    labels = {value.id: value.label for f in playbook.profile_factors if f.id == factor for value in f.values}
    return tuple(
        _alternative(playbook, profile, heard, factor, value, labels[value])
        for value in lower_values(playbook, factor, profile)
    )


def _alternative(
    playbook: Playbook, profile: Profile, heard: list[_Heard], factor: str, value: str, label: str
) -> Alternative:
    lower = {**profile, factor: value}
    statuses: dict[str, Status] = {}
    ranks: dict[str, tuple[int, int, str]] = {}
    for one in heard:
        bar_ = _bar(playbook, lower, one)
        name = one.criterion.id
        if bar_ is None:
            statuses[name] = "not_applicable"
            continue
        statuses[name] = status_of(one.reconciled.level, one.effective, bar_)
        weight = WEIGHTS[bar_.criticality]
        ranks[name] = (-priority_of(gap_of(one.effective, bar_), bar_.criticality), -weight, name)
    blocking = sorted(
        (name for name, status in statuses.items() if status == "blocking"), key=ranks.__getitem__
    )
    return Alternative(factor, value, label, _counts(statuses.values()), tuple(blocking))
