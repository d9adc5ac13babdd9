"""A prompt in which a visitor of the sandbox is anybody: reads, types, clicks and fills in forms.

One line, one act. Shows what that person would see and nothing else.
"""

import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.client import Message, Outcome, Person, Refused, TimedOut, View, Workspace
from sandbox.terminal import Control, controls_of, fields_of, words_of

Write = Callable[[str], None]

HELP = """\
  as NAME              be somebody else; `who` lists everybody
  read [N]             the last messages from Slipway to you (default 3)
  channel [N]          the last messages in the home channel
  /slipway gaps        any slash command, typed in the home channel where you are in it
  click N [VALUE]      click what has this number; VALUE fills a picker
  N=VALUE              fill in field N of the open form; then `submit`, or `close`
  anything else        is typed to Slipway, in the thread you read last
  help, quit"""

# Seconds in which an answer is waited for before the prompt comes back.
_WAIT = 10.0


@dataclass
class Visitor:
    """Who the visitor is at the moment, and what they have in front of them."""

    workspace: Workspace
    home: str
    names: Mapping[str, str]
    write: Write
    who: str
    shown: Message | View | None = None
    controls: Sequence[Control] = ()
    filled: dict[str, object] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        """Who acts."""
        return self.workspace.person(self.who)

    async def take(self, line: str) -> bool:
        """Do what one line says; False when the visitor wants to leave."""
        word, _, rest = line.strip().partition(" ")
        if word in ("quit", "exit"):
            return False
        try:
            await self._act(word, rest.strip(), line.strip())
        except Refused as refused:
            self.write(f"  That doesn't work: {refused}")
        except TimedOut:
            self.write("  Nothing came back. `read` shows what is there.")
        return True

    async def _act(self, word: str, rest: str, line: str) -> None:
        acts: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "as": self._be,
            "who": self._list_people,
            "read": self._read,
            "channel": self._channel,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "help": self._help,
        }
        number, is_field, value = line.partition("=")
        if not line:
            return
        if word in acts:
            await acts[word](rest)
        elif line.startswith("/"):
            await self._command(word, rest)
        elif is_field and number.strip().isdecimal() and isinstance(self.shown, View):
            self._fill(int(number), value.strip())
        else:
            await self._say(line)

    async def _be(self, name: str) -> None:
        if name not in await self.workspace.ids():
            raise Refused(f"there is nobody called {name!r}; `who` lists everybody")
        self.who = name
        self._clear()
        self.write(f"  You are {name} now. `read` shows what Slipway wrote to you.")

    async def _list_people(self, _: str) -> None:
        for person in (await self.workspace.describe())["people"]:
            if not person.get("is_bot"):
                self.write(f"  {person['name']:<8} {person.get('real_name', '')}")

    async def _help(self, _: str) -> None:
        self.write(HELP)

    async def _read(self, count: str) -> None:
        await self._show_last([one for one in await self.person.dm() if not one.deleted], count)

    async def _channel(self, count: str) -> None:
        await self._show_last(await self.workspace.messages(self.home), count)

    async def _show_last(self, messages: Sequence[Message], count: str) -> None:
        chosen = messages[-(int(count) if count.isdecimal() else 3) :]
        if not chosen:
            self.write("  Nothing here yet.")
        for message in chosen[:-1]:
            self._print(message, ())
        if chosen:
            self._show(chosen[-1])

    async def _command(self, command: str, rest: str) -> None:
        try:
            outcome = await self.person.command(command, rest, self.home)
        except Refused:
            # Not in the home channel: then in their own conversation with Slipway.
            outcome = await self.person.command(command, rest)
        await self._after(outcome)

    async def _say(self, text: str) -> None:
        thread = None
        if isinstance(self.shown, Message) and not self.shown.ephemeral:
            thread = self.shown.thread_ts or self.shown.ts
        said = await self.person.say(text, thread_ts=thread)
        self._show(await self.person.next_message(after=said.ts, within=_WAIT))

    async def _click(self, rest: str) -> None:
        number, _, pick = rest.partition(" ")
        control = self._control(number)
        if self.shown is None:
            return
        before = self.shown
        outcome = await self.person.click(
            before,
            control.action_id,
            control.option or pick.strip().lstrip("@") or None,
            block_id=control.block_id,
        )
        await self._after(outcome)

    def _control(self, number: str) -> Control:
        if number.isdecimal() and 0 < int(number) <= len(self.controls):
            return self.controls[int(number) - 1]
        raise Refused("there is nothing with that number here; `read` or `channel` shows what can be clicked")

    async def _submit(self, _: str) -> None:
        outcome = await self.person.submit(self.filled)
        for block, error in outcome.errors.items():
            self.write(f"  ! {block}: {error}")
        if not outcome.errors:
            self.filled = {}
            await self._after(outcome)

    async def _close(self, _: str) -> None:
        await self.person.close()
        self._clear()

    def _fill(self, number: int, value: str) -> None:
        if not isinstance(self.shown, View):
            return
        fields = fields_of(self.shown)
        if not 0 < number <= len(fields):
            raise Refused("there is no such field")
        block_id, label, _ = fields[number - 1]
        self.filled[block_id] = shlex.split(value) if "," in value and "@" in value else value
        self.write(f"  {label}: {value}")

    async def _after(self, outcome: Outcome) -> None:
        """Show what an act led to: a whisper, a form, or what changed in the conversation."""
        if outcome.trouble:
            self.write(f"  Slack shows: {outcome.trouble}")
        for message in outcome.ephemerals:
            self._show(message)
        if outcome.ephemerals:
            return
        await self.workspace.settled(within=_WAIT)
        modal = await self.person.modal()
        if modal is not None:
            self._show(modal)
        elif isinstance(self.shown, Message):
            await self._show_place(self.shown)

    async def _show_place(self, message: Message) -> None:
        """The message that was clicked, as it is now, or what came after it."""
        thread = await self.workspace.thread(message.channel, message.thread_ts or message.ts)
        same = next((one for one in thread if one.ts == message.ts), None)
        newest = thread[-1] if thread else None
        changed = same is not None and same.revision > message.revision
        self._show(same if changed and same is not None else newest or message)

    def _show(self, shown: Message | View) -> None:
        self.shown = shown
        self.controls = controls_of(shown)
        self._print(shown, self.controls)

    def _print(self, shown: Message | View, controls: Sequence[Control]) -> None:
        head = shown.heading if isinstance(shown, View) else ""
        self.write("  " + "-" * 60 + (f" {head}" if head else ""))
        for line in words_of(shown, self.names):
            self.write(f"  {line}")
        for number, control in enumerate(controls, start=1):
            mark = "( )" if control.option else "[ ]"
            self.write(f"  {number:>3} {mark} {control.label}")
        if isinstance(shown, View):
            for number, (_, label, options) in enumerate(fields_of(shown), start=1):
                choices = f"  ({' / '.join(options)})" if options else ""
                self.write(f"  {number:>3} = {label}{choices}")
            if shown.submit:
                self.write(f"      submit = {shown.submit['text']}")

    def _clear(self) -> None:
        self.shown, self.controls, self.filled = None, (), {}


async def visit(visitor: Visitor, ask: Callable[[str], Awaitable[str | None]]) -> None:
    """Take lines until the visitor leaves. `ask` shows a prompt and gives the next line, None at the end."""
    visitor.write(HELP)
    while (line := await ask(f"{visitor.who}> ")) is not None:
        if not await visitor.take(line):
            return
