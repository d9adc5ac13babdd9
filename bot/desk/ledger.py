"""What the bot itself posted: found again by the place where somebody answers it."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.desk.work import Work
from bot.store.models import Outbox, OutboxState


@dataclass(frozen=True)
class Posted:
    """One of the bot's own messages: why it was sent and what it is about."""

    kind: str
    subject: str


async def posted(work: Work, channel: str, ts: str) -> Posted | None:
    """The bot's message at this place; None where the bot posted nothing."""
    row = (
        await work.session.execute(
            select(Outbox.kind, Outbox.subject)
            .where(
                Outbox.workspace_id == work.actor.workspace_id,
                Outbox.channel == channel,
                Outbox.ts == ts,
            )
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else Posted(kind=row.kind, subject=row.subject)


async def is_being_posted(work: Work, kind: str, to: str) -> bool:
    """Whether a message of this kind is on its way to somebody, who may already see it and click."""
    found = await work.session.scalar(
        select(Outbox.id)
        .where(
            Outbox.workspace_id == work.actor.workspace_id,
            Outbox.lane == to,
            Outbox.kind == kind,
            Outbox.state == OutboxState.SENDING,
        )
        .limit(1)
    )
    return found is not None
