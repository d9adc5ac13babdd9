"""One database for the whole process: engine, sessions, and what SQLite needs to be a good one.

Knows SQLAlchemy and the two databases' habits; knows no table.
"""

import asyncio
import contextlib
import sqlite3
from contextlib import AbstractAsyncContextManager

import aiosqlite
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import AdaptedConnection, DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

# How long SQLite waits for another process's commit before it gives up. A wait can't be cut short, and a
# use case may begin one just before its two seconds are over: both together stay below Slack's three.
SQLITE_BUSY_MS = 600
POSTGRES_POOL = 10


class DatabaseUrlError(ValueError):
    """The address names no database that Slipway can keep its state in."""


def async_url(url: str | URL) -> URL:
    """The address with the asynchronous driver; accepts sqlite:///, postgres:// and postgresql://.

    Raises DatabaseUrlError in words for a person.
    """
    parsed = _parse(url)
    backend = parsed.get_backend_name()
    if backend in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed.set(drivername="sqlite+aiosqlite")
    raise DatabaseUrlError(
        f"The database address starts with {parsed.drivername!r}. Use a SQLite file "
        "(sqlite:///slipway.db) or PostgreSQL (postgresql://user:password@host/slipway)."
    )


def sync_url(url: str | URL) -> URL:
    """The same address for code that runs before the event loop, such as migrations."""
    parsed = async_url(url)
    return parsed.set(drivername="sqlite") if parsed.get_backend_name() == "sqlite" else parsed


def _parse(url: str | URL) -> URL:
    try:
        return make_url(url)
    except ArgumentError as fault:
        raise DatabaseUrlError(
            "The database address can't be read. An example: sqlite:///slipway.db"
        ) from fault


class Database:
    """An engine and its sessions. Build one per process and close it at the end."""

    def __init__(self, url: str | URL) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises or is cancelled.

        Bound its duration with asyncio.timeout. On SQLite there is one connection: never open a second
        transaction inside the first.
        """
        return self.sessions.begin()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _postgres_engine(url: URL) -> AsyncEngine:
    # The ping survives a restart of the server; it costs one empty round trip.
    return create_async_engine(url, pool_size=POSTGRES_POOL, max_overflow=POSTGRES_POOL, pool_pre_ping=True)


def _sqlite_engine(url: URL) -> AsyncEngine:
    # One writer is all SQLite has; a queue in front of one connection is fairer than its busy loop.
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    event.listen(engine.sync_engine, "invalidate", _let_go)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes late and deferred, which ends in "database is locked".
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _let_go(connection: AdaptedConnection, _record: ConnectionPoolEntry, _fault: object) -> None:
    # What a cancelled task leaves behind: closing alone keeps the lock for as long as a cut-off cursor lives.
    connection.run_async(_roll_back)


async def _roll_back(driver: aiosqlite.Connection) -> None:
    await driver.interrupt()
    rollback = asyncio.ensure_future(driver.rollback())
    # Cancelled or not, the caller is on its way out; the connection is closed behind this in its own queue.
    with contextlib.suppress(asyncio.CancelledError, sqlite3.Error):
        await asyncio.shield(rollback)


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
