"""What people answer when they are asked for a role: accept, not me, or somebody else instead.

Who is asked, and the message that asks, is in `bot.desk.asking`; waiting for an answer in `bot.desk.silence`.
"""

from sqlalchemy import select

from bot.desk import asking, opening, profile
from bot.desk.asking import Asked
from bot.desk.authority import Action, authorise
from bot.desk.checks import Checked
from bot.desk.description import Fields, Reading
from bot.desk.errors import Invalid, Refused, Told
from bot.desk.work import Work
from bot.store.models import Initiative, InitiativeState, Role, RoleKind, RoleState, Stakeholder
from bot.views import roles as views
from bot.views.render import Modal

_SETTLED = {
    RoleState.ACCEPTED: "You have already accepted this, thank you. Nothing was changed.",
    RoleState.DECLINED: "You have already said “not me”. If you changed your mind, tell the facilitator, who "
    "can ask you again. Nothing was changed.",
    RoleState.REPLACED: "Somebody else has been asked for this in the meantime, so there is nothing to "
    "answer any more.",
}

_DAYS_AT_MOST = 1000


async def accept(work: Work, role_id: int, *, key: str, response_url: str) -> None:
    """Owner or sponsor accepts; the card says so. Raises Told where it was answered before.

    `response_url` is the card's own; empty where they accepted elsewhere.
    """
    asked = await asking.load(work, role_id)
    await _own(work, asked)
    if not await work.once(key):
        return
    _check(asked)
    _accepted(work, asked)
    await _show(work, asked, response_url=response_url, key=key)
    await asking.tell_when_complete(work, asked.initiative)


async def _show(work: Work, asked: Asked, *, response_url: str, key: str) -> None:
    """Bring the card up to date, through the click's own address where it was clicked."""
    card, edit_of, key = asking.card(work, asked), asking.key_of(asked), f"{key}:card"
    if response_url:
        await work.replace(card, response_url=response_url, edit_of=edit_of, key=key, kind="role")
    else:
        await work.edit(card, edit_of=edit_of, to=asked.user_id, key=key, kind="role")


async def open_acceptance(work: Work, role_id: int, *, key: str, view_id: str) -> None:
    """Fill the form in which a lead accepts."""
    asked = await _to_answer(work, role_id)
    lines = profile.lines(work.playbooks.current, asked.initiative.profile or {})
    form = views.accept_as_lead(asking.view_of(work, asked), lines)
    await work.fill(form, view_id=view_id, key=f"{key}:view")


async def accept_as_lead(work: Work, role_id: int, fields: Fields, *, key: str) -> Modal | None:
    """A lead accepts with their group's days; returns the profile's form where they dispute it."""
    reading = Reading(fields)
    days = _whole_days(reading)
    disputes = reading.words(views.PROFILE) == views.DISPUTE
    if reading.errors:
        raise Invalid(reading.errors)
    asked = await asking.load(work, role_id)
    await _own(work, asked)
    if await work.once(key):
        _check(asked)
        lead = await _stakeholder_of(work, asked)
        lead.capacity_days = days
        lead.profile_confirmed_at = None if disputes else work.now
        _accepted(work, asked)
        await _show(work, asked, response_url="", key=key)
        await asking.tell_when_complete(work, asked.initiative)
    return profile.dispute_form(work, asked.initiative) if disputes else None


async def open_not_me(work: Work, role_id: int, *, key: str, view_id: str) -> None:
    """Fill the form that asks for a better name."""
    asked = await _to_answer(work, role_id)
    await work.fill(views.not_me(asking.view_of(work, asked)), view_id=view_id, key=f"{key}:view")


async def decline(work: Work, role_id: int, fields: Fields, checked: Checked, *, key: str) -> None:
    """Somebody says no; the facilitator hears it, with a better name where one was given."""
    asked = await asking.load(work, role_id)
    await _own(work, asked)
    reading = Reading(fields)
    chosen = fields.get(views.ROLES)
    ids = chosen if isinstance(chosen, tuple) else ()
    refused = [role for role in asked.open if len(asked.open) == 1 or str(role.id) in ids]
    better = reading.several(views.PERSON)[:1]
    if reason := checked.why_not(better, as_member=True):
        reading.errors[views.PERSON] = reason
    elif asked.user_id in better:
        reading.errors[views.PERSON] = "That is you. Leave it empty if nobody comes to mind."
    if asked.open and not refused:
        reading.errors[views.ROLES] = "Tick what is not for you, or close this form to keep all."
    if reading.errors:
        raise Invalid(reading.errors)
    if not await work.once(key):
        return
    _check(asked)
    await checked.keep(work)
    for role in refused:
        role.state, role.answered_at = RoleState.DECLINED, work.now
        role.suggested_id = better[0] if better else None
        work.audit("role.declined", f"role:{role.id}", initiative_id=asked.initiative.id, kind=role.kind)
    await _show(work, asked, response_url="", key=key)
    await work.send(
        views.declined(
            asking.about(work, asked, refused), better[0] if better else None, reading.words(views.WHY)
        ),
        to=asked.initiative.facilitator_id,
        key=f"{key}:declined",
        kind="role_declined",
    )


async def open_naming(work: Work, role_id: int, *, key: str, view_id: str) -> None:
    """Fill the form that names somebody else."""
    asked, role = await _to_name(work, role_id)
    form = views.name_another(
        asking.view_of_role(work, role), asked.initiative.name or "", role.user_id, role.suggested_id
    )
    await work.fill(form, view_id=view_id, key=f"{key}:view")


