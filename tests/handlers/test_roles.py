"""Roles are accepted, not assigned: what the asked person, the facilitator and the sponsor live through."""

from sqlalchemy import select

from bot.store.engine import Database
from bot.store.models import ProfileDispute, Role, RoleState, Stakeholder
from sandbox.client import Message
from tests.handlers.stage import LEADS, Stage


async def roles_of(database: Database, user_id: str) -> list[str]:
    async with database.begin() as session:
        return list(
            await session.scalars(select(Role.state).where(Role.user_id == user_id).order_by(Role.id))
        )


async def test_the_facilitator_is_told_once_when_owner_and_leads_have_accepted(stage: Stage) -> None:
    await stage.set_up()
    await stage.accept("olaf")
    for lead in LEADS.values():
        assert await stage.messages_to("mara") == []
        await stage.accept(lead)
    [ready] = await stage.messages_to("mara")
    assert "have all accepted" in ready.text
    assert "See what it would send" in ready.buttons
    await stage.accept("sina")
    assert len(await stage.messages_to("mara")) == 1
    preview = await stage.person("mara").click(ready, "See what it would send")
    await stage.workspace.settled()
    assert preview.acked


async def test_a_lead_says_how_many_days_and_confirms_the_profile_in_one_click(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    card = await stage.card("ivo")
    assert "Lead of IT operations" in card.text
    await stage.person("ivo").click(card, "Accept")
    form = await stage.modal_with("ivo", "weeks 5 to 8")
    assert "Acts alone inside set limits" in form.all_text
    for wrong in ("some", "2.5", "-1"):
        assert (await stage.person("ivo").submit({"days": wrong})).errors.keys() == {"days"}
    assert (await stage.person("ivo").submit({"days": "8 "})).closed
    await stage.workspace.settled()
    async with database.begin() as session:
        lead = (
            await session.scalars(select(Stakeholder).where(Stakeholder.user_id == stage.ids["ivo"]))
        ).one()
        assert (lead.capacity_days, lead.profile_confirmed_at is not None) == (8, True)
    after = await stage.card("ivo")
    assert "You accepted" in after.text
    assert after.buttons == []


async def test_a_dispute_reaches_the_facilitator_who_settles_it_in_settings(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    dan = stage.person("dan")
    await dan.click(await stage.card("dan"), "Accept")
    await stage.modal_with("dan", "weeks 5 to 8")
    await dan.submit({"days": "3", "profile": "dispute"})
    await dan.submit({"factor_sensitivity": "regulated", "because": "Health data is in there"})
    told = await stage.person("mara").next_message("sees 1 line of the profile differently")
    assert "Health data is in there" in told.text
    assert await roles_of(database, stage.ids["dan"]) == [RoleState.ACCEPTED]
    mara = stage.person("mara")
    await mara.click(told, "Settle it")
    menu = await stage.modal_with("mara", "To be settled")
    await mara.click(menu, "How it will be in production")
    await stage.modal_with("mara", "How many cases a day")
    await mara.submit({"factor_sensitivity": "regulated"})
    changed = await dan.next_message("changed what")
    assert "Health" not in changed.text
    await dan.click(changed, "Yes, that's right")
    await stage.workspace.settled()
    async with database.begin() as session:
        lead = (
            await session.scalars(select(Stakeholder).where(Stakeholder.user_id == stage.ids["dan"]))
        ).one()
        assert lead.profile_confirmed_at is not None
        assert [one.settled_at is None for one in await session.scalars(select(ProfileDispute))] == [False]


async def test_a_confirmation_of_an_earlier_profile_confirms_nothing(stage: Stage) -> None:
    await stage.set_up()
    await stage.accept("ivo")
    for value in ("high", "low"):
        await change_volume(stage, value)
    first = await stage.person("ivo").next_message("More than 2,000 a day")
    outcome = await stage.person("ivo").click(first, "Yes, that's right")
    await stage.workspace.settled()
    said = [*outcome.ephemerals, *await stage.person("ivo").ephemerals()]
    assert any("has changed since this message" in one.text for one in said)


async def change_volume(stage: Stage, value: str) -> None:
    mara = stage.person("mara")
    await stage.say("mara", "settings")
    await mara.click(
        await stage.modal_with("mara", "What do you want to change"), "How it will be in production"
    )
    await stage.modal_with("mara", "How many cases a day")
    await mara.submit({"factor_volume": value})
    await stage.workspace.settled()
    await mara.close(everything=True)


async def test_not_me_gives_the_facilitator_a_better_name_who_is_then_asked(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    olaf, mara = stage.person("olaf"), stage.person("mara")
    await olaf.click(await stage.card("olaf"), "Not me")
    await stage.modal_with("olaf", "That is fine")
    await olaf.submit({"person": stage.ids["uma"], "why": "I left that team"})
    told = await mara.next_message("says “not me”")
    assert "I left that team" in told.text
    assert f"<@{stage.ids['uma']}>" in told.text
    assert await stage.messages_to("uma") == []
    await mara.click(told, "Name another")
    form = await stage.modal_with("mara", "Who shall be asked instead")
    assert stage.ids["uma"] in str(form.blocks)
    await mara.submit({"person": stage.ids["uma"]})
    assert "Business owner" in (await stage.card("uma")).text
    await stage.workspace.settled()
    assert "Somebody else has been asked" in (await stage.card("olaf")).text
    assert await roles_of(database, stage.ids["olaf"]) == [RoleState.REPLACED]
    await mara.click(told, "Name another")
    await stage.modal_with("mara", "already named")


async def test_naming_another_lead_moves_the_lead_and_refuses_who_belongs_elsewhere(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    bea, mara, ids = stage.person("bea"), stage.person("mara"), stage.ids
    await bea.click(await stage.card("bea"), "Not me")
    await stage.modal_with("bea", "That is fine")
    await bea.submit({})
    told = await mara.next_message("says “not me”")
    await mara.click(told, "Name another")
    await stage.modal_with("mara", "Who shall be asked instead")
    assert "already answer for Pilot team" in (await mara.submit({"person": ids["pia"]})).errors["person"]
    assert "deactivated" in (await mara.submit({"person": ids["lea"]})).errors["person"]
    await mara.submit({"person": ids["uma"]})
    assert "Lead of Business function" in (await stage.card("uma")).text
    async with database.begin() as session:
        leads = await session.scalars(select(Stakeholder.user_id).where(Stakeholder.is_lead))
        assert set(leads) == {ids["pia"], ids["ivo"], ids["uma"], ids["dan"]}


async def test_one_person_with_several_roles_gets_one_message_and_may_keep_one(
    stage: Stage, database: Database
) -> None:
    await stage.open_new()
    pages = stage.pages()
    pages[4]["owner"] = stage.ids["bea"]
    await stage.fill("mara", pages)
    bea = stage.person("bea")
    await stage.person("mara").submit({})
    card = await stage.card("bea")
    assert "Business owner" in card.text
    assert "Lead of Business function" in card.text
    assert len(await stage.messages_to("bea")) == 1
    await bea.click(card, "Not me")
    form = await stage.modal_with("bea", "That is fine")
    owner = next(one for one in form.elements if one["type"] == "checkboxes")["options"][0]["value"]
    await bea.submit({"roles": [owner]})
    await stage.workspace.settled()
    assert await roles_of(database, stage.ids["bea"]) == [RoleState.DECLINED, RoleState.ASKED]
    await bea.click(await stage.card("bea"), "Accept")
    await stage.modal_with("bea", "weeks 5 to 8")
    await bea.submit({"days": "4"})
    await stage.workspace.settled()
    assert await roles_of(database, stage.ids["bea"]) == [RoleState.DECLINED, RoleState.ACCEPTED]


async def test_answering_twice_or_in_somebody_elses_place_changes_nothing(
    stage: Stage, database: Database
) -> None:
    await stage.set_up()
    card = await stage.card("olaf")
    await stage.accept("olaf")
    again = await stage.person("olaf").click(card, "Accept", stale=True)
    await stage.workspace.settled()
    assert any("already accepted" in one.text for one in await stage.person("olaf").ephemerals()), again
    await stage.person("sina").click(await stage.card("sina"), "See an example")
    assert "Invented figures" in (await stage.modal_with("sina", "Invented figures")).all_text
    stranger = await press(stage, "gus", await stage.card("sina"), "Accept")
    assert stranger
    assert await roles_of(database, stage.ids["sina"]) == [RoleState.ASKED]


async def press(stage: Stage, who: str, card: Message, label: str) -> bool:
    """Deliver a click on somebody else's card, as a forged or forwarded one would arrive."""
    button = next(one for one in card.elements if one["text"]["text"] == label)
    described = await stage.workspace.describe()
    ack = await stage.workspace.deliver(
        "interactive",
        {
            "type": "block_actions",
            "team": {"id": described["team"]["id"]},
            "user": {"id": stage.ids[who], "team_id": described["team"]["id"]},
            "trigger_id": "1.2.3",
            "channel": {"id": card.channel},
            "container": {"type": "message", "channel_id": card.channel, "message_ts": card.ts},
            "actions": [
                {
                    "type": "button",
                    "action_id": button["action_id"],
                    "value": button["value"],
                    "action_ts": "1.5",
                }
            ],
        },
    )
    return ack.ok
