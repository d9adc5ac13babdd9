"""The one clock: the machine's, or one that a sandbox moves.

Due rows, working hours, expiry and shown dates ask the clock; leases, time-outs and signatures ask
`machine_now`. Knows nothing of what the time is for.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import httpx
import structlog

_POLL_SECONDS = 0.2
# Seconds without a word from the followed clock before that is worth saying: it runs on meanwhile.
_LOST_AFTER = 5.0

log = structlog.get_logger(__name__)


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""


def machine_now() -> datetime:
    """The machine's own time, in UTC: for leases and back-off, which no sandbox may move."""
    return datetime.now(UTC)


class MachineClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return machine_now()


@dataclass(frozen=True)
class _Reading:
    """What a remote clock said, and when by the machine's steady clock."""

    epoch: float
    speed: float
    heard_at: float

    def now(self) -> float:
        return self.epoch + (time.monotonic() - self.heard_at) * self.speed


class FollowedClock:
    """Follows a clock over HTTP that answers {"now": ISO time, "offset": seconds, "speed": factor}.

    `start` must have returned before the first `now`.
    """

    def __init__(
        self, url: str, *, poll_seconds: float = _POLL_SECONDS, lost_after: float = _LOST_AFTER
    ) -> None:
        self._url = url
        self._poll_seconds = poll_seconds
        self._lost_after = lost_after
        self._reading: _Reading | None = None
        self._task: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None

    def now(self) -> datetime:
        """The followed clock's present moment, carried on between two looks at it."""
        if self._reading is None:
            raise RuntimeError("the followed clock was never started")
        return datetime.fromtimestamp(self._reading.now(), UTC)

    async def start(self) -> None:
        """Read the clock once (httpx.HTTPError when nobody answers), then keep following it."""
        self._client = httpx.AsyncClient(trust_env=False, timeout=2)
        try:
            await self.refresh()
        except BaseException:
            await self._client.aclose()
            raise
        self._task = asyncio.create_task(self._follow(), name="followed-clock")

    async def stop(self) -> None:
        """Stop following; the time goes on from the last reading."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._client is not None:
            await self._client.aclose()

    async def refresh(self) -> None:
        """Look at the clock now."""
        if self._client is None:
            raise RuntimeError("the followed clock was never started")
        response = await self._client.get(self._url)
        response.raise_for_status()
        answer = response.json()
        self._reading = _Reading(
            datetime.fromisoformat(answer["now"]).timestamp(), float(answer["speed"]), time.monotonic()
        )

    async def _follow(self) -> None:
        heard, said = time.monotonic(), False
        while True:
            await asyncio.sleep(self._poll_seconds)
            try:
                await self.refresh()
                heard, said = time.monotonic(), False
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
                if not said and time.monotonic() - heard > self._lost_after:
                    log.warning("clock_lost", url=self._url, error=str(fault))
                    said = True
