"""`python -m sandbox`: a workspace to point a bot at. Prints its addresses and tokens, runs until stopped."""

import asyncio
import json
import signal
from pathlib import Path

import click

from sandbox.config import SandboxConfig
from sandbox.server import Sandbox


async def serve(config: SandboxConfig) -> None:
    """Run until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    async with Sandbox(config) as sandbox:
        settings = {
            "SLACK_API_BASE_URL": sandbox.api_url,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_SIGNING_SECRET": sandbox.signing_secret,
            "CLOCK_URL": sandbox.clock_url,
        }
        click.echo(json.dumps(settings))
        await stopped.wait()


@click.command()
@click.option("--port", type=int, default=0, show_default="any free one")
@click.option("--config", "path", type=click.Path(exists=True, dir_okay=False), help="SandboxConfig as JSON.")
def main(port: int, path: str | None) -> None:
    """Serve a small Slack on 127.0.0.1."""
    config = SandboxConfig.model_validate_json(Path(path).read_text("utf-8")) if path else SandboxConfig()
    asyncio.run(serve(config.model_copy(update={"port": port} if port else {})))


if __name__ == "__main__":
    main()
