"""What a pilot's profile demands of a criterion: does it apply, which level, how hard, where it blocks.

A profile maps every factor of the playbook to one of its values. A condition {factor: value} holds when the
pilot is at or above that value. Knows no answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.playbook.base import Criticality
from bot.playbook.faults import Fault, shown
from bot.playbook.model import Criterion, Playbook

Profile = Mapping[str, str]
"""Factor id to value id."""

PROVEN = 3
"""A hard criterion blocks below this level at most: more than proven can be mitigated."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a criterion must reach in this pilot, and which conditions of the profile made it so.

    `raised_by` is the condition that lifted the level (None: the base); `hardened_by` the one that made it
    hard (None: it is so by itself, or is not hard).
    """

    required: int
    criticality: Criticality
    floor: int
    raised_by: Profile | None
    hardened_by: Profile | None


def profile_faults(playbook: Playbook, profile: Mapping[object, object]) -> list[Fault]:
    """What is wrong with a profile: factors missing or unknown, values that the factor does not have."""
    return list(_profile_faults(playbook, profile))


def _profile_faults(playbook: Playbook, profile: Mapping[object, object]) -> Iterator[Fault]:
    for factor, values in playbook.ranks.items():
        expected = "one of " + ", ".join(values)
        if factor not in profile:
            yield Fault(f"profile.{factor}", f"{expected}; it is missing")
        elif (value := profile[factor]) not in list(values):
            yield Fault(f"profile.{factor}", expected, shown(value))
    for name in profile:
        if name not in playbook.ranks:
            yield Fault(f"profile.{name}", "a factor out of " + ", ".join(playbook.ranks))


def holds(playbook: Playbook, when: Profile, profile: Profile) -> bool:
    """Whether the pilot is at or above every value that `when` names."""
    ranks = playbook.ranks
    return all(ranks[factor][profile[factor]] >= ranks[factor][value] for factor, value in when.items())


def applies(playbook: Playbook, criterion: Criterion, profile: Profile) -> bool:
    """Whether the profile leaves the criterion in; one without conditions always applies."""
    conditions = criterion.applies_when
    return not conditions or any(holds(playbook, when, profile) for when in conditions)


def bar(playbook: Playbook, criterion: Criterion, profile: Profile) -> Bar:
    """Required level, criticality and blocking floor of a criterion that applies."""
    required, raised_by = criterion.required.base, None
    for raised in criterion.required.raises:
        if raised.to > required and holds(playbook, raised.when, profile):
            required, raised_by = raised.to, raised.when
    criticality, hardened_by = criterion.criticality, None
    if criticality != "hard":
        hardening = (harden.when for harden in criterion.harden)
        hardened_by = next((when for when in hardening if holds(playbook, when, profile)), None)
    if hardened_by is not None:
        criticality = "hard"
    return Bar(required, criticality, blocking_floor(required, criticality), raised_by, hardened_by)


def blocking_floor(required: int, criticality: Criticality) -> int:
    """The level below which a gap blocks."""
    match criticality:
        case "hard":
            return min(required, PROVEN)
        case "compensable":
            return required - 1
        case "supporting":
            return 0


def lower_values(playbook: Playbook, factor: str, profile: Profile) -> tuple[str, ...]:
    """The values of `factor` below the pilot's own, the nearest first; none if there is no such factor."""
    ranks = playbook.ranks.get(factor)
    if ranks is None:
        return ()
    values = list(ranks)
    return tuple(reversed(values[: ranks[profile[factor]]]))
