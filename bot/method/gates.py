"""Gates: which must-meets and should-meets hold, and what the playbook's rules recommend. People decide.

Pure: statuses come from an assessment, everything else (facts, approvals, live measures) is handed in. What
is not known does not hold, and a measure with too few cases never passes. Every `also` must hold beside
`check`.
"""

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bot.method.assessment import Assessment, CriterionResult
from bot.playbook.base import Operator, Status
from bot.playbook.model import Playbook
from bot.playbook.programme import (
    ApprovalCheck,
    CapacityCheck,
    Check,
    CoverageCheck,
    CriteriaMetCheck,
    CriteriaStatusCheck,
    Decision,
    FactCheck,
    GateRules,
    HardProofGapsCheck,
    LaunchClearCheck,
    MetricCheck,
    ShouldMeet,
    StatusCountCheck,
)

Number = int | float

_COMPARE: dict[Operator, Callable[[Number, Number], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True, slots=True)
class MetricReading:
    """A live measure and its 95% interval; `too_few` is whether its sample is below the minimum."""

    value: Number | None = None
    ci_low: Number | None = None
    ci_high: Number | None = None
    too_few: bool = False


@dataclass(frozen=True, slots=True)
class OfferedCondition:
    """A promise for a failed must-meet: who does it, and in how many working days."""

    owner: str
    due_in_working_days: int


@dataclass(frozen=True, slots=True)
class GateInputs:
    """What a gate needs beside the assessment.

    `complete_respondents` is the number of people per group who answered everything they were asked;
    `flags` are those raised, whichever gate they belong to; `conditions` are offered per must-meet id.
    """

    facts: Mapping[str, bool | Number] = field(default_factory=dict)
    approvals: Collection[str] = ()
    flags: Collection[str] = ()
    metrics: Mapping[str, MetricReading] = field(default_factory=dict)
    targets: Mapping[str, Number] = field(default_factory=dict)
    complete_respondents: Mapping[str, int] = field(default_factory=dict)
    conditions: Mapping[str, OfferedCondition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailedMust:
    """A must-meet that does not hold, and what was offered for it."""

    conditionable: bool
    offered: OfferedCondition | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate's items came to. `should_share` is None for a gate without should-meets."""

    gate: str
    failed_must: tuple[str, ...]
    failed_should: tuple[str, ...]
    should_share: float | None
    recommendation: Decision


def evaluate_gate(playbook: Playbook, gate_id: str, assessment: Assessment, inputs: GateInputs) -> GateResult:
    """Check every item of a gate and recommend a decision; `KeyError` for an unknown gate."""
    gate = playbook.gates_by_id[gate_id]
    view = _View(playbook, assessment, inputs)
    failed_must = [item for item in gate.must if not view.holds(item)]
    failed_should = [item for item in gate.should if not view.holds(item)]
    passed, total = len(gate.should) - len(failed_should), len(gate.should)
    return GateResult(
        gate=gate.id,
        failed_must=tuple(item.id for item in failed_must),
        failed_should=tuple(item.id for item in failed_should),
        should_share=passed / total if total else None,
        recommendation=recommend(
            playbook.gate_rules,
            [FailedMust(item.conditionable, inputs.conditions.get(item.id)) for item in failed_must],
            passed,
            total,
            kill=_raised(gate.kill_flags, inputs),
            hold=_raised(gate.hold_flags, inputs),
        ),
    )


def _raised(flags: Sequence[str], inputs: GateInputs) -> bool:
    return any(flag in inputs.flags for flag in flags)


def recommend(
    rules: GateRules,
    failed_must: Sequence[FailedMust],
    should_passed: int,
    should_total: int,
    *,
    kill: bool = False,
    hold: bool = False,
) -> Decision:
    """The decision that the rules recommend; the share is compared exactly, without rounding."""
    if kill:
        return "kill"
    if hold:
        return "hold"
    if len(failed_must) > rules.max_conditions or not all(_promised(rules, one) for one in failed_must):
        return "recycle"
    enough = should_passed >= Fraction(str(rules.should_share)) * should_total
    return "go" if enough and not failed_must else "conditional_go"


def _promised(rules: GateRules, failed: FailedMust) -> bool:
    """Whether a failed must-meet may be carried: conditionable, with an owner and a near date."""
    offered = failed.offered
    if not failed.conditionable or offered is None:
        return False
    return bool(offered.owner.strip()) and 0 <= offered.due_in_working_days <= rules.condition_days


@dataclass(frozen=True, slots=True)
class _View:
    """Everything a check may look at."""

    playbook: Playbook
    assessment: Assessment
    inputs: GateInputs

    def holds(self, item: ShouldMeet) -> bool:
        return all(self.passes(check) for check in (item.check, *item.also))

    def passes(self, check: Check) -> bool:
        match check:
            case FactCheck() | MetricCheck() | ApprovalCheck() | CoverageCheck():
                return self._stated(check)
            case CriteriaMetCheck():
                return self._in_status(check.ids, ("met",))
            case CriteriaStatusCheck():
                return self._in_status(check.ids, check.statuses)
            case StatusCountCheck():
                return _COMPARE[check.op](len(self._within(check.statuses, check.windows)), check.value)
            case HardProofGapsCheck():
                return _COMPARE[check.op](len(self._hard_proof_gaps()), check.value)
            case LaunchClearCheck():
                return not self._within(("blocking", "unknown"), None) and not self._hard_proof_gaps()
            case CapacityCheck():
                return not self.assessment.over_capacity

    def _stated(self, check: FactCheck | MetricCheck | ApprovalCheck | CoverageCheck) -> bool:
        match check:
            case FactCheck():
                return _fact_holds(check, self.inputs.facts.get(check.key))
            case MetricCheck():
                return self._measured(check)
            case ApprovalCheck():
                return all(role in self.inputs.approvals for role in check.role.split("+"))
            case CoverageCheck():
                complete = self.inputs.complete_respondents
                return all(complete.get(group, 0) >= check.min_complete_respondents for group in check.groups)

    def _measured(self, check: MetricCheck) -> bool:
        reading = self.inputs.metrics.get(check.metric, MetricReading())
        readings = {"value": reading.value, "ci_low": reading.ci_low, "ci_high": reading.ci_high}
        measured = readings[check.stat]
        wanted = check.value if check.target is None else self.inputs.targets.get(check.target)
        if measured is None or wanted is None or reading.too_few:
            return False
        return _COMPARE[check.op](measured, wanted)

    def _in_status(self, ids: Collection[str], statuses: tuple[Status, ...]) -> bool:
        """Whether all these criteria are in one of the statuses; what does not apply can't stop a gate."""
        results = (self.assessment.criteria[name] for name in ids)
        return all(result.status in (*statuses, "not_applicable") for result in results)

    def _within(self, statuses: tuple[Status, ...], windows: tuple[str, ...] | None) -> list[CriterionResult]:
        return [
            result
            for result in self.assessment.criteria.values()
            if result.status in statuses
            and (windows is None or self.playbook.by_id[result.id].remediation.window in windows)
        ]

    def _hard_proof_gaps(self) -> list[CriterionResult]:
        return [one for one in self._within(("proof_gap",), None) if one.criticality == "hard"]


def _fact_holds(check: FactCheck, fact: bool | Number | None) -> bool:
    """Compare a stated fact; yes-or-no facts only with yes or no, so that 1 is not taken for yes."""
    if fact is None or isinstance(fact, bool) is not isinstance(check.value, bool):
        return False
    return _COMPARE[check.op](fact, check.value)
