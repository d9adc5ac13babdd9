"""`python -m sandbox` serves until told to stop; a configuration comes from a file or a manifest."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import aiohttp

from sandbox import AppConfig, Sandbox, SandboxConfig, WorkspaceConfig
from sandbox.client import Workspace


async def test_it_prints_where_to_reach_it_and_stops_when_told(tmp_path: Path) -> None:
    config = tmp_path / "sandbox.json"
    config.write_text(json.dumps({"workspaces": [{"name": "Northwind", "domain": "northwind"}]}))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--config", str(config), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    settings = json.loads(await process.stdout.readline())
    headers = {"Authorization": f"Bearer {settings['SLACK_BOT_TOKEN']}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(settings["SLACK_API_BASE_URL"] + "auth.test", headers=headers) as answer,
    ):
        assert (await answer.json())["team"] == "Northwind"
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


def test_an_app_is_configured_from_its_manifest() -> None:
    manifest = {
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [{"command": "/slipway", "description": "x"}],
            "shortcuts": [{"name": "Mine", "callback_id": "mine", "type": "global", "description": "x"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    app = AppConfig.from_manifest(manifest)
    assert (app.scopes, app.events) == (["commands", "chat:write"], ["message.im"])
    assert (app.commands, app.shortcuts, app.home_tab) == (["/slipway"], ["mine"], True)


async def test_workspaces_are_kept_apart() -> None:
    two = [WorkspaceConfig(name="One", domain="one"), WorkspaceConfig(name="Two", domain="two")]
    async with Sandbox(SandboxConfig(workspaces=two)) as sandbox, Workspace(sandbox.url, "two") as second:
        async with Workspace(sandbox.url) as first:
            one, other = await first.describe(), await second.describe()
        assert (one["team"]["name"], other["team"]["name"]) == ("One", "Two")
        assert one["app"]["bot_token"] != other["app"]["bot_token"]
