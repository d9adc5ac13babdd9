"""A real bot process in both modes: it starts, answers, tells how it is, and stops."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

import httpx
import pytest

from sandbox import Sandbox
from sandbox.client import Person, Workspace
from tests.support.process import Mode, running_bot

T = TypeVar("T")

MODES: tuple[Mode, ...] = ("socket", "http")


@pytest.mark.parametrize("mode", MODES)
async def test_it_answers_a_command_stops_cleanly_and_starts_again(
    mode: Mode, sandbox: Sandbox, mara: Person, database_url: str
) -> None:
    async with running_bot(sandbox, database_url, mode=mode) as bot:
        first = await mara.command("/slipway", "help")
        assert "/slipway" in str(first.body)
        assert await bot.stop() == 0
        await bot.restart()
        again = await mara.command("/slipway", "help")
        assert again.body == first.body
        assert await bot.stop() == 0
        assert "Traceback" not in bot.text


@pytest.mark.parametrize("mode", MODES)
async def test_it_tells_how_it_is_and_counts_what_it_does(
    mode: Mode, sandbox: Sandbox, mara: Person, sqlite_url: str, browser: httpx.AsyncClient
) -> None:
    async with running_bot(sandbox, sqlite_url, mode=mode) as bot:
        await mara.command("/slipway", "help")
        assert (await browser.get(f"{bot.address}/healthz")).text == "ok"
        ready = await browser.get(f"{bot.address}/readyz")
        assert ready.status_code == 200
        checks = ready.json()
        assert checks.pop("ready") is True
        assert set(checks.values()) == {"ok"}
        assert ("socket" in checks) == (mode == "socket")
        metrics = (await browser.get(f"{bot.address}/metrics")).text
        assert 'slipway_ack_seconds_count{kind="command",outcome="ok"} 1.0' in metrics
        assert 'slipway_outbox_recent{state="waiting"} 0.0' in metrics


async def test_socket_mode_offers_nothing_under_slack(
    sandbox: Sandbox, sqlite_url: str, browser: httpx.AsyncClient
) -> None:
    async with running_bot(sandbox, sqlite_url) as bot:
        for path in ("events", "install", "oauth_redirect"):
            assert (await browser.post(f"{bot.address}/slack/{path}")).status_code == 404


@pytest.mark.parametrize("mode", MODES)
async def test_a_notice_that_slack_holds_events_back_is_acked_counted_and_logged(
    mode: Mode, sandbox: Sandbox, workspace: Workspace, sqlite_url: str, browser: httpx.AsyncClient
) -> None:
    async with running_bot(sandbox, sqlite_url, mode=mode) as bot:
        assert (await workspace.rate_limit_events()).ok
        await bot.wait_for_event("Slack holds events back")
        metrics = (await browser.get(f"{bot.address}/metrics")).text
        assert "slipway_rate_limited_total 1.0" in metrics


@pytest.mark.parametrize("how", ["drop", "refresh_requested", "warning"])
async def test_a_connection_that_goes_away_comes_back(
    how: str, sandbox: Sandbox, workspace: Workspace, mara: Person, sqlite_url: str
) -> None:
    async with running_bot(sandbox, sqlite_url):
        await workspace.sockets(how)
        await workspace.connected()
        assert (await mara.command("/slipway", "help")).acked


@pytest.mark.parametrize("mode", MODES)
async def test_a_stop_waits_for_the_answer_that_is_under_way(
    mode: Mode, sandbox: Sandbox, workspace: Workspace, mara: Person, sqlite_url: str
) -> None:
    async with running_bot(sandbox, sqlite_url, mode=mode) as bot:
        await workspace.faults({"method": "views.open", "kind": "slow", "delay": 1.0})
        opening = await _in_background(mara.command("/slipway", "new"), workspace)
        bot.terminate()
        assert (await opening).acked
        assert await bot.wait() == 0


async def test_a_second_signal_ends_it_at_once(
    sandbox: Sandbox, workspace: Workspace, mara: Person, sqlite_url: str
) -> None:
    async with running_bot(sandbox, sqlite_url) as bot:
        await workspace.faults({"method": "views.open", "kind": "slow", "delay": 1.8})
        opening = await _in_background(mara.command("/slipway", "new"), workspace)
        bot.terminate()
        bot.terminate()
        assert await bot.wait() in (0, 130)
        await opening


async def test_after_a_power_cut_it_starts_and_answers(
    sandbox: Sandbox, workspace: Workspace, mara: Person, database_url: str
) -> None:
    async with running_bot(sandbox, database_url) as bot:
        await bot.kill()
        await bot.restart()
        await workspace.connected()
        assert (await mara.command("/slipway", "help")).acked


async def _in_background(act: Coroutine[None, None, T], workspace: Workspace) -> asyncio.Task[T]:
    """The act, once the bot is in the middle of opening the modal it asks for."""
    task = asyncio.create_task(act)

    async def is_opening() -> bool:
        return bool(await workspace.calls("views.open"))

    await workspace.wait_until(is_opening, what="the bot to open a modal")
    return task
