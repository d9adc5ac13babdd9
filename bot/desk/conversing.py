"""What a person does with a conversation besides answering: start, later, pause, go on, look back, restart.

Each act is one use case behind a button and behind a typed word alike.
"""

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.desk.answering import Saying, answer, finish, record, ts_now
from bot.desk.authority import acting_person
from bot.desk.cards import (
    BELOW,
    EDIT,
    Clicked,
    Where,
    is_the_card,
    last_answer,
    leave_card,
    show,
    show_question,
)
from bot.desk.questions import answer_words, is_settled, minutes_for, wording
from bot.desk.talk import Talk
from bot.desk.work import AT_ONCE
from bot.method.calendar import add_working_days, at_wall_time
from bot.store.models import ConversationState, Said
from bot.views import answers as lists
from bot.views import replies
from bot.views.render import Message

_MORNING: Final = time(9, 0)


async def start(talk: Talk) -> None:
    """Send the first question, or the one where the conversation was left."""
    await go_on(talk, BELOW)


async def go_on(talk: Talk, where: Where) -> None:
    """Show the open question again, wherever it was left; an answer shown once more stays as it is.

    Where nothing is left, the conversation ends, or shows where it stands if it has ended before.
    """
    following = asking = talk.conversation.asking
    if asking is None:
        following = talk.after(None)
    elif is_settled(talk.answers.get(asking)):
        await _confirm(talk, asking)
        following = talk.after(asking)
    if following is not None:
        await ask(talk, following, where)
    elif talk.conversation.state == ConversationState.FINISHED:
        await say(talk, replies.status(progress(talk)), "status")
    else:
        await finish(talk, where)


async def _confirm(talk: Talk, criterion_id: str) -> None:
    """An answer from before a restart was looked at again and stays: it is not asked for any more."""
    kept = talk.answers[criterion_id]
    if talk.is_pending(criterion_id):
        saying = Saying(Said(kept.said), level=kept.level, reason=kept.reason, told_to=kept.told_to)
        await record(talk, criterion_id, saying, ts=ts_now(talk, criterion_id))


async def later(talk: Talk, clicked: Clicked) -> None:
    """Put the invitation off until the next working morning, once; who has begun is shown the standing."""
    if talk.conversation.state not in (ConversationState.INVITED, ConversationState.LATER):
        await say(talk, replies.status(progress(talk)), "status")
        return
    person = await acting_person(talk.work)
    at = _next_morning(talk.work.now, person.zone)
    if talk.conversation.state == ConversationState.INVITED:
        talk.conversation.state = ConversationState.LATER
        await talk.work.later(
            "invitation_again", talk.conversation.id, at=at, key=f"invitation_again:{talk.conversation.id}"
        )
    await talk.work.replace(
        replies.later(progress(talk), at.astimezone(ZoneInfo(person.zone))),
        response_url=clicked.response_url,
        edit_of=talk.conversation.root_key,
        key=f"{clicked.key}:later",
        kind="invitation",
    )


async def pause(talk: Talk, where: Where) -> None:
    """Rest; everything so far is kept."""
    if talk.conversation.state == ConversationState.OPEN:
        talk.conversation.state = ConversationState.PAUSED
    if isinstance(where, Clicked) and is_the_card(talk, where):
        await show(talk, replies.paused(progress(talk)), where)
    else:
        await say(talk, replies.paused(progress(talk)), "paused")


async def back(talk: Talk, where: Where) -> None:
    """Show the question before this one, with its answer."""
    previous = talk.before(talk.conversation.asking)
    if previous is None:
        await say(talk, replies.status(progress(talk)), "status")
    else:
        await ask(talk, previous, where)


async def restart(talk: Talk, where: Where) -> None:
    """Go through all questions again from the first; answers stay until they are replaced."""
    if talk.criteria:
        talk.conversation.started_at = talk.work.now
        await ask(talk, talk.criteria[0], where)


async def change(talk: Talk, criterion_id: str, where: Where) -> None:
    """Show one question again, so that its answer can be changed."""
    if criterion_id in talk.criteria:
        in_place = isinstance(where, Clicked) and is_the_card(talk, where)
        await ask(talk, criterion_id, where if in_place else BELOW)


async def ask(talk: Talk, criterion_id: str, where: Where) -> None:
    """Ask this question; a card left behind unanswered says that it goes on below."""
    if where == BELOW and talk.conversation.asking is not None:
        await leave_card(talk)
    await show_question(talk, criterion_id, where)


async def my_answers(talk: Talk, page: int, clicked: Clicked | None, *, is_list: bool) -> None:
    """List everything this person said here; turning a page replaces the list that was clicked."""
    listed = answers_list(talk, page)
    if clicked is not None and is_list:
        await talk.work.replace(
            listed,
            response_url=clicked.response_url,
            edit_of=None,
            key=f"{clicked.key}:page",
            kind="answers",
        )
    else:
        await say(talk, listed, "answers", key=clicked.key if clicked else None)


async def answer_in_form(talk: Talk, criterion_id: str, saying: Saying) -> None:
    """Record what was sent off in a form; where the card asks something else, say that it was kept."""
    was_asked = talk.conversation.asking == criterion_id
    await answer(talk, criterion_id, saying, ts=ts_now(talk, criterion_id), where=EDIT)
    if not was_asked:
        await note(talk, criterion_id)


async def note(talk: Talk, criterion_id: str) -> None:
    """Say what was kept of an answer, where no next card says so."""
    noted = last_answer(talk, criterion_id)
    if noted is not None:
        await say(talk, replies.noted(noted), "noted")


def answers_list(talk: Talk, page: int) -> Message:
    """One page of a person's own answers."""
    return lists.my_answers(
        talk.id,
        talk.initiative.name or "",
        [my_answer(talk, one) for one in talk.criteria],
        page,
        open_=talk.is_open,
    )


def my_answer(talk: Talk, criterion_id: str) -> lists.MyAnswer:
    """One question and what its person said, for lists and forms."""
    criterion, given = talk.criterion(criterion_id), talk.answers.get(criterion_id)
    handed = given is not None and given.said == Said.HANDED_OVER
    skipped = given is not None and given.said == Said.SKIPPED
    return lists.MyAnswer(
        criterion=criterion_id,
        number=talk.number(criterion_id),
        wording=wording(criterion, talk.conversation.group),
        words=None if skipped else answer_words(criterion, given),
        note=given.note if given else "",
        link=given.link if given else "",
        may_be_quoted=given.may_be_quoted if given else False,
        handed_to=given.reason if given and handed else None,
    )


def progress(talk: Talk) -> replies.Progress:
    """How far the conversation has come."""
    return replies.Progress(
        conversation=talk.id,
        initiative=talk.initiative.name or "",
        answered=talk.answered,
        total=len(talk.criteria),
        minutes_left=minutes_for(talk.left),
        answer_by=talk.local(talk.round.answer_by),
    )


async def say(talk: Talk, message: Message, kind: str, *, key: str | None = None) -> None:
    """Reply in the conversation's thread, once per key (by default once per turn of the conversation)."""
    if key is None:
        talk.conversation.card_number += 1
        key = f"turn:{talk.id}:{talk.conversation.card_number}"
    await talk.work.send(
        message,
        to=talk.to,
        thread_of=talk.conversation.root_key,
        key=f"{key}:{kind}",
        kind=kind,
        subject=talk.subject,
        priority=AT_ONCE,
    )


def _next_morning(now: datetime, zone: str) -> datetime:
    day = add_working_days(now, 1, zone).astimezone(ZoneInfo(zone)).date()
    return at_wall_time(day, _MORNING, zone)
