"""Brings the database to the schema this version needs, or says that it is behind.

Runs before the event loop, on a synchronous engine. Knows where the migrations lie and nothing of what
they do.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.resources import resource
from bot.store.engine import sync_url

# A replica that starts second waits while the first one migrates.
SQLITE_WAIT_SECONDS = 60


class OldSchemaError(Exception):
    """The database is behind and may not be migrated without being asked; says what to do."""


class UnreachableDatabaseError(Exception):
    """The database can't be opened; says which and why, without the password."""


def migrate(url: str | URL) -> None:
    """Apply every migration that is missing. Raises UnreachableDatabaseError."""
    with _reachable(url):
        command.upgrade(config(url), "head")


def pending(url: str | URL) -> Sequence[str]:
    """The revisions that are missing, oldest first; empty when the schema is this version's.

    Raises UnreachableDatabaseError.
    """
    script = ScriptDirectory.from_config(config(url))
    with _reachable(url), sync_engine(url) as engine, engine.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return [step.revision for step in reversed(list(script.iterate_revisions("heads", applied or "base")))]


def require_current(url: str | URL) -> None:
    """Refuse to go on with an old schema: what AUTO_MIGRATE=false asks for."""
    missing = pending(url)
    if missing:
        raise OldSchemaError(
            f"The database is {len(missing)} schema change(s) behind this version of Slipway, and "
            "AUTO_MIGRATE is false. Make a backup, run `slipway migrate`, then start again."
        )


def config(url: str | URL) -> Config:
    """Alembic's configuration, without a file."""
    built = Config()
    built.set_main_option("path_separator", "os")
    built.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    built.attributes["url"] = url
    return built


@contextmanager
def sync_engine(url: str | URL) -> Iterator[Engine]:
    """An engine for a moment, whose schema changes are transactions on SQLite too."""
    address = sync_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    arguments = {"timeout": SQLITE_WAIT_SECONDS} if is_sqlite else {}
    engine = create_engine(address, poolclass=NullPool, connect_args=arguments)
    if is_sqlite:
        event.listen(engine, "connect", _leave_begin_to_us)
        event.listen(engine, "begin", _begin_immediate)
    try:
        yield engine
    finally:
        engine.dispose()


def _leave_begin_to_us(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _reachable(url: str | URL) -> Iterator[None]:
    try:
        yield
    except OperationalError as fault:
        raise UnreachableDatabaseError(
            f"The database {sync_url(url).render_as_string(hide_password=True)} can't be used: {fault.orig}"
        ) from fault
