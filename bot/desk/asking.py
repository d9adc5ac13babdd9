"""Owner, sponsor and leads are asked in one message each, and the message is kept as true as the roles.

Asked -> accepted | declined; any of the three -> replaced when somebody else was named. Keep in step
with `bot.store.initiatives.RoleState`. What people answer is in `bot.desk.roles`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import select

from bot.desk import opening, people
from bot.desk.description import outcome_of
from bot.desk.errors import Told
from bot.desk.work import Work
from bot.method.calendar import add_working_days
from bot.store.models import Initiative, InitiativeState, Role, RoleKind, RoleState, Stage, Stakeholder
from bot.views import roles as views
from bot.views.render import Message

LIVE = (RoleState.ASKED, RoleState.ACCEPTED, RoleState.DECLINED)

# Working days of silence after which the facilitator, and then the sponsor, is told.
SILENT_FIRST = 2
SILENT_THEN = 4

Carried = tuple[str, str | None]
"""A role to be carried: its kind, and the group of a lead."""


@dataclass(frozen=True)
class Asked:
    """The roles one message asks for, with the initiative."""

    initiative: Initiative
    roles: list[Role]

    @property
    def open(self) -> list[Role]:
        """What is not answered yet."""
        return [role for role in self.roles if role.state == RoleState.ASKED]

    @property
    def user_id(self) -> str:
        """Who is asked."""
        return self.roles[0].user_id


async def ask_who_is_missing(work: Work, initiative: Initiative) -> list[str]:
    """Bring the asked roles in line with who shall carry them; returns who gets a message.

    Whoever no longer shall carry a role sees their message withdrawn; who newly shall gets one message.
    """
    if initiative.state != InitiativeState.OPEN:
        return []
    # One at a time: two changes at once would ask the same person twice.
    await work.session.execute(
        select(Initiative.id).where(Initiative.id == initiative.id).with_for_update(key_share=True)
    )
    wanted = await to_carry(work, initiative)
    live = await live_roles(work, initiative)
    for role in live:
        if wanted.get((role.kind, role.group)) != role.user_id:
            await replace(work, role)
    standing = {(role.kind, role.group): role.user_id for role in live if role.state != RoleState.REPLACED}
    missing: dict[str, list[Carried]] = {}
    for carried, user_id in wanted.items():
        if standing.get(carried) != user_id:
            missing.setdefault(user_id, []).append(carried)
    for user_id, carried_roles in missing.items():
        await _ask(work, initiative, user_id, carried_roles)
    await tell_when_complete(work, initiative)
    return list(missing)


async def to_carry(work: Work, initiative: Initiative) -> dict[Carried, str]:
    """Who shall carry what, asked or not."""
    wanted: dict[Carried, str] = {}
    if initiative.owner_id:
        wanted[RoleKind.OWNER, None] = initiative.owner_id
    if initiative.sponsor_id:
        wanted[RoleKind.SPONSOR, None] = initiative.sponsor_id
    leads = await work.session.scalars(
        select(Stakeholder).where(
            Stakeholder.initiative_id == initiative.id, Stakeholder.left_at.is_(None), Stakeholder.is_lead
        )
    )
    order = list(work.playbooks.current.group_names)
    for lead in sorted(leads, key=lambda one: order.index(one.group) if one.group in order else len(order)):
        if lead.user_id:
            wanted[RoleKind.LEAD, lead.group] = lead.user_id
    return wanted


async def live_roles(work: Work, initiative: Initiative) -> list[Role]:
    """Roles as they stand: asked, accepted or declined, one per kind and group."""
    found = await work.session.scalars(
        select(Role).where(Role.initiative_id == initiative.id, Role.state.in_(LIVE)).order_by(Role.id)
    )
    return list(found)


async def load(work: Work, role_id: int) -> Asked:
    """The roles of one message, locked together with their initiative so that answers come one by one."""
    first = await work.session.get(Role, role_id)
    if first is None or first.workspace_id != work.actor.workspace_id:
        raise Told("This role no longer exists. `/slipway mine` shows what waits for you.")
    initiative = await work.session.get_one(
        Initiative, first.initiative_id, with_for_update={"key_share": True}
    )
    roles = await work.session.scalars(
        select(Role)
        .where(Role.initiative_id == initiative.id, Role.ask_key == first.ask_key)
        .order_by(Role.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return Asked(initiative, list(roles))


async def is_complete(work: Work, initiative: Initiative) -> bool:
    """Whether owner and leads have all accepted, so that the questions can start."""
    accepted = {
        (role.kind, role.group)
        for role in await live_roles(work, initiative)
        if role.state == RoleState.ACCEPTED
    }
    leads = {(RoleKind.LEAD.value, group) for group in work.playbooks.current.group_names}
    return {(RoleKind.OWNER.value, None), *leads} <= accepted


async def tell_when_complete(work: Work, initiative: Initiative) -> None:
    """Tell the facilitator, once per set of people, that the questions can start."""
    if not await is_complete(work, initiative) or await opening.round_of(work, initiative, 1) is not None:
        return
    newest = max(role.id for role in await live_roles(work, initiative) if role.kind != RoleKind.SPONSOR)
    await work.send(
        views.all_accepted(initiative.id, initiative.name or ""),
        to=initiative.facilitator_id,
        key=f"ready:{initiative.id}:{newest}",
        kind="ready",
    )


def card(work: Work, asked: Asked) -> Message:
    """The message that asks, as it stands now."""
    return views.card(view_of(work, asked))


def view_of(work: Work, asked: Asked) -> views.Ask:
    """What one person is asked, for the views."""
    return views.Ask(
        initiative=asked.initiative.name or "",
        facilitator=asked.initiative.facilitator_id,
        problem=outcome_of(asked.initiative).problem,
        roles=[view_of_role(work, role) for role in asked.roles],
        idea=asked.initiative.stage == Stage.IDEA,
    )


def about(work: Work, asked: Asked, roles: Sequence[Role]) -> views.AboutRole:
    """Some of one person's roles, for telling somebody else about them."""
    return views.AboutRole(
        asked.initiative.name or "", asked.user_id, [view_of_role(work, role) for role in roles]
    )


