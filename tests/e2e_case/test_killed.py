"""kill -9 at random moments of the case: nothing that was answered is lost, nothing is said twice."""

from pathlib import Path

from tests.e2e_case.killed import killed_case
from tests.support.databases import SqliteTemplate


async def test_a_bot_killed_ten_times_ends_the_case_as_if_nothing_had_happened(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    await killed_case(sqlite_template.copy_to(tmp_path), mode="socket", times=10, seed=1)
