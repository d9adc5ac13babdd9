"""`/slipway new`: a draft that grows page by page, and the moment it becomes an initiative.

Each page is saved when it is sent; a closed modal loses the open page at most. `bot.desk.settings`
opens the same pages later.
"""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bot.desk import asking, description, membership, opening, people, profile, recap
from bot.desk.authority import Action, Who, authorise
from bot.desk.checks import Checked
from bot.desk.description import Fields, Reading
from bot.desk.errors import Invalid, Refused, Told
from bot.desk.initiatives import by_id, name_key
from bot.desk.work import Work
from bot.store.models import Initiative, InitiativeState, Stage, Stakeholder
from bot.views import intake as views
from bot.views import intake_summary as ends
from bot.views import kit, roles
from bot.views.actions import FinishRef, IntakeRef
from bot.views.intake import Page, Then
from bot.views.render import Modal

_NO_NAME = "Without a name yet"


async def open_new(work: Work, *, key: str, view_id: str) -> None:
    """Fill the modal: the first page, or one's unfinished descriptions to go on with."""
    who = await _may_create(work)
    unfinished = [one for one in await _drafts(work) if one.pilot is not None]
    if unfinished:
        view = ends.drafts([(_where_left(one), one.name or _NO_NAME) for one in unfinished])
    else:
        view = await _first_page(work, who)
    await work.fill(view, view_id=view_id, key=f"{key}:view")


async def start_another(work: Work, *, key: str, view_id: str) -> None:
    """Leave the drafts alone and describe another initiative."""
    view = await _first_page(work, await _may_create(work))
    await work.fill(view, view_id=view_id, key=f"{key}:view")


async def begin(work: Work, *, user_group: str, is_in_it: bool) -> Modal:
    """The first page for somebody whose user group was looked up. Raises Refused."""
    who = await _may_create(work)
    if _only_a_group(work) and not (is_in_it and user_group == work.house.new_allowed_for):
        raise Refused(
            "Here only the members of one user group start initiatives. Ask one of them, or a workspace "
            "admin "
            "to add you to the group.",
            action="create",
        )
    return await page_view(work, await _fresh_draft(work, who), Page.PILOT, Then.NEW)


async def discard(work: Work, initiative_id: int, *, key: str, view_id: str) -> None:
    """Throw an unfinished description away."""
    initiative = await by_id(work, initiative_id)
    await authorise(work, Action.CHANGE_SETTINGS, initiative)
    if initiative.state != InitiativeState.DRAFT:
        raise Told("This is no draft any more. `/slipway settings` closes an initiative.")
    if not await work.once(key):
        return
    work.audit("initiative.discarded", initiative.name or "", initiative_id=initiative.id)
    await work.session.execute(delete(Stakeholder).where(Stakeholder.initiative_id == initiative.id))
    await work.session.delete(initiative)
    await work.session.flush()
    await open_new(work, key=key, view_id=view_id)


async def show_page(work: Work, ref: IntakeRef, *, key: str, view_id: str) -> None:
    """Turn the open modal into one page, filled with what is known."""
    initiative = await by_id(work, ref.initiative)
    await authorise(work, Action.CHANGE_SETTINGS, initiative)
    page, then = read_ref(ref)
    await work.fill(await page_view(work, initiative, page, then), view_id=view_id, key=f"{key}:view")


async def save_page(work: Work, ref: IntakeRef, fields: Fields, checked: Checked, *, key: str) -> Modal:
    """Save one page of a draft; returns the next one, or the summary. Raises Invalid, and keeps the form."""
    initiative = await by_id(work, ref.initiative)
    await authorise(work, Action.CHANGE_SETTINGS, initiative)
    page, then = read_ref(ref)
    if initiative.state != InitiativeState.DRAFT:
        raise Told("This initiative is set up already. `/slipway settings` changes anything in it.")
    if await work.once(key):
        await take(work, initiative, page, then, fields, checked)
    if then is Then.NEW and page is not views.PAGES[-1]:
        return await page_view(work, initiative, _after(page), then, note=_invitation(initiative, checked))
    return await summary(work, initiative, note=_invitation(initiative, checked))


