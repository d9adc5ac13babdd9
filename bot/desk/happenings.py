"""What happens around an initiative: people change or leave, channels go, the app is removed, Slack refuses.

Whoever can mend it is told once, with the way to do so. Nothing here is asked for by a person, so nothing
here is authorised; it changes only what Slack itself reported.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from sqlalchemy import func, select, update

from bot.desk import asking
from bot.desk.initiatives import of_person
from bot.desk.people import PersonFacts
from bot.desk.work import Work
from bot.store.models import (
    Conversation,
    Due,
    Initiative,
    InitiativeState,
    Outbox,
    OutboxState,
    Person,
    Role,
    Round,
    Stakeholder,
    Workspace,
)
from bot.views import happenings as views
from bot.views import roles as role_views

_NOTICE = "undelivered"
_REMOVED = "the app was removed from this workspace"


async def person_changed(work: Work, facts: PersonFacts, *, key: str) -> None:
    """Keep what Slack says about a known person; where they were deactivated, tell who can replace them."""
    person = await work.session.get(Person, (facts.workspace_id, facts.user_id))
    if person is None or not await work.once(key):
        return
    was_there = not person.is_deactivated
    for name, value in asdict(facts).items():
        setattr(person, name, value)
    person.read_at = work.now
    if facts.is_deactivated and was_there:
        work.audit("person.deactivated", facts.user_id)
        for initiative in await of_person(work, facts.user_id, states=(InitiativeState.OPEN,)):
            await _tell_gone(work, initiative, facts, key)


async def _tell_gone(work: Work, initiative: Initiative, facts: PersonFacts, key: str) -> None:
    name = initiative.name or ""
    subject = f"initiative:{initiative.id}"
    if initiative.facilitator_id == facts.user_id and initiative.owner_id not in (None, facts.user_id):
        await work.send(
            views.facilitator_gone(initiative.id, name, facts.name),
            to=str(initiative.owner_id),
            key=f"{key}:facilitator:{initiative.id}",
            kind="person_gone",
            subject=subject,
        )
        return
    carried = [role for role in await asking.live_roles(work, initiative) if role.user_id == facts.user_id]
    answers = await work.session.scalar(
        select(Stakeholder.id).where(
            Stakeholder.initiative_id == initiative.id,
            Stakeholder.user_id == facts.user_id,
            Stakeholder.left_at.is_(None),
        )
    )
    await work.send(
        views.deactivated(
            initiative.id,
            name,
            facts.user_id,
            facts.name,
            [(role.id, asking.role_name(work, role)) for role in carried],
            answers=answers is not None,
        ),
        to=initiative.facilitator_id,
        key=f"{key}:gone:{initiative.id}",
        kind="person_gone",
        subject=subject,
    )


async def joined_channel(work: Work, *, channel_id: str, user_id: str, inviter: str, key: str) -> None:
    """The bot itself was added to a channel: a short hello. Others joining is none of its business."""
    workspace = await work.session.get(Workspace, work.actor.workspace_id)
    if workspace is None or workspace.bot_user_id != user_id or not await work.once(key):
        return
    here = await _homes(work, channel_id)
    fresh = [one for one in here if not await _was_sent(work, f"welcome:{one.id}")]
    for one in fresh:
        await work.send(
            role_views.welcome(one.name or "", one.facilitator_id),
            to=channel_id,
            key=f"welcome:{one.id}",
            kind="welcome",
            subject=f"initiative:{one.id}",
        )
    if not fresh:
        await work.send(
            views.hello(inviter, [one.name or "" for one in here]),
            to=channel_id,
            key=f"{key}:hello",
            kind="hello",
        )


async def channel_gone(work: Work, *, channel_id: str, key: str) -> None:
    """A home channel was archived, deleted, or the bot was removed from it: the facilitator is told."""
    here = await _homes(work, channel_id)
    if not here or not await work.once(key):
        return
    for one in here:
        work.audit("home.gone", channel_id, initiative_id=one.id)
        await work.send(
            views.home_gone(one.id, one.name or "", channel_id),
            to=one.facilitator_id,
            key=f"{key}:home:{one.id}",
            kind="home_gone",
            subject=f"initiative:{one.id}",
        )


async def app_removed(work: Work) -> None:
    """The app was uninstalled or its token revoked: forget the token, and stop what was to be sent."""
    workspace = await work.session.get(Workspace, work.actor.workspace_id)
    if workspace is None or workspace.removed_at is not None:
        return
    workspace.removed_at, workspace.sealed_bot_token = work.now, None
    work.audit("app.removed")
    await work.session.execute(
        update(Outbox)
        .where(
            Outbox.workspace_id == workspace.id,
            Outbox.state.in_((OutboxState.WAITING, OutboxState.SENDING)),
        )
        .values(state=OutboxState.FAILED, error=_REMOVED)
    )


async def delivery_failed(work: Work, due: Due) -> None:
    """Slack refused a message for good: the facilitator hears which, and what to do.

    A notice about a notice is dropped, and so is one that would go where the first one failed.
    """
    row = await work.session.get(Outbox, due.subject_id)
    if row is None or row.kind == _NOTICE:
        return
    initiative = await _concerned(work, row)
    if initiative is None or initiative.facilitator_id == row.to:
        return
    await work.send(
        views.undelivered(initiative.id, initiative.name or "", row.to, row.kind, row.error or "unknown"),
        to=initiative.facilitator_id,
        key=f"undelivered:{row.id}",
        kind=_NOTICE,
        subject=f"initiative:{initiative.id}",
    )


async def _concerned(work: Work, row: Outbox) -> Initiative | None:
    """The initiative a message was about: by its subject, otherwise by the channel it went to."""
    kind, _, number = row.subject.partition(":")
    if kind in _OWNERS and number.isascii() and number.isdigit():
        initiative_id = await _OWNERS[kind](work, int(number))
        found = await work.session.get(Initiative, initiative_id) if initiative_id else None
        if found is not None:
            return found
    return next(iter(await _homes(work, row.to)), None)


async def _of_role(work: Work, number: int) -> int | None:
    return await work.session.scalar(select(Role.initiative_id).where(Role.id == number))


async def _of_conversation(work: Work, number: int) -> int | None:
    return await work.session.scalar(select(Conversation.initiative_id).where(Conversation.id == number))


async def _of_round(work: Work, number: int) -> int | None:
    return await work.session.scalar(select(Round.initiative_id).where(Round.id == number))


async def _itself(_work: Work, number: int) -> int | None:
    return number


_OWNERS: Mapping[str, Callable[[Work, int], Awaitable[int | None]]] = {
    "role": _of_role,
    "conversation": _of_conversation,
    "round": _of_round,
    "initiative": _itself,
}


async def _homes(work: Work, channel_id: str) -> list[Initiative]:
    found = await work.session.scalars(
        select(Initiative)
        .where(
            Initiative.workspace_id == work.actor.workspace_id,
            Initiative.home_channel_id == channel_id,
            Initiative.state == InitiativeState.OPEN,
        )
        .order_by(Initiative.id)
        .limit(20)
    )
    return list(found)


async def _was_sent(work: Work, key: str) -> bool:
    count = await work.session.scalar(select(func.count()).where(Outbox.key == key))
    return bool(count)


DUE: Mapping[str, Callable[[Work, Due], Awaitable[None]]] = {"delivery_failed": delivery_failed}
