"""One sentence per criterion that says the rule: who says what, what is needed and why, what that means.

Words only; every number comes from the rules elsewhere. Knows the playbook's names, no channel to show them
in.
"""

from collections.abc import Mapping

from bot.method.answers import GroupAnswer
from bot.method.profile import Bar, Profile
from bot.method.reconcile import Reconciled, evidence_cap
from bot.playbook.base import Evidence
from bot.playbook.model import Criterion, Playbook

_BECAUSE = {
    ("autonomy", "acts_with_approval"): "it prepares actions that a person approves",
    ("autonomy", "acts_within_limits"): "it acts alone inside limits",
    ("autonomy", "acts_alone"): "it acts alone on everything in scope",
    ("audience", "partner"): "suppliers or partners are affected",
    ("audience", "customer"): "customers or the public are affected",
    ("sensitivity", "personal_data"): "personal data is processed",
    ("sensitivity", "regulated"): "the data or the decision is regulated",
    ("reversibility", "costly"): "mistakes cost effort to undo",
    ("reversibility", "irreversible"): "mistakes can't be undone",
    ("volume", "medium"): "it handles 100 to 2,000 cases a day",
    ("volume", "high"): "it handles more than 2,000 cases a day",
    ("tempo", "same_day"): "its output is acted upon the same day",
    ("tempo", "real_time"): "its output is acted upon at once",
    ("integrations", "two_to_three"): "it is connected to two or three systems",
    ("integrations", "four_plus"): "it is connected to four or more systems",
    ("model_kind", "generative"): "the model is generative",
    ("model_source", "vendor"): "a vendor supplies the model",
    ("value_skew", "concentrated"): "a few cases carry most of the value",
    ("cost_shape", "usage_based"): "its cost grows with use",
    ("data_tempo", "daily"): "its data changes daily",
    ("data_tempo", "hourly"): "its data changes by the hour",
    ("user_base", "medium"): "15 to 100 people will work with it",
    ("user_base", "large"): "more than 100 people will work with it",
}
"""How a profile value reads after "because"; a value of another playbook reads as its factor and label."""

_PROOF = {
    "none": "with nothing linked",
    "linked": "with a link that nobody outside has verified",
    "verified": "with this evidence",
    "rejected": "with its evidence rejected",
    "expired": "with its evidence expired",
}


def because(playbook: Playbook, when: Profile, profile: Profile) -> str:
    """The profile's values that `when` speaks of, as a clause after "because"."""
    clauses = []
    for factor in when:
        value = profile[factor]
        clauses.append(_BECAUSE.get((factor, value)) or _factor_and_label(playbook, factor, value))
    return " and ".join(clauses)


def _factor_and_label(playbook: Playbook, factor: str, value: str) -> str:
    label = next(choice.label for choice in playbook.factors[factor].values if choice.id == value)
    return f"{factor.replace('_', ' ')} is “{label}”"


def why_not_applicable(playbook: Playbook, criterion: Criterion, reason: str | None) -> str:
    """Why a criterion does not apply: the confirmed `reason`, or else the profile."""
    if reason is not None:
        name = playbook.group_names[criterion.authority]
        return f"{name} says that it does not apply, confirmed by the facilitator: {reason}"
    return "Does not apply to a pilot with this profile"


def why(
    playbook: Playbook,
    criterion: Criterion,
    profile: Profile,
    bar: Bar,
    groups: Mapping[str, GroupAnswer],
    unheard: tuple[str, ...],
    reconciled: Reconciled,
    evidence: Evidence,
) -> str:
    """The rule that gave this criterion its status, as a sentence without a full stop."""
    said = _said(playbook, criterion, groups, unheard, reconciled)
    proof = _proof(playbook, reconciled.level, evidence)
    return f"{said}{proof}, {_needed(playbook, bar, profile)}; {_weight(playbook, bar, profile)}"


def _said(
    playbook: Playbook,
    criterion: Criterion,
    groups: Mapping[str, GroupAnswer],
    unheard: tuple[str, ...],
    reconciled: Reconciled,
) -> str:
    name = playbook.group_names[criterion.authority]
    answer = groups[criterion.authority]
    if reconciled.level is None:
        return "Nobody who was asked can say" if not unheard else "Nobody has said a level yet"
    if isinstance(answer, int) and not reconciled.held_down:
        return f"{name} says {answer}"
    lowest, witness = _lowest(playbook, criterion, groups)
    if isinstance(answer, int):
        return f"{name} says {answer}, {witness} says {lowest}, so {reconciled.level} counts"
    blind = "has not answered" if criterion.authority in unheard else "can't see it"
    return f"{name} {blind}, {witness} says {lowest}, so {reconciled.level} counts"


def _lowest(playbook: Playbook, criterion: Criterion, groups: Mapping[str, GroupAnswer]) -> tuple[int, str]:
    """The most sceptical witness that gave a number: its answer and its name."""
    numbers = {group: answer for group in criterion.witnesses if isinstance(answer := groups[group], int)}
    group = min(numbers, key=numbers.__getitem__)
    return numbers[group], playbook.group_names[group]


def _proof(playbook: Playbook, level: int | None, evidence: Evidence) -> str:
    cap = evidence_cap(evidence, playbook.scoring)
    return f", {_PROOF[evidence]} at most {cap} counts" if level is not None and level > cap else ""


def _needed(playbook: Playbook, bar: Bar, profile: Profile) -> str:
    if bar.raised_by is None:
        return f"{bar.required} is needed in any pilot"
    return f"{bar.required} is needed because {because(playbook, bar.raised_by, profile)}"


def _weight(playbook: Playbook, bar: Bar, profile: Profile) -> str:
    hard: str = bar.criticality
    if bar.hardened_by is not None and bar.hardened_by != bar.raised_by:
        hard = f"hard because {because(playbook, bar.hardened_by, profile)}"
    if bar.floor <= 0:
        return f"{hard}, so it never blocks"
    return f"{hard}, so below {bar.floor} blocks"
