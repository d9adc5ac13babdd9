"""Workspaces install the app through the browser, in HTTP mode; their tokens lie sealed in the database."""

import sqlite3
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url

from sandbox import Sandbox
from sandbox.client import Person, Workspace
from tests.support.process import BotProcess, running_bot


@pytest.fixture
async def bot(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[BotProcess]:
    """A bot without a token of its own."""
    env = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": sandbox.config.app.client_id,
        "SLACK_CLIENT_SECRET": sandbox.config.app.client_secret,
        "TOKEN_KEY": Fernet.generate_key().decode(),
    }
    async with running_bot(sandbox, sqlite_url, mode="http", env=env) as running:
        yield running


async def begun(browser: httpx.AsyncClient, bot: BotProcess) -> str:
    """Start an installation; the state Slack will send back, the cookie kept by the browser."""
    answer = await browser.get(f"{bot.address}/slack/install")
    assert answer.status_code == 302
    # The cookie is for https; this server is plain and local.
    browser.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert "chat:write" in query["scope"][0]
    return query["state"][0]


async def come_back(browser: httpx.AsyncClient, bot: BotProcess, **query: str) -> httpx.Response:
    return await browser.get(f"{bot.address}/slack/oauth_redirect", params=query)


async def test_a_workspace_installs_the_app_and_is_answered(
    bot: BotProcess, workspace: Workspace, mara: Person, browser: httpx.AsyncClient, sqlite_url: str
) -> None:
    before = await mara.command("/slipway", "help")
    assert "isn't installed" in str(before.body)
    state = await begun(browser, bot)
    done = await come_back(browser, bot, code=await workspace.oauth_code(), state=state)
    assert done.status_code == 200
    assert "/slipway" in str((await mara.command("/slipway", "help")).body)
    with sqlite3.connect(str(make_url(sqlite_url).database)) as rows:
        (sealed,) = rows.execute("SELECT sealed_bot_token FROM workspace").fetchone()
    rows.close()
    assert sealed
    assert "xoxb" not in sealed


async def test_an_attempt_to_install_counts_once(
    bot: BotProcess, workspace: Workspace, browser: httpx.AsyncClient
) -> None:
    state = await begun(browser, bot)
    assert (await come_back(browser, bot, code=await workspace.oauth_code(), state=state)).status_code == 200
    again = await come_back(browser, bot, code=await workspace.oauth_code(), state=state)
    assert again.status_code == 401


@pytest.mark.parametrize("state", ["", "invented", "x" * 5000, "\ud83e"])
async def test_an_attempt_nobody_began_is_refused(
    state: str, bot: BotProcess, workspace: Workspace, browser: httpx.AsyncClient
) -> None:
    browser.headers["Cookie"] = f"slack-app-oauth-state={state[:50].encode('ascii', 'ignore').decode()}"
    query = {"code": await workspace.oauth_code(), "state": state.encode("utf-8", "replace").decode()}
    assert (await come_back(browser, bot, **query)).status_code in (400, 401)


async def test_a_code_that_slack_does_not_know_is_refused(
    bot: BotProcess, mara: Person, browser: httpx.AsyncClient
) -> None:
    state = await begun(browser, bot)
    assert (await come_back(browser, bot, code="invented", state=state)).status_code == 401
    assert "isn't installed" in str((await mara.command("/slipway", "help")).body)


async def test_somebody_who_says_no_reads_a_page(bot: BotProcess, browser: httpx.AsyncClient) -> None:
    answer = await come_back(browser, bot, error="access_denied")
    assert answer.status_code == 200
    assert "access_denied" in answer.text


async def test_a_workspace_that_removed_the_app_is_told_so_and_may_come_back(
    bot: BotProcess, workspace: Workspace, mara: Person, browser: httpx.AsyncClient
) -> None:
    state = await begun(browser, bot)
    await come_back(browser, bot, code=await workspace.oauth_code(), state=state)
    await workspace.uninstall()
    await workspace.settled()
    state = await begun(browser, bot)
    assert (await come_back(browser, bot, code=await workspace.oauth_code(), state=state)).status_code == 200
    assert "/slipway" in str((await mara.command("/slipway", "help")).body)
