"""The assessment on its way: first to owner and leads, then to the channel, then kept up to date.

Who may see what, and when, is decided here. How it looks is the views'.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from bot.charts.picture import picture_of
from bot.desk import second_round
from bot.desk.assessing import Assessed, assessed
from bot.desk.authority import Action, authorise
from bot.desk.errors import Told
from bot.desk.opening import round_of
from bot.desk.work import Work
from bot.method.calendar import add_working_days
from bot.store.models import Correction, Initiative, Round, RoundState, Stakeholder
from bot.views import assessment as screens
from bot.views import assessment_details as details
from bot.views import facilitation
from bot.views.figures import headline
from bot.views.render import Message

# The channel sees the assessment this many working days after owner and leads.
SHOWN_BEFORE: Final = 1


def result_on(initiative: Initiative, now: datetime) -> datetime:
    """When the channel sees the result, if the round closes now."""
    return add_working_days(now, SHOWN_BEFORE, initiative.zone)


async def show_first(work: Work, initiative: Initiative, round_: Round, posts_at: datetime) -> None:
    """Show owner, leads and facilitator the assessment before the channel sees it."""
    result = await _result(work, initiative)
    round_.shown_at = work.now
    figures = result.figures(initiative)
    for user_id in await _first_readers(work, initiative):
        key = f"preview:{round_.id}:{user_id}"
        await work.send(
            screens.leads_preview(figures, posts_at, names=user_id == initiative.facilitator_id),
            to=user_id,
            key=key,
            kind="preview",
            subject=f"round:{round_.id}",
        )
        await _draw(work, result, initiative, to=user_id, below=key)
    await _ask_what_does_not_apply(work, initiative, result)


async def post(work: Work, initiative: Initiative, round_: Round) -> None:
    """Post the assessment to the home channel, once, and open round 2 where the groups differ.

    Without a home channel it goes to the facilitator, who can set one.
    """
    if not await _is_first_to_post(work, round_):
        return
    await second_round.open_where_views_differ(work, initiative, await _result(work, initiative))
    result = await _result(work, initiative)
    to = initiative.home_channel_id or initiative.facilitator_id
    await work.send(
        screens.first_screen(result.figures(initiative)),
        to=to,
        key=post_key(round_),
        kind="assessment",
        subject=f"round:{round_.id}",
    )
    await _draw(work, result, initiative, to=to, below=post_key(round_))
    await _edit_previews(work, initiative, result)
    work.audit("assessment.posted", f"round:{round_.id}", initiative_id=initiative.id)


async def _is_first_to_post(work: Work, round_: Round) -> bool:
    """Whether nobody has posted yet, decided in the database: a lead and the clock may come together."""
    taken = await work.session.execute(
        update(Round)
        .where(Round.id == round_.id, Round.state == RoundState.CLOSED, Round.posted_at.is_(None))
        .values(posted_at=work.now)
        .returning(Round.id)
    )
    if taken.one_or_none() is None:
        return False
    await work.session.refresh(round_)
    return True


async def _edit_previews(work: Work, initiative: Initiative, result: Assessed) -> None:
    """Bring up to date what the first readers were shown: no copy keeps a button that is over."""
    figures, closed_at = result.figures(initiative), result.first_round.closed_at or work.now
    stamp = int(work.now.timestamp() * 1000)
    for user_id in await _first_readers(work, initiative):
        preview = f"preview:{result.first_round.id}:{user_id}"
        names = user_id == initiative.facilitator_id
        shown = (
            screens.first_screen(figures, names=names)
            if result.first_round.posted_at is not None
            else screens.leads_preview(figures, result_on(initiative, closed_at), names=names)
        )
        await work.edit(shown, edit_of=preview, to=user_id, key=f"{preview}:edit:{stamp}", kind="preview")


async def post_now(work: Work, initiative: Initiative, round_: Round) -> None:
    """An owner or lead posts without waiting. Raises Told when it is already there."""
    await authorise(work, Action.POST_ASSESSMENT, initiative)
    if round_.posted_at is not None:
        raise Told("The assessment is already in the channel, so nothing was posted again.")
    await post(work, initiative, round_)


async def republish(work: Work, initiative: Initiative) -> None:
    """Bring what was shown up to date: after round 2, or when the profile or what applies changed."""
    result = await _result(work, initiative)
    round_ = result.first_round
    if round_.posted_at is None:
        if round_.shown_at is not None:
            await _edit_previews(work, initiative, result)
        return
    to = initiative.home_channel_id or initiative.facilitator_id
    stamp = int(work.now.timestamp() * 1000)
    await work.edit(
        screens.first_screen(result.figures(initiative)),
        edit_of=post_key(round_),
        to=to,
        key=f"{post_key(round_)}:edit:{stamp}",
        kind="assessment",
    )
    await _draw(
        work, result, initiative, to=to, below=post_key(round_), key=f"picture:{post_key(round_)}:{stamp}"
    )
    await _edit_previews(work, initiative, result)


async def recompute(work: Work, initiative: Initiative, because: str, blocked_before: int | None) -> None:
    """After a changed profile: tell the first readers what it comes to now, and edit the channel's copy."""
    result = await assessed(work, initiative)
    if result is None or result.first_round.state != RoundState.CLOSED:
        return
    figures = result.figures(initiative)
    stamp = int(work.now.timestamp() * 1000)
    for user_id in await _first_readers(work, initiative):
        await work.send(
            screens.updated(figures, blocked_before or 0, because),
            to=user_id,
            key=f"recomputed:{result.first_round.id}:{user_id}:{stamp}",
            kind="recomputed",
            subject=f"round:{result.first_round.id}",
        )
    await republish(work, initiative)


