"""The assessment as plain values, the way people read it: names instead of ids, worst first.

Shared by the assessment's messages and modals. Holds values and the few words derived from them; no blocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Colour = Literal["red", "amber", "green"]
Status = Literal["blocking", "unknown", "manageable", "proof_gap", "met", "not_applicable"]
Says = int | Literal["dk", "na"] | None
"""A group's answer: a level, don't know, does not apply, or None for a group that has not answered."""

COLOUR_WORDS: Final[Mapping[Colour, str]] = {
    "red": "Red, blocked",
    "amber": "Amber, can be carried",
    "green": "Green, ready",
}
COLOUR_MARKS: Final[Mapping[Colour, str]] = {
    "red": ":red_circle:",
    "amber": ":large_orange_diamond:",
    "green": ":white_check_mark:",
}
STATUS_WORDS: Final[Mapping[Status, str]] = {
    "blocking": "blocks",
    "unknown": "nobody can tell",
    "manageable": "can be carried for a while",
    "proof_gap": "needs proof",
    "met": "met",
    "not_applicable": "does not apply",
}
_WORST_FIRST: Final[Sequence[Colour]] = ("red", "amber", "green")


@dataclass(frozen=True, slots=True)
class GroupSays:
    """What one group answered to one criterion."""

    group: str
    says: Says
    decides: bool = False
    """True for the group that has to live with it, whose answer counts first."""


@dataclass(frozen=True, slots=True)
class ConditionFigures:
    """One of the five conditions."""

    name: str
    """Short: `Data`."""
    colour: Colour
    blocking: int
    total: int
    """Criteria that apply."""
    index: float | None
    """Share of what is needed, 0 to 1; None where nothing applies."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One criterion that falls short, or that was flagged."""

    criterion: str
    title: str
    condition: str
    status: Status
    required: int
    effective: int | None
    groups: Sequence[GroupSays]
    why: str
    remedy: str = ""
    """What would close it, in one sentence."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A failure pattern that showed itself."""

    name: str
    plain: str
    likelihood: Literal["likely", "possible", "not_seen"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """What would block if the pilot did less by itself."""

    label: str
    """`a person approves each action`."""
    blocking: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One round's assessment. `gaps` is everything not met; those that block come first, by priority."""

    round: str
    initiative: str
    verdict: Literal["not_ready", "ready_with_mitigations", "ready"]
    counts: Mapping[Status, int]
    conditions: Sequence[ConditionFigures]
    gaps: Sequence[Gap]
    perception_gaps: Sequence[Gap]
    visibility_gaps: Sequence[Gap]
    patterns: Sequence[Pattern]
    alternatives: Sequence[Alternative]
    overall_index: float | None
    alignment: float | None
    unheard_groups: Sequence[str] = ()
    """Names of groups from which nobody has answered."""
    complete: bool = True
    """False while anybody who was asked has left something unanswered."""
    round_two_until: datetime | None = None
    """Set while round 2 is open."""

    @property
    def blocking(self) -> Sequence[Gap]:
        """The gaps that block, in priority order."""
        return [gap for gap in self.gaps if gap.status == "blocking"]

    @property
    def applicable(self) -> int:
        """How many criteria apply to this pilot."""
        return sum(count for status, count in self.counts.items() if status != "not_applicable")

    @property
    def worst_first(self) -> Sequence[ConditionFigures]:
        """The conditions by colour, then by how many block, then by the lower index."""
        return sorted(self.conditions, key=_badness)


def _badness(condition: ConditionFigures) -> tuple[int, int, float]:
    index = 2.0 if condition.index is None else condition.index
    return _WORST_FIRST.index(condition.colour), -condition.blocking, index


def headline(figures: Figures) -> str:
    """The verdict in one sentence: `Not ready for production: 14 of 39 block.`"""
    blocking, total = figures.counts.get("blocking", 0), figures.applicable
    if blocking:
        return f"Not ready for production: {blocking} of {total} {'blocks' if blocking == 1 else 'block'}."
    match figures.verdict:
        case "not_ready":
            unknown = figures.counts.get("unknown", 0)
            return f"Not ready for production: nobody can tell about {unknown} of {total}."
        case "ready_with_mitigations":
            return f"Ready for production if what is open is carried: none of {total} blocks."
        case "ready":
            return f"Ready for production: all {total} are met."


def final_line(counts: Mapping[Status, int], overall_index: float | None) -> str:
    """`14 blocking, 1 unknown, 12 manageable, 1 proof gap, 11 met; overall index 0.43`."""
    proofs = counts.get("proof_gap", 0)
    parts = [f"{counts.get(status, 0)} {status}" for status in ("blocking", "unknown", "manageable")]
    parts += [f"{proofs} proof gap{'' if proofs == 1 else 's'}", f"{counts.get('met', 0)} met"]
    return f"{', '.join(parts)}; overall index {number(overall_index)}"


def number(index: float | None) -> str:
    """An index with two digits, or `–` where there is none."""
    return "–" if index is None else f"{index:.2f}"


def answer_words(says: Says) -> str:
    """A group's answer in a word or a digit."""
    match says:
        case None:
            return "no answer"
        case "dk":
            return "don't know"
        case "na":
            return "does not apply"
        case level:
            return str(level)


def who_says_what(groups: Sequence[GroupSays]) -> str:
    """`IT operations 1, Pilot team 2`, the deciding group first."""
    ordered = sorted(groups, key=lambda each: not each.decides)
    return ", ".join(f"{each.group} {answer_words(each.says)}" for each in ordered)
