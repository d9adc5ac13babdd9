"""Edits: the newest wins, the click's own address is tried first, and a message that is gone is handled."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.playbooks import Playbooks
from bot.desk.work import Actor, House
from bot.playbook.load import load_playbook
from bot.views import notices
from sandbox.client import Message, Workspace
from tests.post.office import Office, card, text


async def _posted(office: Office, words: str = "before") -> tuple[str, Message]:
    key = await office.queue(await office.workspace.channel_id("pilot"), card(words))
    await office.deliver()
    return key, (await office.workspace.messages("pilot"))[-1]


async def _edit(office: Office, edit_of: str, words: str, *, kind: str = "note", priority: int = 5) -> str:
    channel = await office.workspace.channel_id("pilot")
    return await office.queue(
        channel, text(words), method="chat.update", edit_of=edit_of, kind=kind, priority=priority
    )


async def test_of_many_edits_only_the_newest_is_made(office: Office) -> None:
    root, _ = await _posted(office)
    keys = [await _edit(office, root, f"{number}") for number in range(20)]
    await office.deliver()
    [message] = await office.workspace.messages("pilot")
    assert message.text == "19"
    assert len(await office.workspace.calls("chat.update")) == 1
    assert await office.states(keys[0], keys[-1]) == ["superseded", "sent"]


async def test_an_older_edit_on_another_lane_never_undoes_a_newer_one(office: Office) -> None:
    root, message = await _posted(office)
    user = await office.workspace.person("jonas").id()
    url = office.response_url(user, message.channel, message)
    args = text("older") | {"replace_original": True}
    older = await office.queue(url, args, method="response_url", edit_of=root, priority=9)
    newer = await _edit(office, root, "newer", priority=1)
    await office.deliver()
    [shown] = await office.workspace.messages("pilot")
    assert shown.text == "newer"
    assert await office.states(older, newer) == ["superseded", "sent"]


async def test_an_edit_waits_for_the_message_it_edits(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    root = await office.queue(channel, text("before"), lane="slow lane", priority=9)
    edit = await _edit(office, root, "after", priority=1)
    await office.deliver()
    [message] = await office.workspace.messages("pilot")
    assert message.text == "after"
    assert await office.states(root, edit) == ["sent", "sent"]


async def test_an_edited_message_keeps_the_key_it_was_sent_with(office: Office) -> None:
    root, message = await _posted(office)
    await _edit(office, root, "after")
    await office.deliver()
    [edited] = await office.workspace.messages("pilot")
    assert edited.blocks[0]["block_id"] == message.blocks[0]["block_id"]


async def test_a_clicked_card_is_replaced_through_its_own_address(office: Office) -> None:
    root, message = await _posted(office)
    user = await office.workspace.person("jonas").id()
    url = office.response_url(user, message.channel, message)
    args = text("next question") | {"replace_original": True}
    key = await office.queue(url, args, method="response_url", edit_of=root)
    await office.deliver()
    [shown] = await office.workspace.messages("pilot")
    assert shown.text == "next question"
    assert await office.workspace.calls("chat.update") == []
    assert await office.states(key) == ["sent"]


async def test_an_address_that_is_used_up_gives_way_to_an_edit(office: Office) -> None:
    root, message = await _posted(office)
    user = await office.workspace.person("jonas").id()
    url = office.response_url(user, message.channel, message)
    keys = []
    for number in range(6):
        args = text(f"{number}") | {"replace_original": True}
        keys.append(await office.queue(url, args, method="response_url", edit_of=root))
        await office.deliver()
    [shown] = await office.workspace.messages("pilot")
    assert shown.text == "5"
    assert len(await office.workspace.calls("chat.update")) == 1
    assert "used_url" in str((await office.row(keys[-1])).error)


async def test_an_answer_to_one_person_through_an_expired_address_fails_quietly(office: Office) -> None:
    await office.workspace.knobs(response_url_life=0)
    url = office.response_url("U0SOMEBODY", "C1")
    key = await office.queue(url, text("psst"), method="response_url")
    await office.deliver()
    assert await office.states(key) == ["failed"]
    assert await office.told() == []


async def test_an_assessment_that_is_gone_is_posted_anew_and_edited_there(
    office: Office, workspace: Workspace, slack: AsyncWebClient
) -> None:
    root, message = await _posted(office)
    await slack.api_call("chat.delete", json={"channel": message.channel, "ts": message.ts})
    edit = await _edit(office, root, "round 2 is closed", kind="assessment")
    await office.deliver()
    [anew] = await workspace.messages("pilot")
    assert anew.text == "round 2 is closed"
    assert "posted anew" in str((await office.row(edit)).error)
    await _edit(office, root, "corrected", kind="assessment")
    await office.deliver()
    [corrected] = await workspace.messages("pilot")
    assert (corrected.text, corrected.ts) == ("corrected", anew.ts)


async def test_any_other_message_that_is_gone_stays_gone(office: Office, slack: AsyncWebClient) -> None:
    root, message = await _posted(office)
    await slack.api_call("chat.delete", json={"channel": message.channel, "ts": message.ts})
    edit = await _edit(office, root, "after")
    await office.deliver()
    assert await office.states(edit) == ["failed"]
    assert await office.workspace.messages("pilot") == []
    assert await office.told() == []


@pytest.mark.parametrize("fault", ["drop_after_commit", "drop_before"])
async def test_an_edit_whose_answer_was_lost_is_made_again(office: Office, fault: str) -> None:
    root, _ = await _posted(office)
    edit = await _edit(office, root, "after")
    await office.workspace.faults({"method": "chat.update", "kind": fault})
    await office.deliver()
    [message] = await office.workspace.messages("pilot")
    assert message.text == "after"
    assert await office.states(edit) == ["sent"]


async def test_an_edit_that_has_to_wait_holds_back_nothing_else_that_is_said(office: Office) -> None:
    jonas = await office.workspace.person("jonas").id()
    house = House(office.database.sessions, office.clock, Playbooks(load_playbook()))
    await office.workspace.faults({"method": "chat.update", "kind": "rate_limited", "retry_after": 1})
    async with house.work(Actor(office.team_id, jonas)) as work:
        await work.send(notices.told("first"), to=jonas, key="first", kind="note")
        await work.edit(notices.told("changed"), edit_of="first", to=jonas, key="change", kind="note")
        await work.send(notices.told("second"), to=jonas, key="second", kind="note")
    await office.deliver()
    done = [call.method for call in await office.workspace.calls() if call.ok]
    assert [method for method in done if method.startswith("chat.")] == [
        "chat.postMessage",
        "chat.postMessage",
        "chat.update",
    ]


async def test_what_was_clicked_is_replaced_before_it_is_known_that_it_was_posted(
    office: Office, slack: AsyncWebClient
) -> None:
    mara = await office.workspace.person("mara").id()
    channel = await office.workspace.channel_id("pilot")
    asked = await office.queue(channel, card("question"))
    await office.lose_the_answer(asked, slack, channel)
    await office.hold(asked)
    [message] = await office.workspace.messages("pilot")
    url = office.response_url(mara, channel, message)
    args = text("answered") | {"replace_original": True}
    answer = await office.queue(url, args, method="response_url", edit_of=asked, priority=1)
    office.pump()
    changed = await office.workspace.person("mara").changed(message)
    assert changed.text == "answered"
    assert await office.states(asked, answer) == ["sending", "sent"]
