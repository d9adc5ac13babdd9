"""Closing a round: by itself when everybody has finished, by the facilitator, or when its time is over.

After round 1 owner and leads see the assessment one working day before the channel. After round 2 what
the channel has is brought up to date.
"""

from typing import Final

from sqlalchemy import func, select, update

from bot.desk import posting
from bot.desk.authority import Action, authorise
from bot.desk.work import Work
from bot.store.models import (
    Conversation,
    ConversationState,
    Initiative,
    Round,
    RoundState,
    Stakeholder,
)
from bot.views import replies

# Somebody may still answer in these.
STILL: Final = (
    ConversationState.INVITED,
    ConversationState.LATER,
    ConversationState.OPEN,
    ConversationState.PAUSED,
)


async def still_answering(work: Work, round_: Round, *, besides: int | None = None) -> int:
    """How many conversations of a round are not finished, leaving out one and people who have left.

    Two people who finish at the same time take turns here, so that the second one sees the first.
    """
    await work.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update(key_share=True))
    count = await work.session.scalar(
        select(func.count())
        .select_from(Conversation)
        .join(Stakeholder, Stakeholder.id == Conversation.stakeholder_id)
        .where(
            Conversation.round_id == round_.id,
            Conversation.state.in_(STILL),
            Conversation.id != besides,
            Stakeholder.left_at.is_(None),
        )
    )
    return count or 0


async def close_by_hand(work: Work, initiative: Initiative, round_: Round) -> None:
    """The facilitator closes a round. Closing it twice changes nothing."""
    await authorise(work, Action.OPEN_ROUND, initiative)
    await close(work, initiative, round_)


async def close(work: Work, initiative: Initiative, round_: Round) -> None:
    """Close a round, once, and show what it came to."""
    closed = await work.session.execute(
        update(Round)
        .where(Round.id == round_.id, Round.state == RoundState.OPEN)
        .values(state=RoundState.CLOSED, closed_at=work.now, closed_by=work.actor.user_id)
        .returning(Round.id)
    )
    if closed.one_or_none() is None:
        return
    await work.session.refresh(round_)
    work.audit("round.closed", f"round:{round_.id}", initiative_id=initiative.id, number=round_.number)
    await _close_cards(work, initiative, round_)
    if round_.number == 1:
        posts_at = posting.result_on(initiative, work.now)
        await posting.show_first(work, initiative, round_, posts_at)
        await work.later("assessment_post", round_.id, at=posts_at, key=f"assessment_post:{round_.id}")
    else:
        await posting.republish(work, initiative)


async def _close_cards(work: Work, initiative: Initiative, round_: Round) -> None:
    """Questions still open say that the round has closed: an answer could not count any more."""
    open_ = await work.session.scalars(
        select(Conversation).where(
            Conversation.round_id == round_.id,
            Conversation.state.in_(STILL),
            Conversation.card_key.is_not(None),
        )
    )
    for conversation in open_:
        await work.edit(
            replies.round_closed(initiative.name or "", initiative.facilitator_id),
            edit_of=conversation.card_key or "",
            to=conversation.root_key,
            key=f"closed:{conversation.id}",
            kind="card",
        )
