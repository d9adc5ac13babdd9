"""Which of the playbook's failure patterns the statuses give away. A hint for talking, never a score."""

from collections.abc import Mapping
from typing import Literal

from bot.method.answers import GroupAnswer
from bot.playbook.base import Status
from bot.playbook.model import Playbook

PatternState = Literal["likely", "possible", "not_seen"]

SILO = "pilot-owner-silo"
"""The pattern that answers alone give away: the builders see far more than those who must live with it."""

BUILDERS = "pilot_team"
SILO_DISTANCE = 2
SILO_CRITERIA = 2
POSSIBLE_CRITERIA = 2

_OPEN: tuple[Status, ...] = ("manageable", "unknown", "proof_gap")


def pattern_states(
    playbook: Playbook,
    statuses: Mapping[str, Status],
    groups: Mapping[str, Mapping[str, GroupAnswer]],
) -> dict[str, PatternState]:
    """Every pattern of the playbook and how far it shows; `groups` are those of the criteria that apply."""
    carried: dict[str, list[Status]] = {pattern.id: [] for pattern in playbook.failure_patterns}
    for name, status in statuses.items():
        for pattern in playbook.by_id[name].patterns:
            carried[pattern].append(status)
    silo = _is_silo(playbook, groups)
    return {name: _state(inside, forced=silo and name == SILO) for name, inside in carried.items()}


def _state(statuses: list[Status], *, forced: bool) -> PatternState:
    if forced or "blocking" in statuses:
        return "likely"
    still_open = sum(status in _OPEN for status in statuses)
    return "possible" if still_open >= POSSIBLE_CRITERIA else "not_seen"


def _is_silo(playbook: Playbook, groups: Mapping[str, Mapping[str, GroupAnswer]]) -> bool:
    above = 0
    for name, answers in groups.items():
        builders = answers.get(BUILDERS)
        authority = answers[playbook.by_id[name].authority]
        if isinstance(builders, int) and isinstance(authority, int):
            above += builders - authority >= SILO_DISTANCE
    return above >= SILO_CRITERIA
