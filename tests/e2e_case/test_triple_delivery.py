"""Slack delivers at least once: three times each, late and interleaved, is as good as once."""

import pytest

from tests.e2e_case.thrice import THREE_TIMES, differences, played
from tests.support.databases import SqliteTemplate


async def test_the_case_delivered_three_times_ends_like_the_case_delivered_once(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> None:
    once = await played(sqlite_template.copy_to(tmp_path_factory.mktemp("once")), {})
    thrice = await played(sqlite_template.copy_to(tmp_path_factory.mktemp("thrice")), THREE_TIMES)
    assert thrice.payloads > 1_000
    assert thrice.answers == once.answers
    differing = differences(once, thrice)
    assert not differing, differing
