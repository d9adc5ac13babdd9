"""Typed words: which conversation they are for, what they say, and what an edit or a deletion changes.

The reading itself is `bot.language`; here it becomes an answer or an act of the conversation.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from bot.desk import conversing
from bot.desk.answering import Saying, answer, record, ts_order
from bot.desk.authority import acting_person
from bot.desk.cards import BELOW, last_answer, show_question
from bot.desk.closing import STILL
from bot.desk.ledger import posted
from bot.desk.questions import is_settled
from bot.desk.talk import Talk, load
from bot.desk.work import AT_ONCE, Work
from bot.language.replies import DoesNotApply, DontKnow, LevelReply, NotUnderstood, Reply, Word, read_reply
from bot.language.slacktext import typed as as_typed
from bot.store.models import (
    Answer,
    Conversation,
    ConversationState,
    Initiative,
    Round,
    RoundState,
    Said,
    Stakeholder,
)
from bot.views import replies as views
from bot.views.render import Message

_SUBJECT: Final = "conversation:"
# `Conversation.awaiting`: the next typed line is the reason why this question does not apply.
_REASON_FOR: Final = "reason:"


@dataclass(frozen=True)
class Line:
    """A typed message: where it stands, and what it says."""

    channel: str
    ts: str
    thread_ts: str
    text: str
    key: str
    in_dm: bool


async def take(work: Work, line: Line) -> None:
    """Take a typed line for what it is; a DM is never met with silence."""
    above = await posted(work, line.channel, line.thread_ts) if line.thread_ts else None
    if (above is None and not line.in_dm) or not await work.once(line.key):
        return
    if above is not None and above.subject.startswith(_SUBJECT):
        await reply(await load(work, above.subject.removeprefix(_SUBJECT)), line)
        return
    await acting_person(work)
    open_ = await _open_conversations(work)
    if len(open_) == 1:
        await reply(await load(work, open_[0].conversation), line)
    elif open_:
        await _say(work, line, views.which_conversation(open_, line.text, line.ts))
    else:
        await _say(work, line, views.no_open_conversation())


async def reply(talk: Talk, line: Line) -> None:
    """Take a line typed in a conversation."""
    conversation = talk.conversation
    if conversation.awaiting and conversation.awaiting.startswith(_REASON_FOR):
        criterion_id = conversation.awaiting.removeprefix(_REASON_FOR)
        conversation.awaiting = None
        if not isinstance(read_reply(line.text), Word | LevelReply | DontKnow):
            await _does_not_apply(talk, criterion_id, _plain(line.text), line)
            return
    read = read_reply(line.text)
    if isinstance(read, Word):
        await _act(talk, read, line)
    elif conversation.asking is None:
        await _no_question_shown(talk, line)
    elif isinstance(read, DoesNotApply):
        await _does_not_apply(talk, conversation.asking, read.reason, line, read.link)
    elif isinstance(read, NotUnderstood):
        await conversing.say(talk, views.not_understood(conversing.progress(talk), read.hint), "asked_back")
    else:
        await answer(talk, conversation.asking, saying_of(read), ts=line.ts, where=BELOW, message_ts=line.ts)


async def edited(work: Work, ts: str, event_ts: str, text: str | None, *, key: str) -> None:
    """An own message was changed (or, with None, deleted): the answer it gave changes or is withdrawn.

    An edit that leaves the meaning as it was, such as an unfurled link, changes nothing.
    """
    found = await _behind(work, ts)
    if found is None or not await work.once(key):
        return
    talk = await load(work, str(found.conversation_id))
    current = talk.answers.get(found.criterion_id)
    if current is None or ts_order(current.said_ts) >= ts_order(event_ts):
        return
    if text is None:
        if current.message_ts == ts:
            await _withdraw(talk, found.criterion_id, event_ts)
        return
    await _reword(talk, found.criterion_id, current, text, ts, event_ts)


def saying_of(read: LevelReply | DontKnow) -> Saying:
    """What was typed, as an answer."""
    if isinstance(read, LevelReply):
        return Saying(Said.LEVEL, level=read.level, note=read.note, link=read.link)
    return Saying(Said.DONT_KNOW, note=read.note, link=read.link)


async def _act(talk: Talk, word: Word, line: Line) -> None:
    await _ACTS[word.kind](talk, line)


async def _no_question_shown(talk: Talk, line: Line) -> None:
    """Nothing is being asked at the moment: before the start the first question comes, later the standing."""
    if talk.conversation.state in (ConversationState.INVITED, ConversationState.LATER):
        await conversing.start(talk)
    else:
        await conversing.say(talk, views.status(conversing.progress(talk)), "status")


async def _does_not_apply(
    talk: Talk, criterion_id: str, reason: str, line: Line, link: str | None = None
) -> None:
    if not reason:
        talk.conversation.awaiting = f"{_REASON_FOR}{criterion_id}"
        await conversing.say(talk, views.say_why(talk.id, criterion_id), "asked_back")
        return
    saying = Saying(Said.NOT_APPLICABLE, note=reason, reason=reason, link=link)
    await answer(talk, criterion_id, saying, ts=line.ts, where=BELOW, message_ts=line.ts)


async def _skip(talk: Talk, line: Line) -> None:
    """Leave a question for the end; an answer that is already there stays."""
    asking = talk.conversation.asking
    if asking is None:
        await _no_question_shown(talk, line)
        return
    if is_settled(talk.answers.get(asking)):
        following = talk.after(asking)
        if following is None:
            await conversing.say(talk, views.status(conversing.progress(talk)), "status")
        else:
            await show_question(talk, following, BELOW)
        return
    await answer(talk, asking, Saying(Said.SKIPPED), ts=line.ts, where=BELOW)


async def _not_mine(talk: Talk, line: Line) -> None:
    asking = talk.conversation.asking
    if asking is None:
        await _no_question_shown(talk, line)
    else:
        await conversing.say(talk, views.choose_colleague(talk.id, asking), "asked_back")


async def _back(talk: Talk, line: Line) -> None:
    await conversing.back(talk, BELOW)


async def _pause(talk: Talk, line: Line) -> None:
    await conversing.pause(talk, BELOW)


async def _go_on(talk: Talk, line: Line) -> None:
    await conversing.go_on(talk, BELOW)


async def _restart(talk: Talk, line: Line) -> None:
    await conversing.say(talk, views.restart_confirm(conversing.progress(talk)), "restart")


async def _status(talk: Talk, line: Line) -> None:
    await conversing.say(talk, views.status(conversing.progress(talk)), "status")


async def _help(talk: Talk, line: Line) -> None:
    await conversing.say(talk, views.help_reply(conversing.progress(talk)), "help")


async def _answers(talk: Talk, line: Line) -> None:
    await conversing.my_answers(talk, 0, None, is_list=False)


_ACTS: Final[dict[str, Callable[[Talk, Line], Awaitable[None]]]] = {
    "not_mine": _not_mine,
    "back": _back,
    "skip": _skip,
    "pause": _pause,
    "continue": _go_on,
    "restart": _restart,
    "status": _status,
    "help": _help,
    "answers": _answers,
    "done": _status,
}


async def _reword(talk: Talk, criterion_id: str, current: Answer, text: str, ts: str, event_ts: str) -> None:
    read: Reply = read_reply(text)
    if isinstance(read, DoesNotApply):
        saying = Saying(Said.NOT_APPLICABLE, note=read.reason, reason=read.reason, link=read.link)
    elif isinstance(read, LevelReply | DontKnow):
        saying = saying_of(read)
    else:
        hint = read.hint if isinstance(read, NotUnderstood) else "I can't read an answer in your edit."
        await conversing.say(
            talk,
            views.not_understood(conversing.progress(talk), f"{hint} Your answer stays as it was."),
            "asked_back",
        )
        return
    if _same(current, saying):
        return
    await record(talk, criterion_id, saying, ts=event_ts, message_ts=ts)
    noted = last_answer(talk, criterion_id)
    if noted is not None:
        await conversing.say(talk, views.noted(noted), "noted")


def _same(current: Answer, saying: Saying) -> bool:
    link = current.link if saying.link is None else saying.link
    return (current.said, current.level, current.note, current.link) == (
        saying.said,
        saying.level,
        saying.note or "",
        link,
    )


async def _withdraw(talk: Talk, criterion_id: str, event_ts: str) -> None:
    saying = Saying(Said.WITHDRAWN, note="", link="", may_be_quoted=False)
    await record(talk, criterion_id, saying, ts=event_ts)
    if talk.conversation.state == ConversationState.FINISHED:
        talk.conversation.state = ConversationState.OPEN
        talk.conversation.finished_at = None
    await conversing.say(talk, views.withdrawn(talk.id, criterion_id, talk.number(criterion_id)), "withdrawn")


async def _behind(work: Work, ts: str) -> Answer | None:
    """The newest answer that was typed as this message, by the person who acts."""
    found: Answer | None = await work.session.scalar(
        select(Answer)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(
            Conversation.workspace_id == work.actor.workspace_id,
            Answer.message_ts == ts,
            Answer.said_by == work.actor.user_id,
        )
        .order_by(Answer.id.desc())
        .limit(1)
    )
    return found


async def _open_conversations(work: Work) -> list[views.OpenConversation]:
    """What the person who acts could mean when they type in the main composer."""
    rows = await work.session.execute(
        select(Conversation, Initiative.name)
        .join(Round, Round.id == Conversation.round_id)
        .join(Initiative, Initiative.id == Conversation.initiative_id)
        .join(Stakeholder, Stakeholder.id == Conversation.stakeholder_id)
        .where(
            Conversation.workspace_id == work.actor.workspace_id,
            Stakeholder.user_id == work.actor.user_id,
            Round.state == RoundState.OPEN,
            Round.number == 1,
            Conversation.state.in_(STILL),
        )
        .order_by(Conversation.id)
        .limit(20)
    )
    return [
        views.OpenConversation(
            conversation=str(conversation.id),
            initiative=name or "",
            where=_place(conversation),
        )
        for conversation, name in rows
    ]


def _place(conversation: Conversation) -> str:
    if conversation.asking in conversation.criteria:
        return (
            f"question {conversation.criteria.index(conversation.asking) + 1} of {len(conversation.criteria)}"
        )
    return "not started"


async def _say(work: Work, line: Line, message: Message) -> None:
    await work.send(
        message,
        to=line.channel,
        thread_ts=line.thread_ts or None,
        key=f"{line.key}:answer",
        kind="answer",
        priority=AT_ONCE,
    )


def _plain(text: str) -> str:
    return as_typed(text).words.strip()
