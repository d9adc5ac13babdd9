"""The diagnosis as a conversation: invitation, questions, answers, notes, handing on, round 2."""

from collections.abc import Sequence

from bot.desk import conversing, handing_on, notes, reconsidering, typed
from bot.desk.answering import Saying, answer
from bot.desk.cards import BELOW, Clicked, Where
from bot.desk.errors import Invalid, Told
from bot.desk.ledger import posted
from bot.desk.people import PersonFacts
from bot.desk.talk import Talk, load
from bot.desk.work import Work
from bot.store.models import Said
from bot.views import actions as act
from bot.views import answers as forms
from bot.views import notices
from bot.views.actions import (
    ConversationRef,
    LevelRef,
    PageRef,
    PickRef,
    QuestionRef,
    ToldToRef,
    WordRef,
    decode,
    ref_of_block,
)
from bot.views.answers import ANSWER, LINK, MAY_BE_QUOTED, NOTE, PERSON, REASON, YES
from handlers.front import Front
from handlers.incoming import Click, Edited, FieldValue, Submission, Typed
from handlers.replies import NextView, Reply
from handlers.routing import Asks, Does, Opens, Routes


async def _start(work: Work, click: Click) -> Reply:
    if await work.once(click.key):
        await conversing.start(await _talk(work, click))
    return None


async def _later(work: Work, click: Click) -> Reply:
    if await work.once(click.key):
        await conversing.later(await _talk(work, click), _clicked(click))
    return None


async def _together(work: Work, click: Click) -> Reply:
    if await work.once(click.key):
        await handing_on.answer_together(await _talk(work, click))
    return None


async def _answer(work: Work, click: Click) -> Reply:
    ref = decode(LevelRef, _value(click))
    if not await work.once(click.key):
        return None
    talk = await load(work, ref.conversation)
    saying = Saying(Said.LEVEL, level=ref.level)
    await answer(talk, ref.criterion, saying, ts=click.action_ts, where=_clicked(click))
    return None


async def _dont_know(work: Work, click: Click) -> Reply:
    ref = decode(QuestionRef, click.value)
    if not await work.once(click.key):
        return None
    talk = await load(work, ref.conversation)
    await answer(talk, ref.criterion, Saying(Said.DONT_KNOW), ts=click.action_ts, where=_clicked(click))
    return None


async def _change(work: Work, click: Click) -> Reply:
    ref = decode(QuestionRef, click.value)
    if await work.once(click.key):
        await conversing.change(await load(work, ref.conversation), ref.criterion, _clicked(click))
    return None


async def _continue(work: Work, click: Click) -> Reply:
    if not await work.once(click.key):
        return None
    talk = await _talk(work, click)
    await conversing.go_on(talk, _in_place(talk, click))
    return None


async def _word(work: Work, click: Click) -> Reply:
    ref = decode(WordRef, _value(click))
    if not await work.once(click.key):
        return None
    talk = await load(work, ref.conversation)
    await typed.steer(talk, ref.word, typed.Turn(_in_place(talk, click), click.action_ts))
    return None


async def _restart(work: Work, click: Click) -> Reply:
    if await work.once(click.key):
        await conversing.restart(await _talk(work, click), BELOW)
    return None


async def _my_answers(work: Work, click: Click) -> Reply:
    ref = decode(PageRef, click.value)
    if not await work.once(click.key):
        return None
    talk = await load(work, ref.conversation, needs_open=False)
    here = await posted(work, click.channel_id, click.message_ts)
    is_list = here is not None and here.kind == "answers"
    await conversing.my_answers(talk, ref.page, _clicked(click), is_list=is_list)
    return None


async def _pick(work: Work, click: Click) -> Reply:
    ref = decode(PickRef, click.value)
    if not await work.once(click.key):
        return None
    talk = await load(work, ref.conversation)
    line = typed.Line(click.channel_id, ref.ts, "", ref.words, click.key, in_dm=True)
    await typed.reply(talk, line)
    await work.replace(
        notices.told(f"Taken for *{talk.initiative.name}*. I answer in its thread."),
        response_url=click.response_url,
        edit_of=None,
        key=f"{click.key}:picked",
        kind="answer",
    )
    return None


