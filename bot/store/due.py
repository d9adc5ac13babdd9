"""The due rows' queries: which are due, and one of them for this process alone.

A row is claimed, done and marked in one transaction, so that its effects and its mark are one commit.
Knows the table and nothing of what is to be done.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.ledger import Due, DueState


async def due_ids(session: AsyncSession, *, now: datetime, machine: datetime, limit: int) -> Sequence[int]:
    """The rows due at `now`, longest overdue first, without those that back off on the machine's time."""
    rested = or_(Due.lease_until.is_(None), Due.lease_until <= machine)
    # A literal, not a parameter: only so do both databases see that the partial index answers this.
    waiting = Due.state == literal_column(f"'{DueState.WAITING}'")
    due = select(Due.id).where(waiting, Due.due_at <= now, rested)
    return (await session.scalars(due.order_by(Due.due_at, Due.id).limit(limit))).all()


async def claim_due(session: AsyncSession, due_id: int) -> Due | None:
    """The row, locked until the session ends; None when another process has it or has done it."""
    statement = select(Due).where(Due.id == due_id, Due.state == DueState.WAITING)
    return (await session.scalars(statement.with_for_update(skip_locked=True))).one_or_none()


async def put_off(
    session: AsyncSession, due_id: int, *, until: datetime, error: str, give_up_after: int
) -> DueState:
    """Note a failed attempt: again at `until` by the machine's clock, or failed after so many attempts."""
    due = await session.get_one(Due, due_id, with_for_update=True)
    if due.state == DueState.WAITING:
        due.attempts += 1
        due.lease_until = until
        due.error = error
        due.state = DueState.FAILED if due.attempts >= give_up_after else DueState.WAITING
    return DueState(due.state)
