"""A server that answers a script: for what the sandbox has no knob for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


class Slackish:
    """Takes JSON at `url`, answers with the next status of `answers` (then 200), and keeps what it got."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.bodies: list[dict[str, object]] = []

    async def handle(self, request: web.Request) -> web.Response:
        """One request."""
        self.bodies.append(await request.json())
        status = self.answers.pop(0) if self.answers else 200
        return web.Response(status=status, text="ok", headers={"Retry-After": "0"})


@asynccontextmanager
async def slackish_server() -> AsyncIterator[Slackish]:
    """Start one on a free port of this machine."""
    server = Slackish()
    application = web.Application()
    application.router.add_post("/", server.handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield server
    await runner.cleanup()
