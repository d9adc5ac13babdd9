"""A round from its opening to the channel: blind until it closes, first readers, round 2, both kept."""

import pytest

from sandbox.client import Message
from tests.e2e.stage import PEOPLE, Scene, Who

# Where the pilot team sees far more than those who have to live with it.
APART = ("arc-observability", "arc-rollback-stop")
CLOSE = "Close now"


async def _answered(scene: Scene, said: dict[str, int | str], first: int = 0, *criteria: str) -> None:
    """Open round 1 for these people alone, and have each answer everything the same."""
    await scene.only(*said)
    await scene.open_round(*criteria, first=first)
    for name, level in said.items():
        if not criteria or name != "dora":
            await scene[name].answer_all(level)
    await scene.workspace.settled()


LEADS: dict[str, int | str] = {"pia": 4, "ivo": 1, "bea": 1, "dora": 1}


async def _preview(who: Who) -> Message:
    return await who.message("You see this first")


async def test_opening_shows_whom_it_writes_to_and_can_be_put_off(scene: Scene) -> None:
    lena = scene["lena"]
    preview = await lena.command("diagnose")
    assert "Writes to 9 people, answers by" in preview.text
    assert "The round is blind" in preview.text
    await lena.click(preview.ephemerals[-1], "Not yet")
    await scene.workspace.settled()
    assert await scene.round() is None
    assert not [one for one in await scene["bea"].person.dm() if one.from_bot]


async def test_opening_twice_writes_to_everybody_once(scene: Scene) -> None:
    lena = scene["lena"]
    first, second = await lena.command("diagnose"), await lena.command("diagnose")
    for preview in (first, second):
        await lena.click(preview.ephemerals[-1], "Open round 1")
    await scene.workspace.settled()
    for name in PEOPLE:
        assert len([one for one in await scene[name].person.dm() if one.from_bot]) == 1


async def test_nobody_sees_an_answer_before_the_round_has_closed(scene: Scene) -> None:
    await scene.open_round(first=2)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.say("1 because the word is zebra", card)
    await bruno.card(after=card)
    for name in ("lena", "bea", "sven", "carla"):
        for command in ("gaps", "status"):
            outcome = await scene[name].command(command)
            assert "zebra" not in outcome.text
            assert card.options("diagnosis.answer")[1] not in outcome.text
        gaps = (await scene[name].command("gaps")).text
        assert f"<@{bruno.id}> (Business function): 1 of 2, answering" in gaps
        assert "stays hidden until the round closes, for everybody" in gaps
    for name in ("lena", "carla"):
        seen = [one.all_text for one in await scene[name].person.dm()]
        assert not [text for text in seen if "zebra" in text]
    assert await scene.home() == []


async def test_the_facilitator_closes_a_round_and_what_is_missing_counts_as_dont_know(scene: Scene) -> None:
    await scene.open_round(first=2)
    await scene["bruno"].answer_all(3)
    lena = scene["lena"]
    progress = await lena.command("diagnose")
    assert "1 of 9 have finished" in progress.text
    await lena.click(progress.ephemerals[-1], CLOSE)
    preview = await _preview(lena)
    assert ":warning: Incomplete" in preview.all_text
    assert "Pilot team" in preview.all_text
    closed = await scene.round()
    assert closed is not None
    assert (closed.state, closed.closed_by) == ("closed", lena.id)
    await lena.click(progress.ephemerals[-1], CLOSE, stale=True)
    await lena.told("closed already")


async def test_when_all_have_finished_owner_leads_and_facilitator_see_it_first(scene: Scene) -> None:
    await _answered(scene, LEADS, 2)
    assert "Everybody has answered now" in (await scene["dora"].message("That was all")).text
    for name in ("bea", "pia", "ivo", "dora", "lena"):
        preview = await _preview(scene[name])
        assert preview.buttons[:2] == ["Correct a fact", "Post now"]
    assert await scene.home() == []
    assert not [one for one in await scene["sven"].person.dm() if one.from_bot]
    told = await scene["sven"].command("gaps")
    assert "Owner and leads check the facts first" in told.text
    assert "You see this first" in (await scene["ivo"].command("gaps")).text


