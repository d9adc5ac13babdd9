"""What keeps the bot from starting is one line on the terminal: what, why, and what to do."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from sandbox.client import Person, Workspace
from tests.support.process import bot_process, bot_settings, running_bot


async def refused(settings: dict[str, str]) -> tuple[int, str]:
    """Start a bot that can't run; its exit code and the one line it wrote for people."""
    async with bot_process(settings) as bot:
        await bot.launch()
        code = await bot.wait()
        assert "Traceback" not in bot.text
        told = [line for line in bot.lines if line.startswith("slipway: ")]
        assert len(told) == 1
        return code, told[0]


async def test_a_bot_token_that_slack_refuses(sandbox: Sandbox, sqlite_url: str) -> None:
    code, line = await refused(bot_settings(sandbox, sqlite_url, "socket") | {"SLACK_BOT_TOKEN": "xoxb-1"})
    assert code == 2
    assert "SLACK_BOT_TOKEN" in line
    assert "invalid_auth" in line
    assert "xoxb-1" not in line


async def test_an_app_token_that_slack_refuses(sandbox: Sandbox, sqlite_url: str) -> None:
    code, line = await refused(bot_settings(sandbox, sqlite_url, "socket") | {"SLACK_APP_TOKEN": "xapp-1"})
    assert code == 2
    assert "SLACK_APP_TOKEN" in line


@pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_missing_token(missing: str, sandbox: Sandbox, sqlite_url: str) -> None:
    settings = bot_settings(sandbox, sqlite_url, "socket")
    del settings[missing]
    code, line = await refused(settings)
    assert code == 2
    assert f"{missing} is missing" in line


async def test_a_port_that_is_taken(sandbox: Sandbox, sqlite_url: str, taken_port: int) -> None:
    code, line = await refused(bot_settings(sandbox, sqlite_url, "socket") | {"HTTP_PORT": str(taken_port)})
    assert code == 2
    assert "HTTP_PORT" in line


async def test_a_playbook_with_a_fault(sandbox: Sandbox, sqlite_url: str, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("id: own\n")
    code, line = await refused(bot_settings(sandbox, sqlite_url, "socket") | {"PLAYBOOK": str(own)})
    assert code == 2
    assert "PLAYBOOK" in line
    assert "expected" in line


async def test_an_old_schema_that_may_not_be_migrated(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = bot_settings(sandbox, f"sqlite:///{tmp_path}/new.db", "socket")
    code, line = await refused(settings | {"AUTO_MIGRATE": "false"})
    assert code == 1
    assert "slipway migrate" in line


async def test_an_empty_database_is_brought_to_the_schema(
    sandbox: Sandbox, mara: Person, tmp_path: Path
) -> None:
    async with running_bot(sandbox, f"sqlite:///{tmp_path}/new.db"):
        assert (await mara.command("/slipway", "help")).acked


async def test_a_slack_that_is_not_there_yet_is_waited_for(
    sandbox: Sandbox, workspace: Workspace, sqlite_url: str
) -> None:
    async with bot_process(bot_settings(sandbox, sqlite_url, "socket")) as bot:
        await workspace.faults(
            {"method": "auth.test", "kind": "status", "status": 503},
            {"method": "apps.connections.open", "kind": "drop_before"},
        )
        await bot.start()
        assert len(bot.events("Slack can't be reached, trying again")) == 2, bot.text


async def test_a_start_can_be_stopped(sandbox: Sandbox, workspace: Workspace, sqlite_url: str) -> None:
    async with bot_process(bot_settings(sandbox, sqlite_url, "socket")) as bot:
        await workspace.faults({"method": "auth.test", "kind": "status", "status": 503, "times": None})
        await bot.launch()
        await bot.wait_for_event("Slack can't be reached, trying again")
        assert await bot.stop() == 0


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
