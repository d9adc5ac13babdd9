"""Typed words: which conversation they are for, what they say, and what an edit or a deletion changes.

The reading itself is `bot.language`; here it becomes an answer or an act of the conversation.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select

from bot.desk import conversing
from bot.desk.answering import Saying, answer, record, ts_order
from bot.desk.authority import acting_person
from bot.desk.cards import BELOW, Where
from bot.desk.closing import STILL
from bot.desk.errors import Told
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
# Slack delivers in well under a second; what took longer had to be sent again.
_SLOW: Final = timedelta(seconds=10)


@dataclass(frozen=True)
class Line:
    """A typed message: where it stands, and what it says."""

    channel: str
    ts: str
    thread_ts: str
    text: str
    key: str
    in_dm: bool


@dataclass(frozen=True)
class Turn:
    """When a word was said, by Slack's time, and where its answer goes: in the card, or below."""

    where: Where
    ts: str


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
    read = read_reply(line.text)
    reason_for = _reason_wanted(talk)
    if talk.round.number > 1:
        await conversing.say(talk, views.round_two_by_card(), "asked_back")
    elif isinstance(read, Word):
        await steer(talk, read.kind, Turn(BELOW, line.ts))
    elif talk.conversation.asking is None:
        await _no_question_shown(talk)
    elif _came_late(talk, line.ts):
        await conversing.say(talk, views.came_late(conversing.progress(talk), _plain(line.text)), "late")
    elif reason_for and not isinstance(read, LevelReply | DontKnow):
        given = read if isinstance(read, DoesNotApply) else DoesNotApply(*_plain_and_link(line.text))
        await _does_not_apply(talk, reason_for, given, line)
    elif isinstance(read, DoesNotApply):
        await _does_not_apply(talk, talk.conversation.asking, read, line)
    elif isinstance(read, NotUnderstood):
        await conversing.say(talk, views.not_understood(conversing.progress(talk), read.hint), "asked_back")
    else:
        await answer(
            talk, talk.conversation.asking, saying_of(read), ts=line.ts, where=BELOW, message_ts=line.ts
        )


async def steer(talk: Talk, word: str, turn: Turn) -> None:
    """Do what one of the words asks for, typed or chosen from a card's menu. Raises Told for no such word."""
    act = _ACTS.get(word)
    if act is None:
        raise Told("I don't know that word. Type `help` in the thread to see all of them.")
    talk.conversation.awaiting = None
    await act(talk, turn)


async def edited(work: Work, ts: str, event_ts: str, text: str | None, *, key: str) -> None:
    """An own message was changed (or, with None, deleted): the answer it gave changes or is withdrawn.

    An edit that leaves the meaning as it was, such as an unfurled link, changes nothing.
    """
    found = await _behind(work, ts)
    if found is None or not await work.once(key):
        return
    talk = await load(work, str(found.conversation_id), needs_open=False)
    current = talk.answers.get(found.criterion_id)
    if current is None or ts_order(current.said_ts) >= ts_order(event_ts):
        return
    if not talk.is_open:
        await conversing.say(talk, views.edit_came_late(talk.initiative.name or ""), "too_late")
    elif text is None:
        if current.message_ts == ts:
            await _withdraw(talk, found.criterion_id, event_ts)
    else:
        await _reword(talk, found.criterion_id, current, text, ts, event_ts)


def saying_of(read: LevelReply | DontKnow) -> Saying:
    """What was typed, as an answer."""
    if isinstance(read, LevelReply):
        return Saying(Said.LEVEL, level=read.level, note=read.note, link=read.link)
    return Saying(Said.DONT_KNOW, note=read.note, link=read.link)


def _reason_wanted(talk: Talk) -> str | None:
    """The question for which "does not apply" was typed without a reason just before; asked for once."""
    awaiting, talk.conversation.awaiting = talk.conversation.awaiting, None
    return awaiting.removeprefix(_REASON_FOR) if awaiting and awaiting.startswith(_REASON_FOR) else None


def _came_late(talk: Talk, ts: str) -> bool:
    """Whether a line was typed before the question now shown was on the screen.

    By Slack's own time where an answer was given after it. Otherwise by ours, and then only where Slack
    was late to deliver it, or where several people answer together and two typed at once.
    """
    said = list(talk.answers.values())
    if any(ts_order(one.said_ts) > ts_order(ts) for one in said):
        return True
    typed_at = datetime.fromtimestamp(ts_order(ts)[0], UTC) + timedelta(microseconds=ts_order(ts)[1])
    is_slow = talk.work.now - typed_at > _SLOW or bool(talk.conversation.together)
    return is_slow and any(one.said_at > typed_at for one in said)


async def _no_question_shown(talk: Talk) -> None:
    """Nothing is being asked at the moment: before the start the first question comes, later the standing."""
    if talk.conversation.state in (ConversationState.INVITED, ConversationState.LATER):
        await conversing.start(talk)
    else:
        await conversing.say(talk, views.status(conversing.progress(talk)), "status")


async def _does_not_apply(talk: Talk, criterion_id: str, given: DoesNotApply, line: Line) -> None:
    if not given.reason:
        talk.conversation.awaiting = f"{_REASON_FOR}{criterion_id}"
        await conversing.say(talk, views.say_why(talk.id, criterion_id), "asked_back")
        return
    saying = _not_applicable(given)
    await answer(talk, criterion_id, saying, ts=line.ts, where=BELOW, message_ts=line.ts)


def _not_applicable(given: DoesNotApply) -> Saying:
    return Saying(Said.NOT_APPLICABLE, note=given.reason, reason=given.reason, link=given.link)


async def _skip(talk: Talk, turn: Turn) -> None:
    """Leave a question for the end; an answer that is already there stays."""
    asking = talk.conversation.asking
    if asking is None:
        await _no_question_shown(talk)
        return
    if is_settled(talk.answers.get(asking)):
        following = talk.after(asking)
        if following is None:
            await conversing.say(talk, views.status(conversing.progress(talk)), "status")
        else:
            await conversing.ask(talk, following, turn.where)
        return
    await answer(talk, asking, Saying(Said.SKIPPED), ts=turn.ts, where=turn.where)


async def _not_mine(talk: Talk, turn: Turn) -> None:
    asking = talk.conversation.asking
    if asking is None:
        await _no_question_shown(talk)
    else:
        await conversing.say(talk, views.choose_colleague(talk.id, asking), "asked_back")


async def _back(talk: Talk, turn: Turn) -> None:
    await conversing.back(talk, turn.where)


async def _pause(talk: Talk, turn: Turn) -> None:
    await conversing.pause(talk, turn.where)


async def _go_on(talk: Talk, turn: Turn) -> None:
    await conversing.go_on(talk, turn.where)


async def _restart(talk: Talk, turn: Turn) -> None:
    await conversing.say(talk, views.restart_confirm(conversing.progress(talk)), "restart")


async def _status(talk: Talk, turn: Turn) -> None:
    await conversing.say(talk, views.status(conversing.progress(talk)), "status")


async def _help(talk: Talk, turn: Turn) -> None:
    await conversing.say(talk, views.help_reply(conversing.progress(talk)), "help")


async def _answers(talk: Talk, turn: Turn) -> None:
    await conversing.my_answers(talk, 0, None, is_list=False)


_ACTS: Final[dict[str, Callable[[Talk, Turn], Awaitable[None]]]] = {
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
        saying = _not_applicable(read)
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
    await conversing.note(talk, criterion_id)


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


def _plain_and_link(text: str) -> tuple[str, str | None]:
    return _plain(text), as_typed(text).link
