"""Who has answered how much, before a round closes; never what anybody said."""

from collections import Counter
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from bot.desk.authority import Action, authorise
from bot.desk.questions import SETTLED
from bot.desk.work import Work
from bot.store.models import Answer, Conversation, ConversationState, Initiative, Round, Stakeholder
from bot.views import assessment as screens
from bot.views import kit

_STATES: dict[str, screens.ProgressState] = {
    ConversationState.INVITED: "invited",
    ConversationState.LATER: "invited",
    ConversationState.OPEN: "answering",
    ConversationState.PAUSED: "paused",
    ConversationState.FINISHED: "finished",
    ConversationState.PASSED_ON: "declined",
}


async def progress(work: Work, initiative: Initiative, round_: Round) -> screens.RoundProgress:
    """How far everybody is in an open round."""
    who = await authorise(work, Action.SEE_PROGRESS, initiative)
    rows = await work.session.execute(
        select(Conversation, Stakeholder)
        .join(Stakeholder, Stakeholder.id == Conversation.stakeholder_id)
        .where(
            Conversation.round_id == round_.id,
            Conversation.state != ConversationState.LEFT,
            or_(Stakeholder.left_at.is_(None), Conversation.state == ConversationState.PASSED_ON),
        )
        .order_by(Conversation.id)
    )
    answered = await _answered(work, round_)
    names = (await work.playbooks.get(work.session, round_.playbook_sha256)).group_names
    return screens.RoundProgress(
        round=str(round_.id),
        initiative=initiative.name or "",
        number=round_.number,
        people=[
            screens.PersonProgress(
                who=_who(conversation, stakeholder),
                group=names[conversation.group],
                answered=answered[conversation.id],
                total=len(conversation.criteria),
                state=_STATES[conversation.state],
            )
            for conversation, stakeholder in rows
        ],
        closes=round_.answer_by.astimezone(ZoneInfo(initiative.zone)) if round_.number > 1 else None,
        may_close=who.may(Action.OPEN_ROUND),
    )


async def _answered(work: Work, round_: Round) -> Counter[int]:
    rows = await work.session.execute(
        select(Answer.conversation_id, func.count())
        .where(Answer.round_id == round_.id, Answer.is_current, Answer.said.in_(SETTLED))
        .group_by(Answer.conversation_id)
    )
    return Counter({conversation_id: count for conversation_id, count in rows})


def _who(conversation: Conversation, stakeholder: Stakeholder) -> str:
    if conversation.together:
        return " ".join(kit.person(user_id) for user_id in conversation.together)
    return kit.person(stakeholder.user_id) if stakeholder.user_id else kit.said(stakeholder.name or "")
