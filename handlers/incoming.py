"""What Slack sends, as typed requests. Nothing behind this module sees Slack's own formats.

A payload that does not have the shape Slack documents raises Malformed; it has no effect.
Values of `view.state` are read as plain mappings on purpose: the SDK's models refuse some of them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.desk.work import Actor

Payload = Mapping[str, object]
# What one input holds: text, one choice, several choices, or nothing.
FieldValue = str | tuple[str, ...] | None


class Malformed(Exception):
    """A payload that Slack would not send."""


@dataclass(frozen=True)
class Command:
    """`/slipway …`."""

    actor: Actor
    text: str
    channel_id: str
    trigger_id: str
    response_url: str

    @property
    def key(self) -> str:
        """Unique per delivery to a person's command."""
        return f"command:{self.actor.workspace_id}:{self.trigger_id}"


@dataclass(frozen=True)
class Click:
    """A button, a choice or a picker, in a message, a modal or Home."""

    actor: Actor
    action_id: str
    block_id: str
    value: str
    picked: tuple[str, ...]
    channel_id: str
    message_ts: str
    thread_ts: str
    view_id: str
    view_hash: str
    # Which form the click was in, and what that form carries.
    form: str
    metadata: str
    response_url: str
    trigger_id: str
    action_ts: str
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    # App Home is a view too, but nothing can be put on top of it.
    in_modal: bool = False

    @property
    def key(self) -> str:
        """Unique per click."""
        where = self.message_ts or self.view_id
        return (
            f"click:{self.actor.workspace_id}:{self.actor.user_id}:{where}:{self.action_id}:{self.action_ts}"
        )


@dataclass(frozen=True)
class Submission:
    """A modal sent off."""

    actor: Actor
    callback_id: str
    view_id: str
    view_hash: str
    metadata: str
    fields: Mapping[str, FieldValue]
    trigger_id: str

    @property
    def key(self) -> str:
        """Unique per content of a view: the same view with other values is another submission."""
        digest = hashlib.sha256(json.dumps(dict(self.fields), sort_keys=True).encode()).hexdigest()[:16]
        return f"view:{self.actor.workspace_id}:{self.view_id}:{self.view_hash}:{digest}"


@dataclass(frozen=True)
class Shortcut:
    """A global shortcut, or one from a message's menu (then with channel and message)."""

    actor: Actor
    callback_id: str
    trigger_id: str
    action_ts: str
    response_url: str = ""
    channel_id: str = ""
    message_ts: str = ""

    @property
    def key(self) -> str:
        """Unique per use."""
        return f"shortcut:{self.actor.workspace_id}:{self.trigger_id}"


@dataclass(frozen=True)
class Typed:
    """Somebody wrote a message the bot can see."""

    actor: Actor
    event_id: str
    channel_id: str
    channel_type: str
    ts: str
    thread_ts: str
    text: str

    @property
    def key(self) -> str:
        """Unique per message: the same message may arrive as several events."""
        return f"message:{self.actor.workspace_id}:{self.channel_id}:{self.ts}"


@dataclass(frozen=True)
class Edited:
    """Somebody changed, or with text None deleted, a message of their own."""

    actor: Actor
    event_id: str
    channel_id: str
    channel_type: str
    ts: str
    thread_ts: str
    event_ts: str
    text: str | None
    before: str

    @property
    def key(self) -> str:
        """Unique per event; an edit has no identity of its own."""
        return f"event:{self.actor.workspace_id}:{self.event_id}"


@dataclass(frozen=True)
class Happened:
    """Any other event: a person changed, a channel was archived, Home was opened, …"""

    actor: Actor
    event_id: str
    kind: str
    body: Payload

    @property
    def key(self) -> str:
        """Unique per event."""
        return f"event:{self.actor.workspace_id}:{self.event_id}"


Request = Command | Click | Submission | Shortcut | Typed | Edited | Happened


