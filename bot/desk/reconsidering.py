"""Answering in round 2: another level with a reason, or "my answer stands".

What was said in round 1 stays; round 2 keeps its own revision beside it.
"""

from sqlalchemy import select

from bot.desk import closing
from bot.desk.answering import Saying, record, ts_now
from bot.desk.cards import Clicked
from bot.desk.errors import Invalid, Told
from bot.desk.questions import answer_words, is_settled
from bot.desk.talk import Talk, load
from bot.desk.work import Work
from bot.store.models import Answer, Conversation, ConversationState, Round, Said
from bot.views import rounds as views
from bot.views.answers import REASON
from bot.views.render import Message, Modal


async def reason_modal(work: Work, conversation_id: str, criterion_id: str, level: int) -> Modal:
    """Ask why the answer changes. Raises Told when it would not change."""
    talk = await _talk(work, conversation_id, criterion_id)
    before = await _own_answer(talk, criterion_id)
    criterion = talk.criterion(criterion_id)
    was = answer_words(criterion, before) or ""
    if before is not None and before.said == Said.LEVEL and before.level == level:
        raise Told(
            "That is what you said before, so your answer stands. *My answer stands* closes this card."
        )
    return views.round_two_reason_modal(talk.id, criterion_id, level, was, criterion.anchors[level])


async def change(
    work: Work, conversation_id: str, criterion_id: str, level: int, *, reason: str, may_be_quoted: bool
) -> None:
    """Change an answer in round 2, with the reason. Raises Invalid without one."""
    talk = await _talk(work, conversation_id, criterion_id)
    if not reason.strip():
        raise Invalid({REASON: "Please say in a sentence what changed your view."})
    before = await _own_answer(talk, criterion_id)
    criterion = talk.criterion(criterion_id)
    saying = Saying(
        Said.LEVEL,
        level=level,
        note=reason.strip(),
        link=before.link if before else "",
        may_be_quoted=may_be_quoted,
        reason=reason.strip(),
    )
    await record(talk, criterion_id, saying, ts=ts_now(talk, criterion_id))
    was = answer_words(criterion, before) or ""
    changed = views.round_two_changed(criterion.title, was, criterion.anchors[level])
    await _settle_card(talk, criterion_id, changed, None)
    await _finish_if_all(talk)


async def keep(work: Work, conversation_id: str, criterion_id: str, clicked: Clicked) -> None:
    """The answer stands, and the card says so."""
    talk = await _talk(work, conversation_id, criterion_id)
    before = await _own_answer(talk, criterion_id)
    if before is None:
        raise Told("You have not answered this one, so there is nothing to keep.")
    saying = Saying(
        Said(before.said),
        level=before.level,
        note=before.note,
        link=before.link,
        may_be_quoted=before.may_be_quoted,
    )
    await record(talk, criterion_id, saying, ts=clicked.ts)
    criterion = talk.criterion(criterion_id)
    kept = views.round_two_kept(criterion.title, answer_words(criterion, before) or "")
    await _settle_card(talk, criterion_id, kept, clicked)
    await _finish_if_all(talk)


async def _talk(work: Work, conversation_id: str, criterion_id: str) -> Talk:
    talk = await load(work, conversation_id)
    if criterion_id not in talk.criteria:
        raise Told("That question is not part of round 2 for you.")
    return talk


async def _own_answer(talk: Talk, criterion_id: str) -> Answer | None:
    """What this person said last: in round 2 if they did, otherwise in round 1."""
    now = talk.answers.get(criterion_id)
    if is_settled(now):
        return now
    found: Answer | None = await talk.work.session.scalar(
        select(Answer)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .join(Round, Round.id == Conversation.round_id)
        .where(
            Conversation.stakeholder_id == talk.stakeholder.id,
            Round.number == 1,
            Answer.criterion_id == criterion_id,
            Answer.is_current,
        )
    )
    return found


async def _settle_card(talk: Talk, criterion_id: str, message: Message, clicked: Clicked | None) -> None:
    card = f"difference:{talk.id}:{criterion_id}"
    talk.conversation.card_number += 1
    turn = f"turn:{talk.id}:{talk.conversation.card_number}"
    if clicked is None:
        await talk.work.edit(message, edit_of=card, to=talk.to, key=turn, kind="card")
    else:
        await talk.work.replace(
            message, response_url=clicked.response_url, edit_of=card, key=turn, kind="card"
        )


async def _finish_if_all(talk: Talk) -> None:
    if talk.left:
        talk.conversation.state = ConversationState.OPEN
        return
    talk.conversation.state = ConversationState.FINISHED
    talk.conversation.finished_at = talk.work.now
    if not await closing.still_answering(talk.work, talk.round, besides=talk.conversation.id):
        await closing.close(talk.work, talk.initiative, talk.round)
