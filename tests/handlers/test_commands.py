"""`help`, what is no verb, `status`, `mine`, the shortcut and the App Home."""

from tests.handlers.stage import LEADS, Stage


async def test_help_names_every_verb_and_a_near_miss_is_offered(stage: Stage) -> None:
    usage = await stage.say("mara", "")
    for verb in ("new", "status", "people", "diagnose", "gaps", "mine", "settings"):
        assert f"/slipway {verb}" in usage.text
    missed = await stage.say("mara", "statsu")
    assert "Did you mean `/slipway status`?" in missed.text
    [message] = missed.ephemerals
    await stage.person("mara").click(message, "Yes, status")
    await stage.workspace.settled()
    assert any(
        "You take part in no initiative yet" in one.text for one in await stage.person("mara").ephemerals()
    )
    lost = await stage.say("mara", "<!channel> frobnicate & run")
    assert "nothing was done" in lost.text
    assert "<!channel>" not in lost.text


async def test_before_anything_exists_the_next_step_is_to_begin(stage: Stage) -> None:
    for verb in ("status", "people", "mine"):
        answer = await stage.say("uma", verb)
        assert "You take part in no initiative yet" in answer.text, verb
    [message] = (await stage.say("uma", "status")).ephemerals
    await stage.person("uma").click(message, "Bring in a pilot")
    await stage.modal_with("uma", "The pilot as it stands")
    home = await stage.person("uma").open_home()
    await stage.workspace.settled()
    home = (await stage.person("uma").screen()).home
    assert home is not None
    assert "Bring in a pilot" in home.buttons


async def test_status_says_who_is_waited_for_and_what_comes_next(stage: Stage) -> None:
    await stage.set_up()
    await stage.accept("olaf")
    before = (await stage.say("mara", "status")).text
    assert f"Accepted: Business owner (<@{stage.ids['olaf']}>)" in before
    assert "4 people still to accept" in before
    for lead in LEADS.values():
        await stage.accept(lead)
    facilitator = await stage.say("mara", "status", "pilot")
    assert "You can open the questions" in facilitator.text
    assert "See what it would send" in facilitator.ephemerals[0].buttons
    assert "opens the questions" in (await stage.say("pia", "status")).text
    stranger = await stage.say("gus", "status Invoices")
    assert "it is for the people who take part" in stranger.text
    assert "You take part in no initiative" in (await stage.say("gus", "status")).text


async def test_with_several_initiatives_one_is_chosen_or_named(stage: Stage) -> None:
    for name in ("Invoices", "Invoice claims", "Returns"):
        await stage.set_up("mara", name)
        await stage.person("mara").close(everything=True)
    choice = await stage.say("mara", "status")
    [message] = choice.ephemerals
    assert "Which initiative do you mean?" in message.text
    await stage.person("mara").click(message, "command.again", "Returns")
    await stage.workspace.settled()
    assert any("*Returns*" in one.text for one in await stage.person("mara").ephemerals())
    assert "*Invoices*" in (await stage.say("mara", "status invoices")).text
    assert "Which initiative" in (await stage.say("mara", "status invoic")).text
    assert "I know no initiative called" in (await stage.say("mara", "status claims")).text


async def test_what_waits_is_listed_and_can_be_done_from_the_list(stage: Stage) -> None:
    await stage.set_up()
    [message] = (await stage.say("olaf", "mine")).ephemerals
    assert "you are asked to be Business owner" in message.text
    await stage.person("olaf").click(message, "Accept")
    await stage.workspace.settled()
    assert "You accepted" in (await stage.card("olaf")).text
    assert "Nothing waits for you" in (await stage.say("olaf", "mine")).text


async def test_the_shortcut_and_home_show_the_same(stage: Stage) -> None:
    await stage.set_up()
    await stage.person("bea").global_shortcut("my_open_items")
    items = await stage.modal_with("bea", "you are asked to be Lead of Business function")
    await stage.person("bea").click(items, "Accept")
    await stage.modal_with("bea", "weeks 5 to 8")
    await stage.person("bea").submit({"days": "5"})
    await stage.person("bea").open_home()
    await stage.workspace.settled()
    home = (await stage.person("bea").screen()).home
    assert home is not None
    assert "Nothing waits for you" in home.all_text
    await stage.person("bea").click(home, "Status")
    shown = await stage.modal_with("bea", "still to accept")
    assert "Invoices" in shown.all_text
