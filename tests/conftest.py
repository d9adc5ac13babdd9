"""Fixtures for every room: both databases, and a clock that a test moves.

`database` and `database_url` run a test twice, on SQLite and on PostgreSQL. Where PostgreSQL can't be
started, those tests are skipped, and the summary says so.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.store.engine import Database
from tests.support.clock import FakeClock
from tests.support.databases import PostgresDatabase, SqliteTemplate, postgres_server
from tests.support.postgres import NoPostgres

_NO_POSTGRES = "no PostgreSQL here: "


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """A migrated SQLite file to copy."""
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A running PostgreSQL server, started when the first test asks for it."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres_server())
        except NoPostgres as why:
            pytest.skip(f"{_NO_POSTGRES}{why}")
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> PostgresDatabase:
    """A migrated PostgreSQL database to empty."""
    return PostgresDatabase(postgres_url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database of this test's own; for tests that start processes."""
    if request.param == "sqlite":
        template: SqliteTemplate = request.getfixturevalue("sqlite_template")
        return template.copy_to(tmp_path)
    server: PostgresDatabase = request.getfixturevalue("postgres_database")
    return server.emptied()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database, opened."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until the test moves it."""
    return FakeClock()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that half of the tests did not run."""
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    why = next((told.partition(_NO_POSTGRES)[2] for told in skipped if _NO_POSTGRES in told), None)
    if why is not None:
        terminalreporter.section("PostgreSQL was left out", sep="!", yellow=True, bold=True)
        terminalreporter.line(
            f"No test ran on PostgreSQL: {why.rstrip(chr(39) + ')')}. "
            "TEST_POSTGRES_URL names a server to use instead."
        )
