"""The sandbox's clock: an offset and a speed over the machine's clock.

Message timestamps, event times and shown dates follow it. Rate limits, trigger lifetimes, ack deadlines and
signatures do not: they stay on the machine's clock, as they would between two real machines.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Reading:
    """One look at the clock. `offset` is sandbox time minus machine time in seconds."""

    now: float
    offset: float
    speed: float

    def as_json(self) -> dict[str, str | float]:
        """The answer of GET /clock: ISO time and the same as epoch seconds."""
        return {
            "now": datetime.fromtimestamp(self.now, UTC).isoformat(),
            "epoch": self.now,
            "offset": self.offset,
            "speed": self.speed,
        }


class SandboxClock:
    """Runs `speed` times as fast as the machine's clock, from an anchor that moves when it is set."""

    def __init__(self) -> None:
        self._machine_anchor = time.time()
        self._anchor = self._machine_anchor
        self._speed = 1.0
        self._last_ts = 0

    def now(self) -> float:
        """Sandbox time, epoch seconds."""
        return self._anchor + (time.time() - self._machine_anchor) * self._speed

    def read(self) -> Reading:
        """Now, offset and speed, consistent with each other."""
        machine = time.time()
        now = self._anchor + (machine - self._machine_anchor) * self._speed
        return Reading(now, now - machine, self._speed)

    def set(
        self, *, offset: float | None = None, speed: float | None = None, advance: float = 0.0
    ) -> Reading:
        """Set the offset (seconds ahead of the machine), the speed, or jump ahead by `advance` seconds."""
        if speed is not None and speed < 0:
            raise ValueError("speed must not be negative")
        machine = time.time()
        now = self.now() if offset is None else machine + offset
        self._machine_anchor = machine
        self._anchor = now + advance
        self._speed = self._speed if speed is None else speed
        return self.read()

    def next_ts(self) -> str:
        """A Slack timestamp, later than every one given out before."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        seconds, micros = divmod(self._last_ts, 1_000_000)
        return f"{seconds}.{micros:06d}"
