"""Builds the workspaces from the configuration and holds what everything else shares.

Clock, change versions, traffic, faults, limits, tokens, triggers and response_urls live here. No HTTP.
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

from sandbox.changes import Changes
from sandbox.clock import SandboxClock
from sandbox.config import ChannelConfig, PersonConfig, SandboxConfig, WorkspaceConfig
from sandbox.contract import READ_SCOPES
from sandbox.faults import Faults
from sandbox.ratelimit import RateLimiter
from sandbox.state import Channel, ChannelKind, Installation, Person, Team, UserGroup, new_id
from sandbox.traffic import Traffic

_PREFIX = {"channel": "C", "group": "C", "im": "D", "mpim": "G"}


@dataclass
class Trigger:
    """A trigger_id: opens one modal for one person, for three seconds."""

    id: str
    team_id: str
    user: str
    born: float = field(default_factory=time.monotonic)
    used: bool = False
    channel: str | None = None


@dataclass
class ResponseUrl:
    """A response_url and the message it came from, if any."""

    key: str
    team_id: str
    user: str
    channel: str
    source: Literal["command", "action"]
    message_ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    born: float = field(default_factory=time.monotonic)
    uses: int = 0


class World:
    """Everything there is in this sandbox."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.app = config.app
        self.knobs = config.knobs
        self.base_url = ""
        self.clock = SandboxClock()
        self.changes = Changes()
        self.traffic = Traffic(self.changes)
        self.faults = Faults()
        self.limiter = RateLimiter(config.knobs.rates)
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.oauth_codes: dict[str, tuple[str, str]] = {}
        self.teams: dict[str, Team] = {}
        for workspace in config.workspaces:
            self._add_team(workspace)

    def team(self, name: str | None) -> Team | None:
        """A workspace by id, name or domain; without a name the first one."""
        if name is None:
            return next(iter(self.teams.values()), None)
        if name in self.teams:
            return self.teams[name]
        return next((team for team in self.teams.values() if name in (team.name, team.domain)), None)

    def team_by_token(self, token: str) -> tuple[Team, Installation] | None:
        """Whose bot token this is."""
        for team in self.teams.values():
            if team.app is not None and secrets.compare_digest(team.app.bot_token.encode(), token.encode()):
                return team, team.app
        return None

    def add_person(self, team: Team, config: PersonConfig) -> Person:
        """Somebody new in a workspace. A stranger belongs to a workspace elsewhere."""
        person = Person(
            id=config.id or new_id("U"),
            team_id="T0ELSEWHERE" if config.is_stranger else team.id,
            name=config.name,
            real_name=config.real_name or config.name.replace(".", " ").title(),
            tz=config.tz,
            locale=config.locale,
            email=config.email or f"{config.name}@{team.domain}.example",
            is_admin=config.is_admin or config.is_owner,
            is_owner=config.is_owner,
            is_restricted=config.is_restricted or config.is_ultra_restricted,
            is_ultra_restricted=config.is_ultra_restricted,
            is_stranger=config.is_stranger,
            is_bot=config.is_bot,
            deleted=config.deleted,
        )
        team.people[person.id] = person
        return person

    def add_channel(self, team: Team, config: ChannelConfig) -> Channel:
        """A new public or private channel."""
        channel = self.new_conversation(
            team, "group" if config.is_private else "channel", config.name, config.members, config.id
        )
        channel.archived = config.archived
        channel.ext_shared = config.ext_shared
        if config.bot_in and team.app is not None:
            channel.members[team.app.bot_user_id] = None
        return channel

    def new_conversation(
        self, team: Team, kind: ChannelKind, name: str, members: list[str], channel_id: str | None = None
    ) -> Channel:
        """Any conversation; members by handle or id."""
        people = [team.person(member) for member in members]
        unknown = [member for member, person in zip(members, people, strict=True) if person is None]
        if unknown:
            raise ValueError(f"channel {name}: nobody called {', '.join(unknown)}")
        ids = [person.id for person in people if person is not None]
        channel = Channel(
            id=channel_id or new_id(_PREFIX[kind]),
            team_id=team.id,
            name=name,
            kind=kind,
            creator=ids[0] if ids else "USLACKBOT",
            created=int(self.clock.now()),
            members=dict.fromkeys(ids),
        )
        team.channels[channel.id] = channel
        return channel

    def install(
        self, team: Team, installer: str, scopes: list[str], token: str | None = None
    ) -> Installation:
        """Install the app anew or again, with these scopes. A token that lives is kept, as Slack keeps it."""
        if team.app is None:
            bot = self.add_person(
                team, PersonConfig(name=self.app.name, is_bot=True, real_name=self.app.name)
            )
            team.app = Installation("", bot.id, new_id("B"), scopes, installer)
        kept = team.app.bot_token if team.app.active else ""
        team.app.bot_token = token or kept or f"xoxb-{team.id}-{secrets.token_hex(8)}"
        team.app.scopes = list(scopes)
        team.app.active = True
        return team.app

    def new_trigger(self, team_id: str, user: str, channel: str | None = None) -> str:
        """A fresh trigger_id for this person, who acted in `channel`."""
        trigger_id = f"{time.time_ns()}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        trigger = Trigger(trigger_id, team_id, user, channel=channel)
        self.triggers[trigger.id] = trigger
        if len(self.triggers) > 20_000:
            old = time.monotonic() - 600
            self.triggers = {key: one for key, one in self.triggers.items() if one.born > old}
        return trigger.id

    def new_response_url(self, url: ResponseUrl) -> str:
        """The address under which it can be used."""
        self.response_urls[url.key] = url
        return f"{self.base_url}/{url.source}s/{url.team_id}/{url.key}"

    def granted(self, team: Team, *scopes: str) -> bool:
        """Whether the app has any of these scopes here."""
        return team.app is not None and bool(set(scopes) & set(team.app.scopes))

    def readable(self, team: Team, channel: Channel) -> bool:
        """Whether the bot can see that this conversation exists."""
        bot = team.app.bot_user_id if team.app else ""
        return channel.kind == "channel" or bot in channel.members

    def may_read(self, team: Team, channel: Channel) -> str | None:
        """The scope that is missing to read about this conversation, or None."""
        needed = READ_SCOPES[channel.kind]
        return None if self.granted(team, needed) else needed

    def _add_team(self, config: WorkspaceConfig) -> None:
        team = Team(config.id or new_id("T"), config.name, config.domain)
        self.teams[team.id] = team
        if config.installed:
            self._install_configured(team, config)
        for person in config.people:
            self.add_person(team, person)
        for channel in config.channels:
            self.add_channel(team, channel)
        for group in config.usergroups:
            members = [found.id for name in group.members if (found := team.person(name)) is not None]
            team.usergroups[group.handle] = UserGroup(group.id or new_id("S"), group.handle, members)

    def _install_configured(self, team: Team, config: WorkspaceConfig) -> None:
        bot = self.add_person(
            team,
            PersonConfig(name=self.app.name, real_name=self.app.name, is_bot=True, id=config.bot_user_id),
        )
        team.app = Installation("", bot.id, new_id("B"), [], bot.id)
        self.install(team, bot.id, self.app.scopes, config.bot_token)
