"""The Web API keeps Slack's contract: what is refused is refused with Slack's own words."""

import re

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, SandboxConfig
from sandbox.client import Person, Workspace
from sandbox.jsontypes import Json
from tests.sandbox.echo_bot import card, modal


@pytest.fixture
def config(config: SandboxConfig) -> SandboxConfig:
    config.app.scopes += ["im:read", "files:read", "reactions:write", "users:read.email", "team:read"]
    return config


async def refusal(slack: AsyncWebClient, method: str, **args: object) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await slack.api_call(method, json=args)
    data = caught.value.response.data
    assert isinstance(data, dict)
    return data


async def pilot(workspace: Workspace) -> str:
    return await workspace.channel_id("pilot")


async def test_auth_test_says_who_the_bot_is(slack: AsyncWebClient, workspace: Workspace) -> None:
    answer = await slack.auth_test()
    app = (await workspace.describe())["app"]
    assert (answer["user_id"], answer["bot_id"]) == (app["bot_user_id"], app["bot_id"])


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("", "not_authed"),
        ("xoxb-wrong", "invalid_auth"),
        ("xapp-1-A0SANDBOX1-sandbox", "not_allowed_token_type"),
    ],
)
async def test_tokens_are_checked(sandbox: Sandbox, token: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(sandbox.api_url + "auth.test", headers=headers) as got,
    ):
        assert await got.json() == {"ok": False, "error": error}


async def test_a_token_in_the_form_is_taken_as_well(sandbox: Sandbox) -> None:
    form = {"token": sandbox.bot_token}
    async with (
        aiohttp.ClientSession() as session,
        session.post(sandbox.api_url + "auth.test", data=form) as got,
    ):
        assert (await got.json())["ok"]


