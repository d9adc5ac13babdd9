"""One call to Slack, bounded in time, every failure sorted into what may be done next.

The SDK's own retries must be off in the clients handed in: whether a call may be repeated is decided by
the pump. Knows HTTP and Slack's error words; knows no row.
"""

import asyncio
import json as json_format
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.post.errors import CallFault, Limited, NotSent, SaidNo, Unsure

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]

RESPONSE_URL: Final = "response_url"
_LIMIT_WORDS: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# Slack says of these that some of the work may have been done.
_UNSURE_WORDS: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_LONGEST_WAIT: Final = 3_600.0


class Calls:
    """Makes calls for any workspace over one shared HTTP session."""

    def __init__(self, client_for: ClientFor, http: aiohttp.ClientSession, seconds: float) -> None:
        self._client_for = client_for
        self._http = http
        self._seconds = seconds

    async def call(
        self,
        workspace_id: str,
        method: str,
        *,
        json: Mapping[str, object] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, object]:
        """Call a Web API method, with a JSON body or with a query; Slack's answer.

        Raises CallFault, or WorkspaceGoneError from the client's maker.
        """
        client = await self._client_for(workspace_id)
        with _sorted(method):
            # The session is shared, so that the client's own time-out does not apply.
            async with asyncio.timeout(self._seconds):
                if query is not None:
                    response = await client.api_call(method, http_verb="GET", params=dict(query))
                else:
                    response = await client.api_call(method, json=dict(json or {}))
        return response.data if isinstance(response.data, dict) else {}

    async def answer(self, url: str, body: Mapping[str, object]) -> None:
        """Post to a click's or a command's own address. Raises CallFault."""
        with _sorted(RESPONSE_URL):
            async with asyncio.timeout(self._seconds), self._http.post(url, json=body) as response:
                status, headers, text = response.status, response.headers, await response.text()
        fault = _fault(RESPONSE_URL, status, headers, _parsed(text))
        if fault is not None and not (status == 200 and text.strip() in {"", "ok"}):
            raise fault

    async def upload(self, url: str, content: bytes) -> None:
        """Post a file's bytes to the address Slack gave for them. Raises CallFault."""
        with _sorted("upload"):
            async with asyncio.timeout(self._seconds), self._http.post(url, data=content) as response:
                status, headers, text = response.status, response.headers, await response.text()
        if status != 200:
            raise _fault("upload", status, headers, _parsed(text)) or SaidNo("upload", f"http_{status}")


@contextmanager
def _sorted(method: str) -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        raise _from_sdk(method, error) from error
    except aiohttp.ClientConnectorError as error:
        raise NotSent(f"{method}: no connection, {error}") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unsure(f"{method}: {type(error).__name__} {error}".strip()) from error


def _from_sdk(method: str, error: SlackApiError) -> CallFault:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return Unsure(f"{method}: the answer was not JSON")
    body = response.data if isinstance(response.data, dict) else {}
    fault = _fault(method, response.status_code, response.headers, body)
    return fault or Unsure(f"{method}: {error}")


def _fault(
    method: str, status: int, headers: Mapping[str, str], body: Mapping[str, object]
) -> CallFault | None:
    """What an answer amounts to; None when it is a success."""
    word = str(body.get("error") or "")
    if status == 429 or word in _LIMIT_WORDS:
        return Limited(method, _seconds(headers.get("Retry-After")))
    if status >= 500 or word in _UNSURE_WORDS:
        return Unsure(f"{method}: {word or f'http_{status}'}")
    if status == 200 and body.get("ok"):
        return None
    return SaidNo(method, word or f"http_{status}", _detail(body))


def _seconds(retry_after: str | None) -> float:
    try:
        return min(max(float(retry_after or 1), 0.0), _LONGEST_WAIT)
    except ValueError:
        return 1.0


def _detail(body: Mapping[str, object]) -> str:
    """What Slack adds to its word: the faults of blocks, the scope that is missing."""
    about = body.get("response_metadata")
    messages = about.get("messages") if isinstance(about, dict) else None
    needed = body.get("needed")
    return "; ".join(map(str, messages or ())) or (f"needs {needed}" if needed else "")


def _parsed(text: str) -> Mapping[str, object]:
    try:
        body = json_format.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
