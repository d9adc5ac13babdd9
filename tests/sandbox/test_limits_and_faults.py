"""Rate limits, triggers, response_urls, view hashes, and faults made on purpose."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Person, Workspace
from sandbox.jsontypes import Json
from tests.sandbox.echo_bot import card, modal
from tests.sandbox.listener import Listener, listening
from tests.sandbox.test_web_api import pilot, refusal


@pytest.fixture
async def listener(sandbox: Sandbox) -> AsyncIterator[Listener]:
    async with listening(sandbox) as heard:
        yield heard


async def use(url: str, **body: object) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def trigger(person: Person, listener: Listener) -> str:
    await person.command("/slipway", "x")
    return str(listener.interactions[-1]["trigger_id"])


async def clicked(
    slack: AsyncWebClient, person: Person, listener: Listener, channel: str = "pilot"
) -> tuple[str, str]:
    """A card was posted and its button clicked: response_url and ts."""
    name = await person.workspace.get("/control/workspace")
    ids = {one.get("name"): one["id"] for one in name["channels"]}
    posted = await slack.chat_postMessage(channel=ids[channel], text="Question 1", blocks=card(1))
    message = (await person.workspace.thread(ids[channel], posted["ts"]))[0]
    await person.click(message, "dk")
    return str(listener.interactions[-1]["response_url"]), str(posted["ts"])


async def test_one_message_a_second_per_channel_with_short_bursts(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    await workspace.knobs(rates={"off": False})
    channel = await pilot(workspace)
    for n in range(3):
        await slack.chat_postMessage(channel=channel, text=str(n))
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=channel, text="too much")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    counters = await workspace.counters()
    assert counters["rate_limited"] == counters["counts"]["429:chat.postMessage"] == 1
    await workspace.reset_counters()
    assert (await slack.chat_postMessage(channel=channel, text="again"))["ok"]


async def test_tiers_limit_each_method_by_itself(slack: AsyncWebClient, workspace: Workspace) -> None:
    await workspace.knobs(rates={"off": False, "tier2": 2})
    await slack.users_list()
    await slack.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await slack.users_list()
    assert (await slack.conversations_list())["ok"]


async def test_a_trigger_opens_one_modal(slack: AsyncWebClient, mara: Person, listener: Listener) -> None:
    used = await trigger(mara, listener)
    assert (await slack.views_open(trigger_id=used, view=modal()))["view"]["id"].startswith("V")
    assert (await refusal(slack, "views.open", trigger_id=used, view=modal()))[
        "error"
    ] == "exchanged_trigger_id"
    assert (await refusal(slack, "views.open", trigger_id="1.2", view=modal()))[
        "error"
    ] == "invalid_trigger_id"


async def test_a_trigger_lives_three_seconds(
    slack: AsyncWebClient, workspace: Workspace, mara: Person, listener: Listener
) -> None:
    late = await trigger(mara, listener)
    await workspace.knobs(trigger_life=0.0)
    assert (await refusal(slack, "views.open", trigger_id=late, view=modal()))[
        "error"
    ] == "expired_trigger_id"


async def test_an_invalid_view_is_described_and_spends_no_trigger(
    slack: AsyncWebClient, mara: Person, listener: Listener
) -> None:
    kept = await trigger(mara, listener)
    refused = await refusal(slack, "views.open", trigger_id=kept, view=modal("x" * 30))
    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    assert (await slack.views_open(trigger_id=kept, view=modal()))["ok"]


async def test_three_views_stack_and_no_more(slack: AsyncWebClient, mara: Person, listener: Listener) -> None:
    opened = await slack.views_open(trigger_id=await trigger(mara, listener), view=modal(external_id="one"))
    pushed = await slack.views_push(trigger_id=await trigger(mara, listener), view=modal())
    assert pushed["view"]["root_view_id"] == pushed["view"]["previous_view_id"] == opened["view"]["id"]
    again = await trigger(mara, listener)
    assert (await refusal(slack, "views.push", trigger_id=again, view=modal(external_id="one")))["error"] == (
        "duplicate_external_id"
    )
    await slack.views_push(trigger_id=await trigger(mara, listener), view=modal())
    last = await trigger(mara, listener)
    assert (await refusal(slack, "views.push", trigger_id=last, view=modal()))[
        "error"
    ] == "push_limit_reached"


async def test_what_was_entered_survives_an_update_with_the_same_ids(
    slack: AsyncWebClient, mara: Person, listener: Listener
) -> None:
    opened = await slack.views_open(trigger_id=await trigger(mara, listener), view=modal())
    await mara.submit({"word": "kept", "who": "jonas"})
    await slack.views_open(trigger_id=await trigger(mara, listener), view=modal())
    view = await mara.modal()
    assert view is not None
    listener.status = 500
    await mara.submit({"word": "kept"})
    changed = modal("Other")
    changed["blocks"][1]["block_id"] = "who-2"
    answer = await slack.views_update(view_id=view.id, view=changed, hash=view.hash)
    values = answer["view"]["state"]["values"]
    assert values["word"]["text"]["value"] == "kept"
    assert values["who-2"]["user"]["selected_user"] is None
    refused = await refusal(slack, "views.update", view_id=view.id, view=changed, hash=view.hash)
    assert refused["error"] == "hash_conflict"
    closed = await refusal(slack, "views.update", view_id=opened["view"]["id"], view=changed)
    assert closed["error"] == "not_found"


async def test_a_response_url_replaces_its_message_in_place(
    slack: AsyncWebClient, workspace: Workspace, mara: Person, listener: Listener
) -> None:
    url, ts = await clicked(slack, mara, listener)
    assert (await use(url, replace_original=True, text="next", blocks=card(2)))[0] == 200
    message = next(one for one in await workspace.messages("pilot") if one.ts == ts)
    assert (message.text, message.revision) == ("next", 1)
    assert len(await mara.notifications()) == 0
    assert (await use(url, text="only you"))[0] == 200
    assert [one.text for one in await mara.ephemerals()] == ["only you"]
    assert (await use(url, response_type="in_channel", text="reply", thread_ts=ts))[0] == 200
    assert (await workspace.messages("pilot"))[-1].thread_ts == ts
    assert (await use(url, delete_original=True))[0] == 200
    assert ts not in [one.ts for one in await workspace.messages("pilot")]


async def test_a_response_url_is_used_up_after_five_and_expires(
    slack: AsyncWebClient, workspace: Workspace, mara: Person, listener: Listener
) -> None:
    url, _ = await clicked(slack, mara, listener)
    statuses = [(await use(url, text=str(n)))[0] for n in range(6)]
    assert statuses == [200] * 5 + [404]
    url, _ = await clicked(slack, mara, listener)
    assert (await use(url, replace_original=True, blocks=[{"type": "sparkle"}]))[0] == 400
    await workspace.knobs(response_url_life=0.0)
    status, text = await use(url, text="late")
    assert status == 404
    assert "expired_url" in text


async def test_a_commands_response_url_has_no_original(mara: Person, listener: Listener) -> None:
    await mara.command("/slipway", "x")
    assert (await use(listener.interactions[-1]["response_url"], replace_original=True, text="x"))[0] == 404


async def test_a_dropped_connection_leaves_the_message_posted(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    channel = await pilot(workspace)
    await workspace.faults({"method": "chat.postMessage", "kind": "drop_after_commit"})
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=channel, text="once")
    assert [one.text for one in await workspace.messages("pilot")] == ["once"]
    assert (await slack.chat_postMessage(channel=channel, text="twice"))["ok"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "rate_limited", "retry_after": 7}, 429),
        ({"kind": "status", "status": 503}, 503),
        ({"kind": "html"}, 502),
    ],
)
async def test_faults_hit_as_many_calls_as_asked(
    sandbox: Sandbox, workspace: Workspace, fault: Json, status: int
) -> None:
    await workspace.faults({"method": "auth.test", "times": 2, **fault})
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    seen = []
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(sandbox.api_url + "auth.test", headers=headers) as answer:
                seen.append(answer.status)
    assert seen == [status, status, 200]


async def test_errors_can_be_ordered_and_answers_slowed(slack: AsyncWebClient, workspace: Workspace) -> None:
    await workspace.faults({"kind": "error", "error": "fatal_error"}, {"kind": "slow", "delay": 0.05})
    assert (await refusal(slack, "auth.test"))["error"] == "fatal_error"
    await workspace.faults(clear=True)
    assert (await slack.auth_test())["ok"]
    first, _ = await workspace.calls("auth.test")
    assert (first.error, first.took_ms > 40) == ("fatal_error", True)


async def test_people_are_notified_of_dms_mentions_and_followed_threads(
    slack: AsyncWebClient, workspace: Workspace, mara: Person, jonas: Person
) -> None:
    channel = await pilot(workspace)
    user = await mara.id()
    await slack.chat_postMessage(channel=user, text="a DM")
    await slack.chat_postMessage(channel=channel, text="nobody in particular")
    root = await slack.chat_postMessage(channel=channel, text=f"<@{user}> look")
    await slack.chat_postMessage(channel=channel, text="reply", thread_ts=root["ts"])
    await slack.chat_update(channel=channel, ts=root["ts"], text="edited")
    assert [one.reason for one in await mara.notifications()] == ["dm", "mention", "thread"]
    assert await jonas.notifications() == []


async def test_waiting_ends_with_the_change_and_not_before(workspace: Workspace, mara: Person) -> None:
    waiting = asyncio.create_task(mara.wait_until(lambda: _said(workspace, "now"), within=5))
    await mara.say("not yet", "pilot")
    assert not waiting.done()
    await mara.say("now", "pilot")
    assert await waiting


async def _said(workspace: Workspace, text: str) -> bool:
    return any(one.text == text for one in await workspace.messages("pilot"))
