"""What waits to be sent and to be done: for readiness and metrics. Every query here is bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.models import Audit, Due, DueState, Outbox, OutboxState

# The ledger only grows: states are counted over its newest rows.
RECENT = 10_000


@dataclass(frozen=True)
class Backlog:
    """How much waits, and since when; None where nothing does."""

    outbox_recent: Mapping[str, int]
    outbox_oldest: datetime | None
    due_oldest: datetime | None
    newest_audit_id: int


async def read_backlog(session: AsyncSession, now: datetime, machine_now: datetime) -> Backlog:
    """`now` is the clock's time, which due rows follow; back-off is on the machine's."""
    newest = await session.scalar(select(func.max(Outbox.id))) or 0
    counted = await session.execute(
        select(Outbox.state, func.count()).where(Outbox.id > newest - RECENT).group_by(Outbox.state)
    )
    counts: dict[str, int] = {state.value: 0 for state in OutboxState}
    counts.update({row[0]: row[1] for row in counted})
    oldest = await session.scalar(
        select(func.min(Outbox.created_at)).where(
            Outbox.state.in_((OutboxState.WAITING, OutboxState.SENDING)),
            or_(Outbox.not_before.is_(None), Outbox.not_before <= machine_now),
        )
    )
    due = await session.scalar(
        select(func.min(Due.due_at)).where(Due.state == DueState.WAITING, Due.due_at <= now)
    )
    audit = await session.scalar(select(func.max(Audit.id))) or 0
    return Backlog(counts, oldest, due, audit)


async def refusals_between(session: AsyncSession, after_id: int, up_to_id: int) -> int:
    """How many refusals the audit log gained between two of its rows."""
    return (
        await session.scalar(
            select(func.count()).where(Audit.id > after_id, Audit.id <= up_to_id, Audit.action == "refused")
        )
        or 0
    )
