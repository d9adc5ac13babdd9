"""How Alembic reaches the database: one transaction, one migrator at a time, no ini file.

Everything it needs arrives in the configuration that `bot.store.migrate` builds.
"""

from alembic import context
from sqlalchemy import Connection, text

from bot.store.migrate import sync_engine
from bot.store.models import Base

# Any number will do, as long as nothing else in the database locks the same one.
ADVISORY_LOCK = 5_160_417


def run(connection: Connection) -> None:
    """Migrate in the transaction the connection is in; replicas that start together go one by one."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
        compare_server_default=True,
        # SQLite can roll a schema back as well, once its driver leaves BEGIN to us.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Open the database named in the configuration and migrate it."""
    with sync_engine(context.config.attributes["url"]) as engine, engine.begin() as connection:
        run(connection)


main()
