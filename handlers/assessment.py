"""Rounds and what they come to: `/slipway diagnose`, `/slipway gaps` and the buttons below them."""

from bot.desk import applicability, closing, names, opening, posting
from bot.desk.assessing import Assessed, capacity
from bot.desk.authority import Action, authorise
from bot.desk.cards import Clicked
from bot.desk.errors import Invalid, Told
from bot.desk.initiatives import by_id, meant
from bot.desk.outlook import outlook_of
from bot.desk.progress import progress
from bot.desk.work import Work
from bot.language.verbs import read_command
from bot.store.models import Initiative, Round, RoundState
from bot.views import actions as act
from bot.views import assessment as screens
from bot.views import assessment_details as details
from bot.views import notices
from bot.views.actions import CriterionRef, RoundPage, RoundRef, decode
from bot.views.answers import REASON
from bot.views.outlook import outlook_modal
from bot.views.render import Message, Modal
from handlers.incoming import Click, Command, Submission
from handlers.replies import Reply, Whisper
from handlers.routing import Does, Opens, Routes


async def _diagnose(work: Work, command: Command) -> Reply:
    """Preview round 1, show how far an open round is, or say what comes next."""
    named = read_command(command.text).initiative
    initiative = await meant(work, channel_id=command.channel_id, name=named, action=Action.OPEN_ROUND)
    first = await opening.round_of(work, initiative, 1)
    if first is None:
        return Whisper(screens.diagnose_preview(await opening.preview(work, initiative)))
    open_ = await _open_round(work, initiative)
    if open_ is not None:
        return Whisper(screens.round_progress(await progress(work, initiative, open_)))
    if first.posted_at is None:
        return Whisper(await _first_readers_screen(work, initiative, first))
    return Whisper(notices.told(f"The diagnosis of *{initiative.name}* is done. `/slipway gaps` shows it."))


async def _gaps(work: Work, command: Command) -> Reply:
    """Before a round closes: who has answered how much. From then on: the assessment."""
    named = read_command(command.text).initiative
    initiative = await meant(work, channel_id=command.channel_id, name=named, action=Action.SEE_PROGRESS)
    first = await opening.round_of(work, initiative, 1)
    if first is None:
        return Whisper(
            notices.told(
                f"There is no assessment of *{initiative.name}* yet. <@{initiative.facilitator_id}> opens "
                "the questions with `/slipway diagnose` once owner and leads have accepted."
            )
        )
    if first.state == RoundState.OPEN:
        return Whisper(screens.round_progress(await progress(work, initiative, first)))
    if first.posted_at is None:
        return Whisper(await _first_readers_screen(work, initiative, first))
    return Whisper(await posting.first_screen(work, initiative))


async def _first_readers_screen(work: Work, initiative: Initiative, first: Round) -> Message:
    result = await posting.visible(work, initiative)
    posts_at = posting.result_on(initiative, first.closed_at or work.now)
    runs_it = work.actor.user_id == initiative.facilitator_id
    return screens.leads_preview(result.figures(initiative), posts_at, names=runs_it)


async def _open_round(work: Work, initiative: Initiative) -> Round | None:
    for number in (1, 2):
        round_ = await opening.round_of(work, initiative, number)
        if round_ is not None and round_.state == RoundState.OPEN:
            return round_
    return None


async def _confirm(work: Work, click: Click) -> Reply:
    ref = decode(RoundRef, click.value)
    if not await work.once(click.key):
        return None
    opened = await opening.open_round(work, await by_id(work, _number(ref.round)))
    await _replace(work, click, screens.round_opened(opened))
    return None


async def _cancel(work: Work, click: Click) -> Reply:
    if await work.once(click.key):
        await _replace(work, click, notices.told("Not opened. `/slipway diagnose` brings this back."))
    return None


async def _close(work: Work, click: Click) -> Reply:
    ref = decode(RoundRef, click.value)
    if not await work.once(click.key):
        return None
    round_, initiative = await _round(work, ref.round)
    if round_.state == RoundState.CLOSED:
        raise Told("This round is closed already, so nothing was changed.")
    await closing.close_by_hand(work, initiative, round_)
    await _replace(work, click, notices.told(f"Round {round_.number} is closed."))
    return None


async def _post_now(work: Work, click: Click) -> Reply:
    ref = decode(RoundRef, click.value)
    if not await work.once(click.key):
        return None
    round_, initiative = await _round(work, ref.round)
    await posting.post_now(work, initiative, round_)
    return Whisper(notices.told("Posted to the channel."))


async def _progress_page(work: Work, click: Click) -> Reply:
    ref = decode(RoundPage, click.value)
    round_, initiative = await _round(work, ref.round)
    shown = screens.round_progress(await progress(work, initiative, round_), ref.page)
    await _replace(work, click, shown)
    return None


