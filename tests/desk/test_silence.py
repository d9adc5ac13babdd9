"""Asked and silent: the facilitator hears it after two working days, the sponsor after four."""

from datetime import UTC, datetime

from bot.desk import roles
from bot.desk.checks import Checked
from bot.desk.people import PersonFacts
from bot.desk.silence import DUE
from bot.store.models import Person
from tests.desk.town import LEADS, TEAM, Town

NO_ONE = Checked.of(())


async def test_nobody_is_told_before_two_working_days_have_passed(town: Town) -> None:
    town.clock.advance(days=1, hours=23)
    await town.fall_due(DUE)
    assert await town.sent("role_silent") == []


async def test_the_facilitator_is_told_after_two_and_the_sponsor_after_four(town: Town) -> None:
    for lead in (*LEADS.values(), "USPON"):
        await accept(town, lead)
    town.clock.advance(days=2)
    await town.fall_due(DUE)
    [first] = await town.sent("role_silent")
    assert first.to == "UFAC"
    assert "UOWNER" in str(first.args)
    assert "Name another" in str(first.args)
    # Tuesday and four working days are Monday: the weekend does not count.
    town.clock.advance(days=3)
    await town.fall_due(DUE)
    assert len(await town.sent("role_silent")) == 1
    town.clock.advance(days=1)
    await town.fall_due(DUE)
    [_, second] = await town.sent("role_silent")
    assert second.to == "USPON"
    assert "four working days" in str(second.args)


async def test_of_a_silent_sponsor_the_facilitator_is_told_both_times(town: Town) -> None:
    for lead in (*LEADS.values(), "UOWNER"):
        await accept(town, lead)
    town.clock.advance(days=6)
    await town.fall_due(DUE)
    assert [one.to for one in await town.sent("role_silent")] == ["UFAC", "UFAC"]


async def test_the_days_are_counted_in_the_silent_persons_own_zone(town: Town) -> None:
    async with town.work("UFAC") as work:
        uma = await work.session.get_one(Person, (TEAM, "UMEMBER"))
        uma.zone = "Pacific/Auckland"
    # Half past two on Friday in Berlin is Saturday in Auckland; their Tuesday begins on our Monday.
    town.clock.set(datetime(2026, 10, 9, 12, 30, tzinfo=UTC))
    await name(town, "UMEMBER")
    town.clock.set(datetime(2026, 10, 12, 12, 0, tzinfo=UTC))
    await town.fall_due(DUE)
    assert "UMEMBER" not in str([one.args for one in await town.sent("role_silent")])
    town.clock.set(datetime(2026, 10, 12, 12, 31, tzinfo=UTC))
    await town.fall_due(DUE)
    assert "UMEMBER" in str([one.args for one in await town.sent("role_silent")])


async def test_who_was_replaced_is_no_longer_waited_for_but_the_new_person_is(town: Town) -> None:
    for lead in (*LEADS.values(), "USPON"):
        await accept(town, lead)
    town.clock.advance(days=1)
    await name(town, "UMEMBER")
    town.clock.advance(days=1)
    await town.fall_due(DUE)
    assert await town.sent("role_silent") == []
    town.clock.advance(days=1)
    await town.fall_due(DUE)
    [told] = await town.sent("role_silent")
    assert "UMEMBER" in str(told.args)


async def accept(town: Town, who: str) -> None:
    group = next((group for group, lead in LEADS.items() if lead == who), None)
    kind = {"UOWNER": "owner", "USPON": "sponsor"}.get(who, "lead")
    role = await town.role(kind, group)
    async with town.work(who) as work:
        if group:
            await roles.accept_as_lead(
                work, role.id, {"days": "5", "profile": "confirm"}, key=f"accept:{who}"
            )
        else:
            await roles.accept(work, role.id, key=f"accept:{who}", response_url="")


async def name(town: Town, who: str) -> None:
    role = await town.role("owner")
    async with town.work("UFAC") as work:
        known = Checked.of([PersonFacts(TEAM, who, who, zone=await zone_of(town, who))])
        await roles.name_another(work, role.id, {"person": who}, known, key=f"name:{who}")


async def zone_of(town: Town, who: str) -> str:
    async with town.house.sessions() as session:
        return (await session.get_one(Person, (TEAM, who))).zone
