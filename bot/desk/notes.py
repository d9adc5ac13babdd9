"""Notes, links and reasons added to an answer in a form, and answers recorded for somebody without Slack."""

from bot.desk import conversing
from bot.desk.answering import NOT_ASKED, NOTE_MAX, Saying, go_on, record, ts_now
from bot.desk.cards import EDIT
from bot.desk.errors import Invalid, Told
from bot.desk.questions import anchors, is_settled, wording
from bot.desk.talk import Talk
from bot.store.models import ConversationState, Said
from bot.views import actions as act
from bot.views import answers as forms
from bot.views import facilitation
from bot.views.actions import QuestionRef
from bot.views.answers import ANSWER, LINK, NOTE, REASON
from bot.views.render import Modal

_LINK_MAX = 2_000


def note_modal(talk: Talk, criterion_id: str, *, probe: bool = False, wants_link: bool = False) -> Modal:
    """The form for a note and a link; a probe asks the playbook's question instead of the first one.

    Raises Told while the question is not answered.
    """
    _known(talk, criterion_id)
    if not is_settled(talk.answers.get(criterion_id)):
        raise Told("This question is not answered yet. Answer it first, then add a note.")
    prompt = talk.criterion(criterion_id).probe if probe else ""
    return forms.note_modal(
        talk.id, conversing.my_answer(talk, criterion_id), prompt=prompt, wants_link=wants_link
    )


async def add_note(talk: Talk, criterion_id: str, *, note: str, link: str, may_be_quoted: bool) -> None:
    """Keep a note and a link with an answer, as a revision of it. Raises Invalid for what is no link."""
    _known(talk, criterion_id)
    before = talk.answers.get(criterion_id)
    if before is None or not is_settled(before):
        raise Told("This question is not answered yet. Answer it first, then add a note.")
    link = link.strip()
    if link and not link.startswith(("https://", "http://")):
        raise Invalid({LINK: "Please start the link with https://"})
    if len(link) > _LINK_MAX:
        raise Invalid({LINK: f"This link is longer than {_LINK_MAX:,} characters. A shorter one, please."})
    saying = Saying(
        Said(before.said),
        level=before.level,
        note=note.strip()[:NOTE_MAX],
        link=link,
        may_be_quoted=may_be_quoted,
        reason=before.reason,
        told_to=before.told_to,
    )
    await record(talk, criterion_id, saying, ts=ts_now(talk, criterion_id), message_ts=before.message_ts)
    await conversing.note(talk, criterion_id)


def not_applicable_modal(talk: Talk, criterion_id: str) -> Modal:
    """The form that asks why a question does not apply."""
    _known(talk, criterion_id)
    before = talk.answers.get(criterion_id)
    reason = before.reason if before is not None and before.said == Said.NOT_APPLICABLE else ""
    criterion = talk.criterion(criterion_id)
    return forms.not_applicable_modal(
        talk.id, criterion_id, wording(criterion, talk.conversation.group), reason
    )


async def not_applicable(talk: Talk, criterion_id: str, reason: str) -> None:
    """Record that a question does not apply. Raises Invalid without a reason."""
    _known(talk, criterion_id)
    reason = reason.strip()
    if not reason:
        raise Invalid({REASON: "Please say in a sentence why. If you can't see it, choose “Don't know”."})
    saying = Saying(Said.NOT_APPLICABLE, note=reason, reason=reason)
    await conversing.answer_in_form(talk, criterion_id, saying)


def told_to_modal(talk: Talk) -> Modal:
    """The next question of somebody without Slack, for the lead who asks them; thanks after the last."""
    following = talk.after(None)
    if following is None:
        return facilitation.recorded_all(talk.stakeholder.name or "", talk.answered)
    criterion = talk.criterion(following)
    return forms.told_to_modal(
        talk.id,
        following,
        wording(criterion, talk.conversation.group),
        anchors(criterion),
        talk.stakeholder.name or "",
        f"{talk.number(following)} of {len(talk.criteria)}",
    )


async def told_to(talk: Talk, criterion_id: str, said: str, *, note: str, may_be_quoted: bool) -> Modal:
    """Record what somebody without Slack said, marked as told; returns the next question's form."""
    _known(talk, criterion_id)
    if talk.stakeholder.user_id is not None:
        raise Told("This person has Slack and answers for themselves.")
    saying = _told_saying(said, note.strip(), may_be_quoted=may_be_quoted)
    question = QuestionRef(talk.id, criterion_id)
    if saying is None:
        raise Invalid({act.block_ref(ANSWER, question): "Please choose what they answered."})
    if saying.said == Said.NOT_APPLICABLE and not saying.note:
        raise Invalid(
            {act.block_ref(NOTE, question): "Please write why this does not apply, in their words."}
        )
    if await record(talk, criterion_id, saying, ts=ts_now(talk, criterion_id)):
        talk.conversation.started_at = talk.conversation.started_at or talk.work.now
        talk.conversation.state = ConversationState.OPEN
        if talk.after(criterion_id) is None:
            await go_on(talk, None, EDIT)
    return told_to_modal(talk)


def _told_saying(said: str, note: str, *, may_be_quoted: bool) -> Saying | None:
    if said == forms.DONT_KNOW:
        return Saying(Said.DONT_KNOW, note=note, may_be_quoted=may_be_quoted, told_to=True)
    if said == forms.NOT_APPLICABLE:
        return Saying(Said.NOT_APPLICABLE, note=note, reason=note, may_be_quoted=may_be_quoted, told_to=True)
    if said in ("0", "1", "2", "3", "4"):
        return Saying(Said.LEVEL, level=int(said), note=note, may_be_quoted=may_be_quoted, told_to=True)
    return None


def _known(talk: Talk, criterion_id: str) -> None:
    if criterion_id not in talk.criteria:
        raise Told(NOT_ASKED)
