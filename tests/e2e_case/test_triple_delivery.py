"""Slack delivers at least once: three times each, late and interleaved, is as good as once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.programme import Programme
from tests.e2e_case.oracle import as_derived, expected
from tests.e2e_case.screens import Screens, screens
from tests.e2e_case.stage import Kept, answers_in, assessment_in, stage
from tests.support.databases import SqliteTemplate

THREE_TIMES = {"copies": 3, "spread": 1.5}


@dataclass(frozen=True)
class Ending:
    """What a run of the case left behind; answers by the people's names."""

    answers: list[Kept]
    screens: Screens
    payloads: int


async def test_the_case_delivered_three_times_ends_like_the_case_delivered_once(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    once = await _played(_fresh(sqlite_template, tmp_path, "once"), {})
    thrice = await _played(_fresh(sqlite_template, tmp_path, "thrice"), THREE_TIMES)
    assert thrice.payloads > 1_000
    assert thrice.answers == once.answers
    differing = {
        where: (
            sorted(set(lines) - set(thrice.screens[where])),
            sorted(set(thrice.screens[where]) - set(lines)),
        )
        for where, lines in once.screens.items()
        if lines != thrice.screens[where]
    }
    assert differing == {}


def _fresh(template: SqliteTemplate, directory: Path, name: str) -> str:
    (directory / name).mkdir()
    return template.copy_to(directory / name)


async def _played(database_url: str, duplicates: Mapping[str, object]) -> Ending:
    async with stage(database_url) as on:
        await on.workspace.faults(duplicates=duplicates)
        await Programme(on.workspace, on.case).run()
        await on.workspace.settled(quiet=1.0, within=60)
        assert as_derived(await assessment_in(database_url)) == expected()
        names = {user_id: name for name, user_id in (await on.workspace.ids()).items()}
        answers = await answers_in(database_url)
        counts: Mapping[str, int] = (await on.workspace.counters())["counts"]
        return Ending(
            sorted(one.by(names[one.user_id]) for one in answers),
            await screens(on.workspace),
            sum(count for name, count in counts.items() if name.startswith("delivery:")),
        )