async def test_a_fact_to_correct_goes_to_the_facilitator(scene: Scene) -> None:
    await _answered(scene, LEADS, 2)
    ivo, lena = scene["ivo"], scene["lena"]
    await ivo.click(await _preview(ivo), "Correct a fact")
    modal = await ivo.modal("A fact is something that can be looked up")
    block = next(one for one in modal.elements if one["type"] == "static_select")
    title = block["options"][0]["text"]["text"]
    wrong = {"criterion": title, "correction": "It has had an owner since May", "link": "https://hr.example"}
    await ivo.person.submit(wrong, modal)
    await ivo.modal("has it now")
    told = await lena.message("says that a fact is wrong")
    assert title in told.text
    assert "It has had an owner since May" in told.text


async def test_post_now_puts_it_into_the_channel_once_and_every_preview_follows(scene: Scene) -> None:
    await _answered(scene, LEADS, 2)
    bea, ivo = scene["bea"], scene["ivo"]
    mine, theirs = await _preview(bea), await _preview(ivo)
    await bea.click(mine, "Post now")
    await bea.told("Posted to the channel")
    await scene.workspace.settled()
    assert len([one for one in await scene.home() if not one.thread_ts or one.thread_ts == one.ts]) == 1
    assert "Post now" not in (await ivo.person.changed(theirs)).buttons
    for name, sees_names in (("ivo", False), ("lena", True)):
        shown = await scene[name].message("Not ready for production")
        assert ("Who said what" in shown.buttons) is sees_names
    await ivo.click(theirs, "Post now", stale=True)
    await ivo.told("already in the channel")


async def test_it_posts_by_itself_after_one_working_day_with_a_picture_and_its_words(scene: Scene) -> None:
    await _answered(scene, LEADS, 0, *APART)
    await _preview(scene["lena"])
    await scene.town.advance(days=1, minutes=10)

    async def posted() -> list[Message] | None:
        found = await scene.home()
        return found if any(one.files for one in found) else None

    shown = await scene.until(posted, "the assessment in the channel")
    words = shown[0].all_text
    assert "Not ready for production" in words
    assert "Round 2 open until" in words
    assert shown[0].buttons[1:] == ["Where you differ", "How this is scored", "Plan it"]
    [file] = [each for one in shown for each in one.files]
    calls = await scene.workspace.calls("files.getUploadURLExternal")
    assert "Five conditions." in str(calls[-1].args["alt_txt"])
    assert (await scene.workspace.file(file["id"])).startswith(b"\x89PNG")


async def test_the_groups_differences_come_to_those_concerned_with_quotes_only_where_allowed(
    scene: Scene,
) -> None:
    await scene.only("pia", "ivo", "bea", "dora")
    await scene.open_round(*APART)
    for name, level, quote in (("pia", 4, True), ("ivo", 1, False), ("bea", 1, True)):
        who = scene[name]
        card = await who.start()
        await who.say(f"{level} because {name} said so", card)
        second = await who.card(after=card)
        if quote:
            await _allow_quote(who, second)
        await who.say(f"{level}", second)
        await who.message("That was all")
    await scene["bea"].click(await _preview(scene["bea"]), "Post now")
    opening = await scene["ivo"].message("two or more levels apart")
    assert "You need not do anything" in opening.text
    card = await scene["ivo"].message("the groups see this differently")
    assert card.thread_ts == opening.ts
    assert "pia said so" in card.all_text
    assert "bea said so" in card.all_text
    assert "ivo said so" not in card.all_text
    assert scene.ids["pia"] not in card.all_text
    assert not [one for one in await scene["dora"].person.dm() if "apart" in one.text]


async def _allow_quote(who: Who, card: Message) -> None:
    await who.click(card, "My answers")
    await who.click(await who.message("Your answers on"), "Note or link")
    await who.person.submit({"may_be_quoted": ["yes"]}, await who.modal("You said"))


