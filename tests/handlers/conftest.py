"""A workspace with the people of a pilot, and a bot process in it."""

from collections.abc import AsyncIterator

import pytest

from bot.commands.manifest import app_manifest
from sandbox import Knobs, RateKnobs, Sandbox, SandboxConfig
from sandbox.client import Workspace
from sandbox.config import AppConfig, ChannelConfig, PersonConfig, UserGroupConfig, WorkspaceConfig
from tests.handlers.stage import Stage, running

PEOPLE = [
    PersonConfig(name="mara", real_name="Mara Lindt"),
    PersonConfig(name="olaf", real_name="Olaf Stein"),
    PersonConfig(name="sina", real_name="Sina Korp"),
    PersonConfig(name="pia", real_name="Pia Pilot"),
    PersonConfig(name="ivo", real_name="Ivo Tech"),
    PersonConfig(name="bea", real_name="Bea Market"),
    PersonConfig(name="dan", real_name="Dan Data"),
    PersonConfig(name="uma", real_name="Uma User"),
    PersonConfig(name="ada", real_name="Ada Admin", is_admin=True),
    PersonConfig(name="gus", real_name="Gus Guest", is_restricted=True),
    PersonConfig(name="lea", real_name="Lea Left", deleted=True),
    PersonConfig(name="rob", real_name="Rob Robot", is_bot=True),
]


def a_workspace() -> WorkspaceConfig:
    names = [one.name for one in PEOPLE if not one.deleted]
    return WorkspaceConfig(
        people=PEOPLE,
        channels=[
            ChannelConfig(name="pilot", members=names, bot_in=True),
            ChannelConfig(name="quiet", members=names),
        ],
        usergroups=[UserGroupConfig(handle="starters", id="S0STARTERS", members=["mara"])],
    )


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    knobs = Knobs(rates=RateKnobs(off=True), retry_delays=[0.0, 0.2, 0.5])
    app = AppConfig.from_manifest(app_manifest())
    app.scopes.append("usergroups:read")
    async with Sandbox(SandboxConfig(workspaces=[a_workspace()], app=app, knobs=knobs)) as running:
        yield running


@pytest.fixture
async def workspace(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.url) as client:
        yield client


@pytest.fixture
async def stage(sandbox: Sandbox, workspace: Workspace, database_url: str) -> AsyncIterator[Stage]:
    """The bot is running and nothing has happened yet."""
    async with running(sandbox, database_url):
        yield await Stage.of(sandbox, workspace)
