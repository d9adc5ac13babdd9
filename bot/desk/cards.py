"""The card of a conversation: which question it shows, and where it appears.

A clicked card becomes the next one through the click's own address: one call, no notification. After a
typed reply the next card comes below it. Writes nothing but the conversation's place and the outbox.
"""

from dataclasses import dataclass
from typing import Final, Literal

from bot.desk.errors import Told
from bot.desk.questions import anchors, answer_words, minutes_for, wording
from bot.desk.talk import Talk
from bot.desk.work import AT_ONCE
from bot.store.models import Answer, ConversationState, Said
from bot.views import conversation as views
from bot.views.render import Message


@dataclass(frozen=True)
class Clicked:
    """The click being answered: the message it was on, and the address that can change that message."""

    message_ts: str
    response_url: str
    key: str
    ts: str


BELOW: Final = "below"
EDIT: Final = "edit"

# In the clicked message, below what was typed, or by editing the card where a modal was sent off.
Where = Clicked | Literal["below", "edit"]


# Where the groups' views are shown, a change needs to see them and to say why.
ON_ITS_CARD: Final = (
    "Each point here has a card of its own in our conversation, with what every group says. Choose again "
    "there and say why, or leave it: without a click your answers stand."
)


async def show_question(talk: Talk, criterion_id: str, where: Where, last: str | None = None) -> None:
    """Show this question. `last` is the criterion answered just before, named on the card with *Change*.

    Raises Told where every point has a card of its own (round 2).
    """
    if talk.has_cards:
        raise Told(ON_ITS_CARD)
    first = talk.conversation.started_at is None
    if first:
        talk.conversation.started_at = talk.work.now
    talk.conversation.state = ConversationState.OPEN
    talk.conversation.asking = criterion_id
    talk.conversation.awaiting = None
    await show(talk, question_card(talk, criterion_id, last=last, first=first), where)


async def show(talk: Talk, message: Message, where: Where) -> None:
    """Put a message in the card's place, or post it as the new card."""
    conversation, work = talk.conversation, talk.work
    conversation.card_number += 1
    turn = f"turn:{conversation.id}:{conversation.card_number}"
    if isinstance(where, Clicked) and conversation.card_key and is_the_card(talk, where):
        await work.replace(
            message, response_url=where.response_url, edit_of=conversation.card_key, key=turn, kind="card"
        )
    elif where != BELOW and conversation.card_key:
        await work.edit(message, edit_of=conversation.card_key, to=talk.to, key=turn, kind="card")
    else:
        conversation.card_key = f"card:{conversation.id}:{conversation.card_number}"
        await work.send(
            message,
            to=talk.to,
            thread_of=conversation.root_key,
            key=conversation.card_key,
            kind="card",
            subject=talk.subject,
            priority=AT_ONCE,
        )


async def leave_card(talk: Talk) -> None:
    """The question goes on in another card: this one asks no more."""
    conversation, asked = talk.conversation, talk.conversation.asking
    if asked is None or conversation.card_key is None:
        return
    conversation.card_number += 1
    await talk.work.edit(
        views.left_card(talk.number(asked), len(talk.criteria)),
        edit_of=conversation.card_key,
        to=talk.to,
        key=f"turn:{conversation.id}:{conversation.card_number}",
        kind="card",
    )


def is_the_card(talk: Talk, clicked: Clicked) -> bool:
    """Whether the clicked message is the conversation's current card.

    Before the post has noted the card's ts, only that card can have been clicked.
    """
    return talk.card_ts is None or talk.card_ts == clicked.message_ts


def question_card(talk: Talk, criterion_id: str, *, last: str | None = None, first: bool = False) -> Message:
    """The card that asks this question."""
    criterion = talk.criterion(criterion_id)
    given = talk.answers.get(criterion_id)
    return views.question_card(
        views.Question(
            conversation=talk.id,
            criterion=criterion_id,
            number=talk.number(criterion_id),
            total=len(talk.criteria),
            minutes_left=minutes_for(talk.left),
            wording=wording(criterion, talk.conversation.group),
            anchors=anchors(criterion),
            last=last_answer(talk, last) if last else None,
            mention=talk.work.actor.user_id if first else None,
            changing=last_answer(talk, criterion_id) if given and given.said != Said.SKIPPED else None,
            together=bool(talk.conversation.together),
            turn=talk.conversation.card_number + 1,
        )
    )


def last_answer(talk: Talk, criterion_id: str) -> views.LastAnswer | None:
    """An answer as a card shows it."""
    answer = talk.answers.get(criterion_id)
    words = answer_words(talk.criterion(criterion_id), answer)
    if answer is None or words is None:
        return None
    return views.LastAnswer(criterion=criterion_id, words=words, note=answer.note)


def answered_card(talk: Talk, criterion_id: str, answer: Answer) -> Message:
    """What a card turns into once its question was answered elsewhere."""
    criterion = talk.criterion(criterion_id)
    return views.answered_card(
        views.Question(
            conversation=talk.id,
            criterion=criterion_id,
            number=talk.number(criterion_id),
            total=len(talk.criteria),
            minutes_left=minutes_for(talk.left),
            wording=wording(criterion, talk.conversation.group),
            anchors=anchors(criterion),
        ),
        views.LastAnswer(
            criterion=criterion_id, words=answer_words(criterion, answer) or "", note=answer.note
        ),
    )
