"""People leave, channels go, the bot is invited, messages are refused: whoever can mend it is told once."""

from sqlalchemy import select

from bot.desk.happenings import delivery_failed
from bot.desk.playbooks import Playbooks
from bot.desk.work import House
from bot.playbook.load import load_playbook
from bot.store.engine import Database
from bot.store.models import Due, Outbox, Person, Workspace
from tests.handlers.stage import Stage
from tests.support.clock import FakeClock


async def test_a_deactivated_person_is_told_to_the_facilitator_once_with_a_way_out(stage: Stage) -> None:
    await stage.set_up()
    for _ in range(2):
        await stage.person("ivo").change(deleted=True)
        await stage.workspace.settled()
    [told] = [one for one in await stage.messages_to("mara") if "deactivated" in one.text]
    assert "Lead of IT operations" in told.text
    await stage.person("mara").click(told, "Name another")
    await stage.modal_with("mara", "Who shall be asked instead")
    await stage.person("mara").submit({"person": stage.ids["ada"]})
    assert "Lead of IT operations" in (await stage.card("ada")).text


async def test_a_facilitator_who_is_gone_is_told_to_the_owner(stage: Stage) -> None:
    await stage.set_up()
    await stage.person("mara").change(deleted=True)
    told = await stage.person("olaf").next_message("who ran it, was deactivated")
    await stage.person("olaf").click(told, "Settings")
    await stage.modal_with("olaf", "What do you want to change")


async def test_a_changed_name_is_kept_and_a_stranger_to_us_is_not(stage: Stage, database: Database) -> None:
    await stage.set_up()
    await stage.person("olaf").change(tz="Asia/Tokyo")
    await stage.person("uma").change(tz="Asia/Tokyo")
    await stage.person("ada").change(tz="Asia/Tokyo")
    await stage.workspace.settled()
    async with database.begin() as session:
        zones = await session.execute(select(Person.user_id, Person.zone))
        found = {row.user_id: row.zone for row in zones}
    assert found[stage.ids["olaf"]] == "Asia/Tokyo"
    assert stage.ids["ada"] not in found


async def test_an_archived_home_is_told_with_the_way_to_another(stage: Stage) -> None:
    await stage.set_up()
    await stage.person("ada").archive("pilot")
    told = await stage.person("mara").next_message("can't post to its home channel")
    await stage.person("mara").click(told, "Settings")
    await stage.modal_with("mara", "What do you want to change")


async def test_taken_out_of_its_home_it_tells_the_facilitator(stage: Stage) -> None:
    await stage.set_up()
    await stage.person("ada").remove("pilot")
    assert (
        "can't post to its home channel"
        in (await stage.person("mara").next_message("can't post to its home channel")).text
    )


async def test_invited_to_a_channel_it_says_one_line_and_thanks(stage: Stage) -> None:
    await stage.person("uma").invite("quiet")
    hello = await stage.person("uma").next_message("/slipway new", channel="quiet")
    assert f"<@{stage.ids['uma']}>" in hello.text


async def test_removed_from_the_workspace_it_forgets_the_token(stage: Stage, database: Database) -> None:
    await stage.set_up()
    described = await stage.workspace.describe()
    team = described["team"]["id"]
    for number in (1, 2):
        await stage.workspace.deliver(
            "events_api",
            {
                "type": "event_callback",
                "team_id": team,
                "event_id": f"Ev{number}",
                "event": {"type": "app_uninstalled"},
            },
        )
    async with database.begin() as session:
        workspace = await session.get_one(Workspace, team)
        assert workspace.removed_at is not None
        assert workspace.sealed_bot_token is None
        assert not list(await session.scalars(select(Outbox).where(Outbox.state == "waiting")))


async def test_a_refused_message_is_told_once_and_a_refused_notice_never(
    stage: Stage, database: Database, clock: FakeClock
) -> None:
    await stage.set_up()
    house = House(database.sessions, clock, Playbooks(load_playbook()))
    async with database.begin() as session:
        row = (await session.scalars(select(Outbox).where(Outbox.kind == "role").limit(1))).one()
        row.error = "account_inactive"
        due = Due(workspace_id=row.workspace_id, kind="delivery_failed", key="x", subject_id=row.id)
        await delivery_failed(house.work_in(session, row.workspace_id), due)
        await delivery_failed(house.work_in(session, row.workspace_id), due)
        [notice] = await session.scalars(select(Outbox).where(Outbox.kind == "undelivered"))
        assert notice.to == stage.ids["mara"]
        assert "deactivated" in str(notice.args)
        due.subject_id = notice.id
        await delivery_failed(house.work_in(session, row.workspace_id), due)
        assert len(list(await session.scalars(select(Outbox).where(Outbox.kind == "undelivered")))) == 1
