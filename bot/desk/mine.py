"""What waits for one person over all their initiatives: `/slipway mine`, the shortcut and the App Home.

Changes nothing.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.desk import asking, profile
from bot.desk.authority import Action, authorise
from bot.desk.errors import Refused
from bot.desk.initiatives import MANY, of_person
from bot.desk.questions import SETTLED
from bot.desk.status import Facts, facts_of, has_draft, next_step
from bot.desk.work import Work
from bot.store.models import (
    Answer,
    Conversation,
    ConversationState,
    Initiative,
    InitiativeState,
    Role,
    RoleKind,
    RoleState,
    Round,
    RoundState,
    Stakeholder,
)
from bot.views import commands as views
from bot.views import kit

_UNFINISHED = (
    ConversationState.INVITED,
    ConversationState.LATER,
    ConversationState.OPEN,
    ConversationState.PAUSED,
)
_STARTED = (ConversationState.OPEN, ConversationState.PAUSED)


async def mine(work: Work) -> views.Mine:
    """What waits for the person who acts, and where they take part."""
    await authorise(work, Action.USE)
    initiatives = await of_person(work, work.actor.user_id)
    # Only as many are looked into as are shown: the rest cost nothing.
    looked_at = initiatives[: views.INITIATIVES_SHOWN]
    facts = [await facts_of(work, one) for one in looked_at]
    waiting: list[views.RoleWaiting | views.TalkWaiting | views.ToDo | views.Replacement] = []
    waiting += await _roles(work)
    waiting += await _talks(work)
    for one in facts:
        if one.initiative.facilitator_id == work.actor.user_id:
            waiting += await _as_facilitator(work, one)
    unlooked = [
        views.Listed(one.id, one.name or "", "", one.state == InitiativeState.CLOSED)
        for one in initiatives[views.INITIATIVES_SHOWN :]
    ]
    return views.Mine(
        waiting, [*(_listed(work, one) for one in facts), *unlooked], has_draft=await has_draft(work)
    )


async def show_home(work: Work, *, key: str) -> None:
    """Publish the person's App Home; who may not use Slipway reads why."""
    try:
        shown = views.app_home(await mine(work))
    except Refused as refused:
        shown = views.home_refused(refused.text)
        work.audit("refused", refused.action)
    await work.show_home(shown, user_id=work.actor.user_id, key=f"{key}:home")


def _listed(work: Work, facts: Facts) -> views.Listed:
    initiative = facts.initiative
    words = next_step(facts, work.actor.user_id).words
    return views.Listed(
        initiative.id, initiative.name or "", words, initiative.state == InitiativeState.CLOSED
    )


async def _roles(work: Work) -> list[views.RoleWaiting]:
    rows = await work.session.execute(
        select(Role, Initiative)
        .join(Initiative, Initiative.id == Role.initiative_id)
        .where(
            Role.workspace_id == work.actor.workspace_id,
            Role.user_id == work.actor.user_id,
            Role.state == RoleState.ASKED,
            Initiative.state == InitiativeState.OPEN,
        )
        .order_by(Role.id)
        .limit(MANY)
    )
    by_message: dict[str, list[tuple[Role, Initiative]]] = {}
    for role, initiative in rows:
        by_message.setdefault(role.ask_key or "", []).append((role, initiative))
    return [
        views.RoleWaiting(
            role=together[0][0].id,
            names=" and ".join(asking.role_name(work, role) for role, _ in together),
            initiative=together[0][1].name or "",
            is_lead=any(role.kind == RoleKind.LEAD for role, _ in together),
        )
        for together in by_message.values()
    ]


async def _talks(work: Work) -> list[views.TalkWaiting]:
    rows = list(
        await work.session.execute(
            select(Conversation, Round, Initiative)
            .join(Stakeholder, Stakeholder.id == Conversation.stakeholder_id)
            .join(Round, Round.id == Conversation.round_id)
            .join(Initiative, Initiative.id == Conversation.initiative_id)
            .where(
                Stakeholder.workspace_id == work.actor.workspace_id,
                Stakeholder.user_id == work.actor.user_id,
                Stakeholder.left_at.is_(None),
                Conversation.state.in_(_UNFINISHED),
                Round.state == RoundState.OPEN,
                # Nobody has to do anything in round 2: without a click one's answers stand.
                Round.number == 1,
                Initiative.state == InitiativeState.OPEN,
            )
            .order_by(Round.answer_by, Conversation.id)
            .limit(MANY)
        )
    )
    answered = await _answered(work, [conversation.id for conversation, _, _ in rows])
    return [
        views.TalkWaiting(
            conversation=str(conversation.id),
            initiative=initiative.name or "",
            answered=answered.get(conversation.id, 0),
            total=len(conversation.criteria),
            started=conversation.state in _STARTED,
            answer_by=round_.answer_by.astimezone(ZoneInfo(initiative.zone)),
        )
        for conversation, round_, initiative in rows
    ]


async def _answered(work: Work, conversations: Sequence[int]) -> dict[int, int]:
    if not conversations:
        return {}
    rows = await work.session.execute(
        select(Answer.conversation_id, func.count())
        .where(Answer.conversation_id.in_(conversations), Answer.is_current, Answer.said.in_(SETTLED))
        .group_by(Answer.conversation_id)
    )
    return {conversation: count for conversation, count in rows}


async def _as_facilitator(work: Work, facts: Facts) -> list[views.ToDo | views.Replacement]:
    initiative = facts.initiative
    if initiative.state != InitiativeState.OPEN:
        return []
    name = kit.said(initiative.name or "")
    found: list[views.ToDo | views.Replacement] = [
        views.Replacement(
            role.id,
            f"*{name}*: {kit.person(role.user_id)} said no to {kit.said(asking.role_name(work, role))}",
        )
        for role in facts.of_state(RoleState.DECLINED)
    ]
    if facts.is_complete and not facts.rounds:
        found.append(
            views.ToDo(f"*{name}*: the questions can start", "Look at it", f"diagnose #{initiative.id}")
        )
    disputes = await profile.open_disputes(work, initiative)
    if disputes:
        words = f"*{name}*: {kit.plural(len(disputes), 'line')} of the profile seen differently"
        found.append(views.ToDo(words, "Settle it", f"settings #{initiative.id}"))
    return found
