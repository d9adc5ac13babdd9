"""A pump between a real database and a sandbox, over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.post.verdict import Timing
from bot.store.engine import Database
from bot.store.models import Workspace as WorkspaceRow
from sandbox import Knobs, RateKnobs, Sandbox, SandboxConfig
from sandbox.client import Workspace
from tests.post.office import Office
from tests.support.clock import FakeClock
from tests.support.slackish import Slackish, slackish_server

# As Slack's, but for patience.
QUICK = Timing(
    lease=2.0, call=1.0, settling=0.05, first_retry=0.02, longest_retry=0.1, poll=0.05, attempts=25
)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox without rate limits, where nobody waits for a bot that does not listen."""
    knobs = Knobs(rates=RateKnobs(off=True), ack_deadline=0.05, retry_delays=[])
    async with Sandbox(SandboxConfig(knobs=knobs)) as running:
        yield running


@pytest.fixture
async def workspace(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    """The sandbox as people see it."""
    async with Workspace(sandbox.url) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """The one HTTP session of the process."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def slack(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncWebClient:
    """The bot's own client."""
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http, retry_handlers=[])


@pytest.fixture
def client_for(slack: AsyncWebClient) -> Callable[[str], Awaitable[AsyncWebClient]]:
    """Every workspace is the sandbox's."""

    async def give(_workspace_id: str) -> AsyncWebClient:
        return slack

    return give


@pytest.fixture
async def office(
    database: Database,
    sandbox: Sandbox,
    workspace: Workspace,
    http: aiohttp.ClientSession,
    client_for: Callable[[str], Awaitable[AsyncWebClient]],
) -> AsyncIterator[Office]:
    """An outbox to fill, and pumps to empty it."""
    team_id = str((await workspace.describe())["team"]["id"])
    async with database.begin() as session:
        session.add(WorkspaceRow(id=team_id))
    clock = FakeClock(start=await _sandbox_time(workspace))
    office = Office(database, sandbox, workspace, http, client_for, clock, team_id, QUICK)
    yield office
    await office.close()


async def _sandbox_time(workspace: Workspace) -> datetime:
    return datetime.fromisoformat((await workspace.clock())["now"])


@pytest.fixture
async def slackish() -> AsyncIterator[Slackish]:
    """A server that answers a script."""
    async with slackish_server() as server:
        yield server
