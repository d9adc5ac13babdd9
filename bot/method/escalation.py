"""The escalation ladder: which step of which rule is due when, and what stops it (playbook `escalation`).

    climbing --told--> climbing --"I have it"--> held --nothing moved in time--> climbing
    climbing --snoozed--> resting --time is over--> climbing
    climbing --told again, or handed over, five times--> spent

A rule's steps come at its own times, counted in the working time of whoever is waited for; never two steps
closer than the earlier one has to be acknowledged. The last step is repeated until somebody has it; that and
handing over happen at most `MAX_LOOPS` times together. Everything follows from the rule, when it began, and
what has happened since: nothing is stored here. Knows levels and times, no people's names and no words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.method.calendar import MONDAY, WorkingTime, next_weekly
from bot.method.tasks import Task
from bot.playbook.model import Playbook
from bot.playbook.programme import EscalationRule, EscalationStep

MAX_LOOPS = 5
"""How often the ladder may begin again, by handing over or by repeating its last step."""

SEVERITY_1 = "E13"
"""The rule that knows no working time."""

BLOCKED, OVERDUE = "E3", "E4"

Seat = Literal["waited_for", "lead", "owner", "sponsor", "steering", "facilitator"]
"""Who a level speaks to; `waited_for` is the task owner, the respondent, or whom a blocked task waits for."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told at a level and how (playbook `escalation.ladder`).

    `in_channel` is whether the home channel reads it too: there it names task and need, never a silence.
    """

    seats: tuple[Seat, ...]
    form: Literal["message", "decision", "brief"]
    in_channel: bool = False


AUDIENCES: Mapping[int, Audience] = {
    0: Audience(("waited_for",), "message"),
    1: Audience(("lead",), "message", in_channel=True),
    2: Audience(("owner", "sponsor"), "decision"),
    3: Audience(("steering",), "brief"),
}

HAVE_IT_CHOICES: Mapping[str, timedelta] = {
    "day": timedelta(hours=8),
    "two_days": timedelta(hours=16),
    "week": timedelta(hours=40),
}
"""For how much working time *I have it* may be said."""

HAVE_IT = "two_days"
"""What is offered first."""

Snooze = Literal["four_hours", "day", "monday"]
SNOOZES: tuple[Snooze, ...] = ("four_hours", "day", "monday")


@dataclass(frozen=True, slots=True)
class Told:
    """A level was told; those told have until `answer_by` to acknowledge (see `acknowledge_by`)."""

    at: datetime
    level: int
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class HaveIt:
    """Somebody has it until `lapses_at` (see `lapse_of`)."""

    at: datetime
    by: str
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """Something moved: who has it keeps it until `lapses_at`, counted anew from here."""

    at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class Snoozed:
    """Put off until then (see `snooze_until`)."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Somebody else is waited for from here on: they get the whole ladder's time."""

    at: datetime
    to: str


Happening = Told | HaveIt | Moved | Snoozed | HandedOver


@dataclass(frozen=True, slots=True)
class StepDue:
    """The next step: tell `level` at `at`. `loop` counts repetitions of the last step, 0 the first time."""

    level: int
    at: datetime
    loop: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where an escalation stands and what comes next; no step once it is spent.

    `until` is when "I have it" lapses or the snooze ends.
    """

    state: Literal["climbing", "held", "resting", "spent"]
    next: StepDue | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What set a rule off: since when, and the moments at which check-ins were missed (rule E2), in order."""

    since: datetime
    missed: Sequence[datetime] = ()


def rule_of(playbook: Playbook, rule_id: str) -> EscalationRule:
    """The rule with this id; `KeyError` if there is none."""
    for rule in playbook.escalation.rules:
        if rule.id == rule_id:
            return rule
    raise KeyError(rule_id)


def rules_of_task(task: Task, today: date) -> tuple[str, ...]:
    """The rules a task sets off as it stands: E3 when blocked, E4 when past its date; only if it blocks."""
    if not task.blocking or not task.open:
        return ()
    blocked = (BLOCKED,) if task.state == "blocked" else ()
    return (*blocked, OVERDUE) if task.due < today else blocked


def step_times(rule: EscalationRule, trigger: Trigger, waited_for: WorkingTime) -> tuple[StepDue, ...]:
    """Each step of a rule and when it is due, in order; steps of check-ins not yet missed are left out.

    Minutes are minutes, day or night; everything else comes at a working moment of who is waited for.
    """
    dues = ((step.level, _time_of(step, trigger, waited_for)) for step in rule.steps)
    return tuple(StepDue(level, at, 0) for level, at in dues if at is not None)


