"""How payloads reach the bot: signed, retried, over any socket, and never lost while the schedule lasts."""

import asyncio
import json

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox import Sandbox
from sandbox.client import Person, Refused, Workspace
from tests.sandbox.echo_bot import socket_bot
from tests.sandbox.listener import listening


async def test_requests_are_signed_with_the_signing_secret(sandbox: Sandbox, mara: Person) -> None:
    async with listening(sandbox) as heard:
        await mara.command("/slipway", "a & b")
    verifier = SignatureVerifier(sandbox.signing_secret)
    assert verifier.is_valid_request(heard.raw[0], heard.headers[0])
    assert heard.bodies[0]["text"] == "a & b"


async def test_failed_events_are_retried_with_number_and_reason(
    sandbox: Sandbox, workspace: Workspace, mara: Person
) -> None:
    async with listening(sandbox) as heard:
        heard.status = 500
        await mara.say("hello", "pilot")
        await workspace.settled()
    assert [headers.get("X-Slack-Retry-Num") for headers in heard.headers] == [None, "1", "2", "3"]
    assert heard.headers[1]["X-Slack-Retry-Reason"] == "http_error"
    assert len({body["event_id"] for body in heard.bodies}) == 1


async def test_an_app_can_ask_not_to_be_retried(sandbox: Sandbox, workspace: Workspace, mara: Person) -> None:
    async with listening(sandbox) as heard:
        heard.status, heard.answer_headers = 500, {"X-Slack-No-Retry": "1"}
        await mara.say("hello", "pilot")
        await workspace.settled()
    assert len(heard.bodies) == 1


async def test_commands_are_not_retried(sandbox: Sandbox, mara: Person) -> None:
    async with listening(sandbox) as heard:
        heard.status = 500
        outcome = await mara.command("/slipway", "x")
    assert outcome.trouble == "dispatch_failed"
    assert len(heard.bodies) == 1


async def test_what_happens_while_the_bot_is_down_reaches_it_after_its_restart(
    sandbox: Sandbox, workspace: Workspace, mara: Person
) -> None:
    await workspace.knobs(retry_delays=[0.0, 0.3, 5.0])
    await mara.say("while you were away", "pilot")
    async with socket_bot(sandbox) as echo:
        await workspace.settled()
        assert [event["text"] for event in echo.events("message")] == ["while you were away"]
    delivered = [one for one in await workspace.deliveries("events_api") if one.acked]
    assert delivered[0].attempt > 0


async def test_a_click_while_the_bot_is_down_fails_at_once(mara: Person) -> None:
    assert (await mara.command("/slipway", "x")).trouble == "dispatch_failed"


async def test_several_sockets_share_the_work(sandbox: Sandbox, workspace: Workspace, mara: Person) -> None:
    async with socket_bot(sandbox) as one, socket_bot(sandbox) as two:
        await workspace.connected(connections=2)
        for n in range(4):
            await mara.say(f"m{n}", "pilot")
        await workspace.settled()
        assert len(one.events("message")) == len(two.events("message")) == 2


@pytest.mark.parametrize("what", ["refresh_requested", "drop", "link_disabled"])
async def test_a_bot_reconnects_after_a_disconnect(
    sandbox: Sandbox, workspace: Workspace, mara: Person, what: str
) -> None:
    async with socket_bot(sandbox) as echo:
        await workspace.connected()
        assert await workspace.sockets(what) == 1
        await workspace.connected()
        await mara.say("still there?", "pilot")
        await workspace.settled()
        assert echo.events("message")


async def test_an_event_not_acked_before_the_socket_dropped_comes_again(
    sandbox: Sandbox, workspace: Workspace, mara: Person
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(sandbox.api_url + "apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            await mara.say("hello", "pilot")
            first = await socket.receive_json()
            assert first["retry_attempt"] == 0
        async with session.post(sandbox.api_url + "apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with session.ws_connect(url) as socket:
            await socket.receive_json()
            again = await asyncio.wait_for(socket.receive_json(), 5)
            assert again["payload"]["event_id"] == first["payload"]["event_id"]
            assert again["retry_attempt"] > 0
            await socket.send_str(json.dumps({"envelope_id": again["envelope_id"]}))
            await workspace.settled()


async def test_any_payload_can_be_sent_as_it_is(sandbox: Sandbox, workspace: Workspace) -> None:
    async with listening(sandbox) as heard:
        ack = await workspace.deliver(
            "interactive", {"type": "block_actions", "actions": "nonsense"}, copies=2
        )
        await workspace.settled(within=5)
    assert ack.ok
    assert [body["actions"] for body in heard.bodies] == ["nonsense", "nonsense"]


async def test_events_without_scope_or_subscription_are_not_sent(
    sandbox: Sandbox, workspace: Workspace, mara: Person
) -> None:
    async with listening(sandbox) as heard:
        scopes = [scope for scope in sandbox.config.app.scopes if scope != "channels:history"]
        await workspace.configure_app(scopes=scopes)
        await mara.say("unheard", "pilot")
        await workspace.configure_app(events=[])
        await mara.say("unheard in the DM")
        await workspace.settled()
    assert heard.bodies == []


async def test_strangers_are_marked_and_may_not_use_commands(
    sandbox: Sandbox, workspace: Workspace, mara: Person
) -> None:
    shared = await workspace.add_channel("shared", members=["mara"], bot_in=True, ext_shared=True)
    visitor = await workspace.add_person("visitor", is_stranger=True)
    async with listening(sandbox) as heard:
        await mara.invite(shared, await visitor.id())
        await visitor.say("hi", shared)
        with pytest.raises(Refused, match="other workspaces"):
            await visitor.command("/slipway", "new", shared)
        await workspace.settled()
    message = next(body for body in heard.bodies if body["event"]["type"] == "message")
    assert message["is_ext_shared_channel"]
    assert message["event"]["user_team"] != message["team_id"]


async def test_the_clock_can_be_moved_and_timestamps_follow(workspace: Workspace, mara: Person) -> None:
    before = await mara.say("before", "pilot")
    clock = await workspace.set_clock(advance=86_400, speed=10)
    assert clock["speed"] == 10
    assert clock["offset"] >= 86_400
    after = await mara.say("after", "pilot")
    assert 86_400 <= float(after.ts) - float(before.ts) < 86_500
    back = await workspace.set_clock(offset=0, speed=1)
    assert abs(back["offset"]) < 1
    later = await mara.say("later", "pilot")
    assert float(later.ts) > float(after.ts)


async def test_rate_limit_notices_are_top_level(sandbox: Sandbox, workspace: Workspace) -> None:
    async with listening(sandbox) as heard:
        await workspace.rate_limit_events()
    assert heard.bodies[0]["type"] == "app_rate_limited"
    assert "event" not in heard.bodies[0]
