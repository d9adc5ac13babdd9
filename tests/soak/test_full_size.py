"""The same runs as in tests/e2e_case, as large as they were promised."""

import time
from pathlib import Path

import pytest

from tests.e2e_case.crowd import answer_at_once
from tests.e2e_case.killed import killed_case
from tests.e2e_case.thrice import THREE_TIMES, Ending, differences, played
from tests.soak.conftest import Note
from tests.support.databases import PostgresDatabase, SqliteTemplate
from tests.support.process import Mode

pytestmark = pytest.mark.soak

KILLS = 50


async def test_forty_people_answer_for_five_minutes(
    sqlite_template: SqliteTemplate, tmp_path: Path, note: Note
) -> None:
    figures = await answer_at_once(sqlite_template.copy_to(tmp_path), people=40, seconds=300, every=8)
    note(f"five minutes on SQLite: {figures}")
    assert figures.limited == {}
    assert figures.p95 < 1.0


async def test_fifty_kills_on_sqlite_by_socket(
    sqlite_template: SqliteTemplate, tmp_path: Path, note: Note
) -> None:
    await _killed(sqlite_template.copy_to(tmp_path), "socket", 101, note)


async def test_fifty_kills_on_postgresql_by_http(postgres_database: PostgresDatabase, note: Note) -> None:
    await _killed(postgres_database.emptied(), "http", 102, note)


async def _killed(database_url: str, mode: Mode, seed: int, note: Note) -> None:
    began = time.monotonic()
    killer = await killed_case(database_url, mode=mode, times=KILLS, seed=seed)
    database = database_url.partition(":")[0]
    note(
        f"{killer.kills} kills, {database}, {mode}, seed {seed}: same assessment, no answer lost, no message "
        f"twice ({time.monotonic() - began:.0f} s)"
    )


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_everything_delivered_three_times_on_sqlite(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory, mode: Mode, note: Note
) -> None:
    once = await played(sqlite_template.copy_to(tmp_path_factory.mktemp("once")), {}, mode)
    thrice = await played(sqlite_template.copy_to(tmp_path_factory.mktemp("thrice")), THREE_TIMES, mode)
    _compare(once, thrice, f"sqlite, {mode}", note)


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_everything_delivered_three_times_on_postgresql(
    postgres_database: PostgresDatabase, mode: Mode, note: Note
) -> None:
    once = await played(postgres_database.emptied(), {}, mode)
    thrice = await played(postgres_database.emptied(), THREE_TIMES, mode)
    _compare(once, thrice, f"postgresql, {mode}", note)


def _compare(once: Ending, thrice: Ending, where: str, note: Note) -> None:
    assert thrice.answers == once.answers
    differing = differences(once, thrice)
    assert not differing, differing
    note(f"three times each, {where}: {thrice.payloads} payloads, same answers, same screens")
