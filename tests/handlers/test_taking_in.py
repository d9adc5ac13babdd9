"""`/slipway new`, as somebody lives through it."""

import asyncio
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from bot.desk.description import outcome_of, pilot_of
from bot.desk.initiatives import asked_conditions
from bot.store.engine import Database
from bot.store.models import Initiative, InitiativeState, Role, Stakeholder
from sandbox import Sandbox
from sandbox.client import Workspace
from tests.handlers.stage import PROFILE, Stage, running


async def test_eight_pages_later_owner_sponsor_and_leads_are_asked_and_nobody_else(
    stage: Stage, database: Database
) -> None:
    summary = await stage.describe()
    assert summary.view is not None
    assert "250" in summary.view.all_text
    await stage.person("mara").submit({})
    await stage.workspace.settled()
    for who in ("olaf", "sina", "pia", "ivo", "bea", "dan"):
        assert len(await stage.messages_to(who)) == 1, who
    assert await stage.messages_to("uma") == []
    home = [one for one in await stage.workspace.messages("pilot") if one.from_bot]
    assert ["has set up" in one.text for one in home] == [True]
    async with database.begin() as session:
        [initiative] = await session.scalars(select(Initiative))
        assert initiative.state == InitiativeState.OPEN
        assert initiative.facilitator_id == stage.ids["mara"]
        assert initiative.zone == "Europe/Berlin"
        assert dict(initiative.profile or {}) == PROFILE
        assert asked_conditions(initiative) is None
        pilot, outcome = pilot_of(initiative), outcome_of(initiative)
        assert [pilot.months_stalled, pilot.budget, pilot.share_left_out] == [7, 250_000, 12]
        assert pilot.currency == "EUR"
        assert [outcome.start, outcome.target] == [Decimal("9.5"), 2]
        assert outcome.by is None
        people = list(await session.scalars(select(Stakeholder)))
        assert [one.user_id for one in people if one.is_daily_user] == [stage.ids["uma"]]


async def test_an_idea_is_asked_about_architecture_and_data_alone(stage: Stage, database: Database) -> None:
    await stage.open_new()
    pages = stage.pages()
    pages[0] = {"stage": "idea"}
    await stage.fill("mara", pages)
    await stage.person("mara").submit({})
    assert "the check of an idea" in (await stage.card("olaf")).text
    async with database.begin() as session:
        [initiative] = await session.scalars(select(Initiative))
        assert asked_conditions(initiative) == frozenset({"architecture", "data_stewardship"})


async def test_a_mistake_is_told_at_its_field_and_everything_typed_stays(stage: Stage) -> None:
    await stage.open_new()
    mara = stage.person("mara")
    outcome = await mara.submit({"months_stalled": "a while", "why_stalled": "Nobody owns it"})
    assert list(outcome.errors) == ["months_stalled"]
    assert not outcome.closed
    outcome = await mara.submit({"months_stalled": "7"})
    assert not outcome.errors
    outcome = await mara.submit({"budget": "250k", "share_left_out": "140"})
    assert set(outcome.errors) == {"currency", "share_left_out"}
    await mara.submit({"share_left_out": "14", "currency": "$"})
    assert (await mara.submit({"name": "  ", "problem": "x"})).errors.keys() == {"name"}
    await mara.submit({"name": "Invoices", "problem": "They wait"})
    outcome = await mara.submit({"start": "1.200", "target": "not known yet"})
    assert "two ways" in outcome.errors["start"]


async def test_a_closed_modal_loses_at_most_the_open_page(stage: Stage) -> None:
    await stage.open_new()
    mara = stage.person("mara")
    await stage.fill("mara", stage.pages()[:3])
    await mara.close(everything=True)
    await stage.say("mara", "new")
    offered = await stage.modal_with("mara", "isn't finished")
    assert "Invoices" in offered.all_text
    await mara.click(offered, "Go on")
    await stage.modal_with("mara", "The business outcome")
    back = await mara.modal()
    assert back is not None
    await mara.click(back, "Back")
    page = await stage.modal_with("mara", "What it is for")
    assert "Invoices" in str(page.blocks)
    await mara.close(everything=True)
    await stage.say("mara", "new")
    await mara.click(await stage.modal_with("mara", "isn't finished"), "Start another")
    await stage.modal_with("mara", "The pilot as it stands")


async def test_a_draft_can_be_thrown_away(stage: Stage, database: Database) -> None:
    await stage.open_new()
    mara = stage.person("mara")
    await stage.fill("mara", stage.pages()[:3])
    await mara.close(everything=True)
    await stage.say("mara", "new")
    await mara.click(await stage.modal_with("mara", "isn't finished"), "Throw away")
    await stage.modal_with("mara", "The pilot as it stands")
    async with database.begin() as session:
        names = list(await session.scalars(select(Initiative.name)))
    assert names == [None]


async def test_two_people_cannot_make_the_same_initiative_twice(stage: Stage) -> None:
    await stage.set_up("mara", "Invoices")
    await stage.open_new("olaf")
    await stage.fill("olaf", stage.pages()[:2])
    outcome = await stage.person("olaf").submit({"name": "  INVOICES ", "problem": "The same"})
    assert "mara has set up" in outcome.errors["name"]


