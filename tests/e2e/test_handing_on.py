"""Questions that go to somebody else: one, all, the group's together, and those of people without Slack."""

import pytest

from sandbox.client import Message, View
from tests.e2e.stage import ANSWER, Scene, Who, progress_of, question_of


async def _not_my_part(who: Who, card: Message, colleague: str, words: str = "") -> dict[str, str]:
    await who.click(card, "Not my part")
    modal = await who.modal("Your colleague is asked this one question")
    outcome = await who.person.submit({"person": colleague, "reason": words}, modal)
    return outcome.errors


async def test_one_question_goes_to_a_new_person_who_answers_in_the_groups_name(scene: Scene) -> None:
    await scene.open_round(first=2)
    bruno, otto = scene["bruno"], scene["otto"]
    card = await bruno.start()
    assert await _not_my_part(bruno, card, otto.id, "You set it up") == {}
    following = await bruno.person.changed(card)
    assert question_of(following) != question_of(card)
    assert "Handed to a colleague" in following.all_text
    invitation = await otto.invitation()
    assert f"<@{bruno.id}> thinks you know the answer to one question: “You set it up”" in invitation.text
    theirs = await otto.start()
    assert question_of(theirs) == question_of(card)
    assert progress_of(theirs).startswith("1 of 1")
    assert "Thank you" in (await otto.answer(theirs, 4)).text
    assert [one.said for one in await scene.answers("bruno")] == ["handed_over"]


async def test_a_member_of_the_same_group_gets_the_question_in_their_own_thread(scene: Scene) -> None:
    await scene.stakeholder("carla", is_daily_user=True)
    await scene.open_round("str-named-owner", "arc-observability")
    bruno, carla = scene["bruno"], scene["carla"]
    assert "Thank you" in (await carla.answer_all()).text
    owner = await bruno.start()
    assert await _not_my_part(bruno, owner, carla.id) == {}
    observability = await bruno.person.changed(owner)
    also = await carla.message("That makes 1 more question")
    assert also.thread_ts == (await carla.invitation()).ts
    await carla.click(also, "Answer")
    theirs = await carla.card()
    assert question_of(theirs) == question_of(owner)
    errors = await _not_my_part(bruno, observability, carla.id)
    assert "asked that already" in errors["person"]


@pytest.mark.parametrize(
    ("colleague", "reason"),
    [("ivo", "answers for IT operations already"), ("bruno", "That is you")],
)
async def test_who_can_not_answer_for_this_group_is_refused_at_the_field(
    scene: Scene, colleague: str, reason: str
) -> None:
    await scene.open_round(first=2)
    card = await scene["bruno"].start()
    errors = await _not_my_part(scene["bruno"], card, scene.ids[colleague])
    assert reason in errors["person"]
    assert await scene.answers("bruno") == []


@pytest.mark.parametrize("account", [{"deleted": True}, {"is_bot": True}, {"is_stranger": True}])
async def test_accounts_that_can_not_answer_are_refused_at_the_field(
    scene: Scene, account: dict[str, bool]
) -> None:
    await scene.open_round(first=2)
    ghost = await scene.workspace.add_person(f"ghost-{scene.initiative}", **account)
    card = await scene["bruno"].start()
    errors = await _not_my_part(scene["bruno"], card, await ghost.id())
    assert "deactivated or not a person" in errors["person"] or "another workspace" in errors["person"]