async def name_another(work: Work, role_id: int, fields: Fields, checked: Checked, *, key: str) -> None:
    """Somebody else shall carry a role: the earlier message is withdrawn, the new person asked."""
    asked = await asking.load(work, role_id)
    await authorise(work, Action.NAME_ANOTHER, asked.initiative)
    role = next(one for one in asked.roles if one.id == role_id)
    reading = Reading(fields)
    user_id = reading.person(views.PERSON, "Choose who shall be asked.")
    reason = checked.why_not([user_id], as_member=role.kind != RoleKind.LEAD) if user_id else ""
    if not reason and user_id == role.user_id and role.state == RoleState.ASKED:
        reason = "They have been asked already and haven't answered. Choose somebody else, or give it time."
    if reason:
        reading.errors[views.PERSON] = reason
    if reading.errors:
        raise Invalid(reading.errors)
    if not await work.once(key):
        return
    _check_not_replaced(role)
    await checked.keep(work)
    await _appoint(work, asked.initiative, role, user_id)
    work.audit(
        "role.named",
        f"role:{role.id}",
        initiative_id=asked.initiative.id,
        kind=role.kind,
        group=role.group,
        was=role.user_id,
        now=user_id,
    )
    if work.actor.user_id != asked.initiative.facilitator_id:
        await work.send(
            views.named(asking.about(work, asked, [role]), work.actor.user_id, user_id),
            to=asked.initiative.facilitator_id,
            key=f"{key}:named",
            kind="role_named",
        )
    await asking.ask_who_is_missing(work, asked.initiative)


async def _appoint(work: Work, initiative: Initiative, role: Role, user_id: str) -> None:
    """Put somebody in a role's place, and in the group where it is a lead's."""
    if user_id == role.user_id:
        await asking.replace(work, role)
    if role.kind == RoleKind.OWNER:
        initiative.owner_id = user_id
    elif role.kind == RoleKind.SPONSOR:
        initiative.sponsor_id = user_id
    else:
        await _make_lead(work, initiative, role.group or "", user_id)


async def _make_lead(work: Work, initiative: Initiative, group: str, user_id: str) -> None:
    members = {one.user_id: one for one in await opening.stakeholders(work, initiative) if one.user_id}
    new = members.get(user_id)
    if new is not None and new.group != group:
        elsewhere = work.playbooks.current.group_names.get(new.group, new.group)
        raise Invalid(
            {views.PERSON: f"They already answer for {elsewhere}, and each person belongs to one group."}
        )
    for one in members.values():
        if one.group == group:
            one.is_lead = False
    if new is not None:
        new.is_lead = True
        return
    joined = Stakeholder(
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        user_id=user_id,
        group=group,
        is_lead=True,
        added_at=work.now,
    )
    work.session.add(joined)
    await work.session.flush()
    await opening.invite_late(work, initiative, joined)


async def _to_answer(work: Work, role_id: int) -> Asked:
    """What somebody is about to answer; raises where it isn't theirs or is answered already."""
    asked = await asking.load(work, role_id)
    await _own(work, asked)
    _check(asked)
    return asked


async def _own(work: Work, asked: Asked) -> None:
    await authorise(work, Action.USE, asked.initiative)
    if work.actor.user_id != asked.user_id:
        raise Refused(
            f"Only <@{asked.user_id}> can answer this, because they were asked. Nothing was changed.",
            action="answer_role",
            initiative_id=asked.initiative.id,
        )


def _check(asked: Asked) -> None:
    if asked.initiative.state == InitiativeState.CLOSED:
        raise Told("This initiative was closed, so there is nothing to answer any more. Nothing was changed.")
    if not asked.open:
        raise Told(_SETTLED[RoleState(asked.roles[0].state)])


async def _to_name(work: Work, role_id: int) -> tuple[Asked, Role]:
    asked = await asking.load(work, role_id)
    await authorise(work, Action.NAME_ANOTHER, asked.initiative)
    role = next(one for one in asked.roles if one.id == role_id)
    _check_not_replaced(role)
    return asked, role


def _check_not_replaced(role: Role) -> None:
    if role.state == RoleState.REPLACED:
        raise Told("Somebody else was already named for this. `/slipway status` shows who is asked now.")


def _accepted(work: Work, asked: Asked) -> None:
    for role in asked.open:
        role.state, role.answered_at = RoleState.ACCEPTED, work.now
        work.audit("role.accepted", f"role:{role.id}", initiative_id=asked.initiative.id, kind=role.kind)


async def _stakeholder_of(work: Work, asked: Asked) -> Stakeholder:
    found = await work.session.scalar(
        select(Stakeholder).where(
            Stakeholder.initiative_id == asked.initiative.id,
            Stakeholder.user_id == asked.user_id,
            Stakeholder.left_at.is_(None),
        )
    )
    if found is None or not found.is_lead:
        raise Told("Somebody else leads this group now, so there is nothing to accept. Nothing was changed.")
    return found


def _whole_days(reading: Reading) -> int | None:
    days = reading.not_negative(views.DAYS)
    if views.DAYS in reading.errors:
        return None
    if days is None:
        reading.errors[views.DAYS] = "About how many days? A guess is enough, and 0 is an answer."
        return None
    if days != int(days):
        reading.errors[views.DAYS] = "Whole days, please. Round down if in doubt."
    elif days > _DAYS_AT_MOST:
        reading.errors[views.DAYS] = "That is more than a group has in four weeks. How many days is it?"
    return int(days)
