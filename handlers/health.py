"""Whether the bot can do its work now, and how much waits: what `/readyz` and `/metrics` say."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.store.backlog import Backlog, read_backlog, refusals_between
from bot.time import Clock, machine_now
from handlers.metrics import InFlight, Metrics

# Later than this, something is stuck. Slack's own limits never hold a message back that long.
TOO_LATE = timedelta(minutes=10)
_DATABASE_WITHIN = 2.0


class Health:
    """Looks at the database, at the parts, and at what waits."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        clock: Clock,
        in_flight: InFlight,
        looks: Mapping[str, Callable[[], bool]],
    ) -> None:
        """`looks` says of each part, by name, whether it is alive."""
        self._sessions = sessions
        self._clock = clock
        self._in_flight = in_flight
        self._looks = looks
        self._audited_up_to: int | None = None

    async def check(self) -> dict[str, str]:
        """Every check with "ok" or what is wrong."""
        checks = {name: "ok" if look() else "not running" for name, look in self._looks.items()}
        backlog = await self._backlog()
        checks["database"] = "ok" if backlog else "can't be reached"
        if backlog:
            now = self._clock.now()
            checks["outbox"] = _in_time(backlog.outbox_oldest, now)
            checks["due"] = _in_time(backlog.due_oldest, now)
        return checks

    async def measure(self, metrics: Metrics) -> None:
        """Set the gauges; without a database, those that need none."""
        metrics.in_flight.set(self._in_flight.count)
        if "socket" in self._looks:
            metrics.socket.set(self._looks["socket"]())
        backlog = await self._backlog()
        if backlog is None:
            return
        now = self._clock.now()
        for state, count in backlog.outbox_recent.items():
            metrics.outbox.labels(state).set(count)
        metrics.late.labels("outbox").set(_age(backlog.outbox_oldest, now).total_seconds())
        metrics.late.labels("due").set(_age(backlog.due_oldest, now).total_seconds())
        await self._count_refusals(metrics, backlog.newest_audit_id)

    async def _count_refusals(self, metrics: Metrics, newest: int) -> None:
        before, self._audited_up_to = self._audited_up_to, newest
        if before is None or newest <= before:
            return
        async with self._sessions() as session:
            metrics.refusals.inc(await refusals_between(session, before, newest))

    async def _backlog(self) -> Backlog | None:
        try:
            async with asyncio.timeout(_DATABASE_WITHIN), self._sessions() as session:
                return await read_backlog(session, self._clock.now(), machine_now())
        except (DBAPIError, PoolTimeout, TimeoutError, OSError):
            return None


def _age(since: datetime | None, now: datetime) -> timedelta:
    return max(now - since, timedelta()) if since else timedelta()


def _in_time(since: datetime | None, now: datetime) -> str:
    age = _age(since, now)
    return "ok" if age < TOO_LATE else f"late by {int(age.total_seconds())} s"