async def test_an_invitation_is_passed_on_once_and_the_old_one_says_to_whom(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno, otto = scene["bruno"], scene["otto"]
    invitation = await bruno.invitation()
    await bruno.click(invitation, "Pass on")
    modal = await bruno.modal("in your place")
    assert (await bruno.person.submit({"person": scene.ids["carla"]}, modal)).errors
    assert (await bruno.person.submit({"person": otto.id}, modal)).errors == {}
    assert f"I have asked <@{otto.id}>" in (await bruno.person.changed(invitation)).text
    assert f"<@{bruno.id}> thinks you know the answer" in (await otto.invitation()).text
    assert (
        f"<@{bruno.id}> (Business function): 0 of 3, passed on" in (await scene["lena"].command("gaps")).text
    )
    await bruno.click(invitation, "Start", stale=True)
    assert "on to a colleague" in (await bruno.told("You passed these questions")).text


async def test_passing_on_midway_keeps_what_was_answered(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno, otto = scene["bruno"], scene["otto"]
    card = await bruno.answer(await bruno.start(), 2)
    await bruno.click(await bruno.invitation(), "Pass on")
    await bruno.person.submit({"person": otto.id}, await bruno.modal("in your place"))
    assert "It is 2 questions" in (await otto.invitation()).text
    assert not (await bruno.person.changed(card)).has(ANSWER)
    assert question_of(await otto.start()) == question_of(card)
    assert [one.level for one in await scene.answers("bruno")] == [2]


async def test_a_group_answers_together_in_one_conversation_that_the_bot_opens(scene: Scene) -> None:
    await scene.open_round(first=2)
    bea, bruno = scene["bea"], scene["bruno"]
    await bea.click(await bea.invitation(), "Answer together")
    await scene.workspace.settled()
    assert "answers together" in (await bruno.message("answers together")).text
    [group] = (await bruno.person.screen()).group_dms
    opening = await bruno.person.next_message("you answer together for", channel=group)
    await bruno.click(opening, "Start")

    async def card() -> Message | None:
        found = [one for one in await scene.workspace.messages(group) if one.has(ANSWER)]
        return found[-1] if found else None

    shown = await scene.until(card, "a card for the group")
    assert "Whoever clicks answers for all of you" in shown.all_text
    await scene["carla"].choose(shown, 3)
    following = await bea.person.changed(shown)
    await bea.person.say("2 because we agreed", channel=group, thread_ts=following.thread_ts)
    thanks = await bea.person.next_message("Thank you!", channel=group)
    assert "2 answers" in thanks.text
    by = {one.said_by: one.level for one in await scene.answers("bea")}
    assert by == {scene.ids["carla"]: 3, scene.ids["bea"]: 2}


async def test_a_group_does_not_answer_together_once_somebody_has_begun(scene: Scene) -> None:
    await scene.open_round(first=2)
    await scene["bruno"].start()
    bea = scene["bea"]
    await bea.click(await bea.invitation(), "Answer together")
    assert "Nothing was changed" in (await bea.told("has begun to answer already")).text
    assert (await bea.person.screen()).group_dms == []


async def test_a_lead_records_what_somebody_without_slack_says(scene: Scene) -> None:
    await scene.without_slack("Kim Lee", "it_ops")
    await scene.open_round(first=2)
    ivo = scene["ivo"]
    asked = await ivo.message("has no Slack")
    assert "kept as told to you" in asked.text
    await ivo.click(asked, "Record answers")
    modal = await ivo.modal("told to you by Kim Lee")
    assert (await ivo.person.submit({}, modal)).errors
    outcome = await ivo.person.submit(
        _choice(modal, "1", **{"In their words": "Only on paper", "May be quoted": ["yes"]}), modal
    )
    second = await ivo.modal("2 of 2")
    assert outcome.errors == {}
    await ivo.person.submit(_choice(second, "dk"), second)
    await ivo.modal("answers are recorded as told to you: 2 of them")
    found = await scene.answers("Kim Lee")
    assert [(one.said, one.level, one.note, one.may_be_quoted, one.told_to) for one in found] == [
        ("level", 1, "Only on paper", True, True),
        ("dk", None, "", False, True),
    ]
    assert {one.said_by for one in found} == {ivo.id}


def _choice(modal: View, value: str, **more: object) -> dict[str, object]:
    blocks = {label: block for block, label in modal.labels.items()}
    return {blocks[label]: given for label, given in {"Their answer": value, **more}.items()}


async def test_a_group_of_nine_is_too_large_for_one_conversation(scene: Scene) -> None:
    await scene.join(*(f"extra{place}" for place in range(6)))
    await scene.open_round(first=1)
    bea = scene["bea"]
    await bea.click(await bea.invitation(), "Answer together")
    assert "8 people at most, and your group has 9" in (await bea.told("people at most")).text
    assert (await bea.person.screen()).group_dms == []


async def test_a_colleague_who_passed_it_on_is_not_asked_again(scene: Scene) -> None:
    await scene.open_round(first=2)
    bea, bruno = scene["bea"], scene["bruno"]
    await bea.click(await bea.invitation(), "Pass on")
    await bea.person.submit({"person": scene.ids["otto"]}, await bea.modal("in your place"))
    errors = await _not_my_part(bruno, await bruno.start(), bea.id)
    assert "passed these questions on" in errors["person"]
