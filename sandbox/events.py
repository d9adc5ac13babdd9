"""Events API: which events the app is told of, and in what wrapping.

The app hears of an event when it subscribed to it, holds one of its scopes and, for what happens in a
conversation, is a member of it.
"""

import asyncio
import secrets

from sandbox.contract import EVENT_SCOPES, MESSAGE_EVENTS
from sandbox.delivery import Deliverer
from sandbox.jsontypes import Json
from sandbox.sockets import Ack
from sandbox.state import Channel, Person, Team, new_id, person_json
from sandbox.world import World

VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - deprecated by Slack, guards nothing


class Events:
    """Tells the app what happened."""

    def __init__(self, world: World, deliverer: Deliverer) -> None:
        self._world = world
        self._deliverer = deliverer

    def in_channel(self, team: Team, channel: Channel, event: Json, name: str | None = None) -> None:
        """An event of a conversation; `name` is the subscription where it isn't the event's type."""
        if team.app is not None and team.app.bot_user_id in channel.members:
            self.send(team, name or event["type"], event, shared=channel.ext_shared)

    def message(self, team: Team, channel: Channel, event: Json) -> None:
        """A message event of any subtype; fills in channel, its type and event_ts."""
        event.setdefault("event_ts", event["ts"])
        event |= {"channel": channel.id, "channel_type": channel.kind}
        self.in_channel(team, channel, event, MESSAGE_EVENTS[channel.kind])

    def membership(
        self, team: Team, channel: Channel, user: str, inviter: str | None, *, joined: bool
    ) -> None:
        """Somebody joined or left. The app hears of its own joining, and of others where it is a member."""
        event: Json = {
            "type": "member_joined_channel" if joined else "member_left_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "channel" else "G",
            "team": team.id,
            "event_ts": self._world.clock.next_ts(),
        }
        if inviter and joined:
            event["inviter"] = inviter
        self.in_channel(team, channel, event)

    def channel_changed(self, team: Team, channel: Channel, what: str, actor: str) -> None:
        """`what` is archive, unarchive or rename."""
        prefix = "channel" if channel.kind == "channel" else "group"
        event: Json = {"type": f"{prefix}_{what}", "event_ts": self._world.clock.next_ts()}
        if what == "rename":
            event["channel"] = {"id": channel.id, "name": channel.name, "created": channel.created}
        else:
            event |= {"channel": channel.id, "user": actor}
        self.in_channel(team, channel, event)

    def person_changed(self, team: Team, person: Person) -> None:
        """user_change, with the whole user."""
        with_email = self._world.granted(team, "users:read.email")
        user = person_json(person, with_email=with_email)
        self.send(team, "user_change", {"type": "user_change", "user": user, **self._stamp()})

    def home_opened(
        self, team: Team, user: str, dm: Channel, tab: str, view: Json | None
    ) -> "asyncio.Task[Ack] | None":
        """app_home_opened, with the view shown now if there is one."""
        event: Json = {"type": "app_home_opened", "user": user, "channel": dm.id, "tab": tab, **self._stamp()}
        if view is not None and tab == "home":
            event["view"] = view
        return self.send(team, "app_home_opened", event)

    def uninstalled(self, team: Team, bot_user_id: str) -> None:
        """tokens_revoked and app_uninstalled, in no promised order."""
        revoked: Json = {
            "type": "tokens_revoked",
            "tokens": {"oauth": [], "bot": [bot_user_id]},
            **self._stamp(),
        }
        self.send(team, "tokens_revoked", revoked)
        self.send(team, "app_uninstalled", {"type": "app_uninstalled", **self._stamp()})

    def rate_limited(self, team: Team) -> "asyncio.Task[Ack]":
        """The top-level app_rate_limited notice: no event inside."""
        payload: Json = {
            "token": VERIFICATION_TOKEN,
            "type": "app_rate_limited",
            "team_id": team.id,
            "minute_rate_limited": int(self._world.clock.now()) // 60 * 60,
            "api_app_id": self._world.app.id,
        }
        return self._deliverer.post("events_api", payload)

    def send(self, team: Team, name: str, event: Json, *, shared: bool = False) -> "asyncio.Task[Ack] | None":
        """Deliver `event` if the app subscribed to `name` and may hear of it."""
        if team.app is None or not team.app.active or name not in self._world.app.events:
            return None
        scopes = EVENT_SCOPES.get(name, ())
        if scopes and not self._world.granted(team, *scopes):
            return None
        return self._deliverer.post("events_api", self.wrap(team, event, shared=shared))

    def wrap(self, team: Team, event: Json, *, shared: bool = False) -> Json:
        """The event_callback around an event."""
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": self._world.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(self._world.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team.id,
                    "user_id": team.app.bot_user_id if team.app else None,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": shared,
            "event_context": f"4-{secrets.token_hex(20)}",
        }

    def _stamp(self) -> Json:
        return {"event_ts": self._world.clock.next_ts()}