async def _open_hand_on(work: Work, click: Click, view_id: str) -> Reply:
    talk = await _talk(work, click)
    group = talk.playbook.group_names[talk.conversation.group]
    view = forms.hand_on_modal(talk.id, talk.initiative.name or "", group)
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _open_not_mine(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(QuestionRef, click.value)
    talk = await load(work, ref.conversation)
    question = conversing.my_answer(talk, ref.criterion) if ref.criterion in talk.criteria else None
    if question is None:
        raise Told("That question is not asked of you here. `/slipway mine` shows what is.")
    view = forms.not_mine_modal(talk.id, ref.criterion, question.wording)
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _open_not_applicable(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(QuestionRef, click.value)
    view = notes.not_applicable_modal(await load(work, ref.conversation), ref.criterion)
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _open_note(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(QuestionRef, click.value)
    route = act.route_of(click.action_id)
    view = notes.note_modal(
        await load(work, ref.conversation),
        ref.criterion,
        probe=route == act.PROBE_NOTE,
        wants_link=route == act.SHOW_IT,
    )
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _open_told_to(work: Work, click: Click, view_id: str) -> Reply:
    view = notes.told_to_modal(await _talk(work, click))
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _open_reason(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(LevelRef, _value(click))
    view = await reconsidering.reason_modal(work, ref.conversation, ref.criterion, ref.level)
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _keep(work: Work, click: Click) -> Reply:
    ref = decode(QuestionRef, click.value)
    if await work.once(click.key):
        await reconsidering.keep(work, ref.conversation, ref.criterion, _clicked(click))
    return None


async def _nothing_to_add(work: Work, click: Click) -> Reply:
    if await work.once(click.key):
        await work.replace(
            notices.told("All right, nothing to add."),
            response_url=click.response_url,
            edit_of=None,
            key=f"{click.key}:skipped",
            kind="follow_up",
        )
    return None


async def _look_up_named(front: Front, request: Submission | Click) -> list[PersonFacts]:
    """Whom a form or a picker names, as Slack knows them."""
    picked = request.picked if isinstance(request, Click) else _several(request.fields.get(PERSON))
    return await front.look_up(request.actor.workspace_id, picked[:1])


async def _who_knows(work: Work, click: Click, found: object) -> Reply:
    ref = ref_of_block(QuestionRef, click.block_id)
    colleague = _one_person(found)
    if not await work.once(click.key):
        return None
    try:
        await handing_on.who_would_know(await load(work, ref.conversation), ref.criterion, colleague)
    except Invalid as invalid:
        # A picker in a message has no field to show an error under.
        raise Told(invalid.text) from invalid
    await work.replace(
        notices.told(f"Thank you, I have asked <@{colleague.user_id}>."),
        response_url=click.response_url,
        edit_of=None,
        key=f"{click.key}:asked",
        kind="follow_up",
    )
    return None


async def _hand_on(work: Work, form: Submission, found: object) -> Reply:
    colleague = _one_person(found)
    if await work.once(form.key):
        ref = decode(ConversationRef, form.metadata)
        await handing_on.pass_on(await load(work, ref.conversation), colleague, _text(form, REASON))
    return None


async def _not_mine(work: Work, form: Submission, found: object) -> Reply:
    colleague = _one_person(found)
    if await work.once(form.key):
        ref = decode(QuestionRef, form.metadata)
        talk = await load(work, ref.conversation)
        await handing_on.hand_over(talk, ref.criterion, colleague, _text(form, REASON))
    return None


async def _not_applicable(work: Work, form: Submission) -> Reply:
    ref = decode(QuestionRef, form.metadata)
    if await work.once(form.key):
        talk = await load(work, ref.conversation)
        await notes.not_applicable(talk, ref.criterion, _text(form, REASON))
    return None


async def _note(work: Work, form: Submission) -> Reply:
    ref = decode(QuestionRef, form.metadata)
    if await work.once(form.key):
        await notes.add_note(
            await load(work, ref.conversation),
            ref.criterion,
            note=_text(form, NOTE),
            link=_text(form, LINK),
            may_be_quoted=_ticked(form.fields.get(MAY_BE_QUOTED)),
        )
    return None


async def _told_to(work: Work, form: Submission) -> Reply:
    ref = decode(ToldToRef, form.metadata)
    talk = await load(work, ref.conversation)
    if not await work.once(form.key):
        return NextView(notes.told_to_modal(talk))
    question = QuestionRef(ref.conversation, ref.criterion)
    following = await notes.told_to(
        talk,
        ref.criterion,
        _text(form, act.block_ref(ANSWER, question)),
        note=_text(form, act.block_ref(NOTE, question)),
        may_be_quoted=_ticked(form.fields.get(act.block_ref(MAY_BE_QUOTED, question))),
    )
    return NextView(following)


async def _reason(work: Work, form: Submission) -> Reply:
    ref = decode(LevelRef, form.metadata)
    if await work.once(form.key):
        await reconsidering.change(
            work,
            ref.conversation,
            ref.criterion,
            ref.level,
            reason=_text(form, REASON),
            may_be_quoted=_ticked(form.fields.get(MAY_BE_QUOTED)),
        )
    return None


async def _typed(work: Work, message: Typed) -> Reply:
    if message.channel_type in ("im", "mpim"):
        line = typed.Line(
            channel=message.channel_id,
            ts=message.ts,
            thread_ts=message.thread_ts,
            text=message.text,
            key=message.key,
            in_dm=message.channel_type == "im",
        )
        await typed.take(work, line)
    return None


async def _edited(work: Work, edit: Edited) -> Reply:
    if edit.text != edit.before:
        await typed.edited(work, edit.ts, edit.event_ts, edit.text, key=edit.key)
    return None


def _clicked(click: Click) -> Clicked:
    return Clicked(click.message_ts, click.response_url, click.key, click.action_ts)


def _in_place(talk: Talk, click: Click) -> Where:
    """The card that was clicked goes on in place; any other button lets the next card come below."""
    return _clicked(click) if talk.card_ts == click.message_ts else BELOW


async def _talk(work: Work, click: Click) -> Talk:
    return await load(work, decode(ConversationRef, click.value).conversation)


def _value(click: Click) -> str:
    return click.picked[0] if click.picked else click.value


def _text(form: Submission, block: str) -> str:
    value = form.fields.get(block)
    return value if isinstance(value, str) else ""


def _ticked(value: FieldValue) -> bool:
    return value is not None and YES in value


def _several(value: FieldValue) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value or ()


def _one_person(found: object) -> PersonFacts:
    if isinstance(found, list) and found and isinstance(found[0], PersonFacts):
        return found[0]
    raise Invalid({PERSON: "I can't find this person in Slack. Please choose somebody else."})


ROUTES = Routes(
    clicks={
        act.START: Does(_start),
        act.LATER: Does(_later),
        act.HAND_ON: Opens(_open_hand_on, "Pass on"),
        act.ANSWER_TOGETHER: Does(_together),
        act.ANSWER: Does(_answer),
        act.DONT_KNOW: Does(_dont_know),
        act.NOT_APPLICABLE: Opens(_open_not_applicable, "Does not apply"),
        act.NOT_MINE: Opens(_open_not_mine, "Not my part"),
        act.CHANGE: Does(_change),
        act.CONTINUE: Does(_continue),
        act.WORD: Does(_word),
        act.RESTART: Does(_restart),
        act.MY_ANSWERS: Does(_my_answers),
        act.NOTE: Opens(_open_note, "Add a note"),
        act.PROBE_NOTE: Opens(_open_note, "Add a note"),
        act.SHOW_IT: Opens(_open_note, "Show it"),
        act.WHO_KNOWS: Asks(_look_up_named, _who_knows),
        act.SKIP_FOLLOW_UP: Does(_nothing_to_add),
        act.TOLD_TO: Opens(_open_told_to, "What they said"),
        act.PICK: Does(_pick),
        act.ROUND_TWO_ANSWER: Opens(_open_reason, "Change my answer"),
        act.ROUND_TWO_KEEP: Does(_keep),
    },
    submissions={
        act.HAND_ON_SUBMIT: Asks(_look_up_named, _hand_on),
        act.NOT_MINE_SUBMIT: Asks(_look_up_named, _not_mine),
        act.NOT_APPLICABLE_SUBMIT: Does(_not_applicable),
        act.NOTE_SUBMIT: Does(_note),
        act.TOLD_TO_SUBMIT: Does(_told_to),
        act.ROUND_TWO_REASON_SUBMIT: Does(_reason),
    },
    typed=Does(_typed),
    edited=Does(_edited),
)
