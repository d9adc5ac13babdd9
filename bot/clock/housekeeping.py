"""Forgets what is kept for some days only: message payloads once sent, and keys of payloads received.

Days are counted by the one clock, which also stamped the rows.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.engine import Database
from bot.store.inbox import forget_received
from bot.store.outbox import empty_payloads

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Keep:
    """For how many days."""

    payload_days: int = 7
    inbox_days: int = 7


async def tidy(database: Database, now: datetime, keep: Keep) -> None:
    """Forget everything older, a page per transaction so that nobody waits for it."""
    emptied = await _page_by_page(database, empty_payloads, now - timedelta(days=keep.payload_days))
    forgotten = await _page_by_page(database, forget_received, now - timedelta(days=keep.inbox_days))
    log.info("tidied", payloads=emptied, inbox=forgotten)


async def _page_by_page(
    database: Database, forget: Callable[[AsyncSession, datetime], Awaitable[int]], before: datetime
) -> int:
    total = 0
    while True:
        async with database.begin() as session:
            count = await forget(session, before)
        total += count
        if count == 0:
            return total
