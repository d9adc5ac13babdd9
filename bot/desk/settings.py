"""`/slipway settings`: every page of the intake again, audited, with what follows from a change.

Closes and reopens an initiative, hands it to another facilitator, moves it to another channel.
"""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from bot.desk import asking, description, intake, leaving, opening, posting, profile
from bot.desk.authority import Action, authorise
from bot.desk.checks import Checked
from bot.desk.description import Fields, Reading
from bot.desk.errors import Invalid, Told
from bot.desk.initiatives import by_id, meant
from bot.desk.work import Work
from bot.store.models import Initiative, InitiativeState
from bot.views import intake as pages
from bot.views import kit, roles
from bot.views import settings as views
from bot.views.actions import IntakeRef
from bot.views.intake import Page, Then
from bot.views.render import Modal

Snapshot = Mapping[str, str | tuple[str, ...]]


async def open_menu(work: Work, *, channel_id: str, name: str, key: str, view_id: str) -> None:
    """Fill the modal with the menu of the initiative that is meant."""
    initiative = await meant(work, channel_id=channel_id, name=name, action=Action.CHANGE_SETTINGS)
    await work.fill(await menu(work, initiative), view_id=view_id, key=f"{key}:view")


async def open_people(work: Work, initiative_id: int, *, key: str, view_id: str) -> None:
    """Fill the modal with the people page."""
    initiative = await by_id(work, initiative_id)
    await authorise(work, Action.CHANGE_PEOPLE, initiative)
    if initiative.state == InitiativeState.CLOSED:
        raise Told("This initiative is closed. `/slipway settings` opens it again; then change its people.")
    view = await intake.page_view(work, initiative, Page.PEOPLE, Then.SETTINGS)
    await work.fill(view, view_id=view_id, key=f"{key}:view")


async def back_to_menu(work: Work, initiative_id: int, *, key: str, view_id: str) -> None:
    """Turn the open page into the menu again."""
    initiative = await _to_change(work, initiative_id)
    await work.fill(await menu(work, initiative), view_id=view_id, key=f"{key}:view")


async def menu(work: Work, initiative: Initiative, saved: str = "") -> Modal:
    """What can be changed, and what waits to be settled."""
    factors = work.playbooks.current.factors
    disputes = [
        f"{kit.person(one.user_id)}: {kit.said(factors[one.factor].question)} "
        f"*{kit.said(profile.label(factors[one.factor], one.value))}*"
        for one in await profile.open_disputes(work, initiative)
        if one.factor in factors
    ]
    return views.menu(
        views.Menu(
            initiative=initiative.id,
            name=initiative.name or "",
            facilitator=initiative.facilitator_id,
            is_closed=initiative.state == InitiativeState.CLOSED,
            saved=saved,
            disputes=disputes,
        )
    )


async def save_page(work: Work, ref: IntakeRef, fields: Fields, checked: Checked, *, key: str) -> Modal:
    """Save one page, write down each changed field, and do what follows. Raises Invalid."""
    initiative = await _to_change(work, ref.initiative)
    page, then = intake.read_ref(ref)
    if initiative.state == InitiativeState.CLOSED:
        raise Told("This initiative is closed, so nothing was changed. Open it again first.")
    changed: list[str] = []
    if await work.once(key):
        changed = await _save(work, initiative, page, then, fields, checked, key)
    note = pages.invite_me(initiative.home_channel_id or "") if checked.in_channel is False else ""
    return await menu(work, initiative, " ".join(part for part in (_saved_words(changed), note) if part))


async def _save(
    work: Work, initiative: Initiative, page: Page, then: Then, fields: Fields, checked: Checked, key: str
) -> list[str]:
    before = await _snapshot(work, initiative, page)
    profile_before = dict(initiative.profile or {})
    blocking = await posting.blocking_now(work, initiative) if page is Page.PROFILE else None
    people = await intake.take(work, initiative, page, then, fields, checked)
    await work.session.flush()
    after = await _snapshot(work, initiative, page)
    changed = _note_changes(work, initiative, before, after)
    if page is Page.PROFILE:
        factors = await profile.saved(work, initiative, profile_before, key=key)
        if factors:
            await posting.recompute(work, initiative, _because(work, factors), blocking)
    for one in people.joined:
        await opening.invite_late(work, initiative, one)
    await leaving.let_go(work, initiative, people.left)
    if page in (Page.CARRIERS, Page.PEOPLE):
        await asking.ask_who_is_missing(work, initiative)
    return changed


