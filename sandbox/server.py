"""The sandbox as a server on 127.0.0.1: Web API, Socket Mode, uploads, response_urls, OAuth and control.

async with Sandbox(SandboxConfig()) as sandbox:
    run_the_bot(SLACK_API_BASE_URL=sandbox.api_url, SLACK_APP_TOKEN=sandbox.app_token, ...)
"""

import json
import time
from types import TracebackType
from urllib.parse import urlencode

from aiohttp import web

from sandbox.config import SandboxConfig
from sandbox.control import Control
from sandbox.jsontypes import Json
from sandbox.parts import Parts
from sandbox.responding import Refused
from sandbox.traffic import Call
from sandbox.web import files
from sandbox.web.call import RateLimited
from sandbox.web.router import WebApi

_MAX_UPLOAD = 64 * 1024 * 1024


class Sandbox:
    """Starts and stops the server; gives its addresses and tokens. Use as an async context manager."""

    def __init__(self, config: SandboxConfig | None = None) -> None:
        self.config = config or SandboxConfig()
        self.parts = Parts(self.config)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens; also the address for `sandbox.client.Workspace`."""
        return self.parts.world.base_url

    @property
    def api_url(self) -> str:
        """For SLACK_API_BASE_URL, with its trailing slash."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        """For CLOCK_URL."""
        return f"{self.url}/clock"

    @property
    def app_token(self) -> str:
        """For SLACK_APP_TOKEN."""
        return self.config.app.app_token

    @property
    def signing_secret(self) -> str:
        """For SLACK_SIGNING_SECRET."""
        return self.config.app.signing_secret

    @property
    def bot_token(self) -> str:
        """For SLACK_BOT_TOKEN: that of the first workspace."""
        team = self.parts.world.team(None)
        if team is None or team.app is None:
            raise LookupError("the app is not installed in the first workspace")
        return team.app.bot_token

    async def start(self) -> "Sandbox":
        """Listen; afterwards `url` is known."""
        application = web.Application(client_max_size=_MAX_UPLOAD)
        application.add_routes(self._routes())
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.config.port, backlog=1024)
        await site.start()
        port = self._runner.addresses[0][1]
        self.parts.world.base_url = f"http://127.0.0.1:{port}"
        return self

    async def stop(self) -> None:
        """Close connections and stop listening."""
        await self.parts.deliverer.close()
        await self.parts.hub.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> "Sandbox":
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _routes(self) -> list[web.RouteDef]:
        api = WebApi(self.parts.services)
        return [
            web.route("*", "/api/{method}", api.handle),
            web.get("/link/", self.parts.hub.serve),
            web.post("/upload/v1/{key}", self._upload),
            web.post("/{source:commands|actions}/{team}/{key}", self._respond),
            web.get("/files-pri/{file}/{name}", self._download),
            web.get("/oauth/v2/authorize", self._authorize),
            *Control(self.parts).routes(),
        ]

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await _file_content(request)
        if not files.receive(list(self.parts.world.teams.values()), request.match_info["key"], content):
            return web.Response(status=404, text="not found")
        return web.Response(text=f"OK - {len(content)}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = await _json_body(request)
        traffic = self.parts.world.traffic
        entry = traffic.begin_call("response_url", request.match_info["team"], body)
        started = time.perf_counter()
        try:
            return self._use_response_url(request.match_info["key"], body, entry)
        finally:
            traffic.end_call(entry, started)

    def _use_response_url(self, key: str, body: Json, entry: Call) -> web.StreamResponse:
        try:
            self.parts.responder.use(key, body)
        except Refused as refused:
            entry.status, entry.error = refused.status, refused.error
            return web.json_response({"ok": False, "error": refused.error}, status=refused.status)
        except RateLimited as limit:
            entry.status, entry.error = 429, "ratelimited"
            return web.Response(status=429, headers={"Retry-After": str(limit.retry_after)})
        entry.ok = True
        return web.Response(text="ok")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        found = self.parts.world.team_by_token(token)
        if found is None:
            return web.Response(status=302, headers={"Location": f"{self.url}/signin"})
        file = found[0].files.get(request.match_info["file"].partition("-")[2])
        if file is None or not self.parts.world.granted(found[0], "files:read"):
            return web.Response(status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        """Agree at once, in the name of the workspace's first person."""
        team = self.parts.world.team(request.query.get("team"))
        if team is None or request.query.get("client_id") != self.config.app.client_id:
            return web.Response(status=400, text="invalid_client_id")
        code = self.parts.new_code(team, next(iter(team.people)))
        back = urlencode({"code": code, "state": request.query.get("state", "")})
        return web.Response(status=302, headers={"Location": f"{request.query['redirect_uri']}?{back}"})


async def _file_content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


async def _json_body(request: web.Request) -> Json:
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        text = str((await request.post()).get("payload", ""))
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