def _time_of(step: EscalationStep, trigger: Trigger, waited_for: WorkingTime) -> datetime | None:
    if step.after_minutes is not None:
        return trigger.since + timedelta(minutes=step.after_minutes)
    if step.after_working_days is not None:
        return waited_for.add_days(trigger.since, step.after_working_days)
    count = step.after_missed or 0
    return waited_for.next_moment(trigger.missed[count - 1]) if 0 < count <= len(trigger.missed) else None


def outlook(
    rule: EscalationRule,
    trigger: Trigger,
    happened: Sequence[Happening],
    waited_for: WorkingTime,
    now: datetime,
) -> Outlook:
    """Where the ladder stands now and which step comes next, out of what happened (oldest first).

    A rest moves the next step to its end. While a further check-in would have to be missed, it climbs
    without a next step. `NeverAtWork` if who is waited for never is.
    """
    loops, recent, trigger = _since_hand_over(happened, trigger)
    told = [one for one in recent if isinstance(one, Told)]
    step = _next_step(rule, step_times(rule, trigger, waited_for), told, loops)
    until, state = _rest(recent)
    if until is not None and step is not None:
        step = StepDue(step.level, max(step.at, until), step.loop)
    if until is not None and now < until:
        return Outlook(state, step, until)
    spent = step is None and len(told) >= len(rule.steps)
    return Outlook("spent" if spent else "climbing", step)


def _since_hand_over(
    happened: Sequence[Happening], trigger: Trigger
) -> tuple[int, Sequence[Happening], Trigger]:
    """The hand-overs that counted, what happened since, and the trigger as it counts for who has it now."""
    places = [index for index, one in enumerate(happened) if isinstance(one, HandedOver)][:MAX_LOOPS]
    if not places:
        return 0, happened, trigger
    at = happened[places[-1]].at
    missed = [moment for moment in trigger.missed if moment > at]
    return len(places), happened[places[-1] + 1 :], Trigger(max(trigger.since, at), missed)


def _next_step(
    rule: EscalationRule, steps: Sequence[StepDue], told: Sequence[Told], loops: int
) -> StepDue | None:
    """The first step not yet told, or the last one again; None while a miss is awaited, or when spent."""
    if len(told) < len(rule.steps):
        if len(told) >= len(steps):
            return None
        step = steps[len(told)]
        return StepDue(step.level, max(step.at, told[-1].answer_by) if told else step.at, 0)
    loop = loops + len(told) - len(rule.steps) + 1
    return StepDue(told[-1].level, told[-1].answer_by, loop) if loop <= MAX_LOOPS else None


def _rest(happened: Sequence[Happening]) -> tuple[datetime | None, Literal["held", "resting"]]:
    """Until when the ladder rests by the latest word, and why; None when nobody said anything."""
    until: datetime | None = None
    state: Literal["held", "resting"] = "held"
    for one in happened:
        match one:
            case HaveIt():
                until, state = one.lapses_at, "held"
            case Moved() if until is not None and state == "held":
                until = one.lapses_at
            case Snoozed():
                until, state = one.until, "resting"
            case _:
                pass
    return until, state


def acknowledge_by(playbook: Playbook, level: int, at: datetime, addressee: WorkingTime) -> datetime:
    """By when those told at `at` should say that they have it, in their own working time."""
    rung = next(rung for rung in playbook.escalation.ladder if rung.level == level)
    return addressee.add(at, timedelta(hours=rung.acknowledge_within_working_hours))


def lapse_of(at: datetime, within: timedelta, who: WorkingTime) -> datetime:
    """When "I have it" lapses if nothing moves: `within` of the person's own working time."""
    return who.add(at, within)


def snooze_until(choice: Snooze, now: datetime, who: WorkingTime) -> datetime:
    """The end of a snooze, always a working moment of the person."""
    match choice:
        case "four_hours":
            return who.next_moment(who.add(now, timedelta(hours=4)))
        case "day":
            return who.add_days(now, 1)
        case "monday":
            return who.next_moment(next_weekly(MONDAY, time(0), who.week.zone, now))


def who_is_told(level: int, seats: Mapping[Seat, Sequence[str]]) -> tuple[str, ...]:
    """The people a level speaks to, each once.

    Where nobody has a seat there, the next level up that has somebody, at last the facilitator.
    """
    for rung in range(level, max(AUDIENCES) + 1):
        people = dict.fromkeys(person for seat in AUDIENCES[rung].seats for person in seats.get(seat, ()))
        if people:
            return tuple(people)
    return tuple(dict.fromkeys(seats.get("facilitator", ())))
