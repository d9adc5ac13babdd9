"""The few Slack calls made while a person waits: opening a modal, asking who somebody is.

Everything else goes through the outbox. Each call here has a time limit well inside Slack's three
seconds, and none is ever repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.people import PersonFacts
from bot.views.render import Modal
from handlers.faults import is_overloaded, word_of

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]

log = structlog.get_logger(__name__)

# Seconds. Slack closes the door after three.
OPEN_WITHIN = 2.0
ASK_WITHIN = 1.5

_TOO_LATE = frozenset({"expired_trigger_id", "invalid_trigger_id", "trigger_expired"})
_USED = frozenset({"exchanged_trigger_id", "trigger_exchanged"})


class TooLate(Exception):
    """Slack no longer accepts the click's trigger: the modal can't be opened from it any more."""


class AlreadyOpen(TooLate):
    """The trigger has been used: another copy of the same click or command has opened the modal."""


class Front:
    """Opens modals and looks people up, with the workspace's own client."""

    def __init__(self, client_for: ClientFor) -> None:
        self._client_for = client_for
        self._missing: set[tuple[str, str]] = set()

    async def open(self, workspace_id: str, trigger_id: str, view: Modal, *, on_top: bool = False) -> str:
        """Open a modal (or put one on top of the open one); returns its view id.

        Raises TooLate where the trigger is missing or has expired, or Slack did not answer in time.
        """
        if not trigger_id:
            raise TooLate
        client = await self._client_for(workspace_id)
        call = client.views_push if on_top else client.views_open
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                answer = await call(trigger_id=trigger_id, view=view.to_dict())
        except (TimeoutError, aiohttp.ClientError) as error:
            raise TooLate from error
        except SlackApiError as error:
            if word_of(error) in _USED:
                raise AlreadyOpen from error
            if word_of(error) in _TOO_LATE or is_overloaded(error):
                raise TooLate from error
            raise
        opened: str = answer["view"]["id"]
        return opened

    async def look_up(self, workspace_id: str, user_ids: Sequence[str]) -> list[PersonFacts]:
        """What Slack says about these people, all asked at once.

        Somebody Slack does not know is left out. Where Slack can't be asked (no answer in time, the
        method is missing), the person is taken for a plain member until it can.
        """
        client = await self._client_for(workspace_id)
        found = await asyncio.gather(*(self._ask(client, workspace_id, one) for one in user_ids))
        return [facts for facts in found if facts is not None]

    async def _ask(self, client: AsyncWebClient, workspace_id: str, user_id: str) -> PersonFacts | None:
        try:
            async with asyncio.timeout(ASK_WITHIN):
                answer = await client.users_info(user=user_id)
        except (TimeoutError, aiohttp.ClientError):
            return PersonFacts.unknown(workspace_id, user_id)
        except SlackApiError as error:
            code = word_of(error)
            if code in ("user_not_found", "user_not_visible", "users_not_found"):
                return None
            self._say_once("people", "users.info", code)
            return PersonFacts.unknown(workspace_id, user_id)
        return PersonFacts.from_slack(workspace_id, answer["user"])

    def _say_once(self, whom: str, method: str, code: str) -> None:
        if (method, code) not in self._missing:
            self._missing.add((method, code))
            log.warning(f"{whom} cannot be looked up", error=code, method=method)

    async def in_user_group(self, workspace_id: str, group_id: str, user_id: str) -> bool:
        """Whether somebody belongs to a user group; False where Slack can't say."""
        client = await self._client_for(workspace_id)
        try:
            async with asyncio.timeout(ASK_WITHIN):
                answer = await client.usergroups_users_list(usergroup=group_id)
        except (TimeoutError, aiohttp.ClientError, SlackApiError) as error:
            log.warning("user group cannot be read", group=group_id, error=type(error).__name__)
            return False
        return user_id in (answer.get("users") or [])

    async def is_in_channel(self, workspace_id: str, channel_id: str) -> bool | None:
        """Whether the bot is in a channel; None where Slack can't say."""
        client = await self._client_for(workspace_id)
        try:
            async with asyncio.timeout(ASK_WITHIN):
                answer = await client.conversations_info(channel=channel_id)
        except SlackApiError as error:
            code = word_of(error)
            if code in ("channel_not_found", "not_in_channel"):
                return False
            self._say_once("channels", "conversations.info", code)
            return None
        except (TimeoutError, aiohttp.ClientError):
            return None
        channel = answer["channel"]
        return bool(channel.get("is_member")) and not channel.get("is_archived")

    async def say_at_once(self, response_url: str, text: str) -> None:
        """Answer a click when even the outbox can't be written. Best effort, never an error."""
        try:
            async with (
                asyncio.timeout(ASK_WITHIN),
                aiohttp.ClientSession() as session,
                session.post(
                    response_url,
                    json={"text": text, "replace_original": False, "response_type": "ephemeral"},
                ) as answer,
            ):
                answer.raise_for_status()
        except (TimeoutError, aiohttp.ClientError) as error:
            log.warning("could not tell somebody that nothing was saved", error=type(error).__name__)
