"""The playbook's model, second half: plan, funding, gates, escalation, metrics.

Says what a file may hold, no more; evaluates nothing.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.playbook.base import Count, Id, Operator, Part, Status, Text


class Phase(Part):
    """A stretch of the programme; `weeks` are the first and the last week, None for no end."""

    id: Id
    weeks: tuple[Count, Count | None]
    name: Text


class CheckinQuestion(Part):
    """One question of the weekly check-in and who is asked it."""

    id: Id
    to: Literal["task_owner", "group_lead", "everyone"]
    text: Text


class WeeklyCheckin(Part):
    """The check-in that comes every week, and the states a task may be in."""

    day: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    core_questions: tuple[CheckinQuestion, ...]
    task_states: tuple[Id, ...]


class Week(Part):
    """What one week of the programme is for."""

    week: Count
    theme: Text
    deliverables: tuple[Text, ...]
    checkin: tuple[Text, ...]
    who: tuple[Id, ...]


class Cadence(Part):
    """How closely a stretch of weeks after launch is watched."""

    weeks: Text
    rhythm: Text
    escalation_hours: Count


class Plan(Part):
    """The programme, week by week."""

    working_days_per_week: Annotated[int, Field(ge=1, le=7)]
    phases: tuple[Phase, ...]
    weekly_checkin: WeeklyCheckin
    weeks: tuple[Week, ...]
    after_launch_cadence: tuple[Cadence, ...]


class Funding(Part):
    """The slices of money and the gate that releases each."""

    default_slices_percent: dict[Id, Annotated[int, Field(ge=0, le=100)]]
    released_by: dict[Id, Id]
    further_investment_unlocked_by: Id


Decision = Literal["go", "conditional_go", "recycle", "hold", "kill"]


class GateRules(Part):
    """How gate items become a recommendation, and what each decision sets off."""

    decisions: tuple[Decision, ...]
    algorithm: tuple[Text, ...]
    max_conditions: Count
    condition_days: Count
    should_share: Annotated[float, Field(ge=0, le=1)]
    note: Text
    effects: dict[Decision, Text]


class FactCheck(Part):
    """A fact that people state, compared with a value."""

    type: Literal["fact"]
    key: Id
    op: Operator
    value: bool | int | float


class CoverageCheck(Part):
    """Enough people of each group answered everything they were asked."""

    type: Literal["coverage"]
    groups: tuple[Id, ...]
    min_complete_respondents: Count


class StatusCountCheck(Part):
    """The number of criteria in some statuses (within some windows, if given)."""

    type: Literal["status_count"]
    statuses: tuple[Status, ...]
    windows: tuple[Id, ...] | None = None
    op: Operator
    value: Count


class CriteriaMetCheck(Part):
    """All of these criteria are met."""

    type: Literal["criteria_met"]
    ids: tuple[Id, ...]


class CriteriaStatusCheck(Part):
    """All of these criteria are in one of these statuses."""

    type: Literal["criteria_status_in"]
    ids: tuple[Id, ...]
    statuses: tuple[Status, ...]


class CapacityCheck(Part):
    """Blocking work of a window fits each group's days."""

    type: Literal["capacity"]
    window: Id


class ApprovalCheck(Part):
    """The role approves; several roles are joined by `+`."""

    type: Literal["approval"]
    role: Text


class HardProofGapsCheck(Part):
    """The number of proof gaps on hard criteria."""

    type: Literal["proof_gaps_on_hard"]
    op: Operator
    value: Count


class LaunchClearCheck(Part):
    """Nothing blocks, nothing is unknown, no hard criterion lacks its proof."""

    type: Literal["launch_clear"]


class MetricCheck(Part):
    """A live measure, or a limit of its interval, against a value or a target set before launch."""

    type: Literal["metric"]
    metric: Id
    stat: Literal["value", "ci_low", "ci_high"]
    op: Operator
    value: int | float | None = None
    target: Id | None = None

    @model_validator(mode="after")
    def _one_of_value_and_target(self) -> "MetricCheck":
        if (self.value is None) == (self.target is None):
            raise ValueError("either a value or a target")
        return self


Check = Annotated[
    FactCheck
    | CoverageCheck
    | StatusCountCheck
    | CriteriaMetCheck
    | CriteriaStatusCheck
    | CapacityCheck
    | ApprovalCheck
    | HardProofGapsCheck
    | LaunchClearCheck
    | MetricCheck,
    Field(discriminator="type"),
]


class ShouldMeet(Part):
    """A gate item that counts towards the share of should-meets; `also` must hold beside `check`."""

    id: Id
    text: Text
    check: Check
    also: tuple[Check, ...] = ()


class MustMeet(ShouldMeet):
    """A gate item that must hold; `conditionable` ones can be promised with an owner and a date."""

    conditionable: bool


class Gate(Part):
    """A decision point: what must and should hold, who decides, which flags end or stop it."""

    id: Id
    name: Text
    when: Text
    deciders: tuple[Id, ...]
    must: tuple[MustMeet, ...]
    should: tuple[ShouldMeet, ...]
    kill_flags: tuple[Id, ...]
    hold_flags: tuple[Id, ...]
    on_go: Text | None = None


class Rung(Part):
    """A level of the escalation ladder."""

    level: Count
    to: Text
    how: Text
    acknowledge_within_working_hours: Count


class EscalationStep(Part):
    """When a level is told: after working days, after missed check-ins, or after minutes."""

    after_working_days: Count | None = None
    after_missed: Count | None = None
    after_minutes: Count | None = None
    level: Count

    @model_validator(mode="after")
    def _one_way_of_counting(self) -> "EscalationStep":
        ways = (self.after_working_days, self.after_missed, self.after_minutes)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("one of after_working_days, after_missed, after_minutes")
        return self


class EscalationRule(Part):
    """What sets an escalation off and how it climbs."""

    id: Id
    trigger: Text
    steps: Annotated[tuple[EscalationStep, ...], Field(min_length=1)]
    then: Text | None = None


class Escalation(Part):
    """Whom to tell, and when."""

    ladder: tuple[Rung, ...]
    rules: tuple[EscalationRule, ...]


class MinSample(Part):
    """Below these numbers it is too early to say."""

    denominator: Count | None = None
    per_period: Count | None = None
    events_per_period: Count | None = None


class Bands(Part):
    """Where an index is stable, to be watched, to be acted on."""

    stable_below: float
    watch_below: float
    act_from: float


class Metric(Part):
    """A live measure: how it is computed, and when it alarms."""

    id: Id
    name: Text
    unit: Text
    formula: Text
    interval: Text | None = None
    test: Text | None = None
    min_sample: MinSample | None = None
    direction: Literal["up", "down"]
    bands: Bands | None = None
    alert: Text


class Statistics(Part):
    """What holds for all metrics."""

    confidence: Annotated[float, Field(gt=0, lt=1)]
    z: Annotated[float, Field(gt=0)]
    too_few_rule: Text
    peeking_rule: Text
    confounders_to_record: tuple[Text, ...]
