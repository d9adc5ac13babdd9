"""Whether a criterion applies: where its own group says no, the facilitator confirms that or does not."""

from bot.desk import posting
from bot.desk.authority import Action, authorise
from bot.desk.cards import Clicked
from bot.desk.errors import Invalid, Told
from bot.desk.initiatives import by_id
from bot.desk.work import Work
from bot.playbook.model import Criterion
from bot.store.models import Initiative, NotApplicable
from bot.store.upsert import insert_new
from bot.views import facilitation
from bot.views.answers import REASON
from bot.views.render import Modal


async def confirm_modal(work: Work, initiative_id: str, criterion_id: str) -> Modal:
    """The form that asks the facilitator for the reason."""
    _, criterion = await _subject(work, initiative_id, criterion_id)
    return facilitation.confirm_not_applicable(initiative_id, criterion_id, criterion.title)


async def confirm(work: Work, initiative_id: str, criterion_id: str, reason: str) -> None:
    """Leave a criterion out of the assessment. Raises Invalid without a reason."""
    initiative, criterion = await _subject(work, initiative_id, criterion_id)
    if not reason.strip():
        raise Invalid({REASON: "Please say in a sentence why this does not apply."})
    await insert_new(
        work.session,
        NotApplicable,
        initiative_id=initiative.id,
        criterion_id=criterion_id,
        reason=reason.strip(),
        confirmed_by=work.actor.user_id,
        confirmed_at=work.now,
    )
    work.audit("not_applicable.confirmed", criterion_id, initiative_id=initiative.id)
    await posting.republish(work, initiative)
    first = await posting.first_round(work, initiative)
    card = f"does-not-apply:{first.id if first else 0}:{criterion_id}"
    await work.edit(
        facilitation.not_applicable_settled(criterion.title, confirmed=True),
        edit_of=card,
        to=work.actor.user_id,
        key=f"{card}:confirmed",
        kind="does_not_apply",
    )


async def refuse(work: Work, initiative_id: str, criterion_id: str, clicked: Clicked) -> None:
    """It does apply: the answers go on counting as "don't know"."""
    initiative, criterion = await _subject(work, initiative_id, criterion_id)
    work.audit("not_applicable.refused", criterion_id, initiative_id=initiative.id)
    await work.replace(
        facilitation.not_applicable_settled(criterion.title, confirmed=False),
        response_url=clicked.response_url,
        edit_of=None,
        key=f"{clicked.key}:refused",
        kind="does_not_apply",
    )


async def _subject(work: Work, initiative_id: str, criterion_id: str) -> tuple[Initiative, Criterion]:
    initiative = await by_id(work, int(initiative_id) if initiative_id.isdecimal() else 0)
    await authorise(work, Action.CONFIRM_NOT_APPLICABLE, initiative)
    criterion = work.playbooks.current.by_id.get(criterion_id)
    if criterion is None:
        raise Told("I can't find that question any more. `/slipway gaps` shows what there is.")
    return initiative, criterion
