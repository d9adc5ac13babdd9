"""What went over the wire, for tests to count and to measure: the bot's calls, and deliveries to it."""

import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field

from sandbox.changes import Changes
from sandbox.jsontypes import Json

_KEEP = 100_000


@dataclass
class Call:
    """One Web API call or response_url post ("response_url") of the bot. Milliseconds, machine clock."""

    number: int
    method: str
    team: str | None
    args: Json
    at: float
    status: int = 200
    ok: bool = False
    error: str | None = None
    result: Json = field(default_factory=dict)
    took_ms: float = 0.0


@dataclass
class Delivery:
    """One attempt to deliver a payload. `latency_ms` is from sending to the ack."""

    number: int
    id: str
    kind: str
    what: str
    team: str | None
    user: str | None
    attempt: int
    copy: int
    over: str
    at: float
    acked: bool = False
    latency_ms: float | None = None
    status: int | None = None
    error: str | None = None


class Traffic:
    """The log, newest last, and the counters."""

    def __init__(self, changes: Changes) -> None:
        self.calls: deque[Call] = deque(maxlen=_KEEP)
        self.deliveries: deque[Delivery] = deque(maxlen=_KEEP)
        self.counts: Counter[str] = Counter()
        self.calls_in_progress = 0
        self.last_activity = time.monotonic()
        self._changes = changes
        self._numbers = 0

    def begin_call(self, method: str, team: str | None, args: Json) -> Call:
        """Note that a call came in."""
        self.calls_in_progress += 1
        self._numbers += 1
        call = Call(self._numbers, method, team, args, time.time())
        self.calls.append(call)
        return call

    def end_call(self, call: Call, started: float) -> None:
        """Note how it ended; `started` is from time.perf_counter()."""
        self.calls_in_progress -= 1
        call.took_ms = (time.perf_counter() - started) * 1000
        self.counts[f"call:{call.method}"] += 1
        if call.status == 429:
            self.counts[f"429:{call.method}"] += 1
        self.active("calls")

    def begin_delivery(self, delivery: Delivery) -> None:
        """Note an attempt."""
        self._numbers += 1
        delivery.number = self._numbers
        self.deliveries.append(delivery)
        self.counts[f"delivery:{delivery.kind}"] += 1

    def active(self, topic: str) -> None:
        """Something happened: wakes who waits for `topic`."""
        self.last_activity = time.monotonic()
        self._changes.touch(topic)

    def clear(self) -> None:
        """Start counting anew."""
        self.calls.clear()
        self.deliveries.clear()
        self.counts.clear()


def as_json(entry: Call | Delivery) -> Json:
    """A log entry for the control API."""
    return asdict(entry)
