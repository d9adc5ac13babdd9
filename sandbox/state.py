"""What a workspace is made of: people, conversations, messages, views, files; and their JSON.

Knows nothing of HTTP, of the bot's rights or of deliveries: who may do what is decided by the callers.
"""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from sandbox.jsontypes import Json

ChannelKind = Literal["channel", "group", "im", "mpim"]
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def new_id(prefix: str) -> str:
    """A Slack-like id: a letter or two and ten characters more."""
    return prefix + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(9))


@dataclass
class Person:
    """A member, guest, bot or stranger. `team_id` is another workspace's for a stranger."""

    id: str
    team_id: str
    name: str
    real_name: str
    tz: str
    locale: str
    email: str
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    updated: float = field(default_factory=time.time)


@dataclass
class Message:
    """A message as it is now, and in `past` every face it had before, oldest first."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json | None = None
    client_msg_id: str | None = None
    extra: Json = field(default_factory=dict)
    deleted: bool = False
    past: list[Json] = field(default_factory=list)

    @property
    def revision(self) -> int:
        """How often it was changed."""
        return len(self.past)


@dataclass
class Ephemeral:
    """A message only one person sees. Never stored by Slack, so never given to the bot's history calls."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    thread_ts: str | None = None
    gone: bool = False
    past: list[Json] = field(default_factory=list)


@dataclass
class Channel:
    """A conversation with its messages in order; `threads` holds replies by their root's ts."""

    id: str
    team_id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    archived: bool = False
    ext_shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    followers: dict[str, set[str]] = field(default_factory=dict)

    def living(self) -> Iterator[Message]:
        """Messages that were not deleted, oldest first, replies included."""
        return (message for message in self.messages.values() if not message.deleted)


@dataclass
class View:
    """A modal or Home view somebody has open, with what they have entered so far."""

    id: str
    team_id: str
    user: str
    content: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        """Whether this is somebody's App Home."""
        return bool(self.content["type"] == "home")


@dataclass
class StoredFile:
    """An uploaded file; `complete` once files.completeUploadExternal was called for it."""

    id: str
    team_id: str
    user: str
    name: str
    upload_key: str
    length: int
    alt_txt: str | None
    created: int
    title: str = ""
    content: bytes = b""
    uploaded: bool = False
    complete: bool = False
    channels: list[str] = field(default_factory=list)
    shares: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Notification:
    """One ping on somebody's phone: a DM, a mention, or a reply in a followed thread."""

    user: str
    channel: str
    ts: str
    reason: Literal["dm", "mention", "thread"]
    at: float


@dataclass
class UserGroup:
    """A user group."""

    id: str
    handle: str
    members: list[str]


@dataclass
class Installation:
    """The app in one workspace: its bot user, token and the scopes granted."""

    bot_token: str
    bot_user_id: str
    bot_id: str
    scopes: list[str]
    installer: str
    active: bool = True


@dataclass
class Team:
    """One workspace."""

    id: str
    name: str
    domain: str
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    troubles: list[Json] = field(default_factory=list)
    message_values: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = field(default_factory=dict)
    app: Installation | None = None

    def person(self, name: str) -> Person | None:
        """By id or handle (with or without @)."""
        if name in self.people:
            return self.people[name]
        handle = name.removeprefix("@")
        return next((one for one in self.people.values() if one.name == handle), None)

    def channel(self, name: str) -> Channel | None:
        """By id or name (with or without #)."""
        if name in self.channels:
            return self.channels[name]
        plain = name.removeprefix("#")
        return next((one for one in self.channels.values() if one.name == plain), None)

    def dm_with(self, *users: str) -> Channel | None:
        """The DM or group DM of exactly these people."""
        wanted = set(users)
        kinds = ("im", "mpim")
        return next((c for c in self.channels.values() if c.kind in kinds and set(c.members) == wanted), None)

    def view(self, view_id: str) -> View | None:
        """An open modal or a Home view by id."""
        for views in (self.homes.values(), *self.modals.values()):
            for view in views:
                if view.id == view_id:
                    return view
        return None

    def views(self) -> Iterator[View]:
        """Every open view."""
        yield from self.homes.values()
        for stack in self.modals.values():
            yield from stack


