"""`slipway demo` as a process: on a pipe it plays and ends, on a terminal it leaves the visitor a prompt."""

import asyncio
import os
import pty
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

LAST_LINE = "14 blocking, 1 unknown, 12 manageable, 1 proof gap, 11 met; overall index 0.43"
# Seconds. It plays in ten on a quiet machine.
WITHIN = 150

MISLEADING = {
    "SLACK_BOT_TOKEN": "xoxb-not-for-the-demo",
    "SLACK_API_BASE_URL": "http://127.0.0.1:9/api/",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
    "HTTP_PORT": "not a port",
}


async def test_on_a_pipe_it_plays_the_case_reads_no_settings_and_ends_with_what_it_comes_to(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_text("SLACK_APP_TOKEN=xapp-not-for-the-demo\nLOG_LEVEL=nonsense\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "demo"),
        cwd=tmp_path,
        env={**os.environ, **MISLEADING},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(WITHIN):
        output, _ = await process.communicate()
    lines = output.decode().strip().splitlines()
    assert process.returncode == 0, "\n".join(lines[-5:])
    assert lines[-1] == LAST_LINE
    assert _picture_of(lines).startswith(b"\x89PNG")
    assert "\x1b" not in output.decode()
    assert os.listdir(tmp_path) == [".env"]


def _picture_of(lines: list[str]) -> bytes:
    told = next(line for line in lines if "The picture is in" in line)
    return Path(told.rpartition(" in ")[2]).read_bytes()


async def test_on_a_terminal_the_visitor_is_anybody_afterwards(tmp_path: Path) -> None:
    async with _on_a_terminal(tmp_path) as terminal:
        await terminal.until("lena> ")
        assert LAST_LINE in terminal.shown
        shown = await terminal.type("/slipway gaps", "lena> ")
        assert "Not ready for production: 14 of 39 block." in shown
        number = re.findall(r"(\d+) \[ \] All 14", shown)[-1]
        assert "Every gap" in await terminal.type(f"click {number}", "lena> ")
        assert "You are otto now" in await terminal.type("as otto", "otto> ")
        assert "it is for the people who take part" in await terminal.type(
            "/slipway gaps Invoice matching", "otto> "
        )
        assert "I have no question open for you" in await terminal.type("hello", "otto> ")
        assert "there is nothing with that number" in await terminal.type("click 77", "otto> ")
        assert "there is nobody called" in await terminal.type("as nobody", "otto> ")
        assert await terminal.leave("quit") == 0


async def test_a_closed_terminal_takes_the_bot_along(tmp_path: Path) -> None:
    async with _on_a_terminal(tmp_path) as terminal:
        await terminal.until("lena> ")
        bots = _children(terminal.pid)
        terminal.hang_up()
        assert await terminal.wait() == 130
    assert bots
    assert not [pid for pid in bots if _is_alive(pid)]


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self._process = process
        self._master = master
        self.shown = ""

    async def until(self, prompt: str) -> str:
        """Read until the prompt stands at the end; gives what was written since the last one."""
        before = len(self.shown)
        async with asyncio.timeout(WITHIN):
            while not self.shown[before:].endswith(prompt):
                data = await asyncio.to_thread(os.read, self._master, 65536)
                self.shown += data.decode(errors="replace")
        return self.shown[before:]

    async def type(self, line: str, prompt: str) -> str:
        """Type a line and read what comes of it."""
        os.write(self._master, f"{line}\n".encode())
        return await self.until(prompt)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    def hang_up(self) -> None:
        """What a terminal does when its window is closed."""
        self._process.send_signal(signal.SIGHUP)

    async def leave(self, line: str) -> int:
        """Type the last line; the program's exit code."""
        os.write(self._master, f"{line}\n".encode())
        return await self.wait()

    async def wait(self) -> int:
        """Wait for its end; its exit code."""
        async with asyncio.timeout(WITHIN):
            return await self._process.wait()


@asynccontextmanager
async def _on_a_terminal(directory: Path) -> AsyncIterator[Terminal]:
    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "demo"),
        cwd=directory,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        os.close(master)
