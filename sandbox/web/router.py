"""Stands in front of every Web API method: faults, tokens, rate limits, scopes, required arguments, the log.

`ROUTES` lists the methods there are; everything else is `unknown_method`.
"""

import asyncio
import json
import time

from aiohttp import web

from sandbox.contract import METHODS, Method
from sandbox.faults import CallFault
from sandbox.jsontypes import Json
from sandbox.state import Installation, Team
from sandbox.traffic import Call as Entry
from sandbox.web import access, chat, conversations, files, users, views
from sandbox.web.call import Call, MethodFunction, RateLimited, Services, SlackError

ROUTES: dict[str, MethodFunction] = {
    **access.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}


class WebApi:
    """Answers /api/METHOD."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._world = services.world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, from its bytes to its answer."""
        method = request.match_info["method"]
        args, token = await _read(request)
        found = self._world.team_by_token(token) if token else None
        entry = self._world.traffic.begin_call(method, found[0].id if found else None, args)
        started = time.perf_counter()
        try:
            return await self._answer(request, method, args, token, entry)
        finally:
            self._world.traffic.end_call(entry, started)

    async def _answer(
        self, request: web.Request, method: str, args: Json, token: str, entry: Entry
    ) -> web.StreamResponse:
        faults = self._world.faults.take(method)
        for fault in faults:
            refused = await _before(request, fault, entry)
            if refused is not None:
                return refused
        try:
            body = {"ok": True, **self._run(request, method, args, token)}
        except SlackError as refusal:
            body = {"ok": False, "error": refusal.error, **refusal.extra}
        except RateLimited as limit:
            return _too_many(entry, limit.retry_after)
        entry.ok, entry.error, entry.result = bool(body["ok"]), body.get("error"), body
        if any(fault.kind == "drop_after_commit" for fault in faults):
            return _hang_up(request, entry)
        return web.json_response(body, headers=self._scope_headers(method, token))

    def _run(self, request: web.Request, method: str, args: Json, token: str) -> Json:
        contract = METHODS.get(method)
        if contract is None or method in self._world.faults.missing:
            raise SlackError("unknown_method", req_method=method)
        if contract.caller == "none":
            return self._tokenless(request, method, args)
        if not token:
            raise SlackError("not_authed")
        if contract.caller == "app":
            return self._as_app(method, token)
        team, app = self._caller(token)
        wait = self._world.limiter.call(team.id, method)
        if wait:
            raise RateLimited(wait)
        call = Call(self._services, method, args, team, app)
        if contract.scopes:
            call.need_scope(*contract.scopes)
        _need_arguments(contract, args)
        return ROUTES[method](call)

    def _tokenless(self, request: web.Request, method: str, args: Json) -> Json:
        match method:
            case "oauth.v2.access":
                return access.oauth_access(self._services, args, request.headers.get("Authorization"))
            case "blocks.validate":
                return views.validate(args)
            case _:
                return {"args": args}

    def _as_app(self, method: str, token: str) -> Json:
        if token != self._world.app.app_token:
            raise SlackError("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
        wait = self._world.limiter.call("app", method)
        if wait:
            raise RateLimited(wait)
        return access.open_connection(self._services)

    def _caller(self, token: str) -> tuple[Team, Installation]:
        if token == self._world.app.app_token:
            raise SlackError("not_allowed_token_type")
        found = self._world.team_by_token(token)
        if found is None:
            raise SlackError("invalid_auth")
        if not found[1].active:
            raise SlackError("account_inactive")
        return found

    def _scope_headers(self, method: str, token: str) -> dict[str, str]:
        found = self._world.team_by_token(token) if token else None
        headers = {"x-slack-req-id": str(time.time_ns())}
        if found is not None:
            contract = METHODS.get(method)
            headers["x-oauth-scopes"] = ",".join(found[1].scopes)
            headers["x-accepted-oauth-scopes"] = ",".join(contract.scopes) if contract else ""
        return headers


def _need_arguments(contract: Method, args: Json) -> None:
    missing = [name for name in contract.required if args.get(name) in (None, "")]
    if missing:
        texts = [f"[ERROR] missing required field: {name}" for name in missing]
        raise SlackError("invalid_arguments", response_metadata={"messages": texts})


async def _read(request: web.Request) -> tuple[Json, str]:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except json.JSONDecodeError:
            body = {}
        args |= body if isinstance(body, dict) else {}
    elif request.can_read_body:
        args |= dict(await request.post())
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""
    in_field = args.pop("token", None)
    return args, token or str(in_field or "")


async def _before(request: web.Request, fault: CallFault, entry: Entry) -> web.StreamResponse | None:
    match fault.kind:
        case "slow":
            await asyncio.sleep(fault.delay + fault.jitter * (time.time_ns() % 1000) / 1000)
            return None
        case "rate_limited":
            return _too_many(entry, fault.retry_after)
        case "status" | "html":
            entry.status = 502 if fault.kind == "html" else fault.status
            entry.error = f"http_{entry.status}"
            kind = "text/html" if fault.kind == "html" else "text/plain"
            return web.Response(status=entry.status, text="<html>upstream</html>", content_type=kind)
        case "error":
            entry.error = fault.error
            return web.json_response({"ok": False, "error": fault.error})
        case "drop_before":
            return _hang_up(request, entry)
        case "drop_after_commit":
            return None


def _too_many(entry: Entry, retry_after: int) -> web.Response:
    entry.status, entry.error = 429, "ratelimited"
    headers = {"Retry-After": str(retry_after)}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def _hang_up(request: web.Request, entry: Entry) -> web.StreamResponse:
    entry.status = 0
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