async def blocking_now(work: Work, initiative: Initiative) -> int | None:
    """How many block at present; None before round 1 has closed. For saying what a changed profile does."""
    result = await assessed(work, initiative)
    if result is None or result.first_round.state != RoundState.CLOSED:
        return None
    return result.assessment.counts["blocking"]


async def visible(work: Work, initiative: Initiative) -> Assessed:
    """The assessment for the person who acts. Raises Told or Refused where they may not see it yet."""
    who = await authorise(work, Action.SEE_ASSESSMENT, initiative)
    result = await assessed(work, initiative)
    if result is None:
        raise Told("There is no assessment yet: round 1 has not been opened. `/slipway diagnose` opens it.")
    if result.first_round.state == RoundState.OPEN:
        raise Told("Round 1 is still open. Until it closes, everybody sees only who has answered how much.")
    if result.first_round.posted_at is None and not who.may(Action.SEE_ASSESSMENT_EARLY):
        raise Told(
            "Round 1 has closed. Owner and leads check the facts first; the assessment comes to the channel "
            "one working day after."
        )
    return result


async def correct(
    work: Work, initiative: Initiative, round_: Round, *, title: str, correction: str, link: str
) -> None:
    """Hand a fact that is wrong to the facilitator. Nothing in the assessment changes by itself."""
    await authorise(work, Action.CORRECT, initiative)
    row = Correction(round_id=round_.id, user_id=work.actor.user_id, text=correction, raised_at=work.now)
    work.session.add(row)
    await work.session.flush()
    await work.send(
        details.fact_to_correct(initiative.name or "", work.actor.user_id, title, correction, link),
        to=initiative.facilitator_id,
        key=f"correction:{row.id}",
        kind="correction",
        subject=f"round:{round_.id}",
    )
    work.audit("assessment.corrected", f"round:{round_.id}", initiative_id=initiative.id)


def post_key(round_: Round) -> str:
    """The ledger key of the assessment in the channel."""
    return f"assessment:{round_.id}"


async def first_screen(work: Work, initiative: Initiative) -> Message:
    """The assessment's first screen for the person who acts."""
    figures = (await visible(work, initiative)).figures(initiative)
    return screens.first_screen(figures, names=work.actor.user_id == initiative.facilitator_id)


async def _first_readers(work: Work, initiative: Initiative) -> list[str]:
    leads = await work.session.scalars(
        select(Stakeholder.user_id).where(
            Stakeholder.initiative_id == initiative.id,
            Stakeholder.is_lead,
            Stakeholder.left_at.is_(None),
            Stakeholder.user_id.is_not(None),
        )
    )
    everyone = [initiative.owner_id, *leads, initiative.facilitator_id]
    return [user_id for user_id in dict.fromkeys(everyone) if user_id]


async def _result(work: Work, initiative: Initiative) -> Assessed:
    await work.session.flush()
    result = await assessed(work, initiative)
    if result is None:
        raise Told("There is no assessment yet. `/slipway diagnose` opens round 1.")
    return result


async def _draw(
    work: Work, result: Assessed, initiative: Initiative, *, to: str, below: str, key: str | None = None
) -> None:
    figures = result.figures(initiative)
    picture = picture_of(result.assessment, result.playbook, initiative.name or "", headline(figures))
    await work.picture(
        asdict(picture),
        to=to,
        thread_of=below,
        key=key or f"picture:{below}",
        title=f"Assessment of {initiative.name}",
        alt_text=screens.picture_alt(figures),
    )


async def _ask_what_does_not_apply(work: Work, initiative: Initiative, result: Assessed) -> None:
    """Where a criterion's own group says that it does not apply, the facilitator confirms it or not."""
    for criterion in result.playbook.criteria:
        said = [
            one for one in result.heard.get(criterion.id, ()) if one.conversation.group == criterion.authority
        ]
        if not said or any(one.answer.said != "na" for one in said):
            continue
        await work.send(
            facilitation.does_not_apply(
                str(initiative.id),
                criterion.id,
                criterion.title,
                result.playbook.group_names[criterion.authority],
                [one.answer.reason or one.answer.note for one in said],
            ),
            to=initiative.facilitator_id,
            key=f"does-not-apply:{result.first_round.id}:{criterion.id}",
            kind="does_not_apply",
            subject=f"round:{result.first_round.id}",
        )


async def first_round(work: Work, initiative: Initiative) -> Round | None:
    """Round 1 of an initiative."""
    return await round_of(work, initiative, 1)
