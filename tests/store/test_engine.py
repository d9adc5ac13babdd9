"""One engine for two databases: settings, and a transaction cut off in the middle."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.store.engine import Database, DatabaseUrlError, async_url
from bot.store.models import Workspace
from tests.support.databases import SqliteTemplate

SLOW = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n",
    "postgresql": "SELECT pg_sleep(5)",
}


async def _workspaces(database: Database) -> list[str]:
    async with database.begin() as session:
        return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))


async def _write(database: Database, name: str, then: str | None = None) -> None:
    async with database.begin() as session:
        session.add(Workspace(id=name))
        await session.flush()
        if then is not None:
            await session.execute(text(then))


async def test_a_transaction_that_raises_changes_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await _write(database, "T1", then="SELECT nonsense")
    assert await _workspaces(database) == []


async def test_a_transaction_out_of_time_changes_nothing_and_the_next_one_works(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_write(database, "T1", then=SLOW[database.url.get_backend_name()]), 0.1)
    assert await _workspaces(database) == []
    await _write(database, "T2")
    assert await _workspaces(database) == ["T2"]


async def test_transactions_cancelled_anywhere_leave_a_healthy_pool(database: Database) -> None:
    tasks = [asyncio.create_task(_write(database, f"T{number}")) for number in range(60)]
    for turns, task in enumerate(tasks[::2]):
        for _ in range(turns % 7):
            await asyncio.sleep(0)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    saved = await _workspaces(database)
    # A cancelled one may have been committed already; one that was let alone always was.
    assert {f"T{number}" for number in range(1, 60, 2)} <= set(saved)
    await _write(database, "T99")
    assert "T99" in await _workspaces(database)


async def test_sqlite_is_durable_and_checks_foreign_keys(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    database = Database(sqlite_template.copy_to(tmp_path))
    async with database.begin() as session:
        names = ("journal_mode", "synchronous", "foreign_keys")
        found = [(await session.execute(text(f"PRAGMA {name}"))).scalar() for name in names]
    await database.close()
    assert found == ["wal", 2, 1]


async def test_two_processes_on_one_file_wait_for_each_other(database: Database, database_url: str) -> None:
    other = Database(database_url)

    async def write(into: Database, name: str) -> None:
        async with into.begin() as session:
            known = set(await session.scalars(select(Workspace.id)))
            session.add(Workspace(id=name, name=f"{len(known)} before me"))

    await asyncio.gather(*(write((database, other)[n % 2], f"T{n}") for n in range(40)))
    await other.close()
    assert len(await _workspaces(database)) == 40


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///slipway.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///slipway.db", "sqlite+aiosqlite"),
        ("postgres://u:p@127.0.0.1/x", "postgresql+psycopg"),
        ("postgresql://u:p@127.0.0.1/x", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@127.0.0.1/x", "postgresql+psycopg"),
    ],
)
def test_addresses_get_the_driver_that_fits(given: str, driver: str) -> None:
    assert async_url(given).drivername == driver


@pytest.mark.parametrize(
    "given", ["", "slipway.db", "mysql://127.0.0.1/x", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_that_cannot_keep_anything_is_refused(given: str) -> None:
    with pytest.raises(DatabaseUrlError, match=r"sqlite:///slipway\.db"):
        async_url(given)
