"""Killed or cut off between Slack's commit and ours: the message is looked for, and never sent twice."""

import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.post.stamp import carries, marked, stamped
from sandbox.client import Workspace
from tests.post.conftest import QUICK
from tests.post.office import Office, card, text
from tests.support.slackish import Slackish


async def test_a_post_whose_answer_was_lost_is_found(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, text("once"))
    await office.workspace.faults({"method": "chat.postMessage", "kind": "drop_after_commit"})
    await office.deliver()
    [message] = await office.workspace.messages("pilot")
    row = await office.row(key)
    assert (row.state, row.ts, row.attempts) == ("sent", message.ts, 2)


async def test_a_post_that_never_arrived_is_sent_again(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, text("once"))
    await office.workspace.faults({"method": "chat.postMessage", "kind": "drop_before"})
    await office.deliver()
    assert [message.text for message in await office.workspace.messages("pilot")] == ["once"]
    assert await office.states(key) == ["sent"]


async def test_after_a_kill_the_next_pump_finds_the_message(office: Office, slack: AsyncWebClient) -> None:
    channel = await office.workspace.channel_id("pilot")
    for number in range(300):
        await slack.api_call("chat.postMessage", json={"channel": channel, **text(f"{number}")})
    key = await office.queue(channel, text("once"))
    ts = await office.lose_the_answer(key, slack, channel)
    for number in range(300):
        await slack.api_call("chat.postMessage", json={"channel": channel, **text(f"{number}")})
    await office.deliver()
    assert (await office.row(key)).ts == ts
    assert len(await office.workspace.messages("pilot")) == 601


async def test_after_a_kill_a_reply_is_found_in_its_thread(
    office: Office, workspace: Workspace, slack: AsyncWebClient
) -> None:
    jonas = workspace.person("jonas")
    root = await office.queue(await jonas.id(), text("root"))
    await office.deliver()
    reply = await office.queue(await jonas.id(), text("reply"), thread_of=root)
    [message] = await jonas.dm()
    ts = await office.lose_the_answer(reply, slack, message.channel, thread_ts=message.ts)
    await office.deliver()
    assert (await office.row(reply)).ts == ts
    assert len(await jonas.dm()) == 2


async def test_a_pump_cut_off_in_the_middle_of_a_call_leaves_the_row_to_the_next(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, text("once"))
    await office.workspace.faults({"method": "chat.postMessage", "kind": "slow", "delay": 0.5})
    pump = office.pump()
    await office.asked("chat.postMessage")
    # What a kill leaves behind: nobody settles the row.
    for task in [task for task in asyncio.all_tasks() if task.get_name().startswith("outbox-")]:
        task.cancel()
    await pump.stop()
    assert await office.states(key) == ["sending"]
    await office.deliver()
    assert await office.states(key) == ["sent"]
    assert len(await office.workspace.messages("pilot")) == 1


async def test_what_takes_longer_than_a_lease_is_left_to_whoever_sends_it(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, {"draw": "slowly"}, method="files.upload")
    drawn = 0

    async def draw(_: object) -> bytes:
        nonlocal drawn
        drawn += 1
        await asyncio.sleep(2 * QUICK.lease)
        return b"picture"

    for _ in range(2):
        office.pump(draw=draw)
    await office.emptied()
    assert (drawn, await office.states(key)) == (1, ["sent"])


@pytest.mark.parametrize("trouble", ["unknown_method", "missing_scope", "not_in_channel"])
async def test_where_looking_is_impossible_the_ledger_says_so_and_nothing_is_sent(
    office: Office, slack: AsyncWebClient, trouble: str
) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, text("once"))
    await office.lose_the_answer(key, slack, channel)
    await office.workspace.faults({"method": "conversations.history", "kind": "error", "error": trouble})
    await office.deliver()
    row = await office.row(key)
    assert row.state == "unknown"
    assert trouble in str(row.error)
    assert len(await office.workspace.messages("pilot")) == 1


async def test_looking_waits_as_long_as_slack_asks(office: Office, slack: AsyncWebClient) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, text("once"))
    ts = await office.lose_the_answer(key, slack, channel)
    await office.workspace.faults(
        {"method": "conversations.history", "kind": "rate_limited", "retry_after": 1},
        {"method": "conversations.history", "kind": "status", "status": 502},
    )
    await office.deliver()
    assert (await office.row(key)).ts == ts
    assert len(await office.workspace.messages("pilot")) == 1


async def test_an_ephemeral_message_that_may_have_arrived_is_not_said_twice(
    office: Office, workspace: Workspace
) -> None:
    jonas = workspace.person("jonas")
    args = text("only you") | {"user": await jonas.id()}
    channel = await workspace.channel_id("pilot")
    key = await office.queue(channel, args, method="chat.postEphemeral")
    await workspace.faults({"method": "chat.postEphemeral", "kind": "drop_after_commit"})
    await office.deliver()
    assert len(await jonas.ephemerals()) == 1
    assert await office.states(key) == ["unknown"]


async def test_a_whisper_left_behind_by_a_kill_is_not_said_twice(office: Office) -> None:
    url = office.response_url("U1", "C1")
    key = await office.queue(url, text("psst"), method="response_url")
    await office.leave_sending(key)
    await office.deliver()
    assert await office.states(key) == ["unknown"]
    assert await office.workspace.calls("response_url") == []


@pytest.mark.parametrize(("status", "state"), [(502, "unknown"), (429, "sent")])
async def test_a_whisper_is_repeated_only_when_it_surely_did_not_arrive(
    office: Office, slackish: Slackish, status: int, state: str
) -> None:
    slackish.answers = [status, 200]
    key = await office.queue(slackish.url, text("psst"), method="response_url")
    await office.deliver()
    assert await office.states(key) == [state]
    assert len(slackish.bodies) == (1 if state == "unknown" else 2)


def test_a_message_is_recognised_by_its_block_where_a_server_keeps_no_metadata() -> None:
    shown = {name: value for name, value in stamped(card("x"), "k1").items() if name != "metadata"}
    assert carries(shown, "k1")
    assert not carries(shown, "k2")


def test_no_block_that_can_be_clicked_loses_its_id() -> None:
    buttons = {"type": "actions", "block_id": "mine", "elements": []}
    accessory = {"type": "section", "block_id": "also mine", "accessory": {"type": "button"}}
    message = {"blocks": [buttons, accessory]}
    assert marked(message, "k1") == message
    assert carries(stamped(message, "k1"), "k1")
