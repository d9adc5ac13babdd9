"""The attention budget: which pings a person gets now, which wait, and which go into one digest.

A person gets at most so many pings a working day over all initiatives, those first that unblock most; only
in their working hours, outside their quiet hours, never of a kind they muted. Severity 1 is no ping: it goes
at once, to everybody. Pure: what was sent today is handed in.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.method.calendar import NeverAtWork, WorkingTime, at_wall_time
from bot.method.catching_up import Kind
from bot.method.effort import Days

CAP = 3
"""Pings per person and working day, when neither setting nor person says otherwise."""

SEVERITY_1: Kind = "severity1"

_DAY = timedelta(days=1)
_TRIES = 100


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours without pings, every day; past midnight when they end before they start."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours end at another time than they start")

    def covers(self, clock: time) -> bool:
        """Whether it is quiet at this wall time."""
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@dataclass(frozen=True, slots=True)
class Attention:
    """What a person has agreed to: working time, pings a day, quiet hours, muted kinds."""

    working: WorkingTime
    cap: int = CAP
    quiet: tuple[Quiet, ...] = ()
    muted: frozenset[Kind] = frozenset()

    def next_moment(self, moment: datetime) -> datetime:
        """When the person may be pinged from `moment` on; `NeverAtWork` if never."""
        for _ in range(_TRIES):
            moment = self.working.next_moment(moment)
            local = moment.astimezone(ZoneInfo(self.working.week.zone))
            quiet = next((one for one in self.quiet if one.covers(local.time())), None)
            if quiet is None:
                return moment
            moment = self._end_of(quiet, local)
        raise NeverAtWork("quiet hours leave no working time")

    def _end_of(self, quiet: Quiet, local: datetime) -> datetime:
        day = local.date() if local.time() < quiet.end else local.date() + _DAY
        return at_wall_time(day, quiet.end, self.working.week.zone)


@dataclass(frozen=True, slots=True)
class Ping:
    """A message that Slipway would start to one person.

    `unblocks` is the effort that waits behind it (`chains.waiting_behind`), `level` the escalation level.
    """

    key: str
    kind: Kind
    initiative: int
    due: datetime
    unblocks: Days = 0
    level: int = 0

    @property
    def rank(self) -> tuple[Days, int, datetime, str]:
        """Sorts by what unblocks most; then the higher level, the longer wait, the key."""
        return (-self.unblocks, -self.level, self.due, self.key)


@dataclass(frozen=True, slots=True)
class Sendout:
    """What becomes of a person's pings: every ping is in exactly one of these.

    `at_once` is severity 1. `pings` go now, with their slots of `day`; `digest` goes into the one message for
    the rest. `later` may go from `not_before` on. `muted` are to be seen in Home only.
    """

    day: date
    at_once: tuple[Ping, ...]
    pings: tuple[tuple[int, Ping], ...]
    digest: tuple[Ping, ...]
    later: tuple[Ping, ...]
    not_before: datetime | None
    muted: tuple[Ping, ...]


def free_slots(cap: int, used: Collection[int]) -> tuple[int, ...]:
    """The slots of a day (1 to `cap`) that no ping has claimed."""
    return tuple(slot for slot in range(1, cap + 1) if slot not in used)


def send_out(pings: Iterable[Ping], attention: Attention, used: Collection[int], now: datetime) -> Sendout:
    """Decide about all pings of one person that are due; `used` are today's claimed slots.

    Outside the hours in which the person may be pinged everything waits, so that the day's slots are given
    when all that is due by then can be compared.
    """
    ranked = sorted(pings, key=_rank)
    at_once = tuple(ping for ping in ranked if ping.kind == SEVERITY_1)
    muted = tuple(ping for ping in ranked if ping.kind in attention.muted and ping not in at_once)
    rest = [ping for ping in ranked if ping not in at_once and ping not in muted]
    day = attention.working.local_day(now)
    opens = attention.next_moment(now) if rest else now
    if opens > now:
        return Sendout(day, at_once, (), (), tuple(rest), opens, muted)
    chosen, digest = _chosen(rest, free_slots(attention.cap, used))
    return Sendout(day, at_once, chosen, digest, (), None, muted)


def _chosen(
    ranked: Sequence[Ping], slots: Sequence[int]
) -> tuple[tuple[tuple[int, Ping], ...], tuple[Ping, ...]]:
    return tuple(zip(slots, ranked, strict=False)), tuple(ranked[len(slots) :])


def _rank(ping: Ping) -> tuple[Days, int, datetime, str]:
    return ping.rank
