"""Questions that belong to somebody else: one of them, all of them, or the group's together.

Whoever is named gets one message that says who named them. One group per person, always.
"""

from typing import Final

from sqlalchemy import select

from bot.desk import conversing, opening
from bot.desk.answering import Saying
from bot.desk.errors import Invalid, Told
from bot.desk.people import PersonFacts, keep
from bot.desk.questions import is_settled
from bot.desk.talk import Talk
from bot.desk.work import AT_ONCE
from bot.store.models import Conversation, ConversationState, Said, Stakeholder
from bot.views import conversation as views
from bot.views import facilitation, kit
from bot.views.answers import PERSON

# Slack opens a conversation for eight people besides the bot.
TOGETHER_AT_MOST: Final = 8


async def hand_over(talk: Talk, criterion_id: str, colleague: PersonFacts, words: str) -> None:
    """Hand one question to a colleague, who is asked it in this group's name.

    Raises Invalid where that person can't be asked.
    """
    await keep(talk.work, [colleague])
    _refuse_unfit(talk, colleague)
    because = _named_by(talk, "one question", words)
    stakeholder = await _seat(talk, colleague.user_id)
    await _ask_also(talk, stakeholder, [criterion_id], because)
    saying = Saying(Said.HANDED_OVER, reason=colleague.user_id)
    await conversing.answer_in_form(talk, criterion_id, saying)
    talk.work.audit(
        "question.handed_over",
        talk.subject,
        initiative_id=talk.initiative.id,
        criterion=criterion_id,
        to=colleague.user_id,
    )


async def who_would_know(talk: Talk, criterion_id: str, colleague: PersonFacts) -> None:
    """Ask somebody who was named as knowing; the answer "don't know" of who named them stays."""
    await keep(talk.work, [colleague])
    _refuse_unfit(talk, colleague)
    stakeholder = await _seat(talk, colleague.user_id)
    await _ask_also(talk, stakeholder, [criterion_id], _named_by(talk, "a question", ""))
    talk.work.audit("question.passed", talk.subject, initiative_id=talk.initiative.id, to=colleague.user_id)


async def pass_on(talk: Talk, colleague: PersonFacts, words: str) -> None:
    """Pass the whole invitation on. What was answered already stays with who answered it."""
    await keep(talk.work, [colleague])
    _refuse_unfit(talk, colleague)
    if await _find(talk, colleague.user_id) is not None:
        raise Invalid({PERSON: "This person is asked already. Please name somebody else."})
    open_ = [one for one in talk.criteria if not is_settled(talk.answers.get(one))]
    if not open_:
        raise Told("You have answered everything already, so there is nothing to pass on.")
    stakeholder = await _seat(talk, colleague.user_id)
    await _ask_also(talk, stakeholder, open_, _named_by(talk, "these questions", words))
    answered = len(open_) < len(talk.criteria)
    if answered:
        talk.conversation.criteria = [one for one in talk.criteria if one not in open_]
        talk.conversation.state = ConversationState.FINISHED
        talk.conversation.finished_at = talk.work.now
    else:
        talk.conversation.state = ConversationState.PASSED_ON
    talk.conversation.asking = None
    if not talk.stakeholder.is_lead and not answered:
        talk.stakeholder.left_at = talk.work.now
    for shown in (talk.conversation.root_key, talk.conversation.card_key):
        if shown is not None:
            await talk.work.edit(
                views.passed_on(colleague.user_id, talk.initiative.name or ""),
                edit_of=shown,
                to=talk.to,
                key=f"passed-on:{shown}",
                kind="invitation",
            )
    talk.work.audit(
        "invitation.passed_on", talk.subject, initiative_id=talk.initiative.id, to=colleague.user_id
    )


async def answer_together(talk: Talk) -> None:
    """Open one conversation for the whole group; nobody in it is asked alone any more.

    Raises Told where the group is too large, too small, or somebody has begun alone.
    """
    members = [
        one for one in await opening.stakeholders(talk.work, talk.initiative) if _same_group(talk, one)
    ]
    user_ids = [one.user_id for one in members if one.user_id]
    if len(user_ids) < 2:
        raise Told("There is nobody else in your group to answer together with.")
    if len(user_ids) > TOGETHER_AT_MOST:
        raise Told(
            f"Slack opens a conversation for {TOGETHER_AT_MOST} people at most, and your group has "
            f"{len(user_ids)}. Please answer one by one."
        )
    conversations = await _own_conversations(talk, [one.id for one in members])
    if any(one.started_at is not None or one.together for one in conversations):
        raise Told(
            "Somebody in your group has begun to answer already, so it goes on one by one. "
            "Nothing was changed."
        )
    for conversation in conversations:
        await _leave_to_the_group(talk, conversation)
    await _open_together(talk, user_ids)


