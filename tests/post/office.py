"""An outbox to fill and pumps to empty it: what the pump's tests are written in."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select, update

from bot.post.delivery import Draw
from bot.post.pacing import Pacing
from bot.post.pump import Pump
from bot.post.stamp import stamped
from bot.post.verdict import Timing
from bot.store.engine import Database
from bot.store.models import Due, Outbox, OutboxState
from bot.store.outbox import OPEN
from bot.time import machine_now
from sandbox import Sandbox
from sandbox.client import Message, Workspace
from sandbox.world import ResponseUrl
from tests.support.clock import FakeClock

UNPACED = Pacing(per_channel_per_second=1e6, per_minute=10**6)
Json = dict[str, object]


def text(words: str) -> Json:
    """A message of one section, as the views make them."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
    return {"text": words, "blocks": [section]}


def card(words: str) -> Json:
    """A message with a button below its section."""
    button = {"type": "button", "action_id": "card.go", "text": {"type": "plain_text", "text": "Go"}}
    actions = {"type": "actions", "block_id": "card:1", "elements": [button]}
    message = text(words)
    return message | {"blocks": [*list(message["blocks"]), actions]}  # type: ignore[call-overload]


class Office:
    """Queues rows and runs pumps against a sandbox."""

    def __init__(
        self,
        database: Database,
        sandbox: Sandbox,
        workspace: Workspace,
        http: aiohttp.ClientSession,
        client_for: Callable[[str], Awaitable[AsyncWebClient]],
        clock: FakeClock,
        team_id: str,
        timing: Timing,
    ) -> None:
        self.database = database
        self.sandbox = sandbox
        self.workspace = workspace
        self.clock = clock
        self.team_id = team_id
        self._http = http
        self._client_for = client_for
        self._timing = timing
        self._pumps: list[Pump] = []
        self._numbers = itertools.count(1)

    async def queue(
        self,
        to: str,
        args: Mapping[str, object] | None = None,
        *,
        method: str = "chat.postMessage",
        kind: str = "note",
        **columns: object,
    ) -> str:
        """Commit one row, on the lane of whom it goes to; its key."""
        key = str(columns.pop("key", f"row:{next(self._numbers)}"))
        values: Json = {
            "workspace_id": self.team_id,
            "key": key,
            "kind": kind,
            "method": method,
            "to": to,
            "lane": to,
            "args": dict(args if args is not None else text(key)),
            "public_key": f"pk-{key.replace(':', '-')}",
            "created_at": self.clock.now(),
        }
        async with self.database.begin() as session:
            session.add(Outbox(**{**values, **columns}))
        return key

    def pump(
        self, pacing: Pacing = UNPACED, database: Database | None = None, draw: Draw | None = None
    ) -> Pump:
        """A started pump; stopped with the office."""
        pump = Pump(
            database or self.database,
            self._client_for,
            self._http,
            pacing,
            self.clock,
            draw=draw,
            timing=self._timing,
        )
        pump.start()
        self._pumps.append(pump)
        return pump

    async def deliver(self) -> None:
        """Run a pump until nothing is open any more."""
        pump = self.pump()
        await self.emptied()
        await pump.stop()

    async def emptied(self, within: float = 20.0) -> None:
        """Wait until every row is settled."""
        async with asyncio.timeout(within):
            while await self._count_open():  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.02)

    async def asked(self, method: str, within: float = 10.0) -> None:
        """Wait until a call of this method has come in, though it may not be answered yet."""
        async with asyncio.timeout(within):
            while not await self.workspace.calls(method):  # noqa: ASYNC110 - told only when it ends
                await asyncio.sleep(0.01)

    async def row(self, key: str) -> Outbox:
        """The row as it stands."""
        async with self.database.begin() as session:
            return (await session.scalars(select(Outbox).where(Outbox.key == key))).one()

    async def states(self, *keys: str) -> Sequence[str]:
        """The states of these rows, in this order."""
        return [(await self.row(key)).state for key in keys]

    async def told(self) -> Sequence[int]:
        """The rows of whose failure somebody is to be told."""
        async with self.database.begin() as session:
            return (await session.scalars(select(Due.subject_id).where(Due.kind == "delivery_failed"))).all()

    async def lose_the_answer(self, key: str, slack: AsyncWebClient, channel: str, **more: object) -> str:
        """As after a kill: Slack has the message, the row is still `sending`, its lease over. The ts."""
        row = await self.row(key)
        message = stamped(row.args or {}, row.public_key)
        answer = await slack.api_call("chat.postMessage", json={**message, "channel": channel, **more})
        await self.leave_sending(key)
        return str(answer["ts"])

    async def leave_sending(self, key: str) -> None:
        """As after a kill: nobody knows what became of the row's call."""
        async with self.database.begin() as session:
            await session.execute(
                update(Outbox)
                .where(Outbox.key == key)
                .values(
                    state=OutboxState.SENDING, attempts=1, lease_until=machine_now() - timedelta(seconds=1)
                )
            )

    async def hold(self, key: str) -> None:
        """As if another process were sending the row."""
        async with self.database.begin() as session:
            until = machine_now() + timedelta(minutes=1)
            await session.execute(update(Outbox).where(Outbox.key == key).values(lease_until=until))

    def response_url(self, user: str, channel: str, message: Message | None = None) -> str:
        """The address that comes with a click on a message, or with a command."""
        source = "action" if message else "command"
        ts = message.ts if message else None
        url = ResponseUrl(f"key{next(self._numbers)}", self.team_id, user, channel, source, ts)  # type: ignore[arg-type]
        return self.sandbox.parts.world.new_response_url(url)

    async def close(self) -> None:
        """Stop every pump."""
        for pump in self._pumps:
            await pump.stop()

    async def _count_open(self) -> int:
        async with self.database.begin() as session:
            count = select(func.count()).where(Outbox.state.in_(OPEN))
            return (await session.scalars(count)).one()
