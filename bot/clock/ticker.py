"""Does what is due: one row, one transaction, its effects and its mark together.

APScheduler only ticks. What is due is looked up at every tick by the one clock, so that a clock which
jumps is simply seen. Knows rows and a table of handlers; what they do is the desk's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, timedelta
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock.housekeeping import Keep, tidy
from bot.store.due import claim_due, due_ids, put_off
from bot.store.engine import Database
from bot.store.ledger import Due, DueState
from bot.time import Clock, machine_now

# Runs in the transaction that claims the row. May set another state, such as skipped, itself.
DueHandler = Callable[[AsyncSession, Due], Awaitable[None]]

GIVE_UP_AFTER: Final = 8
_PAGE: Final = 100
_HANDLER_SECONDS: Final = 20.0
_FIRST_RETRY: Final = timedelta(seconds=5)
_LONGEST_RETRY: Final = timedelta(minutes=30)
_HOUR: Final = 3_600

log = structlog.get_logger(__name__)


class UnknownKindError(Exception):
    """A due row of a kind that this version does not know; another version may."""


class Ticker:
    """Ticks every second for due rows and every hour for housekeeping, once started.

    `wake` is called after work that may have left something to send.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[str, DueHandler],
        wake: Callable[[], None],
        *,
        keep: Keep | None = None,
        tick_seconds: float = 1.0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._wake = wake
        self._keep = keep or Keep()
        self._tick_seconds = tick_seconds
        self._scheduler: AsyncIOScheduler | None = None
        self._ticking = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        """Whether it ticks."""
        return self._scheduler is not None and self._scheduler.state == STATE_RUNNING

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        defaults = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._scheduler.add_job(self.tick, IntervalTrigger(seconds=self._tick_seconds))
        self._scheduler.add_job(self.tidy, IntervalTrigger(seconds=_HOUR), next_run_time=machine_now())
        self._scheduler.start()

    async def stop(self) -> None:
        """Let the row being worked on be finished, then end."""
        if self._scheduler is None:
            return
        self._scheduler.pause()
        async with self._ticking:
            self._scheduler.shutdown(wait=False)
        self._scheduler = None

    async def tick(self) -> int:
        """Do everything that is due now, longest overdue first; how many rows were done."""
        async with self._ticking:
            try:
                return await self._do_due()
            except (SQLAlchemyError, OSError) as fault:
                log.warning("due_not_read", error=f"{type(fault).__name__}: {fault}")
                return 0

    async def tidy(self) -> None:
        """Forget what is kept for some days only."""
        try:
            await tidy(self._database, self._clock.now(), self._keep)
        except (SQLAlchemyError, OSError) as fault:
            log.warning("not_tidied", error=f"{type(fault).__name__}: {fault}")

    async def _do_due(self) -> int:
        done = 0
        while True:
            async with self._database.begin() as session:
                ids = await due_ids(session, now=self._clock.now(), machine=machine_now(), limit=_PAGE)
            for due_id in ids:
                done += await self._do(due_id)
            if len(ids) < _PAGE:
                return done

    async def _do(self, due_id: int) -> int:
        """One row; a failure rolls its effects back, is noted, and stops no other row."""
        try:
            async with asyncio.timeout(_HANDLER_SECONDS), self._database.begin() as session:
                due = await claim_due(session, due_id)
                if due is None:
                    return 0
                await self._handle(session, due)
        except Exception as fault:
            await self._put_off(due_id, fault)
            return 0
        self._wake()
        return 1

    async def _handle(self, session: AsyncSession, due: Due) -> None:
        handler = self._handlers.get(due.kind)
        if handler is None:
            raise UnknownKindError(f"nobody handles {due.kind!r}")
        await handler(session, due)
        if due.state == DueState.WAITING:
            due.state = DueState.DONE
        due.done_at = self._clock.now()

    async def _put_off(self, due_id: int, fault: Exception) -> None:
        async with self._database.begin() as session:
            due = await session.get_one(Due, due_id)
            pause = min(_FIRST_RETRY * 2**due.attempts, _LONGEST_RETRY)
            state = await put_off(
                session,
                due_id,
                until=machine_now() + pause,
                error=f"{type(fault).__name__}: {fault}",
                give_up_after=GIVE_UP_AFTER,
            )
        log.error("due_failed", due=due_id, state=state, exc_info=fault)
