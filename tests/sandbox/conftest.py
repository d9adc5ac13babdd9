"""A sandbox over real HTTP for each test, with slack_sdk and slack-bolt on the other side."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Knobs, RateKnobs, Sandbox, SandboxConfig
from sandbox.client import Person, Workspace


@pytest.fixture
def config() -> SandboxConfig:
    return SandboxConfig(knobs=Knobs(rates=RateKnobs(off=True), retry_delays=[0.0, 0.05, 0.1]))


@pytest.fixture
async def sandbox(config: SandboxConfig) -> AsyncIterator[Sandbox]:
    async with Sandbox(config) as running:
        yield running


@pytest.fixture
async def workspace(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.url) as client:
        yield client


@pytest.fixture
async def slack(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
        )


@pytest.fixture
def mara(workspace: Workspace) -> Person:
    return workspace.person("mara")


@pytest.fixture
def jonas(workspace: Workspace) -> Person:
    return workspace.person("jonas")
