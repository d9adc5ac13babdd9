"""What the clock does for a diagnosis: invite again, post the assessment, close round 2.

Each runs in the transaction that claims its due row, and does nothing where somebody was faster.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.desk import closing, opening, posting
from bot.desk.work import Work
from bot.store.models import (
    Conversation,
    ConversationState,
    Due,
    Initiative,
    InitiativeState,
    Round,
    RoundState,
)


async def _invite_again(work: Work, due: Due) -> None:
    """Somebody said "later": one more message, on the next working morning, and no other."""
    conversation = await work.session.get_one(Conversation, due.subject_id)
    round_ = await work.session.get_one(Round, conversation.round_id)
    if conversation.state == ConversationState.LATER and round_.state == RoundState.OPEN:
        await opening.remind(work, conversation, round_)


async def _post_assessment(work: Work, due: Due) -> None:
    round_ = await work.session.get_one(Round, due.subject_id)
    initiative = await work.session.get_one(Initiative, round_.initiative_id)
    if initiative.state == InitiativeState.OPEN:
        await posting.post(work, initiative, round_)


async def _close_round_two(work: Work, due: Due) -> None:
    round_ = await work.session.get_one(Round, due.subject_id)
    initiative = await work.session.get_one(Initiative, round_.initiative_id)
    if initiative.state == InitiativeState.OPEN:
        await closing.close(work, initiative, round_)


DUE: Final[Mapping[str, Callable[[Work, Due], Awaitable[None]]]] = {
    "invitation_again": _invite_again,
    "assessment_post": _post_assessment,
    "round_two_close": _close_round_two,
}
