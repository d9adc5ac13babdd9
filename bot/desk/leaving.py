"""Somebody no longer takes part while a round is open: they are asked nothing more, and nobody waits "
"for them.

What they have finished stays and counts; what they have not is closed with a kind word.
"""

from collections.abc import Sequence

from sqlalchemy import select

from bot.desk import closing
from bot.desk.work import Work
from bot.store.models import Conversation, ConversationState, Initiative, Round, RoundState, Stakeholder
from bot.views import happenings as views


async def let_go(work: Work, initiative: Initiative, left: Sequence[Stakeholder]) -> None:
    """Close what these people had open; the round closes where everybody else has finished."""
    rows = await work.session.execute(
        select(Conversation, Round)
        .join(Round, Round.id == Conversation.round_id)
        .where(
            Conversation.stakeholder_id.in_([one.id for one in left]),
            Conversation.state.in_(closing.STILL),
            Round.state == RoundState.OPEN,
        )
        .order_by(Conversation.id)
    )
    rounds: dict[int, Round] = {}
    for conversation, round_ in rows:
        conversation.state, conversation.asking, conversation.awaiting = ConversationState.LEFT, None, None
        rounds[round_.id] = round_
        await _say_so(work, initiative, conversation)
    await work.session.flush()
    for round_ in rounds.values():
        if await _is_finished(work, round_):
            await closing.close(work, initiative, round_)


async def _say_so(work: Work, initiative: Initiative, conversation: Conversation) -> None:
    """The invitation and the open question say that nothing is asked any more."""
    words = views.no_longer_asked(initiative.name or "")
    for key in dict.fromkeys(key for key in (conversation.root_key, conversation.card_key) if key):
        await work.edit(
            words, edit_of=key, to=key, key=f"left:{conversation.id}:{key}"[:255], kind="invitation"
        )


async def _is_finished(work: Work, round_: Round) -> bool:
    """Whether nobody is waited for, and somebody has answered."""
    if await closing.still_answering(work, round_):
        return False
    finished = await work.session.scalar(
        select(Conversation.id)
        .where(Conversation.round_id == round_.id, Conversation.state == ConversationState.FINISHED)
        .limit(1)
    )
    return finished is not None
