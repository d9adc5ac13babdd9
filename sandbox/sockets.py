"""Socket Mode: the app's WebSocket connections, envelopes and acks.

Each payload goes to one of up to ten connections. An ack is matched by its envelope id.
"""

import asyncio
import contextlib
import itertools
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox.changes import Changes
from sandbox.jsontypes import Json

DROP = "drop"
_GRACE = 10.0


@dataclass(frozen=True)
class Ack:
    """What the app answered. `error` says why there was none."""

    ok: bool
    body: Json | None = None
    status: int | None = None
    error: str | None = None
    no_retry: bool = False


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)


class SocketHub:
    """The open connections of the app."""

    def __init__(self, max_connections: int, app_id: str, life: float, changes: Changes) -> None:
        self._max = max_connections
        self._app_id = app_id
        self._life = life
        self._changes = changes
        self._tickets: set[str] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._connections: list[_Connection] = []
        self._turn: Iterator[int] = itertools.count()

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def new_ticket(self) -> str:
        """What apps.connections.open puts into its address; opens one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.count >= self._max:
            return web.Response(status=408 if ticket in self._tickets else 401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        connection = _Connection(socket)
        await socket.send_str(json.dumps(self._hello()))
        self._connections.append(connection)
        self._changes.touch("sockets")
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        finally:
            self._drop(connection)
        return socket

    async def send(self, kind: str, payload: Json, attempt: int, deadline: float) -> Ack:
        """Deliver over any one connection; waits for the ack up to `deadline` seconds."""
        if not self._connections:
            return Ack(False, error="no_connection")
        connection = self._connections[next(self._turn) % len(self._connections)]
        envelope_id = secrets.token_hex(16)
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = future
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        try:
            await connection.socket.send_str(json.dumps(envelope))
            return Ack(True, await asyncio.wait_for(future, deadline), 200)
        except TimeoutError:
            return Ack(False, error="timeout")
        except ConnectionError:
            return Ack(False, error="connection_failed")
        finally:
            connection.waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str) -> int:
        """Tell every connection to go, as Slack does, with time to finish what it has; gives how many.

        It gets no further payloads and is closed some seconds later. `drop` closes at once, without a word.
        """
        open_now = list(self._connections)
        for connection in open_now:
            if reason == DROP:
                self._drop(connection)
                await connection.socket.close()
                continue
            note = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            with contextlib.suppress(ConnectionError):
                await connection.socket.send_str(json.dumps(note))
            self._retire(connection)
        return len(open_now)

    def _retire(self, connection: _Connection) -> None:
        self._connections.remove(connection)
        self._changes.touch("sockets")

        async def close_later() -> None:
            await asyncio.sleep(_GRACE)
            await connection.socket.close()

        task = asyncio.create_task(close_later())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close every connection at once."""
        for task in list(self._closing):
            task.cancel()
        await self.disconnect(DROP)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": int(self._life)},
        }

    def _receive(self, connection: _Connection, data: str) -> None:
        try:
            message = json.loads(data)
        except json.JSONDecodeError:
            return
        future = connection.waiting.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
        if future is not None and not future.done():
            body = message.get("payload")
            future.set_result(body if isinstance(body, dict) else None)

    def _drop(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self._changes.touch("sockets")
        for future in connection.waiting.values():
            if not future.done():
                future.set_exception(ConnectionResetError("the connection went away before the ack"))
