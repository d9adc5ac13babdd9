"""Delivery over HTTP: requests signed with the signing secret, as Slack sends them to a request URL."""

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from sandbox.jsontypes import Json
from sandbox.sockets import Ack

# Shorter than servers keep idle connections: reusing one that is closing would look like a failed app.
_KEEP_ALIVE = 2.0
_RETRY_REASONS = {"timeout": "http_timeout", "connection_failed": "connection_failed"}


def sign(secret: str, body: bytes, timestamp: int | None = None) -> dict[str, str]:
    """The two headers by which an app knows that a request comes from Slack. Machine time."""
    at = int(time.time()) if timestamp is None else timestamp
    digest = hmac.new(secret.encode(), b"v0:%d:" % at + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


def encode(kind: str, payload: Json) -> tuple[bytes, str]:
    """Body and content type: events are JSON, commands a form, interactions JSON inside a form."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


class RequestUrlSender:
    """Sends payloads to one request URL."""

    def __init__(self, secret: str, max_in_flight: int) -> None:
        self._secret = secret
        self._max = max_in_flight
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(
        self, url: str, kind: str, payload: Json, attempt: int, last_error: str | None, deadline: float
    ) -> Ack:
        """One attempt; the answer's body where there is one."""
        body, content_type = encode(kind, payload)
        headers = {"Content-Type": content_type, **sign(self._secret, body)}
        if attempt:
            reason = _RETRY_REASONS.get(last_error or "", "http_error")
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            return await self._post(url, body, headers, deadline)
        except TimeoutError:
            return Ack(False, error="timeout")
        except aiohttp.TooManyRedirects:
            return Ack(False, error="too_many_redirects")
        except (aiohttp.ClientError, ConnectionError):
            return Ack(False, error="connection_failed")

    async def _post(self, url: str, body: bytes, headers: dict[str, str], deadline: float) -> Ack:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._max, keepalive_timeout=_KEEP_ALIVE)
            )
        async with (
            asyncio.timeout(deadline),
            self._session.post(url, data=body, headers=headers, max_redirects=2) as answer,
        ):
            text = await answer.text()
            no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
            if answer.status != 200:
                return Ack(False, None, answer.status, "http_error", no_retry)
            return Ack(True, _body_of(text), 200)


def _body_of(text: str) -> Json | None:
    if not text:
        return None
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) else {"text": text}