async def _open_together(talk: Talk, user_ids: list[str]) -> None:
    conversation = Conversation(
        workspace_id=talk.conversation.workspace_id,
        initiative_id=talk.initiative.id,
        round_id=talk.round.id,
        stakeholder_id=talk.stakeholder.id,
        group=talk.conversation.group,
        together=user_ids,
        criteria=list(talk.criteria),
        root_key=f"together:{talk.round.id}:{talk.conversation.group}",
    )
    talk.work.session.add(conversation)
    await talk.work.session.flush()
    left = conversing.progress(talk)
    await talk.work.send(
        views.group_opening(
            str(conversation.id),
            talk.initiative.name or "",
            talk.playbook.group_names[talk.conversation.group],
            user_ids,
            len(conversation.criteria),
            left.minutes_left,
        ),
        to=",".join(user_ids),
        key=conversation.root_key,
        kind="invitation",
        subject=f"conversation:{conversation.id}",
        priority=AT_ONCE,
    )
    talk.work.audit("group.together", f"conversation:{conversation.id}", initiative_id=talk.initiative.id)


async def _leave_to_the_group(talk: Talk, conversation: Conversation) -> None:
    conversation.state = ConversationState.LEFT
    await talk.work.edit(
        facilitation.answering_together(
            talk.initiative.name or "", talk.playbook.group_names[conversation.group]
        ),
        edit_of=conversation.root_key,
        to=conversation.root_key,
        key=f"left:{conversation.id}",
        kind="invitation",
    )


async def _own_conversations(talk: Talk, stakeholder_ids: list[int]) -> list[Conversation]:
    found = await talk.work.session.scalars(
        select(Conversation)
        .where(Conversation.round_id == talk.round.id, Conversation.stakeholder_id.in_(stakeholder_ids))
        .with_for_update()
    )
    return list(found)


def _same_group(talk: Talk, stakeholder: Stakeholder) -> bool:
    return stakeholder.group == talk.conversation.group


async def _find(talk: Talk, user_id: str) -> Stakeholder | None:
    found: Stakeholder | None = await talk.work.session.scalar(
        select(Stakeholder).where(
            Stakeholder.initiative_id == talk.initiative.id,
            Stakeholder.user_id == user_id,
            Stakeholder.left_at.is_(None),
        )
    )
    return found


async def _seat(talk: Talk, user_id: str) -> Stakeholder:
    """The colleague as a member of this group; Invalid where they answer for another one."""
    found = await _find(talk, user_id)
    if found is None:
        found = Stakeholder(
            workspace_id=talk.conversation.workspace_id,
            initiative_id=talk.initiative.id,
            user_id=user_id,
            group=talk.conversation.group,
            added_at=talk.work.now,
        )
        talk.work.session.add(found)
        await talk.work.session.flush()
    if found.group != talk.conversation.group:
        group = talk.playbook.group_names[found.group]
        raise Invalid({PERSON: f"This person answers for {group} already. Please name somebody else."})
    return found


async def _ask_also(talk: Talk, stakeholder: Stakeholder, criteria: list[str], because: str) -> None:
    """Add questions to somebody's conversation, or start one with just these."""
    own = await _own_conversations(talk, [stakeholder.id])
    if not own:
        await opening.invite(
            talk.work, talk.initiative, talk.round, stakeholder, criteria=criteria, because=because
        )
        return
    conversation = own[0]
    if conversation.state == ConversationState.PASSED_ON:
        raise Invalid({PERSON: "This person has passed these questions on. Please name somebody else."})
    new = [one for one in criteria if one not in conversation.criteria]
    if not new:
        raise Invalid({PERSON: "This person is asked that already. Please name somebody else."})
    conversation.criteria = [*conversation.criteria, *new]
    if conversation.state in (ConversationState.FINISHED, ConversationState.LEFT):
        conversation.state = ConversationState.INVITED
    await talk.work.send(
        views.asked_also(str(conversation.id), because, len(new)),
        to=stakeholder.user_id or talk.to,
        thread_of=conversation.root_key,
        key=f"also:{conversation.id}:{'-'.join(new)}"[:255],
        kind="asked_also",
        subject=f"conversation:{conversation.id}",
        priority=AT_ONCE,
    )


def _refuse_unfit(talk: Talk, colleague: PersonFacts) -> None:
    if colleague.user_id == talk.work.actor.user_id:
        raise Invalid({PERSON: "That is you. Please name somebody else, or go back and answer."})
    if colleague.is_bot or colleague.is_deactivated:
        raise Invalid({PERSON: "This account can't answer: it is deactivated or not a person."})
    if colleague.is_external:
        raise Invalid({PERSON: "This person belongs to another workspace. Please name a colleague of yours."})


def _named_by(talk: Talk, what: str, words: str) -> str:
    said = f": “{kit.said(words.strip())}”" if words.strip() else "."
    return f"{kit.person(talk.work.actor.user_id)} thinks you know the answer to {what}{said}"
