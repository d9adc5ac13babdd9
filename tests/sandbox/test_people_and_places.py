"""What people do apart from talking to the app, and what the app hears and sees of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, SandboxConfig, UserGroupConfig
from sandbox.client import Person, Refused, TimedOut, Workspace
from sandbox.jsontypes import Json
from tests.sandbox.echo_bot import card
from tests.sandbox.listener import Listener, listening
from tests.sandbox.test_web_api import pilot, refusal


@pytest.fixture
def config(config: SandboxConfig) -> SandboxConfig:
    config.app.scopes += ["files:read", "usergroups:read", "channels:join", "app_mentions:read", "im:read"]
    config.app.events += ["file_shared", "channel_left", "group_left", "team_join", "app_mention"]
    config.workspaces[0].usergroups = [UserGroupConfig(handle="leads", members=["mara", "jonas"])]
    return config


@pytest.fixture
async def listener(sandbox: Sandbox) -> AsyncIterator[Listener]:
    async with listening(sandbox) as heard:
        yield heard


async def heard(workspace: Workspace, listener: Listener) -> list[Json]:
    await workspace.settled()
    return [body["event"] for body in listener.bodies if "event" in body]


async def test_a_file_from_a_person_is_shared_and_can_be_fetched_by_the_bot(
    sandbox: Sandbox, workspace: Workspace, listener: Listener, mara: Person
) -> None:
    said = await mara.attach("proof.pdf", b"%PDF", "pilot", text="evidence")
    events = await heard(workspace, listener)
    message = next(event for event in events if event["type"] == "message")
    assert message["subtype"] == "file_share"
    assert message["ts"] == said.ts
    assert any(event["type"] == "file_shared" for event in events)
    address = message["files"][0]["url_private"]
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        assert await answer.read() == b"%PDF"


async def test_deleting_and_editing_are_told_with_what_was_there(
    workspace: Workspace, listener: Listener, mara: Person, jonas: Person
) -> None:
    said = await mara.say("2 because", "pilot")
    with pytest.raises(Refused, match="own message"):
        await jonas.edit(said, "3")
    await mara.edit(said, "3 because")
    await mara.delete(said)
    _, changed, deleted = await heard(workspace, listener)
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["edited"]["user"] == await mara.id()
    assert changed["previous_message"]["text"] == "2 because"
    assert deleted["subtype"] == "message_deleted"
    assert deleted["deleted_ts"] == said.ts
    assert deleted["previous_message"]["text"] == "3 because"


async def test_the_bot_learns_that_it_was_taken_out(
    slack: AsyncWebClient, workspace: Workspace, listener: Listener, mara: Person
) -> None:
    channel = await pilot(workspace)
    await mara.remove("pilot")
    kinds = {event["type"] for event in await heard(workspace, listener)}
    assert "channel_left" in kinds
    assert (await refusal(slack, "chat.postMessage", channel=channel, text="x"))["error"] == "not_in_channel"
    assert (await refusal(slack, "conversations.history", channel=channel))["error"] == "not_in_channel"
    await slack.conversations_join(channel=channel)
    assert (await slack.chat_postMessage(channel=channel, text="back"))["ok"]


async def test_archived_channels_come_back(workspace: Workspace, listener: Listener, mara: Person) -> None:
    await mara.archive("pilot")
    with pytest.raises(Refused, match="archived"):
        await mara.say("x", "pilot")
    await mara.archive("pilot", undo=True)
    await mara.leave("pilot")
    with pytest.raises(Refused, match="not in this conversation"):
        await mara.say("x", "pilot")
    kinds = {event["type"] for event in await heard(workspace, listener)}
    assert kinds == {"channel_archive", "channel_unarchive", "member_left_channel"}


async def test_a_private_channel_speaks_of_groups(
    workspace: Workspace, listener: Listener, mara: Person
) -> None:
    await workspace.add_channel("board", is_private=True, members=["mara"], bot_in=True)
    await mara.say("quiet", "board")
    await mara.rename("board", "board-2")
    message, renamed = await heard(workspace, listener)
    assert message["channel_type"] == "group"
    assert renamed["type"] == "group_rename"


async def test_a_group_dm_is_one_conversation_for_all_in_it(
    slack: AsyncWebClient, workspace: Workspace, listener: Listener, mara: Person, jonas: Person
) -> None:
    opened = await slack.conversations_open(users=[await mara.id(), await jonas.id()])
    channel = opened["channel"]["id"]
    await slack.chat_postMessage(channel=channel, text="together")
    await jonas.say("yes", channel)
    events = await heard(workspace, listener)
    assert {event["channel_type"] for event in events} == {"mpim"}
    assert (await mara.screen()).group_dms == [channel]
    assert [one.reason for one in await mara.notifications()] == ["dm", "dm"]


async def test_a_mention_arrives_twice(workspace: Workspace, listener: Listener, mara: Person) -> None:
    bot = (await workspace.ids())["slipway"]
    said = await mara.say(f"<@{bot}> help", "pilot")
    events = await heard(workspace, listener)
    assert sorted(event["type"] for event in events) == ["app_mention", "message"]
    assert {event["ts"] for event in events} == {said.ts}


async def test_newcomers_are_announced_and_deactivated_people_do_nothing(
    workspace: Workspace, listener: Listener
) -> None:
    lea = await workspace.add_person("lea", is_restricted=True)
    await lea.change(deleted=True)
    joined, changed = await heard(workspace, listener)
    assert joined["user"]["is_restricted"]
    assert changed["user"]["deleted"]
    for trying in (lea.say("x"), lea.command("/slipway", "x")):
        with pytest.raises(Refused):
            await trying
    with pytest.raises(Refused, match="no shoe_size"):
        await lea.change(shoe_size=44)


async def test_user_groups_have_members(slack: AsyncWebClient, mara: Person, jonas: Person) -> None:
    groups = await slack.usergroups_list(include_users=True, include_count=True)
    group = groups["usergroups"][0]
    assert (group["handle"], group["user_count"]) == ("leads", 2)
    members = await slack.usergroups_users_list(usergroup=group["id"])
    assert members["users"] == group["users"] == [await mara.id(), await jonas.id()]
    assert (await refusal(slack, "usergroups.users.list", usergroup="S0"))["error"] == "no_such_subteam"


async def test_dms_need_their_own_scopes_and_types_are_checked(slack: AsyncWebClient, mara: Person) -> None:
    opened = await slack.conversations_open(users=await mara.id(), return_im=True)
    assert opened["channel"]["user"] == await mara.id()
    assert (await slack.conversations_info(channel=opened["channel"]["id"]))["channel"]["is_im"]
    assert (await refusal(slack, "conversations.list", types="letter"))["error"] == "invalid_types"
    assert (await refusal(slack, "conversations.list", types="mpim"))["needed"] == "mpim:read"
    assert (await refusal(slack, "conversations.list", limit=5_000))["error"] == "invalid_limit"
    assert (await refusal(slack, "conversations.list", cursor="x"))["error"] == "invalid_cursor"
    assert (await refusal(slack, "conversations.open", users=""))["error"] == "users_list_not_supplied"
    assert (await refusal(slack, "conversations.open", users="U0"))["error"] == "user_not_found"


async def test_an_installer_is_sent_back_with_code_and_state(sandbox: Sandbox) -> None:
    query = {
        "client_id": sandbox.config.app.client_id,
        "state": "s1",
        "scope": "chat:write",
        "redirect_uri": "http://127.0.0.1:1/slack/oauth_redirect",
    }
    address = f"{sandbox.url}/oauth/v2/authorize"
    async with (
        aiohttp.ClientSession() as session,
        session.get(address, params=query, allow_redirects=False) as answer,
    ):
        assert answer.status == 302
        assert answer.headers["Location"].startswith(query["redirect_uri"] + "?code=")
        assert answer.headers["Location"].endswith("&state=s1")


async def test_a_revoked_token_is_dead(slack: AsyncWebClient) -> None:
    assert (await slack.auth_revoke())["revoked"]
    assert (await refusal(slack, "auth.test"))["error"] == "account_inactive"


async def test_a_request_url_is_challenged(
    sandbox: Sandbox, workspace: Workspace, listener: Listener
) -> None:
    url = sandbox.config.app.request_url
    assert (await workspace.configure_app(request_url=url, verify=True))["verified"] is False
    listener.answer = {"challenge": "sandbox"}
    assert (await workspace.configure_app(request_url=url, verify=True))["verified"] is True


async def test_more_connections_than_allowed_are_refused(sandbox: Sandbox, workspace: Workspace) -> None:
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    sockets: list[aiohttp.ClientWebSocketResponse] = []
    refusals = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for _ in range(11):
            async with session.post(sandbox.api_url + "apps.connections.open") as answer:
                url = (await answer.json())["url"]
            try:
                sockets.append(await session.ws_connect(url))
            except aiohttp.WSServerHandshakeError as refused:
                refusals.append(refused.status)
        assert (await workspace.counters())["connections"] == 10
    assert len(sockets) == 10
    assert refusals == [408]


async def test_waiting_in_vain_says_for_what(workspace: Workspace, mara: Person) -> None:
    with pytest.raises(TimedOut, match="modal 'Never'"):
        await mara.next_modal("Never", within=0.1)
    with pytest.raises(TimedOut, match="connect"):
        await workspace.connected(within=0.1)


async def test_what_makes_no_sense_is_refused_with_a_reason(workspace: Workspace, mara: Person) -> None:
    for trying in (
        workspace.knobs(retry_delays="soon"),
        workspace.faults({"kind": "gremlins"}),
        workspace.set_clock(speed=-1),
        workspace.messages("nowhere"),
        mara.say("x", "nowhere"),
        mara.submit({}),
        mara.global_shortcut("none"),
        mara.command("/other", "x"),
        workspace.person("nobody").say("x"),
        mara.act("fly"),
    ):
        with pytest.raises(Refused):
            await trying


async def test_a_message_in_a_dm_by_handle_of_nobody_is_refused(slack: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await slack.chat_postMessage(channel="#nowhere", text="x", blocks=card(1))
