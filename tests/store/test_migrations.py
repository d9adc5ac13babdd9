"""Models and migrations say the same, both ways, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect

from bot.store.migrate import (
    OldSchemaError,
    UnreachableDatabaseError,
    config,
    migrate,
    pending,
    require_current,
    sync_engine,
)
from bot.store.models import Base
from tests.support.databases import fresh_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return fresh_postgres(request.getfixturevalue("postgres_url"), "slipway_empty")


def _tables(url: str) -> set[str]:
    with sync_engine(url) as engine:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_models_and_migrations_do_not_differ(empty_url: str) -> None:
    migrate(empty_url)
    command.check(config(empty_url))


def test_every_migration_can_be_taken_back_and_applied_again(empty_url: str) -> None:
    migrate(empty_url)
    command.downgrade(config(empty_url), "base")
    assert _tables(empty_url) == set()
    migrate(empty_url)
    assert _tables(empty_url) == set(Base.metadata.tables)


def test_migrating_a_current_database_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)
    assert pending(empty_url) == []


def test_replicas_that_start_together_migrate_once(empty_url: str) -> None:
    code = "import sys; from bot.store.migrate import migrate; migrate(sys.argv[1])"
    replicas = [
        subprocess.Popen([sys.executable, "-c", code, empty_url], stderr=subprocess.PIPE) for _ in range(3)
    ]
    assert [replica.communicate()[1] for replica in replicas] == [b"", b"", b""]
    assert [replica.returncode for replica in replicas] == [0, 0, 0]
    assert pending(empty_url) == []


def test_an_old_schema_is_refused_with_the_way_to_upgrade(empty_url: str) -> None:
    with pytest.raises(OldSchemaError, match="slipway migrate"):
        require_current(empty_url)
    migrate(empty_url)
    require_current(empty_url)


def test_a_failing_migration_leaves_nothing_half_made(empty_url: str, tmp_path: Path) -> None:
    broken = config(empty_url)
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "0001_broken.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = '0001'\ndown_revision = None\n"
        "def upgrade():\n    op.create_table('half', sa.Column('id', sa.Integer))\n"
        "    raise RuntimeError('stop')\n"
        "def downgrade(): ...\n"
    )
    broken.set_main_option("version_locations", str(versions))
    with pytest.raises(RuntimeError, match="stop"):
        command.upgrade(broken, "head")
    assert _tables(empty_url) == set()


def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(UnreachableDatabaseError) as caught:
        migrate("postgresql://slipway:secret@127.0.0.1:1/slipway")
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)
