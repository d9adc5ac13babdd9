"""Forty people at once, at Slack's limits and the bot's own pacing."""

from pathlib import Path

from tests.e2e_case.crowd import answer_at_once
from tests.support.databases import SqliteTemplate


async def test_forty_people_answering_at_once_earn_no_refusal_for_too_many_calls(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    figures = await answer_at_once(sqlite_template.copy_to(tmp_path), people=40, seconds=20, every=8)
    assert figures.limited == {}
    assert len(figures.waits) > 40
