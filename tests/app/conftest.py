"""A sandbox without rate limits, and people in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from sandbox import Knobs, RateKnobs, Sandbox, SandboxConfig
from sandbox.client import Person, Workspace
from tests.support.databases import SqliteTemplate


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    knobs = Knobs(rates=RateKnobs(off=True), retry_delays=[0.0, 0.2, 0.5])
    async with Sandbox(SandboxConfig(knobs=knobs)) as running:
        yield running


@pytest.fixture
async def workspace(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.url) as client:
        yield client


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """A migrated file, where one database shows enough."""
    return sqlite_template.copy_to(tmp_path)


@pytest.fixture
def mara(workspace: Workspace) -> Person:
    return workspace.person("mara")


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """Whoever calls the bot's own HTTP server."""
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client
