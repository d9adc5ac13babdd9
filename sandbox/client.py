"""Act in a sandbox and read its screens, over its control API: for end-to-end tests, demos and helpers.

    async with Workspace(sandbox.url) as workspace:
        mara = workspace.person("mara")
        outcome = await mara.command("/slipway", "help")
        card = await mara.next_message(containing="Which level")
        await mara.click(card, "Don't know")

Waiting is event-driven: `wait_until` looks again whenever something changed.
"""

from collections.abc import Mapping

from sandbox.client_models import Ack, Call, Delivery, Message, Notification, Outcome, Screen, View
from sandbox.client_person import Person
from sandbox.client_wire import Refused, TimedOut, Wire
from sandbox.jsontypes import Json

__all__ = [
    "Ack",
    "Call",
    "Delivery",
    "Message",
    "Notification",
    "Outcome",
    "Person",
    "Refused",
    "Screen",
    "TimedOut",
    "View",
    "Workspace",
]


class Workspace(Wire):
    """One workspace of a running sandbox. Without `team` the first one."""

    def person(self, name: str) -> "Person":
        """Somebody by handle or id."""
        return Person(self, name)

    # Reading.

    async def ids(self) -> dict[str, str]:
        """Everybody's id by handle, the app's bot user included."""
        return {one["name"]: one["id"] for one in (await self.describe())["people"]}

    async def describe(self) -> Json:
        """team, app (tokens, bot_user_id, scopes), people, channels, connections."""
        return await self.get("/control/workspace")

    async def channel_id(self, name: str) -> str:
        """The id of a channel by name."""
        for channel in (await self.describe())["channels"]:
            if name.removeprefix("#") in (channel["id"], channel.get("name")):
                return str(channel["id"])
        raise Refused(f"there is no channel {name!r}")

    async def file(self, file_id: str) -> bytes:
        """A file's bytes."""
        return await self.download(f"/control/files/{file_id}")

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
