"""One person in a sandbox: everything they can do, and what they see. Made by `Workspace.person`."""

import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from sandbox.client_models import Message, Notification, Outcome, Screen, View
from sandbox.client_wire import Wire
from sandbox.jsontypes import Json

_T = TypeVar("_T")


class Person:
    """Somebody in a workspace: what they can do, and what they see."""

    def __init__(self, workspace: Wire, name: str) -> None:
        self.workspace = workspace
        self.name = name
        self._id: str | None = None

    async def act(self, act: str, **details: object) -> Json:
        """Any act of `sandbox.control_acts`."""
        given = {name: value for name, value in details.items() if value is not None}
        return await self.workspace.post(f"/control/people/{self.name}/{act}", given)

    # Talking. `channel` is a name, an id, or "dm" for the DM with the app.

    async def say(
        self, text: str, channel: str = "dm", *, thread_ts: str | None = None, raw: bool = False
    ) -> Message:
        """Type a message; links, mentions and `<&>` are encoded as Slack does unless `raw`."""
        answer = await self.act("say", text=text, channel=channel, thread_ts=thread_ts, raw=raw)
        return Message.model_validate(answer)

    async def attach(
        self, name: str, content: bytes, channel: str = "dm", *, text: str = "", thread_ts: str | None = None
    ) -> Message:
        """Upload a file."""
        encoded = base64.b64encode(content).decode()
        answer = await self.act(
            "attach", name=name, content=encoded, channel=channel, text=text, thread_ts=thread_ts
        )
        return Message.model_validate(answer)

    async def edit(self, message: Message, text: str) -> None:
        """Edit one's own message."""
        await self.act("edit", channel=message.channel, ts=message.ts, text=text)

    async def delete(self, message: Message) -> None:
        """Delete one's own message."""
        await self.act("delete", channel=message.channel, ts=message.ts)

    # Interacting: each returns when the bot has acked (or failed to).

    async def command(self, command: str, text: str = "", channel: str = "dm") -> Outcome:
        """Type a slash command."""
        return Outcome.model_validate(await self.act("command", command=command, text=text, channel=channel))

    async def click(
        self,
        where: Message | View,
        what: str,
        pick: object = None,
        *,
        block_id: str | None = None,
        stale: bool = False,
    ) -> Outcome:
        """Click or choose `what` (action_id or visible text), picking `pick` in a select.

        Refused when it is not there any more. With `stale`, the face the caller saw (`where`) is clicked even
        if the message has changed since.
        """
        details: Json = {"what": what, "pick": pick, "block_id": block_id}
        if isinstance(where, Message):
            details |= {"channel": where.channel, "ts": where.ts, "stale": stale, "revision": where.revision}
        else:
            details |= {"home": True} if where.type == "home" else {"view_id": where.id}
        return Outcome.model_validate(await self.act("click", **details))

    async def submit(self, values: Mapping[str, object] | None = None, view: View | None = None) -> Outcome:
        """Fill the open modal (keys: block_id, action_id or label) and submit it."""
        view_id = view.id if view else None
        return Outcome.model_validate(await self.act("submit", values=dict(values or {}), view_id=view_id))

    async def close(self, view: View | None = None, *, everything: bool = False) -> Outcome:
        """Close the open modal (Cancel), or with `everything` the whole stack (X)."""
        view_id = view.id if view else None
        return Outcome.model_validate(await self.act("close", view_id=view_id, everything=everything))

    async def suggest(self, where: Message | View, what: str, text: str) -> Outcome:
        """Type into an external select; the options are in the outcome's body."""
        details: Json = {"what": what, "text": text}
        if isinstance(where, Message):
            details |= {"channel": where.channel, "ts": where.ts}
        else:
            details |= {"view_id": where.id}
        return Outcome.model_validate(await self.act("suggest", **details))

    async def global_shortcut(self, callback_id: str) -> Outcome:
        """Use a global shortcut."""
        return Outcome.model_validate(await self.act("global_shortcut", callback_id=callback_id))

    async def message_shortcut(self, message: Message, callback_id: str) -> Outcome:
        """Use a shortcut on a message."""
        details: Json = {"channel": message.channel, "ts": message.ts, "callback_id": callback_id}
        return Outcome.model_validate(await self.act("message_shortcut", **details))

    async def open_home(self, tab: str = "home") -> View | None:
        """Open the app's Home; returns once the bot took the event, with what Home shows then."""
        await self.act("open_home", tab=tab)
        return (await self.screen()).home

    # Channels.

    async def invite(self, channel: str, user: str = "app") -> None:
        """Bring somebody, or the app, into a channel."""
        await self.act("invite", channel=channel, user=user)

    async def remove(self, channel: str, user: str = "app") -> None:
        """Take somebody, or the app, out of a channel."""
        await self.act("remove", channel=channel, user=user)

    async def leave(self, channel: str) -> None:
        """Leave a channel."""
        await self.act("leave", channel=channel)

    async def archive(self, channel: str, *, undo: bool = False) -> None:
        """Archive a channel, or bring it back."""
        await self.act("archive", channel=channel, undo=undo)

    async def rename(self, channel: str, name: str) -> None:
        """Give a channel another name."""
        await self.act("rename", channel=channel, name=name)

    async def change(self, **changes: object) -> None:
        """Change the person, e.g. `deleted=True`, `tz="Asia/Tokyo"`; the bot gets user_change."""
        await self.workspace.post(f"/control/people/{self.name}/change", changes)

    # Reading.

    async def screen(self) -> Screen:
        """Home, modals, ephemerals, notifications, troubles."""
        return Screen.model_validate(await self.workspace.get(f"/control/people/{self.name}/screen"))

    async def id(self) -> str:
        """The person's id."""
        if self._id is None:
            self._id = str((await self.screen()).user["id"])
        return self._id

    async def dm(self) -> list[Message]:
        """Everything in the DM with the app, replies included, oldest first."""
        screen = await self.screen()
        return await self.workspace.messages(screen.dm) if screen.dm else []

    async def modal(self) -> View | None:
        """The topmost open modal."""
        modals = (await self.screen()).modals
        return modals[-1] if modals else None

    async def notifications(self) -> list[Notification]:
        """Every ping so far, oldest first."""
        return (await self.screen()).notifications

    async def ephemerals(self) -> list[Message]:
        """Messages only this person sees, still there."""
        return (await self.screen()).ephemerals

    async def wait_until(
        self, look: Callable[[], Awaitable[_T | None]], within: float = 10.0, what: str = ""
    ) -> _T:
        """Call `look` after every change this person could see, until it gives something true."""
        topic = f"person:{await self.id()}"
        return await self.workspace.wait_until(
            look, within, topic=topic, what=what or f"{self.name}'s screen"
        )

    async def next_message(
        self, containing: str = "", *, after: str = "0", channel: str | None = None, within: float = 10.0
    ) -> Message:
        """Wait for a message of the app later than ts `after` in the DM (or `channel`) with this text."""

        async def look() -> Message | None:
            found = await (self.workspace.messages(channel) if channel else self.dm())
            fits = (one for one in found if one.from_bot and one.ts > after and _says(one, containing))
            return next(fits, None)

        return await self.wait_until(look, within, what=f"a message to {self.name} with {containing!r}")

    async def changed(self, message: Message, within: float = 10.0) -> Message:
        """Wait until this message has been changed since `message` was read; gives it as it is then."""

        async def look() -> Message | None:
            for one in await self.workspace.thread(message.channel, message.ts):
                if one.ts == message.ts and one.revision > message.revision:
                    return one
            return None

        return await self.wait_until(look, within, what=f"message {message.ts} to change")

    async def next_modal(self, titled: str = "", within: float = 10.0) -> View:
        """Wait for an open modal with this in its title."""

        async def look() -> View | None:
            modal = await self.modal()
            return modal if modal is not None and titled in modal.heading else None

        return await self.wait_until(look, within, what=f"a modal {titled!r} for {self.name}")


def _says(message: Message, text: str) -> bool:
    return text in message.text or text in message.all_text
