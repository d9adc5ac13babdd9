"""Messages come, change and go: the one place where they do, whoever causes it.

Keeps threads, notifications and message events right. Whether somebody may post is decided before.
"""

import copy
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

from sandbox.events import Events
from sandbox.jsontypes import Json
from sandbox.state import Channel, Ephemeral, Message, Notification, StoredFile, Team, file_json, message_json
from sandbox.validator import elements_of
from sandbox.world import World


@dataclass
class Draft:
    """What a message is made of."""

    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    subtype: str | None = None
    client_msg_id: str | None = None
    extra: Json = field(default_factory=dict)


class Posting:
    """Changes conversations and tells everybody concerned."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    def post(self, team: Team, channel: Channel, user: str, draft: Draft) -> Message:
        """A new message by `user`; the app's own carry its bot id."""
        app = team.app if team.app and team.app.bot_user_id == user else None
        root = channel.messages.get(draft.thread_ts) if draft.thread_ts else None
        message = Message(
            channel=channel.id,
            ts=self._world.clock.next_ts(),
            user=user,
            text=draft.text,
            blocks=named(draft.blocks),
            bot_id=app.bot_id if app else None,
            app_id=self._world.app.id if app else None,
            thread_ts=(root.thread_ts or root.ts) if root else None,
            subtype=draft.subtype,
            metadata=draft.metadata,
            attachments=draft.attachments,
            files=draft.files,
            client_msg_id=draft.client_msg_id,
            extra=draft.extra,
        )
        channel.messages[message.ts] = message
        if message.thread_ts:
            channel.threads.setdefault(message.thread_ts, []).append(message.ts)
        self._notify(team, channel, message)
        self._touch(team, channel)
        self._events.message(team, channel, message_json(message, channel))
        if team.app is not None and f"<@{team.app.bot_user_id}>" in message.text and channel.kind != "im":
            mention = message_json(message, channel) | {"type": "app_mention", "channel": channel.id}
            self._events.in_channel(team, channel, mention | {"event_ts": message.ts})
        return message

    def change(
        self, team: Team, channel: Channel, message: Message, changes: Json, *, by: str | None
    ) -> None:
        """Change fields of a message. `by` is who edited it; None for an unfurl, which is no edit."""
        before = message_json(message, channel)
        message.past.append(copy.deepcopy(before))
        for name, value in changes.items():
            setattr(message, name, named(value) if name == "blocks" else value)
        ts = self._world.clock.next_ts()
        if by is not None:
            message.edited = {"user": by, "ts": ts}
        self._touch(team, channel)
        event: Json = {
            "type": "message",
            "subtype": "message_changed",
            "message": message_json(message, channel),
            "previous_message": before,
            "hidden": True,
            "ts": ts,
        }
        self._events.message(team, channel, event)

    def remove(self, team: Team, channel: Channel, message: Message) -> None:
        """Delete a message; a root with replies leaves its thread behind."""
        before = message_json(message, channel)
        message.deleted = True
        message.past.append(before)
        replies = channel.threads.get(message.thread_ts or "")
        if replies and message.ts in replies:
            replies.remove(message.ts)
        self._touch(team, channel)
        event: Json = {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": before,
            "deleted_ts": message.ts,
            "hidden": True,
            "ts": self._world.clock.next_ts(),
        }
        self._events.message(team, channel, event)

    def whisper(self, team: Team, channel: str, user: str, draft: Draft) -> Ephemeral:
        """Show something to one person. No event, no notification, no history."""
        ephemeral = Ephemeral(
            channel, self._world.clock.next_ts(), user, draft.text, named(draft.blocks), draft.thread_ts
        )
        team.ephemerals.append(ephemeral)
        self._world.changes.touch(f"person:{user}")
        return ephemeral

    def share_file(
        self, team: Team, channel: Channel, file: StoredFile, comment: str, thread_ts: str | None
    ) -> Message:
        """Post an uploaded file into a conversation."""
        file.channels.append(channel.id)
        shown = file_json(file, self._world.base_url)
        draft = Draft(comment, thread_ts=thread_ts, files=[shown], subtype="file_share")
        message = self.post(team, channel, file.user, draft)
        file.shares.append((channel.id, message.ts))
        event: Json = {
            "type": "file_shared",
            "file_id": file.id,
            "user_id": file.user,
            "file": {"id": file.id},
            "channel_id": channel.id,
            "event_ts": message.ts,
        }
        self._events.in_channel(team, channel, event)
        return message

    def trouble(self, team: Team, user: str, what: str, detail: str) -> None:
        """Note what Slack itself shows the person when the app fails them (`operation_timeout`, …)."""
        team.troubles.append({"user": user, "what": what, "detail": detail, "at": time.time()})
        self._world.changes.touch(f"person:{user}")

    def _touch(self, team: Team, channel: Channel) -> None:
        self._world.changes.touch(f"channel:{channel.id}", *(f"person:{user}" for user in channel.members))

    def _notify(self, team: Team, channel: Channel, message: Message) -> None:
        root = message.thread_ts
        followers = channel.followers.setdefault(root or message.ts, set())
        if root and root in channel.messages:
            followers.add(channel.messages[root].user)
        mentioned = {user for user in channel.members if f"<@{user}>" in _all_text(message)}
        for user in channel.members:
            reason = _reason(channel, message, user, mentioned, followers)
            if reason is not None:
                team.notifications.append(Notification(user, channel.id, message.ts, reason, time.time()))
        followers |= mentioned | {message.user}


def named(blocks: list[Json]) -> list[Json]:
    """Blocks with the block and action ids that Slack makes up where none are given."""
    answer = copy.deepcopy(blocks)
    for block in answer:
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)[:5]
        for element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)[:5]
    return answer


def _reason(
    channel: Channel, message: Message, user: str, mentioned: set[str], followers: set[str]
) -> Literal["dm", "mention", "thread"] | None:
    if user == message.user:
        return None
    if user in mentioned:
        return "mention"
    if message.thread_ts:
        return "thread" if user in followers else None
    return "dm" if channel.kind in ("im", "mpim") else None


def _all_text(message: Message) -> str:
    parts = [message.text]
    for block in message.blocks:
        texts = [block.get("text"), *(block.get("fields") or []), *(block.get("elements") or [])]
        parts += [str(text.get("text")) for text in texts if isinstance(text, dict)]
        parts += [str(text) for text in texts if isinstance(text, str)]
    return " ".join(parts)
