"""The playbook's model: the method as data, frozen, with the look-ups that the rest of Slipway asks for.

Says what a file may hold; what must agree within a file is in `rules`. Knows no answers, computes no scores.
"""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from bot.playbook.base import Criticality, Days, Id, Label, Level, Part, Status, Text
from bot.playbook.programme import Escalation, Funding, Gate, GateRules, Metric, Plan, Statistics


class Limits(Part):
    """How long texts may be; never above what Slack's option texts and modals take."""

    anchor_max_chars: Annotated[int, Field(ge=1, le=70)]
    question_max_chars: Annotated[int, Field(ge=1, le=240)]
    title_max_chars: Annotated[int, Field(ge=1, le=60)]
    max_questions_per_page: Annotated[int, Field(ge=1, le=8)]


class Group(Part):
    """People who see the pilot from one side."""

    id: Id
    name: Annotated[str, Field(min_length=1, max_length=60)]
    means: Text


class Condition(Part):
    """One of the structural conditions that criteria are gathered under."""

    id: Id
    name: Text
    short: Annotated[str, Field(min_length=1, max_length=24)]


class ScaleLevel(Part):
    """A level of the scale and what it means everywhere."""

    level: Level
    name: Text
    rule: Text


class ExtraAnswer(Part):
    """An answer that is no level."""

    id: Literal["dk", "na"]
    label: Label


class Scale(Part):
    """The levels, lowest first, and the answers beside them."""

    levels: tuple[ScaleLevel, ...]
    extra_answers: tuple[ExtraAnswer, ...]


class FailurePattern(Part):
    """A way in which pilots fail that the statuses can give away."""

    id: Id
    name: Text
    plain: Text


class FactorValue(Part):
    """One choice of a profile factor."""

    id: Id
    label: Label


class ProfileFactor(Part):
    """A question about the pilot in production; its values go from least to most demanding."""

    id: Id
    question: Text
    values: Annotated[tuple[FactorValue, ...], Field(min_length=1)]


class WithinGroup(Part):
    """How the answers of one group become the group's answer."""

    statistic: Literal["lower_median"]
    dont_know_share_for_group_dk: Annotated[float, Field(gt=0, le=1)]
    split_flag_range: Annotated[int, Field(ge=1, le=4)]


class AcrossGroups(Part):
    """How the groups' answers become one level."""

    base: Literal["authority_group"]
    max_levels_above_lowest_witness: Level
    authority_dk_cap: Level
    perception_gap_range: Annotated[int, Field(ge=1, le=4)]
    na_rule: Text


class EvidenceCaps(Part):
    """The highest level that each state of the evidence can carry."""

    none: Level
    linked: Level
    verified: Level
    rejected: Level
    expired: Level


class BlockingFloor(Part):
    """The level below which a gap blocks, in words."""

    hard: Text
    compensable: Text
    supporting: Text


class StatusRules(Part):
    """The statuses, worst first, and their rules in words."""

    order_worst_first: tuple[Status, ...]
    rules: tuple[Text, ...]


class ColourRules(Part):
    """What makes a condition red, amber or green, in words."""

    red: Text
    amber: Text
    green: Text


class VerdictRules(Part):
    """What makes the whole ready or not, in words."""

    not_ready: Text
    ready_with_mitigations: Text
    ready: Text


class PatternRules(Part):
    """When a failure pattern is likely, possible or not seen, in words."""

    likely: Text
    possible: Text
    not_seen: Text


class Scoring(Part):
    """The scoring rules: numbers that the method reads, and words that say to people what it does."""

    within_group: WithinGroup
    across_groups: AcrossGroups
    evidence_caps: EvidenceCaps
    evidence_rule: Text
    required_level: Text
    criticality: Text
    blocking_floor: BlockingFloor
    statuses: StatusRules
    gap: Text
    priority: Text
    condition_colour: ColourRules
    condition_index: Text
    overall_index: Text
    verdict: VerdictRules
    purgatory_flag: Text
    alignment: Text
    pattern_detection: PatternRules


class Window(Part):
    """A stretch of weeks in which gaps are closed; windows stand in the order of time."""

    id: Id
    name: Text
    meaning: Text


When = Annotated[dict[Id, Id], Field(min_length=1)]
"""Factor to value: holds when the pilot is at or above every value named."""


class Raise(Part):
    """A floor under the required level for demanding pilots."""

    when: When
    to: Level


