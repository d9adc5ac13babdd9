"""Decision latency: how much working time questions, mitigations, verifications and gates waited, by group.

Counts in the working time of whoever was waited for. Knows no people's names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Literal

from bot.method.calendar import WorkingTime

WaitKind = Literal["question", "mitigation", "verification", "gate"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waited for a group, until it was answered; None while it still waits."""

    kind: WaitKind
    group: str
    since: datetime
    until: datetime | None
    working: WorkingTime


@dataclass(frozen=True, slots=True)
class Latency:
    """How many waits there were, how many are not over, the middle (lower of two) and the longest."""

    count: int
    open: int
    median: timedelta
    longest: timedelta


def latencies(waits: Iterable[Wait], now: datetime) -> Mapping[tuple[WaitKind, str], Latency]:
    """Kind and group to how long that kind waited for that group; what still waits counts up to now."""
    found: dict[tuple[WaitKind, str], list[Wait]] = {}
    for wait in waits:
        found.setdefault((wait.kind, wait.group), []).append(wait)
    return {key: _latency(together, now) for key, together in found.items()}


def _latency(waits: list[Wait], now: datetime) -> Latency:
    times = [wait.working.between(wait.since, wait.until or now) for wait in waits]
    return Latency(len(waits), sum(wait.until is None for wait in waits), median_low(times), max(times))