def person_json(person: Person, *, with_email: bool) -> Json:
    """A user object as users.info gives it."""
    profile: Json = {
        "real_name": person.real_name,
        "display_name": person.name,
        "real_name_normalized": person.real_name,
        "display_name_normalized": person.name,
        "team": person.team_id,
        "image_48": "https://example.com/48.png",
    }
    if with_email and not person.is_bot:
        profile["email"] = person.email
    answer: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": int(person.updated),
    }
    if person.is_stranger:
        answer["is_stranger"] = True
    if person.deleted:
        return answer
    return answer | {
        "tz": person.tz,
        "tz_label": person.tz,
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
    }


def message_json(message: Message, channel: Channel, *, with_metadata: bool = False) -> Json:
    """A message as history calls and events give it."""
    answer: Json = {"type": "message"}
    if message.subtype:
        answer["subtype"] = message.subtype
    answer |= {"user": message.user, "text": message.text, "ts": message.ts, "team": channel.team_id}
    if message.client_msg_id:
        answer["client_msg_id"] = message.client_msg_id
    if message.bot_id:
        answer |= {"bot_id": message.bot_id, "app_id": message.app_id}
    for name in ("blocks", "attachments", "files", "edited", "thread_ts"):
        value = getattr(message, name)
        if value:
            answer[name] = value
    if message.reactions:
        answer["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    replies = channel.threads.get(message.ts)
    if replies:
        people = list(dict.fromkeys(channel.messages[ts].user for ts in replies))
        answer |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": people,
            "reply_users_count": len(people),
            "latest_reply": replies[-1],
        }
    if with_metadata and message.metadata:
        answer["metadata"] = message.metadata
    return answer | message.extra


def channel_json(channel: Channel, bot_user_id: str | None) -> Json:
    """A conversation object as conversations.info gives it."""
    answer: Json = {
        "id": channel.id,
        "created": channel.created,
        "creator": channel.creator,
        "is_im": channel.kind == "im",
        "is_archived": channel.archived,
        "is_org_shared": False,
        "context_team_id": channel.team_id,
    }
    if channel.kind == "im":
        other = next((user for user in channel.members if user != bot_user_id), channel.creator)
        return answer | {"user": other, "is_user_deleted": False}
    return answer | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_general": channel.name == "general",
        "is_shared": channel.ext_shared,
        "is_ext_shared": channel.ext_shared,
        "is_pending_ext_shared": False,
        "is_member": bot_user_id in channel.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def file_json(file: StoredFile, base_url: str) -> Json:
    """A file object as files.info gives it."""
    kind = file.name.rpartition(".")[2].lower()
    mime = {"png": "image/png", "pdf": "application/pdf", "csv": "text/csv", "txt": "text/plain"}
    private = f"{base_url}/files-pri/{file.team_id}-{file.id}/{file.name}"
    answer: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mime.get(kind, "application/octet-stream") if file.complete else "",
        "filetype": kind if file.complete else "",
        "user": file.user,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": private,
        "url_private_download": private,
        "permalink": f"{base_url}/files/{file.user}/{file.id}/{file.name}",
        "channels": file.channels,
        "shares": {},
    }
    if file.alt_txt:
        answer["alt_txt"] = file.alt_txt
    for channel, ts in file.shares:
        where = "public" if channel.startswith("C") else "private"
        answer["shares"].setdefault(where, {}).setdefault(channel, []).append({"ts": ts})
    return answer


def view_json(view: View, app_id: str, bot_id: str) -> Json:
    """A view object as payloads and views.* answers give it."""
    optional = ("title", "submit", "close")
    content = view.content
    return {
        "id": view.id,
        "team_id": view.team_id,
        "type": content["type"],
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata") or "",
        "callback_id": content.get("callback_id") or "",
        "external_id": content.get("external_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        **{name: content.get(name) for name in optional},
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
        "root_view_id": view.root_view_id,
        "previous_view_id": view.previous_view_id,
        "app_id": app_id,
        "bot_id": bot_id,
        "app_installed_team_id": view.team_id,
    }
