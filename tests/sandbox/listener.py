"""A bot that only listens: takes what comes to its request URL and answers as it is told to."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from sandbox import Sandbox
from sandbox.jsontypes import Json


@dataclass
class Listener:
    """What was heard, and the answer to give."""

    bodies: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    status: int = 200
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer: Json | None = None

    @property
    def interactions(self) -> list[Json]:
        """What was heard apart from events."""
        return [body for body in self.bodies if body.get("type") != "event_callback"]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """One delivery."""
        self.raw.append(await request.read())
        self.headers.append(dict(request.headers))
        if request.content_type == "application/json":
            self.bodies.append(await request.json())
        else:
            form = await request.post()
            self.bodies.append(json.loads(str(form["payload"])) if "payload" in form else dict(form))
        if self.answer is not None:
            return web.json_response(self.answer)
        return web.Response(status=self.status, headers=self.answer_headers)


@asynccontextmanager
async def listening(sandbox: Sandbox, port: int = 0) -> AsyncIterator[Listener]:
    """A listener at the app's request URL."""
    heard = Listener()
    application = web.Application()
    application.router.add_post("/", heard.receive)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sandbox.config.app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield heard
    finally:
        await runner.cleanup()
