"""What the bot itself posted: found again by the place where somebody answers it."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.desk.work import Work
from bot.store.models import Outbox


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
