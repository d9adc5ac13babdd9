"""The one clock: the machine's, or one that is followed over HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from bot.time import FollowedClock, MachineClock, machine_now
from sandbox import Sandbox
from sandbox.client import Workspace


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    now = MachineClock().now()
    assert now.tzinfo is UTC
    assert abs(now - machine_now()) < timedelta(seconds=5)


async def test_a_followed_clock_goes_where_the_sandbox_goes() -> None:
    async with Sandbox() as sandbox, Workspace(sandbox.url) as workspace:
        clock = FollowedClock(sandbox.clock_url, poll_seconds=0.01)
        await clock.start()
        await workspace.set_clock(speed=0)
        there = datetime.fromisoformat((await workspace.set_clock(advance=30 * 86_400))["now"])
        async with asyncio.timeout(10):
            while clock.now() != there:  # noqa: ASYNC110 - the clock is followed by polling
                await asyncio.sleep(0.01)
        await clock.stop()
        assert clock.now() == there


async def test_between_two_looks_time_goes_on_at_the_clocks_own_speed() -> None:
    async with Sandbox() as sandbox, Workspace(sandbox.url) as workspace:
        await workspace.set_clock(speed=1_000_000)
        clock = FollowedClock(sandbox.clock_url, poll_seconds=3_600)
        await clock.start()
        first = clock.now()
        await asyncio.sleep(0.01)
        assert clock.now() - first > timedelta(minutes=10)
        await clock.stop()


async def test_a_clock_nobody_answers_for_says_so_at_the_start() -> None:
    clock = FollowedClock("http://127.0.0.1:1/clock")
    with pytest.raises(httpx.HTTPError):
        await clock.start()


async def test_a_clock_that_falls_silent_goes_on_and_says_so_once() -> None:
    async with Sandbox() as sandbox:
        clock = FollowedClock(sandbox.clock_url, poll_seconds=0.01, lost_after=0.02)
        await clock.start()
    with capture_logs() as logs:
        async with asyncio.timeout(10):
            while not logs:  # noqa: ASYNC110 - the clock is followed by polling
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
    assert [line["event"] for line in logs] == ["clock_lost"]
    assert abs(clock.now() - machine_now()) < timedelta(minutes=1)
    await clock.stop()
