"""A person and the bot: cards, clicks, and the ways back and out."""

from tests.e2e.stage import ANSWER, WORDS, Scene, progress_of, question_of


async def test_the_invitation_says_what_is_asked_how_long_it_takes_and_who_sees_it(scene: Scene) -> None:
    await scene.open_round()
    invitation = await scene["bruno"].invitation()
    assert invitation.buttons == ["Start", "Later", "Pass on"]
    words = invitation.all_text
    assert "questions, about" in words
    assert "There are 3 of you in that group, so this is not anonymous" in words
    assert "Nobody sees any answer before the round has closed" in words
    assert (await scene["bea"].invitation()).buttons[-1] == "Answer together"


async def test_a_question_shows_five_anchors_from_level_0_and_nothing_is_preselected(scene: Scene) -> None:
    await scene.open_round()
    card = await scene["bruno"].start()
    radio = next(one for one in card.elements if one["action_id"] == ANSWER)
    assert [one["value"].rpartition(":")[2] for one in radio["options"]] == ["0", "1", "2", "3", "4"]
    assert "initial_option" not in radio
    assert card.buttons[:3] == ["Don't know", "Does not apply", "Not my part"]
    assert progress_of(card).startswith("1 of ")
    assert "minutes left" in progress_of(card)
    assert "Business outcome" not in card.text


async def test_only_the_first_card_mentions_the_person_and_a_click_notifies_nobody(scene: Scene) -> None:
    await scene.open_round()
    bruno = scene["bruno"]
    card = await bruno.start()
    assert f"<@{bruno.id}>" in card.all_text
    pings, seen = len(await bruno.person.notifications()), (await scene.workspace.calls())[-1].number
    following = await bruno.answer(card, 2)
    assert following.ts == card.ts
    assert f"<@{bruno.id}>" not in following.all_text
    assert question_of(following) != question_of(card)
    assert card.options(ANSWER)[2] in following.all_text
    await scene.workspace.settled()
    assert [one.method for one in await scene.workspace.calls(since=seen)] == ["response_url"]
    assert len(await bruno.person.notifications()) == pings


async def test_change_shows_the_last_question_again_with_its_answer(scene: Scene) -> None:
    await scene.open_round()
    bruno = scene["bruno"]
    first = await bruno.start()
    second = await bruno.answer(first, 1)
    await bruno.click(second, "Change")
    again = await bruno.person.changed(second)
    assert question_of(again) == question_of(first)
    assert first.options(ANSWER)[1] in again.all_text
    third = await bruno.answer(again, 3)
    assert question_of(third) == question_of(second)
    [answer] = await scene.answers("bruno")
    assert answer.level == 3
    assert len(await scene.answers("bruno", revisions=True)) == 2


async def test_keep_it_leaves_the_answer_and_goes_on_where_one_was(scene: Scene) -> None:
    await scene.open_round()
    bruno = scene["bruno"]
    second = await bruno.answer(await bruno.start(), 1)
    await bruno.click(second, "Change")
    again = await bruno.person.changed(second)
    await bruno.click(again, "Keep it")
    assert question_of(await bruno.person.changed(again)) == question_of(second)
    assert [one.level for one in await scene.answers("bruno")] == [1]


