"""Socket Mode: one connection to Slack that is watched, replaced when it hangs, and left politely.

Knows how payloads arrive and are acked; what they mean is the reception's.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.metrics import InFlight
from handlers.reception import Reception
from handlers.workspaces import SlackApi

# Seconds.
CONNECT_WITHIN = 10.0
# The SDK reconnects by itself; it may do so for ever with an address that expired.
REPLACED_AFTER = 30.0
_LOOK_EVERY = 1.0
_PING_EVERY = 10.0
# How long a connection that Slack ends may still carry acks.
_ACKS_WITHIN = 5.0

_UNREACHABLE = (SlackApiError, aiohttp.ClientError, TimeoutError)

log = structlog.get_logger(__name__)


class _Connection(SocketModeClient):
    """The SDK's client, which asks for a successor before it goes instead of going first."""

    def __init__(
        self,
        app_token: str,
        web_client: AsyncWebClient,
        on_ending: "Callable[[_Connection], Awaitable[bool]]",
    ) -> None:
        super().__init__(
            app_token=app_token, web_client=web_client, logger=_quiet_logger(), ping_interval=_PING_EVERY
        )
        self._on_ending = on_ending
        self.is_retired = False

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Reconnect; `force` means that Slack said this connection will end."""
        if self.is_retired or (force and await self._on_ending(self)):
            return
        await super().connect_to_new_endpoint(force=force)


class SocketLine:
    """The connection. `start` opens it once; from then on it is kept open."""

    def __init__(self, slack: SlackApi, app_token: str, reception: Reception, in_flight: InFlight) -> None:
        self._slack = slack
        self._app_token = app_token
        self._reception = reception
        self._in_flight = in_flight
        self._client: _Connection | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._is_leaving = False
        self._down_since: float | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the connection was up when it was last looked at, a second ago at most."""
        return self._client is not None and self._down_since is None

    async def start(self) -> None:
        """Connect. Raises SlackApiError where the token is refused; TimeoutError or aiohttp's errors
        where Slack can't be reached."""
        self._client = await self._connected()
        self._watcher = asyncio.create_task(self._watch(), name="socket-watcher")

    def stop_taking(self) -> None:
        """Leave what arrives from now on to Slack, which delivers events again; acks still go out."""
        self._is_leaving = True

    async def stop(self) -> None:
        """Close the connection."""
        self._is_leaving = True
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        await asyncio.gather(*self._retiring)
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _connected(self) -> _Connection:
        opened = await self._slack.client().apps_connections_open(app_token=self._app_token)
        client = _Connection(self._app_token, self._slack.client(), self._succeed)
        if self._slack.is_local:
            client.proxy = None
        client.wss_uri = opened["url"]
        client.socket_mode_request_listeners.append(self._take)
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                await client.connect()  # type: ignore[no-untyped-call]
        except BaseException:
            await client.close()  # type: ignore[no-untyped-call]
            raise
        return client

    async def _succeed(self, old: _Connection) -> bool:
        """Connect anew before the old connection ends: nobody's click falls into the gap."""
        if self._is_leaving or old is not self._client:
            return True
        try:
            self._client = await self._connected()
        except _UNREACHABLE:
            return False
        old.is_retired = True
        task = asyncio.create_task(self._retire(old), name="socket-retiring")
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
        return True

    async def _retire(self, old: _Connection) -> None:
        await self._in_flight.finished(_ACKS_WITHIN)
        await old.close()  # type: ignore[no-untyped-call]

    async def _take(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        if self._is_leaving:
            return
        with self._in_flight.one() as started:
            response = await self._reception.take(envelope.payload, started)
            try:
                await send_async_response(client, envelope, response, time.time())
            except (ConnectionError, aiohttp.ClientError, AttributeError) as error:
                # What was done is committed; Slack sends the payload again and finds its key taken.
                log.warning("ack lost, the connection went away", error=type(error).__name__)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if self._client is not None and await self._client.is_connected():
                self._note_up()
            else:
                await self._note_down()

    def _note_up(self) -> None:
        if self._down_since is not None:
            log.info("connected to Slack again")
        self._down_since = None

    async def _note_down(self) -> None:
        now = time.monotonic()
        if self._down_since is None:
            self._down_since = now
            log.warning("connection to Slack lost")
        elif now - self._down_since > REPLACED_AFTER:
            self._down_since = now
            await self._replace()

    async def _replace(self) -> None:
        """Start over: a new client with a new address."""
        old, self._client = self._client, None
        if old is not None:
            await old.close()  # type: ignore[no-untyped-call]
        try:
            self._client = await self._connected()
        except _UNREACHABLE as error:
            log.warning("Slack can't be reached", error=type(error).__name__)


def _quiet_logger() -> logging.Logger:
    """The SDK's logger; a connection that fails is a line, not a trace."""
    logger = logging.getLogger("slack_sdk.socket_mode.aiohttp")
    if _without_trace not in logger.filters:
        logger.addFilter(_without_trace)
    return logger


def _without_trace(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True
