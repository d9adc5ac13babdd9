"""The pump: takes what the outbox holds and sends it to Slack, once.

A row is marked `sending` and committed before its call, and settled after it; in between its lease is
renewed. Whatever ends this process leaves a lease that runs out; whoever claims the row next looks for the
message before sending it again. Woken after each commit; looks by itself every second as a safety net. Knows
the store only.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import aiohttp
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.post.calls import Calls, ClientFor
from bot.post.delivery import Delivery, Draw, Sent
from bot.post.errors import CallFault, Limited, SaidNo, WorkspaceGoneError
from bot.post.pacing import WINDOW, Brakes, Pacing
from bot.post.places import Places
from bot.post.verdict import Timing, Verdict, judge
from bot.store.engine import Database
from bot.store.ledger import Due, Outbox, OutboxState
from bot.store.outbox import Claimed, Outcome, claim, move, renew, settle, spent
from bot.store.upsert import insert_new
from bot.time import Clock, machine_now

DELIVERY_FAILED: Final = "delivery_failed"
_COMMIT_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class Pump:
    """Sends the outbox's rows for as long as it is started."""

    def __init__(
        self,
        database: Database,
        client_for: ClientFor,
        http_session: aiohttp.ClientSession,
        pacing: Pacing,
        clock: Clock,
        *,
        draw: Draw | None = None,
        timing: Timing | None = None,
        lanes: int = 10,
    ) -> None:
        self._database = database
        self._timing = timing or Timing()
        calls = Calls(client_for, http_session, self._timing.call)
        self._delivery = Delivery(calls, Places(database, calls), draw or _nothing)
        self._pacing = pacing
        self._brakes = Brakes()
        self._clock = clock
        self._lanes = lanes
        self._woken = asyncio.Event()
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._under_way: dict[asyncio.Task[None], Outbox] = {}
        self._missing_methods: set[str] = set()

    @property
    def is_running(self) -> bool:
        """Whether it looks for work: false before the start, after the stop and when it broke."""
        return self._loop is not None and not self._loop.done()

    def start(self) -> None:
        """Begin to send; needs a running event loop."""
        self._stopping = False
        self._loop = asyncio.create_task(self._run(), name="pump")
        self._keeper = asyncio.create_task(self._keep_leases(), name="pump-leases")

    def wake(self) -> None:
        """Something was committed: look now."""
        self._woken.set()

    async def stop(self) -> None:
        """Take nothing new, wait for what is being sent, then end."""
        self._stopping = True
        self.wake()
        if self._loop is not None:
            await self._loop
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._timing.lease)
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            free = self._lanes - len(self._under_way)
            for claimed in await self._claim(free) if free else ():
                task = asyncio.create_task(self._deliver(claimed), name=f"outbox-{claimed.row.id}")
                self._under_way[task] = claimed.row
                task.add_done_callback(self._finished)
            await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._timing.poll):
                await self._woken.wait()
        except TimeoutError:
            return

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        self.wake()
        if not task.cancelled() and (fault := task.exception()) is not None:
            # The row keeps its lease and is looked for when that ends.
            log.error("outbox_task_failed", task=task.get_name(), exc_info=fault)

    async def _keep_leases(self) -> None:
        """Hold on to what takes long, such as a picture that is still being drawn."""
        while True:
            await asyncio.sleep(self._timing.lease / 3)
            if self._under_way:
                await self._renew(list(self._under_way.values()))

    async def _renew(self, rows: Sequence[Outbox]) -> None:
        try:
            async with asyncio.timeout(_COMMIT_SECONDS), self._database.begin() as session:
                await renew(session, rows, machine_now() + timedelta(seconds=self._timing.lease))
        except (SQLAlchemyError, OSError, TimeoutError) as fault:
            log.warning("outbox_leases_not_renewed", error=f"{type(fault).__name__}: {fault}")

    async def _claim(self, limit: int) -> Sequence[Claimed]:
        now = machine_now()
        try:
            async with asyncio.timeout(_COMMIT_SECONDS), self._database.begin() as session:
                used = await spent(session, now - WINDOW)
                held = {*self._pacing.exhausted(used, self._lanes), *self._brakes.held(now)}
                return await claim(
                    session,
                    now=now,
                    lease=timedelta(seconds=self._timing.lease),
                    limit=limit,
                    lane_gap=self._pacing.lane_gap,
                    held=held,
                )
        except (SQLAlchemyError, OSError, TimeoutError) as fault:
            log.warning("outbox_not_read", error=f"{type(fault).__name__}: {fault}")
            return ()

    async def _deliver(self, claimed: Claimed) -> None:
        try:
            sent = await self._delivery.send(claimed)
        except (CallFault, WorkspaceGoneError) as fault:
            await self._failed(claimed, fault)
        else:
            await self._sent(claimed.row, sent)

    async def _sent(self, row: Outbox, sent: Sent) -> None:
        # An edit that became a new message is noted at the message it stands for.
        place = (None, None) if sent.anew else (sent.channel, sent.ts)
        outcome = Outcome(OutboxState.SENT, sent.note, *place)
        async with asyncio.timeout(_COMMIT_SECONDS), self._database.begin() as session:
            await self._settle(session, row, outcome)
            if sent.anew and row.edit_of and sent.channel and sent.ts:
                await move(session, row.edit_of, sent.channel, sent.ts)

    async def _failed(self, claimed: Claimed, fault: CallFault | WorkspaceGoneError) -> None:
        row, now = claimed.row, machine_now()
        if isinstance(fault, Limited):
            self._brakes.limited(row.workspace_id, row.lane, fault, now)
        verdict = judge(claimed, fault, self._timing, now)
        self._log(row, fault, verdict)
        async with asyncio.timeout(_COMMIT_SECONDS), self._database.begin() as session:
            await self._settle(session, row, verdict.outcome)
            if verdict.tell and row.kind != DELIVERY_FAILED:
                await insert_new(
                    session,
                    Due,
                    workspace_id=row.workspace_id,
                    key=f"{DELIVERY_FAILED}:{row.id}",
                    kind=DELIVERY_FAILED,
                    subject_id=row.id,
                    due_at=self._clock.now(),
                )

    async def _settle(self, session: AsyncSession, row: Outbox, outcome: Outcome) -> None:
        if not await settle(session, row, outcome, machine_now()):
            log.warning("outbox_lease_lost", row=row.id, state=outcome.state)

    def _log(self, row: Outbox, fault: CallFault | WorkspaceGoneError, verdict: Verdict) -> None:
        if isinstance(fault, SaidNo) and fault.error == "unknown_method":
            if fault.method not in self._missing_methods:
                self._missing_methods.add(fault.method)
                log.warning("slack_method_missing", method=fault.method)
            return
        log.warning(
            "outbox_not_sent",
            row=row.id,
            key=row.key,
            method=row.method,
            attempt=row.attempts,
            state=verdict.outcome.state,
            error=str(fault),
        )


async def _nothing(_: object) -> bytes:
    """Where nobody draws, a row brings its picture along."""
    return b""