async def test_in_round_2_an_answer_changes_with_a_reason_or_stands_and_both_rounds_are_kept(
    scene: Scene,
) -> None:
    await _answered(scene, LEADS, 0, APART[0])
    await scene["bea"].click(await _preview(scene["bea"]), "Post now")
    pia, ivo, bea = scene["pia"], scene["ivo"], scene["bea"]
    card = await pia.message("the groups see this differently")
    levels = card.options("round_two.answer")
    shown = (await scene["lena"].command("gaps")).text
    assert "answered" not in (await pia.command("mine")).text
    await pia.click(card, "round_two.answer", pick=levels[1])
    modal = await pia.modal("Your first answer is kept beside it")
    assert (await pia.person.submit({"reason": " "}, modal)).errors
    await pia.person.submit({"reason": "IT showed me the dashboards"}, modal)
    assert "changed from" in (await pia.person.changed(card)).text
    assert (await scene["lena"].command("gaps")).text == shown, "hidden until round 2 closes"
    await pia.person.say("3", thread_ts=card.thread_ts)
    assert "In round 2 each point has its own card" in (await pia.message("In round 2")).text
    posted = (await scene.home())[0]
    for who in (ivo, bea):
        mine = await who.message("the groups see this differently")
        await who.click(mine, "My answer stands")
        assert "your answer stands" in (await who.person.changed(mine)).text
    second = await scene.round(2)
    assert second is not None
    assert second.state == "closed"
    edited = await scene["lena"].person.changed(posted)
    assert "Round 2 open" not in edited.all_text
    assert [one.level for one in await scene.answers("pia")] == [4]
    await scene["pia"].click(card, "My answer stands", stale=True)
    await scene["pia"].told("Round 2 has closed")


async def test_choosing_the_same_level_again_is_no_change(scene: Scene) -> None:
    await _answered(scene, LEADS, 0, APART[0])
    await scene["bea"].click(await _preview(scene["bea"]), "Post now")
    ivo = scene["ivo"]
    card = await ivo.message("the groups see this differently")
    await ivo.click(card, "round_two.answer", pick=card.options("round_two.answer")[1])
    await ivo.modal("That is what you said before")


async def test_round_2_closes_by_itself_after_five_working_days(scene: Scene) -> None:
    await _answered(scene, LEADS, 0, APART[0])
    await scene["bea"].click(await _preview(scene["bea"]), "Post now")
    await scene["ivo"].message("the groups see this differently")
    posted = (await scene.home())[0]
    await scene.town.advance(days=8)
    edited = await scene["lena"].person.changed(posted)
    assert "Round 2 open" not in edited.all_text


async def test_the_screens_behind_the_buttons_are_paged_and_say_why(scene: Scene) -> None:
    await _answered(scene, LEADS, 3)
    bea = scene["bea"]
    await bea.click(await _preview(bea), "Post now")
    await scene.workspace.settled()
    screen = (await bea.command("gaps")).ephemerals[-1]
    every = next(label for label in screen.buttons if label.startswith("All "))
    await bea.click(screen, every)
    first = await bea.modal("Page 1 of")
    assert "What closes it:" in first.all_text
    await bea.click(first, "More")
    await bea.modal("Page 2 of")
    await bea.person.close(everything=True)
    await bea.click(screen, "Where you differ")
    await bea.modal("the groups see it differently")
    await bea.person.close(everything=True)
    await bea.click(screen, "How this is scored")
    scoring = await bea.modal("Nothing is averaged away")
    assert "Overall" in scoring.all_text
    await bea.person.close(everything=True)
    await bea.click(screen, "Plan it")
    assert "the most pressing first" in (await bea.modal("What has to be done")).all_text


async def test_the_facilitator_confirms_with_a_reason_that_something_does_not_apply(scene: Scene) -> None:
    await scene.only("pia", "ivo", "bea", "dora")
    await scene.open_round("mlo-vendor-change")
    for name in ("pia", "ivo"):
        who = scene[name]
        await who.say("does not apply because we host it ourselves", await who.start())
        await who.message("That was all")
    lena = scene["lena"]
    ask = await lena.message("says that this does not apply")
    assert "we host it ourselves" in ask.text
    await lena.click(ask, "Confirm, with a reason")
    modal = await lena.modal("Why does this not apply to this pilot?")
    assert (await lena.person.submit({"reason": "  "}, modal)).errors
    await lena.person.submit({"reason": "There is no vendor"}, modal)
    assert "left out of the assessment" in (await lena.person.changed(ask)).text
    preview = await _preview(scene["bea"])
    assert "There is no vendor" not in preview.all_text


@pytest.mark.parametrize("name", ["bruno", "sven"])
async def test_only_owner_leads_and_facilitator_post_or_correct(scene: Scene, name: str) -> None:
    await scene.open_round(first=1)
    lena = scene["lena"]
    await lena.click((await lena.command("diagnose")).ephemerals[-1], CLOSE)
    await _preview(lena)
    outcome = await scene[name].command("gaps")
    assert "Owner and leads check the facts first" in outcome.text
