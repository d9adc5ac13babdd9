"""Brings payloads to the bot: over Socket Mode when it is connected, otherwise to its request URL.

Events are tried again on Slack's schedule; commands and interactions get one chance, and the person sees a
time-out. Copies (see `sandbox.faults`) follow on their own. Knows nothing of what the payloads mean.
"""

import asyncio
import time
from collections.abc import Coroutine

from sandbox.jsontypes import Json
from sandbox.requesturl import RequestUrlSender
from sandbox.sockets import Ack, SocketHub
from sandbox.state import new_id
from sandbox.traffic import Delivery
from sandbox.world import World


class Deliverer:
    """One queue of deliveries, with at most `max_in_flight` under way."""

    def __init__(self, world: World, hub: SocketHub, sender: RequestUrlSender) -> None:
        self._world = world
        self._hub = hub
        self._sender = sender
        self._slots = asyncio.Semaphore(world.knobs.max_in_flight)
        self._tasks: set[asyncio.Task[object]] = set()
        self.pending = 0

    def post(self, kind: str, payload: Json, copies: int | None = None) -> "asyncio.Task[Ack]":
        """Start a delivery; the task gives the ack of the first copy."""
        delivery_id = str(payload.get("event_id") or new_id("De"))
        delays = self._world.faults.late_copies(kind) if copies is None else self._delays(copies)
        for number, delay in enumerate(delays, 1):
            self._start(self._later(delay, kind, payload, delivery_id, number))
        return self._start(self._deliver(kind, payload, delivery_id, 0))

    async def close(self) -> None:
        """Give up whatever is still under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sender.close()

    def _delays(self, copies: int) -> list[float]:
        spread = self._world.faults.duplicates.spread
        return [self._world.faults.random.uniform(0, spread) for _ in range(copies - 1)]

    def _start(self, work: "Coroutine[object, object, Ack]") -> "asyncio.Task[Ack]":
        self.pending += 1
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: "asyncio.Task[object]") -> None:
        self._tasks.discard(task)
        self.pending -= 1
        self._world.traffic.active("deliveries")

    async def _later(self, delay: float, kind: str, payload: Json, delivery_id: str, copy: int) -> Ack:
        await asyncio.sleep(delay)
        return await self._deliver(kind, payload, delivery_id, copy)

    async def _deliver(self, kind: str, payload: Json, delivery_id: str, copy: int) -> Ack:
        delays = [0.0, *self._world.knobs.retry_delays] if kind == "events_api" else [0.0]
        ack = Ack(False, error="not_sent")
        for attempt, delay in enumerate(delays):
            if delay:
                await asyncio.sleep(delay)
            async with self._slots:
                ack = await self._attempt(kind, payload, delivery_id, copy, attempt, ack.error)
            if ack.ok or ack.no_retry:
                break
        return ack

    async def _attempt(
        self, kind: str, payload: Json, delivery_id: str, copy: int, attempt: int, last_error: str | None
    ) -> Ack:
        over = self._way()
        entry = _entry(kind, payload, delivery_id, copy, attempt, over)
        self._world.traffic.begin_delivery(entry)
        started = time.perf_counter()
        deadline = self._world.knobs.ack_deadline
        url = self._world.app.request_url
        if over == "socket" or url is None:
            ack = await self._hub.send(kind, payload, attempt, deadline)
        else:
            ack = await self._sender.send(url, kind, payload, attempt, last_error, deadline)
        entry.acked, entry.error, entry.status = ack.ok, ack.error, ack.status
        if ack.ok:
            entry.latency_ms = (time.perf_counter() - started) * 1000
        self._world.traffic.active("deliveries")
        return ack

    def _way(self) -> str:
        wanted = self._world.knobs.delivery
        if wanted != "auto":
            return wanted
        return "socket" if self._hub.count or self._world.app.request_url is None else "http"


def _entry(kind: str, payload: Json, delivery_id: str, copy: int, attempt: int, over: str) -> Delivery:
    event = payload.get("event")
    inner: Json = event if isinstance(event, dict) else {}
    user = payload.get("user_id") or inner.get("user") or payload.get("user")
    team = payload.get("team_id") or payload.get("team")
    return Delivery(
        number=0,
        id=delivery_id,
        kind=kind,
        what=_what(payload, inner),
        team=str(team.get("id")) if isinstance(team, dict) else team,
        user=str(user.get("id")) if isinstance(user, dict) else user,
        attempt=attempt,
        copy=copy,
        over=over,
        at=time.time(),
    )


def _what(payload: Json, event: Json) -> str:
    if event:
        subtype = event.get("subtype")
        return f"{event.get('type')}.{subtype}" if subtype else str(event.get("type"))
    return str(payload.get("command") or payload.get("type"))
