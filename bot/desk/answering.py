"""Recording answers: every revision is kept, the newest by Slack's own time counts.

Says what the answer is and moves the conversation on; how a click or a typed line became an answer is
not known here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from bot.desk import closing, followups, posting
from bot.desk.cards import (
    BELOW,
    ON_ITS_CARD,
    Clicked,
    Where,
    answered_card,
    is_the_card,
    show,
    show_question,
)
from bot.desk.errors import Told
from bot.desk.questions import answer_words
from bot.desk.talk import Talk
from bot.desk.work import WHENEVER
from bot.store.models import Answer, ConversationState, Said
from bot.views import conversation as views

# No note or reason is kept longer than what one input of Slack's takes.
NOTE_MAX = 3000
NOT_ASKED = "That question is not asked of you here. `/slipway mine` shows what is."


@dataclass(frozen=True)
class Saying:
    """What a person says about one question. None leaves what was said before."""

    said: Said
    level: int | None = None
    note: str | None = None
    link: str | None = None
    may_be_quoted: bool | None = None
    reason: str = ""
    told_to: bool = False


async def answer(
    talk: Talk, criterion_id: str, saying: Saying, *, ts: str, where: Where, message_ts: str | None = None
) -> bool:
    """Record an answer and go on to the next question.

    False where a newer answer to this question is already there: a late copy changes nothing. Raises Told
    where the question is not asked here any more.
    """
    if criterion_id not in talk.criteria:
        raise Told(NOT_ASKED)
    if talk.has_cards:
        raise Told(ON_ITS_CARD)
    if not await record(talk, criterion_id, saying, ts=ts, message_ts=message_ts):
        return False
    if isinstance(where, Clicked) and not is_the_card(talk, where):
        await _settle_old_card(talk, criterion_id, where)
        where = "edit"
    elif where == BELOW:
        await _close_card(talk)
    if talk.conversation.asking in (criterion_id, None):
        await go_on(talk, criterion_id, where)
    elif where != "edit":
        await show_question(talk, talk.conversation.asking or criterion_id, where, last=criterion_id)
    return True


async def record(
    talk: Talk, criterion_id: str, saying: Saying, *, ts: str, message_ts: str | None = None
) -> bool:
    """Add a revision, unless a newer one is already there. Shows nothing."""
    before = talk.answers.get(criterion_id)
    if before is not None and ts_order(before.said_ts) >= ts_order(ts):
        return False
    if before is not None:
        await talk.work.session.execute(
            update(Answer).where(Answer.id == before.id).values(is_current=False),
            execution_options={"synchronize_session": False},
        )
        talk.work.session.expunge(before)
    revision = Answer(
        round_id=talk.round.id,
        conversation_id=talk.conversation.id,
        criterion_id=criterion_id,
        said=saying.said,
        level=saying.level,
        note=_kept(saying.note, before.note if before else ""),
        link=_kept(saying.link, before.link if before else ""),
        may_be_quoted=_quotable(saying, before),
        reason=saying.reason[:NOTE_MAX],
        said_by=talk.work.actor.user_id,
        # Whoever has no Slack never answers here in person.
        told_to=saying.told_to or talk.stakeholder.user_id is None,
        said_ts=ts,
        message_ts=message_ts or (before.message_ts if before and saying.note is None else None),
        said_at=talk.work.now,
        is_current=True,
    )
    talk.work.session.add(revision)
    talk.answers[criterion_id] = revision
    return True


async def go_on(talk: Talk, answered: str | None, where: Where) -> None:
    """Show the next open question, or thank for the last one. A condition's end may ask one more thing."""
    following = talk.after(answered)
    # Decided before anything is shown: the conversation's row is then written once.
    follow_up = followups.wanted(talk, answered) if answered is not None else None
    if following is None:
        await finish(talk, where)
    else:
        await show_question(talk, following, where, last=answered)
    if follow_up is not None:
        await followups.ask(talk, follow_up)


async def finish(talk: Talk, where: Where) -> None:
    """Thank for the answers; when nobody else has any to give, the round closes."""
    conversation = talk.conversation
    conversation.state = ConversationState.FINISHED
    conversation.asking = None
    conversation.awaiting = None
    conversation.finished_at = talk.work.now
    still = await closing.still_answering(talk.work, talk.round, besides=conversation.id)
    dont_know = sum(one.said == Said.DONT_KNOW for one in talk.answers.values())
    done = views.Finished(
        conversation=talk.id,
        initiative=talk.initiative.name or "",
        answered=talk.answered,
        dont_know=dont_know,
        result_on=posting.result_on(talk.initiative, talk.work.now) if not still else None,
        still_to_answer=still,
    )
    await show(talk, views.finished(done), where)
    if not still:
        await closing.close(talk.work, talk.initiative, talk.round)


async def _settle_old_card(talk: Talk, criterion_id: str, clicked: Clicked) -> None:
    """An older card was clicked: it says what was chosen and asks no more."""
    await talk.work.replace(
        answered_card(talk, criterion_id, talk.answers[criterion_id]),
        response_url=clicked.response_url,
        edit_of=None,
        key=f"{clicked.key}:settled",
        kind="card",
    )


async def _close_card(talk: Talk) -> None:
    """A typed reply answered the card: it becomes a line with *Change*, and the next one comes below."""
    conversation = talk.conversation
    asked = conversation.asking
    answered = talk.answers.get(asked) if asked else None
    if asked is None or answered is None or conversation.card_key is None:
        return
    if answer_words(talk.criterion(asked), answered) is None:
        return
    conversation.card_number += 1
    await talk.work.edit(
        answered_card(talk, asked, answered),
        edit_of=conversation.card_key,
        to=talk.to,
        key=f"turn:{conversation.id}:{conversation.card_number}",
        kind="card",
        priority=WHENEVER,
    )


def ts_order(ts: str) -> tuple[int, int]:
    """Slack's "seconds.microseconds" as something that sorts; what is no ts sorts first."""
    seconds, _, micro = ts.partition(".")
    if not (seconds.isdecimal() and (not micro or micro.isdecimal())):
        return (0, 0)
    return (int(seconds), int((micro + "000000")[:6]))


def ts_now(talk: Talk, criterion_id: str) -> str:
    """A ts for what was sent off in a form, which Slack gives none: now, but after what was said before."""
    before = talk.answers.get(criterion_id)
    seconds, micro = max(_ts_at(talk.work.now), ts_order(before.said_ts) if before else (0, 0))
    if before and (seconds, micro) == ts_order(before.said_ts):
        seconds, micro = seconds + (micro + 1) // 1_000_000, (micro + 1) % 1_000_000
    return f"{seconds}.{micro:06d}"


def _ts_at(moment: datetime) -> tuple[int, int]:
    return (int(moment.timestamp()), moment.microsecond)


def _kept(new: str | None, old: str) -> str:
    return old if new is None else new[:NOTE_MAX]


def _quotable(saying: Saying, before: Answer | None) -> bool:
    """Asked at each note, default no: another note needs another yes."""
    if saying.may_be_quoted is not None:
        return saying.may_be_quoted
    return before.may_be_quoted if before is not None and saying.note is None else False
