"""What a sandbox is told at the start: workspaces, people, channels, the app, and its knobs.

Everything has a default, so that `SandboxConfig()` is a usable workspace. Knobs carry Slack's own values.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.jsontypes import Json

DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "im:history",
    "mpim:write",
    "mpim:history",
    "channels:read",
    "channels:history",
    "groups:read",
    "groups:history",
    "users:read",
    "files:write",
)
DEFAULT_EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "tokens_revoked",
    "message.im",
    "message.mpim",
    "message.channels",
    "message.groups",
    "member_joined_channel",
    "member_left_channel",
    "user_change",
    "channel_archive",
    "channel_unarchive",
    "channel_rename",
    "group_archive",
    "group_unarchive",
    "group_rename",
)


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PersonConfig(_Config):
    """Somebody in a workspace. `name` is the handle; an id is made up where none is given."""

    name: str
    id: str | None = None
    real_name: str | None = None
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    email: str | None = None
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False


class ChannelConfig(_Config):
    """A public or private channel. `members` are handles or ids; `bot_in` makes the bot one too."""

    name: str
    id: str | None = None
    is_private: bool = False
    archived: bool = False
    ext_shared: bool = False
    members: list[str] = Field(default_factory=list)
    bot_in: bool = False


class UserGroupConfig(_Config):
    """A user group (`@handle`)."""

    handle: str
    id: str | None = None
    members: list[str] = Field(default_factory=list)


class WorkspaceConfig(_Config):
    """One workspace, with the app installed in it unless `installed` is false."""

    name: str = "Fabrikam"
    domain: str = "fabrikam"
    id: str | None = None
    people: list[PersonConfig] = Field(default_factory=list)
    channels: list[ChannelConfig] = Field(default_factory=list)
    usergroups: list[UserGroupConfig] = Field(default_factory=list)
    installed: bool = True
    bot_token: str | None = None
    bot_user_id: str | None = None


class AppConfig(_Config):
    """The app under test: what its manifest would say, its secrets, and where it listens in HTTP mode."""

    id: str = "A0SANDBOX1"
    name: str = "slipway"
    client_id: str = "1000.2000"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - made up, guards nothing
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - made up, guards nothing
    app_token: str = "xapp-1-A0SANDBOX1-sandbox"  # noqa: S105 - made up, guards nothing
    scopes: list[str] = Field(default_factory=lambda: list(DEFAULT_SCOPES))
    events: list[str] = Field(default_factory=lambda: list(DEFAULT_EVENTS))
    commands: list[str] = Field(default_factory=lambda: ["/slipway"])
    shortcuts: list[str] = Field(default_factory=list)
    home_tab: bool = True
    messages_tab: bool = True
    request_url: str | None = None

    @classmethod
    def from_manifest(cls, manifest: Json, **extra: str) -> "AppConfig":
        """Read scopes, events, commands and shortcuts (callback ids) from an app manifest."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            scopes=manifest["oauth_config"]["scopes"]["bot"],
            events=settings.get("event_subscriptions", {}).get("bot_events", []),
            commands=[command["command"] for command in features.get("slash_commands", [])],
            shortcuts=[shortcut["callback_id"] for shortcut in features.get("shortcuts", [])],
            home_tab=home.get("home_tab_enabled", False),
            messages_tab=home.get("messages_tab_enabled", False)
            and not home.get("messages_tab_read_only_enabled", False),
            request_url=settings.get("event_subscriptions", {}).get("request_url"),
            **extra,
        )


class RateKnobs(_Config):
    """Calls per minute by tier, and the special limits of posting. `off` lets everything through."""

    off: bool = False
    tier1: int = 1
    tier2: int = 20
    tier3: int = 50
    tier4: int = 100
    special: int = 600
    post_per_channel_per_s: float = 1.0
    post_burst: int = 3
    post_per_workspace_per_min: int = 300
    response_url_per_s: float = 1.0
    response_url_burst: int = 3
    per_method: dict[str, int] = Field(default_factory=dict)


class Knobs(_Config):
    """Slack's own times and limits; tests shorten them. Seconds on the machine's clock.

    `retry_delays` are the waits before each further attempt at an event nobody acked: after the last it is
    lost. A bot that is killed gets what it missed if it is back before that. `delivery` forces Socket Mode or
    HTTP; by itself a connected socket wins over the request URL. `max_in_flight` and `max_sockets` count from
    the start; everything else can be changed while running.
    """

    rates: RateKnobs = Field(default_factory=RateKnobs)
    ack_deadline: float = 3.0
    retry_delays: list[float] = Field(default_factory=lambda: [0.0, 60.0, 300.0])
    trigger_life: float = 3.0
    response_url_life: float = 1800.0
    response_url_uses: int = 5
    unfurl_links: bool = True
    max_sockets: int = 10
    max_in_flight: int = 256
    socket_life: float = 3600.0
    delivery: Literal["auto", "socket", "http"] = "auto"


class SandboxConfig(_Config):
    """Everything `Sandbox` is started with."""

    port: int = 0
    workspaces: list[WorkspaceConfig] = Field(default_factory=lambda: [default_workspace()])
    app: AppConfig = Field(default_factory=AppConfig)
    knobs: Knobs = Field(default_factory=Knobs)


def default_workspace() -> WorkspaceConfig:
    """A workspace to try things in: four people, one of them an admin, and two channels."""
    people = [
        PersonConfig(name="mara", real_name="Mara Lindt", is_admin=True),
        PersonConfig(name="jonas", real_name="Jonas Weber"),
        PersonConfig(name="aiko", real_name="Aiko Tanaka", tz="Asia/Tokyo"),
        PersonConfig(name="sam", real_name="Sam Ortiz", tz="America/New_York"),
    ]
    names = [person.name for person in people]
    channels = [
        ChannelConfig(name="general", members=names),
        ChannelConfig(name="pilot", members=names, bot_in=True),
    ]
    return WorkspaceConfig(people=people, channels=channels)
