"""The demo on a terminal: the worked case as it happens, the assessment, and then the visitor's turn.

Plays and prints; starting and stopping the bot is its caller's.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sandbox.case import HOME, LEAD, Case
from sandbox.client import Message, Workspace
from sandbox.player import Turn
from sandbox.programme import Programme
from sandbox.terminal import words_of
from sandbox.visitor import Visitor, visit

# The one line at the end that says what the case comes to.
_SUMMARY = "overall index"


@dataclass
class Show:
    """One showing of the case in one workspace."""

    workspace: Workspace
    case: Case
    console: Console
    pictures: Path

    async def play(self) -> None:
        """From `/slipway new` to the assessment in the channel, everything through Slack payloads."""
        names = await self._names()
        programme = Programme(self.workspace, self.case)
        self._say(f"[bold]{escape(self.case.title)}[/bold]\n{escape(self.case.story)}")
        self._step("Lena types /slipway new in #invoice-matching and fills in what the pilot is")
        await programme.take_in()
        self._step("Owner, sponsor and the four leads are asked by DM, and accept")
        await programme.accept_roles()
        self._step("Lena types /slipway diagnose: nine people are written to, in their own words")
        await programme.open_round()
        await self._questions(programme)
        self._step("Everybody has finished. The owner has seen the result first, and posts it")
        await programme.post()
        await self._assessment(names)

    async def visit(self) -> None:
        """Let the visitor be anybody until they leave."""
        self._step("Both go on running. You can be anybody in this workspace now:")
        visitor = Visitor(self.workspace, HOME, await self._names(), _plainly, who=LEAD)
        await visit(visitor, await _lines())

    async def _questions(self, programme: Programme) -> None:
        total = sum(len(one.answers) for one in self.case.respondents)
        bar = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        with bar:
            task = bar.add_task("questions answered", total=total)

            async def watch(turn: Turn) -> None:
                bar.advance(task)
                who = f"[cyan]{escape(turn.who.name)}[/cyan] [dim]{turn.number}[/dim]"
                self._say(f"  {who}  {escape(turn.question)}\n      [green]{escape(turn.said)}[/green]")

            await programme.answer_all(watch)

    async def _assessment(self, names: Mapping[str, str]) -> None:
        message = await self.workspace.wait_until(self._posted, 30, what="the assessment")
        self._say("")
        lines = words_of(message, names)
        for line in lines:
            self._say(f"  {escape(line)}")
        await self._keep_picture(message)
        summary = next(line for line in lines if _SUMMARY in line)
        self._say("")
        self.console.print(escape(summary.rpartition(": ")[2]), soft_wrap=True, highlight=False)

    async def _posted(self) -> Message | None:
        messages = await self.workspace.messages(HOME)
        return next((one for one in messages if _SUMMARY in one.text), None)

    async def _keep_picture(self, message: Message) -> None:
        """Save the picture below the assessment where the visitor can open it."""

        async def look() -> Message | None:
            thread = await self.workspace.thread(message.channel, message.ts)
            return next((one for one in thread if one.files), None)

        with_picture = await self.workspace.wait_until(look, 60, what="the picture")
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / "assessment.png"
        path.write_bytes(await self.workspace.file(with_picture.files[0]["id"]))
        self._say(f"\n  The picture is in {escape(str(path))}")

    async def _names(self) -> dict[str, str]:
        described = await self.workspace.describe()
        people = {one["id"]: one["name"] for one in described["people"]}
        return people | {one["id"]: one["name"] for one in described["channels"] if one.get("name")}

    def _step(self, text: str) -> None:
        self._say(f"\n[bold]{escape(text)}[/bold]")

    def _say(self, text: str) -> None:
        self.console.print(text, highlight=False)


def _plainly(line: str) -> None:
    sys.stdout.write(line + "\n")


async def _lines() -> Callable[[str], Awaitable[str | None]]:
    """Lines from the terminal. No thread waits for them, so that the demo can end at any moment."""
    reader = asyncio.StreamReader()
    # Opened anew: reading without blocking must not make writing to the same terminal so.
    keyboard = open(os.ttyname(sys.stdin.fileno()), "rb", buffering=0)  # noqa: SIM115, ASYNC230 - a terminal
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), keyboard)

    async def ask(prompt: str) -> str | None:
        sys.stdout.write(prompt)
        sys.stdout.flush()
        line = await reader.readline()
        return line.decode(errors="replace").rstrip("\n") if line else None

    return ask