def _because(work: Work, factors: list[str]) -> str:
    questions = [work.playbooks.current.factors[factor].question for factor in factors]
    return f"the profile changed: {' '.join(questions[:3])}"


async def _snapshot(work: Work, initiative: Initiative, page: Page) -> Snapshot:
    team = await opening.stakeholders(work, initiative) if page is Page.PEOPLE else []
    return description.filled(initiative, page, team, work.playbooks.current)


def _note_changes(work: Work, initiative: Initiative, before: Snapshot, after: Snapshot) -> list[str]:
    """One audit line per changed field."""
    changed = [block for block in after if before.get(block) != after[block]]
    changed += [block for block in before if block not in after]
    for block in changed:
        work.audit(
            "initiative.changed",
            block,
            initiative_id=initiative.id,
            was=before.get(block),
            now=after.get(block),
        )
    return changed


def _saved_words(changed: list[str]) -> str:
    if not changed:
        return "Saved. Nothing was different."
    return f"Saved: {kit.plural(len(changed), 'change')}."


async def open_facilitator(work: Work, initiative_id: int, *, key: str, view_id: str) -> None:
    """Show the form that hands the initiative over."""
    initiative = await _to_change(work, initiative_id)
    form = views.facilitator(initiative.id, initiative.name or "", initiative.facilitator_id)
    await work.fill(form, view_id=view_id, key=f"{key}:view")


async def hand_over(work: Work, initiative_id: int, fields: Fields, checked: Checked, *, key: str) -> Modal:
    """Make somebody else the facilitator and tell them. Only a full member can be."""
    initiative = await _to_change(work, initiative_id)
    reading = Reading(fields)
    user_id = reading.person(views.PERSON, "Choose who shall run it.")
    if user_id and (reason := checked.why_not([user_id], as_member=True)):
        reading.errors[views.PERSON] = reason
    if reading.errors:
        raise Invalid(reading.errors)
    if await work.once(key) and user_id != initiative.facilitator_id:
        await checked.keep(work)
        before, initiative.facilitator_id = initiative.facilitator_id, user_id
        work.audit("facilitator.changed", initiative_id=initiative.id, was=before, now=user_id)
        await work.send(
            roles.handed_over(initiative.id, initiative.name or "", work.actor.user_id),
            to=user_id,
            key=f"{key}:facilitator",
            kind="facilitator",
        )
    return await menu(work, initiative, f"{kit.person(user_id)} runs it now and has been told.")


async def close(work: Work, initiative_id: int, *, key: str, view_id: str) -> None:
    """Close the initiative: nobody is asked anything more, and nothing is deleted."""
    initiative = await _to_change(work, initiative_id)
    if not await work.once(key):
        return
    if initiative.state == InitiativeState.OPEN:
        initiative.state, initiative.closed_at = InitiativeState.CLOSED, work.now
        work.audit("initiative.closed", initiative.name or "", initiative_id=initiative.id)
        others = {initiative.facilitator_id, initiative.owner_id or ""} - {work.actor.user_id, ""}
        for user_id in sorted(others):
            await work.send(
                views.closed(initiative.name or "", work.actor.user_id),
                to=user_id,
                key=f"{key}:closed:{user_id}",
                kind="closed",
            )
    await work.fill(await menu(work, initiative), view_id=view_id, key=f"{key}:view")


async def reopen(work: Work, initiative_id: int, *, key: str, view_id: str) -> None:
    """Open a closed initiative again. Told where its name is taken by now."""
    initiative = await _to_change(work, initiative_id)
    if not await work.once(key):
        return
    if initiative.state == InitiativeState.CLOSED:
        initiative.state, initiative.closed_at = InitiativeState.OPEN, None
        name, number = initiative.name or "", initiative.id
        try:
            async with work.session.begin_nested():
                await work.session.flush()
        except IntegrityError as error:
            raise Told(
                f"Another initiative is called “{name}” by now, so this one can't be opened again under that "
                "name. Close or rename the other one first."
            ) from error
        work.audit("initiative.reopened", name, initiative_id=number)
        await asking.ask_who_is_missing(work, initiative)
    await work.fill(await menu(work, initiative, "It is open again."), view_id=view_id, key=f"{key}:view")


async def _to_change(work: Work, initiative_id: int) -> Initiative:
    initiative = await by_id(work, initiative_id)
    await authorise(work, Action.CHANGE_SETTINGS, initiative)
    return initiative
