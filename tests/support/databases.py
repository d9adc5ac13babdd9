"""Databases for tests: the schema comes from the migrations, and every test finds them empty."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from bot.store.migrate import migrate
from bot.store.models import Base
from tests.support.postgres import postgres


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server's address: TEST_POSTGRES_URL, or one started for this run. Raises NoPostgres.

    What TEST_POSTGRES_URL names is emptied by the tests: give them a database of their own.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with postgres() as url:
        yield url


class SqliteTemplate:
    """A migrated file, copied for each test."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "template.db"
        migrate(f"sqlite:///{self._file}")

    def copy_to(self, directory: Path) -> str:
        """The address of a fresh copy."""
        return f"sqlite:///{shutil.copy(self._file, directory / 'slipway.db')}"


class PostgresDatabase:
    """One migrated database, emptied for each test: tests commit for real, so nothing is rolled back."""

    def __init__(self, server: str) -> None:
        given_alone = os.environ.get("TEST_POSTGRES_URL") and not _worker()
        self.url = server if given_alone else fresh_postgres(server, "slipway_test")
        migrate(self.url)
        self._engine: Engine = create_engine(self.url, poolclass=NullPool)

    def emptied(self) -> str:
        """Its address, after ending what a former test left open and deleting every row."""
        tables = [f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables)]
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
            connection.execute(text("; ".join(tables)))
        return self.url


def fresh_postgres(server: str, name: str) -> str:
    """Create an empty database on the server, replacing one of that name; its address.

    Tests that run side by side share a server where TEST_POSTGRES_URL names one, never a database.
    """
    name = f"{name}{_worker()}"
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _worker() -> str:
    """Which of several test processes this is; empty where there is only one."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return f"_{worker}" if worker else ""