async def finish(work: Work, ref: FinishRef, checked: Checked, *, key: str) -> Modal:
    """Open the initiative and ask owner, sponsor and leads, one message each."""
    initiative = await by_id(work, ref.initiative)
    await authorise(work, Action.CHANGE_SETTINGS, initiative)
    if _missing(initiative):
        return await summary(work, initiative)
    if await work.once(key) and initiative.state == InitiativeState.DRAFT:
        initiative.state, initiative.opened_at = InitiativeState.OPEN, work.now
        work.audit("initiative.opened", initiative.name or "", initiative_id=initiative.id)
        await asking.ask_who_is_missing(work, initiative)
        if checked.in_channel and initiative.home_channel_id == ref.home:
            await work.send(
                roles.welcome(initiative.name or "", initiative.facilitator_id),
                to=ref.home,
                key=f"welcome:{initiative.id}",
                kind="welcome",
                subject=f"initiative:{initiative.id}",
            )
    who = await _mentions(work, initiative)
    return ends.opened(initiative.name or "", who, _invitation(initiative, checked))


async def take(
    work: Work, initiative: Initiative, page: Page, then: Then, fields: Fields, checked: Checked
) -> membership.Changes:
    """Put a page's fields into the initiative; returns who joined and left. Raises Invalid."""
    reading = Reading(fields)
    team = _read(work, initiative, page, then, reading, checked)
    if reading.errors:
        raise Invalid(reading.errors)
    if page is Page.AIM:
        await _claim_name(work, initiative)
    await checked.keep(work)
    description.mark_saved(initiative, page)
    return await membership.keep_team(work, initiative, team) if team is not None else membership.Changes()


def _read(
    work: Work, initiative: Initiative, page: Page, then: Then, reading: Reading, checked: Checked
) -> membership.Team | None:
    playbook = work.playbooks.current
    match page:
        case Page.PILOT:
            description.read_pilot(initiative, reading)
        case Page.SHORTCUTS:
            description.read_shortcuts(initiative, reading)
        case Page.AIM:
            description.read_aim(initiative, reading)
        case Page.OUTCOME:
            description.read_outcome(initiative, reading, work.now.date())
        case Page.CARRIERS:
            description.read_carriers(initiative, reading)
            for block in (views.OWNER, views.SPONSOR):
                named = reading.several(block)[:1]
                if named and (reason := checked.why_not(named, as_member=True)):
                    reading.errors[block] = reason
        case Page.PROFILE | Page.PROFILE_MORE:
            description.read_profile(initiative, reading, description.factors_on(page, then, playbook))
        case Page.PEOPLE:
            return membership.read_team(playbook, reading, checked)
    return None


async def _claim_name(work: Work, initiative: Initiative) -> None:
    """Give the initiative its name, unless somebody else has it: then the form says who."""
    key = name_key(initiative.name or "")
    with work.session.no_autoflush:
        other = await work.session.scalar(
            select(Initiative).where(
                Initiative.workspace_id == initiative.workspace_id,
                Initiative.name_key == key,
                Initiative.state != InitiativeState.CLOSED,
                Initiative.id != initiative.id,
            )
        )
        if other is not None:
            raise Invalid({"name": await _who_has_it(work, other)})
    initiative.name_key = key
    try:
        async with work.session.begin_nested():
            await work.session.flush()
    except IntegrityError as error:
        raise Invalid(
            {"name": "Somebody has set up an initiative of this name just now. Join them."}
        ) from error


async def _who_has_it(work: Work, other: Initiative) -> str:
    if other.created_by == work.actor.user_id:
        return "You have an initiative of this name already. Choose another name, or go on with that one."
    # A field's error shows no mentions, so the name has to be written out.
    maker = (await people.known(work, [other.created_by])).get(other.created_by)
    name = maker.name if maker and maker.name else other.created_by
    return f"{name} has set up an initiative of this name already. Join them, or choose another name."