async def _open_list(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(RoundPage, click.value)
    view = _list(act.route_of(click.action_id), *(await _visible(work, ref.round)), ref.page)
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _open_names(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(RoundPage, click.value)
    _, initiative = await _round(work, ref.round)
    view = await names.who_said_what(work, initiative, ref.page)
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _turn_page(work: Work, click: Click) -> Reply:
    if click.form == act.SHOW_NAMES:
        return await _open_names(work, click, click.view_id)
    ref = decode(RoundPage, click.value)
    view = _list(click.form, *(await _visible(work, ref.round)), ref.page)
    await work.fill(view, view_id=click.view_id, key=f"{click.key}:fill")
    return None


def _list(which: str, result: Assessed, initiative: Initiative, page: int) -> Modal:
    figures = result.figures(initiative)
    if which == act.SHOW_GAPS:
        return details.gaps_modal(figures, page)
    if which == act.SHOW_DIFFERENCES:
        return details.differences_modal(figures, page)
    return details.scoring_modal(figures)


async def _open_outlook(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(RoundRef, click.value)
    result, initiative = await _visible(work, ref.round)
    known = bool(await capacity(work, initiative))
    view = outlook_modal(outlook_of(result, initiative, capacity_known=known))
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _open_correction(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(RoundRef, click.value)
    result, initiative = await _visible(work, ref.round)
    await authorise(work, Action.CORRECT, initiative)
    view = details.correct_fact_modal(result.figures(initiative))
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _correct(work: Work, form: Submission) -> Reply:
    ref = decode(RoundRef, form.metadata)
    correction = _text(form, details.CORRECTION).strip()
    if not correction:
        raise Invalid({details.CORRECTION: "Please write what is the case."})
    if not await work.once(form.key):
        return None
    result, initiative = await _visible(work, ref.round)
    criterion = result.playbook.by_id.get(_text(form, details.CRITERION))
    await posting.correct(
        work,
        initiative,
        result.first_round,
        title=criterion.title if criterion else "Something else",
        correction=correction,
        link=_text(form, details.LINK).strip(),
    )
    return Whisper(notices.told(f"Thank you. <@{initiative.facilitator_id}> has it now."))


async def _open_not_applicable(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(CriterionRef, click.value)
    view = await applicability.confirm_modal(work, ref.initiative, ref.criterion)
    await work.fill(view, view_id=view_id, key=f"{click.key}:fill")
    return None


async def _confirm_not_applicable(work: Work, form: Submission) -> Reply:
    ref = decode(CriterionRef, form.metadata)
    if await work.once(form.key):
        await applicability.confirm(work, ref.initiative, ref.criterion, _text(form, REASON))
    return None


async def _refuse_not_applicable(work: Work, click: Click) -> Reply:
    ref = decode(CriterionRef, click.value)
    if await work.once(click.key):
        clicked = Clicked(click.message_ts, click.response_url, click.key, click.action_ts)
        await applicability.refuse(work, ref.initiative, ref.criterion, clicked)
    return None


async def _visible(work: Work, round_id: str) -> tuple[Assessed, Initiative]:
    _, initiative = await _round(work, round_id)
    return await posting.visible(work, initiative), initiative


async def _round(work: Work, round_id: str) -> tuple[Round, Initiative]:
    """The round and its initiative, in this workspace."""
    round_ = await work.session.get(Round, _number(round_id))
    if round_ is None or round_.workspace_id != work.actor.workspace_id:
        raise Told("I can't find that round any more. `/slipway gaps` shows what there is.")
    return round_, await by_id(work, round_.initiative_id)


async def _replace(work: Work, click: Click, message: Message) -> None:
    await work.replace(
        message, response_url=click.response_url, edit_of=None, key=f"{click.key}:done", kind="round"
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _text(form: Submission, block: str) -> str:
    value = form.fields.get(block)
    return value if isinstance(value, str) else ""


ROUTES = Routes(
    commands={"diagnose": Does(_diagnose), "gaps": Does(_gaps)},
    clicks={
        act.DIAGNOSE_CONFIRM: Does(_confirm),
        act.DIAGNOSE_CANCEL: Does(_cancel),
        act.CLOSE_ROUND: Does(_close),
        act.POST_NOW: Does(_post_now),
        act.PROGRESS_PAGE: Does(_progress_page),
        act.SHOW_GAPS: Opens(_open_list, "Every gap"),
        act.SHOW_DIFFERENCES: Opens(_open_list, "Where you differ"),
        act.SHOW_SCORING: Opens(_open_list, "How this is scored"),
        act.SHOW_NAMES: Opens(_open_names, "Who said what"),
        act.TURN_PAGE: Does(_turn_page),
        act.PLAN_IT: Opens(_open_outlook, "What has to be done"),
        act.CORRECT_FACT: Opens(_open_correction, "Correct a fact"),
        act.NA_CONFIRM: Opens(_open_not_applicable, "Does not apply"),
        act.NA_REFUSE: Does(_refuse_not_applicable),
    },
    submissions={
        act.CORRECT_FACT_SUBMIT: Does(_correct),
        act.NA_CONFIRM_SUBMIT: Does(_confirm_not_applicable),
    },
)
