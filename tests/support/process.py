"""A real bot process beside a sandbox: started, watched through its log, stopped, killed, started again."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Literal

from sandbox import Sandbox
from sandbox.client import Workspace

Mode = Literal["socket", "http"]

READY = "Slipway is ready"
# Seconds. Generous: two cores may be busy with something else.
START_WITHIN = 60.0
STOP_WITHIN = 30.0


class BotDied(Exception):
    """The process ended before it was ready; the text is what it wrote."""


class BotProcess:
    """`slipway run` with its own environment; nothing of the caller's settings reaches it."""

    def __init__(self, settings: Mapping[str, str], directory: str) -> None:
        self._settings = dict(settings)
        self._directory = directory
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        # Everything it wrote, over all its lives.
        self.lines: list[str] = []
        # Where it listens, once it was ready.
        self.address = ""

    @property
    def pid(self) -> int:
        """The process now running."""
        return self._running().pid

    @property
    def is_running(self) -> bool:
        """Whether a process is there, ready or not."""
        return self._process is not None and self._process.returncode is None

    @property
    def text(self) -> str:
        """Everything it wrote."""
        return "\n".join(self.lines)

    @property
    def log(self) -> list[dict[str, object]]:
        """Its log lines, parsed; other lines are left out."""
        return [entry for line in self.lines if (entry := _parsed(line)) is not None]

    def events(self, name: str) -> list[dict[str, object]]:
        """Its log lines of one event."""
        return [entry for entry in self.log if entry.get("event") == name]

    async def launch(self) -> None:
        """Start without waiting for anything."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            "run",
            cwd=self._directory,
            env=_environment(self._settings, self._directory),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def start(self) -> None:
        """Start and wait until it is ready. Raises BotDied."""
        lives = len(self.events(READY))
        await self.launch()
        await self._until(lambda: len(self.events(READY)) > lives or self._is_dead(), START_WITHIN)
        if len(self.events(READY)) == lives:
            raise BotDied(f"exit code {await self.wait()}\n{self.text}")
        self.address = str(self.events(READY)[-1]["address"])
        # A later life listens where the first one did, as Slack expects of a request URL.
        self._settings["HTTP_PORT"] = self.address.rpartition(":")[2]

    async def wait_until(self, holds: Callable[[], bool], within: float = 15.0) -> None:
        """Wait until something holds of what it wrote."""
        await self._until(holds, within)

    async def wait_for_event(self, name: str, within: float = 15.0) -> dict[str, object]:
        """The first log line of an event, as soon as it is written."""
        await self._until(lambda: bool(self.events(name)), within)
        return self.events(name)[0]

    def terminate(self) -> None:
        """Ask it to stop, as a service manager does."""
        self._running().send_signal(signal.SIGTERM)

    async def stop(self) -> int:
        """Ask it to stop and wait; its exit code."""
        self.terminate()
        return await self.wait()

    async def kill(self) -> None:
        """End it as a power cut does."""
        self._running().kill()
        await self.wait()

    async def restart(self) -> None:
        """Start it again after it ended."""
        await self.start()

    async def wait(self) -> int:
        """Wait for its end; its exit code."""
        async with asyncio.timeout(STOP_WITHIN):
            code = await self._running().wait()
        if self._reader is not None:
            await self._reader
        return code

    async def end(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("the bot was never started")
        return self._process

    def _is_dead(self) -> bool:
        return self._reader is not None and self._reader.done()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            await self._heard(line.decode(errors="replace").rstrip("\n"))
        async with self._news:
            self._news.notify_all()

    async def _heard(self, line: str) -> None:
        async with self._news:
            self.lines.append(line)
            self._news.notify_all()

    async def _until(self, holds: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within), self._news:
            while not holds():
                try:
                    async with asyncio.timeout(0.5):
                        await self._news.wait()
                except TimeoutError:
                    continue


def _environment(settings: Mapping[str, str], directory: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "TMPDIR": directory, **settings}


def _parsed(line: str) -> dict[str, object] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def bot_settings(sandbox: Sandbox, database_url: str, mode: Mode) -> dict[str, str]:
    """The environment of a bot that talks to a sandbox, with pacing raised out of the way."""
    settings = {
        "SLACK_API_BASE_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "CLOCK_URL": sandbox.clock_url,
        "DATABASE_URL": database_url,
        "HTTP_PORT": "0",
        "LOG_FORMAT": "json",
        "POST_PER_CHANNEL_PER_SECOND": "1000",
        "POST_PER_MINUTE": "1000000",
    }
    if mode == "socket":
        return {**settings, "SLACK_APP_TOKEN": sandbox.app_token}
    return {**settings, "SLACK_SIGNING_SECRET": sandbox.signing_secret}


@asynccontextmanager
async def bot_process(settings: Mapping[str, str]) -> AsyncIterator[BotProcess]:
    """A bot that is not started yet, in an empty directory of its own."""
    with tempfile.TemporaryDirectory(prefix="slipway-bot-") as directory:
        bot = BotProcess(settings, directory)
        try:
            yield bot
        finally:
            await bot.end()


@asynccontextmanager
async def running_bot(
    sandbox: Sandbox, database_url: str, *, mode: Mode = "socket", env: Mapping[str, str] | None = None
) -> AsyncIterator[BotProcess]:
    """A bot that is ready, and in HTTP mode known to the sandbox as the app's request URL.

    `env` adds to its settings, or replaces them; an empty value unsets one.
    """
    settings = {**bot_settings(sandbox, database_url, mode), **(env or {})}
    async with bot_process(settings) as bot:
        await bot.start()
        if mode == "http":
            async with Workspace(sandbox.url) as workspace:
                await workspace.configure_app(request_url=f"{bot.address}/slack/events")
        yield bot
