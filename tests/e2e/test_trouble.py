"""When the database does not answer in time, nothing is half done, and the person reads so."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.e2e.stage import Scene, question_of, town
from tests.support.databases import PostgresDatabase, SqliteTemplate


@asynccontextmanager
async def _sqlite_locked(url: str) -> AsyncIterator[None]:
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


@asynccontextmanager
async def _postgres_locked(url: str) -> AsyncIterator[None]:
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False)) as connection:
        connection.execute("LOCK TABLE conversation, inbox IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            connection.rollback()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_a_click_that_can_not_be_saved_says_so_and_works_when_tried_again(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    if database == "sqlite":
        template: SqliteTemplate = request.getfixturevalue("sqlite_template")
        url, locked = template.copy_to(tmp_path), _sqlite_locked
    else:
        server: PostgresDatabase = request.getfixturevalue("postgres_database")
        url, locked = server.emptied(), _postgres_locked
    async with town(url) as running:
        scene = await running.scene()
        await scene.open_round(first=3)
        card = await scene["bruno"].start()
        await scene.workspace.settled()
        async with locked(url):
            await scene["bruno"].choose(card, 3)
            told = await scene["bruno"].told("Not saved")
            assert "Please try again" in told.text
        assert await scene.answers("bruno") == []
        following = await scene["bruno"].answer(card, 3)
        assert question_of(following) != question_of(card)
        assert [one.level for one in await scene.answers("bruno")] == [3]
        await _what_is_typed_is_taken_when_slack_sends_it_again(scene, locked, url)


async def _what_is_typed_is_taken_when_slack_sends_it_again(scene: Scene, locked: object, url: str) -> None:
    bruno = scene["bruno"]
    card = await bruno.card()
    async with locked(url):  # type: ignore[operator]
        typing = asyncio.create_task(bruno.say("1 because it was slow", card))

        async def refused() -> bool:
            return any(
                not one.acked for one in await scene.workspace.deliveries("events_api", what="message")
            )

        await scene.until(refused, "a delivery that was not taken")
    await typing
    following = await bruno.card(after=card)
    assert question_of(following) != question_of(card)
    assert [one.level for one in await scene.answers("bruno")] == [3, 1]
