"""Every Web API method Slipway calls, with the bot scopes that it needs for what it does with it.

The one place where their names are listed; `manifest.yml` asks for exactly these scopes and those of the
events. A method that is called and not listed here, or listed and not called, fails a test.
"""

from collections.abc import Mapping
from typing import Final

METHODS: Final[Mapping[str, tuple[str, ...]]] = {
    # apps.connections.open takes the app-level token (connections:write), oauth.v2.access the client secret
    "apps.connections.open": (),
    "auth.test": (),
    "oauth.v2.access": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "users.info": ("users:read",),
    "usergroups.users.list": ("usergroups:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
}

OPTIONAL_SCOPES: Final = frozenset({"usergroups:read"})
"""Scopes a workspace may refuse; what needs them says so and is left out."""
