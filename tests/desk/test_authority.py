"""Who may do what: the table holds for everybody, and every refusal says why and changes nothing."""

from collections.abc import Awaitable, Callable

import pytest

from bot.desk import intake, profile, roles, settings, status
from bot.desk.authority import MAY, Action, Standing, authorise
from bot.desk.checks import Checked
from bot.desk.errors import Refused, Told
from bot.desk.work import Work
from bot.store.models import Person, Workspace
from bot.views.actions import FinishRef, IntakeRef, ProfileRef
from tests.desk.town import LEADS, Town

WHO = {
    "UMEMBER": {Standing.MEMBER},
    "UGUEST": {Standing.GUEST},
    "UADMIN": {Standing.MEMBER, Standing.ADMIN},
    "UFAC": {Standing.MEMBER, Standing.FACILITATOR},
    "UOWNER": {Standing.MEMBER, Standing.OWNER},
    "USPON": {Standing.MEMBER, Standing.SPONSOR},
    "ULEAD1": {Standing.MEMBER, Standing.LEAD, Standing.STAKEHOLDER},
    "UANSWER": {Standing.MEMBER, Standing.STAKEHOLDER},
}
NOBODY = Checked.of(())

UseCase = Callable[[Work, Town], Awaitable[object]]


async def role_of(town: Town, kind: str, group: str | None = None) -> int:
    return (await town.role(kind, group)).id


async def _accept(work: Work, town: Town) -> None:
    await roles.accept(work, await role_of(town, "owner"), key="k", response_url="")


async def _accept_as_lead(work: Work, town: Town) -> None:
    await roles.accept_as_lead(work, await role_of(town, "lead", "it_ops"), {"days": "1"}, key="k")


async def _decline(work: Work, town: Town) -> None:
    await roles.decline(work, await role_of(town, "sponsor"), {}, NOBODY, key="k")


async def _name(work: Work, town: Town) -> None:
    await roles.name_another(work, await role_of(town, "owner"), {"person": "UMEMBER"}, NOBODY, key="k")


USE_CASES: dict[str, UseCase] = {
    "accept": _accept,
    "accept as lead": _accept_as_lead,
    "decline": _decline,
    "name another": _name,
    "confirm the profile": lambda w, t: profile.confirm(
        w, ProfileRef(t.initiative, "m"), key="k", response_url=""
    ),
    "dispute the profile": lambda w, t: profile.dispute(w, t.initiative, {}, key="k"),
    "see a page": lambda w, t: intake.show_page(
        w, IntakeRef(t.initiative, "people", "settings"), key="k", view_id="V"
    ),
    "save a page": lambda w, t: settings.save_page(
        w, IntakeRef(t.initiative, "aim", "settings"), {"name": "Mine", "problem": "x"}, NOBODY, key="k"
    ),
    "save a draft's page": lambda w, t: intake.save_page(
        w, IntakeRef(t.initiative, "aim", "new"), {"name": "Mine", "problem": "x"}, NOBODY, key="k"
    ),
    "finish": lambda w, t: intake.finish(w, FinishRef(t.initiative, "C1"), NOBODY, key="k"),
    "discard": lambda w, t: intake.discard(w, t.initiative, key="k", view_id="V"),
    "open settings": lambda w, t: settings.open_menu(w, channel_id="CHOME", name="", key="k", view_id="V"),
    "change people": lambda w, t: settings.open_people(w, t.initiative, key="k", view_id="V"),
    "hand over": lambda w, t: settings.hand_over(w, t.initiative, {"person": "UMEMBER"}, NOBODY, key="k"),
    "close": lambda w, t: settings.close(w, t.initiative, key="k", view_id="V"),
    "reopen": lambda w, t: settings.reopen(w, t.initiative, key="k", view_id="V"),
    "status": lambda w, t: status.show(w, channel_id="CHOME", name=""),
    "people": lambda w, t: status.show_people(w, channel_id="CHOME", name=""),
}


@pytest.mark.parametrize("user_id", WHO)
async def test_the_table_holds_for_every_action(town: Town, user_id: str) -> None:
    before = await town.counts()
    for action in Action:
        async with town.work(user_id) as work:
            initiative = await town.subject(work)
            if WHO[user_id] & MAY[action]:
                await authorise(work, action, initiative)
                continue
            with pytest.raises(Refused) as refused:
                await authorise(work, action, initiative)
            assert len(refused.value.text) > 40
            assert refused.value.action == action.name.lower()
    assert await town.counts() == before


@pytest.mark.parametrize("user_id", ["UGONE", "UROBOT", "UEXTERN"])
async def test_deactivated_people_bots_and_people_from_outside_may_nothing_at_all(
    town: Town, user_id: str
) -> None:
    await refused_everything(town, user_id)


async def test_a_person_of_another_workspace_may_nothing_at_all(town: Town) -> None:
    await refused_everything(town, "UFAC", team_id="TELSEWHERE")


async def refused_everything(town: Town, user_id: str, team_id: str = "") -> None:
    before = await town.counts()
    for name, use_case in USE_CASES.items():
        with pytest.raises(Refused) as refused:
            async with town.work(user_id, team_id=team_id) as work:
                await use_case(work, town)
        assert refused.value.text, name
    assert await town.counts() == before


async def test_somebody_without_a_part_in_it_changes_nothing(town: Town) -> None:
    before = await town.counts()
    for user_id in ("UMEMBER", "UGUEST"):
        for name, use_case in USE_CASES.items():
            with pytest.raises(Refused) as refused:
                async with town.work(user_id) as work:
                    await use_case(work, town)
            assert refused.value.initiative_id == town.initiative, name
    assert await town.counts() == before


async def test_a_lead_may_answer_for_the_own_role_only(town: Town) -> None:
    for name in ("accept", "decline", "name another", "close", "save a page"):
        with pytest.raises(Refused):
            async with town.work(LEADS["pilot_team"]) as work:
                await USE_CASES[name](work, town)
    with pytest.raises(Refused, match="ULEAD2"):
        async with town.work(LEADS["pilot_team"]) as work:
            await _accept_as_lead(work, town)


async def test_an_initiative_of_another_workspace_does_not_exist(town: Town) -> None:
    async with town.house.sessions.begin() as session:
        session.add(Workspace(id="T2"))
        await session.flush()
        session.add(
            Person(workspace_id="T2", user_id="UFAC", name="x", is_admin=True, read_at=town.clock.now())
        )
    for name in ("close", "accept", "see a page", "save a page", "name another"):
        with pytest.raises(Told) as told:
            async with town.work("UFAC", workspace="T2") as work:
                await USE_CASES[name](work, town)
        assert "no longer exists" in told.value.text, name
