"""A small real bot: slack-bolt over Socket Mode or HTTP, used to see the sandbox from the other side."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox

Json = dict[str, Any]


def card(step: int) -> list[Json]:
    """A question with five levels and a button."""
    options = [{"text": {"type": "mrkdwn", "text": f"Level {n}"}, "value": str(n)} for n in range(5)]
    dont_know = {"type": "plain_text", "text": "Don't know"}
    return [
        {"type": "section", "block_id": f"q{step}", "text": {"type": "mrkdwn", "text": f"Question {step}"}},
        {
            "type": "actions",
            "block_id": f"a{step}",
            "elements": [
                {"type": "radio_buttons", "action_id": "level", "options": options},
                {"type": "button", "action_id": "dk", "text": dont_know, "value": str(step)},
            ],
        },
    ]


def modal(title: str = "Echo", **extra: object) -> Json:
    """A modal with one required text input and a select of a person."""
    return {
        "type": "modal",
        "callback_id": "echo",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "notify_on_close": True,
        "blocks": [
            {
                "type": "input",
                "block_id": "word",
                "label": {"type": "plain_text", "text": "A word"},
                "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
            },
            {
                "type": "input",
                "block_id": "who",
                "optional": True,
                "label": {"type": "plain_text", "text": "Who"},
                "element": {"type": "users_select", "action_id": "user"},
            },
        ],
        **extra,
    }


class Echo:
    """The bot's listeners, and everything it was told."""

    def __init__(self, client: AsyncWebClient, signing_secret: str) -> None:
        self.seen: list[Json] = []
        self.app = AsyncApp(
            client=client, token=client.token, signing_secret=signing_secret, process_before_response=True
        )
        self.app.event("message")(self.on_message)
        self.app.event("app_home_opened")(self.on_home)
        for event in ("member_joined_channel", "user_change", "channel_archive", "channel_rename"):
            self.app.event(event)(self.on_event)
        self.app.command("/slipway")(self.on_command)
        self.app.action("level")(self.on_level)
        self.app.action("dk")(self.on_dont_know)
        self.app.view("echo")(self.on_submit)
        self.app.view_closed("echo")(self.on_closed)
        self.app.shortcut("mine")(self.on_shortcut)
        self.app.shortcut("evidence")(self.on_shortcut)

    def events(self, kind: str) -> list[Json]:
        """The events of one type."""
        return [body["event"] for body in self.seen if body.get("event", {}).get("type") == kind]

    async def on_event(self, body: Json) -> None:
        self.seen.append(body)

    async def on_message(self, body: Json, event: Json, client: AsyncWebClient) -> None:
        self.seen.append(body)
        if event.get("subtype") is None and not event.get("bot_id") and event["text"].startswith("echo"):
            thread = event.get("thread_ts") or event["ts"]
            await client.chat_postMessage(channel=event["channel"], text=event["text"], thread_ts=thread)

    async def on_home(self, body: Json, client: AsyncWebClient) -> None:
        self.seen.append(body)
        home = {"type": "home", "blocks": card(0)}
        await client.views_publish(user_id=body["event"]["user"], view=home)

    async def on_command(self, body: Json, ack: Any, client: AsyncWebClient) -> None:
        self.seen.append(body)
        if body["text"] == "modal":
            await client.views_open(trigger_id=body["trigger_id"], view=modal())
            await ack()
        elif body["text"] == "card":
            await client.chat_postMessage(channel=body["user_id"], text="Question 1", blocks=card(1))
            await ack()
        elif body["text"] == "silent":
            await asyncio.sleep(1)
        else:
            await ack(f"You said {body['text']}")

    async def on_level(self, body: Json, ack: Any, respond: Any) -> None:
        self.seen.append(body)
        if body["container"]["type"] == "message":
            level = body["actions"][0]["selected_option"]["value"]
            await respond(replace_original=True, text=f"after {level}", blocks=card(2))
        await ack()

    async def on_dont_know(self, body: Json, ack: Any, respond: Any) -> None:
        self.seen.append(body)
        await respond("Noted")
        await ack()

    async def on_submit(self, body: Json, ack: Any) -> None:
        self.seen.append(body)
        word = body["view"]["state"]["values"]["word"]["text"]["value"]
        if word == "wrong":
            await ack(response_action="errors", errors={"word": "Not that word"})
        elif word == "more":
            await ack(response_action="push", view=modal("Another"))
        elif word == "next":
            await ack(response_action="update", view=modal("Changed"))
        else:
            await ack()

    async def on_closed(self, body: Json, ack: Any) -> None:
        self.seen.append(body)
        await ack()

    async def on_shortcut(self, body: Json, ack: Any, client: AsyncWebClient) -> None:
        self.seen.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Shortcut"))
        await ack()


@asynccontextmanager
async def socket_bot(sandbox: Sandbox) -> AsyncIterator[Echo]:
    """The bot, connected over Socket Mode."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
        )
        echo = Echo(client, sandbox.signing_secret)
        handler = AsyncSocketModeHandler(echo.app, sandbox.app_token, web_client=client)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield echo
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]
            await handler.client.aiohttp_client_session.close()


@asynccontextmanager
async def http_bot(sandbox: Sandbox) -> AsyncIterator[Echo]:
    """The bot behind a request URL."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
        )
        echo = Echo(client, sandbox.signing_secret)

        async def receive(request: web.Request) -> web.StreamResponse:
            headers: dict[str, str | Sequence[str]] = dict(request.headers)
            bolt = AsyncBoltRequest(body=await request.text(), headers=headers)
            answer = await echo.app.async_dispatch(bolt)
            kind = answer.first_headers().get("content-type", "text/plain").partition(";")[0]
            return web.Response(status=answer.status, text=answer.body, content_type=kind)

        application = web.Application()
        application.router.add_post("/slack/events", receive)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sandbox.config.app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        try:
            yield echo
        finally:
            await runner.cleanup()
