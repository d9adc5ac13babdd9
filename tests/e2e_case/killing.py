"""Ends the bot as a power cut does, again and again, at random moments while the case goes on."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sandbox.config import Knobs, RateKnobs
from tests.e2e_case.stage import Stage

# Slack's own waits are a minute and more, and nobody kills a bot every other second: here an undelivered
# event comes again often enough to find it up.
RETRY_DELAYS = [0.2, 0.5, 1.0, *[2.0] * 40]


def knobs() -> Knobs:
    """A sandbox without rate limits that brings undelivered events again soon."""
    return Knobs(rates=RateKnobs(off=True), retry_delays=RETRY_DELAYS)


@dataclass
class Killer:
    """Kills the bot `times` times, each after a random number of calls and payloads, and restarts it."""

    stage: Stage
    times: int
    # The case comes to some 1,100 calls and payloads; `every` spreads the kills over it.
    every: tuple[int, int]
    chance: random.Random
    kills: int = 0
    # How many calls and payloads there had been at each kill.
    moments: list[int] = field(default_factory=list)

    async def run(self) -> None:
        """Until all kills are done."""
        while self.kills < self.times:
            await self._busy_for(self.chance.randint(*self.every))
            # Between a commit and its call, in the middle of a call, in the middle of an ack.
            await asyncio.sleep(self.chance.uniform(0, 0.03))
            await self.stage.bot.kill()
            self.kills += 1
            self.moments.append(self._happened())
            await self.stage.bot.restart()

    async def _busy_for(self, more: int) -> None:
        changes = self.stage.sandbox.parts.world.changes
        until = self._happened() + more
        while self._happened() < until:
            await changes.wait("all", changes.version, 1.0)

    def _happened(self) -> int:
        traffic = self.stage.sandbox.parts.world.traffic
        return sum(traffic.counts.values())


@asynccontextmanager
async def kills(on: Stage, times: int, every: tuple[int, int], seed: int) -> AsyncIterator[Killer]:
    """Kill the bot while the block runs. What was not killed by its end is left alive."""
    killer = Killer(on, times, every, random.Random(seed))
    task = asyncio.create_task(killer.run())
    try:
        yield killer
    finally:
        await _ended(task)


async def _ended(task: asyncio.Task[None]) -> None:
    if task.done():
        await task
        return
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