async def test_of_two_who_send_the_same_name_at_once_one_wins(stage: Stage, database: Database) -> None:
    for who in ("mara", "olaf"):
        await stage.open_new(who)
        await stage.fill(who, stage.pages()[:2])
    outcomes = await asyncio.gather(
        *(stage.person(who).submit({"name": "Invoices", "problem": "x"}) for who in ("mara", "olaf"))
    )
    assert sorted(bool(one.errors) for one in outcomes) == [False, True]
    async with database.begin() as session:
        count = await session.scalar(
            select(func.count()).select_from(Initiative).where(Initiative.name_key == "invoices")
        )
    assert count == 1


async def test_who_cannot_take_part_is_named_at_the_field(stage: Stage) -> None:
    await stage.open_new()
    mara, ids = stage.person("mara"), stage.ids
    pages = stage.pages()
    await stage.fill("mara", pages[:4])
    outcome = await mara.submit({**pages[4], "owner": ids["gus"], "sponsor": ids["lea"]})
    assert "gus is a guest" in outcome.errors["owner"]
    assert "deactivated" in outcome.errors["sponsor"]
    await stage.fill("mara", pages[4:7])
    outcome = await mara.submit(
        stage.team(
            people_pilot_team=[ids["pia"], ids["rob"]],
            people_it_ops=[ids["ivo"], ids["pia"]],
            lead_data_gov=ids["uma"],
            daily_users=[ids["dan"]],
        )
    )
    assert "not a person" in outcome.errors["people_pilot_team"]
    assert "pia: already in Pilot team" in outcome.errors["people_it_ops"]
    assert set(outcome.errors) >= {"lead_data_gov", "daily_users"}
    outcome = await mara.submit(stage.team(people_data_gov=[ids["dan"], ids["gus"]]))
    assert not outcome.errors


async def test_where_the_bot_is_missing_it_says_how_to_invite_it(stage: Stage) -> None:
    await stage.open_new()
    pages = stage.pages()
    pages[4]["home_channel"] = stage.channels["quiet"]
    await stage.fill("mara", pages[:5])
    assert "/invite @Slipway" in (await stage.modal_with("mara", "I'm not in")).all_text
    await stage.fill("mara", pages[5:])
    await stage.person("mara").submit({})
    assert "I'm not in" in (await stage.modal_with("mara", "is set up")).all_text
    await stage.person("mara").invite("quiet")
    hello = await stage.person("mara").next_message("has set up", channel="quiet")
    assert "Invoices" in hello.text


async def test_the_zone_may_be_typed_as_a_city_and_people_without_slack_by_name(
    stage: Stage, database: Database
) -> None:
    await stage.open_new()
    pages = stage.pages()
    pages[4]["zone"] = "new york"
    pages[7]["without_slack"] = "Kim Lee, IT operations"
    await stage.fill("mara", pages)
    async with database.begin() as session:
        [initiative] = await session.scalars(select(Initiative))
        assert initiative.zone == "America/New_York"
        number = initiative.id
        [kim] = await session.scalars(select(Stakeholder).where(Stakeholder.user_id.is_(None)))
        assert (kim.name, kim.group, kim.recorded_by) == ("Kim Lee", "it_ops", stage.ids["ivo"])
    assert "still being described" in (await stage.say("mara", f"status #{number}")).text


async def test_every_submission_delivered_three_times_changes_nothing(
    stage: Stage, database: Database
) -> None:
    await stage.workspace.faults(duplicates={"copies": 3, "spread": 0.2})
    await stage.set_up()
    await stage.accept("olaf")
    async with database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Initiative)) == 1
        assert await session.scalar(select(func.count()).select_from(Role)) == 6
        assert await session.scalar(select(func.count()).select_from(Stakeholder)) == 5
    assert len(await stage.messages_to("olaf")) == 1
    assert "You accepted" in (await stage.card("olaf")).text


async def test_a_guest_and_a_stranger_are_told_why_not(stage: Stage) -> None:
    await stage.say("gus", "new")
    refused = await stage.person("gus").next_modal()
    await stage.modal_with("gus", "Guests can't start an initiative")
    assert refused.id


@pytest.mark.parametrize(
    ("setting", "allowed", "refused"), [("admins", "ada", "mara"), ("S0STARTERS", "mara", "ada")]
)
async def test_a_setting_narrows_who_may_start(
    sandbox: Sandbox, workspace: Workspace, database_url: str, setting: str, allowed: str, refused: str
) -> None:
    async with running(sandbox, database_url, new_allowed_for=setting):
        stage = await Stage.of(sandbox, workspace)
        for who, words in ((allowed, "The pilot as it stands"), (refused, "Here only")):
            await stage.say(who, "new")
            if setting.startswith("S"):
                await stage.modal_with(who, "eight short pages")
                await stage.person(who).submit({})
            await stage.modal_with(who, words)