def read_command(body: Payload) -> Command:
    """A slash command's form fields."""
    return Command(
        actor=Actor(_id(body, "team_id"), _id(body, "user_id"), _text(body, "team_id")),
        text=_text(body, "text").strip(),
        channel_id=_text(body, "channel_id"),
        trigger_id=_id(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )


def read_click(body: Payload) -> Click:
    """The first (and in practice only) action of a block_actions payload."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise Malformed("actions")
    action: Payload = actions[0]
    container = _part(body, "container")
    view = _part(body, "view")
    return Click(
        actor=_interacting(body),
        action_id=_id(action, "action_id"),
        block_id=_text(action, "block_id"),
        value=_text(action, "value"),
        picked=_several(_element_value(action)),
        channel_id=_text(_part(body, "channel"), "id") or _text(container, "channel_id"),
        message_ts=_text(container, "message_ts"),
        thread_ts=_text(container, "thread_ts") or _text(_part(body, "message"), "thread_ts"),
        view_id=_text(view, "id"),
        view_hash=_text(view, "hash"),
        form=_text(view, "callback_id"),
        metadata=_text(view, "private_metadata"),
        response_url=_text(body, "response_url"),
        trigger_id=_text(body, "trigger_id"),
        action_ts=_id(action, "action_ts"),
        fields=_fields(view) if view else {},
        in_modal=_text(view, "type") == "modal",
    )


def read_submission(body: Payload) -> Submission:
    """A view_submission (or view_closed) payload."""
    view = _part(body, "view")
    return Submission(
        actor=_interacting(body),
        callback_id=_id(view, "callback_id"),
        view_id=_id(view, "id"),
        view_hash=_text(view, "hash"),
        metadata=_text(view, "private_metadata"),
        fields=_fields(view),
        trigger_id=_text(body, "trigger_id"),
    )


def read_shortcut(body: Payload) -> Shortcut:
    """A global or message shortcut."""
    return Shortcut(
        actor=_interacting(body),
        callback_id=_id(body, "callback_id"),
        trigger_id=_id(body, "trigger_id"),
        action_ts=_text(body, "action_ts"),
        response_url=_text(body, "response_url"),
        channel_id=_text(_part(body, "channel"), "id"),
        message_ts=_text(_part(body, "message"), "ts"),
    )


# A person's own words: a plain message, one with a file, one also sent to the channel.
_OWN_WORDS = ("", "file_share", "thread_broadcast")


def read_event(body: Payload) -> Typed | Edited | Happened | None:
    """An event callback; None for messages that no person wrote."""
    event = _part(body, "event")
    kind = _id(event, "type")
    if kind != "message":
        return Happened(_eventful(body, event), _text(body, "event_id"), kind, event)
    subtype = _text(event, "subtype")
    if subtype in ("message_changed", "message_deleted"):
        return _read_edit(body, event, subtype)
    if subtype not in _OWN_WORDS or event.get("bot_id") or not _text(event, "user"):
        return None
    return Typed(
        actor=_eventful(body, event),
        event_id=_text(body, "event_id"),
        channel_id=_id(event, "channel"),
        channel_type=_text(event, "channel_type"),
        ts=_id(event, "ts"),
        thread_ts=_text(event, "thread_ts"),
        text=_text(event, "text"),
    )


def _read_edit(body: Payload, event: Payload, subtype: str) -> Edited | None:
    before = _part(event, "previous_message")
    after = _part(event, "message") if subtype == "message_changed" else None
    # Slack leaves a tombstone where a message with replies was deleted.
    if after is not None and _text(after, "subtype") == "tombstone":
        after = None
    own = after if after is not None else before
    if not own or own.get("bot_id") or not _text(own, "user"):
        return None
    return Edited(
        actor=_eventful(body, {**event, "user": _text(own, "user")}),
        event_id=_text(body, "event_id"),
        channel_id=_id(event, "channel"),
        channel_type=_text(event, "channel_type"),
        ts=_text(own, "ts") or _text(event, "deleted_ts"),
        thread_ts=_text(own, "thread_ts"),
        event_ts=_text(event, "event_ts") or _text(event, "ts"),
        text=None if after is None else _text(after, "text"),
        before=_text(before, "text"),
    )


def _eventful(body: Payload, event: Payload) -> Actor:
    user = event.get("user")
    user_id = _text(user, "id") if isinstance(user, Mapping) else _text(event, "user")
    own_team = _text(event, "user_team") or _text(event, "source_team")
    return Actor(_workspace(body), user_id, own_team)


def _interacting(body: Payload) -> Actor:
    user = _part(body, "user")
    workspace = _text(_part(body, "team"), "id") or _id(user, "team_id")
    return Actor(workspace, _id(user, "id"), _text(user, "team_id"))


def _workspace(body: Payload) -> str:
    """The workspace the app is installed in, which for shared channels is not the sender's."""
    authorizations = body.get("authorizations")
    if isinstance(authorizations, list) and authorizations and isinstance(authorizations[0], Mapping):
        team = _text(authorizations[0], "team_id")
        if team:
            return team
    return _id(body, "team_id")


def _fields(view: Payload) -> dict[str, FieldValue]:
    found: dict[str, FieldValue] = {}
    for block_id, elements in _part(_part(view, "state"), "values").items():
        if not isinstance(elements, Mapping):
            raise Malformed("view.state.values")
        for element in elements.values():
            if not isinstance(element, Mapping):
                raise Malformed("view.state.values")
            found[block_id] = _element_value(element)
    return found


_SINGLE = ("selected_user", "selected_conversation", "selected_channel", "selected_date", "value")
_MANY = ("selected_users", "selected_conversations", "selected_channels")


def _element_value(element: Payload) -> FieldValue:
    option = element.get("selected_option")
    if isinstance(option, Mapping):
        return _text(option, "value")
    options = element.get("selected_options")
    if isinstance(options, list):
        return tuple(_text(one, "value") for one in options if isinstance(one, Mapping))
    for name in _MANY:
        many = element.get(name)
        if isinstance(many, list):
            return tuple(one for one in many if isinstance(one, str))
    for name in _SINGLE:
        one = element.get(name)
        if isinstance(one, str):
            return one
    return None


def _several(value: FieldValue) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _part(body: Payload, name: str) -> Payload:
    part = body.get(name)
    if part is None:
        return {}
    if not isinstance(part, Mapping):
        raise Malformed(name)
    return part


def _text(body: Payload, name: str) -> str:
    text = body.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise Malformed(name)
    # PostgreSQL has no place for these, and no person types them.
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _id(body: Payload, name: str) -> str:
    """A text that must be there, and short enough to be an identifier of Slack's."""
    text = _text(body, name)
    if not text or len(text) > 255:
        raise Malformed(name)
    return text