async def summary(work: Work, initiative: Initiative, note: str = "") -> Modal:
    """Everything that was said, and what happens next."""
    team = await opening.stakeholders(work, initiative)
    missing = _missing(initiative)
    parts = [
        ends.Part(page, recap.lines(work.playbooks.current, initiative, page, team), page in missing)
        for page in views.PAGES
    ]
    ref = FinishRef(initiative.id, initiative.home_channel_id or "-")
    return ends.summary(ref, parts, await _mentions(work, initiative), note)


def _missing(initiative: Initiative) -> list[Page]:
    saved = description.saved_pages(initiative)
    return [page for page in views.PAGES if page not in saved]


async def _mentions(work: Work, initiative: Initiative) -> list[str]:
    wanted = await asking.to_carry(work, initiative)
    return [kit.person(user_id) for user_id in dict.fromkeys(wanted.values())]


async def page_view(work: Work, initiative: Initiative, page: Page, then: Then, *, note: str = "") -> Modal:
    """One page, filled with what is known."""
    playbook = work.playbooks.current
    team = await opening.stakeholders(work, initiative) if page is Page.PEOPLE else []
    return views.page(
        views.Form(
            ref=IntakeRef(initiative.id, page, then),
            filled=description.filled(initiative, page, team, playbook),
            factors=profile.choices(description.factors_on(page, then, playbook)),
            groups=[
                views.GroupLine(one.id, one.name, one.means, one.id == description.DAILY_GROUP)
                for one in playbook.groups
            ],
            note=note,
        )
    )


def read_ref(ref: IntakeRef) -> tuple[Page, Then]:
    """Which page is meant, and what comes after it; Told where an old or foreign form names none of ours."""
    try:
        return Page(ref.page), Then(ref.then)
    except ValueError as fault:
        raise Told(
            "This form is from an older version of Slipway. Open it again with `/slipway new` or "
            "`/slipway settings`."
        ) from fault


def _after(page: Page) -> Page:
    return views.PAGES[views.PAGES.index(page) + 1]


def _where_left(initiative: Initiative) -> IntakeRef:
    """The first page that was not saved yet, or the last one, from which the summary follows."""
    page = (_missing(initiative) or [views.PAGES[-1]])[0]
    return IntakeRef(initiative.id, page, Then.NEW)


def _invitation(initiative: Initiative, checked: Checked) -> str:
    home = initiative.home_channel_id
    return views.invite_me(home) if home and checked.in_channel is False else ""


def _only_a_group(work: Work) -> bool:
    return work.house.new_allowed_for not in ("anyone", "admins")


async def _may_create(work: Work) -> Who:
    who = await authorise(work, Action.CREATE)
    if work.house.new_allowed_for == "admins" and not who.person.is_admin:
        raise Refused(
            "Here only workspace admins start initiatives. Ask one of them to run `/slipway new` and to make "
            "you the facilitator.",
            action="create",
        )
    return who


async def _first_page(work: Work, who: Who) -> Modal:
    if _only_a_group(work):
        return ends.begin(work.house.new_allowed_for)
    return await page_view(work, await _fresh_draft(work, who), Page.PILOT, Then.NEW)


async def _fresh_draft(work: Work, who: Who) -> Initiative:
    """The person's untouched draft, or a new one; opening the form twice leaves one draft behind."""
    for draft in await _drafts(work):
        if draft.pilot is None:
            return draft
    draft = Initiative(
        workspace_id=work.actor.workspace_id,
        stage=Stage.STALLED_PILOT,
        state=InitiativeState.DRAFT,
        facilitator_id=work.actor.user_id,
        created_by=work.actor.user_id,
        created_at=work.now,
        zone=who.person.zone,
    )
    work.session.add(draft)
    await work.session.flush()
    work.audit("initiative.started", initiative_id=draft.id)
    return draft


async def _drafts(work: Work) -> list[Initiative]:
    found = await work.session.scalars(
        select(Initiative)
        .where(
            Initiative.workspace_id == work.actor.workspace_id,
            Initiative.facilitator_id == work.actor.user_id,
            Initiative.state == InitiativeState.DRAFT,
        )
        .order_by(Initiative.id.desc())
        .limit(20)
    )
    return list(found)
