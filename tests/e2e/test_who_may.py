"""What people may not do: it is refused with a reason, kept in the log, and changes nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.client import Message
from tests.e2e.stage import ANSWER, Scene, Who


def _click(scene: Scene, who: dict[str, str], card: Message, level: int = 3) -> dict[str, Any]:
    """A click as Slack would send it, by somebody who sees no such card: forged, or from a shared channel."""
    radio = next(one for one in card.elements if one["action_id"] == ANSWER)
    option = radio["options"][level]
    return {
        "type": "block_actions",
        "team": {"id": scene.town.team, "domain": "fabrikam"},
        "user": who,
        "api_app_id": "A0SANDBOX1",
        "container": {"type": "message", "message_ts": card.ts, "channel_id": card.channel},
        "channel": {"id": card.channel, "name": "directmessage"},
        "trigger_id": "1.2.3",
        "actions": [
            {
                "type": "radio_buttons",
                "action_id": ANSWER,
                "block_id": card.blocks[3]["block_id"],
                "selected_option": option,
                "action_ts": f"{float(card.ts) + 5:.6f}",
            }
        ],
    }


async def _nothing_changed(scene: Scene, card: Message) -> None:
    await scene.workspace.settled()
    assert await scene.answers("bruno") == []
    assert (await scene["bruno"].card()).revision == card.revision


async def test_a_click_on_somebody_elses_card_is_refused_and_kept_in_the_log(scene: Scene) -> None:
    await scene.open_round(first=2)
    card = await scene["bruno"].start()
    carla = scene["carla"]
    ack = await scene.workspace.deliver(
        "interactive", _click(scene, {"id": carla.id, "team_id": scene.town.team}, card)
    )
    assert ack.ok
    await _nothing_changed(scene, card)
    [refusal] = await scene.refusals()
    assert (refusal.actor, refusal.subject, refusal.initiative_id) == (carla.id, "answer", scene.initiative)


async def test_a_stranger_from_a_shared_channel_is_refused(scene: Scene) -> None:
    await scene.open_round(first=2)
    card = await scene["bruno"].start()
    who = {"id": scene.ids["carla"], "team_id": "T0ELSEWHERE"}
    assert (await scene.workspace.deliver("interactive", _click(scene, who, card))).ok
    await _nothing_changed(scene, card)
    assert len(await scene.refusals()) == 1


@pytest.mark.parametrize("account", [{"is_bot": True}, {"deleted": True}, {"is_stranger": True}])
async def test_bots_deactivated_and_external_accounts_are_refused(
    scene: Scene, account: dict[str, bool]
) -> None:
    await scene.open_round(first=2)
    card = await scene["bruno"].start()
    ghost = await scene.workspace.add_person(f"ghost-{scene.initiative}", **account)
    who = {"id": await ghost.id(), "team_id": scene.town.team}
    assert (await scene.workspace.deliver("interactive", _click(scene, who, card))).ok
    await _nothing_changed(scene, card)


async def test_a_person_deactivated_meanwhile_can_not_answer(scene: Scene) -> None:
    await scene.open_round(first=2)
    card = await scene["bruno"].start()
    await scene["bruno"].person.change(deleted=True)
    await scene.workspace.settled()
    who = {"id": scene.ids["bruno"], "team_id": scene.town.team}
    assert (await scene.workspace.deliver("interactive", _click(scene, who, card))).ok
    await _nothing_changed(scene, card)
    assert len(await scene.refusals()) == 1


async def test_a_guest_who_was_named_answers_like_everybody(scene: Scene) -> None:
    await scene["bruno"].person.change(is_restricted=True)
    await scene.open_round(first=1)
    assert "Thank you" in (await scene["bruno"].answer_all()).text


async def test_only_the_facilitator_opens_and_closes_a_round(scene: Scene) -> None:
    for name in ("bea", "bruno", "sven"):
        outcome = await scene[name].command("diagnose")
        assert "You can't open or close a round of questions: that is for the facilitator" in outcome.text
    await scene.open_round(first=1)
    gaps = await scene["bea"].command("gaps")
    assert "Close now" not in str([one.buttons for one in gaps.ephemerals])
    assert len(await scene.refusals()) == 3


async def test_somebody_who_takes_no_part_sees_neither_progress_nor_result(scene: Scene) -> None:
    await scene.open_round(first=1)
    outcome = await scene["otto"].person.command("/slipway", f"gaps {scene.name}")
    assert "it is for the people who take part" in outcome.text


async def test_somebody_taken_off_the_list_is_told_so_on_an_old_card(scene: Scene) -> None:
    await scene.open_round(first=2)
    bruno = scene["bruno"]
    card = await bruno.start()
    await scene.stakeholder("bruno", left_at=datetime.now(UTC))
    await bruno.choose(card, 2)
    assert "You are no longer asked" in (await bruno.told("no longer asked")).text
    await _nothing_changed(scene, card)
    gaps = (await scene["lena"].command("gaps")).text
    assert f"<@{bruno.id}>" not in gaps


async def test_after_the_round_has_closed_old_cards_and_invitations_answer_with_a_word(scene: Scene) -> None:
    await scene.open_round(first=2)
    bruno, lena = scene["bruno"], scene["lena"]
    card = await bruno.start()
    progress = await lena.command("diagnose")
    await lena.click(progress.ephemerals[-1], "Close now")
    assert "has closed" in (await bruno.person.changed(card)).text
    await bruno.click(card, "Don't know", stale=True)
    assert "this could not be recorded any more" in (await bruno.told("has closed")).text
    carla: Who = scene["carla"]
    await carla.click(await carla.invitation(), "Start")
    await carla.told("has closed")
    assert await scene.answers("bruno") == []


async def test_a_click_that_arrives_after_a_newer_one_changes_nothing(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.answer(card, 1)
    late = _click(scene, {"id": bruno.id, "team_id": scene.town.team}, card, level=4)
    late["actions"][0]["action_ts"] = f"{float(card.ts) + 0.000_001:.6f}"
    assert (await scene.workspace.deliver("interactive", late)).ok
    await scene.workspace.settled()
    assert [one.level for one in await scene.answers("bruno", revisions=True)] == [1]


async def test_a_question_that_is_not_asked_here_is_answered_with_a_word(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    forged = _click(scene, {"id": bruno.id, "team_id": scene.town.team}, card)
    value = forged["actions"][0]["selected_option"]["value"]
    forged["actions"][0]["selected_option"] = {
        "value": value.rpartition(":")[0].rpartition(":")[0] + ":nothing:2"
    }
    assert (await scene.workspace.deliver("interactive", forged)).ok
    await scene.workspace.settled()
    assert await scene.answers("bruno") == []
    assert (await bruno.card()).revision == card.revision