async def test_a_skipped_question_comes_back_at_the_end(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    first = await bruno.start()
    await bruno.click(first, WORDS, pick="Skip for now")
    second = await bruno.person.changed(first)
    third = await bruno.answer(second, 2)
    last = await bruno.answer(third, 2)
    assert question_of(last) == question_of(first)
    assert "Left for later" not in last.all_text
    assert "Thank you" in (await bruno.answer(last, 2)).text


async def test_the_menu_of_a_card_goes_back_pauses_helps_and_starts_again(scene: Scene) -> None:
    await scene.open_round()
    bruno = scene["bruno"]
    first = await bruno.start()
    assert first.options(WORDS) == ["Skip for now", "Pause", "Start again…", "What I can type"]
    second = await bruno.answer(first, 2)
    await bruno.click(second, WORDS, pick="Back")
    back = await bruno.person.changed(second)
    assert question_of(back) == question_of(first)
    await bruno.click(back, WORDS, pick="Pause")
    paused = await bruno.person.changed(back)
    assert "Paused" in paused.text
    await bruno.click(paused, "Go on")
    assert question_of(await bruno.person.changed(paused)) == question_of(second)
    card = await bruno.card()
    await bruno.click(card, WORDS, pick="What I can type")
    assert "`back` or `skip`" in (await bruno.message("What you can type here")).text


async def test_starting_again_asks_first_and_then_goes_through_every_question(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    first = await bruno.start()
    second = await bruno.answer(first, 1)
    third = await bruno.answer(second, 2)
    await bruno.click(third, WORDS, pick="Start again…")
    ask = await bruno.message("Start again at question 1?")
    await bruno.click(ask, "Start again")
    again = await bruno.card(after=third)
    assert question_of(again) == question_of(first)
    assert "Until you choose, your answer stays" in again.all_text
    await bruno.click(again, "Keep it")
    twice = await bruno.person.changed(again)
    assert question_of(twice) == question_of(second)
    thrice = await bruno.answer(twice, 4)
    assert question_of(thrice) == question_of(third)
    assert "Thank you" in (await bruno.answer(thrice, 0)).text
    assert [one.level for one in await scene.answers("bruno")] == [1, 4, 0]


async def test_the_list_of_answers_is_paged_and_takes_notes_links_and_changes(scene: Scene) -> None:
    await scene.open_round(first=10)
    bruno = scene["bruno"]
    card = await bruno.start()
    second = await bruno.answer(card, 2)
    await bruno.click(second, "My answers")
    listed = await bruno.message("Your answers on")
    assert "page 1 of 2" in listed.text
    await bruno.click(listed, "More")
    assert "page 2 of 2" in (await bruno.person.changed(listed)).text
    await bruno.click(await bruno.person.changed(listed), "Earlier")
    listed = await bruno.message("page 1 of 2")
    await bruno.click(listed, "Note or link")
    modal = await bruno.modal(card.options(ANSWER)[2])
    outcome = await bruno.person.submit({"note": "Nobody wrote it down", "link": "wiki/page"}, modal)
    assert outcome.errors
    await bruno.person.submit({"note": "Nobody wrote it down", "link": "https://wiki.example/1"}, modal)
    assert "Nobody wrote it down" in (await bruno.message("Noted: ")).text
    [answer] = await scene.answers("bruno")
    assert (answer.level, answer.note, answer.link) == (2, "Nobody wrote it down", "https://wiki.example/1")
    assert not answer.may_be_quoted
    assert len(await scene.answers("bruno", revisions=True)) == 2
    await bruno.click(listed, "Note or link")
    await bruno.person.submit({"may_be_quoted": ["yes"]}, await bruno.modal("You said"))
    assert [one.may_be_quoted for one in await scene.answers("bruno")] == [True]


async def test_later_writes_once_more_on_the_next_working_morning(scene: Scene) -> None:
    await scene.open_round(first=2)
    bruno = scene["bruno"]
    invitation = await bruno.invitation()
    await bruno.click(invitation, "Later")
    assert "I come back" in (await bruno.person.changed(invitation)).text
    await scene.town.advance(days=1, hours=1)
    again = await bruno.message("asks for your view", after=invitation.ts)
    await bruno.click(again, "Start")
    card = await bruno.card()
    assert card.thread_ts == again.ts
    await scene.town.advance(days=1)
    await scene.workspace.settled()
    invited = [one for one in await bruno.person.dm() if "asks for your view" in one.text]
    assert len(invited) == 1


async def test_putting_it_off_after_beginning_says_where_one_stands(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    invitation = await bruno.invitation()
    await bruno.answer(await bruno.start(), 2)
    await bruno.click(invitation, "Later")
    assert "1 of 3 answered" in (await bruno.message("1 of 3 answered")).text
    assert "Start" in (await bruno.invitation()).buttons


async def test_two_clicks_on_one_card_in_the_same_second_count_for_its_question(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    second = await bruno.answer(card, 1)
    await bruno.click(card, ANSWER, pick=card.options(ANSWER)[4], stale=True)
    await scene.workspace.settled()
    [answer] = await scene.answers("bruno")
    assert answer.level == 4
    assert question_of(await bruno.card()) == question_of(second)
    assert card.options(ANSWER)[4] in (await bruno.card()).all_text


async def test_a_click_on_an_older_card_settles_it_and_the_newest_goes_on(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    old = await bruno.start()
    await bruno.click(await bruno.invitation(), "Start")
    new = await bruno.card(after=old)
    assert new.ts != old.ts
    left = await bruno.person.changed(old)
    assert "it goes on below" in left.text
    await bruno.click(old, ANSWER, pick=old.options(ANSWER)[3], stale=True)
    settled = await bruno.person.changed(left)
    assert old.options(ANSWER)[3] in settled.all_text
    moved = await bruno.person.changed(new)
    assert question_of(moved) != question_of(new)
    assert [one.level for one in await scene.answers("bruno")] == [3]


async def test_does_not_apply_needs_a_reason(scene: Scene) -> None:
    await scene.open_round(first=2)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.click(card, "Does not apply")
    modal = await bruno.modal("Why does this not apply")
    assert (await bruno.person.submit({"reason": "   "}, modal)).errors
    await bruno.person.submit({"reason": "We buy it as a service"}, modal)
    following = await bruno.person.changed(card)
    assert question_of(following) != question_of(card)
    [answer] = await scene.answers("bruno")
    assert (answer.said, answer.reason) == ("na", "We buy it as a service")


async def test_the_last_answer_gets_thanks_and_what_happens_next(scene: Scene) -> None:
    await scene.open_round(first=2)
    thanks = await scene["bruno"].answer_all("dk")
    assert "2 answers, 2 of them “I don't know”, which helps too" in thanks.text
    assert "8 people still to go" in thanks.text
    assert "Until the round closes you can change any answer" in thanks.text
    await scene["bruno"].click(thanks, "My answers")
    listed = await scene["bruno"].message("Your answers on")
    await scene["bruno"].click(listed, "Change")
    card = await scene["bruno"].card()
    await scene["bruno"].click(card, "Keep it")
    assert "Thank you" in (await scene["bruno"].person.changed(card)).text


async def test_a_daily_user_is_asked_fifteen_questions(scene: Scene) -> None:
    await scene.stakeholder("carla", is_daily_user=True)
    await scene.open_round()
    assert "It is 15 questions" in (await scene["carla"].invitation()).text
    assert progress_of(await scene["carla"].start()).startswith("1 of 15")


async def test_an_idea_is_asked_about_two_conditions_only(scene: Scene) -> None:
    idea = await scene.town.scene(stage="idea")
    await idea.open_round()
    bruno = idea["bruno"]
    card = await bruno.start()
    assert progress_of(card).startswith("1 of 9")


async def test_follow_ups_come_at_a_conditions_end_and_three_at_most(scene: Scene) -> None:
    criteria = ("str-named-owner", "str-run-funding", "arc-integration-production", "arc-failure-handling")
    more = ("dat-production-pipeline", "mlo-versioning", "wfl-launch-support")
    await scene.open_round(*criteria, *more)
    ines = scene["ines"]
    card = await ines.start()
    following = await ines.answer(card, 1)
    await scene.workspace.settled()
    assert not [one for one in await ines.person.dm() if "Something to add?" in one.text]
    await ines.answer(following, "dk")
    asked = await ines.message("Something to add?")
    assert "This is optional" in asked.text
    await ines.click(asked, "Tell me")
    modal = await ines.modal("You said")
    await ines.person.submit({"note": "Two owners were named, both left"}, modal)
    assert (await scene.answers("ines"))[-1].note == "Two owners were named, both left"
    card = await ines.card()
    while card.has(ANSWER):
        card = await ines.answer(card, 0)
    await scene.workspace.settled()
    assert len([one for one in await ines.person.dm() if "Something to add?" in one.text]) == 3


async def test_a_leads_strong_claim_is_asked_to_be_shown(scene: Scene) -> None:
    await scene.open_round("arc-observability")
    ivo = scene["ivo"]
    await ivo.answer(await ivo.start(), 4)
    asked = await ivo.message("Is there a link or a file that shows it?")
    await ivo.click(asked, "Add a link")
    await ivo.person.submit({"link": "https://grafana.example/d/1"}, await ivo.modal("You said"))
    assert [one.link for one in await scene.answers("ivo")] == ["https://grafana.example/d/1"]
    await ivo.click(asked, "Nothing to add")
    assert "nothing to add" in (await ivo.person.changed(asked)).text


async def test_who_would_know_asks_the_person_named_and_keeps_the_dont_know(scene: Scene) -> None:
    await scene.open_round("arc-observability", "mlo-versioning")
    ines = scene["ines"]
    await ines.answer(await ines.start(), "dk")
    asked = await ines.message("Who would?")
    await ines.click(asked, "diagnosis.who_knows", pick=scene.ids["otto"])
    assert f"I have asked <@{scene.ids['otto']}>" in (await ines.person.changed(asked)).text
    invitation = await scene["otto"].invitation()
    assert f"<@{ines.id}> thinks you know the answer" in invitation.text
    assert "It is 1 question," in invitation.text
    assert [one.said for one in await scene.answers("ines")] == ["dk"]