async def test_unknown_and_switched_off_methods_are_unknown(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    assert (await refusal(slack, "no.such"))["error"] == "unknown_method"
    await workspace.faults(missing=["views.publish"])
    assert (await refusal(slack, "views.publish", user_id="U", view={}))["error"] == "unknown_method"


async def test_a_missing_scope_is_named(slack: AsyncWebClient, workspace: Workspace) -> None:
    answer = await refusal(slack, "usergroups.list")
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "usergroups:read"
    assert "chat:write" in answer["provided"]


async def test_a_message_comes_back_with_its_metadata(slack: AsyncWebClient, workspace: Workspace) -> None:
    channel = await pilot(workspace)
    metadata = {"event_type": "slipway", "event_payload": {"key": "k1"}}
    posted = await slack.chat_postMessage(channel=channel, text="root", blocks=card(1), metadata=metadata)
    reply = await slack.chat_postMessage(channel=channel, text="reply", thread_ts=posted["ts"])
    history = await slack.conversations_history(channel=channel, include_all_metadata=True)
    assert [one["ts"] for one in history["messages"]] == [posted["ts"]]
    assert history["messages"][0]["metadata"] == metadata
    assert history["messages"][0]["reply_count"] == 1
    plain = await slack.conversations_history(channel=channel)
    assert "metadata" not in plain["messages"][0]
    thread = await slack.conversations_replies(channel=channel, ts=posted["ts"])
    assert [one["ts"] for one in thread["messages"]] == [posted["ts"], reply["ts"]]


async def test_history_is_paged(slack: AsyncWebClient, workspace: Workspace) -> None:
    channel = await pilot(workspace)
    sent = [(await slack.chat_postMessage(channel=channel, text=str(n)))["ts"] for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        answer = await slack.conversations_history(channel=channel, limit=2, cursor=cursor)
        seen += [one["ts"] for one in answer["messages"]]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert seen == sent[::-1]
    newer = await slack.conversations_history(channel=channel, oldest=sent[2])
    assert [one["ts"] for one in newer["messages"]] == [sent[4], sent[3]]


async def test_only_own_messages_are_changed_and_deleted(
    slack: AsyncWebClient, workspace: Workspace, mara: Person
) -> None:
    said = await mara.say("mine", "pilot")
    args = {"channel": said.channel, "ts": said.ts}
    assert (await refusal(slack, "chat.update", **args, text="x"))["error"] == "cant_update_message"
    assert (await refusal(slack, "chat.delete", **args))["error"] == "cant_delete_message"
    own = await slack.chat_postMessage(channel=said.channel, text="a", blocks=card(1))
    long = {"channel": said.channel, "ts": own["ts"], "text": "x" * 4_001}
    assert (await refusal(slack, "chat.update", **long))["error"] == "msg_too_long"
    await slack.chat_update(channel=said.channel, ts=own["ts"], text="only text")
    assert (await workspace.thread(said.channel, own["ts"]))[0].blocks == []
    await slack.chat_delete(channel=said.channel, ts=own["ts"])
    assert (await refusal(slack, "chat.update", channel=said.channel, ts=own["ts"], text="b"))["error"] == (
        "message_not_found"
    )


async def test_where_the_bot_may_not_post(slack: AsyncWebClient, workspace: Workspace, mara: Person) -> None:
    hidden = await workspace.add_channel("hidden", is_private=True, members=["mara"])
    general = await workspace.channel_id("general")
    old = await workspace.add_channel("old", members=["mara"], bot_in=True, archived=True)
    expected = {
        hidden: "channel_not_found",
        "C000": "channel_not_found",
        general: "not_in_channel",
        old: "is_archived",
    }
    for channel, error in expected.items():
        assert (await refusal(slack, "chat.postMessage", channel=channel, text="x"))["error"] == error
    assert (await refusal(slack, "chat.postMessage", channel=await pilot(workspace)))["error"] == "no_text"


async def test_a_deactivated_person_can_be_posted_to_but_not_opened(
    slack: AsyncWebClient, mara: Person, jonas: Person
) -> None:
    await jonas.change(deleted=True)
    user = await jonas.id()
    assert (await refusal(slack, "conversations.open", users=user))["error"] == "user_disabled"
    assert (await slack.chat_postMessage(channel=user, text="hello?"))["ok"]
    assert (await slack.users_info(user=user))["user"]["deleted"]


async def test_group_dms_hold_eight_people(slack: AsyncWebClient, workspace: Workspace) -> None:
    people = [await (await workspace.add_person(f"p{n}")).id() for n in range(9)]
    opened = await slack.conversations_open(users=people[:8])
    again = await slack.conversations_open(users=people[:8][::-1])
    assert opened["channel"]["id"] == again["channel"]["id"]
    assert opened["channel"]["id"].startswith("G")
    assert (await refusal(slack, "conversations.open", users=",".join(people)))["error"] == "too_many_users"
    single = await slack.conversations_open(users=people[0])
    assert single["channel"]["id"].startswith("D")


async def test_ephemerals_reach_only_members(
    slack: AsyncWebClient, workspace: Workspace, mara: Person
) -> None:
    channel = await pilot(workspace)
    await slack.chat_postEphemeral(channel=channel, user=await mara.id(), text="psst")
    assert [one.text for one in await mara.ephemerals()] == ["psst"]
    assert (await slack.conversations_history(channel=channel))["messages"] == []
    stranger = await (await workspace.add_person("away")).id()
    refused = await refusal(slack, "chat.postEphemeral", channel=channel, user=stranger, text="psst")
    assert refused["error"] == "user_not_in_channel"


async def test_files_go_up_in_three_steps(slack: AsyncWebClient, workspace: Workspace, mara: Person) -> None:
    channel = await pilot(workspace)
    sent = await slack.files_upload_v2(
        channel=channel,
        content=b"\x89PNG",
        filename="map.png",
        alt_txt="five conditions",
        initial_comment="The map",
    )
    file_id = sent["files"][0]["id"]
    message = (await workspace.messages("pilot"))[-1]
    assert (message.text, message.files[0]["alt_txt"]) == ("The map", "five conditions")
    assert await workspace.file(file_id) == b"\x89PNG"
    shared = (await slack.files_info(file=file_id))["file"]["shares"]["public"][channel]
    assert shared[0]["ts"] == message.ts
    image = {"type": "image", "alt_text": "map", "slack_file": {"id": file_id}}
    assert (await slack.chat_postMessage(channel=channel, text="see", blocks=[image]))["ok"]


async def test_an_unknown_slack_file_makes_blocks_invalid(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    image = {"type": "image", "alt_text": "map", "slack_file": {"id": "F0123456789"}}
    answer = await refusal(
        slack, "chat.postMessage", channel=await pilot(workspace), text="x", blocks=[image]
    )
    assert answer["error"] == "invalid_blocks"
    assert "json-pointer:/blocks/0" in answer["response_metadata"]["messages"][0]


async def test_permalinks_and_reactions(slack: AsyncWebClient, workspace: Workspace, mara: Person) -> None:
    said = await mara.say("done", "pilot")
    link = await slack.chat_getPermalink(channel=said.channel, message_ts=said.ts)
    assert re.fullmatch(r"https://fabrikam\.slack\.com/archives/C\w+/p\d{16}", link["permalink"])
    await slack.reactions_add(channel=said.channel, timestamp=said.ts, name="eyes")
    args = {"channel": said.channel, "timestamp": said.ts, "name": "eyes"}
    assert (await refusal(slack, "reactions.add", **args))["error"] == "already_reacted"


async def test_people_channels_and_groups_are_listed(
    slack: AsyncWebClient, workspace: Workspace, mara: Person
) -> None:
    users = await slack.users_list(limit=2)
    assert len(users["members"]) == 2
    assert users["response_metadata"]["next_cursor"]
    shown = (await slack.users_info(user=await mara.id(), include_locale=True))["user"]
    assert shown["is_admin"]
    assert shown["tz"] == "Europe/Berlin"
    assert shown["locale"] == "en-US"
    assert shown["profile"]["email"]
    names = [one["name"] for one in (await slack.conversations_list())["channels"]]
    assert names == ["general", "pilot"]
    own = [one["name"] for one in (await slack.users_conversations(types="public_channel"))["channels"]]
    assert own == ["pilot"]
    members = await slack.conversations_members(channel=await pilot(workspace))
    assert await mara.id() in members["members"]
    info = (await slack.conversations_info(channel=await pilot(workspace), include_num_members=True))[
        "channel"
    ]
    assert info["is_member"]
    assert info["num_members"] == 5
    assert (await slack.team_info())["team"]["domain"] == "fabrikam"
    bot = (await workspace.describe())["app"]["bot_id"]
    assert (await slack.bots_info(bot=bot))["bot"]["id"] == bot


# slack_sdk 3.48 passes the client's id and secret in a way aiohttp 3.14 is about to give up.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")
async def test_a_token_dies_when_uninstalled_and_a_new_installation_gives_another(
    sandbox: Sandbox, slack: AsyncWebClient, workspace: Workspace
) -> None:
    await workspace.uninstall()
    assert (await refusal(slack, "auth.test"))["error"] == "account_inactive"
    code = await workspace.oauth_code("mara")
    app = sandbox.config.app
    answer = await slack.oauth_v2_access(client_id=app.client_id, client_secret=app.client_secret, code=code)
    fresh = AsyncWebClient(token=answer["access_token"], base_url=sandbox.api_url, session=slack.session)
    assert (await fresh.auth_test())["ok"]
    assert (await refusal(slack, "auth.test"))["error"] == "invalid_auth"
    with pytest.raises(SlackApiError, match="invalid_code"):
        await slack.oauth_v2_access(client_id=app.client_id, client_secret=app.client_secret, code=code)


async def test_home_is_published_and_guarded_by_its_hash(slack: AsyncWebClient, mara: Person) -> None:
    user = await mara.id()
    first = await slack.views_publish(user_id=user, view={"type": "home", "blocks": card(1)})
    old = first["view"]["hash"]
    await slack.views_publish(user_id=user, view={"type": "home", "blocks": card(2)}, hash=old)
    refused = await refusal(
        slack, "views.publish", user_id=user, view={"type": "home", "blocks": card(3)}, hash=old
    )
    assert refused["error"] == "hash_conflict"
    home = (await mara.screen()).home
    assert home is not None
    assert "Question 2" in home.all_text


async def test_blocks_validate_needs_no_token(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for body, ok in (
            ({"blocks": card(1)}, True),
            ({"view": modal()}, True),
            ({"blocks": [{"type": "x"}]}, False),
        ):
            async with session.post(sandbox.api_url + "blocks.validate", json=body) as got:
                assert (await got.json())["ok"] is ok


async def test_wrong_metadata_and_threads_are_refused(slack: AsyncWebClient, workspace: Workspace) -> None:
    args: Json = {"channel": await pilot(workspace), "text": "x"}
    assert (await refusal(slack, "chat.postMessage", **args, metadata={"event_type": "a"}))["error"] == (
        "invalid_metadata_format"
    )
    assert (await refusal(slack, "chat.postMessage", **args, thread_ts="1.2"))["error"] == "thread_not_found"
    conflict = await refusal(slack, "chat.postMessage", **args, markdown_text="y")
    assert conflict["error"] == "markdown_text_conflict"
