"""What Slack refuses: for now, for good, or because it does not know it."""

import pytest
from structlog.testing import capture_logs

from bot.post.errors import WorkspaceGoneError
from sandbox.client import Workspace
from tests.post.office import Office, text


async def test_a_429_is_waited_out_and_the_lane_keeps_its_order(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    for words in "abc":
        await office.queue(channel, text(words))
    await office.workspace.faults({"method": "chat.postMessage", "kind": "rate_limited", "retry_after": 1})
    await office.deliver()
    assert [message.text for message in await office.workspace.messages("pilot")] == list("abc")
    refused, *later = await office.workspace.calls("chat.postMessage")
    assert refused.status == 429
    assert later[0].at - refused.at >= 1
    assert await office.workspace.calls("conversations.history") == []


async def test_a_closed_channel_fails_its_rows_tells_somebody_and_holds_up_nobody_else(
    office: Office, workspace: Workspace
) -> None:
    channel, other = await workspace.channel_id("pilot"), await workspace.person("jonas").id()
    await workspace.person("mara").archive("pilot")
    lost, fine = await office.queue(channel), await office.queue(other)
    await office.deliver()
    assert await office.states(lost, fine) == ["failed", "sent"]
    row = await office.row(lost)
    assert row.error == "is_archived"
    assert await office.told() == [row.id]


@pytest.mark.parametrize(
    "error", ["not_in_channel", "channel_not_found", "invalid_auth", "token_revoked", "msg_too_long"]
)
async def test_what_slack_refuses_for_good_is_tried_once(office: Office, error: str) -> None:
    key = await office.queue(await office.workspace.channel_id("pilot"))
    await office.workspace.faults({"method": "chat.postMessage", "kind": "error", "error": error})
    await office.deliver()
    row = await office.row(key)
    assert (row.state, row.error, row.attempts) == ("failed", error, 1)
    assert await office.told() == [row.id]


async def test_blocks_that_slack_refuses_are_named_in_the_ledger(office: Office) -> None:
    broken = {"text": "x", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x" * 200}}]}
    key = await office.queue(await office.workspace.channel_id("pilot"), broken)
    await office.deliver()
    row = await office.row(key)
    assert row.state == "failed"
    assert str(row.error).startswith("invalid_blocks")


async def test_somebody_who_left_the_workspace_is_not_written_to(office: Office) -> None:
    jonas = office.workspace.person("jonas")
    user = await jonas.id()
    await jonas.change(deleted=True)
    key = await office.queue(user)
    await office.deliver()
    assert (await office.row(key)).error == "user_disabled"
    assert len(await office.told()) == 1


async def test_the_news_of_a_failure_makes_no_news_of_its_own(office: Office) -> None:
    await office.queue("C0NOWHERE1", kind="delivery_failed")
    await office.deliver()
    assert await office.told() == []


async def test_a_method_the_server_lacks_is_left_out_and_logged_once(office: Office) -> None:
    view = {"type": "home", "blocks": text("x")["blocks"]}
    await office.workspace.faults(missing=["views.publish"])
    with capture_logs() as logs:
        for user in ("U1", "U2", "U3"):
            await office.queue(user, {"user_id": user, "view": view}, method="views.publish")
        await office.deliver()
    missing = [line for line in logs if line["event"] == "slack_method_missing"]
    assert [line["method"] for line in missing] == ["views.publish"]
    assert await office.told() == []


async def test_without_conversations_open_a_person_is_addressed_directly(office: Office) -> None:
    jonas = office.workspace.person("jonas")
    await office.workspace.faults(missing=["conversations.open"])
    key = await office.queue(await jonas.id(), text("hello"))
    await office.deliver()
    assert [message.text for message in await jonas.dm()] == ["hello"]
    assert str((await office.row(key)).channel).startswith("D")


async def test_after_many_attempts_the_pump_gives_up_and_somebody_is_told(office: Office) -> None:
    key = await office.queue(await office.workspace.channel_id("pilot"))
    await office.workspace.faults({"method": "chat.postMessage", "kind": "status", "times": None})
    await office.deliver()
    row = await office.row(key)
    assert (row.state, row.attempts) == ("unknown", 25)
    assert await office.told() == [row.id]


async def test_a_workspace_without_a_token_gets_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(workspace_id: str) -> None:
        raise WorkspaceGoneError(workspace_id)

    monkeypatch.setattr(office, "_client_for", gone)
    key = await office.queue("C1")
    await office.deliver()
    assert await office.states(key) == ["failed"]


async def test_a_server_that_is_down_is_tried_until_it_is_back(office: Office) -> None:
    await office.workspace.faults({"method": "*", "kind": "html", "times": 3})
    key = await office.queue(await office.workspace.person("jonas").id(), text("hello"))
    await office.deliver()
    assert await office.states(key) == ["sent"]
    assert len(await office.workspace.person("jonas").dm()) == 1
