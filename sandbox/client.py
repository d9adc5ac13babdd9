"""Act in a sandbox and read its screens, over its control API: for end-to-end tests, demos and helpers.

    async with Workspace(sandbox.url) as workspace:
        mara = workspace.person("mara")
        outcome = await mara.command("/slipway", "help")
        card = await mara.next_message(containing="Which level")
        await mara.click(card, "Don't know")

Waiting is event-driven: `wait_until` looks again whenever something changed.
"""

import base64
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import TypeVar

import aiohttp

from sandbox.client_models import Ack, Call, Delivery, Message, Outcome, Screen, View
from sandbox.jsontypes import Json

_T = TypeVar("_T")


class Refused(Exception):
    """A person could not do that, or the sandbox did not understand; the text says why."""


class TimedOut(AssertionError):
    """What was waited for did not come."""


class Workspace:
    """One workspace of a running sandbox. Without `team` the first one."""

    def __init__(self, url: str, team: str | None = None) -> None:
        self._url = url.rstrip("/")
        self._team = team
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Workspace":
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=120))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def person(self, name: str) -> "Person":
        """Somebody by handle or id."""
        return Person(self, name)

    async def get(self, path: str, **query: str | float) -> Json:
        """A GET of the control API."""
        return await self._request("GET", path, None, query)

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Json:
        """A POST of the control API."""
        return await self._request("POST", path, body, {})

    # Reading.

    async def describe(self) -> Json:
        """team, app (tokens, bot_user_id, scopes), people, channels, connections."""
        return await self.get("/control/workspace")

    async def channel_id(self, name: str) -> str:
        """The id of a channel by name."""
        for channel in (await self.describe())["channels"]:
            if name.removeprefix("#") in (channel["id"], channel.get("name")):
                return str(channel["id"])
        raise Refused(f"there is no channel {name!r}")

    async def messages(self, channel: str, *, deleted: bool = False) -> list[Message]:
        """Everything in a conversation, replies included, oldest first."""
        query = {"deleted": "1"} if deleted else {}
        answer = await self.get(f"/control/channels/{channel.removeprefix('#')}/messages", **query)
        return [Message.model_validate(one) for one in answer["messages"]]

    async def thread(self, channel: str, ts: str) -> list[Message]:
        """A root message and its replies."""
        answer = await self.get(f"/control/channels/{channel.removeprefix('#')}/messages", thread=ts)
        return [Message.model_validate(one) for one in answer["messages"]]

    async def file(self, file_id: str) -> bytes:
        """A file's bytes."""
        async with self._open().get(
            f"{self._url}/control/files/{file_id}", params=self._params({})
        ) as answer:
            if answer.status != 200:
                raise Refused(await answer.text())
            return await answer.read()

    async def calls(self, method: str | None = None, *, since: int = 0) -> list[Call]:
        """What the bot called, oldest first; `since` is the number of a call already seen."""
        query: dict[str, str | float] = {"since": since}
        if method:
            query["method"] = method
        return [Call.model_validate(one) for one in (await self.get("/control/calls", **query))["entries"]]

    async def deliveries(
        self, kind: str | None = None, *, what: str | None = None, user: str | None = None, since: int = 0
    ) -> list[Delivery]:
        """Attempts to deliver; `what` is e.g. message, block_actions, /slipway."""
        query: dict[str, str | float] = {"since": since}
        query |= {name: value for name, value in (("kind", kind), ("what", what), ("user", user)) if value}
        found = (await self.get("/control/deliveries", **query))["entries"]
        return [Delivery.model_validate(one) for one in found]

    async def counters(self) -> Json:
        """counts (call:METHOD, 429:METHOD, delivery:KIND), rate_limited, pending_deliveries, connections."""
        return await self.get("/control/counters")

    async def reset_counters(self) -> None:
        """Forget traffic so far, and fill every rate-limit bucket."""
        await self.post("/control/counters/reset")

    # Waiting.

    async def wait_until(
        self,
        look: Callable[[], Awaitable[_T | None]],
        within: float = 10.0,
        *,
        topic: str = "all",
        what: str = "",
    ) -> _T:
        """Call `look` after every change of `topic` until it gives something true; gives that."""
        until = time.monotonic() + within
        seen = 0
        while True:
            seen = (await self.get("/control/wait", topic=topic, seen=0, timeout=0))["version"]
            found = await look()
            if found:
                return found
            left = until - time.monotonic()
            if left <= 0:
                raise TimedOut(f"waited {within:g} s for {what or 'something'} in vain")
            await self.get("/control/wait", topic=topic, seen=seen, timeout=left)

    async def settled(self, quiet: float = 0.2, within: float = 10.0) -> None:
        """Wait until nothing is under way and nothing has happened for `quiet` seconds."""
        if not (await self.get("/control/settled", quiet=quiet, timeout=within))["settled"]:
            raise TimedOut(f"the bot did not come to rest within {within:g} s")

    async def connected(self, within: float = 20.0, connections: int = 1) -> None:
        """Wait until the bot has opened its socket connections."""

        async def look() -> bool:
            return bool((await self.counters())["connections"] >= connections)

        await self.wait_until(look, within, topic="sockets", what="the bot to connect")

    # Setting the stage.

    async def add_person(self, name: str, **config: object) -> "Person":
        """A new person; keywords are those of PersonConfig."""
        return Person(self, (await self.post("/control/people", {"name": name, **config}))["id"])

    async def add_channel(self, name: str, **config: object) -> str:
        """A new channel; keywords are those of ChannelConfig. Gives its id."""
        return str((await self.post("/control/channels", {"name": name, **config}))["id"])

    async def clock(self) -> Json:
        """now, epoch, offset, speed."""
        return await self.get("/clock")

    async def set_clock(
        self, *, offset: float | None = None, speed: float | None = None, advance: float = 0.0
    ) -> Json:
        """Move the clock; seconds. `advance` jumps ahead from now."""
        return await self.post("/control/clock", {"offset": offset, "speed": speed, "advance": advance})

    async def faults(
        self,
        *calls: Mapping[str, object],
        missing: list[str] | None = None,
        duplicates: Mapping[str, object] | None = None,
        clear: bool = False,
    ) -> None:
        """Add CallFaults; replace missing methods and Duplicates(copies, spread, kinds) where given."""
        body: dict[str, object] = {"calls": list(calls), "clear": clear}
        if missing is not None:
            body["missing"] = missing
        if duplicates is not None:
            body["duplicates"] = duplicates
        await self.post("/control/faults", body)

    async def knobs(self, **changes: object) -> Json:
        """Change Knobs while running, e.g. `rates={"off": True}`, `retry_delays=[0, 0.5]`."""
        return await self.post("/control/knobs", changes)

    async def configure_app(self, **changes: object) -> Json:
        """Change AppConfig, e.g. `request_url=...`; with `verify=True` it is challenged first."""
        return await self.post("/control/app", changes)

    async def deliver(self, kind: str, payload: Mapping[str, object], copies: int = 1) -> Ack:
        """Send any payload to the bot as it is: kind is events_api, interactive or slash_commands."""
        body = {"kind": kind, "payload": payload, "copies": copies}
        return Ack.model_validate(await self.post("/control/deliver", body))

    async def sockets(self, do: str) -> int:
        """warning, refresh_requested, link_disabled or drop; gives how many connections it hit."""
        return int((await self.post("/control/sockets", {"do": do}))["connections"])

    async def rate_limit_events(self) -> Ack:
        """Send the top-level app_rate_limited notice."""
        return Ack.model_validate(await self.post("/control/rate_limited"))

    async def oauth_code(self, installer: str = "") -> str:
        """A code for oauth.v2.access."""
        return str((await self.post("/control/install", {"installer": installer}))["code"])

    async def uninstall(self) -> None:
        """Take the app out of the workspace; the bot gets app_uninstalled and tokens_revoked."""
        await self.post("/control/uninstall")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use Workspace as an async context manager")
        return self._session

    def _params(self, query: Mapping[str, str | float]) -> dict[str, str]:
        params = {name: str(value) for name, value in query.items()}
        return params | ({"team": self._team} if self._team else {})

    async def _request(
        self, verb: str, path: str, body: Mapping[str, object] | None, query: Mapping[str, str | float]
    ) -> Json:
        session = self._open()
        params = self._params(query)
        async with session.request(verb, self._url + path, json=body, params=params) as answer:
            if answer.status == 409:
                raise Refused((await answer.json())["refused"])
            if answer.status != 200:
                raise Refused(f"{path}: {answer.status} {await answer.text()}")
            parsed: Json = await answer.json()
            return parsed


class Person:
    """Somebody in a workspace: what they can do, and what they see."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
        self.name = name

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

    async def suggest(self, view: View, what: str, text: str) -> Outcome:
        """Type into an external select; the options are in the outcome's body."""
        return Outcome.model_validate(await self.act("suggest", view_id=view.id, what=what, text=text))

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
        return str((await self.screen()).user["id"])

    async def dm(self) -> list[Message]:
        """Everything in the DM with the app, replies included, oldest first."""
        screen = await self.screen()
        return await self.workspace.messages(screen.dm) if screen.dm else []

    async def modal(self) -> View | None:
        """The topmost open modal."""
        modals = (await self.screen()).modals
        return modals[-1] if modals else None

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