def role_name(work: Work, role: Role) -> str:
    """A role in two or three words."""
    return view_of_role(work, role).name


def view_of_role(work: Work, role: Role) -> views.AskedRole:
    """One role, for the views."""
    kind = cast("Literal['owner', 'sponsor', 'lead']", str(role.kind))
    group = work.playbooks.current.group_names.get(role.group or "", role.group or "")
    return views.AskedRole(role.id, kind, group, cast("views.State", str(role.state)))


async def _ask(work: Work, initiative: Initiative, user_id: str, carried: Sequence[Carried]) -> None:
    roles = [
        Role(
            workspace_id=initiative.workspace_id,
            initiative_id=initiative.id,
            kind=kind,
            group=group,
            user_id=user_id,
            state=RoleState.ASKED,
            asked_at=work.now,
        )
        for kind, group in carried
    ]
    work.session.add_all(roles)
    await work.session.flush()
    first = roles[0].id
    for role in roles:
        role.ask_key = f"role:{initiative.id}:{user_id}:{first}"
        work.audit("role.asked", f"role:{role.id}", initiative_id=initiative.id, kind=role.kind, user=user_id)
    asked = Asked(initiative, roles)
    await work.send(card(work, asked), to=user_id, key=key_of(asked), kind="role", subject=f"role:{first}")
    person = (await people.known(work, [user_id])).get(user_id)
    zone = person.zone if person else initiative.zone
    for days in (SILENT_FIRST, SILENT_THEN):
        await work.later(
            f"role_silent_{days}",
            first,
            at=add_working_days(work.now, days, zone),
            key=f"role_silent_{days}:{first}",
        )


async def replace(work: Work, role: Role) -> None:
    """Somebody else shall carry this: the message that asked is withdrawn where it stands."""
    role.state = RoleState.REPLACED
    work.audit("role.replaced", f"role:{role.id}", initiative_id=role.initiative_id, kind=role.kind)
    await work.session.flush()
    asked = await load(work, role.id)
    await work.edit(
        card(work, asked),
        edit_of=key_of(asked),
        to=role.user_id,
        key=f"{key_of(asked)}:replaced:{role.id}",
        kind="role",
    )


def key_of(asked: Asked) -> str:
    """The ledger key of the message that asks."""
    key = asked.roles[0].ask_key
    if key is None:
        raise RuntimeError("a role without the message that asks for it")
    return key