class Required(Part):
    """The level a pilot needs: the base, or the highest raise that its profile calls for."""

    base: Annotated[int, Field(ge=1, le=4)]
    raises: tuple[Raise, ...] = Field(alias="raise")


class Harden(Part):
    """What makes a criterion hard."""

    when: When


class EvidenceItem(Part):
    """Something that can be shown."""

    kind: Literal["document", "record", "metric", "link"]
    what: Text


class Remediation(Part):
    """How a gap is closed, by whom, when, after what."""

    task: Text
    window: Id
    owner: Id
    effort_days: Days
    depends_on: tuple[Id, ...]
    done: Text


class MapsTo(Part):
    """Where public frameworks ask for the same."""

    ml_test_score: tuple[Text, ...]
    nist_ai_rmf: tuple[Text, ...]
    iso42001: tuple[Text, ...]
    eu_ai_act: tuple[Text, ...]
    sre: tuple[Text, ...]
    other: tuple[Text, ...]


class Criterion(Part):
    """One thing that must be in place, asked of several groups, judged by its authority."""

    id: Id
    condition: Id
    title: Text
    authority: Id
    asks: dict[Id, Text]
    daily_user_sees: bool = True
    """False for what a daily user of the business can't see and so is not asked."""
    anchors: dict[int, Text]
    evidence: tuple[EvidenceItem, ...]
    probe: Text
    applies_when: tuple[When, ...] = ()
    required: Required
    criticality: Criticality
    harden: tuple[Harden, ...]
    patterns: tuple[Id, ...]
    remediation: Remediation
    maps_to: MapsTo
    seed: tuple[Text, ...]

    @cached_property
    def witnesses(self) -> tuple[str, ...]:
        """The groups asked beside the authority, in the file's order."""
        return tuple(group for group in self.asks if group != self.authority)


class Playbook(Part):
    """A whole playbook. Comes from `load.load_playbook` or `load.parse_playbook` only, which check it."""

    schema_version: Literal["1.0"]
    id: Id = Field(alias="playbook_id")
    version: Id = Field(alias="playbook_version")
    title: Text
    limits: Limits
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    scale: Scale
    failure_patterns: tuple[FailurePattern, ...]
    profile_factors: tuple[ProfileFactor, ...]
    scoring: Scoring
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    plan: Plan
    funding: Funding
    gate_rules: GateRules
    gates: tuple[Gate, ...]
    escalation: Escalation
    metrics: tuple[Metric, ...]
    statistics: Statistics

    _text: str = PrivateAttr("")
    _sha256: str = PrivateAttr("")

    @property
    def text(self) -> str:
        """The text it was read from; `parse_playbook` makes the same playbook of it again."""
        return self._text

    @property
    def sha256(self) -> str:
        """The hash of `text` in UTF-8, as `sha256sum` gives it for the file."""
        return self._sha256

    @cached_property
    def by_id(self) -> dict[str, Criterion]:
        """Criteria by id, in the file's order."""
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def group_names(self) -> dict[str, str]:
        """Group id to the name people read."""
        return {group.id: group.name for group in self.groups}

    @cached_property
    def condition_names(self) -> dict[str, str]:
        """Condition id to its short name."""
        return {condition.id: condition.short for condition in self.conditions}

    @cached_property
    def factors(self) -> dict[str, ProfileFactor]:
        """Profile factors by id, in the file's order."""
        return {factor.id: factor for factor in self.profile_factors}

    @cached_property
    def ranks(self) -> dict[str, dict[str, int]]:
        """Factor id to value id to how demanding it is, 0 the least."""
        return {
            factor.id: {value.id: rank for rank, value in enumerate(factor.values)}
            for factor in self.profile_factors
        }

    @cached_property
    def gates_by_id(self) -> dict[str, Gate]:
        """Gates by id, in the file's order."""
        return {gate.id: gate for gate in self.gates}

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion with this id; `KeyError` if there is none."""
        return self.by_id[criterion_id]

    def questions(self, group: str, *, daily_user: bool = False) -> tuple[Criterion, ...]:
        """What a member of `group` is asked, in order; a daily user is not asked what one can't see.

        What does not apply to a pilot is still in: see `bot.method.profile.applies`.
        """
        return tuple(c for c in self.criteria if group in c.asks and (c.daily_user_sees or not daily_user))
