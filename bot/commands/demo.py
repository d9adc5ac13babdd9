"""`slipway demo`: a whole diagnosis on this machine, with a real bot and a workspace of its own.

Reads no settings of the caller's: no `.env`, no `SLACK_*`, no `DATABASE_URL`. Its database is a file that
goes when it ends.
"""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import click
from rich.console import Console

from bot.commands.group import Stopped
from bot.commands.manifest import app_manifest
from sandbox import AppConfig, Sandbox, SandboxConfig
from sandbox.case import worked_case
from sandbox.client import TimedOut, Workspace
from sandbox.config import Knobs, RateKnobs
from sandbox.show import Show

# Seconds. A cold start imports everything once.
_READY_WITHIN = 90.0
_STOP_WITHIN = 20.0

# What a shell reports for a program ended by an interrupt.
_INTERRUPTED = 130

# What a program needs of its surroundings; nothing that could configure a bot.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


@click.command
def command() -> None:
    """Play a whole diagnosis on this machine, without Slack; then be anybody in it."""
    try:
        asyncio.run(_until_told(interactive=sys.stdin.isatty() and sys.stdout.isatty()))
    except asyncio.CancelledError:
        raise click.exceptions.Exit(_INTERRUPTED) from None


async def _until_told(*, interactive: bool) -> None:
    """The demo; a closed terminal or a request to stop ends it with everything it started."""
    playing = asyncio.ensure_future(demo(interactive=interactive))
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, playing.cancel)
    await playing


async def demo(*, interactive: bool) -> None:
    """Play the worked case to its assessment; with a terminal on both ends leave both running for a visit."""
    case = worked_case()
    config = SandboxConfig(
        workspaces=[case.workspace()],
        app=AppConfig.from_manifest(app_manifest()),
        knobs=Knobs(rates=RateKnobs(off=True)),
    )
    pictures = Path(tempfile.gettempdir()) / "slipway-demo"
    console = Console(soft_wrap=not interactive)
    async with Sandbox(config) as sandbox, Workspace(sandbox.url) as workspace, _bot(sandbox) as log:
        try:
            await workspace.connected(within=_READY_WITHIN)
            show = Show(workspace, case, console, pictures)
            await show.play()
        except TimedOut as late:
            raise Stopped(f"the demo got stuck: {late}. The bot's log ends with: {_end_of(log)}") from None
        if interactive:
            await show.visit()


@asynccontextmanager
async def _bot(sandbox: Sandbox) -> AsyncIterator[Path]:
    """A real bot beside the sandbox; gives the file it logs to."""
    with tempfile.TemporaryDirectory(prefix="slipway-demo-") as directory:
        log = Path(directory) / "bot.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "run"),
                cwd=directory,
                env=_environment(sandbox, directory),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            yield log
        finally:
            await _stop(process)


def _environment(sandbox: Sandbox, directory: str) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "SLACK_API_BASE_URL": sandbox.api_url,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "CLOCK_URL": sandbox.clock_url,
        "DATABASE_URL": f"sqlite:///{directory}/demo.db",
        "HTTP_PORT": "0",
        "LOG_FORMAT": "console",
        "POST_PER_CHANNEL_PER_SECOND": "1000",
        "POST_PER_MINUTE": "1000000",
    }


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_WITHIN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "(nothing)"
