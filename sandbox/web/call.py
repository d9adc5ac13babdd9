"""What a Web API method is handed, and how it says no.

A method is `(Call) -> Json`; it raises `SlackError` with Slack's own error name.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.contract import MAX_PAGE
from sandbox.events import Events
from sandbox.jsontypes import Json
from sandbox.posting import Posting
from sandbox.sockets import SocketHub
from sandbox.specs import Fault
from sandbox.state import Channel, Installation, Message, Person, Team
from sandbox.world import World


class SlackError(Exception):
    """An `ok: false` answer. `extra` goes into the body."""

    def __init__(self, error: str, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra


def refuse_faults(error: str, found: list[Fault]) -> None:
    """Raise `error` with Slack's detail messages if there are any faults."""
    if found:
        texts = [str(fault) for fault in found]
        raise SlackError(
            error, errors=texts, response_metadata={"messages": [f"[ERROR] {text}" for text in texts]}
        )


class RateLimited(Exception):
    """Too many calls; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


@dataclass
class Services:
    """What the methods work with."""

    world: World
    events: Events
    posting: Posting
    hub: SocketHub


@dataclass
class Call:
    """One authorised call: whose it is, and its arguments."""

    services: Services
    method: str
    args: Json
    team: Team
    app: Installation

    @property
    def world(self) -> World:
        """Everything there is."""
        return self.services.world

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean argument: JSON, or 1/true in a form."""
        value = self.args.get(name)
        return default if value is None else value in (True, 1, "1", "true", "True")

    def structure(self, name: str, error: str) -> object:
        """An argument that is JSON, or JSON as a string in a form; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise SlackError(error) from None

    def number(self, name: str, default: int) -> int:
        """A whole number argument."""
        value = self.args.get(name)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError:
            raise SlackError(f"invalid_{name}") from None

    def limit(self, default: int = 100) -> int:
        """Page size; Slack refuses sizes out of range."""
        limit = self.number("limit", default) or default
        if not 0 < limit <= MAX_PAGE:
            raise SlackError("invalid_limit")
        return limit

    def need_scope(self, *scopes: str) -> None:
        """Refuse unless the app holds one of these."""
        if not self.world.granted(self.team, *scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(self.app.scopes))

    def channel(self, name: str = "channel") -> Channel:
        """The conversation meant, if the bot can see it."""
        found = self.team.channels.get(self.text(name))
        if found is None or not self.world.readable(self.team, found):
            raise SlackError("channel_not_found")
        return found

    def person(self, name: str = "user") -> Person:
        """The person meant."""
        found = self.team.people.get(self.text(name))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """A message that is still there."""
        found = channel.messages.get(self.text(name))
        if found is None or found.deleted:
            raise SlackError("message_not_found")
        return found

    def is_member(self, channel: Channel) -> bool:
        """Whether the bot is in this conversation."""
        return self.app.bot_user_id in channel.members


MethodFunction = Callable[[Call], Json]


def page(items: list[Json], limit: int, cursor: str) -> tuple[list[Json], str]:
    """One page of `items`, and the cursor of the next one (empty at the end)."""
    try:
        start = int(cursor.removeprefix("next:")) if cursor else 0
    except ValueError:
        raise SlackError("invalid_cursor") from None
    end = start + limit
    return items[start:end], f"next:{end}" if end < len(items) else ""
