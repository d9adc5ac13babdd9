"""A database that does not answer, a Slack that lacks methods: said, survived, and over when it is over."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import make_url

from bot.slack_methods import METHODS
from bot.vault import BrokenSealError, Vault
from sandbox import Sandbox
from sandbox.client import Person, Workspace
from sandbox.requesturl import sign
from tests.support.process import Mode, running_bot

NEEDED = {"auth.test", "apps.connections.open", "chat.postMessage", "views.open"}


@contextmanager
def held(url: str) -> Iterator[None]:
    """Nobody else writes for as long as this lasts."""
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_database_that_does_not_answer_is_said_and_nothing_else_breaks(
    mode: Mode, sandbox: Sandbox, mara: Person, sqlite_url: str, browser: httpx.AsyncClient
) -> None:
    async with running_bot(sandbox, sqlite_url, mode=mode) as bot:
        await mara.command("/slipway", "mine")
        with held(sqlite_url):
            asked = await mara.command("/slipway", "mine")
            assert "Not saved" in str(asked.body)
            ready = await browser.get(f"{bot.address}/readyz")
            assert ready.status_code == 503
            assert ready.json()["database"] == "can't be reached"
            assert (await browser.get(f"{bot.address}/healthz")).status_code == 200
        again = await mara.command("/slipway", "mine")
        assert again.acked
        assert "Not saved" not in str(again.body)
        assert "Traceback" not in bot.text


async def test_an_event_that_could_not_be_saved_is_left_to_slack_to_send_again(
    sandbox: Sandbox, workspace: Workspace, sqlite_url: str, browser: httpx.AsyncClient
) -> None:
    found = await workspace.describe()
    body = (
        '{"type": "event_callback", "event_id": "Ev1", "team_id": "TEAM", "event": '
        '{"type": "message", "channel_type": "im", "channel": "D1", "user": "USER", "text": "2", '
        '"ts": "1.2"}}'
    )
    user = next(person["id"] for person in found["people"] if person["name"] == "mara")
    body = body.replace("TEAM", found["team"]["id"]).replace("USER", user)
    async with running_bot(sandbox, sqlite_url, mode="http") as bot:

        async def delivered() -> int:
            signed = sign(sandbox.signing_secret, body.encode())
            headers = {"Content-Type": "application/json", **signed}
            answer = await browser.post(f"{bot.address}/slack/events", content=body, headers=headers)
            return answer.status_code

        assert await delivered() == 200
        with held(sqlite_url):
            assert await delivered() == 500
        assert await delivered() == 200


async def test_against_a_server_that_lacks_methods_people_are_answered(
    sandbox: Sandbox, workspace: Workspace, mara: Person, sqlite_url: str
) -> None:
    await workspace.faults(missing=sorted(set(METHODS) - NEEDED))
    async with running_bot(sandbox, sqlite_url) as bot:
        for verb in ("help", "mine", "status", "gaps"):
            assert (await mara.command("/slipway", verb)).acked
        assert (await mara.command("/slipway", "new")).opened is not None
        assert not bot.events("payload failed")
        assert len(bot.events("people cannot be looked up")) == 1


def test_a_token_sealed_with_an_older_key_opens_and_one_without_its_key_does_not() -> None:
    old, new = (f"{letter * 43}=" for letter in "AB")
    sealed = Vault([old]).seal("xoxb-1")
    assert "xoxb-1" not in sealed
    assert Vault([new, old]).unseal(sealed) == "xoxb-1"
    with pytest.raises(BrokenSealError, match="TOKEN_KEY"):
        Vault([new]).unseal(sealed)
