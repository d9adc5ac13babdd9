"""Slack's contract per Web API method and event: scopes, tiers, required arguments.

Facts of Slack's API reference (August 2026) for the methods this sandbox knows. Limits of blocks and
views live in `sandbox.blockspec`. Knows no state.
"""

from dataclasses import dataclass
from typing import Literal

Tier = Literal["t1", "t2", "t3", "t4", "special", "none"]
Caller = Literal["bot", "app", "none"]


@dataclass(frozen=True)
class Method:
    """What Slack asks of a call. `scopes`: any one is enough; empty where it depends on the conversation."""

    tier: Tier
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    caller: Caller = "bot"


METHODS: dict[str, Method] = {
    "api.test": Method("none", caller="none"),
    "auth.test": Method("special"),
    "auth.revoke": Method("t3"),
    "apps.connections.open": Method("t3", caller="app"),
    "blocks.validate": Method("none", caller="none"),
    "bots.info": Method("t3", ("users:read",)),
    "chat.delete": Method("t3", ("chat:write",), ("channel", "ts")),
    "chat.getPermalink": Method("special", (), ("channel", "message_ts")),
    "chat.postEphemeral": Method("t4", ("chat:write",), ("channel", "user")),
    "chat.postMessage": Method("none", ("chat:write",), ("channel",)),
    "chat.update": Method("t3", ("chat:write",), ("channel", "ts")),
    "conversations.history": Method("t3", (), ("channel",)),
    "conversations.info": Method("t3", (), ("channel",)),
    "conversations.join": Method("t3", ("channels:join",), ("channel",)),
    "conversations.list": Method("t2"),
    "conversations.members": Method("t4", (), ("channel",)),
    "conversations.open": Method("t3"),
    "conversations.replies": Method("t3", (), ("channel", "ts")),
    "files.completeUploadExternal": Method("t4", ("files:write",), ("files",)),
    "files.getUploadURLExternal": Method("t4", ("files:write",), ("filename", "length")),
    "files.info": Method("t4", ("files:read",), ("file",)),
    "oauth.v2.access": Method("special", caller="none"),
    "reactions.add": Method("t3", ("reactions:write",), ("channel", "name", "timestamp")),
    "team.info": Method("t3", ("team:read",)),
    "usergroups.list": Method("t2", ("usergroups:read",)),
    "usergroups.users.list": Method("t2", ("usergroups:read",), ("usergroup",)),
    "users.conversations": Method("t3"),
    "users.info": Method("t4", ("users:read",), ("user",)),
    "users.list": Method("t2", ("users:read",)),
    "views.open": Method("t4", (), ("view",)),
    "views.publish": Method("t4", (), ("user_id", "view")),
    "views.push": Method("t4", (), ("view",)),
    "views.update": Method("t4", (), ("view",)),
}

READ_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY_SCOPES = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
MESSAGE_EVENTS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "im_created": ("im:read",),
    "member_joined_channel": ("channels:read", "groups:read", "mpim:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_TEXT = 40_000
MAX_UPDATE_TEXT = 4_000
MAX_MARKDOWN_TEXT = 12_000
MAX_TABLE_TEXT = 20_000
MAX_VIEW_BYTES = 250 * 1024
MAX_ATTACHMENTS = 100
MAX_METADATA_BYTES = 16 * 1024
MAX_VIEW_STACK = 3
MAX_GROUP_DM = 8
MAX_UPLOAD_CHANNELS = 100
MAX_ALT_TXT = 1_000
MAX_PAGE = 1_000
