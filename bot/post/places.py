"""Finds the conversation a row goes to: a channel as it is, a person's DM opened once and remembered."""

import re
from collections.abc import Mapping
from typing import Final

import structlog

from bot.post.calls import Calls
from bot.post.errors import SaidNo
from bot.store.engine import Database
from bot.store.ledger import Outbox
from bot.store.people import Person
from bot.store.upsert import upsert

_PERSON: Final = re.compile(r"[UW][A-Z0-9]+")
_SEVERAL: Final = re.compile(r"[UW][A-Z0-9]+(,[UW][A-Z0-9]+)+")
_DM: Final = re.compile(r"D[A-Z0-9]+")

log = structlog.get_logger(__name__)


class Places:
    """Knows people's DMs from the database, and asks Slack for the others."""

    def __init__(self, database: Database, calls: Calls) -> None:
        self._database = database
        self._calls = calls
        self._is_missing = False

    async def channel(self, row: Outbox) -> str:
        """The channel to post in. Raises CallFault when a DM can't be opened."""
        if _SEVERAL.fullmatch(row.to):
            return await self._group(row)
        if not _PERSON.fullmatch(row.to):
            return row.to
        async with self._database.begin() as session:
            person = await session.get(Person, (row.workspace_id, row.to))
        if person is not None and person.dm_channel:
            return person.dm_channel
        return await self._opened(row)

    async def learned(self, row: Outbox, channel: str) -> None:
        """Remember the DM that a post to a person turned out to be in."""
        if channel != row.to and _PERSON.fullmatch(row.to) and _DM.fullmatch(channel):
            await self._remember(row, channel)

    async def _group(self, row: Outbox) -> str:
        """The conversation of several people: opening it again gives the same one."""
        answer = await self._calls.call(row.workspace_id, "conversations.open", json={"users": row.to})
        return _id_in(answer) or row.to

    async def _opened(self, row: Outbox) -> str:
        try:
            answer = await self._calls.call(row.workspace_id, "conversations.open", json={"users": row.to})
        except SaidNo as no:
            if no.error != "unknown_method":
                raise
            # Servers without it take the person in place of the channel.
            self._say_missing()
            return row.to
        channel = _id_in(answer)
        if not channel:
            return row.to
        await self._remember(row, channel)
        return channel

    def _say_missing(self) -> None:
        if not self._is_missing:
            self._is_missing = True
            log.warning("slack_method_missing", method="conversations.open")

    async def _remember(self, row: Outbox, channel: str) -> None:
        async with self._database.begin() as session:
            await upsert(
                session,
                Person,
                (Person.workspace_id, Person.user_id),
                workspace_id=row.workspace_id,
                user_id=row.to,
                dm_channel=channel,
            )


def _id_in(answer: Mapping[str, object]) -> str:
    opened = answer.get("channel")
    return str(opened.get("id") or "") if isinstance(opened, dict) else ""
