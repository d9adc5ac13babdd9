"""The inbox's housekeeping; its rows are made by whoever has an effect to commit."""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.ledger import Inbox

PAGE = 1_000


async def forget_received(session: AsyncSession, before: datetime) -> int:
    """Delete up to a page of keys received before a moment; how many there were.

    Slack repeats nothing for longer than a day.
    """
    old = select(Inbox.key).where(Inbox.received_at < before).limit(PAGE)
    statement = delete(Inbox).where(Inbox.key.in_(old)).execution_options(synchronize_session=False)
    return cast("CursorResult[object]", await session.execute(statement)).rowcount
