"""The bot's HTTP server: health and metrics always, Slack's request URL and installing in HTTP mode.

Turns away what Slack did not sign before anything reads it.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from handlers.health import Health
from handlers.incoming import Payload
from handlers.install import INSTALL_PATH, REDIRECT_PATH
from handlers.metrics import InFlight, Metrics
from handlers.reception import Reception

EVENTS_PATH = "/slack/events"
# A view may hold 250 kB, and a form triples what it has to escape.
MAX_BODY = 1024 * 1024
# Seconds to send a body in.
_READ_WITHIN = 3.0

_TIMESTAMP = re.compile(r"[0-9]{1,12}")

_FULL = "Slipway can't save anything right now. Please try again in a few minutes."

Page = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


class _Rejected(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class RequestUrl:
    """`/slack/events`: events, commands and interactions, each signed by Slack."""

    def __init__(
        self,
        reception: Reception,
        signing_secret: str,
        in_flight: InFlight,
        metrics: Metrics,
        is_open: Callable[[], bool],
    ) -> None:
        """`is_open` says whether everything behind has started."""
        self._reception = reception
        self._verifier = SignatureVerifier(signing_secret)
        self._in_flight = in_flight
        self._metrics = metrics
        self._is_open = is_open

    async def __call__(self, request: Request) -> Response:
        """Bolt's answer, or why there is none."""
        with self._in_flight.one() as started:
            try:
                payload = read_payload(self._verified(request, await _body(request)))
            except _Rejected as rejected:
                self._metrics.rejected.labels(rejected.reason).inc()
                return PlainTextResponse(rejected.reason, status_code=rejected.status)
            return to_starlette_response(await self._reception.take(payload, started))

    def _verified(self, request: Request, body: bytes) -> str:
        if not self._is_open():
            # Slack sends events again in a moment.
            raise _Rejected(503, "starting")
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not signature.isascii():
            raise _Rejected(401, "unsigned")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            # Slack signs text; this can't be its.
            raise _Rejected(401, "unsigned") from None
        if not self._verifier.is_valid(text, timestamp, signature):
            raise _Rejected(401, "unsigned")
        return text


async def _body(request: Request) -> bytes:
    """The body, as long as it is no longer and no slower than Slack's."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(_READ_WITHIN):
            async for part in request.stream():
                size += len(part)
                if size > MAX_BODY:
                    raise _Rejected(413, "too large")
                parts.append(part)
    except TimeoutError:
        raise _Rejected(408, "too slow") from None
    except ClientDisconnect:
        raise _Rejected(400, "gone") from None
    return b"".join(parts)


def read_payload(text: str) -> Payload:
    """The payload in a body: JSON, a form, or JSON in a form's `payload`. Raises _Rejected.

    Not left to Bolt, which takes a command whose text contains the word "payload" for an empty one.
    """
    if text.lstrip()[:1] in ("{", "["):
        return _json(text)
    try:
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        raise _Rejected(400, "malformed") from None
    return _json(form["payload"]) if "payload" in form and "command" not in form else form


def _json(text: str) -> Mapping[str, object]:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        raise _Rejected(400, "malformed") from None
    if not isinstance(payload, dict):
        raise _Rejected(400, "malformed")
    return payload


def build_http(
    health: Health, metrics: Metrics, *, request_url: RequestUrl | None, flow: AsyncOAuthFlow | None
) -> Starlette:
    """The server's routes; without a request URL nothing under /slack exists."""
    routes = [
        Route("/healthz", _alive),
        Route("/readyz", _ready(health)),
        Route("/metrics", _measured(health, metrics)),
    ]
    if request_url is not None:
        routes.append(Route(EVENTS_PATH, request_url.__call__, methods=["POST"]))
    if request_url is not None and flow is not None:
        routes.append(Route(INSTALL_PATH, _page(flow.handle_installation)))
        routes.append(Route(REDIRECT_PATH, _page(flow.handle_callback)))
    return Starlette(routes=routes)


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


def _ready(health: Health) -> Callable[[Request], Awaitable[Response]]:
    async def ready(_request: Request) -> Response:
        checks = await health.check()
        is_ready = all(answer == "ok" for answer in checks.values())
        return JSONResponse({"ready": is_ready, **checks}, status_code=200 if is_ready else 503)

    return ready


def _measured(health: Health, metrics: Metrics) -> Callable[[Request], Awaitable[Response]]:
    async def measured(_request: Request) -> Response:
        await health.measure(metrics)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return measured


def _page(handle: Page) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        asked = AsyncBoltRequest(
            body="", query=dict(request.query_params), headers=dict(request.headers.items())
        )
        try:
            return to_starlette_response(await handle(asked))
        except (DBAPIError, TimeoutError):
            return PlainTextResponse(_FULL, status_code=503)

    return page
