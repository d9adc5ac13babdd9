"""Asked and not answered: after two working days the facilitator hears it, after four the sponsor.

The silent person is never reminded; somebody who knows them is told instead.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.desk import asking
from bot.desk.work import Work
from bot.store.models import Due, InitiativeState, Role
from bot.views import roles as views

DueHandler = Callable[[Work, Due], Awaitable[None]]


async def two_days(work: Work, due: Due) -> None:
    """Tell the facilitator."""
    asked = await _still_silent(work, due.subject_id)
    if asked is not None:
        await work.send(
            views.silent_two(asking.about(work, asked, asked.open)),
            to=asked.initiative.facilitator_id,
            key=due.key,
            kind="role_silent",
        )


async def four_days(work: Work, due: Due) -> None:
    """Ask the sponsor; where it is the sponsor who is silent, the facilitator."""
    asked = await _still_silent(work, due.subject_id)
    if asked is None:
        return
    sponsor = asked.initiative.sponsor_id
    to_sponsor = sponsor is not None and sponsor != asked.user_id
    await work.send(
        views.silent_four(asking.about(work, asked, asked.open), to_sponsor=to_sponsor),
        to=sponsor if sponsor is not None and to_sponsor else asked.initiative.facilitator_id,
        key=due.key,
        kind="role_silent",
    )


async def _still_silent(work: Work, role_id: int) -> asking.Asked | None:
    if await work.session.get(Role, role_id) is None:
        return None
    asked = await asking.load(work, role_id)
    if asked.initiative.state != InitiativeState.OPEN or not asked.open:
        return None
    return asked


DUE: Mapping[str, DueHandler] = {
    f"role_silent_{asking.SILENT_FIRST}": two_days,
    f"role_silent_{asking.SILENT_THEN}": four_days,
}
