"""One town per module, on SQLite in Socket Mode; the core plays in every mode and on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.stage import Scene, Town, town
from tests.support.databases import SqliteTemplate


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module's tests share its event loop, because they share its sandbox."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """The module's town."""
    async with town(sqlite_template.copy_to(tmp_path_factory.mktemp("town"))) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def scene(shared: Town) -> Scene:
    """An initiative whose people have accepted; round 1 is not open yet."""
    return await shared.scene()
