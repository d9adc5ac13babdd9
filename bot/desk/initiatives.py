"""Which initiative somebody means, and what may be asked about one.

Knows how initiatives are found; changes none.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, exists, or_, select

from bot.desk.authority import Action, acting_person, authorise
from bot.desk.errors import NothingYet, Told, Which
from bot.desk.work import Work
from bot.store.models import Initiative, InitiativeState, Role, RoleState, Stage, Stakeholder

# One more than a select can offer is never needed.
MANY = 100

# A check before a pilot looks at what takes longest to build, and at nothing else.
IDEA_CONDITIONS = ("architecture", "data_stewardship")

NOTHING_YET = (
    "You take part in no initiative yet. Type `/slipway new` to bring in a stalled pilot or an idea, "
    "or ask the person who runs yours to add you."
)


def name_key(name: str) -> str:
    """What two names must differ in: case and spaces don't count."""
    return " ".join(name.split()).casefold()[:80]


def asked_conditions(initiative: Initiative) -> frozenset[str] | None:
    """The only conditions that are asked about; None where all are."""
    return frozenset(IDEA_CONDITIONS) if initiative.stage == Stage.IDEA else None


async def meant(work: Work, *, channel_id: str, name: str, action: Action) -> Initiative:
    """The initiative somebody means, once they are known to be allowed `action` in it.

    By name or `#id` where one was typed; otherwise the one whose home is this channel; otherwise the
    person's only one. Raises Which where several fit, NothingYet or Told where none does, Refused where it
    isn't theirs.
    """
    await acting_person(work)
    found = await _named(work, name.strip()) if name.strip() else await _at_hand(work, channel_id)
    if len(found) > 1:
        raise Which([(one.id, one.name or f"#{one.id}") for one in found])
    await authorise(work, action, found[0])
    if found[0].state == InitiativeState.DRAFT:
        raise Told("This one is still being described. `/slipway new` goes on with it.")
    return found[0]


async def by_id(work: Work, initiative_id: int) -> Initiative:
    """The initiative with this id in this workspace; Told where there is none."""
    found = await work.session.scalar(_live(work).where(Initiative.id == initiative_id))
    if found is None:
        raise Told("This initiative no longer exists. Type `/slipway mine` to see yours.")
    return found


async def of_person(work: Work, user_id: str, *, states: Sequence[str] = ()) -> list[Initiative]:
    """Where a person takes part or is asked to, newest first; drafts are their maker's alone."""
    wanted = states or (InitiativeState.OPEN, InitiativeState.CLOSED)
    found = await work.session.scalars(
        _live(work)
        .where(_takes_part(user_id), Initiative.state.in_(wanted))
        .order_by(Initiative.id.desc())
        .limit(MANY)
    )
    return list(found)


async def _named(work: Work, name: str) -> list[Initiative]:
    if name.startswith("#") and name[1:].isascii() and name[1:].isdigit():
        return [await by_id(work, min(int(name[1:]), 2**62))]
    own = await of_person(work, work.actor.user_id)
    found = _fitting(own, name)
    if not found:
        # Somebody else's, by its whole name: refused with the reason, rather than "not found".
        found = list(
            await work.session.scalars(
                _live(work)
                .where(Initiative.name_key == name_key(name), Initiative.state != InitiativeState.DRAFT)
                .limit(1)
            )
        )
    if not found:
        raise Told(
            f"I know no initiative called “{name[:80]}” that you take part in. "
            "Type `/slipway mine` to see yours."
        )
    return found


def _fitting(initiatives: Sequence[Initiative], name: str) -> list[Initiative]:
    key = name_key(name)
    whole = [one for one in initiatives if one.name_key == key]
    return _open_first(whole or [one for one in initiatives if (one.name_key or "").startswith(key)])


async def _at_hand(work: Work, channel_id: str) -> list[Initiative]:
    here = list(
        await work.session.scalars(
            _live(work)
            .where(Initiative.home_channel_id == channel_id, Initiative.state != InitiativeState.DRAFT)
            .order_by(Initiative.id.desc())
            .limit(MANY)
        )
    )
    found = _open_first(here) or _open_first(await of_person(work, work.actor.user_id))
    if not found:
        raise NothingYet(NOTHING_YET)
    return found


def _open_first(found: Sequence[Initiative]) -> list[Initiative]:
    """Closed ones are meant only where no open one is."""
    return [one for one in found if one.state == InitiativeState.OPEN] or list(found)


def _live(work: Work) -> Select[Initiative]:
    return select(Initiative).where(Initiative.workspace_id == work.actor.workspace_id)


def _takes_part(user_id: str) -> ColumnElement[bool]:
    answers = exists().where(
        Stakeholder.initiative_id == Initiative.id,
        Stakeholder.user_id == user_id,
        Stakeholder.left_at.is_(None),
    )
    asked = exists().where(
        Role.initiative_id == Initiative.id,
        Role.user_id == user_id,
        Role.state.in_((RoleState.ASKED, RoleState.ACCEPTED)),
    )
    return or_(
        Initiative.facilitator_id == user_id,
        Initiative.owner_id == user_id,
        Initiative.sponsor_id == user_id,
        answers,
        asked,
    )
