"""The wire to a sandbox's control API: requests, reading conversations, waiting for changes."""

import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar

import aiohttp

from sandbox.client_models import Message
from sandbox.jsontypes import Json

_T = TypeVar("_T")


class Refused(Exception):
    """A person could not do that, or the sandbox did not understand; the text says why."""


class TimedOut(AssertionError):
    """What was waited for did not come."""


class Wire:
    """One workspace of a running sandbox, over HTTP. Without `team` the first one."""

    def __init__(self, url: str, team: str | None = None) -> None:
        self._url = url.rstrip("/")
        self._team = team
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=120))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, **query: str | float) -> Json:
        """A GET of the control API."""
        return await self._request("GET", path, None, query)

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Json:
        """A POST of the control API."""
        return await self._request("POST", path, body, {})

    async def messages(self, channel: str, *, deleted: bool = False) -> list[Message]:
        """Everything in a conversation, replies included, oldest first."""
        query = {"deleted": "1"} if deleted else {}
        answer = await self.get(f"/control/channels/{channel.removeprefix('#')}/messages", **query)
        return [Message.model_validate(one) for one in answer["messages"]]

    async def thread(self, channel: str, ts: str) -> list[Message]:
        """A root message and its replies."""
        answer = await self.get(f"/control/channels/{channel.removeprefix('#')}/messages", thread=ts)
        return [Message.model_validate(one) for one in answer["messages"]]

    async def wait_until(
        self,
        look: Callable[[], Awaitable[_T | None]],
        within: float = 10.0,
        *,
        topic: str = "all",
        what: str = "",
    ) -> _T:
        """Call `look` after every change of `topic` until it gives something true; gives that."""
        until = time.monotonic() + within
        seen = 0
        while True:
            seen = (await self.get("/control/wait", topic=topic, seen=0, timeout=0))["version"]
            found = await look()
            if found:
                return found
            left = until - time.monotonic()
            if left <= 0:
                raise TimedOut(f"waited {within:g} s for {what or 'something'} in vain")
            await self.get("/control/wait", topic=topic, seen=seen, timeout=left)

    async def download(self, path: str) -> bytes:
        """A GET that gives bytes."""
        async with self._open().get(self._url + path, params=self._params({})) as answer:
            if answer.status != 200:
                raise Refused(await answer.text())
            return await answer.read()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use Workspace as an async context manager")
        return self._session

    def _params(self, query: Mapping[str, str | float]) -> dict[str, str]:
        params = {name: str(value) for name, value in query.items()}
        return params | ({"team": self._team} if self._team else {})

    async def _request(
        self, verb: str, path: str, body: Mapping[str, object] | None, query: Mapping[str, str | float]
    ) -> Json:
        session = self._open()
        params = self._params(query)
        async with session.request(verb, self._url + path, json=body, params=params) as answer:
            if answer.status == 409:
                raise Refused((await answer.json())["refused"])
            if answer.status != 200:
                raise Refused(f"{path}: {answer.status} {await answer.text()}")
            parsed: Json = await answer.json()
            return parsed
