"""A task of the plan and how its state changes: one table of acts, one of who may do them.

    not_started, on_track, at_risk, blocked --report--> on_track, at_risk, blocked
    any of these four --claim--> done_claimed --verify--> done_verified
    done_claimed --send_back--> at_risk, --take_back--> on_track
    anything but done_verified --cancel--> cancelled --reopen--> not_started
    done_verified --reopen--> on_track

Pure: people are ids, times are handed in. *Done claimed* moves no level, *done verified* asks the criterion's
answerers again (playbook `plan.task_states`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.method.calendar import WorkingTime
from bot.method.effort import Days
from bot.playbook.model import Playbook

TaskKind = Literal["close_gap", "show_it", "find_out", "deliverable", "own"]
"""Closes a blocking gap; shows proof; finds out an unknown; a week's deliverable; added by people."""

TaskState = Literal[
    "not_started", "on_track", "at_risk", "blocked", "done_claimed", "done_verified", "cancelled"
]

Act = Literal[
    "on_track", "at_risk", "blocked", "claim", "verify", "send_back", "take_back", "cancel", "reopen"
]

Standing = Literal["owner", "lead", "verifier", "verifier_lead", "facilitator"]
"""What a person is to a task; the leads are those of the owner's and of the verifier's group."""

VERIFY_WITHIN = 2
"""Working days of the verifier; then the lead of their group has as long."""

OPEN: tuple[TaskState, ...] = ("not_started", "on_track", "at_risk", "blocked")
"""The states in which there is work left."""

_AT_WORK: dict[Act, TaskState] = {
    "on_track": "on_track",
    "at_risk": "at_risk",
    "blocked": "blocked",
    "claim": "done_claimed",
    "cancel": "cancelled",
}

TRANSITIONS: Mapping[TaskState, Mapping[Act, TaskState]] = {
    **dict.fromkeys(OPEN, _AT_WORK),
    "done_claimed": {
        "verify": "done_verified",
        "send_back": "at_risk",
        "take_back": "on_track",
        "cancel": "cancelled",
    },
    "done_verified": {"reopen": "on_track"},
    "cancelled": {"reopen": "not_started"},
}
"""State to act to the state that follows; what is missing is not possible."""

_KEEPERS: frozenset[Standing] = frozenset({"owner", "lead", "facilitator"})
_CHECKERS: frozenset[Standing] = frozenset({"verifier", "verifier_lead"})

MAY: Mapping[Act, frozenset[Standing]] = {
    "on_track": _KEEPERS,
    "at_risk": _KEEPERS,
    "blocked": _KEEPERS,
    "claim": frozenset({"owner", "lead"}),
    "verify": _CHECKERS,
    "send_back": _CHECKERS,
    "take_back": frozenset({"owner", "lead"}),
    "cancel": frozenset({"lead", "facilitator"}),
    "reopen": frozenset({"lead", "facilitator"}),
}
"""Who may do what. Nobody verifies their own group's work, whatever else they are."""

NEEDS_REASON: frozenset[Act] = frozenset({"at_risk", "blocked", "send_back", "cancel", "reopen"})


class NotPossible(ValueError):
    """The task's state does not allow this act, most often because somebody else was faster."""

    def __init__(self, state: TaskState, act: Act) -> None:
        super().__init__(f"a task that is {state} takes no {act}")
        self.state = state
        self.act = act


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of the plan.

    `key` is the same whenever the plan is made again. `group` owns it, `groups` all take part; its lead is
    the owner until a person accepts. `after` has the keys of tasks that come first. `blocking` is whether it
    closes a gap that blocks. `remaining_days` is what its owner says is left, None for all of `effort_days`.
    """

    key: str
    kind: TaskKind
    title: str
    group: str
    due: date
    effort_days: Days
    done: str
    start: date | None = None
    groups: tuple[str, ...] = ()
    criterion: str | None = None
    window: str | None = None
    week: int | None = None
    after: tuple[str, ...] = ()
    blocking: bool = False
    priority: int = 0
    state: TaskState = "not_started"
    remaining_days: Days | None = None

    @property
    def open(self) -> bool:
        """Whether there is work left."""
        return self.state in OPEN

    @property
    def left(self) -> Days:
        """Working days of effort left; none once it is claimed to be done."""
        if not self.open:
            return 0
        return self.effort_days if self.remaining_days is None else self.remaining_days


def after_act(state: TaskState, act: Act) -> TaskState:
    """The state after an act; `NotPossible` if the state does not allow it."""
    try:
        return TRANSITIONS[state][act]
    except KeyError:
        raise NotPossible(state, act) from None


def may(act: Act, standings: Collection[Standing]) -> bool:
    """Whether somebody with these standings may do this. The own group never checks its work."""
    if act in ("verify", "send_back") and not _KEEPERS.isdisjoint({*standings} - {"facilitator"}):
        return False
    return not MAY[act].isdisjoint(standings)


ClaimFault = Literal["no_evidence", "no_verifier", "same_group"]


def claim_faults(
    owner_group: str, evidence: Collection[str], verifier_groups: Collection[str] | None
) -> tuple[ClaimFault, ...]:
    """What a claim of *done* lacks: evidence, and a verifier who is in another group.

    `verifier_groups` are those the named verifier belongs to, None when nobody is named.
    """
    faults: list[ClaimFault] = []
    if not evidence:
        faults.append("no_evidence")
    if verifier_groups is None:
        faults.append("no_verifier")
    elif owner_group in verifier_groups:
        faults.append("same_group")
    return tuple(faults)


def verifier_groups(playbook: Playbook, task: Task) -> tuple[str, ...]:
    """The groups to propose a verifier from, best first: who is asked about the criterion, then the rest.

    Never the owner's own.
    """
    asked = playbook.criterion(task.criterion).asks if task.criterion else ()
    ordered = dict.fromkeys((*asked, *playbook.group_names))
    return tuple(group for group in ordered if group != task.group)


@dataclass(frozen=True, slots=True)
class Verification:
    """Whom a claimed task waits for: the verifier until `lead_from`, then the lead until `overdue_at`."""

    lead_from: datetime
    overdue_at: datetime

    def waits_for(self, now: datetime) -> Literal["verifier", "verifier_lead"]:
        """Who is asked now."""
        return "verifier" if now < self.lead_from else "verifier_lead"

    def overdue(self, now: datetime) -> bool:
        """Whether the lead has had their time as well."""
        return now >= self.overdue_at


def verification(claimed_at: datetime, verifier: WorkingTime, lead: WorkingTime) -> Verification:
    """The times of a claim: two working days of the verifier, then two of their lead."""
    lead_from = verifier.add_days(claimed_at, VERIFY_WITHIN)
    return Verification(lead_from, lead.add_days(lead_from, VERIFY_WITHIN))


def waited(claimed_at: datetime, until: datetime, verifier: WorkingTime) -> timedelta:
    """How long a claim waited, in the verifier's working time: theirs, not the owner's."""
    return verifier.between(claimed_at, until)


def late_days(task: Task, today: date, waiting_since: date | None = None) -> int:
    """Calendar days past the due date, without those spent waiting for a verifier; 0 when not late.

    `waiting_since` is the day on which *done* was claimed.
    """
    end = today if waiting_since is None else min(today, waiting_since)
    return max((end - task.due).days, 0) if task.open or task.state == "done_claimed" else 0


def ranked(tasks: Iterable[Task]) -> list[Task]:
    """The most pressing first: what blocks, by priority, then by date."""
    return sorted(tasks, key=lambda task: (not task.blocking, -task.priority, task.due, task.key))
