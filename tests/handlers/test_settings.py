"""`/slipway settings` and `people`: every page again, audited, with what follows from a change."""

from sqlalchemy import select

from bot.store.engine import Database
from bot.store.models import Audit, Conversation, Initiative, Role, RoleState, Stakeholder
from sandbox.client import Outcome
from tests.handlers.stage import Stage


async def open_page(stage: Stage, label: str, words: str, who: str = "mara") -> None:
    await stage.say(who, "settings")
    await stage.person(who).click(await stage.modal_with(who, "What do you want to change"), label)
    await stage.modal_with(who, words)


async def change(stage: Stage, label: str, words: str, values: dict[str, object]) -> Outcome:
    await open_page(stage, label, words)
    outcome = await stage.person("mara").submit(values)
    await stage.workspace.settled()
    return outcome


async def audited(database: Database, action: str) -> list[tuple[str, object, object]]:
    async with database.begin() as session:
        rows = await session.scalars(select(Audit).where(Audit.action == action).order_by(Audit.id))
        return [(row.subject, row.details.get("was"), row.details.get("now")) for row in rows]


async def test_a_page_opens_with_what_is_known_and_each_changed_field_is_audited(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    outcome = await change(
        stage, "What the pilot was spared", "Budget", {"budget": "300k", "approvals_skipped": "Legal"}
    )
    assert outcome.view is not None
    assert "Saved: 1 change" in outcome.view.all_text
    assert await audited(database, "initiative.changed") == [("budget", "250000", "300000")]
    outcome = await change(stage, "What it is for", "Name", {})
    assert outcome.view is not None
    assert "Nothing was different" in outcome.view.all_text


async def test_a_changed_profile_is_told_to_the_leads_who_confirm_anew(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    await stage.accept("ivo")
    await change(
        stage,
        "How it will be in production",
        "How many cases a day",
        {"factor_autonomy": "acts_with_approval"},
    )
    told = await stage.person("ivo").next_message("changed what")
    assert "Was: Acts alone inside set limits; people handle the rest. Now: *Prepares" in told.text
    assert len(await stage.messages_to("pia")) == 1
    async with database.begin() as session:
        lead = (
            await session.scalars(select(Stakeholder).where(Stakeholder.user_id == stage.ids["ivo"]))
        ).one()
    assert lead.profile_confirmed_at is None


async def test_a_new_owner_is_asked_and_the_old_message_is_withdrawn(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    await stage.accept("olaf")
    await change(stage, "Who carries it, and where", "Sponsor", {"owner": stage.ids["uma"]})
    assert "Business owner" in (await stage.card("uma")).text
    assert "Somebody else has been asked" in (await stage.card("olaf")).text
    async with database.begin() as session:
        states = await session.execute(select(Role.user_id, Role.state).where(Role.kind == "owner"))
    assert {user_id: state for user_id, state in states} == {
        stage.ids["olaf"]: RoleState.REPLACED,
        stage.ids["uma"]: RoleState.ASKED,
    }


async def test_people_are_listed_and_changed_from_the_list(stage: Stage, database: Database) -> None:
    await stage.set_up()
    await stage.accept("dan")
    listed = await stage.say("mara", "people")
    assert f"<@{stage.ids['uma']}> (daily user)" in listed.text
    assert f"<@{stage.ids['dan']}> (lead), accepted" in listed.text
    [message] = listed.ephemerals
    await stage.person("mara").click(message, "Change people")
    await stage.modal_with("mara", "Daily users among them")
    ids = stage.ids
    await stage.person("mara").submit(
        stage.team(people_it_ops=[ids["ivo"], ids["uma"]], people_business=[ids["bea"]], daily_users=[])
    )
    await stage.workspace.settled()
    async with database.begin() as session:
        rows = await session.execute(
            select(Stakeholder.group, Stakeholder.left_at.is_(None)).where(Stakeholder.user_id == ids["uma"])
        )
    assert {tuple(row) for row in rows} == {("business", False), ("it_ops", True)}
    assert "Change people" not in (await stage.say("dan", "people")).ephemerals[0].buttons


async def test_it_is_handed_to_a_full_member_only_who_is_told(stage: Stage) -> None:
    await stage.set_up()
    mara = stage.person("mara")
    await open_page(stage, "Change facilitator", "Who shall run it")
    assert "guest" in (await mara.submit({"person": stage.ids["gus"]})).errors["person"]
    await mara.submit({"person": stage.ids["bea"]})
    assert "made you the facilitator" in (await stage.person("bea").next_message("made you")).text
    await mara.close(everything=True)
    await stage.say("mara", "settings Invoices")
    await stage.modal_with("mara", "You can't change this initiative")


async def test_it_is_closed_and_opened_again(stage: Stage, database: Database) -> None:
    await stage.set_up()
    mara = stage.person("mara")
    await stage.say("mara", "settings")
    await mara.click(await stage.modal_with("mara", "What do you want to change"), "Close it")
    await stage.modal_with("mara", "is closed")
    assert "has closed" in (await stage.person("olaf").next_message("has closed")).text
    await stage.person("olaf").click(await stage.card("olaf"), "Accept")
    await stage.workspace.settled()
    assert any("was closed" in one.text for one in await stage.person("olaf").ephemerals())
    await mara.close(everything=True)
    await stage.describe("sina", "invoices")
    await stage.say("mara", "settings Invoices")
    await mara.click(await stage.modal_with("mara", "is closed"), "Open it again")
    await stage.modal_with("mara", "by now")
    async with database.begin() as session:
        states = list(await session.scalars(select(Initiative.state).order_by(Initiative.id)))
    assert states == ["closed", "draft"]


async def test_a_closed_initiative_is_opened_again_where_its_name_is_free(stage: Stage) -> None:
    await stage.set_up()
    mara = stage.person("mara")
    await stage.say("mara", "settings")
    await mara.click(await stage.modal_with("mara", "What do you want to change"), "Close it")
    await mara.click(await stage.modal_with("mara", "is closed"), "Open it again")
    await stage.modal_with("mara", "It is open again")
    assert len(await stage.messages_to("pia")) == 1


async def test_while_a_round_is_open_who_joins_is_invited_and_who_leaves_is_let_go(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    await stage.accept_all()
    ready = await stage.person("mara").next_message("have all accepted")
    await stage.person("mara").click(ready, "See what it would send")
    await stage.workspace.settled()
    preview = (await stage.person("mara").ephemerals())[-1]
    await stage.person("mara").click(preview, "assessment.diagnose_confirm")
    invited = await stage.person("uma").next_message("questions")
    assert "Round 1: 0 of 5 have finished" in (await stage.say("mara", "status")).text
    [waiting] = (await stage.say("uma", "mine")).ephemerals
    assert "0 of 15 questions answered" in waiting.text
    ids = stage.ids
    await open_page(stage, "Who answers the questions", "Daily users among them")
    await stage.person("mara").submit(
        stage.team(people_business=[ids["bea"]], people_it_ops=[ids["ivo"], ids["ada"]], daily_users=[])
    )
    await stage.person("ada").next_message("questions")
    gone = await stage.person("uma").changed(invited)
    assert "nothing more for you to do" in gone.text
    assert "Round 1: 0 of 5 have finished" in (await stage.say("mara", "status")).text
    async with database.begin() as session:
        states = await session.execute(
            select(Stakeholder.user_id, Conversation.state).join(
                Conversation, Conversation.stakeholder_id == Stakeholder.id
            )
        )
    assert {user_id: state for user_id, state in states}[ids["uma"]] == "left"
